//! Running the make rules of a FreeBSD source tree.
//!
//! On FreeBSD that is `make`. Elsewhere the tree's own `tools/build/make.py` builds FreeBSD's make first and
//! names the host's LLVM tools to it. Either way the environment is empty but for what is set here: a stray
//! `CFLAGS` or `MAKEFLAGS` of a caller poisons the bootstrap, and the host's `make.conf` and `src.conf` are shut
//! out.

use std::{
    ffi::OsString,
    fs, io,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use miette::Diagnostic;
use thiserror::Error;

use super::{metalog, source_tree::SourceTree};
use crate::builders::{BuilderContext, BuilderError, phase};

/// The LLVM programs that `make.py` looks for in the directory it is given.
const LLVM_PROGRAMS: [&str; 4] = ["clang", "clang++", "clang-cpp", "ld.lld"];

/// What builds and installs print before each stage, as in `>>> stage 4.2: building libraries`.
const STAGE_MARK: &[u8] = b">>> stage ";

/// Why make failed, or was not run.
#[derive(Debug, Error, Diagnostic)]
pub enum MakeError {
    #[error(
        "there is no LLVM tool chain in `{}`: no directory has all of {}",
        directory.display(),
        LLVM_PROGRAMS.join(", ")
    )]
    #[diagnostic(help("add the packages clang, lld and llvm to the tool chain"))]
    NoLlvm { directory: PathBuf },

    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help("the tool chain item is damaged; `fruix store verify --check-contents` says more"))]
    Read { path: PathBuf, source: io::Error },

    #[error("cannot make `{}`: {source}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Directory { path: PathBuf, source: io::Error },

    #[error("cannot run `{}`: {source}", program.display())]
    #[diagnostic(help("the tool chain must have python3, and the source tree keep its executable bits"))]
    Run { program: PathBuf, source: io::Error },

    #[error("cannot read what make prints in phase {phase}: {source}")]
    #[diagnostic(help("run the command again"))]
    Output { phase: String, source: io::Error },

    #[error("make failed in phase {phase}: {status}")]
    #[diagnostic(help("the log says above what it stumbled over; look for the first `***` or `error:`"))]
    Failed { phase: String, status: ExitStatus },
}

/// How make is started on this system.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    /// `/usr/bin/make` understands FreeBSD's makefiles, and `cc` compiles for it.
    Freebsd,
    /// `make.py` does what is missing, with the LLVM tools of this directory.
    Other { llvm: PathBuf },
}

/// The directories of one build.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// Objects go here.
    pub objects: PathBuf,
    /// Scratch: the installed tree, `src.conf`, temporary files.
    pub scratch: PathBuf,
}

/// Make in one source tree, with the arguments that all its runs share.
pub(super) struct Make {
    host: Host,
    source: PathBuf,
    places: Places,
    arguments: Vec<String>,
}

impl Make {
    /// For a derivation that sets `target`, `targetArch` and perhaps `makeFlags`.
    pub(super) fn new(
        tree: &SourceTree,
        places: Places,
        context: &BuilderContext,
    ) -> Result<Make, BuilderError> {
        let host = if std::env::consts::OS == "freebsd" {
            Host::Freebsd
        } else {
            Host::Other { llvm: find_llvm(Path::new("/usr")).map_err(super::FreebsdError::from)? }
        };
        for directory in [places.scratch.join("tmp"), places.scratch.join("inst")] {
            fs::create_dir_all(&directory).map_err(|source| {
                super::FreebsdError::from(MakeError::Directory { path: directory, source })
            })?;
        }
        let mut arguments = vec![
            format!("TARGET={}", context.required("target")?),
            format!("TARGET_ARCH={}", context.required("targetArch")?),
            "__MAKE_CONF=/dev/null".to_owned(),
            "SRC_ENV_CONF=/dev/null".to_owned(),
            format!("SRCCONF={}", places.src_conf().display()),
            format!("-j{}", context.cores),
        ];
        arguments.extend(context.list("makeFlags").into_iter().map(str::to_owned));
        Ok(Make { host, source: tree.path().to_owned(), places, arguments })
    }

    /// Builds make itself, where the host has none that fits.
    ///
    /// A run that only prints a variable does it. `TESTS` keeps it from running all unit tests of make: they
    /// depend on the host's shell, and some fail with some of them.
    pub(super) fn bootstrap(&self) -> Result<(), MakeError> {
        match self.host {
            Host::Freebsd => Ok(()),
            Host::Other { .. } => self.start("bootstrap", &[("TESTS", "comment")], &["-V", ".OBJDIR"]),
        }
    }

    /// Runs a target in a phase of its name.
    pub(super) fn build(&self, target: &str, variables: &[String]) -> Result<(), MakeError> {
        let arguments: Vec<&str> = variables.iter().map(String::as_str).chain([target]).collect();
        self.start(target, &[], &arguments)
    }

