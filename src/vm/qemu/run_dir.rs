//! The directory a run leaves: what every file in it is called, and where new ones are made.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use nix::unistd::AccessFlags;

use super::VmError;
use crate::vm::logs;
use crate::vm::timeline::{Timeline, chart, svg};

/// The name of the larger disk over the image with this number.
pub fn overlay_name(number: usize) -> String {
    format!("disk{number}.qcow2")
}

/// The name of the copy of the firmware's variables.
pub const FIRMWARE_VARIABLES: &str = "firmware-variables.fd";

/// How wide the timeline is as text, in characters.
const CHART_WIDTH: usize = 80;

/// Paths in one run directory.
#[derive(Debug, Clone)]
pub struct RunDir {
    path: PathBuf,
}

impl RunDir {
    /// Makes the directory where it is missing, and removes what an earlier run left in it.
    pub fn create(path: &Path) -> Result<Self, VmError> {
        let failed = |source| VmError::RunDirectory { path: path.to_path_buf(), source };
        fs::create_dir_all(path).map_err(failed)?;
        let run_dir = Self { path: fs::canonicalize(path).map_err(failed)? };
        let stale = [
            run_dir.serial_log(),
            run_dir.qemu_log(),
            run_dir.result(),
            run_dir.ssh_log(),
            run_dir.known_hosts(),
            run_dir.picture(),
            run_dir.chart(),
        ];
        for stale in stale.into_iter().chain(logs::paths(&run_dir)) {
            match fs::remove_file(&stale) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
        }
        Ok(run_dir)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the guest wrote to its first serial port, byte for byte.
    pub fn serial_log(&self) -> PathBuf {
        self.path.join("serial.log")
    }

    /// What QEMU itself said.
    pub fn qemu_log(&self) -> PathBuf {
        self.path.join("qemu.log")
    }

    /// A script that boots the machine again.
    pub fn replay(&self) -> PathBuf {
        self.path.join("qemu.sh")
    }

    /// The [`VmResult`](super::VmResult) as JSON.
    pub fn result(&self) -> PathBuf {
        self.path.join("result.json")
    }

    /// What ssh said while it could not connect.
    pub fn ssh_log(&self) -> PathBuf {
        self.path.join("ssh.log")
    }

    /// The guest's host keys, of this run only.
    pub fn known_hosts(&self) -> PathBuf {
        self.path.join("known_hosts")
    }

    /// The timeline as a picture.
    pub fn picture(&self) -> PathBuf {
        self.path.join("timeline.svg")
    }

    /// The timeline as text.
    pub fn chart(&self) -> PathBuf {
        self.path.join("timeline.txt")
    }

    /// Writes the result, as JSON, and its timeline in both forms.
    pub fn write_result(&self, json: &str, timeline: &Timeline, title: &str) -> io::Result<()> {
        fs::write(self.picture(), svg::draw(timeline, title))?;
        fs::write(self.chart(), chart::draw(timeline, CHART_WIDTH))?;
        fs::write(self.result(), json)
    }

    /// The run's copy of the firmware's variables; removed at the end.
    pub fn firmware_variables(&self) -> PathBuf {
        self.path.join(FIRMWARE_VARIABLES)
    }

    /// The larger disk over the image, if one was asked for; removed at the end.
    pub fn overlay(&self, number: usize) -> PathBuf {
        self.path.join(overlay_name(number))
    }
}

/// Fails if a run directory can neither be made nor used at `path`. Makes nothing.
pub fn check(path: &Path) -> Result<(), VmError> {
    let failed = |source| VmError::RunDirectory { path: path.to_path_buf(), source };
    let absolute = std::path::absolute(path).map_err(failed)?;
    let existing = absolute.ancestors().find(|place| place.exists()).unwrap_or(&absolute);
    if !existing.is_dir() {
        return Err(failed(io::ErrorKind::NotADirectory.into()));
    }
    nix::unistd::access(existing, AccessFlags::W_OK | AccessFlags::X_OK).map_err(|errno| failed(errno.into()))
}

/// Makes a run directory with the next free number below `parent`: `vm-1`, `vm-2`, …
pub fn new_run_dir(parent: &Path) -> Result<PathBuf, VmError> {
    let failed = |path: &Path, source| VmError::RunDirectory { path: path.to_path_buf(), source };
    fs::create_dir_all(parent).map_err(|source| failed(parent, source))?;
    let entries = fs::read_dir(parent).map_err(|source| failed(parent, source))?;
    let numbers = entries.flatten().filter_map(|entry| {
        entry.file_name().to_str().and_then(|name| name.strip_prefix("vm-")?.parse::<u64>().ok())
    });
    let mut number = numbers.max().unwrap_or(0) + 1;
    loop {
        let path = parent.join(format!("vm-{number}"));
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            // Another run was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(source) => return Err(failed(&path, source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_directories_are_numbered_on_from_the_highest() {
        let parent = tempfile::tempdir().unwrap();
        let base = parent.path().join("run");
        assert_eq!(new_run_dir(&base).unwrap(), base.join("vm-1"));
        fs::create_dir(base.join("vm-7")).unwrap();
        fs::create_dir(base.join("vm-old")).unwrap();
        assert_eq!(new_run_dir(&base).unwrap(), base.join("vm-8"));
    }

    #[test]
    fn a_run_directory_used_again_has_no_old_result() {
        let parent = tempfile::tempdir().unwrap();
        let run_dir = RunDir::create(&parent.path().join("a b")).unwrap();
        fs::write(run_dir.result(), "{}").unwrap();
        fs::write(run_dir.path().join("notes"), "").unwrap();
        RunDir::create(run_dir.path()).unwrap();
        assert!(!run_dir.result().exists() && run_dir.path().join("notes").exists());
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        fs::write(&file, "").unwrap();
        let error = RunDir::create(&file).unwrap_err();
        assert!(error.to_string().contains("file"), "{error}");
    }
}
