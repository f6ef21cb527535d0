//! The MANIFEST of a release: which distribution sets it has, and the digest of each.
//!
//! A line for each set, its columns apart by tabs: file name, SHA-256, number of files, component, description, and
//! whether an installer takes it by default. Whoever can change a set beside which a MANIFEST lies can change that as
//! well, so a MANIFEST counts only if it has the digest that the declaration pins. Then it is as if the declaration
//! itself had the digest of each set: a set is fetched as one with a digest, and is the same item.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::builders::fetch::{self, FetchError};
use crate::eval::ReleaseSets;
use crate::hash::{HashError, Sha256};
use crate::sys::interrupt;

/// No MANIFEST is nearly as long; a server may send what it likes.
const MOST_BYTES: u64 = 1 << 20;

/// Why the sets of a release are not known.
#[derive(Debug, Error, Diagnostic)]
pub enum ReleaseManifestError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Digest(#[from] HashError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Fetch(#[from] FetchError),

    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help("see that it is there and that you may read it"))]
    Read { path: PathBuf, source: std::io::Error },

    #[error("the MANIFEST that is here is not the one that is pinned: its digest is {actual}")]
    #[diagnostic(help(
        "the MANIFEST of a release does not change; if this is one that you trust, write (sha256 \"{actual}\")"
    ))]
    Other { actual: String },

    #[error("line {line} of what is here is none of a MANIFEST: {problem}")]
    #[diagnostic(help("a line has the name of a set, a tab, and its SHA-256 in hexadecimal"))]
    Line { line: usize, problem: &'static str },

    #[error("the MANIFEST lists no sets")]
    #[diagnostic(help("name the file MANIFEST of a release"))]
    Empty,
}

/// A MANIFEST, as a declaration names it.
#[derive(Debug, Clone, Copy)]
pub struct Pin<'a> {
    pub url: &'a str,
    pub sha256: Sha256,
}

impl Pin<'_> {
    /// Fetches it to the new file `to`.
    ///
    /// # Errors
    /// It cannot be had, or is another one.
    pub fn fetch(&self, to: &Path) -> Result<(), ReleaseManifestError> {
        fetch::fetch(self.url, to, MOST_BYTES, &|news| tracing::info!("{news}"), interrupt::requested)?;
        self.text(to).map(drop)
    }

    /// The sets that the MANIFEST at `path` lists.
    ///
    /// # Errors
    /// It is another one than is pinned, or no MANIFEST.
    pub fn read(&self, path: &Path) -> Result<ReleaseSets, ReleaseManifestError> {
        parse(&self.text(path)?)
    }

    fn text(&self, path: &Path) -> Result<String, ReleaseManifestError> {
        let bytes =
            fs::read(path).map_err(|source| ReleaseManifestError::Read { path: path.to_owned(), source })?;
        let actual = Sha256::of(&bytes);
        if actual != self.sha256 {
            return Err(ReleaseManifestError::Other { actual: actual.hex() });
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn parse(text: &str) -> Result<ReleaseSets, ReleaseManifestError> {
    let mut sets = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let wrong = |problem| ReleaseManifestError::Line { line: index + 1, problem };
        let mut columns = line.split('\t');
        let (Some(name), Some(digest)) = (columns.next(), columns.next()) else {
            return Err(wrong("there is no tab in it"));
        };
        if !is_file_name(name) {
            return Err(wrong("it does not begin with the name of a file"));
        }
        let digest = Some(digest).filter(|digest| digest.len() == 2 * Sha256::LEN);
        let digest = digest.and_then(|digest| Sha256::parse(digest).ok());
        let digest = digest.ok_or_else(|| wrong("its second column is no SHA-256"))?;
        if sets.insert(name.to_owned(), digest.hex()).is_some() {
            return Err(wrong("an earlier one names the same set"));
        }
    }
    if sets.is_empty() {
        return Err(ReleaseManifestError::Empty);
    }
    Ok(sets)
}

/// Whether it is a file beside the MANIFEST: what comes to stand in an address.
fn is_file_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte);
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn message(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn a_manifest_of_freebsd_lists_its_sets() {
        let text = format!(
            "base-dbg.txz\t{DIGEST}\t1681\tbase_dbg\t\"Base system (Debugging)\"\toff\n\
             kernel.txz\t{DIGEST}\t932\tkernel\t\"Kernel (MANDATORY)\"\ton\n"
        );
        let sets = parse(&text).unwrap();
        assert_eq!(sets.keys().collect::<Vec<_>>(), ["base-dbg.txz", "kernel.txz"]);
        assert_eq!(sets["kernel.txz"], DIGEST);
    }

    #[test]
    fn what_is_no_manifest_is_told_by_its_line() {
        assert!(message("").contains("lists no sets"));
        assert!(message("<html>\n").contains("line 1 of"));
        let line = |name: &str, digest: &str| format!("{name}\t{digest}\t1\tbase\t\"Base system\"\ton\n");
        assert!(message(&line("../base.txz", DIGEST)).contains("name of a file"));
        assert!(message(&line("base.txz", &DIGEST[1..])).contains("no SHA-256"));
        assert!(message(&line("base.txz", &DIGEST.replace('e', "g"))).contains("no SHA-256"));
        let twice = line("base.txz", DIGEST).repeat(2);
        assert!(message(&twice).contains("line 2") && message(&twice).contains("same set"));
    }

    #[test]
    fn a_manifest_counts_only_with_the_digest_that_is_pinned() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("MANIFEST");
        let text = format!("base.txz\t{DIGEST}\n");
        fs::write(&file, &text).unwrap();
        let url = format!("file://{}", file.display());
        let to = directory.path().join("fetched");
        let pin = Pin { url: &url, sha256: Sha256::of(&text) };
        pin.fetch(&to).unwrap();
        assert_eq!(pin.read(&to).unwrap()["base.txz"], DIGEST);
        let error = Pin { sha256: Sha256::of("another"), ..pin }.fetch(&to).unwrap_err();
        assert!(error.to_string().contains(&Sha256::of(&text).hex()), "{error}");

        let long = fs::File::create(&file).unwrap();
        long.set_len(MOST_BYTES + 1).unwrap();
        let error = pin.fetch(&to).unwrap_err();
        assert!(matches!(error, ReleaseManifestError::Fetch(FetchError::TooLong { .. })), "{error}");
    }
}
