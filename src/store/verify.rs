//! Is what is registered still there, and still the same?

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::content_address::{ContentAddress, Method};
use crate::hash::Sha256;
use crate::store_path::{STORE_DIR, StorePath};
use crate::util::fs::{
    Anchor, FsError, Operation, PathContext as _, create_dir_all, exists, remove_tree, rename, sync_dir,
};
use crate::util::lock::FileLock;

use super::facts::{self, Facts};
use super::path_info::now;
use super::tree::canonical::{Uncanonical, seal_top, unseal_top};
use super::tree::{Contents, Tree};
use super::{Layout, PathInfo, Store, StoreError};

/// An item that is not what it was registered as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The item's name in the store directory; of a damaged entry of the database that is all there is.
    pub base_name: String,
    pub fault: Fault,
}

/// What happened to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The file of facts, from which the database could be made again, is not what it should be; with the reason.
    Facts(String),
}

/// What repairing could do about a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
            Fault::Facts(reason) => write!(out, "unusable facts about {path}: {reason}"),
        }
    }
}

impl Store {
    /// Reads an item again, whole, and compares it with what was registered.
    pub fn verify(&self, path: &StorePath) -> Result<Option<Problem>, StoreError> {
        self.look_at(path, true)
    }

    /// Sees whether an item is what was registered; its contents are read only if that is wanted. What seems damaged is
    /// looked at once more while nobody moves items or shares their files: it may have been on its way.
    pub(super) fn look_at(&self, path: &StorePath, contents: bool) -> Result<Option<Problem>, StoreError> {
        if self.fault(path, contents)?.is_none() {
            return Ok(None);
        }
        let _quiet = self.while_nothing_moves()?;
        let fault = self.fault(path, contents)?;
        Ok(fault.map(|fault| Problem { base_name: path.base_name().to_owned(), fault }))
    }

    fn fault(&self, path: &StorePath, contents: bool) -> Result<Option<Fault>, StoreError> {
        let info = match self.database.path_info(path) {
            Ok(Some(info)) => info,
            Ok(None) => return Err(StoreError::NotValid { path: path.clone() }),
            Err(error @ StoreError::DamagedEntry { .. }) => return Ok(Some(Fault::Entry(error.to_string()))),
            Err(error) => return Err(error),
        };
        let fault = match contents {
            true => find_fault(&self.layout, &info)?,
            false => find_absence(&self.layout, &info)?,
        };
        match fault.or_else(|| find_fault_of_facts(&self.layout, &info)) {
            // Whoever writes next sets it right.
            Some(Fault::NotCanonical(_)) if self.is_being_shared(path)? => Ok(None),
            fault => Ok(fault),
        }
    }

    /// The lock of those who move items, shared, where this user may have it.
    fn while_nothing_moves(&self) -> Result<Option<FileLock>, StoreError> {
        let journal = self.layout.journal();
        if !self.layout.is_writable() || !exists(&journal)? {
            return Ok(None);
        }
        let waiting = || tracing::debug!("waiting for a process that moves items");
        match FileLock::acquire_shared(&journal, waiting, &|| self.is_interrupted())? {
            None => Err(StoreError::Interrupted { what: "the store".to_owned() }),
            lock => Ok(lock),
        }
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
            Fault::Facts(_) => self.write_facts_again(&path),
        }
    }

    /// What the database says of an item goes into its file of facts again.
    fn write_facts_again(&self, path: &StorePath) -> Result<Repair, StoreError> {
        let session = self.session()?;
        let _journal = self.journal()?;
        // It was collected meanwhile, or is a damaged entry.
        let Some(info) = self.database.path_info(path)? else { return Ok(Repair::PutAway(None)) };
        let facts = Facts { info, realisations: self.database.realisations(path)? };
        let scratch = session.scratch_file();
        facts.write(scratch.path())?;
        session.flush(&[scratch.path()])?;
        rename(scratch.path(), &facts::file(&self.layout, path))?;
        sync_dir(&self.layout.facts_dir())?;
        Ok(Repair::Mended)
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
        // How long it stays there depends on how long it has been there.
        let Anchor { directory, name } = Anchor::of(&away)?;
        let now = i64::try_from(now()).unwrap_or(i64::MAX);
        directory.set_times(&name, now).at(Operation::SetTimes, &away)?;
        Ok(Repair::PutAway(Some(away)))
    }
}

/// Whether what is said of an item can be, and something is there.
fn find_absence(layout: &Layout, info: &PathInfo) -> Result<Option<Fault>, StoreError> {
    if let Err(error) = info.check_content_address() {
        return Ok(Some(Fault::Entry(error.to_string())));
    }
    Ok((!exists(&layout.physical(&info.path))?).then_some(Fault::Missing))
}

/// What is wrong with the file of facts about an item.
fn find_fault_of_facts(layout: &Layout, info: &PathInfo) -> Option<Fault> {
    match Facts::read(&facts::file(layout, &info.path)) {
        Err(reason) => Some(Fault::Facts(reason)),
        Ok(facts) => {
            // When it became valid may differ where that was interrupted.
            let said = PathInfo { registration_time: info.registration_time, ..facts.info };
            (said != *info).then(|| Fault::Facts("the database says something else".to_owned()))
        }
    }
}

/// What is wrong with an item of which this is said.
pub(super) fn find_fault(layout: &Layout, info: &PathInfo) -> Result<Option<Fault>, StoreError> {
    if let fault @ Some(_) = find_absence(layout, info)? {
        return Ok(fault);
    }
    let place = layout.physical(&info.path);
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
    let Anchor { directory, name } = Anchor::of(file)?;
    let open = directory.open_file(&name).at(Operation::Open, file)?;
    Sha256::of_reader(open).at(Operation::Read, file)
}
