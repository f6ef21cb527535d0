//! This program once more, in a process of its own and under limits: for work on input that nobody has checked.
//!
//! Whatever the input does to the process, this one goes on: it sees the process end, and can say of what. The two
//! talk through pipes, in frames (see [`crate::util::frames`]). The process
//!
//! - has so much address space and stack, and leaves no core dump;
//! - starts with an empty environment and default signals;
//! - leads a process group of its own, so that a terminal's Ctrl-C reaches the parent alone, which decides;
//! - is killed by the kernel when the thread that started it ends, and by [`Confined`] when that is dropped.
//!
//! It can give up more by itself: see [`super::lockdown`].

use std::{
    collections::VecDeque,
    ffi::OsStr,
    io::{self, Read},
    os::{fd::AsFd, unix::process::CommandExt, unix::process::ExitStatusExt},
    path::Path,
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use nix::{
    fcntl::{FcntlArg, OFlag, fcntl},
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        resource::{Resource, getrlimit, rlim_t, setrlimit},
        signal::{Signal, kill},
    },
    unistd::Pid,
};

use super::{
    SysError,
    process::{SIGNALLED, kill_child, kill_with_parent, reset_signals},
};

/// How long a process that has closed its pipe may take to end, before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// How often it is looked whether it has ended.
const POLL: Duration = Duration::from_millis(1);

/// Most of what a process says that is kept: the last of it.
const LAST_WORDS: usize = 16 * 1024;

/// The stack of the thread that takes it in.
const LISTENER_STACK: usize = 128 * 1024;

/// What the process may take of the machine, in bytes. Less, where this process may take less itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space: the program, its libraries, heap and stacks.
    pub memory: u64,
    /// Stack of its first thread.
    pub stack: u64,
}

/// The variables the process starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    Empty,
    /// Those of this process.
    Inherited,
}

/// A process under limits.
pub struct Confined {
    child: Child,
    words: Option<Arc<Mutex<Words>>>,
}

/// The parent's ends of the pipes: to the standard input of the process, and from its standard output.
pub type Pipes = (ChildStdin, ChildStdout);

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It ended by itself, with this status.
    Exited(i32),
    /// It wanted more memory than its limit.
    OutOfMemory,
    /// It recursed deeper than its stack is large.
    OutOfStack,
    /// The signal with this number ended it.
    Signalled(i32),
}

impl Confined {
    /// Starts `program`, which is this one, with one argument: the hidden command that knows what to do.
    ///
    /// The calling thread has to live as long as the process shall.
    pub fn start(
        program: &Path,
        arguments: &[&OsStr],
        limits: Limits,
        environment: Environment,
    ) -> Result<(Self, Pipes), SysError> {
        let parent = std::process::id();
        let mut command = Command::new(program);
        command.args(arguments).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if environment == Environment::Empty {
            command.env_clear();
        }
        // SAFETY: between fork and exec this makes system calls alone, and unless one fails allocates nothing.
        unsafe {
            command.pre_exec(move || confine(limits, parent).map_err(io::Error::other));
        }
        let start = |error| SysError::Io { what: "start a process of its own for it", error };
        let mut child = command.spawn().map_err(start)?;
        let words = child.stderr.take().map(Words::listen).transpose().map_err(start)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let confined = Self { child, words };
        let pipes = pipes.ok_or_else(|| start(io::Error::other("it has no pipes")))?;
        Ok((confined, pipes))
    }

    /// Sends the process, and those of its group, SIGINT, which asks them to end what they do.
    pub fn interrupt(&mut self) {
        // One that has ended is left alone: its id may be another's by now.
        if let (Ok(None), Ok(pid)) = (self.child.try_wait(), i32::try_from(self.child.id())) {
            let _ = kill(Pid::from_raw(-pid), Signal::SIGINT);
        }
    }

    /// Ends the process, and those of its group, at once.
    pub fn kill(&mut self) {
        // What cannot be killed has ended.
        let _ = kill_child(&mut self.child);
        let _ = self.child.wait();
    }

