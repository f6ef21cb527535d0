//! Which inodes a tree needs, in which order, and what each of them holds.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::super::error::ImageError;
use super::super::tree::{Content, Kind, Metadata, NodeId, Tree};
use super::directory::{self, Entry};
use super::inode::{FileType, INLINE_SYMLINK};
use super::layout::ROOT_INODE;

/// The most names of a file or directory (`UFS_LINK_MAX`).
const MAX_LINKS: u32 = 32767;

/// One inode to be.
#[derive(Debug)]
pub struct Item<'t> {
    /// Kind of file.
    pub kind: FileType,
    /// Owner, mode, flags, time.
    pub metadata: Metadata,
    /// Number of names.
    pub links: u16,
    /// What a file, the entries of a directory or a symbolic link consist of.
    pub content: Cow<'t, Content>,
}

impl Item<'_> {
    /// Bytes of content that lie in blocks of their own: none for short symbolic links.
    pub fn stored_size(&self) -> u64 {
        match self.inline() {
            Some(_) => 0,
            None => self.content.size(),
        }
    }

    /// The content, if it lies in the inode.
    pub fn inline(&self) -> Option<&[u8]> {
        match (self.kind, self.content.as_ref()) {
            (FileType::Symlink, Content::Bytes(target)) if target.len() < INLINE_SYMLINK => Some(target),
            _ => None,
        }
    }
}

/// The inodes of `tree`, from [`ROOT_INODE`] upwards without gaps: breadth first, names in byte order, so that
/// the files of one directory lie side by side.
pub fn take(tree: &Tree) -> Result<Vec<Item<'_>>, ImageError> {
    let numbering = Numbering::new(tree);
    let mut items = Vec::with_capacity(numbering.order.len());
    for &Numbered { id, parent, links, .. } in &numbering.order {
        let node = tree.node(id);
        let links = u16::try_from(links)
            .ok()
            .filter(|_| links <= MAX_LINKS)
            .ok_or_else(|| ImageError::TooManyLinks { path: numbering.path(id), links })?;
        let (kind, content) = match &node.kind {
            Kind::Directory(names) => {
                let entries = names.iter().map(|(name, &child)| Entry {
                    name,
                    inode: numbering.inode(child),
                    kind: file_type(&tree.node(child).kind),
                });
                let bytes = directory::encode(numbering.inode(id), numbering.inode(parent), entries);
                (FileType::Directory, Cow::Owned(Content::Bytes(bytes)))
            }
            Kind::File(content) => (FileType::Regular, Cow::Borrowed(content)),
            Kind::Symlink(target) => (FileType::Symlink, Cow::Owned(Content::Bytes(target.clone()))),
        };
        items.push(Item { kind, metadata: node.metadata, links, content });
    }
    Ok(items)
}

fn file_type(kind: &Kind) -> FileType {
    match kind {
        Kind::Directory(_) => FileType::Directory,
        Kind::File(_) => FileType::Regular,
        Kind::Symlink(_) => FileType::Symlink,
    }
}

/// A node that has been given an inode.
struct Numbered<'t> {
    id: NodeId,
    /// The directory it was found in first; the root is its own parent.
    parent: NodeId,
    /// Its name there.
    name: &'t [u8],
    links: u32,
}

/// The assignment of inodes to nodes.
struct Numbering<'t> {
    order: Vec<Numbered<'t>>,
    /// Position in `order` by position in the tree.
    position: Vec<Option<u32>>,
}

impl<'t> Numbering<'t> {
    fn new(tree: &'t Tree) -> Self {
        let mut numbering = Self { order: Vec::new(), position: vec![None; tree.node_count()] };
        numbering.number(Tree::ROOT, Tree::ROOT, b"");
        let mut directories = VecDeque::from([Tree::ROOT]);
        while let Some(directory) = directories.pop_front() {
            let Kind::Directory(names) = &tree.node(directory).kind else { continue };
            for (name, &child) in names {
                if let Some(known) = numbering.position[Tree::index(child)] {
                    numbering.order[known as usize].links += 1;
                    continue;
                }
                numbering.number(child, directory, name);
                if let Kind::Directory(_) = tree.node(child).kind {
                    let known = numbering.inode(directory) - ROOT_INODE;
                    numbering.order[known as usize].links += 1;
                    directories.push_back(child);
                }
            }
        }
        // The name of a directory and its `.`; each subdirectory's `..` was counted above. The root has no
        // name, but its `..` is its own.
        for numbered in &mut numbering.order {
            if let Kind::Directory(_) = tree.node(numbered.id).kind {
                numbered.links += 1;
            }
        }
        numbering
    }

    fn number(&mut self, id: NodeId, parent: NodeId, name: &'t [u8]) {
        self.position[Tree::index(id)] = Some(self.order.len() as u32);
        self.order.push(Numbered { id, parent, name, links: 1 });
    }

    /// The inode of `id`. Every node that a directory names has one.
    fn inode(&self, id: NodeId) -> u32 {
        self.position[Tree::index(id)].map_or(0, |position| position + ROOT_INODE)
    }

    /// The first path of `id`, for errors.
    fn path(&self, id: NodeId) -> PathBuf {
        let mut names = Vec::new();
        let mut at = id;
        while at != Tree::ROOT {
            let numbered = &self.order[(self.inode(at) - ROOT_INODE) as usize];
            names.push(OsStr::from_bytes(numbered.name));
            at = numbered.parent;
        }
        names.iter().rev().fold(Path::new("/").to_owned(), |path, name| path.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_counted() {
        let mut tree = Tree::new(Metadata::root(0o755));
        tree.add_file("/a/file", Content::Bytes(Vec::new()), Metadata::root(0o644)).unwrap();
        tree.add_hard_link("/b/other", "/a/file").unwrap();
        let links: Vec<_> = take(&tree).unwrap().iter().map(|item| (item.kind, item.links)).collect();
        assert_eq!(
            links,
            [
                (FileType::Directory, 4), // /, with a and b
                (FileType::Directory, 2),
                (FileType::Directory, 2),
                (FileType::Regular, 2),
            ]
        );
    }

    #[test]
    fn a_directory_has_no_more_than_32767_links() {
        let mut tree = Tree::new(Metadata::root(0o755));
        for number in 0..MAX_LINKS - 2 {
            tree.add_directory(format!("/d/{number}"), Metadata::root(0o755)).unwrap();
        }
        assert!(take(&tree).is_ok());
        tree.add_directory("/d/more", Metadata::root(0o755)).unwrap();
        let error = take(&tree).unwrap_err();
        assert_eq!(error.to_string(), "`/d` would have 32768 links; UFS2 counts at most 32767");
    }
}
