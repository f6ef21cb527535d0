//! What the operator has chosen: `/frx/etc/fruix.conf`, lines of `name = value`, with comments from `#` to the end of
//! the line. An option of a command overrides a line.
//!
//! A name that is not known is an error, not a warning: a setting that is misspelt would else go unnoticed until what
//! it should have kept is gone.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;
use std::time::Duration;

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

use crate::profile::age;
use crate::util::fs::{FsError, Operation};
use crate::util::spelling::nearest;

use super::layout::Layout;
use super::{Store, StoreError};

/// What the operator has chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether a live item keeps the derivation that made it, and so what that refers to.
    pub keep_derivations: bool,
    /// Whether a live derivation keeps its outputs.
    pub keep_outputs: bool,
    /// Whether what comes into the store shares files with what is there.
    pub auto_optimise_store: bool,
    /// How long caches, and what failed builds and machines that ran left, stay unused until a collection removes them.
    pub keep_unused: Duration,
    /// How large all caches may be together, in bytes.
    pub max_cache_size: u64,
    /// Who may use the daemon: names or numbers of users, `@` and those of groups, or `*`.
    pub allowed_users: Vec<String>,
    /// Who may do there what is the owner's of the store.
    pub trusted_users: Vec<String>,
    /// How many builds the daemon runs at a time.
    pub max_jobs: NonZeroUsize,
    /// How many processors a build of the daemon may use; `None` for all.
    pub cores: Option<NonZeroUsize>,
    /// The users that builds of root's daemon are, by their numbers.
    pub build_users: RangeInclusive<u32>,
    /// How many connections the daemon has at a time, in all and of one user.
    pub max_connections: NonZeroUsize,
    pub max_connections_per_user: NonZeroUsize,
    /// How large what somebody adds may be, in bytes of its archive.
    pub max_add_size: u64,
    /// The file with the secret key that signs how images came to be.
    pub signing_key: Option<PathBuf>,
    /// Whose signatures count: public keys, or files with such.
    pub trusted_public_keys: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            keep_derivations: true,
            keep_outputs: false,
            auto_optimise_store: false,
            keep_unused: KEEP_UNUSED,
            max_cache_size: MAX_CACHE_SIZE,
            allowed_users: vec!["*".to_owned()],
            trusted_users: vec!["root".to_owned()],
            max_jobs: NonZeroUsize::MIN,
            cores: None,
            build_users: BUILD_USERS,
            max_connections: MAX_CONNECTIONS,
            max_connections_per_user: MAX_CONNECTIONS_PER_USER,
            max_add_size: MAX_ADD_SIZE,
            signing_key: None,
            trusted_public_keys: Vec::new(),
        }
    }
}

/// Numbers that no one has: above those that containers get, and below those that are negative to some programs.
const BUILD_USERS: RangeInclusive<u32> = 1_910_000_000..=1_910_000_063;
const MAX_CONNECTIONS: NonZeroUsize = NonZeroUsize::new(256).unwrap();
const MAX_CONNECTIONS_PER_USER: NonZeroUsize = NonZeroUsize::new(64).unwrap();
/// Thirty days.
const KEEP_UNUSED: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// 20 GiB.
const MAX_CACHE_SIZE: u64 = 20 << 30;
/// 64 GiB.
const MAX_ADD_SIZE: u64 = 64 << 30;

/// A field of [`Settings`].
type Field = fn(&mut Settings) -> &mut dyn Value;

/// The settings that say how a command does its work, and not how the daemon does that of all.
const OF_COMMANDS: [&str; 7] = [
    "keep-derivations",
    "keep-outputs",
    "auto-optimise-store",
    "keep-unused",
    "max-cache-size",
    "signing-key",
    "trusted-public-keys",
];

