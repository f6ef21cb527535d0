//! Processes and signals, beyond what the standard library offers.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    ffi::CString,
    io::{self, Write as _},
    os::fd::{AsFd, OwnedFd},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::PathBuf,
    process::{Command, ExitStatus},
};

use nix::{
    errno::Errno,
    fcntl::OFlag,
    libc,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::resource::rlim_t,
    sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction},
    unistd::{ForkResult, Pid, dup2_stdin, dup2_stdout, fork, pipe2},
};

use super::{Ids, SysError};

/// The status by which a shell shows that a signal ended a process: 128 and the signal's number.
pub(super) const SIGNALLED: i32 = 128;

/// A copy of this process, which the kernel kills when this process ends.
pub struct Child {
    pid: Pid,
    /// Open as long as the parent lives: a child that starts late sees by it that the parent has ended.
    _bond: OwnedFd,
}

impl Child {
    /// Runs `task` in a copy of this process; the copy ends with the status that `task` returns.
    ///
    /// Only for a process with a single thread: a lock that another thread holds would stay locked in the
    /// copy for ever. Refused otherwise, where the system tells.
    pub fn start(task: impl FnOnce() -> i32) -> Result<Self, SysError> {
        let threads = std::fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
        if threads > 1 {
            return Err(SysError::Call {
                what: "copy a process with several threads",
                errno: Errno::EDEADLK,
            });
        }
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC).map_err(SysError::call("make a pipe"))?;
        // SAFETY: there is no other thread, so the copy may do whatever its original may.
        match unsafe { fork() }.map_err(SysError::call("start a process"))? {
            ForkResult::Parent { child } => Ok(Self { pid: child, _bond: writer }),
            ForkResult::Child => {
                drop(writer);
                let status = match bind_to_parent(&reader) {
                    Ok(()) => task(),
                    Err(_) => SIGNALLED + Signal::SIGKILL as i32,
                };
                end(status)
            }
        }
    }

    /// Waits until the child ends, taking up orphans meanwhile as the first process of a namespace must.
    ///
    /// Gives the status as a shell would: the exit code, or 128 and the number of the signal.
    pub fn wait(self) -> Result<i32, SysError> {
        loop {
            match wait_for_any() {
                Ok((pid, status)) if pid == self.pid => {
                    if let Some(status) = shell_status(status) {
                        return Ok(status);
                    }
                }
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => return Err(SysError::Call { what: "wait for a process", errno }),
            }
        }
    }
}

/// Ends this process, a copy, without giving back what it has: that takes time, and the more, the less of it the copy has
/// touched so far. What was printed is printed.
fn end(status: i32) -> ! {
    let (mut output, mut errors) = (io::stdout(), io::stderr());
    // There is nobody left to tell.
    let _ = output.flush().and_then(|()| errors.flush());
    // SAFETY: it ends the process, whatever its state.
    unsafe { libc::_exit(status) }
}

/// Waits until a child ends, whichever it is. Not by `nix`, which knows no real-time signals: a child that one
/// ended would be an error there.
fn wait_for_any() -> nix::Result<(Pid, ExitStatus)> {
    let mut status = 0;
    // SAFETY: the kernel writes one integer, to a live one.
    let pid = Errno::result(unsafe { libc::waitpid(-1, &raw mut status, 0) })?;
    Ok((Pid::from_raw(pid), ExitStatus::from_raw(status)))
}

/// What a shell makes of it; nothing of a process that has only stopped.
fn shell_status(status: ExitStatus) -> Option<i32> {
    status.code().or_else(|| status.signal().map(|signal| SIGNALLED + signal))
}

/// Has the kernel kill this process with its parent, even if that has ended already.
fn bind_to_parent(bond: &OwnedFd) -> Result<(), SysError> {
    kill_with_parent()?;
    let mut fds = [PollFd::new(bond.as_fd(), PollFlags::POLLIN)];
    poll(&mut fds, PollTimeout::ZERO).map_err(SysError::call("see whether the parent lives"))?;
    let ended = fds[0].revents().is_some_and(|events| events.contains(PollFlags::POLLHUP));
    if ended { Err(SysError::Call { what: "outlive the parent", errno: Errno::ESRCH }) } else { Ok(()) }
}

