//! `builtin:freebsd-world`: the base system, built from source.
//!
//! Environment: `source` (shown at [`super::SOURCE_DIR`]), `toolchain`, `target`, `targetArch`, `srcConf`,
//! `makeFlags`. Outputs: `out`, `dev`, `debug`, see [`super::split`].

use std::path::{Path, PathBuf};

use super::{
    FreebsdError, OBJECT_DIR, SOURCE_DIR,
    make::{Make, MakeError, Places},
    metalog::{self, Accounts, Attributes, Metalog, MetalogError},
    source_tree::SourceTree,
    split, src_conf,
};
use crate::builders::{Builder, BuilderContext, BuilderError, phase};

/// See [`Builder::version`].
const VERSION: &str = "2";

/// The builder's row in the table.
pub(in crate::builders) const BUILDER: Builder = Builder { name: "freebsd-world", version: VERSION, run };

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let tree = SourceTree::open(Path::new(SOURCE_DIR)).map_err(FreebsdError::from)?;
    let places = Places { objects: PathBuf::from(OBJECT_DIR), scratch: context.build_dir.clone() };
    let src_conf = context.required("srcConf")?;
    src_conf::write(&tree, src_conf, &places.src_conf()).map_err(FreebsdError::from)?;
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

/// Writes what make installed, with the METALOG it wrote, to the outputs.
pub(super) fn write_installed(
    tree: &SourceTree,
    places: &Places,
    context: &BuilderContext,
) -> Result<(), BuilderError> {
    phase("split");
    let installed = places.installed();
    let metalog = read_metalog(tree, &installed).map_err(FreebsdError::from)?;
    split::write_outputs(&installed, &metalog, context)
}

fn read_metalog(tree: &SourceTree, installed: &Path) -> Result<Metalog, MetalogError> {
    let accounts = Accounts::of_trees(&[installed, tree.path()])?;
    let path = installed.join(metalog::FILE_NAME);
    let text = std::fs::read(&path).map_err(|source| MetalogError::Read { path, source })?;
    Metalog::of_tree(installed, Attributes::Log(&text), &accounts, &|_| true)
}
