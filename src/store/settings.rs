//! What the operator has chosen: `/frx/etc/fruix.conf`, lines of `name = value`, with comments from `#` to the end of
//! the line. An option of a command overrides a line.
//!
//! A name that is not known is an error, not a warning: a setting that is misspelt would else go unnoticed until what
//! it should have kept is gone.

use std::fs;
use std::io;
use std::ops::Range;

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

use crate::util::fs::{FsError, Operation};
use crate::util::spelling::nearest;

use super::layout::Layout;
use super::{Store, StoreError};

/// What the operator has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whether a live item keeps the derivation that made it, and so what that refers to.
    pub keep_derivations: bool,
    /// Whether a live derivation keeps its outputs.
    pub keep_outputs: bool,
    /// Whether what comes into the store shares files with what is there.
    pub auto_optimise_store: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { keep_derivations: true, keep_outputs: false, auto_optimise_store: false }
    }
}

/// A setting: its name, and how its value is read.
struct Known {
    name: &'static str,
    set: fn(&mut Settings, &str) -> Result<(), &'static str>,
}

/// All settings. Each is described in `docs/settings.md`.
const KNOWN: &[Known] = &[
    Known {
        name: "keep-derivations",
        set: |settings, value| truth(value).map(|value| settings.keep_derivations = value),
    },
    Known {
        name: "keep-outputs",
        set: |settings, value| truth(value).map(|value| settings.keep_outputs = value),
    },
    Known {
        name: "auto-optimise-store",
        set: |settings, value| truth(value).map(|value| settings.auto_optimise_store = value),
    },
];

/// A setting that cannot be understood, and where it stands.
#[derive(Debug, Error, Diagnostic)]
#[error("{problem}")]
pub struct SettingsError {
    problem: String,
    #[help]
    help: String,
    #[source_code]
    text: NamedSource<String>,
    #[label("here")]
    place: SourceSpan,
}

/// What is wrong with a part of a text.
struct Wrong {
    problem: String,
    help: String,
    place: Range<usize>,
}

impl Settings {
    /// What the file of a store says. Where there is none, everything has its default.
    pub fn load(layout: &Layout) -> Result<Self, StoreError> {
        let path = layout.settings_file();
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&path.display().to_string(), &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(FsError::new(Operation::Read, path, error).into()),
        }
    }

    /// Reads the text of a file called `name`.
    pub fn parse(name: &str, text: &str) -> Result<Self, StoreError> {
        let mut settings = Self::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            settings.read_line(line, start).map_err(|wrong| wrong.of(name, text))?;
            start += line.len();
        }
        Ok(settings)
    }

    /// Sets one by its name, as an option of a command does.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        let text = format!("--option {name} {value}");
        let start = text.len() - value.len();
        let name_start = start - 1 - name.len();
        self.assign((name, name_start), (value, start))
            .map_err(|wrong| wrong.of("command line", &text).into())
    }

    fn read_line(&mut self, line: &str, start: usize) -> Result<(), Wrong> {
        let said = line.split('#').next().unwrap_or_default();
        if said.trim().is_empty() {
            return Ok(());
        }
        let trimmed = |part: &str, offset: usize| start + offset + part.len() - part.trim_start().len();
        match said.split_once('=') {
            Some((name, value)) => {
                self.assign((name.trim(), trimmed(name, 0)), (value.trim(), trimmed(value, name.len() + 1)))
            }
            None => Err(Wrong {
                problem: "a line that sets nothing".to_owned(),
                help: "write a setting as `name = value`, and a comment with `#` before it".to_owned(),
                place: start..start + said.trim_end().len(),
            }),
        }
    }

    /// Both come with where they begin.
    fn assign(&mut self, (name, at): (&str, usize), (value, value_at): (&str, usize)) -> Result<(), Wrong> {
        let Some(known) = KNOWN.iter().find(|known| known.name == name) else {
            let names = || KNOWN.iter().map(|known| known.name);
            let help = match nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the settings are: {}", names().collect::<Vec<_>>().join(", ")),
            };
            return Err(Wrong {
                problem: format!("no setting is called `{name}`"),
                help,
                place: at..at + name.len(),
            });
        };
        (known.set)(self, value).map_err(|expected| Wrong {
            problem: format!("`{value}` is no value of `{name}`"),
            help: format!("expected {expected}"),
            place: value_at..value_at + value.len(),
        })
    }
}

impl Wrong {
    fn of(self, name: &str, text: &str) -> Box<SettingsError> {
        let Wrong { problem, help, place } = self;
        Box::new(SettingsError {
            problem,
            help,
            text: NamedSource::new(name, text.to_owned()),
            place: place.into(),
        })
    }
}

impl Store {
    /// What the operator has chosen for this store.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The same store with other settings.
    pub fn with_settings(self, settings: Settings) -> Self {
        Store { settings, ..self }
    }
}

fn truth(value: &str) -> Result<bool, &'static str> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("`true` or `false`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> (String, String, String) {
        match Settings::parse("fruix.conf", text).unwrap_err() {
            StoreError::Settings(error) => {
                let place = error.place.offset()..error.place.offset() + error.place.len();
                (error.problem, error.help, text[place].to_owned())
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn lines_set_and_comments_do_not() {
        let text = "# all\n\n keep-outputs=true # yes\nkeep-derivations =\tfalse\n#keep-outputs = false";
        let settings = Settings::parse("fruix.conf", text).unwrap();
        let expected = Settings { keep_outputs: true, keep_derivations: false, ..Settings::default() };
        assert_eq!(settings, expected);
    }

    #[test]
    fn mistakes_are_shown_where_they_are() {
        let (problem, help, place) = wrong("keep-outputs = true\n  keep-derivation = true\n");
        assert_eq!(problem, "no setting is called `keep-derivation`");
        assert_eq!((help.as_str(), place.as_str()), ("did you mean `keep-derivations`?", "keep-derivation"));
        let (problem, help, place) = wrong("keep-outputs =  yes # really\n");
        assert_eq!(problem, "`yes` is no value of `keep-outputs`");
        assert_eq!((help.as_str(), place.as_str()), ("expected `true` or `false`", "yes"));
        assert_eq!(wrong("\nkeep-outputs\n").2, "keep-outputs");
        assert!(wrong("colour = blue").1.starts_with("the settings are: keep-derivations"));
        assert_eq!(wrong("keep-outputs =").0, "`` is no value of `keep-outputs`");
    }

    #[test]
    fn an_option_overrides() {
        let mut settings = Settings::default();
        settings.set("keep-outputs", "true").unwrap();
        assert!(settings.keep_outputs);
        let error = settings.set("keep-output", "true").unwrap_err();
        assert_eq!(error.to_string(), "no setting is called `keep-output`");
    }
}
