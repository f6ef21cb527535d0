//! Times the digest of a tree, whose files are read, against SHA-256 of as many bytes that are there already, on one
//! core: `hash DIRECTORY [ROUNDS]`, for `tests/benches/store-hash.sh`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fruix::hash::Hasher;
use fruix::store::tree;

/// What is hashed again and again: so much stays in the cache of a processor.
const BLOCK: usize = 256 * 1024;

fn main() {
    // Cargo adds `--bench` when it runs the program itself; then there is nothing to measure.
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (directory, rounds) = match arguments.as_slice() {
        [directory] => (directory, 3),
        [directory, rounds] => (directory, rounds.to_string_lossy().parse().expect("how many rounds")),
        _ => return,
    };
    // What is read here is in memory then.
    let size = tree::digest(directory).expect("a readable directory").nar_size;
    println!("round  the tree  SHA-256 alone  ratio");
    for round in 1..=rounds {
        let of_tree = seconds(|| {
            tree::digest(directory).expect("a readable directory");
        });
        let alone = seconds(|| hash_alone(size));
        println!("{round:<6} {of_tree:<9.2} {alone:<14.2} {:.2}", of_tree / alone);
    }
    println!("most memory: {}", most_memory());
}

fn seconds(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().max(Duration::from_micros(1)).as_secs_f64()
}

fn hash_alone(size: u64) {
    let block: Vec<u8> = (0..BLOCK).map(|place| ((place * 7919) >> 3) as u8).collect();
    let mut hasher = Hasher::new();
    while hasher.bytes_seen() < size {
        hasher.update(&block);
    }
    assert_ne!(hasher.finish().as_bytes(), &[0; 32]);
}

/// As the kernel says it of this process.
fn most_memory() -> String {
    let status = fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |most| most.trim().to_owned())
}
