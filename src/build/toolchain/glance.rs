//! Whether a tool chain is still what it was, at the price of one `lstat` for each of its files.
//!
//! A survey reads the package database and works out what belongs where, which takes far longer than to look at the
//! files. So what a survey looked at is remembered, with a digest of what it saw: while all of that looks the same, the
//! survey would give the same.

use std::{
    ffi::OsStr,
    fs::{self, Metadata},
    io,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
    thread,
};

use super::ToolchainError;
use crate::{
    hash::{Hasher, Sha256},
    store::{StoreAccess, StoreError},
    store_path::StorePath,
    util::{
        fs::{create_dir_all, write_atomic},
        threads::{NoThread, spawn_scoped},
    },
};

/// Part of the names of the files; changes with what a survey looks at.
const FORMAT: &str = "glance 1";

/// The directory of the cache that holds them.
const KIND: &str = "toolchain-glances";

/// How many files one thread looks at.
const SHARE: usize = 4096;

/// Something that a survey looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Everything about it matters.
    Whole(PathBuf),
    /// What it is matters, and not when its entries changed: a directory on the way to a file.
    Kind(PathBuf),
}

impl Look {
    const WHOLE: u8 = b'W';
    const KIND: u8 = b'K';

    fn line(&self) -> Vec<u8> {
        let (mark, path) = match self {
            Self::Whole(path) => (Self::WHOLE, path),
            Self::Kind(path) => (Self::KIND, path),
        };
        [&[mark], path.as_os_str().as_bytes(), b"\0"].concat()
    }
}

/// The item that these packages made, if nothing about them has changed.
pub fn recall(
    store: &dyn StoreAccess,
    host: &Path,
    roots: &[String],
) -> Result<Option<StorePath>, ToolchainError> {
    let Ok(bytes) = fs::read(file(store, host, roots)) else { return Ok(None) };
    let Some((item, digest, lines)) = parse(&bytes) else { return Ok(None) };
    Ok((see(lines) == digest && store.is_valid(&item)?).then_some(item))
}

/// Remembers the item that a survey led to. `unchanged` is to say, by another survey, whether what was seen meanwhile
/// is what the first one saw.
pub fn remember(
    store: &dyn StoreAccess,
    (host, roots): (&Path, &[String]),
    mut looks: Vec<Look>,
    item: &StorePath,
    unchanged: impl FnOnce() -> Result<bool, ToolchainError>,
) -> Result<(), ToolchainError> {
    looks.sort();
    looks.dedup();
    let lines: Vec<u8> = looks.iter().flat_map(Look::line).collect();
    let digest = see(&lines);
    if !unchanged()? {
        return Ok(());
    }
    let file = file(store, host, roots);
    create_dir_all(file.parent().unwrap_or(Path::new("."))).map_err(StoreError::from)?;
    let contents = [format!("{item}\0").as_bytes(), digest.as_bytes(), &lines].concat();
    Ok(write_atomic(&file, &contents, false).map_err(StoreError::from)?)
}

fn file(store: &dyn StoreAccess, host: &Path, roots: &[String]) -> PathBuf {
    let mut name = Hasher::new();
    for part in
        [FORMAT.as_bytes(), host.as_os_str().as_bytes()].into_iter().chain(roots.iter().map(|r| r.as_bytes()))
    {
        name.update(part);
        name.update(b"\0");
    }
    store.own().cache_dir().join(KIND).join(name.finish().base32())
}

fn parse(bytes: &[u8]) -> Option<(StorePath, Sha256, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let item = StorePath::from_absolute(std::str::from_utf8(&bytes[..end]).ok()?).ok()?;
    let (digest, lines) = bytes[end + 1..].split_first_chunk::<{ Sha256::LEN }>()?;
    Some((item, Sha256::from_bytes(*digest), lines))
}

