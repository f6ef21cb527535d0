//! The environment of this process.

use std::ffi::OsStr;
use std::sync::{Mutex, PoisonError};

/// Sets a variable for the libraries in this process that read it, unless the user has set it, or it was set here
/// before.
pub fn set_default(name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
    /// Whoever looks whether a variable is set, and sets it, does so alone.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    if std::env::var_os(&name).is_none() {
        // SAFETY: Rust's own readers of the environment take its lock. Others (`getenv` in C code) are the danger:
        // it is done once per name, and this program's C code (SQLite, zstd, lzma) reads no variables after its start.
        unsafe { std::env::set_var(&name, &value) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_set_once_and_what_is_set_stays() {
        for (name, value) in [("FRUIX_TEST_ONE", "1"), ("FRUIX_TEST_TWO", "2"), ("FRUIX_TEST_ONE", "3")] {
            set_default(name, value);
        }
        let value = |name| std::env::var(name).unwrap();
        assert_eq!([value("FRUIX_TEST_ONE"), value("FRUIX_TEST_TWO")], ["1", "2"]);
    }
}