/// All settings, by their names. Each is described in `docs/settings.md`.
const KNOWN: &[(&str, Field)] = &[
    ("keep-derivations", |settings| &mut settings.keep_derivations),
    ("keep-outputs", |settings| &mut settings.keep_outputs),
    ("auto-optimise-store", |settings| &mut settings.auto_optimise_store),
    ("keep-unused", |settings| &mut settings.keep_unused),
    ("max-cache-size", |settings| &mut settings.max_cache_size),
    ("allowed-users", |settings| &mut settings.allowed_users),
    ("trusted-users", |settings| &mut settings.trusted_users),
    ("max-jobs", |settings| &mut settings.max_jobs),
    ("cores", |settings| &mut settings.cores),
    ("build-users", |settings| &mut settings.build_users),
    ("max-connections", |settings| &mut settings.max_connections),
    ("max-connections-per-user", |settings| &mut settings.max_connections_per_user),
    ("max-add-size", |settings| &mut settings.max_add_size),
    ("signing-key", |settings| &mut settings.signing_key),
    ("trusted-public-keys", |settings| &mut settings.trusted_public_keys),
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

    /// Whether a setting may be another one for a single command, through the daemon as well.
    pub fn is_of_a_command(name: &str) -> bool {
        OF_COMMANDS.contains(&name)
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
        let Some((_, field)) = KNOWN.iter().find(|(known, _)| *known == name) else {
            let names = || KNOWN.iter().map(|(known, _)| *known);
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
        field(self).read(value).map_err(|expected| Wrong {
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

    /// Has other settings count from now on.
    pub fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
    }
}

/// What a setting has for a value.
trait Value {
    /// Takes over what a text says, or tells what was expected.
    fn read(&mut self, text: &str) -> Result<(), &'static str>;
}

impl Value for bool {
    fn read(&mut self, text: &str) -> Result<(), &'static str> {
        *self = match text {
            "true" => true,
            "false" => false,
            _ => return Err("`true` or `false`"),
        };
        Ok(())
    }
}

/// Words.
impl Value for Vec<String> {
    fn read(&mut self, text: &str) -> Result<(), &'static str> {
        *self = text.split_whitespace().map(str::to_owned).collect();
        Ok(())
    }
}

impl Value for NonZeroUsize {
    fn read(&mut self, text: &str) -> Result<(), &'static str> {
        *self = text.parse().map_err(|_| "a number from 1")?;
        Ok(())
    }
}

impl Value for Option<NonZeroUsize> {
    fn read(&mut self, text: &str) -> Result<(), &'static str> {
        let mut value = NonZeroUsize::MIN;
        value.read(text)?;
        *self = Some(value);
        Ok(())
    }
}

/// A file, wherever the command is started.
impl Value for Option<PathBuf> {
    fn read(&mut self, text: &str) -> Result<(), &'static str> {
        let path = PathBuf::from(text);
        *self =
            Some(path).filter(|path| path.is_absolute()).ok_or("the absolute path of a file").map(Some)?;
        Ok(())
    }
}

/// The numbers of users: not root's, and not those that mean nobody.
impl Value for RangeInclusive<u32> {
    fn read(&mut self, text: &str) -> Result<(), &'static str> {
        let parse = || {
            let (first, last) = text.split_once('-')?;
            let range = first.trim().parse().ok()?..=last.trim().parse().ok()?;
            (*range.start() > 0 && *range.end() < i32::MAX as u32 && !range.is_empty()).then_some(range)
        };
        *self = parse().ok_or("two numbers above 0 with `-` between, as in 1910000000-1910000063")?;
        Ok(())
    }
}

/// Days, weeks or months.
impl Value for Duration {
    fn read(&mut self, text: &str) -> Result<(), &'static str> {
        *self = age(text).ok_or("a number of days, weeks or months, as in `30d`, `4w` or `6m`")?;
        Ok(())
    }
}

/// Bytes.
impl Value for u64 {
    fn read(&mut self, text: &str) -> Result<(), &'static str> {
        *self = text.parse().map_err(|_| "a number of bytes")?;
        Ok(())
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
