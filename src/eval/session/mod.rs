//! Evaluation step by step, for people who try things.
//!
//! ```text
//! cli ──▶ Interactive ──Request──▶ server ──▶ Session ──▶ the interpreter
//!             ▲                       │
//!             └──Answer, or an input──┘
//! ```
//!
//! A [`Session`](interpreter::Session) holds an interpreter in which one piece of text after another is evaluated, with the
//! same reader, checks and diagnostics as a file. It lives apart from whoever talks to it: requests and answers are
//! plain data. [`Interactive`] starts it, serves the machine's inputs to it, stops what runs for too long, and starts
//! another one with the same definitions when it is lost.

mod catalogue;
mod display;
mod forms;
mod interactive;
mod interpreter;
mod messages;
mod process;
mod server;
mod undefined;

pub use catalogue::{Catalogue, Description};
pub use forms::{Piece, expressions, is_complete, pieces};
pub use interactive::{Interactive, Replayed, Setup};
pub use messages::{Evaluated, Typed};
pub use server::main;
