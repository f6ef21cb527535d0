//! Digests and their spellings.