/// Replaces this process by a program.
pub fn exec(program: &str, args: &[String], env: &BTreeMap<String, String>) -> Result<Infallible, SysError> {
    let c_string = |text: String| {
        CString::new(text).map_err(|_| SysError::Call { what: "pass on a NUL byte", errno: Errno::EINVAL })
    };
    let path = c_string(program.to_owned())?;
    let args = args.iter().cloned().map(c_string).collect::<Result<Vec<_>, _>>()?;
    let argv = std::iter::once(path.clone()).chain(args).collect::<Vec<_>>();
    let envp =
        env.iter().map(|(name, value)| c_string(format!("{name}={value}"))).collect::<Result<Vec<_>, _>>()?;
    nix::unistd::execve(&path, &argv, &envp).map_err(SysError::at("run", program.as_ref()))
}

/// The file of this program, to start it again: even where an upgrade has put another in its place meanwhile.
pub fn this_program() -> io::Result<PathBuf> {
    #[cfg(target_os = "linux")]
    {
        // Not what it points to: of a file that was replaced, that is a name which nothing has.
        let program = PathBuf::from("/proc/self/exe");
        if program.exists() {
            return Ok(program);
        }
    }
    std::env::current_exe()
}

/// Gives every signal its default effect and blocks none, as if this process had been started by no one.
///
/// A shell starts background jobs with SIGINT ignored, Rust programs ignore SIGPIPE, and a program inherits
/// both: builds would differ by who started them.
pub fn reset_signals() -> Result<(), SysError> {
    reset_dispositions().map_err(SysError::call("reset a signal"))?;
    SigSet::empty().thread_set_mask().map_err(SysError::call("unblock the signals"))
}

