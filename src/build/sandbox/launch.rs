//! The launcher: `fruix __builder`, from the description of a sandbox to the end of the builder.
//!
//! Three processes, each the parent of the next:
//!
//! 1. the launcher leaves the machine's namespaces and waits;
//! 2. the first process of the new process namespace makes the mounts, then takes up orphans; when it ends,
//!    the kernel kills whatever the builder left running;
//! 3. the builder: a builtin runs right here, in the copy of this program that is already in memory (the
//!    sandbox has no loader or library for it), a program replaces it.
//!
//! Each dies with its parent. So nothing of a build survives fruix, however fruix ends. Without a sandbox the first
//! two are one, and what ends with fruix is the process group: all but a program that leaves it on purpose.

use std::io::{self, Read, Write};

use miette::Diagnostic;
use nix::{
    sys::stat::{Mode, umask},
    unistd::{chdir, getppid, setsid},
};
use thiserror::Error;

use super::{Bind, INSIDE, Outcome, Sandbox, Task};
use crate::{
    builders::{self, BuilderContext},
    sys::{
        self, Isolation, SysError,
        descriptors::close_inherited,
        process::{self, Child},
    },
};

/// The status of a builder that could not be run, as in a shell.
const CANNOT_RUN: i32 = 127;

/// Why the builder did not run.
#[derive(Debug, Error, Diagnostic)]
pub enum LaunchError {
    #[error("cannot read the description of the sandbox: {error}")]
    #[diagnostic(help("`fruix __builder` is run by fruix itself"))]
    Read { error: io::Error },

    #[error("cannot understand the description of the sandbox: {error}")]
    #[diagnostic(help("`fruix __builder` is run by fruix itself"))]
    Parse { error: serde_json::Error },

    #[error("cannot report the end of the build: {error}")]
    Report { error: io::Error },

    #[error("fruix has ended")]
    Orphaned,

    #[error(transparent)]
    #[diagnostic(transparent)]
    Sys(#[from] SysError),
}

/// Reads a [`Sandbox`] from standard input, runs its task, and reports an [`Outcome`] on standard output.
/// Standard error is the build log.
pub fn main() -> Result<(), LaunchError> {
    let sandbox = close_inherited().map_err(LaunchError::from).and_then(|()| read_sandbox());
    let isolated = sandbox.as_ref().is_ok_and(|sandbox| sandbox.isolated);
    let outcome = match sandbox.and_then(|sandbox| launch(&sandbox)) {
        Ok(status) => Outcome::Ended { status },
        Err(error) => not_started(&error),
    };
    report(&outcome)?;
    if !isolated {
        // No namespace ends what the builder left running, so this process ends it, and itself with it.
        process::end_group()?;
    }
    Ok(())
}

fn read_sandbox() -> Result<Sandbox, LaunchError> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|error| LaunchError::Read { error })?;
    serde_json::from_str(&text).map_err(|error| LaunchError::Parse { error })
}

fn not_started(error: &dyn Diagnostic) -> Outcome {
    Outcome::NotStarted { reason: error.to_string(), help: error.help().map(|help| help.to_string()) }
}

/// Writes the outcome where fruix reads it, which heeds the first line only.
fn report(outcome: &Outcome) -> Result<(), LaunchError> {
    let mut line = serde_json::to_vec(outcome).map_err(|error| LaunchError::Parse { error })?;
    line.push(b'\n');
    io::stdout().write_all(&line).map_err(|error| LaunchError::Report { error })
}

/// Runs the sandbox's task and gives its status.
fn launch(sandbox: &Sandbox) -> Result<i32, LaunchError> {
    // A session of its own: the terminal's Ctrl-C reaches fruix alone, which then ends the build.
    setsid().map_err(SysError::call("start a session"))?;
    process::reset_signals()?;
    process::reset_limits()?;
    if !process::fix_addresses() {
        eprintln!("note: this machine lays out the memory of programs at random");
    }
    umask(Mode::from_bits_truncate(0o022));
    if !sandbox.isolated {
        if let Some(user) = sandbox.user {
            process::become_user(user)?;
        }
        // No namespace ends what the builder starts: its processes have the group in common, no more.
        process::end_group_with_parent()?;
        refuse_to_be_orphan(sandbox)?;
        let task = || process::reset_signals().map_or(CANNOT_RUN, |()| run_task(&sandbox.task));
        return Ok(Child::start(task)?.wait()?);
    }
    die_with_fruix(sandbox)?;
    let mut isolation = sys::isolation()?;
    isolation.leave_host(sandbox.network, sandbox.user, INSIDE)?;
    // A change of the user made the kernel forget it.
    die_with_fruix(sandbox)?;
    Ok(Child::start(|| first_process(sandbox, isolation.as_mut()))?.wait()?)
}

fn die_with_fruix(sandbox: &Sandbox) -> Result<(), LaunchError> {
    process::kill_with_parent()?;
    refuse_to_be_orphan(sandbox)
}

