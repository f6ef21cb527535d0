//! Assembling a system closure.
