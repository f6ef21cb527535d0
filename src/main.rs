//! The `fruix` program. Everything it does lives in the library; see [`fruix::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    fruix::cli::main()
}
