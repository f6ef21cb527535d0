//! `fruix repl` as people and programs use it: through a pipe, and at a real terminal.

mod pipe;
mod place;
mod terminal;
