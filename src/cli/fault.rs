//! What is said where a command ends in a way that no input should bring about: the system gives the program no thread, or
//! the program itself is at fault.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;

use miette::Diagnostic;
use thiserror::Error;

use super::messages::Messages;
use crate::util::threads::NoThread;

/// How the standard library begins to say that it got no thread.
const NO_THREAD: &str = "failed to spawn thread";

/// What it says in the thread that waits for one that panicked, which has been told of already.
const TOLD: &str = "a scoped thread panicked";

/// Why a command ended.
#[derive(Debug, PartialEq, Eq, Error, Diagnostic)]
enum Fault {
    #[error(transparent)]
    #[diagnostic(transparent)]
    NoThread(NoThread),
    #[error("this is a fault of fruix itself: {what}")]
    #[diagnostic(help(
        "please report it, with the command and with this place: {place}; the store is as whole as after a power cut"
    ))]
    Own { what: String, place: String },
}

/// Runs a command, and has whatever panics in it told as an error, in place of the words of Rust's own.
pub fn guard(messages: Messages, run: impl FnOnce() -> ExitCode) -> ExitCode {
    panic::set_hook(Box::new(move |info| {
        if let Some(fault) = fault(info) {
            // Nobody is left to be told that it could not be told.
            let _ = messages.show(&fault);
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or(ExitCode::FAILURE)
}

fn fault(info: &PanicHookInfo<'_>) -> Option<Fault> {
    let place = info.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    let payload = info.payload();
    let words =
        payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(String::as_str));
    of_words(words.unwrap_or("it did not say why"), place)
}

fn of_words(what: &str, place: String) -> Option<Fault> {
    match what {
        TOLD => None,
        _ if what.starts_with(NO_THREAD) => Some(Fault::NoThread(NoThread)),
        _ => Some(Fault::Own { what: what.to_owned(), place }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_rust_tell_whose_fault_it_is() {
        let of = |what| of_words(what, "src/x.rs:1:2".to_owned());
        assert_eq!(of("failed to spawn thread: Os { code: 11 }"), Some(Fault::NoThread(NoThread)));
        assert_eq!(of(TOLD), None);
        let own = of("index out of bounds").unwrap();
        assert_eq!(own.to_string(), "this is a fault of fruix itself: index out of bounds");
        assert!(own.help().unwrap().to_string().contains("src/x.rs:1:2"));
    }
}
