//! Is what is registered still there, and still the same?

use std::fmt;
use std::path::{Path, PathBuf};

use crate::content_address::{ContentAddress, Method};
use crate::hash::{Hasher, Sha256};
use crate::store_path::{STORE_DIR, StorePath};
use crate::util::fs::{
    Anchor, FsError, Operation, PathContext as _, create_dir_all, exists, remove_tree, rename,
};

use super::tree::canonical::{Uncanonical, seal_top, unseal_top};
use super::tree::{Contents, Tree};
use super::{Layout, PathInfo, Store, StoreError};

/// An item that is not what it was registered as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The item's name in the store directory; of a damaged entry of the database that is all there is.
    pub base_name: String,
    pub fault: Fault,
}

/// What happened to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is there.
    Missing,
    /// Its contents are not those that were registered.
    Modified,
    /// Its contents are as registered, but not the mode, owner or time of something in it.
    NotCanonical(Uncanonical),
    /// It cannot be read, or holds what no item can; with the reason.
    Unreadable(String),
    /// What is registered about it cannot be; with the reason.
    Entry(String),
}

/// What repairing could do about a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// It is as registered again.
    Mended,
    /// The damaged item lies elsewhere now, or nowhere. Whatever needs it will build or add it again.
    PutAway(Option<PathBuf>),
    /// Only the database can be mended, by making it again.
    None,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = format!("{STORE_DIR}/{}", self.base_name);
        match &self.fault {
            Fault::Missing => write!(out, "missing {path}"),
            Fault::Modified => write!(out, "modified {path}"),
            Fault::NotCanonical(what) => write!(out, "changed {path}: {what}"),
            Fault::Unreadable(reason) => write!(out, "unreadable {path}: {reason}"),
            Fault::Entry(reason) => write!(out, "misregistered {path}: {reason}"),
        }
    }
}

impl Store {
    /// Reads an item again, whole, and compares it with what was registered.
    pub fn verify(&self, path: &StorePath) -> Result<Option<Problem>, StoreError> {
        let fault = match self.database.path_info(path) {
            Ok(Some(info)) => find_fault(&self.layout, &info)?,
            Ok(None) => return Err(StoreError::NotValid { path: path.clone() }),
            Err(error @ StoreError::DamagedEntry { .. }) => Some(Fault::Entry(error.to_string())),
            Err(error) => return Err(error),
        };
        Ok(fault.map(|fault| Problem { base_name: path.base_name().to_owned(), fault }))
    }

    /// All registered items, by base name; and the entries that name none.
    pub fn all_registered(&self) -> Result<(Vec<StorePath>, Vec<Problem>), StoreError> {
        let (mut paths, mut problems) = (Vec::new(), Vec::new());
        for base_name in self.database.all()? {
            match StorePath::from_base_name(&base_name) {
                Ok(path) => paths.push(path),
                Err(error) => problems.push(Problem { base_name, fault: Fault::Entry(error.to_string()) }),
            }
        }
        Ok((paths, problems))
    }

    /// Does what can be done about a problem without building. No one may be using the item meanwhile.
    pub fn repair(&self, problem: &Problem) -> Result<Repair, StoreError> {
        let Ok(path) = StorePath::from_base_name(&problem.base_name) else { return Ok(Repair::None) };
        let place = self.layout.physical(&path);
        match problem.fault {
            Fault::Entry(_) => Ok(Repair::None),
            Fault::Missing => Ok(Repair::PutAway(None)),
            Fault::NotCanonical(_) => {
                Tree::walk(&place)?.make_canonical()?;
                seal_top(&place)?;
                match self.verify(&path)? {
                    None => Ok(Repair::Mended),
                    Some(_) => self.put_away(&path),
                }
            }
            Fault::Modified | Fault::Unreadable(_) => self.put_away(&path),
        }
    }

    /// Moves an item out of the store directory: to build or add it again is then what everyone does who needs it.
    fn put_away(&self, path: &StorePath) -> Result<Repair, StoreError> {
        let _journal = self.journal()?;
        let place = self.layout.physical(path);
        let away = self.layout.damaged_dir().join(path.base_name());
        create_dir_all(&self.layout.damaged_dir())?;
        remove_tree(&away)?;
        unseal_top(&place)?;
        rename(&place, &away)?;
        Ok(Repair::PutAway(Some(away)))
    }
}

/// What is wrong with an item of which this is said.
pub(super) fn find_fault(layout: &Layout, info: &PathInfo) -> Result<Option<Fault>, StoreError> {
    if let Err(error) = info.check_content_address() {
        return Ok(Some(Fault::Entry(error.to_string())));
    }
    let place = layout.physical(&info.path);
    if !exists(&place)? {
        return Ok(Some(Fault::Missing));
    }
    let (tree, found) = match Tree::walk(&place).and_then(|tree| Ok((tree.digest()?, tree))) {
        Err(error) => return Ok(Some(Fault::Unreadable(error.to_string()))),
        Ok((found, tree)) => (tree, found),
    };
    if found != (Contents { nar_hash: info.nar_hash, nar_size: info.nar_size }) {
        return Ok(Some(Fault::Modified));
    }
    match info.content_address {
        // The digest of the archive is the one above, and `check_content_address` compared it.
        None | Some(ContentAddress::Fixed(Method::Recursive, _)) => {}
        Some(ContentAddress::Text(digest) | ContentAddress::Fixed(Method::Flat, digest)) => {
            if flat_digest(&place)? != digest {
                return Ok(Some(Fault::Modified));
            }
        }
    }
    Ok(tree.find_uncanonical(layout.owner()?).map(Fault::NotCanonical))
}

/// The digest of a file's bytes. What is no file has none that was ever registered.
pub(super) fn flat_digest(file: &Path) -> Result<Sha256, FsError> {
    let mut hasher = Hasher::new();
    let Anchor { directory, name } = Anchor::of(file)?;
    let mut open = directory.open_file(&name).at(Operation::Open, file)?;
    std::io::copy(&mut open, &mut hasher).at(Operation::Read, file)?;
    Ok(hasher.finish())
}