/// A digest of how everything looks now.
fn see(lines: &[u8]) -> Sha256 {
    let looks: Vec<&[u8]> = lines.split(|byte| *byte == 0).filter(|line| !line.is_empty()).collect();
    let mut digest = Hasher::new();
    digest.update(lines);
    // In shares of a fixed size, so that the digest does not depend on the number of threads.
    thread::scope(|scope| {
        let share = |share| (share, spawn_scoped(scope, move || see_share(share)));
        let shares: Vec<_> = looks.chunks(SHARE).map(share).collect();
        for (share, thread) in shares {
            let seen = match thread {
                // A thread that panicked saw nothing, and so nothing that was seen before.
                Ok(thread) => thread.join().map_or([0; Sha256::LEN], |seen| *seen.as_bytes()),
                Err(NoThread) => *see_share(share).as_bytes(),
            };
            digest.update(&seen);
        }
    });
    digest.finish()
}

fn see_share(looks: &[&[u8]]) -> Sha256 {
    let mut digest = Hasher::new();
    for look in looks {
        let Some((mark, path)) = look.split_first() else { continue };
        match fs::symlink_metadata(OsStr::from_bytes(path)) {
            Ok(metadata) => {
                digest.update(b"+");
                let everything = *mark == Look::WHOLE || metadata.is_symlink();
                numbers(&metadata, everything).iter().for_each(|number| digest.update(&number.to_le_bytes()));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => digest.update(b"-"),
            Err(_) => digest.update(b"?"),
        }
    }
    digest.finish()
}

fn numbers(metadata: &Metadata, everything: bool) -> Vec<i64> {
    let mut numbers = vec![metadata.dev() as i64, metadata.ino() as i64, i64::from(metadata.mode())];
    if everything {
        numbers.extend([
            metadata.size() as i64,
            metadata.mtime(),
            metadata.mtime_nsec(),
            metadata.ctime(),
            metadata.ctime_nsec(),
        ]);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::store::{Layout, Store};
    use crate::util::threads::alone;

    #[test]
    fn whatever_could_matter_is_seen() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::create_dir(path("dir")).unwrap();
        fs::write(path("dir/file"), "1").unwrap();
        let looks = [Look::Kind(path("dir")), Look::Whole(path("dir/file")), Look::Whole(path("absent"))];
        let lines: Vec<u8> = looks.iter().flat_map(Look::line).collect();
        let first = see(&lines);
        assert_eq!(see(&lines), first);
        assert_eq!(alone(|| see(&lines)), first, "by one thread");

        fs::write(path("dir/other"), "1").unwrap();
        assert_eq!(see(&lines), first, "what nobody looked at");

        fs::write(path("dir/file"), "22").unwrap();
        let second = see(&lines);
        assert_ne!(second, first, "another content");

        fs::write(path("absent"), "").unwrap();
        let third = see(&lines);
        assert_ne!(third, second, "a file that was absent");

        fs::rename(path("dir"), path("elsewhere")).unwrap();
        symlink("elsewhere", path("dir")).unwrap();
        assert_ne!(see(&lines), third, "a link instead of a directory");
    }

    #[test]
    fn an_item_is_recalled_while_it_is_valid_and_nothing_changed() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(Layout::new(&directory.path().join("root")).unwrap()).unwrap();
        let tree = directory.path().join("tree");
        fs::write(&tree, "item").unwrap();
        let item = store.add_tree("item", &tree).unwrap();
        let (host, roots) = (Path::new("/"), ["a".to_owned()]);
        let looks = || vec![Look::Whole(tree.clone()), Look::Whole(tree.clone())];
        assert_eq!(recall(&store, host, &roots).unwrap(), None);
        remember(&store, (host, &roots), looks(), &item, || Ok(false)).unwrap();
        assert_eq!(recall(&store, host, &roots).unwrap(), None, "it changed meanwhile");
        remember(&store, (host, &roots), looks(), &item, || Ok(true)).unwrap();
        assert_eq!(recall(&store, host, &roots).unwrap(), Some(item));
        assert_eq!(recall(&store, host, &["b".to_owned()]).unwrap(), None, "other packages");
        fs::write(&tree, "another item").unwrap();
        assert_eq!(recall(&store, host, &roots).unwrap(), None, "it changed");
        fs::write(file(&store, host, &roots), "garbage").unwrap();
        assert_eq!(recall(&store, host, &roots).unwrap(), None, "garbage");
    }
}