/// By the bare system call: the C library keeps two signals to itself, which a parent may have ignored as well.
#[cfg(target_os = "linux")]
fn reset_dispositions() -> nix::Result<()> {
    /// The number of signals, and of the bits in a set of them.
    const SIGNALS: i32 = 64;
    // The kernel's `struct sigaction`, all zero: the default effect, no flags, an empty mask.
    let default = [0_u64; 4];
    for signal in (1..=SIGNALS).filter(|signal| ![libc::SIGKILL, libc::SIGSTOP].contains(signal)) {
        let nothing = std::ptr::null_mut::<u64>();
        // SAFETY: the kernel reads a structure no larger than this array, and writes none. The default effect
        // runs no code of this process.
        let result = unsafe {
            libc::syscall(libc::SYS_rt_sigaction, signal, default.as_ptr(), nothing, SIGNALS as usize / 8)
        };
        Errno::result(result)?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn reset_dispositions() -> nix::Result<()> {
    let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    for signal in Signal::iterator().filter(|signal| !matches!(signal, Signal::SIGKILL | Signal::SIGSTOP)) {
        // SAFETY: the default effect runs no code of this process.
        unsafe { sigaction(signal, &default) }?;
    }
    Ok(())
}

/// Has the kernel lay out the memory of this process's programs the same way every time, if it may: what orders
/// things by their addresses, as some compilers' hash tables do, then orders them the same.
///
/// Tells whether it does. Containers forbid it as a rule, and a build that depends on it is at fault itself.
pub fn fix_addresses() -> bool {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::personality::{self, Persona};

        let fix = |persona| personality::set(persona | Persona::ADDR_NO_RANDOMIZE);
        personality::get().and_then(fix).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    false
}

/// Gives this process the limits of a fresh login, as far as it may have so much: whoever started it may have
/// changed them, and some programs heed them. No core dumps: they would be as large as what is built.
pub fn reset_limits() -> Result<(), SysError> {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    let usual =
        [(Resource::RLIMIT_CORE, 0), (Resource::RLIMIT_STACK, 8 << 20), (Resource::RLIMIT_NOFILE, 1024)];
    let reset = || {
        for (resource, usual) in usual {
            let (_, most) = getrlimit(resource)?;
            setrlimit(resource, usual.min(most), most)?;
        }
        Ok(())
    };
    reset().map_err(SysError::call("reset a limit"))
}

/// How many processes, with their threads, a build may have at a time: more than make starts on any machine, with linkers
/// of 16 threads each, and less than stops one.
pub const MOST_PROCESSES: rlim_t = 4096;

/// Lets this process's user have no more than [`MOST_PROCESSES`]: on Linux in this user namespace, elsewhere, and before
/// Linux 5.14, on the whole machine. Root has no such limit.
pub fn limit_processes() -> Result<(), SysError> {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    let limit = || {
        let (_, most) = getrlimit(Resource::RLIMIT_NPROC)?;
        let most = most.min(MOST_PROCESSES);
        setrlimit(Resource::RLIMIT_NPROC, most, most)
    };
    limit().map_err(SysError::call("limit the number of processes"))
}

/// Makes this process, which root runs, one of another user and group, and of no further group, for good.
pub fn become_user(Ids { uid, gid }: Ids) -> Result<(), SysError> {
    use nix::unistd::{Gid, Uid, setgroups, setresgid, setresuid};

    let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
    let switch = || {
        setgroups(&[])?;
        setresgid(gid, gid, gid)?;
        setresuid(uid, uid, uid)
    };
    switch().map_err(SysError::call("become the build user"))?;
    // Its own files in /proc became root's with the switch, for a process may hold what its new user may not see. This
    // one holds nothing of the kind, and has to write to them.
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_dumpable(true).map_err(SysError::call("be dumpable"))?;
    Ok(())
}

/// Gives this process no input, and one place for its output and its errors.
pub fn output_to_stderr() -> Result<(), SysError> {
    let null =
        std::fs::File::open("/dev/null").map_err(|error| SysError::Io { what: "open /dev/null", error })?;
    dup2_stdin(&null).map_err(SysError::call("redirect the input"))?;
    dup2_stdout(io::stderr()).map_err(SysError::call("redirect the output"))
}

/// Gives this process no input, and nowhere to write output to.
pub fn no_input_or_output() -> Result<(), SysError> {
    let null = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null");
    let null = null.map_err(|error| SysError::Io { what: "open /dev/null", error })?;
    dup2_stdin(&null).map_err(SysError::call("redirect the input"))?;
    dup2_stdout(&null).map_err(SysError::call("redirect the output"))
}

/// Has the kernel kill a program, once it is started, when the thread that starts it ends.
pub fn kill_with_this_thread(command: &mut Command) {
    // SAFETY: between fork and exec this makes one system call and, unless that fails, allocates nothing.
    unsafe {
        command.pre_exec(|| kill_with_parent().map_err(io::Error::other));
    }
}

/// Kills every process of this process's group, itself included.
pub fn end_group() -> Result<(), SysError> {
    kill(Pid::from_raw(0), Signal::SIGKILL).map_err(SysError::call("end the process group"))
}

/// Has every process of this process's group killed when the thread that started this one ends.
///
/// For the leader of a group whose members know nothing of each other: the kernel tells only this process, which
/// then ends all.
pub fn end_group_with_parent() -> Result<(), SysError> {
    extern "C" fn end(_signal: libc::c_int) {
        // Allowed in a signal handler. It does not return: this process is one of those.
        let _ = end_group();
    }

    let action = SigAction::new(SigHandler::Handler(end), SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler makes one system call and touches nothing of this process.
    unsafe { sigaction(Signal::SIGTERM, &action) }
        .map_err(SysError::call("watch for the end of the parent"))?;
    signal_with_parent(Signal::SIGTERM)
}

/// Kills a child and, if it leads a group of processes, the whole group. One that has ended is left alone.
pub fn kill_child(child: &mut std::process::Child) -> io::Result<()> {
    if child.try_wait()?.is_none() {
        if let Ok(pid) = i32::try_from(child.id()) {
            // Until it has made its group there is none to kill.
            let _ = kill(Pid::from_raw(-pid), Signal::SIGKILL);
        }
        child.kill()?;
    }
    Ok(())
}

/// Asks the kernel to kill this process when the thread that started it ends.
///
/// The kernel forgets it when the process changes its identity: ask again after entering a user namespace.
pub fn kill_with_parent() -> Result<(), SysError> {
    signal_with_parent(Signal::SIGKILL)
}

fn signal_with_parent(signal: Signal) -> Result<(), SysError> {
    #[cfg(target_os = "linux")]
    let asked = nix::sys::prctl::set_pdeathsig(signal);
    #[cfg(target_os = "freebsd")]
    let asked = {
        let mut signal = signal as libc::c_int;
        // SAFETY: for this command the kernel reads one integer from the pointer, which is to a live one.
        Errno::result(unsafe {
            libc::procctl(libc::P_PID, 0, libc::PROC_PDEATHSIG_CTL, (&raw mut signal).cast::<libc::c_void>())
        })
        .map(drop)
    };
    asked.map_err(SysError::call("be told of the parent's end"))
}
