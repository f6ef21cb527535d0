//! Where images come from. The file that one is kept in is of use to this program alone, and made anew when it is not right.

use std::path::Path;
use std::sync::OnceLock;

use bincode::Options as _;

use super::Image;
use super::record::record;
use crate::hash::Sha256;
use crate::util::fs::{self, FsError};

/// Changes with everything that is part of this program.
const BUILD: &str = env!("FRUIX_BUILD");

/// The image in a file; one that is made, and kept if it can be, where there is none of this program. `None` where the
/// interpreter is not the one that images are for.
pub fn open(path: &Path) -> Option<Image> {
    if let Some(image) = fs::read(path).ok().and_then(|bytes| parse(&bytes)) {
        return Some(image);
    }
    let bytes = made()?;
    if let Err(error) = keep(path, &bytes) {
        tracing::debug!("the image is not kept: {error}");
    }
    format().deserialize(&bytes).ok()
}

/// The image of this process, for evaluations in it.
pub fn shared() -> Option<Image> {
    static IMAGE: OnceLock<Option<Vec<u8>>> = OnceLock::new();
    format().deserialize(IMAGE.get_or_init(made).as_ref()?).ok()
}

fn made() -> Option<Vec<u8>> {
    let image = record().inspect_err(|error| tracing::warn!("cannot make an image: {error}")).ok()?;
    format().serialize(&image).ok()
}

/// Most numbers are small.
fn format() -> impl bincode::Options {
    bincode::options()
}

fn parse(bytes: &[u8]) -> Option<Image> {
    let (digest, image) = bytes.split_at_checked(Sha256::LEN)?;
    if digest_of(image).as_bytes() != digest {
        return None;
    }
    format().deserialize(image).ok()
}

fn keep(path: &Path, image: &[u8]) -> Result<(), FsError> {
    fs::create_dir_all(fs::directory_of(path))?;
    fs::write_atomic(path, &[digest_of(image).as_bytes().as_slice(), image].concat(), false)
}

/// Of the image and of the program that made it.
fn digest_of(image: &[u8]) -> Sha256 {
    Sha256::of([BUILD.as_bytes(), image].concat())
}
