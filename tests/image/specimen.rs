//! Trees to make images of.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fruix::builders::image::{Content, DiskSize, DiskSpec, FreeSpace, Metadata, Seed, Tree};
use proptest::prelude::*;

/// Names in the directory `/crowded`, enough for several blocks of entries and one of addresses.
pub const CROWD: usize = 9000;

/// One file as a test describes it.
#[derive(Debug, Clone)]
pub struct Described {
    pub path: String,
    pub metadata: Metadata,
    /// `None` for a directory; the target of a symbolic link.
    pub content: Option<Vec<u8>>,
    pub symlink: bool,
}

impl Described {
    fn new(path: impl Into<String>, metadata: Metadata, content: Option<Vec<u8>>) -> Self {
        Self { path: path.into(), metadata, content, symlink: false }
    }

    fn link(path: &str, target: &str) -> Self {
        let content = Some(target.as_bytes().to_vec());
        Self { path: path.to_owned(), metadata: Metadata::root(0o755), content, symlink: true }
    }
}

/// Bytes that differ from place to place.
fn pattern(length: usize) -> Vec<u8> {
    (0..length as u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u8).collect()
}

/// Files of every kind and of every size that matters: around fragments, blocks, and what an inode reaches.
pub fn varied() -> Vec<Described> {
    const BLOCK: usize = 32768;
    let file = Metadata { uid: 1001, gid: 20, mode: 0o640, flags: 0, mtime: 1_700_000_000 };
    let mut all = vec![
        Described::new("/", Metadata { mode: 0o751, ..file }, None),
        Described::new("/tmp", Metadata::root(0o1777), None),
        Described::new("/empty", Metadata { flags: 0x2_0000, ..file }, None),
        Described::new("/su", Metadata { flags: 0x2_0000, ..Metadata::root(0o4555) }, Some(pattern(70_001))),
        Described::new("/target", Metadata::root(0o444), Some(b"target".to_vec())),
        Described::link("/links/short", "../target"),
        Described::link("/links/119", &"a".repeat(119)),
        Described::link("/links/120", &"b".repeat(120)),
        Described::link("/links/1023", &"c".repeat(1023)),
        Described::link("/links/long", &format!("{}../target", "./".repeat(100))),
        Described::new("/links", Metadata::root(0o755), None),
        Described::new(format!("/{}", "n".repeat(255)), file, Some(pattern(9))),
        Described::new("/sizes", Metadata::root(0o755), None),
        Described::new("/crowded", Metadata::root(0o755), None),
    ];
    let around = [0, 4096, 8192, 28672, BLOCK, 2 * BLOCK, 11 * BLOCK, 12 * BLOCK, 13 * BLOCK];
    for size in around.into_iter().flat_map(|size: usize| [size.saturating_sub(1), size, size + 1]) {
        let path = format!("/sizes/{size}");
        if all.iter().all(|other| other.path != path) {
            all.push(Described::new(path, file, Some(pattern(size))));
        }
    }
    all.extend(
        (0..20)
            .map(|index| Described::new(format!("/sizes/small-{index}"), file, Some(pattern(index * 700)))),
    );
    all.push(Described::new("/zeros", file, Some([vec![0; 300_000], vec![1], vec![0; 99_999]].concat())));
    for index in 0..CROWD {
        let path = format!("/crowded/{index:05}-{}", "x".repeat(index % 60));
        all.push(Described::new(path, file, Some(Vec::new())));
    }
    all
}

/// A description of any small tree: files below directories of up to three levels.
pub fn any_tree() -> impl Strategy<Value = Vec<Described>> {
    let name = "[a-c]{1,3}";
    let path = prop::collection::vec(name, 1..4).prop_map(|names| format!("/{}", names.join("/")));
    let size = prop_oneof![3 => 0..40_000usize, 1 => 40_000..500_000usize];
    let metadata = (any_number(), any_number(), 0..0o10000u16, 0..2_000_000_000i64)
        .prop_map(|(uid, gid, mode, mtime)| Metadata { uid, gid, mode, flags: 0, mtime });
    let content = prop_oneof![2 => size.prop_map(|size| Some(pattern(size))), 1 => Just(None)];
    let one = (path, metadata, content, any::<bool>());
    prop::collection::vec(one, 0..40).prop_map(|all| {
        let mut kept = BTreeMap::<String, Described>::new();
        for (path, metadata, content, symlink) in all {
            let below = format!("{path}/");
            let crossed = kept.values().any(|other| {
                other.path == path
                    || content.is_some() && other.path.starts_with(&below)
                    || other.content.is_some() && path.starts_with(&format!("{}/", other.path))
            });
            if !crossed {
                let length = content.as_ref().map_or(0, Vec::len);
                let symlink = symlink && (1..1024).contains(&length);
                let content = if symlink { Some(vec![b'l'; length]) } else { content };
                kept.insert(path.clone(), Described { path, metadata, content, symlink });
            }
        }
        kept.into_values().collect()
    })
}

fn any_number() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), 0..70_000u32, Just(u32::MAX)]
}

/// The tree that `described` describes, with contents in memory.
pub fn tree(described: &[Described]) -> Tree {
    fill(described, |content, _| Content::Bytes(content.to_vec()))
}

/// The same tree, with contents in files of `host`.
pub fn tree_of_host_files(described: &[Described], host: &Path) -> Tree {
    fill(described, |content, index| {
        let path = host.join(index.to_string());
        fs::write(&path, content).unwrap();
        Content::host(path).unwrap()
    })
}

fn fill(described: &[Described], content_of: impl Fn(&[u8], usize) -> Content) -> Tree {
    let mut tree = Tree::new(Metadata::root(0o755));
    for (index, file) in described.iter().enumerate() {
        match &file.content {
            None => tree.add_directory(&file.path, file.metadata),
            Some(target) if file.symlink => {
                tree.add_symlink(&file.path, String::from_utf8_lossy(target).as_ref(), file.metadata)
            }
            Some(content) => tree.add_file(&file.path, content_of(content, index), file.metadata),
        }
        .unwrap();
    }
    tree
}

/// A disk with `root` as its root, as large as it needs to be.
pub fn spec(root: Tree) -> DiskSpec {
    DiskSpec {
        root,
        esp: Tree::new(Metadata::root(0o755)),
        size: DiskSize::Fit(FreeSpace { percent: 10, bytes: 1 << 20 }),
        partition_label: "fruix-root".into(),
        volume_label: "fruix-volume".into(),
        seed: Seed::from_text("test"),
        time: 1_700_000_000,
    }
}
