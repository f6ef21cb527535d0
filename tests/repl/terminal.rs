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
        Self::start_in(Place::new(), "")
    }

    /// With more arguments for the REPL, in a place that may have files already.
    fn start_in(place: Place, arguments: &str) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            eprintln!("skipped: tmux is not installed");
            return None;
        }
        let socket = place.path().join("tmux").display().to_string();
        let terminal = Self { socket, place };
        let repl = format!(
            "cd '{0}'; HOME='{0}' XDG_STATE_HOME='{0}/state' '{1}' --root '{2}' repl {arguments}; echo \"ended with $?\"; sleep 100",
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

    /// All at once, as from a clipboard.
    fn paste(&self, text: &str) {
        self.tmux(&["set-buffer", text]);
        // As a terminal does it that tells pasted text from typed one, if the program wants to know.
        self.tmux(&["paste-buffer", "-p", "-r"]);
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

#[test]
fn procedures_that_call_each_other_are_typed_one_by_one() {
    let Some(terminal) = Terminal::start() else { return };
    terminal.wait_for_prompt(1);
    terminal.enter("(define (is-even? n) (or (= n 0) (is-odd? (- n 1))))");
    terminal.wait_for("`is-odd?` is not defined yet");
    terminal.wait_for_prompt(2);
    // Too early: an error, after which all goes on.
    terminal.enter("(is-even? 4)");
    terminal.wait_for("× `is-odd?` is not defined");
    terminal.wait_for_prompt(3);
    terminal.enter("(define (is-odd? n) (and (> n 0) (is-even? (- n 1))))");
    terminal.wait_for_prompt(4);
    terminal.enter("(list (is-even? 10) (is-odd? 10))");
    terminal.wait_for("\n'(#t #f)");
    terminal.wait_for_prompt(5);

    // Several at once: before them, one that fails.
    terminal.paste("(define (ping n) (if (= n 0) 'ping (pong (- n 1))))\n(define (pong n) (if (= n 0) 'pong (ping (- n 1))))\n(list (ping 7) (ping 8))");
    terminal.press("Enter");
    terminal.wait_for("\n'(pong ping)");
}

#[test]
fn what_was_typed_can_be_changed_before_it_is_entered() {
    let Some(terminal) = Terminal::start() else { return };
    terminal.wait_for_prompt(1);
    terminal.enter("(define (add a");
    terminal.type_text("b) (+ a c))");
    terminal.wait_for("(+ a c))");
    for _ in 0..3 {
        terminal.press("Left");
    }
    terminal.press("Delete");
    terminal.type_text("b");
    terminal.wait_for("(+ a b))");
    // In the first line of the same input, too.
    terminal.press("Up");
    terminal.press("C-a");
    terminal.press("C-e");
    terminal.press("Down");
    terminal.press("C-e");
    terminal.press("Enter");
    terminal.wait_for_prompt(2);
    terminal.enter("(add 20 22)");
    terminal.wait_for("\n42");
}

#[test]
fn a_declaration_is_read_again_and_compared() {
    let place = Place::new();
    let config =
        |uid: u32| format!("(use-modules (fruix accounts))\n(user-account (name \"ada\") (uid {uid}))\n");
    place.write("config.scm", &config(1001));
    let Some(terminal) = Terminal::start_in(place, "config.scm") else { return };
    terminal.wait_for_prompt(1);
    terminal.enter("(define before %config)");
    terminal.wait_for_prompt(2);
    terminal.place.write("config.scm", &config(1002));
    terminal.enter(",reload");
    terminal.wait_for("read again, with the definitions of 1 input");
    terminal.wait_for_prompt(3);
    terminal.enter(",diff (user-account (inherit %config) (uid 7)) %config");
    terminal.wait_for("uid: 7 → 1002");
    terminal.wait_for_prompt(4);
    terminal.enter(",diff %config %config");
    terminal.wait_for("no difference");
}
