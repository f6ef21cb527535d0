//! The EFI system partition: a FAT file system that firmware reads.
//!
//! After Microsoft's *FAT: General Overview of On-Disk Format* 1.03. FAT32, which the UEFI specification asks
//! for on fixed disks, unless a partition is so small that the number of its clusters makes it FAT16.

mod directory;
mod geometry;
mod name;
mod volume;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::error::ImageError;
use super::extent::Extent;
use super::seed::Seed;
use super::tree::{Content, Kind, NodeId, Tree};
use geometry::Geometry;
use name::Names;

/// The size of the partition unless its contents need more: enough for several loaders, and for FAT32.
const USUAL_SIZE: u64 = 64 << 20;

/// The largest file FAT can hold.
const MAX_FILE: u64 = u32::MAX as u64;

/// One file or directory of the partition.
#[derive(Debug)]
struct Item<'t> {
    /// Position of the directory it lies in; the root's is its own.
    parent: usize,
    /// Its names; those of the root are not used.
    names: Names,
    /// Seconds since 1970.
    mtime: i64,
    /// `None` for a directory.
    content: Option<&'t Content>,
    /// What lies in a directory, in the order of the tree.
    children: Vec<usize>,
}

/// A FAT file system, of a size that its contents decide.
#[derive(Debug)]
pub struct FileSystem<'t> {
    /// The root comes first, every directory before what lies in it.
    items: Vec<Item<'t>>,
    geometry: Geometry,
}

impl<'t> FileSystem<'t> {
    /// A file system for the files of `tree`.
    pub fn new(tree: &'t Tree) -> Result<Self, ImageError> {
        Self::with_size(tree, USUAL_SIZE)
    }

    /// A file system of at least `size` bytes.
    fn with_size(tree: &'t Tree, size: u64) -> Result<Self, ImageError> {
        let root = Item {
            parent: 0,
            names: Names::default(),
            mtime: tree.node(Tree::ROOT).metadata.mtime,
            content: None,
            children: Vec::new(),
        };
        let mut items = vec![root];
        collect(tree, Tree::ROOT, 0, Path::new("/"), &mut items)?;
        let mut size = size;
        loop {
            let geometry = Geometry::new(size);
            let needed: u64 = (0..items.len()).map(|index| clusters(&items, index, &geometry)).sum();
            if needed <= geometry.clusters {
                return Ok(Self { items, geometry });
            }
            size += (size / 4).next_multiple_of(1 << 20);
        }
    }

    /// Size of the partition in bytes.
    pub fn size(&self) -> u64 {
        self.geometry.sectors * geometry::SECTOR
    }

    /// All extents, relative to the partition, which starts at byte `disk_offset` of the disk.
    pub fn extents(&self, seed: &Seed, time: i64, disk_offset: u64) -> Vec<Extent<'t>> {
        let chains = self.chains();
        let mut extents = Vec::new();
        for (index, (item, &chain)) in self.items.iter().zip(&chains).enumerate() {
            let offset = match chain.first {
                0 => self.geometry.root_directory(),
                first => self.geometry.cluster(first),
            };
            match item.content {
                Some(content) => extents.push(Extent::of_content(offset, content, 0, content.size())),
                None => extents.push(Extent::owned(offset, self.directory(index, &chains, time))),
            }
        }
        let used = chains.iter().map(|chain| chain.count).sum();
        extents.extend(volume::extents(&self.geometry, used, seed.number("esp serial"), disk_offset));
        extents.extend(self.geometry.tables(chains.iter().map(|chain| chain.count)));
        extents
    }

    /// The bytes of the directory `index`.
    fn directory(&self, index: usize, chains: &[Chain], time: i64) -> Vec<u8> {
        let item = &self.items[index];
        let mut bytes = Vec::new();
        if index == 0 {
            directory::push_label(&mut bytes, volume::LABEL, time);
        } else {
            directory::push_dots(
                &mut bytes,
                chains[index].first,
                chains[item.parent].parent_link(item.parent),
                item.mtime,
            );
        }
        for &child in &item.children {
            let Item { names, mtime, content, .. } = &self.items[child];
            directory::push(&mut bytes, names, chains[child].first, content.map(Content::size), *mtime);
        }
        bytes
    }

    /// Where every item lies: one after the other, each in adjoining clusters.
    fn chains(&self) -> Vec<Chain> {
        let mut next = geometry::FIRST_CLUSTER;
        (0..self.items.len())
            .map(|index| {
                let count = clusters(&self.items, index, &self.geometry);
                let first = if count == 0 { 0 } else { next };
                next += count as u32;
                Chain { first, count }
            })
            .collect()
    }
}

