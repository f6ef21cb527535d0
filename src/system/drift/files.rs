//! Files: those of the system, and those that are read besides them.

use std::fs;
use std::io;
use std::path::Path;

use super::{Finding, Kind, Place, text};
use crate::util::fs::{FsError, Operation, entries_if_there};

/// Where activation has `/etc` lead.
const ETC: &str = "/run/current-system/etc";

/// Where special files lie in the running system.
const SPECIAL: &str = "/run/current-system/files";

/// What may stand in the place of [`ETC`], for it is read before there is a current system.
const AT_BOOT: &str = "/frx/var/fruix/profiles/system/etc";

/// Files that FreeBSD reads after, or beside, those that the system makes.
const LOCAL_FILES: &[&str] =
    &["/etc/rc.conf.local", "/etc/rc.local", "/etc/sysctl.conf.local", "/boot/loader.conf.local"];

/// Directories of such files.
const LOCAL_DIRECTORIES: &[&str] =
    &["/boot/loader.conf.d", "/etc/rc.conf.d", "/usr/local/etc/rc.conf.d", "/usr/local/etc/rc.d"];

/// What activation has moved aside, in this switch or an earlier one.
pub fn kept(place: &Place<'_>, findings: &mut Vec<Finding>) -> Result<(), FsError> {
    let directory = place.state("kept");
    for file in below(&directory)? {
        let how = format!("changed by hand, and kept in {}", "/frx/var/fruix/kept");
        findings.push(Finding::new(Kind::Kept, format!("/{file}"), how));
    }
    Ok(())
}

/// Links, directories and copies below `/etc`.
pub fn of_etc(place: &Place<'_>, findings: &mut Vec<Finding>) -> Result<(), FsError> {
    for directory in place.activation("etc-directories")?.split_whitespace() {
        let path = format!("/etc/{directory}");
        if let Some(how) = not_a_directory(&place.machine(&path))? {
            findings.push(Finding::new(Kind::File, path, how));
        }
    }
    for link in place.activation("etc-links")?.split_whitespace() {
        let path = format!("/etc/{link}");
        let wanted = [format!("{ETC}/{link}"), format!("{AT_BOOT}/{link}")];
        // A directory of the machine's own files stays, and has links in it.
        let is_occupied = place.machine(&path).is_dir() && place.closure.join("etc").join(link).is_dir();
        if let Some(how) = not_a_link(&place.machine(&path), &wanted)?
            && !is_occupied
        {
            findings.push(Finding::new(Kind::File, path, how));
        }
    }
    for copy in place.activation("etc-copies")?.split_whitespace() {
        let path = format!("/etc/{copy}");
        let (found, made) = (text(&place.machine(&path))?, text(&place.state("copies/etc").join(copy))?);
        if found != made {
            findings.push(Finding::new(Kind::File, path, "its text was changed by hand"));
        }
    }
    Ok(())
}

/// Special files, wherever they are.
pub fn special(place: &Place<'_>, findings: &mut Vec<Finding>) -> Result<(), FsError> {
    for file in below(&place.closure.join("files"))? {
        let path = format!("/{file}");
        if let Some(how) = not_a_link(&place.machine(&path), &[format!("{SPECIAL}/{file}")])? {
            findings.push(Finding::new(Kind::File, path, how));
        }
    }
    Ok(())
}

/// What is read besides the files of the system.
pub fn local(place: &Place<'_>, findings: &mut Vec<Finding>) -> Result<(), FsError> {
    let mut found: Vec<String> =
        LOCAL_FILES.iter().filter(|path| place.machine(path).exists()).map(ToString::to_string).collect();
    for directory in LOCAL_DIRECTORIES {
        let files = below(&place.machine(directory))?;
        found.extend(files.into_iter().map(|file| format!("{directory}/{file}")));
    }
    let is_of_system = |path: &String| {
        let target = fs::read_link(place.machine(path)).unwrap_or_default();
        target.starts_with(SPECIAL) || target.starts_with(ETC)
    };
    for path in found.into_iter().filter(|path| !is_of_system(path)) {
        findings.push(Finding::new(Kind::Local, path, "is read besides what the system says"));
    }
    Ok(())
}

/// How a path is not what it should be, a link to one of those places.
fn not_a_link(path: &Path, wanted: &[String]) -> Result<Option<String>, FsError> {
    Ok(match fs::symlink_metadata(path) {
        Err(error) if is_missing(&error) => Some("is missing".to_owned()),
        Err(error) => return Err(FsError::new(Operation::Inspect, path, error)),
        Ok(metadata) if metadata.is_dir() => Some("is a directory in the place of a link".to_owned()),
        Ok(metadata) if !metadata.is_symlink() => Some("is a file in the place of a link".to_owned()),
        Ok(_) => {
            let target = fs::read_link(path).map_err(|error| FsError::new(Operation::Read, path, error))?;
            let is_wanted = wanted.iter().any(|wanted| target == Path::new(wanted));
            (!is_wanted).then(|| format!("leads to {}", target.display()))
        }
    })
}

fn not_a_directory(path: &Path) -> Result<Option<String>, FsError> {
    match fs::symlink_metadata(path) {
        Err(error) if is_missing(&error) => Ok(Some("is missing".to_owned())),
        Err(error) => Err(FsError::new(Operation::Inspect, path, error)),
        Ok(metadata) => Ok((!metadata.is_dir()).then(|| "is no directory any more".to_owned())),
    }
}

/// Also where a directory above it is a file.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// All that is below a directory and none itself, by its path from there, in order.
fn below(directory: &Path) -> Result<Vec<String>, FsError> {
    let mut found = Vec::new();
    if directory.is_dir() {
        add_below(directory, "", &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn add_below(directory: &Path, prefix: &str, found: &mut Vec<String>) -> Result<(), FsError> {
    for entry in entries_if_there(directory)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind =
            entry.file_type().map_err(|error| FsError::new(Operation::Inspect, entry.path(), error))?;
        match kind.is_dir() {
            true => add_below(&entry.path(), &format!("{name}/"), found)?,
            false => found.push(name),
        }
    }
    Ok(())
}
