//! Linux's system calls that no build needs, and that would let it out of its sandbox, or leave something dangerous
//! behind, should another wall have a hole.
//!
//! A list of what is forbidden, not of what is allowed: a build may run any program. Only programs of the machine's
//! own kind run at all; the kernel kills those that make system calls in another one's way, as 32-bit programs do.

use nix::{errno::Errno, libc};
use seccompiler::SeccompCmpOp;

use super::SysError;
use super::seccomp::{self, Made, Rules, rule, whatever_the_arguments};

/// Refused whatever the arguments: keyrings, mounts, namespaces, and what is the machine's owner's business.
const FORBIDDEN: &[libc::c_long] = &[
    libc::SYS_add_key,
    libc::SYS_keyctl,
    libc::SYS_request_key,
    libc::SYS_chroot,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_pivot_root,
    libc::SYS_umount2,
    libc::SYS_setns,
    libc::SYS_unshare,
    libc::SYS_acct,
    libc::SYS_bpf,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_init_module,
    libc::SYS_kexec_file_load,
    libc::SYS_kexec_load,
    libc::SYS_open_by_handle_at,
    libc::SYS_perf_event_open,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_userfaultfd,
];

/// What a filter cannot look into, because the arguments lie in memory or are none. Said to be unknown: programs
/// then take the older ways, which can be looked into.
const UNKNOWN: &[libc::c_long] = &[
    libc::SYS_clone3,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_openat2,
];

/// The flags of `clone` by which a process gets namespaces of its own.
const NEW_NAMESPACES: [libc::c_int; 7] = [
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWUTS,
];

/// The modes by which a program runs as its owner or group.
const SET_ID: [libc::mode_t; 2] = [libc::S_ISUID, libc::S_ISGID];

/// The call, and which of its arguments is a mode.
const SET_MODE: &[(libc::c_long, u8)] = &[
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_chmod, 1),
    (libc::SYS_fchmod, 1),
    (libc::SYS_fchmodat, 2),
    (libc::SYS_fchmodat2, 2),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_creat, 1),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_mknod, 1),
    (libc::SYS_mknodat, 2),
];

/// The call, and which of its arguments are flags and a mode.
const OPEN: &[(libc::c_long, u8, u8)] = &[
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open, 1, 2),
    (libc::SYS_openat, 2, 3),
];

/// The flags of `open` by which its mode counts.
const CREATING: [libc::c_int; 2] = [libc::O_CREAT, libc::O_TMPFILE];

/// What marks a system call by which x86 programs with short pointers call the same things by other numbers.
#[cfg(target_arch = "x86_64")]
const SHORT_POINTERS: i64 = 0x4000_0000;

/// Forbids them to this process and all that come from it.
pub fn forbid() -> Result<(), SysError> {
    let filter = |rules: Rules, errno| seccomp::refuse(in_every_way(rules), errno);
    seccomp::apply(forbidden().and_then(|rules| filter(rules, Errno::EPERM)))?;
    seccomp::apply(filter(whatever_the_arguments(UNKNOWN), Errno::ENOSYS))
}

fn forbidden() -> Made<Rules> {
    let mut rules = whatever_the_arguments(FORBIDDEN);
    let namespaces = NEW_NAMESPACES.iter().map(|flag| rule(&[set(0, *flag as u64)]));
    rules.insert(libc::SYS_clone, namespaces.collect::<Made<_>>()?);
    for (call, mode) in SET_MODE {
        let set_id = SET_ID.iter().map(|bit| rule(&[set(*mode, u64::from(*bit))]));
        rules.insert(*call, set_id.collect::<Made<_>>()?);
    }
    for (call, flags, mode) in OPEN {
        let both = CREATING.iter().flat_map(|flag| SET_ID.iter().map(move |bit| (*flag, *bit)));
        let set_id = both.map(|(flag, bit)| rule(&[set(*flags, flag as u64), set(*mode, u64::from(bit))]));
        rules.insert(*call, set_id.collect::<Made<_>>()?);
    }
    Ok(rules)
}

/// That all these bits of an argument are set.
fn set(argument: u8, bits: u64) -> (u8, SeccompCmpOp, u64) {
    (argument, SeccompCmpOp::MaskedEq(bits), bits)
}

#[cfg(target_arch = "x86_64")]
fn in_every_way(rules: Rules) -> Rules {
    let other = rules.clone().into_iter().map(|(call, rules)| (call | SHORT_POINTERS, rules));
    other.chain(rules).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn in_every_way(rules: Rules) -> Rules {
    rules
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, OpenOptions, Permissions},
        os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
        process::Command,
        thread,
    };

    use nix::sched::{CloneFlags, unshare};

    use super::super::seccomp::tests::{denied, restricted};
    use super::*;

    fn errno(call: libc::c_long) -> Errno {
        // SAFETY: under the filter, none of these calls gets as far as to look at its arguments.
        Errno::result(unsafe { libc::syscall(call, 0, 0, 0, 0, 0) }).unwrap_err()
    }

    #[test]
    fn no_way_leads_to_a_program_that_runs_as_its_owner() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().to_owned();
        restricted(forbid, move || {
            let file = path.join("file");
            fs::write(&file, "").unwrap();
            for mode in [0o4755, 0o2755, 0o6000] {
                denied(fs::set_permissions(&file, Permissions::from_mode(mode)));
                let create = |flags: i32| {
                    OpenOptions::new().write(true).custom_flags(flags).mode(mode).open(path.join("new"))
                };
                denied(create(libc::O_CREAT));
                denied(OpenOptions::new().write(true).custom_flags(libc::O_TMPFILE).mode(mode).open(&path));
                let kind = nix::sys::stat::SFlag::S_IFREG;
                let mode = nix::sys::stat::Mode::from_bits_retain(mode);
                assert_eq!(nix::sys::stat::mknod(&path.join("new"), kind, mode, 0), Err(Errno::EPERM));
            }
            fs::set_permissions(&file, Permissions::from_mode(0o1755)).unwrap();
            OpenOptions::new().write(true).create_new(true).mode(0o755).open(path.join("new")).unwrap();
            fs::create_dir(path.join("directory")).unwrap();
        });
    }

    #[test]
    fn mounts_namespaces_and_keyrings_are_out_of_reach_and_programs_run() {
        restricted(forbid, || {
            assert_eq!(unshare(CloneFlags::CLONE_NEWUSER), Err(Errno::EPERM));
            for call in [libc::SYS_mount, libc::SYS_fsopen, libc::SYS_setns, libc::SYS_keyctl, libc::SYS_bpf]
            {
                assert_eq!(errno(call), Errno::EPERM, "{call}");
            }
            for call in [libc::SYS_clone3, libc::SYS_openat2, libc::SYS_io_uring_setup] {
                assert_eq!(errno(call), Errno::ENOSYS, "{call}");
            }
            let output = Command::new("/bin/sh").args(["-c", "echo started | cat"]).output().unwrap();
            assert_eq!(output.stdout, b"started\n");
            thread::spawn(|| ()).join().unwrap();
        });
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn the_other_numbers_of_the_same_calls_are_no_way_round() {
        restricted(forbid, || {
            for call in [libc::SYS_unshare, libc::SYS_mount, libc::SYS_keyctl] {
                assert_eq!(errno(call | SHORT_POINTERS), Errno::EPERM, "{call}");
            }
        });
    }
}
