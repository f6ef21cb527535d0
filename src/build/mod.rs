//! Realising derivations.
