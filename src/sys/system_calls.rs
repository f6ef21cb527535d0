//! Linux's filter of system calls, as [`super::lockdown`] uses it.

use nix::{errno::Errno, libc};
use seccompiler::{BpfProgram, SeccompCmpOp};

use super::seccomp::{self, Made, Rules, rule, whatever_the_arguments};
use super::{SysError, lockdown::Reach};

/// Memory, time, chance, threads that exist, open files, and the end of the process.
const COMPUTING: &[libc::c_long] = &[
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_madvise,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_sched_getaffinity,
    // Where this process is, but nothing of what is there: the interpreter asks for it again and again.
    libc::SYS_getcwd,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_ppoll,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Looking at files, with those that older systems have besides.
const READING: &[libc::c_long] = &[
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_lseek,
    libc::SYS_pread64,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lstat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
];

/// What a process needs besides to make copies of itself, each with limits of its own, and to wait for them; and `clone`,
/// with these flags.
const COPYING: &[libc::c_long] = &[
    libc::SYS_wait4,
    libc::SYS_pipe2,
    libc::SYS_prctl,
    libc::SYS_seccomp,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
];
const FORK: u64 = (libc::CLONE_CHILD_SETTID | libc::CLONE_CHILD_CLEARTID | libc::SIGCHLD) as u64;

/// The flags of `open` by which a file is changed.
const WRITING: u64 = (libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC) as u64;

/// Lets this thread make no other system calls than `reach` needs.
pub fn filter(reach: Reach) -> Result<(), SysError> {
    seccomp::apply(alone(reach))
}

/// Lets this thread make no other system calls than `reach` needs, and those that copy a process and wait for the copy,
/// which is to call [`filter_copy`].
pub fn filter_original(reach: Reach) -> Result<(), SysError> {
    seccomp::apply(original(reach))
}

/// Lets a copy of a thread that called [`filter_original`] make none of the system calls that only its original needs.
pub fn filter_copy() -> Result<(), SysError> {
    seccomp::apply(copy())
}

fn alone(reach: Reach) -> Made<BpfProgram> {
    let mut rules = computing(reach)?;
    // How `abort` ends a process: by a signal to itself, and so to no other.
    rules.insert(libc::SYS_tgkill, vec![rule(&[(0, SeccompCmpOp::Eq, u64::from(std::process::id()))])?]);
    seccomp::allow(rules)
}

fn original(reach: Reach) -> Made<BpfProgram> {
    let mut rules = computing(reach)?;
    rules.extend(whatever_the_arguments(COPYING));
    rules.insert(libc::SYS_clone, vec![rule(&[(0, SeccompCmpOp::Eq, FORK)])?]);
    rules.insert(libc::SYS_tgkill, Vec::new());
    seccomp::allow(rules)
}

fn copy() -> Made<BpfProgram> {
    let mut rules = whatever_the_arguments(COPYING);
    rules.insert(libc::SYS_clone, Vec::new());
    rules.insert(libc::SYS_tgkill, vec![rule(&[(0, SeccompCmpOp::Ne, u64::from(std::process::id()))])?]);
    seccomp::refuse(rules, Errno::EPERM)
}

fn computing(reach: Reach) -> Made<Rules> {
    let mut rules = whatever_the_arguments(COMPUTING);
    // By which a debug build of Rust's library makes sure that what it closes is open.
    rules.insert(libc::SYS_fcntl, vec![rule(&[(1, SeccompCmpOp::Eq, libc::F_GETFD as u64)])?]);
    if reach == Reach::Reading {
        rules.extend(whatever_the_arguments(READING));
        rules.insert(libc::SYS_openat, vec![rule(&[(2, SeccompCmpOp::MaskedEq(WRITING), 0)])?]);
        #[cfg(target_arch = "x86_64")]
        rules.insert(libc::SYS_open, vec![rule(&[(1, SeccompCmpOp::MaskedEq(WRITING), 0)])?]);
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::{self, Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::path::Path;
    use std::process::Command;

    use nix::sys::wait::{WaitStatus, waitpid};
    use nix::unistd::{ForkResult, fork};

    use super::super::seccomp::tests::{denied, restricted};
    use super::*;

    fn locked_down(reach: Reach, work: impl FnOnce() + Send + 'static) {
        restricted(move || filter(reach), work);
    }

    #[test]
    fn nothing_new_can_be_opened_started_or_reached() {
        let directory = tempfile::tempdir().unwrap();
        let new = directory.path().join("new");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (mut reader, mut writer) = io::pipe().unwrap();
        locked_down(Reach::Nothing, move || {
            denied(File::open("/etc/passwd"));
            denied(fs::metadata("/etc/passwd"));
            denied(fs::write(&new, "x"));
            denied(fs::remove_file("/nonexistent"));
            denied(TcpStream::connect(address));
            denied(Command::new("/bin/true").status());
            // What is open, and memory, is there.
            writer.write_all(&vec![7; 1000]).unwrap();
            drop(writer);
            let mut read = Vec::new();
            reader.read_to_end(&mut read).unwrap();
            assert_eq!(read, vec![7; 1000]);
        });
        assert!(!directory.path().join("new").exists());
    }

    /// The status of a copy of this thread that runs `task`, or why there is none.
    fn copied(task: impl FnOnce() -> i32) -> nix::Result<i32> {
        // SAFETY: the copy does what is allowed between `fork` and `exec`: system calls, and ends.
        match unsafe { fork() }? {
            ForkResult::Child => {
                let status = task();
                // SAFETY: it ends the copy, whatever its state.
                unsafe { libc::_exit(status) }
            }
            ForkResult::Parent { child } => match waitpid(child, None)? {
                WaitStatus::Exited(_, status) => Ok(status),
                other => panic!("the copy ended otherwise: {other:?}"),
            },
        }
    }

    #[test]
    fn an_original_makes_copies_and_a_copy_makes_none() {
        restricted(
            || filter_original(Reach::Nothing),
            || {
                denied(File::open("/etc/passwd"));
                denied(Command::new("/bin/true").status());
                assert_eq!(copied(|| 7), Ok(7));
                filter_copy().unwrap();
                assert_eq!(copied(|| 7), Err(Errno::EPERM));
                denied(File::open("/etc/passwd"));
                // SAFETY: to send no signal changes nothing.
                assert_eq!(unsafe { libc::syscall(libc::SYS_tgkill, 1, 1, 0) }, -1);
                assert_eq!(Errno::last(), Errno::EPERM);
            },
        );
    }

    #[test]
    fn reading_changes_no_file() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "text").unwrap();
        let path = file.clone();
        locked_down(Reach::Reading, move || {
            assert_eq!(fs::read_to_string(&path).unwrap(), "text");
            assert_eq!(fs::read_dir(path.parent().unwrap_or(Path::new("/"))).unwrap().count(), 1);
            denied(fs::write(&path, "other"));
            denied(File::options().append(true).open(&path));
            denied(fs::remove_file(&path));
            denied(fs::create_dir(path.with_extension("d")));
            denied(Command::new("/bin/true").status());
        });
        assert_eq!(fs::read_to_string(&file).unwrap(), "text");
    }
}
