//! Isolation by Linux namespaces. Needs no privilege where user namespaces are allowed, and works for root.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    libc,
    mount::{MntFlags, MsFlags, mount, umount2},
    sched::{CloneFlags, unshare},
    sys::{prctl, statvfs},
    unistd::{Gid, Uid, chdir, getegid, geteuid, pivot_root, setgroups, sethostname},
};

use super::{
    Access, Ids, Isolation, Network, PseudoFileSystem, SysError, forbidden_calls,
    process::{MOST_PROCESSES, become_user, limit_processes},
    user_name,
};

/// What of `/proc` acts on the whole machine and is guarded by nothing but the owner of its files, who
/// outside the sandbox may be root.
const MACHINE_WIDE: [&str; 5] = ["sys", "sysrq-trigger", "irq", "bus", "fs"];

/// What of `/proc` tells about the machine and its users what no build should depend on, or know.
const HIDDEN: [&str; 12] = [
    "acpi",
    "asound",
    "interrupts",
    "kallsyms",
    "kcore",
    "key-users",
    "keys",
    "latency_stats",
    "sched_debug",
    "scsi",
    "timer_list",
    "timer_stats",
];

/// The NIS domain of a machine that is in none.
const NO_DOMAIN: &str = "(none)";

/// The kernel's magic number of the capability structures with two words (`linux/capability.h`).
const CAPABILITY_VERSION_3: u32 = 0x2008_0522;

const NONE: Option<&str> = None;

pub fn isolation() -> Result<Box<dyn Isolation>, SysError> {
    Ok(Box::new(Namespaces))
}

struct Namespaces;

impl Isolation for Namespaces {
    fn leave_host(&mut self, network: Network, user: Option<Ids>, inside: Ids) -> Result<(), SysError> {
        if let Some(user) = user {
            become_user(user)?;
        }
        let (host_uid, host_gid) = (geteuid(), getegid());
        if host_uid.is_root() {
            // Only before the new user namespace exists may groups be given up.
            setgroups(&[]).map_err(SysError::call("give up the supplementary groups"))?;
        }
        unshare(CloneFlags::CLONE_NEWUSER).map_err(|errno| no_namespaces(host_uid, errno))?;
        write_ids(inside, host_uid, host_gid)?;
        let mut flags = CloneFlags::CLONE_NEWNS
            | CloneFlags::CLONE_NEWPID
            | CloneFlags::CLONE_NEWIPC
            | CloneFlags::CLONE_NEWUTS;
        if network == Network::None {
            flags |= CloneFlags::CLONE_NEWNET;
        }
        unshare(flags).map_err(|errno| no_namespaces(host_uid, errno))?;
        match unshare(CloneFlags::CLONE_NEWCGROUP) {
            // Not every kernel has groups of processes to hide.
            Ok(()) | Err(Errno::EINVAL) => Ok(()),
            Err(errno) => Err(no_namespaces(host_uid, errno)),
        }
    }

    fn set_host_name(&mut self, name: &str) -> Result<(), SysError> {
        sethostname(name).map_err(SysError::call("set the host name"))?;
        // SAFETY: the kernel reads so many bytes of a live string.
        let result = unsafe { libc::setdomainname(NO_DOMAIN.as_ptr().cast(), NO_DOMAIN.len()) };
        Errno::result(result).map(drop).map_err(SysError::call("set the domain name"))
    }

    fn begin_root(&mut self, root: &Path) -> Result<(), SysError> {
        let flags = MsFlags::MS_PRIVATE | MsFlags::MS_REC;
        mount(NONE, "/", NONE, flags, NONE)
            .map_err(SysError::at("make private the mounts below", "/".as_ref()))?;
        // Only a mount can be sealed, and become the root.
        self.bind(root, root, Access::Writable)
    }

