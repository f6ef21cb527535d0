//! What a program does to the file system, as `strace` sees it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::place::{FRUIX, Place};
use super::scenario::Scenario;

/// All calls by which a program changes files, or has them flushed.
const CALLS: &str = "openat,open,creat,mkdir,mkdirat,write,pwrite64,writev,pwritev,rename,renameat,renameat2,unlink,\
    unlinkat,rmdir,symlink,symlinkat,link,linkat,chmod,fchmod,fchmodat,utimensat,ftruncate,truncate,fallocate,fsync,\
    fdatasync,syncfs,sync_file_range,copy_file_range,sendfile,chown,fchown,lchown,fchownat";

/// One change, or one flush.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Opened by one who would make it, with these permissions.
    Create(PathBuf, u32),
    MakeDirectory(PathBuf, u32),
    Symlink(PathBuf, PathBuf),
    HardLink(PathBuf, PathBuf),
    Write(PathBuf, u64, Vec<u8>),
    SetLength(PathBuf, u64),
    /// Space is kept for so many bytes.
    Allocate(PathBuf, u64),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    SetMode(PathBuf, u32),
    SetTimes(PathBuf),
    SetOwner(PathBuf),
    /// A file's contents, or a directory's names, reach the disk.
    Sync(PathBuf),
    /// Everything does.
    SyncAll(PathBuf),
}

/// What a step changes, after where that was before, if it names such a place; to be read or to be changed, as the step is.
macro_rules! places {
    ($step:expr) => {
        match $step {
            Step::Rename(from, path) | Step::HardLink(from, path) => (Some(from), path),
            Step::Create(path, _)
            | Step::MakeDirectory(path, _)
            | Step::Remove(path)
            | Step::SetTimes(path)
            | Step::SetOwner(path)
            | Step::Sync(path)
            | Step::SyncAll(path)
            | Step::Write(path, ..)
            | Step::SetLength(path, _)
            | Step::Allocate(path, _)
            | Step::SetMode(path, _)
            | Step::Symlink(_, path) => (None, path),
        }
    };
}

impl Step {
    /// As the log of faults names it.
    pub fn kind(&self) -> &'static str {
        match self {
            Step::Create(..) => "Create",
            Step::MakeDirectory(..) => "MakeDirectory",
            Step::Symlink(..) => "Symlink",
            Step::HardLink(..) => "HardLink",
            Step::Write(..) | Step::Allocate(..) => "Write",
            Step::SetLength(..) => "SetLength",
            Step::Rename(..) => "Rename",
            Step::Remove(_) => "Remove",
            Step::SetMode(..) => "SetMode",
            Step::SetTimes(_) => "SetTimes",
            Step::SetOwner(_) => "SetOwner",
            Step::Sync(_) | Step::SyncAll(_) => "Sync",
        }
    }

    /// What is changed; of two names, the new one.
    pub fn path(&self) -> &Path {
        places!(self).1
    }

    /// All places in the file system that it names. What a symbolic link says is none.
    fn paths(&mut self) -> Vec<&mut PathBuf> {
        let (from, path) = places!(self);
        from.into_iter().chain([path]).collect()
    }
}

/// Whether there is `strace`; says so if not.
pub fn is_possible() -> bool {
    let there = Command::new("strace").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !there {
        eprintln!("skipped: system calls are seen by strace, which is not installed");
    }
    there
}

/// Runs a scenario's command in a root, and tells what it did there, and what to its standard output. The command's log of
/// faults, if one is wanted, goes to `log`.
pub fn record(scenario: &Scenario, place: &Place, log: Option<&Path>) -> Vec<Step> {
    record_program(place, Path::new(FRUIX), log, |strace| scenario.run(place, strace))
}

/// The same for any program, which `run` gives its arguments.
pub fn record_program(
    place: &Place,
    program: &Path,
    log: Option<&Path>,
    run: impl FnOnce(Command) -> Output,
) -> Vec<Step> {
    let trace = place.directory.path().join("strace.log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-qq", "-xx", "-s", "10000000", "-e"]).arg(format!("trace={CALLS}"));
    strace.arg("-o").arg(&trace).arg(program);
    if let Some(log) = log {
        strace.env("FRUIX_FAULT_LOG", log);
    }
    let output = run(strace);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut steps = parse(&fs::read_to_string(trace).expect("strace writes a log"));
    place_outputs(&mut steps, &place.root());
    steps
}

/// Says where what a builder writes lies outside of its sandbox, which shows a directory of the build as the store: that of
/// the build which began last.
fn place_outputs(steps: &mut [Step], root: &Path) {
    let store = root.join("frx/store");
    let mut written = None;
    for step in steps {
        if let Step::MakeDirectory(path, _) = step
            && path.ends_with("store")
            && path.parent().and_then(Path::parent) == Some(&store)
        {
            written = Some(path.clone());
        }
        let Some(written) = &written else { continue };
        for path in step.paths() {
            if let Ok(output) = path.strip_prefix("/frx/store") {
                *path = written.join(output);
            }
        }
    }
}

