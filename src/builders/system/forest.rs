//! A forest of symlinks over store items: how the profile and `/etc` of a system are put together.
//!
//! A directory that only one item contributes to stays one symlink to that item's directory. It becomes a real
//! directory of symlinks only where a second contributor adds to it, or a single entry has to be replaced: few
//! inodes, and a path that resolves in few steps.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs, io,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use super::SystemError;

/// An entry of the forest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A real directory.
    Directory(BTreeMap<String, Node>),
    /// A generated file.
    File { contents: String, executable: bool },
    /// A symlink to what the forest need not look into.
    Link(String),
    /// A symlink to a directory, opened into a real one when something is added below it.
    Tree(Origin),
}

/// A directory of a store item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What the symlink says: a path below `/frx/store`.
    pub logical: String,
    /// Where the directory lies for this process.
    pub physical: PathBuf,
}

impl Origin {
    fn child(&self, name: &str) -> Self {
        Self { logical: format!("{}/{name}", self.logical), physical: self.physical.join(name) }
    }

    /// The entries of the directory as nodes, symlinks of the item included as such.
    fn open(&self) -> Result<BTreeMap<String, Node>, SystemError> {
        let read = |source| SystemError::ReadDirectory { path: self.physical.clone(), source };
        let mut entries = BTreeMap::new();
        for entry in fs::read_dir(&self.physical).map_err(read)? {
            let entry = entry.map_err(read)?;
            let name = utf8_name(&entry)?;
            let child = self.child(&name);
            let node = if entry.file_type().map_err(read)?.is_dir() {
                Node::Tree(child)
            } else {
                Node::Link(child.logical)
            };
            entries.insert(name, node);
        }
        Ok(entries)
    }
}

fn utf8_name(entry: &fs::DirEntry) -> Result<String, SystemError> {
    entry.file_name().into_string().map_err(|_| SystemError::FileName { path: entry.path() })
}

/// A tree of [`Node`]s, to be written as a directory.
#[derive(Debug, Default)]
pub struct Forest {
    root: BTreeMap<String, Node>,
}

impl Forest {
    /// A forest whose root is the content of a store item's directory.
    pub fn of(origin: &Origin) -> Result<Self, SystemError> {
        Ok(Self { root: origin.open()? })
    }

    /// Adds an entry; what was there before must not be, except that directories merge.
    pub fn add(&mut self, path: &str, node: Node) -> Result<(), SystemError> {
        let (parent, name) = self.parent_of(path)?;
        match parent.entry(name) {
            Entry::Vacant(vacant) => {
                vacant.insert(node);
                Ok(())
            }
            Entry::Occupied(mut occupied) => match (occupied.get_mut(), node) {
                (existing, new) if *existing == new => Ok(()),
                (Node::Directory(_) | Node::Tree(_), Node::Tree(origin)) => {
                    for (child, node) in origin.open()? {
                        self.add(&format!("{path}/{child}"), node)?;
                    }
                    Ok(())
                }
                _ => Err(SystemError::Conflict { path: path.to_owned() }),
            },
        }
    }

    /// Puts an entry in the place of whatever is there.
    pub fn replace(&mut self, path: &str, node: Node) -> Result<(), SystemError> {
        let (parent, name) = self.parent_of(path)?;
        parent.insert(name, node);
        Ok(())
    }

    /// Takes an entry away; says whether there was one.
    pub fn remove(&mut self, path: &str) -> Result<bool, SystemError> {
        if self.get(path)?.is_none() {
            return Ok(false);
        }
        let (parent, name) = self.parent_of(path)?;
        Ok(parent.remove(&name).is_some())
    }

    /// Makes a directory a real one, empty if there is none.
    pub fn open(&mut self, path: &str) -> Result<(), SystemError> {
        self.directory(path).map(|_| ())
    }

    /// The entry at `path`, if there is one; directories on the way stay as they are.
    pub fn get(&self, path: &str) -> Result<Option<Node>, SystemError> {
        find(&self.root, path)
    }

    /// The names at the top.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.root.keys().map(String::as_str)
    }

    /// The names of a real directory's entries; none if it is not one.
    pub fn names_in(&self, directory: &str) -> Vec<&str> {
        let mut here = &self.root;
        for component in directory.split('/') {
            match here.get(component) {
                Some(Node::Directory(children)) => here = children,
                _ => return Vec::new(),
            }
        }
        here.keys().map(String::as_str).collect()
    }

    /// Writes the forest as a new directory.
    pub fn write(&self, directory: &Path) -> Result<(), SystemError> {
        write_directory(directory, &self.root).map_err(|(path, source)| SystemError::Write { path, source })
    }

    /// The children of the directory that `path` lies in, made real, and the last component.
    fn parent_of(&mut self, path: &str) -> Result<(&mut BTreeMap<String, Node>, String), SystemError> {
        match path.rsplit_once('/') {
            Some((directory, name)) => Ok((self.directory(directory)?, name.to_owned())),
            None => Ok((&mut self.root, path.to_owned())),
        }
    }

    fn directory(&mut self, path: &str) -> Result<&mut BTreeMap<String, Node>, SystemError> {
        let mut here = &mut self.root;
        for component in path.split('/') {
            let node = here.entry(component.to_owned()).or_insert_with(|| Node::Directory(BTreeMap::new()));
            if let Node::Tree(origin) = node {
                *node = Node::Directory(origin.open()?);
            }
            match node {
                Node::Directory(children) => here = children,
                _ => return Err(SystemError::Conflict { path: path.to_owned() }),
            }
        }
        Ok(here)
    }
}

