//! A newer loader, installed in turns with the one that runs.
//!
//! FAT has neither a journal nor an atomic rename, so nothing that is needed is replaced on the EFI system partition: the
//! newer loader is a second file there, its scripts a second directory beside those of the one that runs, and a boot entry
//! of its own names both. The firmware starts it once; only when a machine that it started asks for it does it come first.
//! The loader at the place that firmware falls back to, and its unit, stay as the image made them.

mod esp;
mod firmware;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use miette::Diagnostic;
use thiserror::Error;

use super::unit;
use crate::util::fs::{
    FsError, Operation, PathContext as _, create_dir_all, entries, read, remove_tree, rename, sync_dir,
    write_atomic,
};
use firmware::Firmware;

/// The units that take turns.
const TURNS: [&str; 2] = ["b", "c"];

/// Where a unit that is not complete yet lies.
const UNFINISHED: &str = ".new";

/// Why no loader was installed. What runs is as it was.
#[derive(Debug, Error, Diagnostic)]
pub enum InstallError {
    #[error("`{command}` failed: {said}")]
    #[diagnostic(help(
        "a loader is installed by root, on the machine itself; where its firmware keeps no variables, the one that the \
         image has stays, and docs/booting.md says how to replace it by hand"
    ))]
    Command { command: String, said: String },
    #[error("the disk of `{root}` has no EFI system partition")]
    #[diagnostic(help(
        "`gpart show` lists the partitions; one of the type efi is expected beside that of the root"
    ))]
    NoEsp { root: String },
    #[error("`{}` does not hold what was written to it", path.display())]
    #[diagnostic(help(
        "the EFI system partition is damaged or full; `fsck_msdosfs` checks it while it is not mounted"
    ))]
    Verify { path: PathBuf },
    #[error("the firmware has no boot entry `{label}`, though it was made")]
    #[diagnostic(help("`efibootmgr -v` lists its entries"))]
    NoEntry { label: String },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
}

/// What is done, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The loader that runs is that of the assets, and comes first, or is the image's own.
    UpToDate { unit: String },
    /// The loader that runs is that of the assets, and comes first from now on.
    First { unit: String },
    /// The firmware starts it once, at the next boot.
    Next { unit: String },
}

/// Programs of the machine.
pub trait Programs {
    /// Runs one, and gives what it prints.
    fn run(&self, program: &str, arguments: &[&str]) -> Result<String, InstallError>;
}

/// Those of the machine that this process runs on.
#[derive(Debug)]
pub struct OwnPrograms;

impl Programs for OwnPrograms {
    fn run(&self, program: &str, arguments: &[&str]) -> Result<String, InstallError> {
        let failed = |said: String| {
            let command = [&[program], arguments].concat().join(" ");
            InstallError::Command { command, said: said.trim().to_owned() }
        };
        let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
        let output = output.map_err(|error| failed(error.to_string()))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(failed(String::from_utf8_lossy(&output.stderr).into_owned())),
        }
    }
}

/// Where the pieces lie.
#[derive(Debug)]
pub struct Places {
    /// The loader and its scripts that are wanted: the `boot` of boot assets.
    pub assets: PathBuf,
    /// The directory of units.
    pub units: PathBuf,
    /// An empty directory, to mount the EFI system partition on.
    pub mount_point: PathBuf,
}

/// Says what [`install`] would do, which may still fail.
pub fn plan(places: &Places, programs: &dyn Programs) -> Result<Outcome, InstallError> {
    let running = match programs.run("kenv", &["-q", "fruix.loader"]) {
        Ok(unit) => unit.trim().to_owned(),
        // There is no such variable, without which it is that one.
        Err(_) => unit::FALLBACK.to_owned(),
    };
    if is_unit_of(&places.units.join(&running), &places.assets)? {
        let is_first = running == unit::FALLBACK || Firmware::read(programs)?.is_first(&label(&running))?;
        return Ok(match is_first {
            true => Outcome::UpToDate { unit: running },
            false => Outcome::First { unit: running },
        });
    }
    let next = if running == TURNS[0] { TURNS[1] } else { TURNS[0] };
    Ok(Outcome::Next { unit: next.to_owned() })
}

