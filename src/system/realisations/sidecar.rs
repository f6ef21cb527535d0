//! The files beside an image: written, read, and checked.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::{Declaration, Document, Image, RealisationsError, VERSION, beside, gather, signatures};
use crate::builders::image::Format;
use crate::hash::Sha256;
use crate::signature::{self, PublicKey, SecretKey, Signature};
use crate::store::StoreAccess;
use crate::store_path::StorePath;
use crate::util::fs::{
    FsError, Operation, PathContext as _, read, read_to_string, remove_file_if_there, write_atomic,
};

/// Writes the records of an image.
pub struct Writer<'a> {
    pub store: &'a dyn StoreAccess,
    pub system: &'a StorePath,
    pub declaration: Option<Declaration>,
    /// Signs what is written.
    pub key: Option<&'a SecretKey>,
}

impl Writer<'_> {
    /// Writes the records of all items of the system's closure to the file beside the image. A signature of what was
    /// there before goes.
    ///
    /// # Errors
    /// The store or the image cannot be read, or a file not be written.
    pub fn write_beside(self, image: &Path, format: Format) -> Result<PathBuf, RealisationsError> {
        let mut document = gather::document(self.store, self.system, self.declaration)?;
        if self.key.is_some() {
            document.image = Some(Image { format: format.name().to_owned(), sha256: digest(image)? });
        }
        let mut text = serde_json::to_vec_pretty(&document)
            .map_err(|source| RealisationsError::Json { system: self.system.clone(), source })?;
        text.push(b'\n');
        let file = beside(image);
        remove_file_if_there(&signatures(&file))?;
        write_atomic(&file, &text, false)?;
        if let Some(key) = self.key {
            write_atomic(&signatures(&file), format!("{}\n", key.sign(&text)).as_bytes(), false)?;
        }
        Ok(file)
    }
}

/// The records beside an image, as they were found: nothing vouches for them before they are checked.
#[derive(Debug)]
pub struct Sidecar {
    image: PathBuf,
    file: PathBuf,
    text: Vec<u8>,
    pub document: Document,
}

/// Who vouches for records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The name of the key.
    pub key: String,
}

impl Sidecar {
    /// Reads the records beside an image, if there are any.
    pub fn read(image: &Path) -> Result<Option<Self>, RealisationsError> {
        let file = beside(image);
        let text = match read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let format = |source| RealisationsError::Format { file: file.clone(), source };
        let value: serde_json::Value = serde_json::from_slice(&text).map_err(format)?;
        match value["version"].as_u64() {
            Some(found) if !(1..=u64::from(VERSION)).contains(&found) => {
                let found = u32::try_from(found).unwrap_or(u32::MAX);
                return Err(RealisationsError::Version { file, found });
            }
            _ => {}
        }
        let document = serde_json::from_value(value).map_err(format)?;
        Ok(Some(Self { image: image.to_owned(), file, text, document }))
    }

    /// The error that an image has none.
    pub fn missing(image: &Path) -> RealisationsError {
        RealisationsError::Missing { image: image.to_owned(), file: beside(image) }
    }

    /// Makes sure that a trusted key signed the records, and that they are about this image and the system in it.
    pub fn check(&self, system: &StorePath, trusted: &[PublicKey]) -> Result<Checked, RealisationsError> {
        let key = signature::check(&self.text, &self.signatures()?, trusted)
            .map_err(|source| RealisationsError::Signature { file: self.file.clone(), source })?;
        if self.document.system != *system {
            return Err(RealisationsError::OtherSystem {
                image: self.image.clone(),
                recorded: self.document.system.clone(),
                found: system.clone(),
            });
        }
        let Some(Image { sha256: recorded, .. }) = self.document.image else {
            return Err(RealisationsError::NoImage { image: self.image.clone() });
        };
        let found = digest(&self.image)?;
        match found == recorded {
            true => Ok(Checked { key: key.name().to_owned() }),
            false => Err(RealisationsError::OtherImage { image: self.image.clone(), recorded, found }),
        }
    }

    fn signatures(&self) -> Result<Vec<Signature>, RealisationsError> {
        let file = signatures(&self.file);
        let text = match read_to_string(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text?,
        };
        let read: Result<_, _> = text.lines().map(str::parse).collect();
        read.map_err(|source| RealisationsError::Spelling { file, source })
    }
}

/// The digest of a file.
fn digest(path: &Path) -> Result<Sha256, FsError> {
    File::open(path).and_then(Sha256::of_reader).at(Operation::Read, path)
}
