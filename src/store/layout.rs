//! Where the parts of a Fruix installation lie.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

use crate::store_path::StorePath;
use crate::util::fs::{FsError, Operation, PathContext as _};

use super::StoreError;

/// The physical places below a root directory. References inside items are logical (`/frx/store/…`)
/// whatever the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Everything below `root`; a relative one starts at the current directory.
    pub fn new(root: &Path) -> Result<Self, StoreError> {
        let root = std::path::absolute(root).map_err(|_| StoreError::NoRoot)?;
        Ok(Layout { root })
    }

    /// The root that was asked for, else `/` where this user can write `/frx` (or, as root, make it), else the
    /// user's [own](Layout::own).
    pub fn discover(root: Option<&Path>) -> Result<Self, StoreError> {
        if let Some(root) = root {
            return Self::new(root);
        }
        let top = Self::new(Path::new("/"))?;
        if top.is_writable() { Ok(top) } else { Self::own() }
    }

    /// A root of the user's own: `$XDG_DATA_HOME/fruix`, that is `~/.local/share/fruix`.
    pub fn own() -> Result<Self, StoreError> {
        Self::new(&user_data_dir().ok_or(StoreError::NoRoot)?.join("fruix"))
    }

    /// Whether this user may put items into the store, or make one where there is none.
    pub fn is_writable(&self) -> bool {
        let there = self.store_dir();
        let there = there.ancestors().find(|path| path.exists());
        there.is_some_and(|path| access(path, AccessFlags::W_OK).is_ok())
    }

    /// The root directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The store items.
    pub fn store_dir(&self) -> PathBuf {
        self.root.join("frx/store")
    }

    /// What Fruix itself keeps: database, profiles, logs, caches.
    pub fn var_dir(&self) -> PathBuf {
        self.root.join("frx/var/fruix")
    }

    /// Configuration and trusted keys.
    pub fn etc_dir(&self) -> PathBuf {
        self.root.join("frx/etc")
    }

    /// What the operator has chosen (see `store::settings`).
    pub fn settings_file(&self) -> PathBuf {
        self.etc_dir().join("fruix.conf")
    }

    /// The database of valid items.
    pub fn db(&self) -> PathBuf {
        self.var_dir().join("db/store.sqlite")
    }

    /// The names of items that are being moved into the store; its lock is the right to do so.
    pub fn journal(&self) -> PathBuf {
        self.var_dir().join("db/journal")
    }

    /// Locked by whoever collects garbage: one at a time.
    pub fn collector_lock(&self) -> PathBuf {
        self.var_dir().join("db/collector")
    }

    /// The lock between those who say what they need and the one who makes items invalid (see `store::hold`).
    pub fn hold_lock(&self) -> PathBuf {
        self.var_dir().join("db/holds")
    }

    /// The names of items of which files are being replaced by links (see `store::optimise`).
    pub fn optimising(&self) -> PathBuf {
        self.var_dir().join("db/optimising")
    }

    /// The files that items share, by their digests.
    pub fn links_dir(&self) -> PathBuf {
        self.store_dir().join(".links")
    }

    /// A file of no use but to be removed when the disk is full, so that there is room to write what is being deleted.
    pub fn reserve(&self) -> PathBuf {
        self.var_dir().join("db/reserve")
    }

    /// One small file of facts per valid item, from which the database can be made again.
    pub fn facts_dir(&self) -> PathBuf {
        self.var_dir().join("db/items")
    }

    /// Locks on store paths and on trees that are being added.
    pub fn locks_dir(&self) -> PathBuf {
        self.var_dir().join("locks")
    }

    /// One locked file per running process that writes to the store, and small files on their way to the database.
    pub fn sessions_dir(&self) -> PathBuf {
        self.var_dir().join("sessions")
    }

    /// What failed builds left, where that was wanted.
    pub fn failed_dir(&self) -> PathBuf {
        self.var_dir().join("failed")
    }

    /// A directory for each virtual machine that ran.
    pub fn runs_dir(&self) -> PathBuf {
        self.var_dir().join("run")
    }

    /// Damaged items that were taken out of the store.
    pub fn damaged_dir(&self) -> PathBuf {
        self.var_dir().join("damaged")
    }

    /// Whose the store directory is, and so each item.
    pub fn owner(&self) -> Result<u32, FsError> {
        let store_dir = self.store_dir();
        Ok(fs::metadata(&store_dir).at(Operation::Inspect, &store_dir)?.uid())
    }

    /// Build logs.
    pub fn log_dir(&self) -> PathBuf {
        self.var_dir().join("log")
    }

    /// Where the log of a derivation's last build is, or would be: in directories of which each has few files.
    pub fn log_file(&self, drv: &StorePath) -> PathBuf {
        self.log_dir().join(log_name(drv))
    }

    /// What can be computed again.
    pub fn cache_dir(&self) -> PathBuf {
        self.var_dir().join("cache")
    }

    /// Profiles and their generations.
    pub fn profiles_dir(&self) -> PathBuf {
        self.var_dir().join("profiles")
    }

    /// What the machine boots, and what its loader says of that.
    pub fn boot_dir(&self) -> PathBuf {
        self.var_dir().join("boot")
    }

    /// Links to what the garbage collector must keep.
    pub fn gcroots_dir(&self) -> PathBuf {
        self.var_dir().join("gcroots")
    }

    /// Links to links outside of the store, which keep what those lead to.
    pub fn indirect_roots_dir(&self) -> PathBuf {
        self.gcroots_dir().join("auto")
    }

    /// The links by which a machine knows the system it runs, and the one that it was booted with.
    pub fn system_links(&self) -> [PathBuf; 2] {
        ["run/booted-system", "run/current-system"].map(|link| self.root.join(link))
    }

    /// Where an item lies.
    pub fn physical(&self, path: &StorePath) -> PathBuf {
        self.store_dir().join(path.base_name())
    }

    /// The item that `path` names or lies in: a logical path (`/frx/store/…`) or a physical one, resolved
    /// beforehand by the caller where it may be a link.
    pub fn item_of(&self, path: &Path) -> Option<StorePath> {
        let below = [self.store_dir().as_path(), Path::new(crate::store_path::STORE_DIR)]
            .into_iter()
            .find_map(|directory| path.strip_prefix(directory).ok())?;
        StorePath::from_base_name(below.components().next()?.as_os_str().to_str()?).ok()
    }
}

/// The name of a derivation's log, relative to the directory of logs.
pub fn log_name(drv: &StorePath) -> String {
    let (directory, rest) = drv.base_name().split_at(2);
    format!("{directory}/{rest}.zst")
}

/// `$XDG_DATA_HOME`, which by its specification counts only when absolute, or `~/.local/share`.
fn user_data_dir() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    variable("XDG_DATA_HOME").or_else(|| Some(variable("HOME")?.join(".local/share")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_by_logical_and_physical_paths() {
        let layout = Layout::new(Path::new("/some where")).unwrap();
        let base_name = "4sb23qrd68rf8hsxc464fdqv72yrx5mc-x";
        let item = StorePath::from_base_name(base_name).unwrap();
        assert_eq!(layout.physical(&item), Path::new("/some where/frx/store").join(base_name));
        for path in ["/frx/store", "/some where/frx/store"] {
            for below in ["", "/bin/tool"] {
                let path = format!("{path}/{base_name}{below}");
                assert_eq!(layout.item_of(Path::new(&path)), Some(item.clone()), "{path}");
            }
        }
        for path in ["/frx/store", "/frx/store/x", "/elsewhere", base_name] {
            assert_eq!(layout.item_of(Path::new(path)), None, "{path}");
        }
    }
}
