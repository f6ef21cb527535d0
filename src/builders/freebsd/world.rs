//! `builtin:freebsd-world`: the base system, built from source.
//!
//! Environment: `source` (shown at [`super::SOURCE_DIR`]), `toolchain`, `target`, `targetArch`, `srcConf`,
//! `makeFlags`. Outputs: `out`, `dev`, `debug`, see [`super::split`].

use std::path::Path;

use super::{
    FreebsdError,
    make::{Make, MakeError},
    outputs::write_installed,
    workplace,
};
use crate::builders::{Builder, BuilderContext, BuilderError};

/// See [`Builder::version`].
const VERSION: &str = "3";

/// The builder's row in the table.
pub(in crate::builders) const BUILDER: Builder = Builder { name: "freebsd-world", version: VERSION, run };

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let (tree, places) = workplace::prepare(context)?;
    let make = Make::new(&tree, places.clone(), context)?;
    let locales = places.scratch.join("locale");
    std::fs::create_dir_all(&locales)
        .map_err(|source| FreebsdError::from(MakeError::Directory { path: locales.clone(), source }))?;
    build(&make, &locales).map_err(FreebsdError::from)?;
    write_installed(&tree, &places, context)
}

/// `installworld` first copies the locales of the machine for the tools it runs. They run in the C locale, which
/// needs none, and a tool chain has none: `locales` is an empty directory.
fn build(make: &Make, locales: &Path) -> Result<(), MakeError> {
    make.bootstrap()?;
    make.build("buildworld", &[])?;
    make.install("installworld", &[format!("PATH_LOCALE={}", locales.display())])?;
    make.install("distribution", &[])
}