/// Adjoining clusters.
#[derive(Debug, Clone, Copy)]
struct Chain {
    /// The first cluster; 0 for an empty file and for the root directory of FAT16.
    first: u32,
    count: u64,
}

impl Chain {
    /// How a subdirectory of directory `index`, which lies here, refers to it: the root is always 0.
    fn parent_link(&self, index: usize) -> u32 {
        if index == 0 { 0 } else { self.first }
    }
}

/// Clusters that item `index` takes.
fn clusters(items: &[Item], index: usize, geometry: &Geometry) -> u64 {
    let item = &items[index];
    let size = match item.content {
        Some(content) => content.size(),
        None if index == 0 && !geometry.root_in_clusters() => 0,
        // Label, or the two dots; then the children.
        None => {
            let own = if index == 0 { 1 } else { 2 };
            let below = item.children.iter().map(|&child| items[child].names.slots()).sum::<u64>();
            ((own + below) * directory::ENTRY).max(1)
        }
    };
    size.div_ceil(geometry.cluster_size())
}

/// Appends what lies in directory `id`, which has become `parent`, to `items`.
fn collect<'t>(
    tree: &'t Tree,
    id: NodeId,
    parent: usize,
    path: &Path,
    items: &mut Vec<Item<'t>>,
) -> Result<(), ImageError> {
    let Kind::Directory(entries) = &tree.node(id).kind else { return Ok(()) };
    let at = |name: &[u8]| -> PathBuf { path.join(OsStr::from_bytes(name)) };
    let mut taken = name::Taken::default();
    for (name, &child) in entries {
        let refuse = |reason| ImageError::EspEntry { path: at(name), reason };
        let node = tree.node(child);
        let content = match &node.kind {
            Kind::Directory(_) => None,
            Kind::File(content) if content.size() > MAX_FILE => return Err(refuse("it exceeds 4 GiB")),
            Kind::File(content) => Some(content),
            Kind::Symlink(_) => return Err(refuse("FAT has no symbolic links")),
        };
        let names = taken.add(name).map_err(refuse)?;
        let index = items.len();
        items.push(Item { parent, names, mtime: node.metadata.mtime, content, children: Vec::new() });
        items[parent].children.push(index);
        if content.is_none() {
            collect(tree, child, index, &at(name), items)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builders::image::tree::Metadata;

    #[test]
    fn the_partition_grows_with_its_contents() {
        let mut tree = Tree::new(Metadata::root(0o755));
        assert_eq!(FileSystem::new(&tree).unwrap().size(), USUAL_SIZE);
        let content = Content::Host { path: PathBuf::from("/nowhere"), size: 100 << 20 };
        tree.add_file("/large", content, Metadata::root(0o644)).unwrap();
        assert!(FileSystem::new(&tree).unwrap().size() > 100 << 20);
    }

    #[test]
    fn what_fat_cannot_hold_is_refused() {
        let refused = |fill: &dyn Fn(&mut Tree) -> Result<(), ImageError>| {
            let mut tree = Tree::new(Metadata::root(0o755));
            fill(&mut tree).unwrap();
            FileSystem::new(&tree).unwrap_err().to_string()
        };
        let meta = Metadata::root(0o644);
        let file = |tree: &mut Tree, path: &str| tree.add_file(path, Content::Bytes(Vec::new()), meta);
        assert!(refused(&|tree| tree.add_symlink("/EFI/l", "t", meta)).contains("symbolic"));
        assert!(refused(&|tree| file(tree, "/EFI/a:b")).contains("`/EFI/a:b`"));
        assert!(refused(&|tree| file(tree, "/boot").and_then(|()| file(tree, "/BOOT"))).contains("case"));
    }
}
