//! Isolation by FreeBSD's jails, whose root is made of nullfs mounts. Needs root, and nullfs in the kernel.
//!
//! | Linux | here |
//! |---|---|
//! | a mount of its own, sealed | the skeleton's directories are root's, which no build is |
//! | bind mounts of trees | nullfs, read-only for inputs, never with set-user-ID programs |
//! | bind mounts of files | copies: nullfs shows files only since FreeBSD 14 |
//! | devices shown one by one | devfs under a ruleset that hides the rest |
//! | namespaces of processes, hosts, IPC, users | one jail, and a user of the machine's that nobody else is |
//! | no network namespace has an interface | no Internet addresses at all |
//! | seccomp, no capabilities | not root, no further jails, no new privileges |
//!
//! Mounts and jails outlive the processes that make them, so [`release`] takes them away by the directory that they
//! lie in: after every build, and when the next session finds what a killed one left.

mod devices;
mod jails;
mod mounts;

use std::{fs, path::Path};

use nix::{
    errno::Errno,
    libc,
    unistd::{chdir, geteuid},
};

use super::{
    Access, Ids, Isolation, Network, PseudoFileSystem, SysError,
    process::{become_user, limit_processes},
    user_name,
};
use crate::util::ownership::hand_over;

pub fn isolation() -> Result<Box<dyn Isolation>, SysError> {
    Ok(Box::new(Jail::default()))
}

/// Ends every jail whose root is at or below `directory`, then takes away what is mounted there.
///
/// # Errors
/// Something is left: neither may the directory be removed then, nor what lies in it be trusted.
pub fn release(directory: &Path) -> Result<(), SysError> {
    // The kernel knows both by the names without links.
    let Ok(directory) = directory.canonicalize() else { return Ok(()) };
    jails::end_below(&directory)?;
    mounts::take_away_below(&directory)
}

/// What a jail is to be, until it is made.
#[derive(Debug, Default)]
struct Jail {
    network: Option<Network>,
    host_name: String,
    user: Option<Ids>,
}

impl Isolation for Jail {
    fn leave_host(&mut self, network: Network, user: Option<Ids>, _inside: Ids) -> Result<(), SysError> {
        let caller = geteuid();
        if !caller.is_root() {
            return Err(SysError::NoJails { user: user_name(caller) });
        }
        self.network = Some(network);
        self.user = user;
        Ok(())
    }

    fn set_host_name(&mut self, name: &str) -> Result<(), SysError> {
        name.clone_into(&mut self.host_name);
        Ok(())
    }

    fn begin_root(&mut self, root: &Path) -> Result<(), SysError> {
        // The build user has the whole skeleton so far.
        hand_over(root, 0, 0).map_err(|error| SysError::Io { what: "seal the sandbox", error: error.error })
    }

    fn bind(&mut self, from: &Path, to: &Path, access: Access) -> Result<(), SysError> {
        if from.is_dir() {
            return mounts::show_tree(from, to, access);
        }
        let copy = || -> std::io::Result<()> {
            fs::copy(from, to)?;
            let mut permissions = fs::metadata(to)?.permissions();
            permissions.set_readonly(true);
            fs::set_permissions(to, permissions)
        };
        copy().map_err(|error| SysError::Io { what: "copy a file into the sandbox", error })
    }

    fn mount(&mut self, what: PseudoFileSystem, to: &Path) -> Result<(), SysError> {
        match what {
            PseudoFileSystem::Memory => mounts::memory(to),
            PseudoFileSystem::Devices => devices::mount(to),
            PseudoFileSystem::Processes => Err(SysError::Call { what: "mount procfs", errno: Errno::ENOSYS }),
        }
    }

    fn seal(&mut self, _root: &Path) -> Result<(), SysError> {
        Ok(())
    }

    fn enter_root(&mut self, root: &Path) -> Result<(), SysError> {
        jails::enter(root, &self.host_name, self.network.unwrap_or(Network::None))?;
        chdir("/").map_err(SysError::at("enter", root))
    }

    fn give_up_privileges(&mut self) -> Result<(), SysError> {
        // Root would be root in the jail as well.
        let user = self.user.ok_or(SysError::Call { what: "become the build user", errno: Errno::EINVAL })?;
        become_user(user)?;
        limit_processes()?;
        no_new_privileges().map_err(SysError::call("forbid new privileges"))
    }
}

/// Set-user-ID programs give their rights no longer. Kernels older than 13.1 know no such thing; there the mounts,
/// which all deny it, have to do.
fn no_new_privileges() -> nix::Result<()> {
    let mut enable = libc::PROC_NO_NEW_PRIVS_ENABLE;
    // SAFETY: for this command the kernel reads one integer from the pointer, which is to a live one.
    let result = unsafe {
        libc::procctl(libc::P_PID, 0, libc::PROC_NO_NEW_PRIVS_CTL, (&raw mut enable).cast::<libc::c_void>())
    };
    match Errno::result(result) {
        Ok(_) | Err(Errno::EINVAL) => Ok(()),
        Err(errno) => Err(errno),
    }
}
