//! What an evaluation may take, and what is said when it wants more.

use std::time::Duration;

use nix::sys::signal::Signal;

use super::child::Lost;
use super::problem::Problem;
use crate::eval::code::Code;
use crate::sys::confined::{End, Limits};

/// How many bytes of memory an evaluation may take unless told otherwise.
pub const DEFAULT_MEMORY: u64 = 2 << 30;

/// How long an evaluation may take unless told otherwise.
pub const DEFAULT_TIME: Duration = Duration::from_secs(60);

/// What part of the memory is stack: Steel's reader, compiler and printer recurse.
const STACK_SHARE: u64 = 4;

/// What an evaluation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvaluationLimits {
    /// Without the time that its inputs take.
    pub time: Duration,
    /// In bytes: the address space of its process. A quarter of it may be stack.
    pub memory: u64,
}

impl Default for EvaluationLimits {
    fn default() -> Self {
        Self { time: DEFAULT_TIME, memory: DEFAULT_MEMORY }
    }
}

impl EvaluationLimits {
    /// The limits of the process.
    pub fn of_process(&self) -> Limits {
        Limits { memory: self.memory, stack: self.memory / STACK_SHARE }
    }

    /// What is said of an evaluation that took too long.
    pub fn too_slow(&self) -> Problem {
        Problem::new(Code::TooMuch, format!("evaluation took longer than {} s", self.time.as_secs_f32()))
            .help("look for a loop that never ends; --eval-time-limit allows more time")
    }

    /// What is said of a process that gave no result.
    pub fn lost(&self, lost: &Lost) -> Problem {
        let limits = self.of_process();
        match lost {
            Lost::Ended(End::OutOfMemory) => {
                Problem::new(Code::TooMuch, format!("evaluation took more than {} of memory", mebibytes(limits.memory)))
                    .help("look for a list or a text that grows without end; --eval-memory-limit allows more memory")
            }
            Lost::Ended(End::OutOfStack) => {
                Problem::new(Code::TooMuch, format!("evaluation took more than {} of stack", mebibytes(limits.stack)))
                    .help("look for a recursion that never ends; --eval-memory-limit allows more, a quarter of it for the stack")
            }
            Lost::Ended(End::Signalled(signal)) => {
                let name = Signal::try_from(*signal).map_or_else(|_| format!("signal {signal}"), |s| s.to_string());
                Problem::new(Code::InternalFault, format!("the process of the evaluation was ended by {name}"))
                    .help("if the machine is short of memory, the system may have done it; else this is a fault of Fruix or of its Scheme")
            }
            Lost::Ended(End::Exited(status)) => {
                Problem::new(Code::InternalFault, format!("the process of the evaluation ended early, with status {status}"))
                    .help("this is a fault of Fruix or of its Scheme; find the expression by removing parts of the file")
            }
            Lost::Garbled(error) => Problem::new(Code::InternalFault, format!("the process of the evaluation is not understood: {error}"))
                .help("this is a fault of Fruix; find the expression by removing parts of the file"),
        }
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}
