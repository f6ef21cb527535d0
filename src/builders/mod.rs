//! The builders: what a derivation whose builder is `builtin:NAME` runs.
//!
//! A builder runs *inside* the sandbox. It sees the environment of its derivation, its declared inputs and
//! its outputs, and nothing else; it reports by its error and by what it writes to standard error, which is
//! the build log. So it may print, where other layers below `cli` may not.
//!
//! Each builder has a version of its own, a part of every derivation that uses it (`builderVersion`): change
//! what a builder does, and its version must change with it, or stores would keep results of the old code
//! under the new one's name. `tests/builder_versions.rs` fails when that is forgotten.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

pub mod computed;
pub mod fetch;
pub mod freebsd;
pub mod image;
pub mod system;
pub mod text;

/// What precedes the name of a builder in the `builder` field of a derivation.
pub const PREFIX: &str = "builtin:";

/// What marks a line of the build log that names the phase which begins there.
pub const PHASE_MARK: &str = "@fruix phase ";

/// One builder of the table.
pub struct Builder {
    /// The name after `builtin:`.
    pub name: &'static str,
    /// Part of every derivation that uses the builder; changes whenever its results may.
    pub version: &'static str,
    /// Makes every output of the derivation, or says why not.
    pub run: fn(&BuilderContext) -> Result<(), BuilderError>,
}

/// Every builder there is. A new one adds its line here and its sources to `tests/builder_versions.rs`.
const BUILDERS: &[&Builder] = &[
    &computed::BUILDER,
    &fetch::BUILDER,
    &freebsd::source::BUILDER,
    &freebsd::world::BUILDER,
    &freebsd::kernel::BUILDER,
    &freebsd::boot::BUILDER,
    &freebsd::mixed_world::BUILDER,
    &freebsd::installed::BUILDER,
    &freebsd::release_set::BUILDER,
    &system::BUILDER,
    &text::BUILDER,
];

/// Why a builder made no outputs.
#[derive(Debug, Error, Diagnostic)]
pub enum BuilderError {
    #[error("there is no builder `{name}`")]
    #[diagnostic(help("this fruix has: {}; the derivation may come from another version", names().join(", ")))]
    Unknown { name: String },

    #[error("the derivation does not set `{variable}`, which its builder needs")]
    #[diagnostic(help("add `{variable}` to the environment of the derivation"))]
    MissingVariable { variable: String },

    #[error("the derivation has no output `{output}`, which its builder makes")]
    #[diagnostic(help("add `{output}` to the outputs of the derivation"))]
    MissingOutput { output: String },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Computed(#[from] computed::ComputedError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Fetch(#[from] fetch::FetchError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Text(#[from] text::TextError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Freebsd(#[from] freebsd::FreebsdError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    System(#[from] system::SystemError),
}

/// What a builder is given: the derivation's side of the contract, as it looks from inside the sandbox.
#[derive(Debug, Clone)]
pub struct BuilderContext {
    /// The derivation's environment, verbatim.
    pub env: BTreeMap<String, String>,
    /// By output name: where the builder has to put it. Nothing is there yet.
    pub outputs: BTreeMap<String, PathBuf>,
    /// An empty scratch directory, removed after the build.
    pub build_dir: PathBuf,
    /// How many jobs the builder may run at a time; at least 1.
    pub cores: usize,
}

impl BuilderContext {
    /// The variable, which must be set. It may be empty.
    pub fn required(&self, variable: &str) -> Result<&str, BuilderError> {
        self.env
            .get(variable)
            .map(String::as_str)
            .ok_or_else(|| BuilderError::MissingVariable { variable: variable.to_owned() })
    }

    /// The variable, if it is set to something.
    pub fn optional(&self, variable: &str) -> Option<&str> {
        self.env.get(variable).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The words of a space-separated list; none where the variable is not set.
    pub fn list(&self, variable: &str) -> Vec<&str> {
        self.optional(variable).map(|value| value.split_ascii_whitespace().collect()).unwrap_or_default()
    }

    /// The variable as a path, which must be set.
    pub fn path(&self, variable: &str) -> Result<&Path, BuilderError> {
        self.required(variable).map(Path::new)
    }

    /// Where the output has to go.
    pub fn output(&self, name: &str) -> Result<&Path, BuilderError> {
        self.outputs
            .get(name)
            .map(PathBuf::as_path)
            .ok_or_else(|| BuilderError::MissingOutput { output: name.to_owned() })
    }
}

/// Runs the builder `name` (without `builtin:`).
pub fn run(name: &str, context: &BuilderContext) -> Result<(), BuilderError> {
    let builder = find(name).ok_or_else(|| BuilderError::Unknown { name: name.to_owned() })?;
    (builder.run)(context)
}

/// The version of the builder `name` (without `builtin:`), if there is such a builder.
pub fn version(name: &str) -> Option<&'static str> {
    find(name).map(|builder| builder.version)
}

/// The names of all builders.
pub fn names() -> Vec<&'static str> {
    BUILDERS.iter().map(|builder| builder.name).collect()
}

/// Announces that a phase of the build begins: a line in the log, which the scheduler shows as progress.
pub fn phase(name: &str) {
    // A log that cannot be written is no reason to end the build: its reader has gone, and ends it itself.
    let _ = writeln!(io::stderr(), "{PHASE_MARK}{name}");
}

fn find(name: &str) -> Option<&'static Builder> {
    BUILDERS.iter().copied().find(|builder| builder.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(env: &[(&str, &str)]) -> BuilderContext {
        BuilderContext {
            env: env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            outputs: BTreeMap::from([("out".to_owned(), PathBuf::from("/frx/store/x"))]),
            build_dir: PathBuf::from("/build"),
            cores: 1,
        }
    }

    #[test]
    fn every_builder_has_a_name_of_its_own_and_a_version() {
        let mut seen = names();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), BUILDERS.len());
        assert!(BUILDERS.iter().all(|builder| !builder.version.is_empty()));
    }

    #[test]
    fn an_unknown_builder_is_named_in_the_error() {
        let error = run("teleport", &context(&[])).unwrap_err();
        assert_eq!(error.to_string(), "there is no builder `teleport`");
        assert!(version("teleport").is_none());
    }

    #[test]
    fn lists_are_split_at_spaces_and_empty_variables_are_not_set() {
        let context = context(&[("targets", " a  b "), ("empty", "")]);
        assert_eq!(context.list("targets"), ["a", "b"]);
        assert!(context.list("absent").is_empty());
        assert_eq!(context.optional("empty"), None);
        assert_eq!(context.required("empty").unwrap(), "");
        assert!(matches!(context.required("absent"), Err(BuilderError::MissingVariable { .. })));
        assert!(matches!(context.output("dev"), Err(BuilderError::MissingOutput { .. })));
    }
}
