//! A small disk of a test's own.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system in memory, as long as it lives.
pub struct SmallDisk {
    place: PathBuf,
}

impl SmallDisk {
    /// Nothing where this user may not mount one.
    pub fn at(place: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(place).expect("create");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size},mode=755"), "none"]).arg(place);
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        is_mounted.then(|| SmallDisk { place: place.to_owned() })
    }

    /// Fills it to the last byte.
    pub fn fill(&self) {
        let mut file = fs::File::create(self.place.join("filler")).expect("create");
        for size in [1 << 20, 1 << 12, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.place).status();
        assert!(unmounted.is_ok_and(|status| status.success()), "{} stays mounted", self.place.display());
    }
}
