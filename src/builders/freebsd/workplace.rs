//! The places of a build of world or kernel, as the sandbox lays them out.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use super::{FreebsdError, OBJECT_DIR, SOURCE_DIR, make::Places, source_tree::SourceTree, src_conf};
use crate::builders::{BuilderContext, BuilderError};

/// Why the fixed places are not those of this build. They are only without a sandbox, which shows them.
#[derive(Debug, Error, Diagnostic)]
pub enum WorkplaceError {
    #[error("`{}` is not the source of this build, which is `{}`", shown.display(), declared.display())]
    #[diagnostic(help(
        "build in the sandbox, which shows the declared source there: leave out --no-sandbox"
    ))]
    OtherSource { shown: PathBuf, declared: PathBuf },

    #[error("`{}` holds objects of another build", path.display())]
    #[diagnostic(help("build in the sandbox, where it is empty, or empty it"))]
    OldObjects { path: PathBuf },

    #[error("cannot look at `{}`: {source}", path.display())]
    #[diagnostic(help("build in the sandbox, which has it: leave out --no-sandbox"))]
    Inspect { path: PathBuf, source: io::Error },
}

/// Opens the source and writes `src.conf`. For a derivation that sets `source` and `srcConf`.
pub(super) fn prepare(context: &BuilderContext) -> Result<(SourceTree, Places), BuilderError> {
    let (source, objects) = (Path::new(SOURCE_DIR), Path::new(OBJECT_DIR));
    check(context.path("source")?, source, objects).map_err(FreebsdError::from)?;
    let tree = SourceTree::open(source).map_err(FreebsdError::from)?;
    let places = Places { objects: objects.to_owned(), scratch: context.build_dir.clone() };
    let options = context.required("srcConf")?;
    src_conf::write(&tree, options, &places.src_conf()).map_err(FreebsdError::from)?;
    Ok((tree, places))
}

/// Without this, a build without a sandbox would pass the machine's own source off as the declared one.
fn check(declared: &Path, shown: &Path, objects: &Path) -> Result<(), WorkplaceError> {
    if identity(declared)? != identity(shown)? {
        return Err(WorkplaceError::OtherSource { shown: shown.to_owned(), declared: declared.to_owned() });
    }
    let inspect = |source| WorkplaceError::Inspect { path: objects.to_owned(), source };
    match fs::read_dir(objects).map_err(inspect)?.next() {
        Some(_) => Err(WorkplaceError::OldObjects { path: objects.to_owned() }),
        None => Ok(()),
    }
}

/// What is the same for a directory and a mount of it.
fn identity(path: &Path) -> Result<(u64, u64), WorkplaceError> {
    let metadata =
        fs::metadata(path).map_err(|source| WorkplaceError::Inspect { path: path.to_owned(), source })?;
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_declared_source_and_an_empty_object_tree_will_do() {
        let scratch = tempfile::tempdir().unwrap();
        let at = |name: &str| scratch.path().join(name);
        for name in ["declared", "other", "objects"] {
            fs::create_dir(at(name)).unwrap();
        }
        check(&at("declared"), &at("declared"), &at("objects")).unwrap();
        let error = check(&at("declared"), &at("other"), &at("objects")).unwrap_err();
        assert!(matches!(error, WorkplaceError::OtherSource { .. }), "{error}");
        let error = check(&at("declared"), &at("declared"), &at("gone")).unwrap_err();
        assert!(error.to_string().contains("gone"), "{error}");
        fs::write(at("objects/old.o"), "").unwrap();
        let error = check(&at("declared"), &at("declared"), &at("objects")).unwrap_err();
        assert!(matches!(error, WorkplaceError::OldObjects { .. }), "{error}");
    }
}
