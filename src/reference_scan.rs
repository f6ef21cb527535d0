//! Finding references to store paths in a stream of bytes.
