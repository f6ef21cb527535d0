//! The NAR archive format.
