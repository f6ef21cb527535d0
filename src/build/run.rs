//! Running one builder in its sandbox: the side that waits.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{ChildStdout, Command, Stdio},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::channel,
    },
    thread,
};

use super::{
    BuildError, Cancellation, disk,
    log::LogWriter,
    sandbox::{Outcome, Sandbox},
};
use crate::{
    builders,
    store_path::StorePath,
    sys,
    util::threads::{NoThread, spawn_scoped},
};

/// How a builder ended.
#[derive(Debug)]
pub struct Ended {
    /// The status, as a shell would give it.
    pub status: i32,
    /// The last lines of the log.
    pub tail: Vec<String>,
}

/// Runs the launcher `launcher __builder` for the sandbox, with its output going to the log, and tells of
/// each line.
pub fn run(
    drv: &StorePath,
    launcher: &Path,
    sandbox: &Sandbox,
    mut log: LogWriter,
    cancellation: &Cancellation,
    line: impl FnMut(&str),
) -> Result<Ended, BuildError> {
    let failed = |error: std::io::Error| BuildError::Process { drv: drv.clone(), error };
    let mut child = Command::new(launcher)
        .arg("__builder")
        .env_clear()
        .envs(sandbox.task.own_environment())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let child = cancellation.tie(child);
    let filled = AtomicBool::new(false);
    let task = serde_json::to_vec(sandbox).map_err(|error| failed(error.into()))?;
    let no_thread = |error: NoThread| failed(error.into());
    let report = thread::scope(|scope| {
        let (running, end) = channel::<()>();
        spawn_scoped(scope, || {
            if disk::fills_up(&sandbox.root, &{ end }) {
                filled.store(true, Ordering::Relaxed);
                child.kill();
            }
        })
        .map_err(no_thread)?;
        let waiting = spawn_scoped(scope, || {
            let report = wait_for_report(stdout, &sandbox.root);
            drop(running);
            report
        })
        .map_err(no_thread)?;
        // Only now, with all that it needs there, does the launcher begin.
        if let Some(mut stdin) = stdin {
            // One that has ended early says why below.
            let _ = stdin.write_all(&task);
        }
        if let Some(stderr) = stderr {
            log.take(stderr, line)?;
        }
        waiting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).map_err(failed)
    })?;
    let status = child.wait().map_err(failed)?;
    let tail = log.finish()?;
    if cancellation.is_cancelled() {
        return Err(BuildError::Cancelled);
    }
    if filled.into_inner() {
        // The store directory: there lies the directory of the build, and in it the sandbox.
        let place = sandbox.root.ancestors().nth(2).unwrap_or(&sandbox.root).to_owned();
        return Err(BuildError::DiskFull { drv: drv.clone(), place });
    }
    match serde_json::from_str(&report) {
        Ok(Outcome::Ended { status }) => Ok(Ended { status, tail }),
        Ok(Outcome::NotStarted { reason, help }) => {
            Err(BuildError::NotStarted { drv: drv.clone(), reason, help })
        }
        Err(_) => {
            let reason = match status.signal() {
                Some(signal) => format!("the launcher was ended by signal {signal}"),
                None => format!("the launcher ended without a word, {status}"),
            };
            Err(BuildError::NotStarted { drv: drv.clone(), reason, help: None })
        }
    }
}

/// Waits until the launcher and the first process of the sandbox have ended, and gives what they report.
///
/// What the builder left running goes then: it could still change the outputs, and it has the log open, whose end would
/// not come.
fn wait_for_report(stdout: Option<ChildStdout>, root: &Path) -> std::io::Result<String> {
    let mut report = String::new();
    if let Some(stdout) = stdout {
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut report)?;
        std::io::copy(&mut stdout, &mut std::io::sink())?;
    }
    sys::release(root).map_err(std::io::Error::other)?;
    Ok(report)
}

/// The phase that a line of the log announces.
pub fn phase_in(line: &str) -> Option<&str> {
    line.strip_prefix(builders::PHASE_MARK).map(str::trim)
}

/// What a builder's status means.
pub fn describe(status: i32) -> String {
    match status {
        129..=192 => {
            let number = status - 128;
            let name = nix::sys::signal::Signal::try_from(number).map(|signal| signal.as_str());
            format!("ended by signal {number} ({})", name.unwrap_or("unknown"))
        }
        _ => format!("exit status {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_and_signals_are_recognised() {
        assert_eq!(phase_in("@fruix phase buildworld"), Some("buildworld"));
        assert_eq!(phase_in("make: @fruix phase x"), None);
        assert_eq!(describe(2), "exit status 2");
        assert_eq!(describe(137), "ended by signal 9 (SIGKILL)");
    }
}