/// Fruix may have ended before the kernel was asked to tell.
fn refuse_to_be_orphan(sandbox: &Sandbox) -> Result<(), LaunchError> {
    if getppid().as_raw() == sandbox.parent { Ok(()) } else { Err(LaunchError::Orphaned) }
}

/// The first process of the process namespace: makes the sandbox, starts the builder, takes up orphans.
fn first_process(sandbox: &Sandbox, isolation: &mut dyn Isolation) -> i32 {
    let outcome = enter(sandbox, isolation).and_then(|()| Child::start(|| run_task(&sandbox.task))?.wait());
    outcome.unwrap_or_else(|error| {
        // If this cannot be written either, fruix sees that the launcher ended without a word.
        let _ = report(&not_started(&error));
        CANNOT_RUN
    })
}

/// Turns the skeleton on disk into the root directory.
fn enter(sandbox: &Sandbox, isolation: &mut dyn Isolation) -> Result<(), SysError> {
    isolation.set_host_name("localhost")?;
    let root = sandbox.root.as_path();
    isolation.begin_root(root)?;
    for Bind { from, to, access } in &sandbox.binds {
        isolation.bind(from, &root.join(to), *access)?;
    }
    for (what, place) in sys::PSEUDO_FILE_SYSTEMS {
        isolation.mount(*what, &root.join(place))?;
    }
    // Last: what was mounted below stays as writable as it was asked to be.
    isolation.seal(root)?;
    isolation.enter_root(root)?;
    isolation.give_up_privileges()
}

/// The builder's process: becomes the program, or runs the builtin, and gives its status.
fn run_task(task: &Task) -> i32 {
    let ready = process::output_to_stderr()
        .and_then(|()| chdir(&task.build_dir).map_err(SysError::at("enter", &task.build_dir)));
    let failed = match ready {
        Err(error) => error.into(),
        Ok(()) => match task.builder.strip_prefix(builders::PREFIX) {
            None => match process::exec(&task.builder, &task.args, &task.program_environment()) {
                Err(error) => error.into(),
                Ok(never) => match never {},
            },
            Some(name) => match builders::run(name, &context(task)) {
                Ok(()) => return 0,
                Err(error) => return explain(&error, 1),
            },
        },
    };
    explain::<LaunchError>(&failed, CANNOT_RUN)
}

fn context(task: &Task) -> BuilderContext {
    BuilderContext {
        env: task.env.clone(),
        outputs: task.outputs.clone(),
        build_dir: task.build_dir.clone(),
        cores: task.cores,
    }
}

/// Writes an error to the build log and gives the status.
fn explain<E: Diagnostic>(error: &E, status: i32) -> i32 {
    eprintln!("error: {error}");
    if let Some(help) = error.help() {
        eprintln!("help: {help}");
    }
    status
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, path::PathBuf};

    use super::*;
    use crate::sys::{Access, Network, recording::Recorder};

    #[test]
    fn the_root_is_sealed_after_everything_is_mounted_and_entered_before_privileges_go() {
        let bind = |from: &str, to: &str, access| Bind { from: from.into(), to: to.into(), access };
        let sandbox = Sandbox {
            root: PathBuf::from("/r"),
            binds: vec![
                bind("/s/tools/usr", "usr", Access::ReadOnly),
                bind("/s/src", "usr/src", Access::ReadOnly),
                bind("/d/obj", "usr/obj", Access::Writable),
            ],
            network: Network::None,
            isolated: true,
            parent: 1,
            user: None,
            task: Task {
                builder: "/bin/sh".to_owned(),
                args: Vec::new(),
                env: BTreeMap::new(),
                machine: BTreeMap::new(),
                outputs: BTreeMap::new(),
                build_dir: PathBuf::from("/build"),
                cores: 1,
            },
        };
        let mut recorder = Recorder::default();
        enter(&sandbox, &mut recorder).unwrap();
        let expected = [
            "host name localhost",
            "begin /r",
            "bind /s/tools/usr -> /r/usr (ReadOnly)",
            "bind /s/src -> /r/usr/src (ReadOnly)",
            "bind /d/obj -> /r/usr/obj (Writable)",
            "mount Memory at /r/dev/shm",
            "mount Processes at /r/proc",
            "seal /r",
            "enter /r",
            "give up privileges",
        ];
        assert_eq!(recorder.steps, expected);
    }

    #[test]
    fn a_derivations_variables_win_over_the_sandboxs_but_not_outside_of_it() {
        let task = Task {
            builder: "/bin/sh".to_owned(),
            args: Vec::new(),
            env: BTreeMap::from([("PATH".to_owned(), "/own".to_owned())]),
            machine: BTreeMap::from([("http_proxy".to_owned(), "proxy".to_owned())]),
            outputs: BTreeMap::new(),
            build_dir: PathBuf::from("/build"),
            cores: 2,
        };
        assert_eq!(task.program_environment()["PATH"], "/own");
        assert_eq!(task.own_environment()["PATH"], "/usr/bin:/usr/sbin:/bin:/sbin");
        assert_eq!(task.own_environment()["http_proxy"], "proxy");
    }
}
