//! Results of earlier evaluations.
//!
//! A pure evaluation depends on its declaration, on the program that evaluates, and on the answers that it got from the
//! machine. An entry holds the questions and digests of the answers; if this machine gives the same answers today,
//! the result is the same, and no interpreter is needed. So a changed module file, a module that now lies in a
//! directory searched earlier, or a changed source tree each make another result; nothing is assumed about any of them.
//!
//! A file per declaration, written at once and trusted only if its digest is right: losing one costs time only, and
//! several processes may use the directory.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::evaluation::Evaluation;
use super::interpreter::Job;
use super::outside::{Answer, Request};
use crate::hash::Sha256;
use crate::util::fs::{self as paths, FsError, Operation, PathContext as _};

/// Changes with everything that is part of this program.
const BUILD: &str = env!("FRUIX_BUILD");

/// Most entries that are kept.
const MAX_ENTRIES: usize = 500;

/// Most bytes that are kept.
const MAX_BYTES: u64 = 100 * 1024 * 1024;

/// A question and the digest of its answer.
pub type Asked = (Request, Sha256);

/// What an earlier evaluation asked, in order, and what it gave.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub asked: Vec<Asked>,
    pub evaluation: Evaluation,
}

/// The entries in a directory.
#[derive(Debug, Clone)]
pub struct Cache {
    directory: PathBuf,
}

/// What an entry is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(Sha256);

/// The digest of an answer.
pub fn digest(answer: &Answer) -> Sha256 {
    // It is made of strings and numbers, which JSON can hold.
    Sha256::of(serde_json::to_vec(answer).unwrap_or_default())
}

impl Key {
    /// The key of a job: its own text, where it is looked for what it names, and this program. `None` for what cannot
    /// be written, such as paths that are no text.
    pub fn of(job: &Job) -> Option<Self> {
        let here = std::env::current_dir().ok()?;
        serde_json::to_vec(&(BUILD, job, here)).ok().map(|key| Self(Sha256::of(key)))
    }
}

impl Cache {
    /// The cache in a directory, which is made when there is something to keep.
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// The entry of a key. What cannot be read counts as not there.
    pub fn find(&self, key: &Key) -> Option<Entry> {
        let path = self.path(key);
        let bytes = fs::read(&path).ok()?;
        let (digest, text) = bytes.split_at_checked(Sha256::LEN)?;
        if Sha256::of(text).as_bytes() != digest {
            return None;
        }
        let entry = serde_json::from_slice(text).ok()?;
        // What was used last is kept longest. Whose file it is does not matter.
        let _ = File::open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        Some(entry)
    }

    /// Keeps an entry. [`Cache::trim`] is to follow, once for many.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub fn keep(&self, key: &Key, entry: &Entry) -> Result<(), FsError> {
        let path = self.path(key);
        let text = serde_json::to_vec(entry).map_err(std::io::Error::other).at(Operation::Write, &path)?;
        paths::create_dir_all(&self.directory)?;
        let mut bytes = Sha256::of(&text).as_bytes().to_vec();
        bytes.write_all(&text).at(Operation::Write, &path)?;
        paths::write_atomic(&path, &bytes, false)
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.directory.join(key.0.base32())
    }

    /// Removes what was used longest ago, until the rest fits.
    ///
    /// # Errors
    /// The directory cannot be listed, or a file not removed.
    pub fn trim(&self) -> Result<(), FsError> {
        let mut files = self.files()?;
        files.sort_by_key(|file| std::cmp::Reverse(file.used));
        let mut bytes = 0;
        for (index, file) in files.iter().enumerate() {
            bytes += file.bytes;
            if index >= MAX_ENTRIES || bytes > MAX_BYTES {
                paths::remove_file_if_there(&file.path)?;
            }
        }
        Ok(())
    }

    fn files(&self) -> Result<Vec<Kept>, FsError> {
        let mut files = Vec::new();
        for entry in paths::entries(&self.directory)? {
            let path = entry?.path();
            // Another process may have removed it meanwhile.
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            files.push(Kept { path, used, bytes: metadata.len() });
        }
        Ok(files)
    }
}

/// A file of the cache.
struct Kept {
    path: PathBuf,
    used: SystemTime,
    bytes: u64,
}

#[cfg(test)]
mod tests;
