//! The store: what is valid and who refers to whom.
