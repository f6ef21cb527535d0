//! Where what was typed is kept.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The file of the history: below the XDG state directory. `None` for users who have no directory of their own.
pub fn file() -> Option<PathBuf> {
    place(std::env::var_os("XDG_STATE_HOME"), std::env::var_os("HOME"))
}

fn place(state: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    // A relative path is to be ignored, says the specification.
    let absolute = |path: OsString| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    let state = state.and_then(absolute);
    let directory = state.or_else(|| home.and_then(absolute).map(|home| home.join(".local/state")))?;
    Some(directory.join(Path::new("fruix/repl-history")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_lies_in_the_state_directory() {
        let place = |state: Option<&str>, home: Option<&str>| {
            place(state.map(OsString::from), home.map(OsString::from)).map(|path| path.display().to_string())
        };
        assert_eq!(place(Some("/s"), Some("/h")).as_deref(), Some("/s/fruix/repl-history"));
        assert_eq!(place(None, Some("/h")).as_deref(), Some("/h/.local/state/fruix/repl-history"));
        assert_eq!(place(Some("s"), Some("/h")).as_deref(), Some("/h/.local/state/fruix/repl-history"));
        assert_eq!(place(None, None), None);
        assert_eq!(place(None, Some("")), None);
    }
}
