//! Inputs from a pipe or a file: no prompt, no colour, values on standard output.

use std::io::BufRead;
use std::ops::ControlFlow;

use miette::IntoDiagnostic as _;

use super::commands;
use super::input::Repl;
use crate::eval::session;

/// Deals with all inputs, each as soon as it is complete. Definitions wait for the first expression after them, so that
/// they may refer to each other as in a file. A failed input does not keep the next one from being dealt with.
pub fn run(repl: &mut Repl, mut from: impl BufRead) -> miette::Result<()> {
    repl.load()?;
    let (mut input, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        let at_end = from.read_line(&mut line).into_diagnostic()? == 0;
        // A command is an input of its own.
        let before = if commands::parse(&line).is_some() && session::is_complete(&input) {
            std::mem::take(&mut input)
        } else {
            String::new()
        };
        if repl.input(before.trim_end())? == ControlFlow::Break(()) {
            return Ok(());
        }
        input.push_str(&line);
        if at_end || is_ready(&input) {
            let text = std::mem::take(&mut input);
            if repl.input(text.trim_end())? == ControlFlow::Break(()) || at_end {
                return Ok(());
            }
        }
    }
}

/// Whether a text can be dealt with, and nothing that follows matters to it.
fn is_ready(text: &str) -> bool {
    if !session::is_complete(text) {
        return false;
    }
    commands::parse(text).is_some() || session::pieces(text).last().is_some_and(|last| last.has_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_wait_for_an_expression() {
        for ready in ["(f)", "(define a 1) a", ",help", "(a))", "(define a 1)\n(f)"] {
            assert!(is_ready(ready), "{ready}");
        }
        for open in ["", "\n", "; comment\n", "(f", "(define a 1)", "(use-modules (a))\n", ",build (f"] {
            assert!(!is_ready(open), "{open}");
        }
    }
}