    /// How the process ended. One that lives on shortly after it closed its pipe is killed.
    pub fn end(&mut self) -> End {
        let deadline = Instant::now() + GRACE;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return End::of(status, &self.last_words()),
                Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
                _ => {
                    self.kill();
                    return End::Signalled(Signal::SIGKILL as i32);
                }
            }
        }
    }

    /// The last of what the process, and copies that it made of itself, have written to standard error so far.
    pub fn last_words(&mut self) -> String {
        let Some(words) = &self.words else { return String::new() };
        let mut words = locked(words);
        words.take_in();
        String::from_utf8_lossy(words.last.make_contiguous()).into_owned()
    }
}

/// What a process writes to standard error. It is taken in as it comes: a process whose pipe is full would wait for ever.
struct Words {
    from: ChildStderr,
    last: VecDeque<u8>,
}

impl Words {
    /// Takes in what is written, in a thread that ends when nobody can write any more.
    fn listen(from: ChildStderr) -> io::Result<Arc<Mutex<Self>>> {
        let ready = from.as_fd().try_clone_to_owned()?;
        fcntl(from.as_fd(), FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        let words = Arc::new(Mutex::new(Self { from, last: VecDeque::new() }));
        let listened = Arc::clone(&words);
        let listen = move || loop {
            let mut wanted = [PollFd::new(ready.as_fd(), PollFlags::POLLIN)];
            match poll(&mut wanted, PollTimeout::NONE) {
                Err(nix::errno::Errno::EINTR) => {}
                Ok(_) if locked(&listened).take_in() => {}
                _ => return,
            }
        };
        thread::Builder::new().stack_size(LISTENER_STACK).spawn(listen)?;
        Ok(words)
    }

    /// Takes in all that is there. Gives whether more may come.
    fn take_in(&mut self) -> bool {
        let mut buffer = [0; 4096];
        loop {
            match self.from.read(&mut buffer) {
                Ok(0) => return false,
                Ok(count) => {
                    self.last.extend(&buffer[..count]);
                    let too_many = self.last.len().saturating_sub(LAST_WORDS);
                    self.last.drain(..too_many);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return error.kind() == io::ErrorKind::WouldBlock,
            }
        }
    }
}

/// What was taken in before a panic counts.
fn locked(words: &Mutex<Words>) -> MutexGuard<'_, Words> {
    words.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Confined {
    fn drop(&mut self) {
        self.kill();
    }
}

impl End {
    /// Tells by the words of Rust's run-time system, which ends a process by the same signal whatever it ran out of.
    pub fn of(status: ExitStatus, last_words: &str) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Exited(code),
            (None, signal) => Self::by_signal(signal.unwrap_or_default(), last_words),
        }
    }

    /// The same of a copy that such a process made of itself, by its status as a shell shows it.
    pub fn of_shell_status(status: i32, last_words: &str) -> Self {
        match status - SIGNALLED {
            signal if signal > 0 => Self::by_signal(signal, last_words),
            _ => Self::Exited(status),
        }
    }

    fn by_signal(signal: i32, last_words: &str) -> Self {
        if last_words.contains("memory allocation of ") {
            return Self::OutOfMemory;
        }
        if last_words.contains("has overflowed its stack") {
            return Self::OutOfStack;
        }
        Self::Signalled(signal)
    }
}

/// In the new process, before it becomes the program.
fn confine(limits: Limits, parent: u32) -> Result<(), SysError> {
    limit(Resource::RLIMIT_CORE, 0)?;
    limit(Resource::RLIMIT_STACK, limits.stack)?;
    #[cfg(target_os = "freebsd")]
    let memory = Resource::RLIMIT_VMEM;
    #[cfg(not(target_os = "freebsd"))]
    let memory = Resource::RLIMIT_AS;
    limit(memory, limits.memory)?;
    reset_signals()?;
    kill_with_parent()?;
    // It may have ended before.
    if std::os::unix::process::parent_id() != parent {
        return Err(SysError::Call { what: "outlive the parent", errno: nix::errno::Errno::ESRCH });
    }
    Ok(())
}

