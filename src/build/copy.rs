//! Copies of what a build left, while somebody may still be writing to it.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use nix::libc::{O_NOFOLLOW, O_NONBLOCK};

use crate::util::fs::{FsError, Operation, OutFile, PathContext, create_dir, create_symlink, entries};

/// What to do with what is neither file, directory nor symlink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    Refuse,
    LeaveOut,
}

/// Copies a file, symlink or tree to `to`, where nothing is yet: contents, targets, and who may execute.
pub fn copy(from: &Path, to: &Path, special: Special) -> Result<(), FsError> {
    let kind = fs::symlink_metadata(from).at(Operation::Inspect, from)?.file_type();
    if kind.is_dir() {
        create_dir(to, 0o777)?;
        for entry in entries(from)? {
            let name = entry?.file_name();
            copy(&from.join(&name), &to.join(&name), special)?;
        }
        Ok(())
    } else if kind.is_symlink() {
        let target = fs::read_link(from).at(Operation::Read, from)?;
        create_symlink(&target, to)
    } else if kind.is_file() || special == Special::Refuse {
        copy_file(from, to)
    } else {
        Ok(())
    }
}

/// What has taken the place of the file since it was looked at is neither followed nor waited for.
fn copy_file(from: &Path, to: &Path) -> Result<(), FsError> {
    let open = || -> io::Result<(File, u32)> {
        let file = OpenOptions::new().read(true).custom_flags(O_NOFOLLOW | O_NONBLOCK).open(from)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        Ok((file, metadata.permissions().mode() & 0o777))
    };
    let (mut source, mode) = open().at(Operation::Open, from)?;
    let mut copy = OutFile::create_new(to, mode | 0o600)?;
    io::copy(&mut source, &mut copy).at(Operation::Write, to)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_copy_has_contents_targets_and_modes_and_follows_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let (from, to) = (directory.path().join("from"), directory.path().join("to"));
        fs::create_dir_all(from.join("bin")).unwrap();
        fs::write(from.join("bin/tool"), "run").unwrap();
        fs::set_permissions(from.join("bin/tool"), fs::Permissions::from_mode(0o500)).unwrap();
        symlink("/etc", from.join("link")).unwrap();
        copy(&from, &to, Special::Refuse).unwrap();
        assert_eq!(fs::read_to_string(to.join("bin/tool")).unwrap(), "run");
        assert_eq!(fs::metadata(to.join("bin/tool")).unwrap().permissions().mode() & 0o100, 0o100);
        assert_eq!(fs::read_link(to.join("link")).unwrap(), Path::new("/etc"));
    }

    #[test]
    fn what_is_special_is_left_out_or_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let (from, to) = (directory.path().join("from"), directory.path().join("to"));
        fs::create_dir(&from).unwrap();
        nix::unistd::mkfifo(&from.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(copy(&from, &to, Special::Refuse).is_err());
        copy(&from, &directory.path().join("other"), Special::LeaveOut).unwrap();
        assert!(!directory.path().join("other/pipe").exists());
    }
}
