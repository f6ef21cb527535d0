//! `builtin:text`: a file whose text names outputs of other derivations, so that it can be written only once
//! those are built.
//!
//! Environment: `text`, the contents, verbatim.

use std::{fs, io, path::PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use super::{Builder, BuilderContext, BuilderError};

/// See [`Builder::version`].
const VERSION: &str = "1";

/// The builder's row in the table.
pub(super) const BUILDER: Builder = Builder { name: "text", version: VERSION, run };

/// Why the file was not written.
#[derive(Debug, Error, Diagnostic)]
#[error("cannot write `{}`: {error}", path.display())]
#[diagnostic(help("see whether the disk is full"))]
pub struct TextError {
    path: PathBuf,
    error: io::Error,
}

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let text = context.required("text")?;
    let out = context.output("out")?;
    fs::write(out, text).map_err(|error| TextError { path: out.to_owned(), error })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_text_is_written_verbatim() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("out");
        let context = |env| BuilderContext {
            env,
            outputs: BTreeMap::from([("out".to_owned(), out.clone())]),
            build_dir: directory.path().to_owned(),
            cores: 1,
        };
        run(&context(BTreeMap::from([("text".to_owned(), "a\n\tb".to_owned())]))).unwrap();
        assert_eq!(fs::read_to_string(&out).unwrap(), "a\n\tb");
        assert!(matches!(run(&context(BTreeMap::new())), Err(BuilderError::MissingVariable { .. })));
    }
}
