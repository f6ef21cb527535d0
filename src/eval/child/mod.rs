//! Evaluation in a process of its own.
//!
//! A declaration is a program that anybody may have written. The process that runs it has limits on its memory and
//! stack, can open nothing, and hands back plain data; whatever happens to it, this process goes on and says what.
//! What the declaration takes from the machine, module files included, it asks this process for.
//!
//! ```text
//! Evaluator ─▶ server (this side) ══ pipes ══▶ serve (the other side) ─▶ Interpreter
//!     ▲── Ready │ Ask │ Done │ CopyEnded ──────┘
//! ```
//!
//! Several declarations share one start: the process then loads all of Fruix's modules once, and each declaration runs
//! in a copy of it. The last one needs no copy. Many are shared out to several such processes.

mod serve;
mod server;

use serde::{Deserialize, Serialize};

use super::evaluation::Evaluation;
use super::interpreter::Job;
use super::outside::{Answer, Request};
use super::problem::Failure;

pub use serve::main;
pub use server::{Lost, Server};

/// What this process says to the other.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    /// Evaluate; the `last` one ends the process.
    Evaluate {
        job: Job,
        last: bool,
    },
    Answer(Answer),
}

/// What the other process says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reply {
    /// It has read the image, or made one, and waits for orders.
    Ready,
    Ask(Request),
    Done(Box<Result<Evaluation, Failure>>),
    /// The copy that had the job has ended, with this status as a shell would show it.
    CopyEnded(i32),
}
