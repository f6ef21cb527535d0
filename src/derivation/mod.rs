//! Derivations: the type, its ATerm form, its hashes.
