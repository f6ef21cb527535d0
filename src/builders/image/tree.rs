//! The files an image will hold, before any file system is chosen.
//!
//! A [`Tree`] lives in memory and names its contents: bytes, or a file of the host that is read only when the
//! image is written. Names are kept sorted and hard links are two names of one node, so that the order in
//! which a tree is filled leaves no trace.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use super::error::ImageError;

/// The longest name of a directory entry, in bytes (`UFS_MAXNAMLEN`).
const MAX_NAME: usize = 255;

/// The longest symbolic link that FreeBSD resolves, in bytes (`MAXPATHLEN` less the final NUL).
const MAX_SYMLINK: usize = 1023;

/// Owner, mode, BSD flags and time of a file. Numbers, not names: an image is made without user databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata {
    /// Numeric owner.
    pub uid: u32,
    /// Numeric group.
    pub gid: u32,
    /// Permissions with set-id and sticky bits: the low twelve bits of `st_mode`.
    pub mode: u16,
    /// BSD file flags as `chflags(2)` takes them (`schg` is 0x20000).
    pub flags: u32,
    /// Time of last change in seconds since 1970; the other times of the file become the same.
    pub mtime: i64,
}

impl Metadata {
    /// A file of `root:wheel` with the given mode, no flags and the canonical time of the store (1 s).
    pub const fn root(mode: u16) -> Self {
        Self { uid: 0, gid: 0, mode, flags: 0, mtime: 1 }
    }
}

/// Where the bytes of a regular file come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The bytes themselves.
    Bytes(Vec<u8>),
    /// A file of the host, read when the image is written.
    Host {
        /// Path on the host.
        path: PathBuf,
        /// Its size in bytes; a file that has another size by then is an error.
        size: u64,
    },
}

impl Content {
    /// The content of the host file `path`, measured now and read later.
    pub fn host(path: impl Into<PathBuf>) -> Result<Self, ImageError> {
        let path = path.into();
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => Ok(Self::Host { size: metadata.len(), path }),
            Ok(_) => Err(ImageError::UnsupportedKind { path }),
            Err(source) => Err(ImageError::Examine { path, source }),
        }
    }

    /// Size in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Host { size, .. } => *size,
        }
    }
}

/// Identifies a node of one tree. The number depends on the order of insertion and never reaches an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// What a node is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Names in byte order.
    Directory(BTreeMap<Vec<u8>, NodeId>),
    File(Content),
    /// The target, verbatim.
    Symlink(Vec<u8>),
}

/// One file, directory or symbolic link; hard links share a node.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub metadata: Metadata,
    pub kind: Kind,
}

/// A tree of files in memory.
#[derive(Debug, Clone)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Metadata of directories that come into being because something lies below them.
    implied: Metadata,
}

impl Tree {
    /// An empty tree: a root directory with `metadata`, which directories that are only implied by a path
    /// below them get as well (METALOG files name files whose parent has no entry).
    pub fn new(metadata: Metadata) -> Self {
        let root = Node { metadata, kind: Kind::Directory(BTreeMap::new()) };
        Self { nodes: vec![root], implied: metadata }
    }

    /// Adds a directory. One that exists already only gets the new metadata.
    pub fn add_directory(&mut self, path: impl AsRef<Path>, metadata: Metadata) -> Result<(), ImageError> {
        let path = path.as_ref();
        let mut id = Self::ROOT;
        for (depth, name) in components(path)?.into_iter().enumerate() {
            id = self.descend(id, name, path, depth)?;
        }
        self.nodes[id.0].metadata = metadata;
        Ok(())
    }

    /// Adds a regular file.
    pub fn add_file(
        &mut self,
        path: impl AsRef<Path>,
        content: Content,
        metadata: Metadata,
    ) -> Result<(), ImageError> {
        self.insert(path.as_ref(), Node { metadata, kind: Kind::File(content) })
    }

    /// Adds a symbolic link. Its target is stored as it is and need not exist.
    pub fn add_symlink(
        &mut self,
        path: impl AsRef<Path>,
        target: impl AsRef<Path>,
        metadata: Metadata,
    ) -> Result<(), ImageError> {
        let target = target.as_ref().as_os_str().as_bytes().to_vec();
        if target.is_empty() || target.len() > MAX_SYMLINK {
            return Err(ImageError::SymlinkLength { path: path.as_ref().to_owned(), length: target.len() });
        }
        if target.contains(&0) {
            let reason = "its target contains a NUL byte";
            return Err(ImageError::InvalidPath { path: path.as_ref().to_owned(), reason });
        }
        self.insert(path.as_ref(), Node { metadata, kind: Kind::Symlink(target) })
    }

