//! Files and links that get their name when they are whole: what has the name before stays until then, whatever
//! happens.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::{
    FsError, Operation, OutFile, PathContext as _, create_symlink, directory_of, remove_file, rename,
    set_open_mode, set_open_owner, sync, sync_dir,
};

/// What the names of files begin with that are being written beside those they will replace.
pub const TEMPORARY_PREFIX: &str = ".new-";

/// A file that is being written, under a name of its own beside the one it will have. It is removed unless it gets that.
#[derive(Debug)]
pub struct Unfinished {
    file: OutFile,
    is_finished: bool,
}

impl Unfinished {
    /// Makes an empty file beside `target`, whose name begins with `prefix`, with the permissions `mode` less those of
    /// the umask.
    pub fn beside(target: &Path, prefix: &str, mode: u32) -> Result<Self, FsError> {
        let create = |path: &Path| OutFile::create_new(path, mode);
        let file = with_fresh_name(directory_of(target), prefix.as_ref(), create)?;
        Ok(Unfinished { file, is_finished: false })
    }

    /// The file, to be written to.
    pub fn file(&mut self) -> &mut OutFile {
        &mut self.file
    }

    /// Gives the file its name, in place of what has it.
    pub fn persist(mut self, target: &Path) -> Result<(), FsError> {
        rename(self.file.path(), target)?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.is_finished {
            return;
        }
        // That it stays is less of a trouble than what kept it from being finished.
        if let Err(error) = remove_file(self.file.path()) {
            tracing::debug!("an unfinished file stays: {error}");
        }
    }
}

/// Makes something under a name in `directory` that nothing has.
pub fn with_fresh_name<T>(
    directory: &Path,
    prefix: &OsStr,
    make: impl Fn(&Path) -> Result<T, FsError>,
) -> Result<T, FsError> {
    loop {
        let mut name = prefix.to_owned();
        name.push(random_name());
        match make(&directory.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made,
        }
    }
}

/// Sixteen hexadecimal digits that nobody guesses.
pub fn random_name() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    // The keys of a `RandomState` come from the system's random numbers.
    format!("{:016x}", RandomState::new().hash_one(0))
}

/// Replaces a file by `contents`: readers, and whoever comes after a crash, see the old or the new file whole.
/// With `durable`, the new one is on disk before this returns.
pub fn write_atomic(path: &Path, contents: &[u8], durable: bool) -> Result<(), FsError> {
    let mut file = Unfinished::beside(path, TEMPORARY_PREFIX, 0o644)?;
    file.file().write_all(contents).at(Operation::Write, path)?;
    if durable {
        sync(file.file().file()).at(Operation::Sync, path)?;
    }
    file.persist(path)?;
    if durable { sync_dir(directory_of(path)) } else { Ok(()) }
}

/// Replaces what a file holds, in one step as [`write_atomic`] does, and keeps whose it is and who may use it. Where
/// `path` is a symbolic link, it stays one: what it leads to is replaced.
pub fn replace_contents(path: &Path, contents: &[u8]) -> Result<(), FsError> {
    let path = &path.canonicalize().at(Operation::Open, path)?;
    let before = fs::metadata(path).at(Operation::Inspect, path)?;
    let mut new = Unfinished::beside(path, TEMPORARY_PREFIX, 0o600)?;
    new.file().write_all(contents).at(Operation::Write, path)?;
    let file = new.file().file();
    let after = file.metadata().at(Operation::Inspect, path)?;
    if (before.uid(), before.gid()) != (after.uid(), after.gid()) {
        set_open_owner(file, before.uid(), before.gid()).at(Operation::SetMode, path)?;
    }
    set_open_mode(file, before.permissions().mode()).at(Operation::SetMode, path)?;
    new.persist(path)
}

/// Makes `link` a symbolic link to `target`, in one step where it was one before, and durable.
pub fn replace_symlink(target: &Path, link: &Path) -> Result<(), FsError> {
    let directory = directory_of(link);
    let temporary = with_fresh_name(directory, TEMPORARY_PREFIX.as_ref(), |path| {
        create_symlink(target, path)?;
        Ok(path.to_owned())
    })?;
    if let Err(error) = rename(&temporary, link) {
        if let Err(error) = remove_file(&temporary) {
            tracing::debug!("an unfinished link stays: {error}");
        }
        return Err(error);
    }
    sync_dir(directory)
}
