//! Makes a tree with the directories, links and files of another, and as many bytes in each file, but reads and hashes none:
//! what a file system takes for writing alone. `write FROM TO [THREADS]`, for `tests/benches/store-add.sh`.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How much is written at once.
const BLOCK: usize = 1 << 20;
/// How many files a thread takes at a time: mostly those of one directory, as a copy would.
const SHARE: usize = 64;

fn main() {
    // Cargo adds `--bench` when it runs the program itself; then there is nothing to measure.
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (from, to, threads) = match arguments.as_slice() {
        [from, to] => (from, to, 2),
        [from, to, threads] => (from, to, threads.to_string_lossy().parse().expect("how many threads")),
        _ => return,
    };
    let mut files = Vec::new();
    make_directories(from, to, &mut files).expect("a readable tree, and room for another");
    let shares: Vec<_> = files.chunks(SHARE).collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let block = vec![7; BLOCK];
                while let Some(share) = shares.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for (file, size) in *share {
                        write(file, *size, &block).expect("room for a file");
                    }
                }
            });
        }
    });
}

/// Makes directories and links, and adds files that are to be made, with their sizes.
fn make_directories(from: &Path, to: &Path, files: &mut Vec<(PathBuf, u64)>) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, place) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            make_directories(&entry.path(), &place, files)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(entry.path())?, &place)?;
        } else {
            files.push((place, entry.metadata()?.len()));
        }
    }
    Ok(())
}

fn write(file: &Path, mut size: u64, block: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(file)?;
    while size > 0 {
        let length = block.len().min(usize::try_from(size).unwrap_or(usize::MAX));
        file.write_all(&block[..length])?;
        size -= length as u64;
    }
    Ok(())
}