/// Brings the machine one step nearer to the loader of the assets.
pub fn install(places: &Places, programs: &dyn Programs) -> Result<Outcome, InstallError> {
    let outcome = plan(places, programs)?;
    match &outcome {
        Outcome::UpToDate { .. } => {}
        Outcome::First { unit } => Firmware::read(programs)?.put_first(programs, &label(unit))?,
        Outcome::Next { unit } => install_beside(unit, places, programs)?,
    }
    Ok(outcome)
}

/// Installs the unit that does not run, and has the firmware start it once.
fn install_beside(next: &str, places: &Places, programs: &dyn Programs) -> Result<(), InstallError> {
    // Whether the firmware has variables is to be known before anything changes.
    let firmware = Firmware::read(programs)?;
    write_unit(&places.units, next, &places.assets)?;
    let esp = esp::find(programs)?;
    let file = format!("EFI/fruix/loader-{next}.efi");
    let loader = read(&places.assets.join("loader.efi"))?;
    esp.mounted_on(&places.mount_point, programs, |mounted| {
        let path = mounted.join(&file);
        create_dir_all(path.parent().unwrap_or(mounted))?;
        Ok(write_atomic(&path, &loader, true)?)
    })?;
    // From the disk, and not from memory.
    esp.mounted_on(&places.mount_point, programs, |mounted| {
        let path = mounted.join(&file);
        if read(&path)? != loader {
            return Err(InstallError::Verify { path });
        }
        firmware.start_once(programs, &label(next), &path, &format!("fruix.loader={next}"))
    })
}

/// What the firmware calls the loader of a unit.
fn label(unit: &str) -> String {
    format!("Fruix {unit}")
}

/// Whether a unit is made of these assets, and of the scripts of this program.
fn is_unit_of(unit: &Path, assets: &Path) -> Result<bool, InstallError> {
    for name in unit::ASSETS {
        if !is_same(&assets.join(name), &unit.join(name))? {
            return Ok(false);
        }
    }
    for (name, text) in unit::OWN_SCRIPTS {
        if contents(&unit.join(unit::SCRIPTS).join(name))?.as_deref() != Some(text.as_bytes()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether all that is at `wanted` is at `there`, too.
fn is_same(wanted: &Path, there: &Path) -> Result<bool, InstallError> {
    if !wanted.is_dir() {
        return Ok(contents(wanted)? == contents(there)?);
    }
    for entry in entries(wanted)? {
        let name = entry?.file_name();
        if !is_same(&wanted.join(&name), &there.join(&name))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a file holds; nothing where no file is.
fn contents(path: &Path) -> Result<Option<Vec<u8>>, FsError> {
    match read(path) {
        Ok(contents) => Ok(Some(contents)),
        Err(error) if is_none(error.kind()) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_none(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory)
}

/// Makes a unit that does not run anew: it is there whole, or not at all.
fn write_unit(units: &Path, name: &str, assets: &Path) -> Result<(), InstallError> {
    let (unfinished, unit) = (units.join(UNFINISHED), units.join(name));
    remove_tree(&unfinished)?;
    create_dir_all(&unfinished.join(unit::SCRIPTS))?;
    for asset in unit::ASSETS {
        if assets.join(asset).exists() {
            copy(&assets.join(asset), &unfinished.join(asset))?;
        }
    }
    for (name, text) in unit::OWN_SCRIPTS {
        write_atomic(&unfinished.join(unit::SCRIPTS).join(name), text.as_bytes(), true)?;
    }
    remove_tree(&unit)?;
    rename(&unfinished, &unit)?;
    Ok(sync_dir(units)?)
}

fn copy(from: &Path, to: &Path) -> Result<(), InstallError> {
    if !from.is_dir() {
        return Ok(write_atomic(to, &fs::read(from).at(Operation::Read, from)?, true)?);
    }
    create_dir_all(to)?;
    for entry in entries(from)? {
        let name = entry?.file_name();
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(sync_dir(to)?)
}
