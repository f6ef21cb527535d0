//! `builtin:fetch`: a file or an archive from `http(s)://` or `file://`.
//!
//! Always a fixed-output derivation, whose sandbox has the machine's network: what is made is checked against the
//! declared digest afterwards, so nothing here has to trust the server.
//!
//! Environment: `url`; `unpack`, `1` to unpack an archive (see [`unpack`]) or empty to take the file as it is. Of
//! the machine it heeds, as variables of the process, its proxies ([`PROXY_VARIABLES`]) and where the sandbox
//! shows the file that a `file://` address names ([`FILE_VARIABLE`]).

use std::{
    env,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use self::{address::Address, download::Patience};
use super::{Builder, BuilderContext, BuilderError, phase};

mod address;
mod download;
mod proxy;
mod transfer;
mod unpack;

pub use proxy::VARIABLES as PROXY_VARIABLES;
pub use unpack::UnpackError;
pub(super) use unpack::{open as open_archive, unpack_entry};

/// See [`Builder::version`].
const VERSION: &str = "2";

/// The builder's name.
pub const NAME: &str = "fetch";

/// The builder's row in the table.
pub(super) const BUILDER: Builder = Builder { name: NAME, version: VERSION, run };

/// Where a `file://` address's file lies for this process, if not under its own name.
pub const FILE_VARIABLE: &str = "FRUIX_FETCH_FILE";

/// Why nothing was fetched.
#[derive(Debug, Error, Diagnostic)]
pub enum FetchError {
    #[error("cannot fetch `{url}`: the scheme is none of http, https and file")]
    #[diagnostic(help(
        "write the whole address, as in https://example.org/src.txz or file:///home/me/src.txz"
    ))]
    Scheme { url: String },

    #[error("cannot fetch `{url}`: it names no file of this machine")]
    #[diagnostic(help("after file:// comes the absolute path, as in file:///home/me/src.txz"))]
    Elsewhere { url: String },

    #[error("cannot download `{url}`: {error}")]
    #[diagnostic(help(
        "check the address and this machine's network; http_proxy, https_proxy, all_proxy and no_proxy are honoured"
    ))]
    Download { url: String, error: Box<ureq::Error> },

    #[error("`{value}`, which is the value of {name}, is no proxy: {error}")]
    #[diagnostic(help(
        "write it as in http://proxy.example.org:3128; only HTTP proxies that allow CONNECT are known"
    ))]
    Proxy { name: &'static str, value: String, error: Box<ureq::Error> },

    #[error("the download of `{url}` broke off: {error}")]
    #[diagnostic(help("run the command again"))]
    Transfer { url: String, error: io::Error },

    #[error("interrupted while `{url}` was downloaded")]
    Interrupted { url: String },

    #[error("`{url}` is longer than {most} bytes, and so not what it should be")]
    #[diagnostic(help("check the address"))]
    TooLong { url: String, most: u64 },

    #[error("cannot read `{}`: {error}", path.display())]
    #[diagnostic(help("a file:// address names a file of this machine that its user may read"))]
    Open { path: PathBuf, error: io::Error },

    #[error("cannot write `{}`: {error}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Write { path: PathBuf, error: io::Error },

    #[error("`{url}` is too long for the disk{}", shown_size(*size))]
    #[diagnostic(help(
        "check whether the address is that of what is wanted; then free some space, as `fruix store gc` does, or build \
         in another place: --root DIR"
    ))]
    NoRoom {
        url: String,
        /// What the server says that it is.
        size: Option<u64>,
    },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Unpack(#[from] unpack::UnpackError),
}

fn shown_size(size: Option<u64>) -> String {
    size.map(|size| format!(": it has {size} bytes")).unwrap_or_default()
}

/// The file a `file://` address names, for those who have to make it visible to the builder.
pub fn local_file(url: &str) -> Option<&Path> {
    match Address::parse(url) {
        Ok(Address::File(path)) => Some(path),
        _ => None,
    }
}

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let url = context.required("url")?;
    let out = context.output("out")?;
    phase("fetch");
    if context.optional("unpack").is_some() {
        let archive = context.build_dir.join("archive");
        fetch_shown(url, &archive)?;
        phase("unpack");
        unpack::unpack(&archive, out).map_err(FetchError::from)?;
    } else {
        fetch_shown(url, out)?;
    }
    Ok(())
}

/// Writes what `url` names, as the sandbox shows it, to the file `to`.
fn fetch_shown(url: &str, to: &Path) -> Result<(), FetchError> {
    match (Address::parse(url)?, env::var_os(FILE_VARIABLE)) {
        (Address::File(path), Some(shown)) => copy(Path::new(&shown), to, path).map(drop),
        // Whoever stops a builder ends its process.
        _ => fetch(url, to, u64::MAX, &|news| eprintln!("{news}"), || false),
    }
}

/// Writes what `url` names, which has at most so many bytes, to the file `to`. `say` is told what goes on, and `give_up`
/// asked often whether the user has enough of it.
///
/// # Errors
/// It cannot be had, is longer, cannot be written, or the user has given up.
pub fn fetch(
    url: &str,
    to: &Path,
    most: u64,
    say: &dyn Fn(&str),
    give_up: fn() -> bool,
) -> Result<(), FetchError> {
    match Address::parse(url)? {
        Address::Web => download::download(url, to, Patience { most, give_up, ..Patience::USUAL }, say),
        // A file of this machine is as long as it is.
        Address::File(path) if copy(path, to, path)? > most => {
            Err(FetchError::TooLong { url: url.to_owned(), most })
        }
        Address::File(_) => Ok(()),
    }
}

/// Copies a file, which the user knows as `name`; gives its length.
fn copy(from: &Path, to: &Path, name: &Path) -> Result<u64, FetchError> {
    let unreadable = |error| FetchError::Open { path: name.to_owned(), error };
    let unwritable = |error| FetchError::Write { path: to.to_owned(), error };
    let mut from = File::open(from).map_err(unreadable)?;
    if from.metadata().map_err(unreadable)?.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    let mut to = File::create(to).map_err(unwritable)?;
    // Of the two files, the one that was there before is the less likely to fail.
    io::copy(&mut from, &mut to).map_err(unwritable)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use super::*;

    fn context(directory: &Path, url: &str) -> BuilderContext {
        let build_dir = directory.join("build");
        fs::create_dir_all(&build_dir).unwrap();
        BuilderContext {
            env: BTreeMap::from([("url".to_owned(), url.to_owned()), ("unpack".to_owned(), String::new())]),
            outputs: BTreeMap::from([("out".to_owned(), directory.join("out"))]),
            build_dir,
            cores: 1,
        }
    }

    #[test]
    fn a_local_file_is_copied() {
        let directory = tempfile::tempdir().unwrap();
        let from = directory.path().join("from");
        fs::write(&from, "text").unwrap();
        run(&context(directory.path(), &format!("file://{}", from.display()))).unwrap();
        assert_eq!(fs::read_to_string(directory.path().join("out")).unwrap(), "text");
    }

    #[test]
    fn what_cannot_be_fetched_is_named_with_the_reason() {
        let directory = tempfile::tempdir().unwrap();
        let message = |url: &str| run(&context(directory.path(), url)).unwrap_err().to_string();
        assert!(message("gopher://x").contains("scheme"));
        assert!(message("file://localhostx/y").contains("no file of this machine"));
        assert!(message("file:///nonexistent").contains("`/nonexistent`"));
        let directory = format!("file://{}", directory.path().display());
        assert!(message(&directory).contains("directory"));
    }
}