    /// Adds `path` as another name of the file or symbolic link at `target`, which must be there already.
    pub fn add_hard_link(
        &mut self,
        path: impl AsRef<Path>,
        target: impl AsRef<Path>,
    ) -> Result<(), ImageError> {
        let (path, target) = (path.as_ref(), target.as_ref());
        let linked = match self.lookup(target)? {
            Some(id) if !matches!(self.nodes[id.0].kind, Kind::Directory(_)) => id,
            _ => return Err(ImageError::HardLinkTarget { path: path.to_owned(), target: target.to_owned() }),
        };
        let (parent, name) = self.vacancy(path)?;
        self.enter(parent, name, linked);
        Ok(())
    }

    /// Adds what lies at `host` (file, symbolic link, or directory with all below it) as `path`, in the form
    /// that store items have: owned by `root:wheel`, 0555 where the host file is executable and 0444 where it
    /// is not, time 1. Nothing else of the host is taken over, neither owner, umask nor time.
    pub fn add_host(&mut self, path: impl AsRef<Path>, host: impl AsRef<Path>) -> Result<(), ImageError> {
        let (path, host) = (path.as_ref(), host.as_ref());
        let examine = |source| ImageError::Examine { path: host.to_owned(), source };
        let found = fs::symlink_metadata(host).map_err(examine)?;
        if found.is_dir() {
            self.add_directory(path, Metadata::root(0o555))?;
            for entry in fs::read_dir(host).map_err(examine)? {
                let name = entry.map_err(examine)?.file_name();
                self.add_host(path.join(&name), host.join(&name))?;
            }
            Ok(())
        } else if found.is_symlink() {
            let target = fs::read_link(host).map_err(examine)?;
            self.add_symlink(path, target, Metadata::root(0o755))
        } else if found.is_file() {
            let mode = if found.permissions().mode() & 0o111 == 0 { 0o444 } else { 0o555 };
            let content = Content::Host { path: host.to_owned(), size: found.len() };
            self.add_file(path, content, Metadata::root(mode))
        } else {
            Err(ImageError::UnsupportedKind { path: host.to_owned() })
        }
    }

    /// Whether the tree has anything at `path`. Symbolic links are not followed.
    pub fn contains(&self, path: impl AsRef<Path>) -> bool {
        matches!(self.lookup(path.as_ref()), Ok(Some(_)))
    }

    /// The root directory.
    pub(crate) const ROOT: NodeId = NodeId(0);

    /// The node `id` of this tree.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// How many nodes there are, the root included; hard links count once.
    pub(crate) fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// The position of `id` among all nodes, for tables with one slot per node.
    pub(crate) fn index(id: NodeId) -> usize {
        id.0
    }

    fn insert(&mut self, path: &Path, node: Node) -> Result<(), ImageError> {
        let (parent, name) = self.vacancy(path)?;
        self.nodes.push(node);
        self.enter(parent, name, NodeId(self.nodes.len() - 1));
        Ok(())
    }

    /// The directory that `path` is to be entered in, made if missing, and the name in it, which is free.
    fn vacancy(&mut self, path: &Path) -> Result<(NodeId, Vec<u8>), ImageError> {
        let names = components(path)?;
        let exists = || ImageError::Exists { path: path.to_owned() };
        let Some((last, parents)) = names.split_last() else { return Err(exists()) };
        let mut parent = Self::ROOT;
        for (depth, name) in parents.iter().enumerate() {
            parent = self.descend(parent, name, path, depth)?;
        }
        match &self.nodes[parent.0].kind {
            Kind::Directory(entries) if entries.contains_key(*last) => Err(exists()),
            _ => Ok((parent, last.to_vec())),
        }
    }

    /// Enters `id` as `name` in the directory `parent`.
    fn enter(&mut self, parent: NodeId, name: Vec<u8>, id: NodeId) {
        if let Kind::Directory(entries) = &mut self.nodes[parent.0].kind {
            entries.insert(name, id);
        }
    }