    fn bind(&mut self, from: &Path, to: &Path, access: Access) -> Result<(), SysError> {
        mount(Some(from), to, NONE, MsFlags::MS_BIND | MsFlags::MS_REC, NONE)
            .map_err(SysError::at("show in the sandbox", from))?;
        match access {
            Access::ReadOnly => make_read_only(to),
            Access::Writable => Ok(()),
        }
    }

    fn mount(&mut self, what: PseudoFileSystem, to: &Path) -> Result<(), SysError> {
        let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
        match what {
            // They are shown one by one: see `sys::DEVICES`.
            PseudoFileSystem::Devices => Err(SysError::at("mount devices at", to)(Errno::ENOSYS)),
            PseudoFileSystem::Memory => mount(Some("tmpfs"), to, Some("tmpfs"), flags, Some("mode=1777"))
                .map_err(SysError::at("mount a file system in memory at", to)),
            PseudoFileSystem::Processes => {
                mount(Some("proc"), to, Some("proc"), flags | MsFlags::MS_NOEXEC, NONE)
                    .map_err(|errno| no_processes(to, errno))?;
                limit_process_numbers(to)?;
                let below = |names: &[&str]| -> Vec<PathBuf> {
                    names.iter().map(|name| to.join(name)).filter(|path| path.exists()).collect()
                };
                below(&HIDDEN).iter().try_for_each(|path| hide(path))?;
                below(&MACHINE_WIDE).iter().try_for_each(|path| self.bind(path, path, Access::ReadOnly))
            }
        }
    }

    fn seal(&mut self, root: &Path) -> Result<(), SysError> {
        make_read_only(root)
    }

    fn enter_root(&mut self, root: &Path) -> Result<(), SysError> {
        chdir(root).map_err(SysError::at("enter", root))?;
        // Both names may be one directory (see pivot_root(2)): the old root then lies over the new one.
        pivot_root(".", ".").map_err(SysError::at("make the root directory of", root))?;
        umount2(".", MntFlags::MNT_DETACH).map_err(SysError::call("detach the old root directory"))?;
        chdir("/").map_err(SysError::at("enter", root))
    }

    fn give_up_privileges(&mut self) -> Result<(), SysError> {
        limit_processes()?;
        prctl::set_no_new_privs().map_err(SysError::call("forbid new privileges"))?;
        empty_bounding_set().map_err(SysError::call("bar the capabilities"))?;
        clear_capabilities().map_err(SysError::call("give up the capabilities"))?;
        forbidden_calls::forbid()
    }
}

/// Bounds the processes of this process namespace, also where their user is root outside, whom [`limit_processes`] leaves
/// alone. `processes` is the namespace's own `/proc`. Before Linux 6.14 the number is the whole machine's, and stays.
fn limit_process_numbers(processes: &Path) -> Result<(), SysError> {
    if kernel_version() < Some((6, 14)) {
        return Ok(());
    }
    let setting = processes.join("sys/kernel/pid_max");
    fs::write(&setting, MOST_PROCESSES.to_string())
        .map_err(|error| SysError::Io { what: "limit the number of processes", error })
}

