//! Writing the normal form.

use std::{os::unix::ffi::OsStrExt, path::Path};

use super::{Entry, Kind, Metalog, parse::HARD_LINK_TAG, vis};

/// The first line, by which tools know the format.
const SIGNATURE: &str = "#mtree\n";

impl Metalog {
    /// The normal form: the same entries give the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = String::from(SIGNATURE);
        for (path, entry) in self.entries() {
            text.push_str(&line(path, entry));
            text.push('\n');
        }
        text.into_bytes()
    }
}

fn line(path: &Path, entry: &Entry) -> String {
    let kind = match entry.kind {
        Kind::Directory => "dir",
        Kind::File | Kind::HardLink { .. } => "file",
        Kind::Symlink { .. } => "link",
    };
    let mut line = format!(
        "{} type={kind} uname={} uid={} gname={} gid={} mode={:04o}",
        name(path),
        vis::encode(entry.owner.name.as_bytes()),
        entry.owner.id,
        vis::encode(entry.group.name.as_bytes()),
        entry.group.id,
        entry.mode,
    );
    if !entry.flags.is_empty() {
        line.push_str(" flags=");
        line.push_str(&joined(entry.flags.iter().cloned()));
    }
    if let Kind::Symlink { target } = &entry.kind {
        line.push_str(" link=");
        line.push_str(&vis::encode(target.as_bytes()));
    }
    let first_name = match &entry.kind {
        Kind::HardLink { to } => Some(format!("{HARD_LINK_TAG}{}", name(to))),
        _ => None,
    };
    if !entry.tags.is_empty() || first_name.is_some() {
        line.push_str(" tags=");
        line.push_str(&joined(entry.tags.iter().cloned().chain(first_name)));
    }
    line
}

/// `.` or `./path`, escaped.
fn name(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        return ".".to_owned();
    }
    format!("./{}", vis::encode(path.as_os_str().as_bytes()))
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(",")
}
