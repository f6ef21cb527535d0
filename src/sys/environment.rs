//! The environment of this process.

use std::ffi::OsStr;
use std::sync::Once;

/// Sets a variable for the libraries in this process that read it, unless the user has set it.
///
/// Only the first call in the life of the process has an effect.
pub fn set_default(name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| {
        if std::env::var_os(&name).is_none() {
            // SAFETY: Rust's own readers of the environment take its lock. Others (`getenv` in C code) are the danger:
            // it is done once, and this program's C code (SQLite, zstd, lzma) reads no variables after its start.
            unsafe { std::env::set_var(&name, &value) };
        }
    });
}