fn parse(log: &str) -> Vec<Step> {
    let mut reader = Reader::default();
    let mut begun: HashMap<&str, &str> = HashMap::new();
    let mut steps = Vec::new();
    for line in log.lines() {
        let Some((process, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(call) = rest.strip_suffix(" <unfinished ...>") {
            begun.insert(process, call);
        } else if let Some((_, end)) = rest.split_once(" resumed>") {
            let call = begun.remove(process).expect("what is resumed was begun");
            steps.extend(reader.step(&format!("{call}{end}")));
        } else {
            steps.extend(reader.step(rest));
        }
    }
    steps
}

/// What has to be remembered from line to line.
#[derive(Default)]
struct Reader {
    /// By descriptor, what was opened; `chmod` is given such a number's name in `/proc`.
    open: HashMap<String, PathBuf>,
    /// By file, up to where it was written one piece after the other.
    ends: HashMap<PathBuf, u64>,
}

impl Reader {
    /// What a call did; nothing if it failed, or only read.
    fn step(&mut self, line: &str) -> Option<Step> {
        let (call, rest) = line.split_once('(')?;
        let (arguments, result) = rest.rsplit_once(" = ")?;
        if result.starts_with('-') {
            return None;
        }
        let arguments = arguments.trim_end().strip_suffix(')').unwrap_or(arguments);
        let arguments: Vec<&str> = arguments.split(", ").collect();
        let argument = |index: usize| arguments.get(index).copied().unwrap_or_default();
        let number = |index: usize| argument(index).parse::<u64>().expect("a number");
        let mode = |index: usize| u32::from_str_radix(argument(index), 8).expect("a mode");
        let step = match call {
            "openat" => {
                let path = descriptor(result)?;
                self.open.insert(result.split('<').next()?.to_owned(), path.clone());
                let flags = argument(2);
                if !flags.contains("O_CREAT") {
                    assert!(!flags.contains("O_TRUNC"), "{line}");
                    return None;
                }
                if !flags.contains("O_APPEND") {
                    self.ends.insert(path.clone(), 0);
                }
                Step::Create(path, mode(3))
            }
            "mkdir" => Step::MakeDirectory(text(argument(0)), mode(1)),
            "mkdirat" => Step::MakeDirectory(at(argument(0), argument(1)), mode(2)),
            "write" => {
                let path = descriptor(argument(0))?;
                let end = self.ends.entry(path.clone()).or_default();
                let bytes = bytes(argument(1));
                *end += bytes.len() as u64;
                Step::Write(path, *end - bytes.len() as u64, bytes)
            }
            "pwrite64" => Step::Write(descriptor(argument(0))?, number(3), bytes(argument(1))),
            "rename" => Step::Rename(text(argument(0)), text(argument(1))),
            "renameat" => Step::Rename(at(argument(0), argument(1)), at(argument(2), argument(3))),
            "unlink" | "rmdir" => Step::Remove(text(argument(0))),
            "unlinkat" => Step::Remove(at(argument(0), argument(1))),
            "symlink" => Step::Symlink(text(argument(0)), text(argument(1))),
            "symlinkat" => Step::Symlink(text(argument(0)), at(argument(1), argument(2))),
            "link" => Step::HardLink(text(argument(0)), text(argument(1))),
            "linkat" => Step::HardLink(at(argument(0), argument(1)), at(argument(2), argument(3))),
            "chmod" => {
                let path = text(argument(0));
                let descriptor = path.strip_prefix("/proc/self/fd").ok().and_then(Path::to_str);
                let path = descriptor.and_then(|number| self.open.get(number)).unwrap_or(&path);
                Step::SetMode(path.clone(), mode(1))
            }
            "fchmod" => Step::SetMode(descriptor(argument(0))?, mode(1)),
            "fchmodat" => Step::SetMode(at(argument(0), argument(1)), mode(2)),
            "utimensat" if argument(1) == "NULL" => Step::SetTimes(descriptor(argument(0))?),
            "utimensat" => Step::SetTimes(at(argument(0), argument(1))),
            "ftruncate" => Step::SetLength(descriptor(argument(0))?, number(1)),
            "fallocate" => Step::Allocate(descriptor(argument(0))?, number(3)),
            "fsync" | "fdatasync" => Step::Sync(descriptor(argument(0))?),
            "syncfs" => Step::SyncAll(descriptor(argument(0))?),
            "fchown" => Step::SetOwner(descriptor(argument(0))?),
            // What this program does not call; the day it does, the model has to learn it.
            _ => panic!("an unknown call: {line}"),
        };
        Some(step)
    }
}

/// The path in `5</a/path>`.
fn descriptor(argument: &str) -> Option<PathBuf> {
    let (_, path) = argument.split_once('<')?;
    Some(decoded(path.split('>').next()?).into())
}

/// A name in an open directory, or a path.
fn at(directory: &str, name: &str) -> PathBuf {
    descriptor(directory).unwrap_or_default().join(text(name))
}

fn text(argument: &str) -> PathBuf {
    OsString::from_vec(bytes(argument)).into()
}

fn bytes(argument: &str) -> Vec<u8> {
    let (argument, cut) = (argument.trim_end_matches("..."), argument.ends_with("..."));
    assert!(!cut, "strace cut a text");
    decoded(argument.trim_matches('"')).into_vec()
}

/// What `\x2f\x61` stands for.
fn decoded(text: &str) -> OsString {
    let digits = text.split("\\x").skip(1);
    let byte = |digits: &str| u8::from_str_radix(digits.get(..2)?, 16).ok();
    OsString::from_vec(digits.map(|digits| byte(digits).expect("two digits")).collect())
}
