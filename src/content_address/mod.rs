//! Store paths computed from contents.
