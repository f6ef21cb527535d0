//! Linux's filter of system calls, as [`super::lockdown`] uses it.

use std::collections::BTreeMap;

use nix::{errno::Errno, libc};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

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

/// The flags of `open` by which a file is changed.
const WRITING: u64 = (libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC) as u64;

/// Lets this thread make no other system calls than `reach` needs.
pub fn filter(reach: Reach) -> Result<(), SysError> {
    program(reach).map_err(Into::into).and_then(|program| seccompiler::apply_filter(&program)).map_err(failed)
}

/// Lets no thread of this process make other system calls than `reach` needs.
pub fn filter_all_threads(reach: Reach) -> Result<(), SysError> {
    let program = program(reach).map_err(Into::into);
    program.and_then(|program| seccompiler::apply_filter_all_threads(&program)).map_err(failed)
}

fn failed(error: seccompiler::Error) -> SysError {
    SysError::Io { what: "give up system calls", error: std::io::Error::other(error) }
}

fn program(reach: Reach) -> Result<BpfProgram, seccompiler::BackendError> {
    let mut rules: BTreeMap<libc::c_long, Vec<SeccompRule>> =
        COMPUTING.iter().map(|call| (*call, Vec::new())).collect();
    // How `abort` ends a process: by a signal to itself, and so to no other.
    rules.insert(libc::SYS_tgkill, vec![rule(0, SeccompCmpOp::Eq, u64::from(std::process::id()))?]);
    // By which a debug build of Rust's library makes sure that what it closes is open.
    rules.insert(libc::SYS_fcntl, vec![rule(1, SeccompCmpOp::Eq, libc::F_GETFD as u64)?]);
    if reach == Reach::Reading {
        rules.extend(READING.iter().map(|call| (*call, Vec::new())));
        rules.insert(libc::SYS_openat, vec![rule(2, SeccompCmpOp::MaskedEq(WRITING), 0)?]);
        #[cfg(target_arch = "x86_64")]
        rules.insert(libc::SYS_open, vec![rule(1, SeccompCmpOp::MaskedEq(WRITING), 0)?]);
    }
    let refuse = SeccompAction::Errno(Errno::EPERM as u32);
    let architecture = std::env::consts::ARCH.try_into()?;
    SeccompFilter::new(rules, refuse, SeccompAction::Allow, architecture)?.try_into()
}

/// A condition on one argument of a call.
fn rule(argument: u8, how: SeccompCmpOp, value: u64) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Dword, how, value)?])
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::{self, ErrorKind, Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::path::Path;
    use std::process::Command;
    use std::thread;

    use super::*;

    /// What a locked-down thread can and cannot do; the other threads of this program are left alone.
    fn locked_down<T: Send + 'static>(reach: Reach, work: impl FnOnce() -> T + Send + 'static) -> T {
        let locked = move || {
            filter(reach).unwrap();
            work()
        };
        thread::spawn(locked).join().unwrap()
    }

    fn denied<T>(result: io::Result<T>) {
        assert_eq!(result.err().map(|error| error.kind()), Some(ErrorKind::PermissionDenied));
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
