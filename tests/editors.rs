//! The plugins of `docs/editors` in the editors they are for: what they show, and what they do to a text.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const DECLARATION: &str = "(use-modules (fruix system) (fruix accounts))
(operating-system
  (hostname \"x\")
      (users (list (user-account (name \"ada\") (uid \"x\")))))
";

const FORMATTED: &str = "(use-modules (fruix system) (fruix accounts))
(operating-system
 (hostname \"x\")
 (users (list (user-account (name \"ada\") (uid \"x\")))))
";

const VIM: &str = r#"
set nocompatible
let &runtimepath = $PLUGIN . ',' . &runtimepath
filetype plugin indent on
syntax on
edit t.scm
let out = [&filetype, synIDattr(synID(2, 3, 1), 'name')]
silent make!
let out += map(getqflist(), {_, e -> e.lnum . ':' . e.col . ':' . e.type . ':' . e.text})
FruixFormat
write
call writefile(out, 'out.txt')
quitall!
"#;

const EMACS: &str = r#"
(require 'fruix-mode)
(find-file "t.scm")
(defun out (form &rest values) (princ (concat (apply #'format form values) "\n")))
(font-lock-ensure)
(goto-char (point-min))
(search-forward "operating-system")
(out "%s %s" major-mode (get-text-property (1- (point)) 'face))
(flymake-mode 1)
(flymake-start)
(let ((tries 0))
  (while (and (< tries 300) (not (flymake-diagnostics)))
    (accept-process-output nil 0.2)
    (setq tries (1+ tries))))
(dolist (found (flymake-diagnostics))
  (let ((start (flymake-diagnostic-beg found)))
    (out "%s %s %s"
         (line-number-at-pos start)
         (buffer-substring start (flymake-diagnostic-end found))
         (car (split-string (flymake-diagnostic-text found) "\n")))))
(fruix-format-buffer)
(save-buffer)
(indent-region (point-min) (point-max))
(out "indented as formatted: %s" (not (buffer-modified-p)))
"#;

/// Runs an editor on the declaration in a directory, with this `fruix` in its path. `None` where it is not installed.
fn edit(editor: &str, args: &[&str], script: &str, directory: &Path) -> Option<String> {
    fs::write(directory.join("t.scm"), DECLARATION).unwrap();
    fs::write(directory.join("script"), script).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_fruix")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let plugin = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/editors/vim");
    let mut command = Command::new(editor);
    command.args(args).current_dir(directory).env("PATH", path).env("PLUGIN", plugin);
    command.env("HOME", directory).env("TERM", "dumb").stdin(Stdio::null());
    match command.output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped: {editor} is not installed");
            None
        }
        Err(error) => panic!("{editor}: {error}"),
    }
}

#[test]
fn vim_shows_what_is_wrong_and_formats() {
    let directory = tempfile::tempdir().unwrap();
    if edit("vim", &["-es", "-u", "NONE", "-S", "script"], VIM, directory.path()).is_none() {
        return;
    }
    let out = fs::read_to_string(directory.path().join("out.txt")).expect("the script came to its end");
    assert!(out.starts_with("fruix\nfruixRecord\n"), "{out}");
    let unknown =
        "3:4:e:`operating-system` has no field `hostname` (unknown field; did you mean `host-name`?)";
    assert!(out.lines().any(|line| line == unknown), "{out}");
    assert_eq!(fs::read_to_string(directory.path().join("t.scm")).unwrap(), FORMATTED);
}

#[test]
fn emacs_shows_what_is_wrong_and_formats() {
    let directory = tempfile::tempdir().unwrap();
    let mode = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/editors/emacs");
    let args = ["-Q", "--batch", "-L", mode.to_str().unwrap(), "-l", "script"];
    let Some(out) = edit("emacs", &args, EMACS, directory.path()) else { return };
    assert!(out.starts_with("fruix-mode font-lock-type-face\n"), "{out}");
    let unknown = "3 hostname `operating-system` has no field `hostname`";
    assert!(out.lines().any(|line| line == unknown), "{out}");
    assert!(out.ends_with("indented as formatted: t\n"), "{out}");
    assert_eq!(fs::read_to_string(directory.path().join("t.scm")).unwrap(), FORMATTED);
}
