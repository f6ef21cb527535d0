//! Linux: `/proc`.

use std::fs;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{OFlag, open, openat};
use nix::sys::stat::{Mode, fstat};
use nix::unistd::geteuid;

use super::{ProcessError, ProcessTable, Trace};

/// What is a link to a file that the process uses.
const LINKS: [&str; 3] = ["exe", "cwd", "root"];

/// What is a text that names files the process uses.
const TEXTS: [&str; 2] = ["maps", "environ"];

/// So many directories deep, a name is never longer than a page: each may have 255 bytes, and a slash.
const SURE_DEPTH: usize = 15;

const DIRECTORY: OFlag = OFlag::O_DIRECTORY.union(OFlag::O_CLOEXEC);

/// The processes below a directory like `/proc`.
pub struct Procfs {
    directory: PathBuf,
}

impl Procfs {
    pub fn new() -> Self {
        Procfs { directory: PathBuf::from("/proc") }
    }
}

impl ProcessTable for Procfs {
    fn read(&self, each: &mut dyn FnMut(Trace<'_>)) -> Result<(), ProcessError> {
        let list = |error| ProcessError::List { path: self.directory.clone(), error };
        let mut seen = false;
        for entry in fs::read_dir(&self.directory).map_err(list)? {
            let name = entry.map_err(list)?.file_name();
            let Some(process) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
            seen = true;
            self.read_process(process, &self.directory.join(name), each)?;
        }
        // This process, at least, is there.
        if seen { Ok(()) } else { Err(list(io::Error::new(io::ErrorKind::NotFound, "it lists none"))) }
    }
}

impl Procfs {
    fn read_process(
        &self,
        process: u32,
        directory: &Path,
        each: &mut dyn FnMut(Trace<'_>),
    ) -> Result<(), ProcessError> {
        let told = |path: &Path, error| match self.is_no_fault(directory, path, &error) {
            true => Ok(()),
            false => Err(ProcessError::Process { process, path: path.to_owned(), error }),
        };
        for what in LINKS {
            let path = directory.join(what);
            match named(&path) {
                Ok(target) => each(Trace { process, what, text: target.as_os_str().as_bytes() }),
                Err(error) => told(&path, error)?,
            }
        }
        for what in TEXTS {
            let path = directory.join(what);
            match fs::read(&path) {
                Ok(text) => each(Trace { process, what, text: &text }),
                Err(error) => told(&path, error)?,
            }
        }
        let files = directory.join("fd");
        let entries = match fs::read_dir(&files) {
            Ok(entries) => entries,
            Err(error) => return told(&files, error),
        };
        for entry in entries {
            let target = entry.and_then(|entry| named(&entry.path()));
            match target {
                Ok(target) => each(Trace { process, what: "fd", text: target.as_os_str().as_bytes() }),
                Err(error) => told(&files, error)?,
            }
        }
        Ok(())
    }

    /// Whether what could not be read belongs to a process that has ended, or to one that the kernel keeps from this one: of
    /// another user, or with capabilities that this one lacks, as the first process of a machine has whose other processes
    /// are held in. Whose it is says the owner of the files that describe it, which is root where the kernel guards it.
    fn is_no_fault(&self, directory: &Path, path: &Path, error: &io::Error) -> bool {
        match error.raw_os_error().map(Errno::from_raw) {
            Some(Errno::ENOENT | Errno::ESRCH) => true,
            Some(Errno::EACCES | Errno::EPERM) => match fs::symlink_metadata(path) {
                Ok(metadata) => {
                    let own = capabilities(&self.directory.join("self"));
                    let lacks = |other| own.is_some_and(|own| other & !own != 0);
                    metadata.uid() != geteuid().as_raw() || capabilities(directory).is_some_and(lacks)
                }
                Err(error) => error.kind() == io::ErrorKind::NotFound,
            },
            _ => false,
        }
    }
}

/// What a link says; or, since the kernel says no name of more than a page, what a directory is called that lies above it,
/// [`SURE_DEPTH`] below the root. A file whose name is too long has none: whoever has it open needs no name.
fn named(link: &Path) -> io::Result<PathBuf> {
    match fs::read_link(link) {
        Err(error) if error.raw_os_error() == Some(Errno::ENAMETOOLONG as i32) => {}
        result => return result,
    }
    let bottom = match open(link, DIRECTORY, Mode::empty()) {
        Err(Errno::ENOTDIR) => return Ok(PathBuf::new()),
        directory => directory?,
    };
    let (depth, _) = ascend(bottom.try_clone()?, usize::MAX)?;
    let (_, above) = ascend(bottom, depth.saturating_sub(SURE_DEPTH))?;
    fs::read_link(format!("/proc/self/fd/{}", above.as_raw_fd()))
}

/// Goes up so many directories, or to the root. Tells how many, and where that is.
fn ascend(mut here: OwnedFd, most: usize) -> nix::Result<(usize, OwnedFd)> {
    let identity = |directory: &OwnedFd| fstat(directory).map(|status| (status.st_dev, status.st_ino));
    for level in 0..most {
        let above = openat(&here, "..", DIRECTORY, Mode::empty())?;
        if identity(&above)? == identity(&here)? {
            return Ok((level, here));
        }
        here = above;
    }
    Ok((most, here))
}

/// What a process may do beyond its user's rights, of which everybody is told.
fn capabilities(directory: &Path) -> Option<u64> {
    let status = fs::read_to_string(directory.join("status")).ok()?;
    let permitted = status.lines().find_map(|line| line.strip_prefix("CapPrm:"))?;
    u64::from_str_radix(permitted.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn read(table: &Procfs) -> Result<Vec<(u32, String, Vec<u8>)>, ProcessError> {
        let mut traces = Vec::new();
        table
            .read(&mut |trace| traces.push((trace.process, trace.what.to_owned(), trace.text.to_owned())))?;
        traces.sort();
        Ok(traces)
    }

    #[test]
    fn every_text_of_a_process_is_told() {
        let proc = tempfile::tempdir().unwrap();
        let table = Procfs { directory: proc.path().to_owned() };
        assert!(matches!(read(&table), Err(ProcessError::List { .. })), "no process at all cannot be");
        let process = proc.path().join("17");
        fs::create_dir_all(process.join("fd")).unwrap();
        fs::create_dir(proc.path().join("sys")).unwrap();
        for (link, target) in [("exe", "/a"), ("root", "/"), ("fd/0", "/b")] {
            symlink(target, process.join(link)).unwrap();
        }
        fs::write(process.join("environ"), b"X=\xff\0").unwrap();
        let expected: [(u32, &str, &[u8]); 4] =
            [(17, "environ", b"X=\xff\0"), (17, "exe", b"/a"), (17, "fd", b"/b"), (17, "root", b"/")];
        let expected = expected.map(|(process, what, text)| (process, what.to_owned(), text.to_owned()));
        assert_eq!(read(&table).unwrap(), expected, "and what has gone meanwhile is none");
    }

    #[test]
    fn what_cannot_be_read_of_a_process_of_ours_is_an_error() {
        let proc = tempfile::tempdir().unwrap();
        let environ = proc.path().join("17/environ");
        // A directory where a text should be: an error that has nothing to do with rights.
        fs::create_dir_all(&environ).unwrap();
        let table = Procfs { directory: proc.path().to_owned() };
        assert!(matches!(read(&table), Err(ProcessError::Process { process: 17, .. })));
        if !geteuid().is_root() {
            fs::remove_dir(&environ).unwrap();
            fs::write(&environ, "").unwrap();
            fs::set_permissions(&environ, fs::Permissions::from_mode(0o000)).unwrap();
            assert!(matches!(read(&table), Err(ProcessError::Process { process: 17, .. })));
        }
    }

    #[test]
    fn who_has_more_rights_may_keep_a_secret() {
        let proc = tempfile::tempdir().unwrap();
        let table = Procfs { directory: proc.path().to_owned() };
        let denied = io::Error::from(Errno::EACCES);
        let process = proc.path().join("1");
        for (directory, rights) in [(&proc.path().join("self"), "0f"), (&process, "1f")] {
            fs::create_dir(directory).unwrap();
            fs::write(directory.join("status"), format!("Name:\tx\nCapPrm:\t{rights}\n")).unwrap();
        }
        let exe = process.join("exe");
        symlink("/", &exe).unwrap();
        assert!(table.is_no_fault(&process, &exe, &denied));
        fs::write(process.join("status"), "CapPrm:\t07\n").unwrap();
        assert!(!table.is_no_fault(&process, &exe, &denied));
        assert!(table.is_no_fault(&process, &process.join("gone"), &denied));
        assert!(!table.is_no_fault(&process, &exe, &Errno::EIO.into()));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_too_long_is_cut_short() {
        let directory = tempfile::tempdir().unwrap();
        let mut here = open(directory.path(), OFlag::O_DIRECTORY, Mode::empty()).unwrap();
        let name = "a-name-of-some-length".repeat(10);
        for _ in 0..30 {
            nix::sys::stat::mkdirat(&here, name.as_str(), Mode::S_IRWXU).unwrap();
            here = openat(&here, name.as_str(), OFlag::O_DIRECTORY, Mode::empty()).unwrap();
        }
        let link = PathBuf::from(format!("/proc/self/fd/{}", here.as_raw_fd()));
        assert!(fs::read_link(&link).is_err());
        let above = named(&link).unwrap();
        assert!(above.starts_with(directory.path().join(&name)), "{}", above.display());
        crate::util::fs::remove_tree(directory.path()).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_among_those_of_this_machine() {
        let program = std::env::current_exe().unwrap();
        let traces = read(&Procfs::new()).unwrap();
        let own = traces.iter().find(|(process, what, _)| *process == std::process::id() && what == "exe");
        assert_eq!(own.unwrap().2, program.as_os_str().as_bytes());
    }
}
