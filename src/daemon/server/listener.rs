//! The socket that clients connect to.

use std::fs;
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileTypeExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use miette::Diagnostic;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use thiserror::Error;

use crate::store::Layout;
use crate::util::fs::{FsError, create_dir_all, directory_of, remove_file, set_mode};
use crate::util::lock::FileLock;

/// How often a daemon that nobody connects to looks whether it shall end, in milliseconds.
const TICK: u8 = 200;

/// How long it waits when it can take no further connection.
const PAUSE: Duration = Duration::from_millis(200);

/// Anyone may connect: the kernel says who it is.
const MODE: u32 = 0o666;

/// Why a daemon cannot listen.
#[derive(Debug, Error, Diagnostic)]
pub enum ListenError {
    #[error("a daemon of this store runs already")]
    #[diagnostic(help("stop that one first; `fruix daemon` ends on SIGTERM"))]
    Running,

    #[error("`{}` is in the way: it is no socket", path.display())]
    #[diagnostic(help("move it away, or name another place with --socket"))]
    NotASocket { path: PathBuf },

    #[error("cannot listen at `{}`: {error}", path.display())]
    #[diagnostic(help("such a path has at most about 100 bytes; name another one with --socket"))]
    Bind { path: PathBuf, error: io::Error },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
}

/// A socket that is listened on. One that was made here goes when this is dropped.
#[derive(Debug)]
pub struct Listener {
    listener: UnixListener,
    /// The socket that was made.
    path: Option<PathBuf>,
    /// That this is the one daemon of the store.
    _lock: FileLock,
}

impl Listener {
    /// Listens for clients of the store: on the socket that was passed, or at `path`.
    pub fn new(layout: &Layout, passed: Option<UnixListener>, path: &Path) -> Result<Self, ListenError> {
        let lock = layout.var_dir().join("daemon.lock");
        create_dir_all(directory_of(&lock))?;
        let lock = FileLock::try_acquire(&lock)?.ok_or(ListenError::Running)?;
        let (listener, path) = match passed {
            Some(listener) => (listener, None),
            None => (bind(path)?, Some(path.to_owned())),
        };
        let failed = |error| ListenError::Bind { path: path.clone().unwrap_or_default(), error };
        listener.set_nonblocking(true).map_err(failed)?;
        Ok(Self { listener, path, _lock: lock })
    }

    /// The next connection; none if none comes soon.
    pub fn accept(&self) -> Option<UnixStream> {
        let mut fds = [PollFd::new(self.listener.as_fd(), PollFlags::POLLIN)];
        // An error is a signal that came, which the caller looks for.
        if !matches!(poll(&mut fds, PollTimeout::from(TICK)), Ok(1)) {
            return None;
        }
        match self.listener.accept() {
            Ok((stream, _)) => Some(stream),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(error) => {
                tracing::warn!("cannot take a connection: {error}");
                thread::sleep(PAUSE);
                None
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // If it is gone already, that is what was wanted.
            let _ = remove_file(path);
        }
    }
}

/// Makes the socket. One that is there belongs to a daemon that died: the lock says that none runs.
fn bind(path: &Path) -> Result<UnixListener, ListenError> {
    create_dir_all(directory_of(path))?;
    match fs::symlink_metadata(path) {
        Ok(there) if there.file_type().is_socket() => {
            remove_file(path)?;
        }
        Ok(_) => return Err(ListenError::NotASocket { path: path.to_owned() }),
        Err(_) => {}
    }
    let listener =
        UnixListener::bind(path).map_err(|error| ListenError::Bind { path: path.to_owned(), error })?;
    set_mode(path, MODE)?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn one_daemon_listens_and_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::new(directory.path()).unwrap();
        let socket = crate::daemon::socket(&layout);
        let listener = Listener::new(&layout, None, &socket).unwrap();
        assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, MODE);
        assert!(matches!(Listener::new(&layout, None, &socket), Err(ListenError::Running)));
        let client = UnixStream::connect(&socket).unwrap();
        assert!(listener.accept().is_some());
        drop((client, listener));
        assert!(!socket.exists());
        // A socket that a daemon left which died is in nobody's way, a file is.
        drop(UnixListener::bind(&socket).unwrap());
        drop(Listener::new(&layout, None, &socket).unwrap());
        fs::write(&socket, "").unwrap();
        let refused = Listener::new(&layout, None, &socket);
        assert!(matches!(refused, Err(ListenError::NotASocket { .. })));
    }
}
