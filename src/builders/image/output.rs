//! How an image comes to lie under its name: under another one until it is complete, and at once.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg};

use super::container::{self, Disk, Format, Source, SourceError};
use super::error::ImageError;
use super::{gpt, writer};
use crate::util::fs::{Unfinished, directory_of, remove_file, set_len, set_open_mode, sync_data, sync_dir};

/// How the names of images begin that are not complete. Their writers hold a lock on them.
const UNFINISHED: &str = ".fruix-image-";

/// How an image is written.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    /// What kind of file holds the disk.
    pub format: Format,
    /// It gets its name only when all of it is on the medium, for whoever takes it on trust later. That takes longer
    /// than all the rest together. Else the system brings it there when it sees fit, as with any file: after a loss
    /// of power it may be there with holes in it.
    pub durable: bool,
    /// Nobody may write to it. Else the umask decides, as for any new file.
    pub read_only: bool,
    /// Whether to give up, asked now and then.
    pub interrupted: &'a (dyn Fn() -> bool + Sync),
}

impl Default for Manner<'_> {
    fn default() -> Self {
        Self { format: Format::Raw, durable: false, read_only: false, interrupted: &|| false }
    }
}

/// Fails if no image can be written to `out`: before the work of making one.
pub fn check(out: &Path) -> Result<(), ImageError> {
    let out = target(out)?;
    fs::metadata(directory_of(&out)).map(drop).map_err(|source| ImageError::Create { path: out, source })
}

/// Whether a whole image is at `path`, as far as its length tells: all that its own tables name is there, and the disk
/// is as large as its partition table says.
pub fn is_whole(path: &Path) -> io::Result<bool> {
    let read = Source::open(path).and_then(|disk| {
        let table = disk.partition_table()?;
        Ok(table.and_then(|header| gpt::disk_size(&header)) == Some(disk.size()))
    });
    match read {
        Ok(whole) => Ok(whole),
        Err(SourceError::Read { source, .. }) => Err(source),
        Err(_) => Ok(false),
    }
}

/// Removes what writers that were killed have left in a directory.
pub fn sweep(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            continue;
        }
        let path = entry.path();
        let lock = File::open(&path).map(|file| Flock::lock(file, FlockArg::LockExclusiveNonblock));
        // One that is locked is being written, and one that cannot be opened is another user's.
        if let Ok(Ok(_lock)) = lock {
            remove_file(&path).map_err(|error| error.error)?;
        }
    }
    Ok(())
}

/// Writes the disk to a file at `out`.
pub fn write(disk: Disk, out: &Path, manner: &Manner<'_>) -> Result<(), ImageError> {
    let out = &target(out)?;
    let container::File { length, extents } = container::lower(disk, manner.format, out)?;
    let failed = |source| ImageError::write(out, source);
    let (mut unfinished, _lock) = unfinished(out)?;
    let file = unfinished.file().file();
    set_len(file, length).map_err(failed)?;
    writer::write(extents, file, out, manner.interrupted)?;
    if manner.read_only {
        set_open_mode(file, 0o444).map_err(failed)?;
    }
    if manner.durable {
        sync_data(file).map_err(failed)?;
    }
    unfinished.persist(out).map_err(|error| ImageError::Rename { path: out.clone(), source: error.error })?;
    if manner.durable {
        // Without it the name could vanish, or a part of what was there before come back.
        sync_dir(directory_of(out)).map_err(|error| failed(error.error))?;
    }
    Ok(())
}

/// A new file beside `out`, and the lock on it; where the file system knows no locks, there is none.
fn unfinished(out: &Path) -> Result<(Unfinished, Option<Flock<File>>), ImageError> {
    let create = |source| ImageError::Create { path: out.to_owned(), source };
    let directory = directory_of(out);
    // Says that the directory is missing without naming the temporary file.
    fs::metadata(directory).map_err(create)?;
    loop {
        let mut unfinished =
            Unfinished::beside(out, UNFINISHED, 0o666).map_err(|error| create(error.error))?;
        let file = unfinished.file().file();
        let lock = Flock::lock(file.try_clone().map_err(create)?, FlockArg::LockExclusive).ok();
        // Another process may have swept it away before it was locked.
        if file.metadata().map_err(create)?.nlink() > 0 {
            return Ok((unfinished, lock));
        }
    }
}

