//! From what make installed to a builder's outputs.

use std::path::Path;

use super::{
    FreebsdError,
    make::Places,
    metalog::{self, Accounts, Attributes, Metalog, MetalogError},
    object_tree::{self, ObjectTreeError},
    source_tree::SourceTree,
    split::{self, Part},
};
use crate::builders::{BuilderContext, BuilderError, phase};

/// Writes what make installed, with the METALOG it wrote, to the outputs.
pub(super) fn write_installed(
    tree: &SourceTree,
    places: &Places,
    context: &BuilderContext,
) -> Result<(), BuilderError> {
    phase("split");
    let installed = places.installed();
    let metalog = read_metalog(tree, &installed).map_err(FreebsdError::from)?;
    split::write_outputs(&installed, &metalog, context)?;
    check_outputs(context).map_err(FreebsdError::from)?;
    Ok(())
}

/// What a debugger reads names the directories of the build; nothing else may.
fn check_outputs(context: &BuilderContext) -> Result<(), ObjectTreeError> {
    let debug = Part::Debug.output();
    let outputs = context.outputs.iter().filter(|(name, _)| name.as_str() != debug);
    outputs.into_iter().try_for_each(|(name, item)| object_tree::check_output(name, item))
}

fn read_metalog(tree: &SourceTree, installed: &Path) -> Result<Metalog, MetalogError> {
    let accounts = Accounts::of_trees(&[installed, tree.path()])?;
    let path = installed.join(metalog::FILE_NAME);
    let text = std::fs::read(&path).map_err(|source| MetalogError::Read { path, source })?;
    Metalog::of_tree(installed, Attributes::Log(&text), &accounts, &|_| true)
}
