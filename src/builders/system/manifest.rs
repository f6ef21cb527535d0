//! mtree manifests of what activation makes outside the store.
//!
//! The static `tar` of `/rescue` reads mtree and extracts from it, taking contents from the files that
//! `contents=` names: one process makes a whole tree with owners, modes and flags, where a shell script would
//! start hundreds. `mtree(8)` reads the same file, to compare a running system with it.

use std::{collections::BTreeMap, fmt::Write};

use super::SystemError;

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Directory,
    /// A symlink with its target.
    Link(String),
    /// A copy of the file at this absolute path.
    Copy(String),
}

/// One line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    pub uid: u32,
    pub gid: u32,
    /// Permissions, with set-id and sticky bits.
    pub mode: u32,
    /// Names of BSD file flags, separated by commas; empty for none.
    pub flags: String,
}

impl Entry {
    /// A directory of `root:wheel`.
    pub fn directory(mode: u32) -> Self {
        Self { kind: Kind::Directory, uid: 0, gid: 0, mode, flags: String::new() }
    }

    /// A symlink.
    pub fn link(target: impl Into<String>) -> Self {
        Self { kind: Kind::Link(target.into()), uid: 0, gid: 0, mode: 0o755, flags: String::new() }
    }
}

/// Entries by path, relative to the root of the system and without a leading `/`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    entries: BTreeMap<String, Entry>,
}

impl Manifest {
    /// Adds an entry, or puts it in the place of the one at its path.
    pub fn insert(&mut self, path: impl Into<String>, entry: Entry) {
        self.entries.insert(path.into(), entry);
    }

    /// Adds an entry where none is.
    pub fn insert_absent(&mut self, path: impl Into<String>, entry: Entry) {
        self.entries.entry(path.into()).or_insert(entry);
    }

    /// The entry at the path.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// Whether there is an entry at the path.
    pub fn contains(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    /// Takes the copies out into a manifest of their own: tar looks at the file system for them, and must not for
    /// directories and links, where it would complain of what an operator has put in their place.
    pub fn split_copies(&mut self) -> Manifest {
        let is_copy = |entry: &Entry| matches!(entry.kind, Kind::Copy(_));
        let (copies, rest) =
            std::mem::take(&mut self.entries).into_iter().partition(|(_, entry)| is_copy(entry));
        self.entries = rest;
        Manifest { entries: copies }
    }

    /// The entries in the order of their paths.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(path, entry)| (path.as_str(), entry))
    }

    /// Reads what [`Manifest::text`] wrote; no other mtree.
    pub fn parse(text: &str) -> Result<Self, SystemError> {
        let mut manifest = Self::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let (path, entry) = parse_line(line)
                .ok_or_else(|| SystemError::ManifestLine { line: index + 1, text: line.to_owned() })?;
            manifest.insert(path, entry);
        }
        Ok(manifest)
    }

    /// The mtree text, parents before children.
    pub fn text(&self) -> Result<String, SystemError> {
        let mut text = String::from("#mtree\n");
        for (path, Entry { kind, uid, gid, mode, flags }) in &self.entries {
            check(path)?;
            let _ = match kind {
                Kind::Directory => write!(text, "./{path} type=dir"),
                Kind::Link(target) => {
                    check(target)?;
                    write!(text, "./{path} type=link link={target}")
                }
                Kind::Copy(source) => {
                    check(source)?;
                    // One link, or tar would make hard links of what a store keeps as such to save space.
                    write!(text, "./{path} type=file contents={source} nlink=1")
                }
            };
            let _ = write!(text, " uid={uid} gid={gid} mode={mode:04o}");
            if !flags.is_empty() {
                let _ = write!(text, " flags={flags}");
            }
            text.push('\n');
        }
        Ok(text)
    }
}

fn parse_line(line: &str) -> Option<(&str, Entry)> {
    let mut words = line.split(' ');
    let path = words.next()?.strip_prefix("./")?;
    let mut keywords: BTreeMap<&str, &str> = words.filter_map(|word| word.split_once('=')).collect();
    let kind = match keywords.remove("type")? {
        "dir" => Kind::Directory,
        "link" => Kind::Link(keywords.remove("link")?.to_owned()),
        "file" => Kind::Copy(keywords.remove("contents")?.to_owned()),
        _ => return None,
    };
    let entry = Entry {
        kind,
        uid: keywords.remove("uid")?.parse().ok()?,
        gid: keywords.remove("gid")?.parse().ok()?,
        mode: u32::from_str_radix(keywords.remove("mode")?, 8).ok()?,
        flags: keywords.remove("flags").unwrap_or_default().to_owned(),
    };
    Some((path, entry))
}

/// mtree encodes unusual characters in ways its readers disagree about; no path of a system needs any.
fn check(path: &str) -> Result<(), SystemError> {
    let fits = !path.is_empty() && path.chars().all(|c| c.is_ascii_graphic() && !"\\#*?[".contains(c));
    if fits { Ok(()) } else { Err(SystemError::ManifestPath { path: path.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_mtree_and_tar_read() {
        let mut manifest = Manifest::default();
        manifest.insert("tmp", Entry::directory(0o1777));
        manifest.insert("bin", Entry::link("/run/current-system/profile/bin"));
        manifest.insert_absent("tmp", Entry::directory(0o755));
        let empty = Entry { flags: "schg".into(), ..Entry::directory(0o555) };
        manifest.insert("var/empty", empty);
        let su = Kind::Copy("/frx/store/w/usr/bin/su".into());
        manifest.insert("su", Entry { kind: su, ..Entry::directory(0o4555) });
        assert_eq!(
            manifest.text().unwrap(),
            "#mtree\n\
             ./bin type=link link=/run/current-system/profile/bin uid=0 gid=0 mode=0755\n\
             ./su type=file contents=/frx/store/w/usr/bin/su nlink=1 uid=0 gid=0 mode=4555\n\
             ./tmp type=dir uid=0 gid=0 mode=1777\n\
             ./var/empty type=dir uid=0 gid=0 mode=0555 flags=schg\n"
        );
        assert_eq!(Manifest::parse(&manifest.text().unwrap()).unwrap(), manifest);
    }

    #[test]
    fn a_line_of_another_kind_is_named() {
        let error = Manifest::parse("#mtree\n./x type=char uid=0 gid=0 mode=0600\n").unwrap_err();
        assert!(matches!(error, SystemError::ManifestLine { line: 2, .. }));
    }

    #[test]
    fn a_path_that_needs_quoting_is_refused() {
        let mut manifest = Manifest::default();
        manifest.insert("a b", Entry::directory(0o755));
        assert!(matches!(manifest.text(), Err(SystemError::ManifestPath { path }) if path == "a b"));
    }
}
