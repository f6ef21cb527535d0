//! Emptying a directory by one thread, with two directories open at a time, however deep the tree.

use std::ffi::OsString;

use nix::errno::Errno;

use super::{Contents, Directory, Status, open_directory, remove_name};

/// A directory that is being emptied.
struct Level {
    /// Its name in the directory above; empty for the topmost.
    name: OsString,
    /// Device and inode number, to know it by on the way back.
    identity: (u64, u64),
    /// The directories in it that are still to be removed. All else is.
    directories: Vec<OsString>,
}

/// Removes everything in a directory. On the way down the directories above are closed; the way up is `..`, which must
/// lead to where we came from: nobody may move what is being removed.
pub fn empty_deep(top: Directory) -> nix::Result<()> {
    let mut levels = vec![Level::enter(OsString::new(), &top)?];
    let mut here = top;
    while let Some(level) = levels.last_mut() {
        if let Some(name) = level.directories.pop() {
            here = open_directory(&here, &name)?;
            levels.push(Level::enter(name, &here)?);
            continue;
        }
        let Some((done, above)) = levels.pop().zip(levels.last()) else { return Ok(()) };
        here = here.open_directory("..".as_ref())?;
        if identity(&here.status()?) != above.identity {
            return Err(Errno::ESTALE);
        }
        remove_name(&here, &done.name, Directory::remove_directory)?;
    }
    Ok(())
}

impl Level {
    /// Removes what is in a directory but directories, and lists these.
    fn enter(name: OsString, directory: &Directory) -> nix::Result<Self> {
        let Contents { directories, files } = Contents::of(directory)?;
        for file in &files {
            remove_name(directory, file, Directory::remove)?;
        }
        Ok(Level { name, identity: identity(&directory.status()?), directories })
    }
}

fn identity(status: &Status) -> (u64, u64) {
    (status.device, status.inode)
}