fn find(nodes: &BTreeMap<String, Node>, path: &str) -> Result<Option<Node>, SystemError> {
    let Some((first, rest)) = path.split_once('/') else { return Ok(nodes.get(path).cloned()) };
    match nodes.get(first) {
        Some(Node::Directory(children)) => find(children, rest),
        Some(Node::Tree(origin)) => find(&origin.open()?, rest),
        Some(Node::File { .. } | Node::Link(_)) | None => Ok(None),
    }
}

type AtPath = (PathBuf, io::Error);

fn write_directory(directory: &Path, nodes: &BTreeMap<String, Node>) -> Result<(), AtPath> {
    fs::create_dir(directory).map_err(|source| (directory.to_owned(), source))?;
    for (name, node) in nodes {
        let path = directory.join(name);
        let here = |source| (path.clone(), source);
        match node {
            Node::Directory(children) => write_directory(&path, children)?,
            Node::File { contents, executable } => {
                fs::write(&path, contents).map_err(here)?;
                let mode = if *executable { 0o755 } else { 0o644 };
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).map_err(here)?;
            }
            Node::Link(target) => symlink(target, &path).map_err(here)?,
            Node::Tree(origin) => symlink(&origin.logical, &path).map_err(here)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An item with `bin/{a,b}` and `share/doc/x`.
    fn item(root: &Path, name: &str, files: &[&str]) -> Origin {
        let physical = root.join(name);
        for file in files {
            let path = physical.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        Origin { logical: format!("/frx/store/{name}"), physical }
    }

    fn target(path: &Path) -> String {
        fs::read_link(path).unwrap().into_os_string().into_string().unwrap()
    }

    #[test]
    fn a_directory_of_one_contributor_stays_one_link() {
        let scratch = tempfile::tempdir().unwrap();
        let world = item(scratch.path(), "world", &["bin/a", "share/doc/x"]);
        let out = scratch.path().join("out");
        Forest::of(&world).unwrap().write(&out).unwrap();
        assert_eq!(target(&out.join("bin")), "/frx/store/world/bin");
        assert_eq!(target(&out.join("share")), "/frx/store/world/share");
    }

    #[test]
    fn a_second_contributor_opens_only_the_directories_they_share() {
        let scratch = tempfile::tempdir().unwrap();
        let world = item(scratch.path(), "world", &["bin/a", "share/doc/x"]);
        let more = item(scratch.path(), "more", &["share/man/y"]);
        let mut forest = Forest::of(&world).unwrap();
        forest.add("share", Node::Tree(more.child("share"))).unwrap();
        let out = scratch.path().join("out");
        forest.write(&out).unwrap();
        assert_eq!(target(&out.join("bin")), "/frx/store/world/bin");
        assert_eq!(target(&out.join("share/doc")), "/frx/store/world/share/doc");
        assert_eq!(target(&out.join("share/man")), "/frx/store/more/share/man");
    }

    #[test]
    fn two_files_of_one_name_are_a_conflict_and_replacing_is_not() {
        let scratch = tempfile::tempdir().unwrap();
        let world = item(scratch.path(), "world", &["bin/a", "bin/b"]);
        let mut forest = Forest::of(&world).unwrap();
        let link = Node::Link("/run/setuid-programs/a".to_owned());
        let error = forest.add("bin/a", link.clone()).unwrap_err();
        assert!(matches!(error, SystemError::Conflict { path } if path == "bin/a"));
        forest.replace("bin/a", link).unwrap();
        let out = scratch.path().join("out");
        forest.write(&out).unwrap();
        assert_eq!(target(&out.join("bin/a")), "/run/setuid-programs/a");
        assert_eq!(target(&out.join("bin/b")), "/frx/store/world/bin/b");
    }

    #[test]
    fn removing_and_opening_leave_the_rest() {
        let scratch = tempfile::tempdir().unwrap();
        let world = item(scratch.path(), "world", &["ssh/config", "ssh/moduli", "rc"]);
        let mut forest = Forest::of(&world).unwrap();
        assert!(forest.remove("ssh/config").unwrap());
        assert!(!forest.remove("ssh/config").unwrap());
        assert!(!forest.remove("absent/x").unwrap());
        assert_eq!(forest.names_in("ssh"), ["moduli"]);
        assert_eq!(forest.names().collect::<Vec<_>>(), ["rc", "ssh"]);
        assert!(forest.get("rc").unwrap().is_some());
        assert!(forest.get("rc/below").unwrap().is_none());
    }
}
