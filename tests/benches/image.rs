//! Makes a disk image of a directory, for `tests/benches/image.sh` to time: `image DIRECTORY OUTPUT`.

use std::path::PathBuf;

use fruix::builders::image::{DiskSize, DiskSpec, FreeSpace, Metadata, Seed, Tree, disk};

fn main() {
    // Cargo adds `--bench` when it runs the program itself; then there is nothing to measure.
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [directory, output] = arguments.as_slice() else { return };
    let mut root = Tree::new(Metadata::root(0o755));
    root.add_host("/", directory).expect("a readable directory");
    let spec = DiskSpec {
        root,
        esp: Tree::new(Metadata::root(0o755)),
        size: DiskSize::Fit(FreeSpace::default()),
        partition_label: "fruix-root".into(),
        volume_label: "fruix".into(),
        seed: Seed::from_text("bench"),
        time: 1,
    };
    let report = disk::write(&spec, output).expect("an image");
    println!("{report:?}");
}
