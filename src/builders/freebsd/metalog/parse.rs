//! Reading mtree lines, in the variety that FreeBSD's tools write them.
//!
//! Understood: comments, continued lines, `/set` and `/unset`, names with a slash (paths from the top) and
//! without one (relative to the directory the lines before it entered, `..` leaves it), spellings such as
//! `./usr//bin/../sbin`, and repeated entries. Of these the last one wins; what it does not say of owner,
//! group and mode stays as it was. Keywords that a store item answers itself (`size`, `time`, digests, …) are
//! passed over.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    os::unix::ffi::OsStringExt,
    path::{Component, Path, PathBuf},
};

use super::{Account, Accounts, Entry, Kind, MetalogError, lossy, path_from_bytes, vis};

/// Marks the tag that names the first path of a link group.
pub(super) const HARD_LINK_TAG: &str = "hardlink=";

/// What the lines for one path say, before names have numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    kind: Option<Kind>,
    owner: Option<String>,
    uid: Option<u32>,
    group: Option<String>,
    gid: Option<u32>,
    mode: Option<u32>,
    flags: BTreeSet<String>,
    tags: BTreeSet<String>,
    link: Option<OsString>,
    first_name: Option<PathBuf>,
    /// The number, from 1, of the first line that names the path.
    pub(super) first_line: usize,
}

impl Line {
    /// The entry, for a line that is complete in itself.
    pub(super) fn into_entry(self, path: &Path, accounts: &Accounts) -> Result<Entry, MetalogError> {
        let kind = match (&self.kind, &self.link, &self.first_name) {
            (None, ..) => return Err(self.missing(path, "type")),
            (Some(Kind::Symlink { .. }), None, _) => return Err(self.missing(path, "link")),
            (Some(Kind::Symlink { .. }), Some(target), _) => Kind::Symlink { target: target.clone() },
            (Some(Kind::File), _, Some(first)) => Kind::HardLink { to: first.clone() },
            (Some(kind), ..) => kind.clone(),
        };
        let mode = self.mode.ok_or_else(|| self.missing(path, "mode"))?;
        for (is_there, keyword) in [
            (self.owner.is_some(), "uname"),
            (self.uid.is_some(), "uid"),
            (self.group.is_some(), "gname"),
            (self.gid.is_some(), "gid"),
        ] {
            if !is_there {
                return Err(self.missing(path, keyword));
            }
        }
        self.with_kind(kind, mode, path, accounts)
    }

    /// The entry, for a line whose path is known to be `kind`; `mode` is what it has where the line is silent.
    pub(super) fn with_kind(
        self,
        kind: Kind,
        mode: u32,
        path: &Path,
        accounts: &Accounts,
    ) -> Result<Entry, MetalogError> {
        let unknown = |what, name: String| MetalogError::UnknownAccount { path: path.to_owned(), what, name };
        let owner = match (self.owner, self.uid) {
            (Some(name), Some(id)) => Account { name, id },
            (Some(name), None) => accounts.user(&name).ok_or_else(|| unknown("user", name))?,
            (None, id) => accounts.user_with_id(id.unwrap_or(0)),
        };
        let group = match (self.group, self.gid) {
            (Some(name), Some(id)) => Account { name, id },
            (Some(name), None) => accounts.group(&name).ok_or_else(|| unknown("group", name))?,
            (None, id) => accounts.group_with_id(id.unwrap_or(0)),
        };
        let mode = self.mode.unwrap_or(mode);
        Ok(Entry { kind, owner, group, mode, flags: self.flags, tags: self.tags })
    }

    fn missing(&self, path: &Path, keyword: &'static str) -> MetalogError {
        MetalogError::MissingKeyword { path: path.to_owned(), keyword }
    }

    /// Takes over what `previous`, an earlier entry of the same path, said and this one does not say.
    fn complete_from(&mut self, previous: Line) {
        self.kind = self.kind.take().or(previous.kind);
        if self.owner.is_none() && self.uid.is_none() {
            (self.owner, self.uid) = (previous.owner, previous.uid);
        }
        if self.group.is_none() && self.gid.is_none() {
            (self.group, self.gid) = (previous.group, previous.gid);
        }
        self.mode = self.mode.or(previous.mode);
        self.first_line = previous.first_line;
    }

    /// Reads one `keyword=value`.
    fn set(&mut self, keyword: &[u8], value: &[u8]) -> Result<(), &'static str> {
        match keyword {
            b"type" => self.kind = Some(kind(value)?),
            b"uname" => self.owner = Some(text(value)?),
            b"gname" => self.group = Some(text(value)?),
            b"uid" => self.uid = Some(number(value, 10)?),
            b"gid" => self.gid = Some(number(value, 10)?),
            b"mode" => self.mode = Some(number(value, 8)? & 0o7777),
            b"flags" => self.flags = words(value)?.filter(|flag| flag != "none").collect(),
            b"link" => {
                let target = vis::decode(value).ok_or("bad escape")?;
                self.link = Some(OsString::from_vec(target));
            }
            b"tags" => self.set_tags(value)?,
            _ => {}
        }
        Ok(())
    }

    fn set_tags(&mut self, value: &[u8]) -> Result<(), &'static str> {
        self.tags.clear();
        for tag in words(value)? {
            match tag.strip_prefix(HARD_LINK_TAG) {
                Some(name) => {
                    let name = vis::decode(name.as_bytes()).ok_or("bad escape")?;
                    self.first_name = Some(normal(&path_from_bytes(&name)).ok_or("bad path")?);
                }
                None => drop(self.tags.insert(tag)),
            }
        }
        Ok(())
    }
}

