//! Copies of what a build left, while somebody may still be writing to it.

use std::{fs::File, io, os::unix::fs::PermissionsExt, path::Path};

use crate::util::fs::{
    FileKind, FsError, Operation, OutFile, PathContext, Visited, below, create_dir, create_symlink, visit,
};

/// What to do with what is neither file, directory nor symlink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    Refuse,
    LeaveOut,
}

/// Copies a file, symlink or tree to `to`, where nothing is yet: contents, targets, and who may execute. Whatever takes
/// the place of something since it was looked at, no link in the tree is followed.
pub fn copy(from: &Path, to: &Path, special: Special) -> Result<(), FsError> {
    visit(from, |Visited { directory, name, place, status }| {
        let (read, written) = (|| below(from, place), below(to, place));
        match status.kind {
            FileKind::Directory => create_dir(&written, 0o777),
            FileKind::Symlink => {
                let target = directory.read_link(name).at_place(Operation::Read, read)?;
                create_symlink(Path::new(&target), &written)
            }
            FileKind::Other(_) if special == Special::LeaveOut => Ok(()),
            FileKind::File | FileKind::Other(_) => {
                let (file, metadata) = directory.open_regular_file(name).at_place(Operation::Open, read)?;
                copy_file(file, metadata.permissions().mode(), &written)
            }
        }
    })
}

fn copy_file(mut source: File, mode: u32, to: &Path) -> Result<(), FsError> {
    let mut copy = OutFile::create_new(to, mode & 0o777 | 0o600)?;
    io::copy(&mut source, &mut copy).at(Operation::Write, to)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

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
    fn a_link_that_takes_the_place_of_a_directory_meanwhile_is_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let (from, outside) = (directory.path().join("from"), directory.path().join("outside"));
        fs::create_dir_all(from.join("own")).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("secret"), "").unwrap();
        let (own, aside, link) =
            (from.join("own"), directory.path().join("aside"), directory.path().join("l"));
        symlink(&outside, &link).unwrap();
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    fs::rename(&own, &aside).unwrap();
                    fs::rename(&link, &own).unwrap();
                    fs::rename(&own, &link).unwrap();
                    fs::rename(&aside, &own).unwrap();
                }
            });
            let leaks = (0..500).filter(|number| {
                let to = directory.path().join(format!("to-{number}"));
                // What is gone when its turn comes is an error.
                let _ = copy(&from, &to, Special::Refuse);
                let copied = to.join("own");
                !copied.is_symlink() && copied.join("secret").exists()
            });
            let leaks = leaks.count();
            done.store(true, Ordering::Relaxed);
            assert_eq!(leaks, 0);
        });
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
