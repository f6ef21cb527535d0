//! Jails by `jail_set(2)` and its relatives.

use std::{
    ffi::{CStr, CString, OsStr},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use nix::{errno::Errno, libc};

use super::super::{Network, SysError};

/// How long the processes of a jail that is being removed may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is looked whether they have.
const POLL: Duration = Duration::from_millis(2);

/// What the kernel may say about a parameter it refuses, in bytes.
const MESSAGE: usize = 256;

/// The longest path of a jail's root (`MAXPATHLEN`).
const LONGEST_PATH: usize = 1024;

/// Names and values, as `jail_set` and `jail_get` take them.
#[derive(Default)]
struct Parameters {
    owned: Vec<(CString, Vec<u8>)>,
}

impl Parameters {
    fn text(mut self, name: &CStr, value: &OsStr) -> Result<Self, SysError> {
        let value = CString::new(value.as_bytes())
            .map_err(|_| SysError::Call { what: "name a jail with a NUL byte", errno: Errno::EINVAL })?;
        self.owned.push((name.to_owned(), value.into_bytes_with_nul()));
        Ok(self)
    }

    fn number(mut self, name: &CStr, value: libc::c_int) -> Self {
        self.owned.push((name.to_owned(), value.to_ne_bytes().to_vec()));
        self
    }

    fn flag(mut self, name: &CStr) -> Self {
        self.owned.push((name.to_owned(), Vec::new()));
        self
    }

    /// Space for a value that the kernel writes.
    fn room(mut self, name: &CStr, size: usize) -> Self {
        self.owned.push((name.to_owned(), vec![0; size]));
        self
    }

    fn vectors(&mut self) -> Vec<libc::iovec> {
        let vector = |base: *mut u8, length| libc::iovec { iov_base: base.cast(), iov_len: length };
        self.owned
            .iter_mut()
            .flat_map(|(name, value)| {
                let name = name.as_bytes_with_nul();
                let value = if value.is_empty() {
                    vector(std::ptr::null_mut(), 0)
                } else {
                    vector(value.as_mut_ptr(), value.len())
                };
                // The kernel only reads names.
                [vector(name.as_ptr().cast_mut(), name.len()), value]
            })
            .collect()
    }

    fn value(&self, name: &CStr) -> &[u8] {
        self.owned.iter().find(|(other, _)| other.as_c_str() == name).map_or(&[], |(_, value)| value)
    }
}

/// Makes a jail with this root and enters it, with this process alone. It is gone when its last process is.
pub fn enter(root: &Path, host_name: &str, network: Network) -> Result<(), SysError> {
    let addresses = match network {
        Network::None => libc::JAIL_SYS_DISABLE,
        Network::Host => libc::JAIL_SYS_INHERIT,
    };
    let mut parameters = Parameters::default()
        .text(c"path", root.as_os_str())?
        .text(c"host.hostname", host_name.as_ref())?
        .number(c"ip4", addresses)
        .number(c"ip6", addresses)
        .number(c"sysvmsg", libc::JAIL_SYS_NEW)
        .number(c"sysvsem", libc::JAIL_SYS_NEW)
        .number(c"sysvshm", libc::JAIL_SYS_NEW)
        .number(c"children.max", 0)
        // The sandbox sees the mount of its root, and no other.
        .number(c"enforce_statfs", 2)
        .flag(c"allow.noset_hostname")
        .flag(c"allow.noraw_sockets")
        .flag(c"allow.noread_msgbuf")
        .room(c"errmsg", MESSAGE);
    let mut vectors = parameters.vectors();
    // SAFETY: every vector points into `parameters`, which lives on; the kernel writes `errmsg` alone, within its length.
    let result = unsafe {
        let count = vectors.len() as libc::c_uint;
        libc::jail_set(vectors.as_mut_ptr(), count, libc::JAIL_CREATE | libc::JAIL_ATTACH)
    };
    Errno::result(result).map(drop).map_err(|errno| {
        let message = CStr::from_bytes_until_nul(parameters.value(c"errmsg"))
            .map(CStr::to_string_lossy)
            .unwrap_or_default()
            .into_owned();
        SysError::Jail { root: root.to_owned(), errno, message }
    })
}

/// Ends the jails whose roots are at or below `directory`, and waits until their processes are gone.
pub fn end_below(directory: &Path) -> Result<(), SysError> {
    let started = Instant::now();
    loop {
        let left = list()?.into_iter().filter(|(_, root)| root.starts_with(directory)).collect::<Vec<_>>();
        let Some((_, root)) = left.first() else { return Ok(()) };
        if started.elapsed() > PATIENCE {
            return Err(SysError::at("end the jail at", root)(Errno::EBUSY));
        }
        for (jail, root) in &left {
            // SAFETY: takes a number alone.
            match Errno::result(unsafe { libc::jail_remove(*jail) }) {
                // Gone, or dying already.
                Ok(_) | Err(Errno::EINVAL) => {}
                Err(errno) => return Err(SysError::at("end the jail at", root)(errno)),
            }
        }
        thread::sleep(POLL);
    }
}

/// The jails of the machine with their roots, those included whose processes are being ended.
fn list() -> Result<Vec<(libc::c_int, PathBuf)>, SysError> {
    let mut jails = Vec::new();
    let mut last = 0;
    loop {
        let mut parameters = Parameters::default().number(c"lastjid", last).room(c"path", LONGEST_PATH);
        let mut vectors = parameters.vectors();
        // SAFETY: every vector points into `parameters`; the kernel writes `path` alone, within its length.
        let jail =
            unsafe { libc::jail_get(vectors.as_mut_ptr(), vectors.len() as libc::c_uint, libc::JAIL_DYING) };
        match Errno::result(jail) {
            Ok(jail) => {
                let path = parameters.value(c"path");
                let path = path.split(|byte| *byte == 0).next().unwrap_or_default();
                jails.push((jail, PathBuf::from(std::ffi::OsString::from_vec(path.to_vec()))));
                last = jail;
            }
            Err(Errno::ENOENT) => return Ok(jails),
            Err(errno) => return Err(SysError::Call { what: "list the jails", errno }),
        }
    }
}