/// The first two numbers of the kernel's version.
fn kernel_version() -> Option<(u32, u32)> {
    let name = nix::sys::utsname::uname().ok()?;
    let mut numbers = name.release().to_str()?.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Maps one id of the sandbox to the one this process has outside: all that the kernel grants to anyone.
fn write_ids(Ids { uid, gid }: Ids, host_uid: Uid, host_gid: Gid) -> Result<(), SysError> {
    let write = |file: &str, text: String| {
        fs::write(PathBuf::from("/proc/self").join(file), text)
            .map_err(|error| SysError::Io { what: "map the ids of the sandbox", error })
    };
    write("setgroups", "deny".to_owned())?;
    write("uid_map", format!("{uid} {host_uid} 1"))?;
    write("gid_map", format!("{gid} {host_gid} 1"))
}

/// Makes a mount read-only; mounts below it stay as they are.
fn make_read_only(path: &Path) -> Result<(), SysError> {
    let flags = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY | flags_to_keep(path)?;
    mount(NONE, path, NONE, flags, NONE).map_err(SysError::at("make read-only", path))
}

/// The flags of a mount that another owner set: a bind of it must keep them when it is remounted.
fn flags_to_keep(path: &Path) -> Result<MsFlags, SysError> {
    use statvfs::FsFlags;

    let present = statvfs::statvfs(path).map_err(SysError::at("examine the mount of", path))?.flags();
    let pairs = [
        (FsFlags::ST_NOSUID, MsFlags::MS_NOSUID),
        (FsFlags::ST_NODEV, MsFlags::MS_NODEV),
        (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
        (FsFlags::ST_NOATIME, MsFlags::MS_NOATIME),
        (FsFlags::ST_NODIRATIME, MsFlags::MS_NODIRATIME),
        (FsFlags::ST_RELATIME, MsFlags::MS_RELATIME),
    ];
    Ok(pairs.into_iter().filter(|(there, _)| present.contains(*there)).map(|(_, keep)| keep).collect())
}

/// Puts nothing in the place of a file or directory.
fn hide(path: &Path) -> Result<(), SysError> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC | MsFlags::MS_RDONLY;
    let hidden = if path.is_dir() {
        mount(Some("tmpfs"), path, Some("tmpfs"), flags, Some("size=0k"))
    } else {
        mount(Some("/dev/null"), path, NONE, MsFlags::MS_BIND, NONE)
    };
    hidden.map_err(SysError::at("hide", path))
}

/// Takes every capability out of the set of those that a program could ever give this process.
fn empty_bounding_set() -> nix::Result<()> {
    // Until the kernel knows no further ones.
    for capability in 0..=libc::c_ulong::from(u8::MAX) {
        // SAFETY: takes numbers alone.
        let result = unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
        match Errno::result(result) {
            Ok(_) => {}
            Err(Errno::EINVAL) => break,
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

fn clear_capabilities() -> nix::Result<()> {
    /// `struct __user_cap_header_struct`
    #[repr(C)]
    struct Header {
        version: u32,
        pid: i32,
    }
    /// Two of `struct __user_cap_data_struct`: effective, permitted and inheritable, low and high words.
    type Sets = [[u32; 3]; 2];

    let header = Header { version: CAPABILITY_VERSION_3, pid: 0 };
    let none: Sets = [[0; 3]; 2];
    // SAFETY: both pointers are to live values of the layouts that this version number announces, and the
    // kernel only reads them.
    let result = unsafe { libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr()) };
    Errno::result(result).map(drop)
}

/// Within a container that covers parts of `/proc`, the kernel makes no `/proc` that shows them.
fn no_processes(to: &Path, errno: Errno) -> SysError {
    match errno {
        Errno::EPERM => SysError::CoveredProc,
        errno => SysError::at("mount a process file system at", to)(errno),
    }
}

/// Says which of the machine's settings stands in the way.
fn no_namespaces(uid: Uid, errno: Errno) -> SysError {
    let setting = |name: &str| -> io::Result<String> {
        Ok(fs::read_to_string(PathBuf::from("/proc/sys").join(name))?.trim().to_owned())
    };
    let is_zero = |name| setting(name).is_ok_and(|value| value == "0");
    let hint = if is_zero("kernel/unprivileged_userns_clone") {
        "allow them: sysctl kernel.unprivileged_userns_clone=1"
    } else if is_zero("user/max_user_namespaces") {
        "allow them: sysctl user.max_user_namespaces=15000"
    } else if setting("kernel/apparmor_restrict_unprivileged_userns").is_ok_and(|value| value == "1") {
        "allow them: sysctl kernel.apparmor_restrict_unprivileged_userns=0"
    } else {
        "in a container, allow it the system calls unshare and mount (as with --security-opt seccomp=unconfined)"
    };
    SysError::NoNamespaces { user: user_name(uid), errno, hint }
}
