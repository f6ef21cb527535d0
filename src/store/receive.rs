//! Items that arrive as archives, from somebody who is not believed.
//!
//! The archive is unpacked as it comes, under a temporary name, and never held in memory. What the item is follows from
//! what was unpacked: its digest is computed here, whatever the sender says.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::content_address::ContentAddress;
use crate::content_address::Method;
use crate::hash::{HashingReader, Sha256};
use crate::nar;
use crate::store_path::StorePath;
use crate::sys::interrupt;

use super::add::{require_name, source_info, tree_path};
use super::path_info::now;
use super::publish::Finished;
use super::tree::{Contents, Tree};
use super::verify::flat_digest;
use super::{PathInfo, Store, StoreError, Temporary};

impl Store {
    /// Adds what an archive holds under `name`, as [`Store::add_tree`] adds a tree.
    pub fn add_archive(&self, name: &str, archive: impl Read) -> Result<StorePath, StoreError> {
        require_name(name)?;
        let place = self.temporary()?;
        let contents = unpack(archive, &place)?;
        let path = tree_path(name, &contents)?;
        self.take_in(source_info(path.clone(), &contents), place)?;
        Ok(path)
    }

    /// Adds an item of which `info` says what it is. Its contents must be what that says; whether it may refer to what it
    /// says, and was made by what it says, only the caller can know, unless its path follows from its contents.
    pub fn add_item(&self, info: PathInfo, archive: impl Read) -> Result<(), StoreError> {
        require_name(info.path.name())?;
        let place = self.temporary()?;
        let found = unpack(archive, &place)?;
        require_digest(&info.path, info.nar_hash, found.nar_hash)?;
        if let Some(ContentAddress::Text(digest) | ContentAddress::Fixed(Method::Flat, digest)) =
            info.content_address
        {
            require_digest(&info.path, digest, digest_of_file(&info.path, place.path())?)?;
        }
        self.take_in(PathInfo { nar_size: found.nar_size, registration_time: now(), ..info }, place)
    }

    /// Makes what was unpacked valid, unless it is by now.
    fn take_in(&self, info: PathInfo, place: Temporary) -> Result<(), StoreError> {
        let _lock = self.lock_path(&info.path, &interrupt::requested)?;
        if self.hold_valid(&info.path)? {
            return Ok(());
        }
        Tree::walk(place.path())?.make_canonical()?;
        self.publish(vec![Finished { info, place: place.path().to_owned() }], &[])
    }
}

/// Unpacks an archive, which must be all there is, and tells what it held.
fn unpack(archive: impl Read, place: &Temporary) -> Result<Contents, StoreError> {
    let mut hashed = HashingReader::new(archive);
    nar::restore(&mut hashed, place.path())?;
    Ok(Contents::of(hashed.into_hasher()))
}

fn require_digest(path: &StorePath, declared: Sha256, found: Sha256) -> Result<(), StoreError> {
    if declared == found {
        return Ok(());
    }
    Err(StoreError::WrongContents { path: path.clone(), declared, found })
}

/// The digest of what is to be one plain file.
fn digest_of_file(path: &StorePath, place: &Path) -> Result<Sha256, StoreError> {
    match fs::symlink_metadata(place) {
        Ok(metadata) if metadata.is_file() => Ok(flat_digest(place)?),
        _ => Err(StoreError::NotAFile { path: path.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::content_address::text_path;
    use crate::store::Layout;

    fn store(root: &Path) -> Store {
        Store::open(Layout::new(root).unwrap()).unwrap()
    }

    fn archive(tree: &Path) -> Vec<u8> {
        let mut archive = Vec::new();
        crate::store::tree::dump(tree, &mut archive).unwrap();
        archive
    }

    fn tree(directory: &Path) -> std::path::PathBuf {
        let tree = directory.join("tree");
        fs::create_dir_all(tree.join("sub")).unwrap();
        fs::write(tree.join("sub/file"), "contents").unwrap();
        symlink("sub/file", tree.join("link")).unwrap();
        tree
    }

    #[test]
    fn an_archive_becomes_the_item_that_its_tree_would() {
        let directory = tempfile::tempdir().unwrap();
        let tree = tree(directory.path());
        let (one, two) = (store(&directory.path().join("one")), store(&directory.path().join("two")));
        let path = one.add_tree("tree", &tree).unwrap();
        assert_eq!(two.add_archive("tree", archive(&tree).as_slice()).unwrap(), path);
        assert_eq!(two.path_info(&path).unwrap().nar_hash, one.path_info(&path).unwrap().nar_hash);
        assert_eq!(two.verify(&path).unwrap(), None);
        for root in ["one", "two"] {
            crate::util::fs::remove_tree(&directory.path().join(root)).unwrap();
        }
    }

    #[test]
    fn what_is_no_archive_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let whole = archive(&tree(directory.path()));
        let store = store(&directory.path().join("root"));
        let more = [whole.as_slice(), b"more"].concat();
        for bytes in [&whole[..whole.len() - 1], &more, b"", b"garbage, and a lot of it, more than a keyword"]
        {
            assert!(store.add_archive("tree", bytes).is_err());
        }
        let entries = fs::read_dir(store.layout().store_dir()).unwrap().count();
        assert_eq!(entries, 0);
    }

    #[test]
    fn an_item_is_what_is_said_of_it_or_refused() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "text").unwrap();
        let archive = archive(&file);
        let store = store(&directory.path().join("root"));
        let digest = Sha256::of("text");
        let info = |declared: Sha256, nar_hash: Sha256| PathInfo {
            path: text_path("text", &declared, &BTreeSet::new()).unwrap(),
            nar_hash,
            nar_size: 0,
            references: BTreeSet::new(),
            deriver: None,
            content_address: Some(ContentAddress::Text(declared)),
            registration_time: 0,
        };
        let nar_hash = Sha256::of(&archive);
        let other = Sha256::of("other");
        for (declared, nar) in [(digest, other), (other, nar_hash)] {
            let refused = store.add_item(info(declared, nar), archive.as_slice());
            assert!(matches!(refused, Err(StoreError::WrongContents { .. })), "{refused:?}");
        }
        store.add_item(info(digest, nar_hash), archive.as_slice()).unwrap();
        assert_eq!(store.verify(&info(digest, nar_hash).path).unwrap(), None);
    }
}
