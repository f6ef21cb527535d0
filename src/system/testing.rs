//! A machine for tests, which is a directory. What it has, and what is asked of it, each of them adds.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use crate::store::Layout;

/// A machine, until it is dropped.
pub struct Fixture {
    directory: tempfile::TempDir,
    pub layout: Layout,
}

impl Fixture {
    /// One that has nothing.
    pub fn empty() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::new(directory.path()).unwrap();
        Self { directory, layout }
    }

    /// Where a path of the machine, relative to its root, lies.
    pub fn at(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    /// Writes a file, and makes the directories above it.
    pub fn put(&self, path: &str, contents: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), contents).unwrap();
    }

    /// The same for one that can be run.
    pub fn program(&self, path: &str, text: &str) {
        self.put(path, text);
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Makes a link, also in the place of a file or another link.
    pub fn link(&self, target: &str, path: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        let _ = fs::remove_file(self.at(path));
        symlink(target, self.at(path)).unwrap();
    }
}