/// Lowers a limit for good.
fn limit(resource: Resource, bytes: u64) -> Result<(), SysError> {
    let call = SysError::call("limit a process");
    let lower = || {
        let (_, most) = getrlimit(resource)?;
        let bytes = rlim_t::try_from(bytes).unwrap_or(most).min(most);
        setrlimit(resource, bytes, bytes)
    };
    lower().map_err(call)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const LIMITS: Limits = Limits { memory: 64 << 20, stack: 8 << 20 };

    fn shell(script: &str) -> (Confined, Pipes) {
        let arguments = ["-c".as_ref(), script.as_ref()];
        Confined::start("/bin/sh".as_ref(), &arguments, LIMITS, Environment::Empty).unwrap()
    }

    fn output(script: &str) -> String {
        let (mut process, (_, mut out)) = shell(script);
        let mut text = String::new();
        out.read_to_string(&mut text).unwrap();
        assert_eq!(process.end(), End::Exited(0), "{script}");
        text
    }

    #[test]
    fn limits_hold_and_nothing_is_inherited() {
        assert_eq!(output("ulimit -v; ulimit -s; ulimit -c; ulimit -Hs"), "65536\n8192\n0\n8192\n");
        assert_eq!(output("echo \"$HOME$FRUIX_ROOT\""), "\n");
    }

    #[test]
    fn the_pipes_carry_both_ways() {
        let (mut process, (mut to, mut from)) = shell("read line; echo got $line");
        to.write_all(b"this\n").unwrap();
        let mut text = String::new();
        from.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), process.end()), ("got this\n", End::Exited(0)));
    }

    #[test]
    fn ends_are_told_apart() {
        assert_eq!(shell("exit 3").0.end(), End::Exited(3));
        assert_eq!(shell("kill -ABRT $$").0.end(), End::Signalled(6));
        let out_of_memory = "echo 'memory allocation of 8 bytes failed' >&2; kill -ABRT $$";
        assert_eq!(shell(out_of_memory).0.end(), End::OutOfMemory);
    }

    #[test]
    fn a_talkative_process_is_not_kept_waiting() {
        let script = "i=0; while [ $i -lt 20000 ]; do echo 'many words, and then' >&2; i=$((i+1)); done; \
                      echo 'memory allocation of 8 bytes failed' >&2; kill -ABRT $$";
        let (mut process, (_, mut from)) = shell(script);
        from.read_to_end(&mut Vec::new()).unwrap();
        assert_eq!(process.end(), End::OutOfMemory);
        let words = process.last_words();
        assert!(words.len() == LAST_WORDS && words.ends_with("failed\n"), "{} bytes", words.len());
    }

    #[test]
    fn a_process_that_lives_on_is_killed_with_its_group() {
        let (mut process, (_, mut from)) = shell("sleep 1000 & echo $!; exec sleep 1000");
        let mut line = [0; 32];
        let count = from.read(&mut line).unwrap();
        let sleeper: i32 = std::str::from_utf8(&line[..count]).unwrap().trim().parse().unwrap();
        process.kill();
        // Its group ended with it: nobody is left to hold the pipe.
        from.read_to_end(&mut Vec::new()).unwrap();
        // It let go of the pipe, and may yet take a moment to be gone.
        let stat = format!("/proc/{sleeper}/stat");
        let lives = || std::fs::read_to_string(&stat).is_ok_and(|state| !state.contains(") Z "));
        let deadline = Instant::now() + GRACE;
        while lives() {
            assert!(Instant::now() < deadline, "process {sleeper} lives on");
            thread::sleep(POLL);
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let started = Confined::start("/nonexistent".as_ref(), &[], LIMITS, Environment::Empty);
        assert!(started.err().unwrap().to_string().contains("start a process"));
    }
}