    /// The directory `name` in `parent`, made if missing. `path` and `depth` say where we are, for errors.
    fn descend(
        &mut self,
        parent: NodeId,
        name: &[u8],
        path: &Path,
        depth: usize,
    ) -> Result<NodeId, ImageError> {
        let fresh = NodeId(self.nodes.len());
        let Kind::Directory(entries) = &mut self.nodes[parent.0].kind else {
            return Err(not_a_directory(path, depth));
        };
        if let Some(&id) = entries.get(name) {
            return match self.nodes[id.0].kind {
                Kind::Directory(_) => Ok(id),
                _ => Err(not_a_directory(path, depth + 1)),
            };
        }
        entries.insert(name.to_vec(), fresh);
        self.nodes.push(Node { metadata: self.implied, kind: Kind::Directory(BTreeMap::new()) });
        Ok(fresh)
    }

    fn lookup(&self, path: &Path) -> Result<Option<NodeId>, ImageError> {
        let mut id = Self::ROOT;
        for name in components(path)? {
            match &self.nodes[id.0].kind {
                Kind::Directory(entries) => match entries.get(name) {
                    Some(&next) => id = next,
                    None => return Ok(None),
                },
                _ => return Ok(None),
            }
        }
        Ok(Some(id))
    }
}

/// The error that the first `depth` components of `path` are something else than a directory.
fn not_a_directory(path: &Path, depth: usize) -> ImageError {
    ImageError::NotADirectory { path: path.components().take(depth + 1).collect() }
}

/// The names `path` consists of; none for `/`.
fn components(path: &Path) -> Result<Vec<&[u8]>, ImageError> {
    let invalid = |reason| ImageError::InvalidPath { path: path.to_owned(), reason };
    let mut parts = path.components();
    if parts.next() != Some(Component::RootDir) {
        return Err(invalid("it is not absolute"));
    }
    parts
        .map(|part| match part {
            Component::Normal(name) if name.len() > MAX_NAME => {
                Err(invalid("a name in it exceeds 255 bytes"))
            }
            Component::Normal(name) if name.as_bytes().contains(&0) => Err(invalid("it contains a NUL byte")),
            Component::Normal(name) => Ok(name.as_bytes()),
            _ => Err(invalid("it contains `..`")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        Tree::new(Metadata::root(0o755))
    }

    fn file(tree: &mut Tree, path: &str) -> Result<(), ImageError> {
        tree.add_file(path, Content::Bytes(b"x".to_vec()), Metadata::root(0o644))
    }

    #[test]
    fn parents_are_implied_and_directories_may_be_described_later() {
        let mut tree = tree();
        file(&mut tree, "/etc/ssh/key").unwrap();
        tree.add_directory("/etc/ssh", Metadata::root(0o700)).unwrap();
        let id = tree.lookup(Path::new("/etc/ssh")).unwrap().unwrap();
        assert_eq!(tree.node(id).metadata.mode, 0o700);
        assert!(tree.contains("/etc/ssh/key"));
    }

    #[test]
    fn a_path_is_taken_once() {
        let mut tree = tree();
        file(&mut tree, "/a").unwrap();
        assert!(matches!(file(&mut tree, "/a"), Err(ImageError::Exists { .. })));
        assert!(matches!(file(&mut tree, "/"), Err(ImageError::Exists { .. })));
        assert_eq!(tree.node_count(), 2);
    }

    #[test]
    fn nothing_lies_below_a_file() {
        let mut tree = tree();
        file(&mut tree, "/a/b").unwrap();
        let error = file(&mut tree, "/a/b/c").unwrap_err();
        assert_eq!(error.to_string(), "`/a/b` in the image is not a directory, so nothing can lie below it");
        assert!(tree.add_directory("/a/b", Metadata::root(0o755)).is_err());
    }

    #[test]
    fn hard_links_need_a_file() {
        let mut tree = tree();
        file(&mut tree, "/a").unwrap();
        tree.add_hard_link("/d/b", "/a").unwrap();
        assert_eq!(tree.lookup(Path::new("/a")).unwrap(), tree.lookup(Path::new("/d/b")).unwrap());
        assert!(matches!(tree.add_hard_link("/c", "/nothing"), Err(ImageError::HardLinkTarget { .. })));
        assert!(matches!(tree.add_hard_link("/c", "/d"), Err(ImageError::HardLinkTarget { .. })));
    }

    #[test]
    fn bad_paths_are_refused() {
        let mut tree = tree();
        for path in ["relative", "/a/../b", &format!("/{}", "n".repeat(256))] {
            assert!(matches!(file(&mut tree, path), Err(ImageError::InvalidPath { .. })), "{path}");
        }
        assert!(tree.add_symlink("/l", "", Metadata::root(0o755)).is_err());
        assert!(tree.add_symlink("/l", "x".repeat(1024), Metadata::root(0o755)).is_err());
    }
}