/// The file that `out` is or leads to: links stay, and nothing but a regular file is replaced.
fn target(out: &Path) -> Result<PathBuf, ImageError> {
    /// As many links as Linux follows.
    const LINKS: usize = 40;
    let examine = |source| ImageError::Create { path: out.to_owned(), source };
    let mut path = out.to_owned();
    for _ in 0..LINKS {
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path),
            Err(source) => return Err(examine(source)),
            Ok(found) if found.is_file() => return Ok(path),
            Ok(found) if found.is_symlink() => {
                path = directory_of(&path).join(fs::read_link(&path).map_err(examine)?);
            }
            Ok(_) => return Err(ImageError::NotAFile { path }),
        }
    }
    Err(examine(nix::errno::Errno::ELOOP.into()))
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::builders::image::Seed;

    fn written(out: &Path, manner: &Manner<'_>) -> Result<(), ImageError> {
        let extents = gpt::extents(1 << 20, [0; 16], &[]);
        write(Disk { size: 1 << 20, extents, seed: &Seed::from_text("a") }, out, manner)
    }

    #[test]
    fn links_stay_and_only_files_are_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        symlink("second", at("first")).unwrap();
        symlink("disk.img", at("second")).unwrap();
        for _ in 0..2 {
            written(&at("first"), &Manner::default()).unwrap();
            assert!(at("first").is_symlink() && at("second").is_symlink());
            assert!(is_whole(&at("disk.img")).unwrap());
        }
        symlink("/dev/null", at("null")).unwrap();
        symlink("loop", at("loop")).unwrap();
        for name in ["null", "/dev/null", ".", "loop"] {
            let out = at(name);
            check(&out).unwrap_err();
            written(&out, &Manner::default()).unwrap_err();
        }
        assert!(
            matches!(check(&at("null")), Err(ImageError::NotAFile { path }) if path == Path::new("/dev/null"))
        );
        assert!(matches!(check(Path::new("/nowhere/disk.img")), Err(ImageError::Create { .. })));
    }

    #[test]
    fn an_interrupted_image_leaves_what_was_there() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("disk.img");
        fs::write(&out, "before").unwrap();
        let error = written(&out, &Manner { interrupted: &|| true, ..Manner::default() }).unwrap_err();
        assert!(matches!(error, ImageError::Interrupted { .. }), "{error}");
        assert_eq!(fs::read(&out).unwrap(), b"before");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_writer_left_is_swept_and_what_is_being_written_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let left = directory.path().join(".fruix-image-dead");
        fs::write(&left, "half").unwrap();
        let (mut writing, _lock) = unfinished(&directory.path().join("disk.img")).unwrap();
        sweep(directory.path()).unwrap();
        assert!(!left.exists() && writing.file().path().exists());
    }

    #[test]
    fn an_image_that_was_cut_off_is_not_whole() {
        let directory = tempfile::tempdir().unwrap();
        for format in Format::NAMED {
            let out = directory.path().join(format.name());
            written(&out, &Manner { format, durable: true, read_only: true, ..Manner::default() }).unwrap();
            assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o444);
            assert!(is_whole(&out).unwrap(), "{format:?}");
            let whole = fs::metadata(&out).unwrap().len();
            for length in [whole - 512, 600, 0] {
                fs::set_permissions(&out, Permissions::from_mode(0o644)).unwrap();
                File::options().write(true).open(&out).unwrap().set_len(length).unwrap();
                assert!(!is_whole(&out).unwrap(), "{format:?} of {length} bytes");
            }
        }
    }
}
