//! Inputs from a person at a terminal, which tmux stands for.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::place::{PATIENCE, Place};

/// A terminal with a REPL in it; a server of tmux's of its own.
struct Terminal {
    socket: String,
    place: Place,
}

impl Terminal {
    /// `None` where there is no tmux.
    fn start() -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            eprintln!("skipped: tmux is not installed");
            return None;
        }
        let place = Place::new();
        let socket = place.path().join("tmux").display().to_string();
        let terminal = Self { socket, place };
        let repl = format!(
            "HOME='{0}' XDG_STATE_HOME='{0}/state' '{1}' --root '{2}' repl; echo \"ended with $?\"; sleep 100",
            terminal.place.path().display(),
            env!("CARGO_BIN_EXE_fruix"),
            terminal.place.root().display()
        );
        terminal.tmux(&["-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "50", &repl]);
        Some(terminal)
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux").args(["-S", &self.socket]).args(arguments).output().expect("tmux");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    fn type_text(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    fn enter(&self, text: &str) {
        self.type_text(text);
        self.press("Enter");
    }

    /// What the screen shows, and what has scrolled off it, when that contains `expected`.
    fn wait_for(&self, expected: &str) -> String {
        self.wait_until(expected, |screen| screen.contains(expected))
    }

    /// Waits until the REPL takes the next input: what is typed earlier would go to the terminal itself.
    fn wait_for_prompt(&self, number: usize) -> String {
        let prompt = format!("fruix:{number}>");
        self.wait_until(&prompt, |screen| screen.trim_end().ends_with(&prompt))
    }

    fn wait_until(&self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let screen = self.tmux(&["capture-pane", "-p", "-S", "-200"]);
            if is_there(&screen) {
                return screen;
            }
            assert!(start.elapsed() < PATIENCE, "no `{what}` in:\n{screen}");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = Command::new("tmux").args(["-S", &self.socket, "kill-server"]).output();
    }
}

#[test]
fn a_person_types_completes_errs_interrupts_and_leaves() {
    let Some(terminal) = Terminal::start() else { return };
    terminal.wait_for_prompt(1);

    // An input goes on until its parentheses match, with the lines indented.
    terminal.enter("(define greeting");
    terminal.enter("\"hel\"");
    terminal.enter(")");
    let screen = terminal.wait_for_prompt(2);
    assert!(screen.contains("\n  \"hel\""), "indented: {screen}");
    terminal.enter("(string-append greeting \"lo\")");
    terminal.wait_for("\n\"hello\"");
    terminal.wait_for_prompt(3);

    // Tab completes the field of a record.
    terminal.type_text("(user-account (na");
    terminal.press("Tab");
    terminal.wait_for("(user-account (name");
    terminal.enter(" \"ada\") (uid 7))");
    terminal.wait_for("(name \"ada\")");
    terminal.wait_for_prompt(4);

    // An error is told and ends nothing.
    terminal.enter("(operating-system (hst-name \"x\"))");
    terminal.wait_for("did you mean `host-name`?");
    terminal.wait_for_prompt(5);

    // Ctrl-C ends an evaluation, and only that.
    terminal.enter("(define (endless) (endless))");
    terminal.wait_for_prompt(6);
    terminal.enter("(endless)");
    terminal.wait_for("6> (endless)");
    thread::sleep(Duration::from_millis(500));
    terminal.press("C-c");
    terminal.wait_for("interrupted");
    terminal.wait_for_prompt(7);
    terminal.enter("(string-append greeting \"p\")");
    terminal.wait_for("\n\"help\"");
    terminal.wait_for_prompt(8);

    // At the prompt it drops what was typed; the history goes back to what was entered.
    terminal.type_text("(never entered");
    terminal.wait_for("8> (never entered");
    terminal.press("C-c");
    terminal.wait_for_prompt(8);
    terminal.press("Up");
    terminal.wait_for("8> (string-append");
    terminal.press("Enter");
    terminal.wait_for_prompt(9);

    terminal.press("C-d");
    terminal.wait_for("ended with 0");
    let history =
        fs::read_to_string(terminal.place.path().join("state/fruix/repl-history")).expect("a history");
    assert!(history.contains("(endless)") && !history.contains("never entered"), "{history}");
}
