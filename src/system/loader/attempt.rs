//! Booting a generation once: `/frx/var/fruix/boot/try`.
//!
//! The file holds `armed N`. The loader overwrites that by `spent N`, in its place, before it loads the kernel of
//! generation N, and boots it; the next boot is the current generation again. What makes N the current one is that it
//! gets ready: `fruix_ready` sees the word `spent`, switches, and removes the file. So both words have five letters, and
//! lie in one sector of the disk.

use std::io;

use crate::store::Layout;
use crate::util::fs::{FsError, create_dir_all, read, remove_file, sync_dir, write_atomic};

/// Where it lies, below `/frx/var/fruix`.
pub const FILE: &str = "boot/try";

/// A generation that is, or was, to be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Its number.
    pub generation: u32,
    /// Whether the loader has started it. It is not ready yet, then, or never will be.
    pub is_spent: bool,
}

impl Attempt {
    /// The attempt that is pending, or was made and has not succeeded. A file that is damaged is none to the loader, and
    /// none here.
    pub fn read(layout: &Layout) -> Result<Option<Self>, FsError> {
        match read(&layout.var_dir().join(FILE)) {
            Ok(text) => Ok(str::from_utf8(&text).ok().and_then(Self::parse)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Has the next boot be that of a generation; only that one. Once this returns, that outlasts a loss of power.
    pub fn arm(layout: &Layout, generation: u32) -> Result<(), FsError> {
        let path = layout.var_dir().join(FILE);
        create_dir_all(&layout.boot_dir())?;
        write_atomic(&path, format!("armed {generation}\n").as_bytes(), true)?;
        // The directory may be new.
        sync_dir(&layout.var_dir())
    }

    /// Has the next boot be that of the current generation, whatever was to be tried. Once this returns, that outlasts a
    /// loss of power: otherwise the next boot might try what the user has just turned away from.
    pub fn cancel(layout: &Layout) -> Result<(), FsError> {
        match remove_file(&layout.var_dir().join(FILE)) {
            Ok(()) => sync_dir(&layout.boot_dir()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (word, generation) = text.strip_suffix('\n')?.split_once(' ')?;
        let is_spent = match word {
            "armed" => false,
            "spent" => true,
            _ => return None,
        };
        Some(Self { generation: generation.parse().ok()?, is_spent })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_attempt_is_armed_spent_and_cancelled() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(root.path()).unwrap();
        assert_eq!(Attempt::read(&layout).unwrap(), None);
        Attempt::arm(&layout, 12).unwrap();
        assert_eq!(Attempt::read(&layout).unwrap(), Some(Attempt { generation: 12, is_spent: false }));

        let path = root.path().join("frx/var/fruix/boot/try");
        let armed = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("spent{}", &armed[5..])).unwrap();
        assert_eq!(Attempt::read(&layout).unwrap(), Some(Attempt { generation: 12, is_spent: true }));

        fs::write(&path, "spe\0\0").unwrap();
        assert_eq!(Attempt::read(&layout).unwrap(), None);
        Attempt::cancel(&layout).unwrap();
        Attempt::cancel(&layout).unwrap();
        assert!(!path.exists());
    }
}
