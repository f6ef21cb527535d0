//! Writing the part of a tree that a METALOG names as a store item.

use std::{
    fs, io,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use super::metalog::{Kind, Metalog, MetalogError, relative_target};

/// Why an output could not be written.
#[derive(Debug, Error, Diagnostic)]
pub enum ItemError {
    #[error("cannot copy `{}` to `{}`: {source}", from.display(), to.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Copy { from: PathBuf, to: PathBuf, source: io::Error },

    #[error("cannot make `{}`: {source}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Make { path: PathBuf, source: io::Error },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Metalog(#[from] MetalogError),
}

/// Copies what `metalog` names from `tree` to the new directory `item`, as [`write_from`] does.
pub(super) fn write(tree: &Path, metalog: &Metalog, item: &Path) -> Result<(), ItemError> {
    write_from(&|path| tree.join(path), metalog, item)
}

/// Copies what `metalog` names from its `place` to the new directory `item`, and writes METALOG there.
///
/// Files become 0644 or 0755, which the store makes canonical; all names of a link group but the first become
/// relative symlinks. A name of the group may itself be a symlink where it is copied from, as it is in another item.
pub(super) fn write_from(
    place: &dyn Fn(&Path) -> PathBuf,
    metalog: &Metalog,
    item: &Path,
) -> Result<(), ItemError> {
    for (path, entry) in metalog.entries() {
        let to = item.join(path);
        let unmade = |source| ItemError::Make { path: to.clone(), source };
        match &entry.kind {
            Kind::Directory if path.as_os_str().is_empty() => fs::create_dir_all(item).map_err(unmade)?,
            Kind::Directory => fs::create_dir(&to).map_err(unmade)?,
            Kind::File => copy(&place(path), &to, entry.is_executable())?,
            Kind::HardLink { to: first } => symlink(relative_target(path, first), &to).map_err(unmade)?,
            Kind::Symlink { target } => symlink(target, &to).map_err(unmade)?,
        }
    }
    Ok(metalog.write_to_item(item)?)
}

fn copy(from: &Path, to: &Path, executable: bool) -> Result<(), ItemError> {
    let mode = if executable { 0o755 } else { 0o644 };
    fs::copy(from, to)
        .and_then(|_| fs::set_permissions(to, fs::Permissions::from_mode(mode)))
        .map_err(|source| ItemError::Copy { from: from.to_owned(), to: to.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        builders::freebsd::metalog::{Accounts, Attributes},
        nar,
    };

    #[test]
    fn names_of_one_file_are_still_one_after_dump_and_restore() {
        let directory = tempfile::tempdir().unwrap();
        let at = |path: &str| directory.path().join(path);
        fs::create_dir_all(at("tree/rescue")).unwrap();
        fs::create_dir_all(at("tree/usr/bin")).unwrap();
        fs::write(at("tree/rescue/sh"), "the one binary").unwrap();
        for name in ["rescue/cat", "usr/bin/zz"] {
            fs::hard_link(at("tree/rescue/sh"), at("tree").join(name)).unwrap();
        }
        let log = b"./rescue/sh type=file uname=root gname=wheel mode=0555\n";
        let metalog =
            Metalog::of_tree(&at("tree"), Attributes::Log(log), &Accounts::default(), &|_| true).unwrap();
        write(&at("tree"), &metalog, &at("item")).unwrap();

        let mut archive = Vec::new();
        crate::store::tree::dump(&at("item"), &mut archive).unwrap();
        nar::restore(archive.as_slice(), &at("restored")).unwrap();
        assert_eq!(fs::read_link(at("restored/rescue/sh")).unwrap(), Path::new("cat"));
        assert_eq!(fs::read_to_string(at("restored/usr/bin/zz")).unwrap(), "the one binary");
        let restored = Metalog::of_item(&at("restored")).unwrap();
        assert_eq!(restored, metalog);
        let first = Path::new("rescue/cat");
        assert_eq!(restored.get(first).unwrap().kind, Kind::File);
        assert_eq!(
            restored.get(Path::new("rescue/sh")).unwrap().kind,
            Kind::HardLink { to: first.to_owned() }
        );

        // A part of an item follows the symlinks to the contents.
        let part = restored.subset(|path, _| path == Path::new("usr/bin/zz"));
        write(&at("restored"), &part, &at("part")).unwrap();
        assert!(fs::symlink_metadata(at("part/usr/bin/zz")).unwrap().is_file());
        assert_eq!(fs::read_to_string(at("part/usr/bin/zz")).unwrap(), "the one binary");
    }
}