    /// Runs a target that installs to [`Places::installed`] as an ordinary user, in a phase of its name.
    pub(super) fn install(&self, target: &str, variables: &[String]) -> Result<(), MakeError> {
        let directory = self.places.installed();
        let mut all = vec![
            "-DNO_ROOT".to_owned(),
            // The accounts of the tree, not those of this machine, say who owns what.
            "-DDB_FROM_SRC".to_owned(),
            format!("DESTDIR={}", directory.display()),
            format!("METALOG={}", directory.join(metalog::FILE_NAME).display()),
        ];
        all.extend_from_slice(variables);
        self.build(target, &all)
    }

    fn start(&self, name: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Result<(), MakeError> {
        phase(name);
        let (program, first) = self.program();
        let (output, input) =
            io::pipe().map_err(|source| MakeError::Output { phase: name.to_owned(), source })?;
        let mut command = Command::new(&program);
        command
            .args(first)
            .args(&self.arguments)
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .envs(variables.iter().copied())
            .current_dir(&self.source)
            .stdin(Stdio::null());
        let unstarted = |source| MakeError::Run { program: program.clone(), source };
        command.stdout(input.try_clone().map_err(unstarted)?).stderr(input);
        let mut child = command.spawn().map_err(unstarted)?;
        // The command holds the writing end of the pipe: while it lives, the pipe never ends.
        drop(command);
        let relayed = relay(name, BufReader::new(output), io::stderr());
        let status = child.wait().map_err(unstarted)?;
        relayed.map_err(|source| MakeError::Output { phase: name.to_owned(), source })?;
        if status.success() { Ok(()) } else { Err(MakeError::Failed { phase: name.to_owned(), status }) }
    }

    /// The program and the arguments that only it needs.
    fn program(&self) -> (PathBuf, Vec<OsString>) {
        match &self.host {
            Host::Freebsd => (PathBuf::from("/usr/bin/make"), Vec::new()),
            Host::Other { llvm } => {
                let mut option = OsString::from("--cross-bindir=");
                option.push(llvm);
                (self.source.join("tools/build/make.py"), vec![option])
            }
        }
    }

    fn environment(&self) -> Vec<(&'static str, OsString)> {
        let mut variables: Vec<(&str, OsString)> = vec![
            ("PATH", "/usr/sbin:/usr/bin:/sbin:/bin".into()),
            ("LC_ALL", "C".into()),
            ("TZ", "UTC".into()),
            ("HOME", self.places.scratch.clone().into()),
            ("TMPDIR", self.places.scratch.join("tmp").into()),
            ("USER", "root".into()),
            ("LOGNAME", "root".into()),
            ("MAKEOBJDIRPREFIX", self.places.objects.clone().into()),
        ];
        variables.push(match self.host {
            // Elsewhere sys/conf/newvers.sh would hand it to a date(1) that takes it for a file, and fail.
            Host::Freebsd => ("SOURCE_DATE_EPOCH", "1".into()),
            // Some distributions' clang takes libstdc++ even for FreeBSD; this speaks of the target's C++ only.
            Host::Other { .. } => ("XCXXFLAGS", "-stdlib=libc++".into()),
        });
        variables
    }
}

impl Places {
    /// Where the build reads its options.
    pub(super) fn src_conf(&self) -> PathBuf {
        self.scratch.join("src.conf")
    }

    /// Where it installs to.
    pub(super) fn installed(&self) -> PathBuf {
        self.scratch.join("inst")
    }
}

/// Copies what make prints to the log, and announces each stage as a phase.
fn relay(name: &str, mut from: impl BufRead, mut log: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        if let Some(stage) = line.strip_prefix(STAGE_MARK) {
            let stage = String::from_utf8_lossy(stage.trim_ascii_end()).replacen(": ", " ", 1);
            phase(&format!("{name} {stage}"));
        }
        log.write_all(&line)?;
        line.clear();
    }
    Ok(())
}

/// The directory of the newest LLVM below `usr`: `usr/lib/llvm-N/bin` as Debian has it, or `usr/bin`.
fn find_llvm(usr: &Path) -> Result<PathBuf, MakeError> {
    let libraries = usr.join("lib");
    let names = match fs::read_dir(&libraries) {
        Ok(list) => list
            .map(|entry| Ok(entry?.file_name()))
            .collect::<Result<Vec<_>, io::Error>>()
            .map_err(|source| MakeError::Read { path: libraries.clone(), source })?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(MakeError::Read { path: libraries, source }),
    };
    let mut versions: Vec<(u32, PathBuf)> = names
        .iter()
        .filter_map(|name| {
            let version = name.to_str()?.strip_prefix("llvm-")?.parse().ok()?;
            Some((version, libraries.join(name).join("bin")))
        })
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions
        .into_iter()
        .map(|(_, directory)| directory)
        .chain([usr.join("bin")])
        .find(|directory| LLVM_PROGRAMS.iter().all(|program| directory.join(program).exists()))
        .ok_or_else(|| MakeError::NoLlvm { directory: usr.to_owned() })
}

#[cfg(test)]
mod tests;