/// Reads all lines: what they say, by path, which is normal and relative to the top.
pub(super) fn lines(text: &[u8]) -> Result<BTreeMap<PathBuf, Line>, MetalogError> {
    let mut reader = Reader::default();
    for (number, line) in logical_lines(text) {
        reader.read(number, &line).map_err(|problem| MetalogError::Syntax {
            line: number,
            problem,
            text: lossy(&line),
        })?;
    }
    Ok(reader.found)
}

/// What the lines read so far mean for the ones to come, and what they said.
#[derive(Default)]
struct Reader {
    /// What `/set` gave, by keyword.
    defaults: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The directory that names without a slash are relative to.
    directory: PathBuf,
    found: BTreeMap<PathBuf, Line>,
}

impl Reader {
    fn read(&mut self, number: usize, line: &[u8]) -> Result<(), &'static str> {
        let mut fields = line.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty());
        match fields.next() {
            None => {}
            Some(b"/set") => self.defaults.extend(fields.map(key_and_value)),
            Some(b"/unset") => self.unset(fields),
            Some(b"..") => drop(self.directory.pop()),
            Some(name) => self.entry(number, name, fields)?,
        }
        Ok(())
    }

    fn unset<'a>(&mut self, keywords: impl Iterator<Item = &'a [u8]>) {
        for keyword in keywords {
            match keyword {
                b"all" => self.defaults.clear(),
                _ => drop(self.defaults.remove(keyword)),
            }
        }
    }

    fn entry<'a>(
        &mut self,
        number: usize,
        name: &[u8],
        fields: impl Iterator<Item = &'a [u8]>,
    ) -> Result<(), &'static str> {
        let name = vis::decode(name).ok_or("bad escape")?;
        let is_path = name.contains(&b'/');
        let base = if is_path { Path::new("") } else { self.directory.as_path() };
        let path = normal(&base.join(path_from_bytes(&name))).ok_or("the path leaves the tree")?;
        let mut line = Line { first_line: number, ..Line::default() };
        for (keyword, value) in self.defaults.clone().into_iter().chain(fields.map(key_and_value)) {
            line.set(&keyword, &value)?;
        }
        if !is_path && line.kind == Some(Kind::Directory) {
            self.directory.clone_from(&path);
        }
        if let Some(previous) = self.found.remove(&path) {
            line.complete_from(previous);
        }
        self.found.insert(path, line);
        Ok(())
    }
}

/// Lines with their numbers from 1, continued ones joined, comments and empty ones left out.
fn logical_lines(text: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut lines: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut continued = false;
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        let (line, continues) = match line.strip_suffix(b"\\") {
            Some(line) => (line, true),
            None => (line, false),
        };
        match lines.last_mut() {
            Some((_, last)) if continued => last.extend_from_slice(line),
            _ => lines.push((index + 1, line.to_vec())),
        }
        continued = continues;
    }
    lines.retain(|(_, line)| {
        line.trim_ascii_start().first().is_some_and(|&byte| byte != b'#') && !line.trim_ascii().is_empty()
    });
    lines
}

/// `keyword=value`, or a keyword alone with an empty value.
fn key_and_value(field: &[u8]) -> (Vec<u8>, Vec<u8>) {
    match field.iter().position(|&byte| byte == b'=') {
        Some(at) => (field[..at].to_vec(), field[at + 1..].to_vec()),
        None => (field.to_vec(), Vec::new()),
    }
}

fn kind(value: &[u8]) -> Result<Kind, &'static str> {
    match value {
        b"dir" => Ok(Kind::Directory),
        // `hardlink` is not mtree's, but some writers have it; which file it shares only the tree can say.
        b"file" | b"hardlink" => Ok(Kind::File),
        b"link" => Ok(Kind::Symlink { target: OsString::new() }),
        _ => Err("unknown type"),
    }
}

fn text(value: &[u8]) -> Result<String, &'static str> {
    let value = vis::decode(value).ok_or("bad escape")?;
    String::from_utf8(value).map_err(|_| "a name that is no text")
}

fn number(value: &[u8], radix: u32) -> Result<u32, &'static str> {
    let digits = std::str::from_utf8(value).map_err(|_| "bad number")?;
    u32::from_str_radix(digits, radix).map_err(|_| "bad number")
}

/// The words of a list separated by commas, still escaped.
fn words(value: &[u8]) -> Result<impl Iterator<Item = String>, &'static str> {
    let value = std::str::from_utf8(value).map_err(|_| "a word that is no text")?;
    Ok(value.split(',').filter(|word| !word.is_empty()).map(str::to_owned))
}

/// The path without `.`, `..` and doubled slashes, relative to the top; `None` if it leads out of it.
pub(super) fn normal(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => normal.push(name),
            Component::ParentDir => {
                if !normal.pop() {
                    return None;
                }
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    Some(normal)
}
