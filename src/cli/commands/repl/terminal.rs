//! Inputs from a person at a terminal.

use std::fs;
use std::ops::ControlFlow;

use miette::{IntoDiagnostic as _, WrapErr as _};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor, EventHandler, KeyCode, KeyEvent, Modifiers};

use super::helper::{Enter, Helper};
use super::history;
use super::input::Repl;
use crate::cli::output;

/// How many inputs are remembered.
const REMEMBERED: usize = 5000;

/// Reads and deals with inputs until the user has enough.
pub fn run(repl: &mut Repl) -> miette::Result<()> {
    output::note(concat!("Fruix ", env!("CARGO_PKG_VERSION"), ": `,help` says what there is, Ctrl-D ends."));
    let mut editor = editor(repl.messages.coloured())?;
    let file = history::file();
    if let Some(file) = &file {
        // There is none the first time.
        let _ = editor.load_history(file);
    }
    repl.load()?;
    loop {
        repl.width = editor.dimensions().map_or(repl.width, |(columns, _)| columns.into());
        if let Some(helper) = editor.helper_mut() {
            helper.catalogue = repl.catalogue();
        }
        let prompt = format!("fruix:{}> ", repl.number());
        match editor.readline(&prompt) {
            Ok(input) => {
                editor.add_history_entry(input.trim_end()).into_diagnostic()?;
                if repl.input(input.trim_end())? == ControlFlow::Break(()) {
                    break;
                }
            }
            // Ctrl-C drops what was typed.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error).into_diagnostic().wrap_err("cannot read from the terminal"),
        }
    }
    if let Some(file) = &file {
        let kept = file.parent().map_or(Ok(()), fs::create_dir_all).map_err(ReadlineError::from);
        if let Err(error) = kept.and_then(|()| editor.append_history(file)) {
            output::note(format!("warning: the history is not kept: {}: {error}", file.display()));
        }
    }
    Ok(())
}

fn editor(coloured: bool) -> miette::Result<Editor<Helper, FileHistory>> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .color_mode(if coloured { ColorMode::Enabled } else { ColorMode::Disabled })
        .history_ignore_dups(true)
        .and_then(|config| config.max_history_size(REMEMBERED))
        .into_diagnostic()?
        .build();
    let mut editor = Editor::with_history(config.clone(), FileHistory::with_config(&config))
        .into_diagnostic()
        .wrap_err("cannot use the terminal")?;
    editor.set_helper(Some(Helper::default()));
    editor
        .bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::NONE), EventHandler::Conditional(Box::new(Enter)));
    Ok(editor)
}
