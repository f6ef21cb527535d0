//! Reading files that a user names, whatever they turn out to be.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::eval::code::Code;
use crate::eval::problem::{Failure, Problem, SourceText};
use crate::eval::reader::Bytes;

/// Most bytes a file may have. Steel reads and compiles about 300 KB a second; declarations have some KB.
pub const MAX_FILE_BYTES: usize = 256 * 1024;

const SCHEME_FILE: &str = "give the path of a Scheme file";

/// A file with a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// The path that is the same however one got there.
    pub path: PathBuf,
    pub text: String,
}

/// Why a file has no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadError {
    /// The system does not let it be read.
    System {
        reason: String,
        help: String,
    },
    /// It is a directory, a pipe, a device.
    NotRegular,
    /// It is called something else than Scheme, and none of its text shall be shown.
    NotScheme,
    TooLong {
        bytes: usize,
    },
    /// The bytes that are no UTF-8, in a text that has replacement characters there.
    NotText {
        text: String,
        at: Bytes,
    },
}

impl ReadError {
    fn system(error: &std::io::Error) -> Self {
        let help = match error.kind() {
            ErrorKind::NotFound => "check the path",
            ErrorKind::PermissionDenied => "check the permissions of the file and of its directories",
            _ => SCHEME_FILE,
        };
        let text = error.to_string();
        // Without Rust's "(os error N)".
        let reason = text.split(" (os error").next().unwrap_or(&text).to_lowercase();
        Self::System { reason, help: help.into() }
    }

    /// `shown` is what messages call the file.
    pub fn into_failure(self, shown: &Path) -> Failure {
        let name = shown.display().to_string();
        match self {
            Self::System { reason, help } => {
                Problem::new(Code::UnreadableFile, format!("cannot read {name}: {reason}")).help(help).into()
            }
            Self::NotRegular => Problem::new(Code::UnreadableFile, format!("{name} is not a regular file"))
                .help(SCHEME_FILE)
                .into(),
            Self::NotScheme => Problem::new(
                Code::UnreadableFile,
                format!("{name} leads to a file whose name does not end with .scm"),
            )
            .help("a module is a file of its own, or a link to one")
            .into(),
            Self::TooLong { bytes } => too_long(&name, bytes).into(),
            Self::NotText { text, at } => {
                let problem = Problem::at(Code::UnreadableFile, at, format!("{name} is not UTF-8 text"))
                    .label("these bytes are no character")
                    .help("save the file as UTF-8")
                    .in_file(0);
                Failure { problems: vec![problem], sources: vec![SourceText { name, text }] }
            }
        }
    }
}

/// Refuses a text that is too long.
pub fn check_size(name: &str, bytes: usize) -> Result<(), Problem> {
    if bytes <= MAX_FILE_BYTES { Ok(()) } else { Err(too_long(name, bytes)) }
}

fn too_long(name: &str, bytes: usize) -> Problem {
    Problem::new(
        Code::UnreadableFile,
        format!("{name} has {bytes} bytes; a Scheme file may have {MAX_FILE_BYTES}"),
    )
    .help("split it into modules, or keep large data in files of their own and use `local-file`")
}

/// The module at a path, if there is one. It may be reached by links, but not one that hides what it is.
///
/// # Errors
/// It is there and cannot be read.
pub fn source(path: &Path) -> Result<Option<SourceFile>, ReadError> {
    if !path.is_file() {
        return Ok(None);
    }
    let file = read(path)?;
    if file.path.extension().is_some_and(|extension| extension == "scm") {
        Ok(Some(file))
    } else {
        Err(ReadError::NotScheme)
    }
}

/// The file that a user names.
///
/// # Errors
/// It cannot be read, or is no text.
pub fn read(path: &Path) -> Result<SourceFile, ReadError> {
    let path = path.canonicalize().map_err(|error| ReadError::system(&error))?;
    let metadata = fs::metadata(&path).map_err(|error| ReadError::system(&error))?;
    // A pipe or device might never end.
    if !metadata.is_file() {
        return Err(ReadError::NotRegular);
    }
    let mut bytes = Vec::new();
    let file = File::open(&path).map_err(|error| ReadError::system(&error))?;
    file.take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| ReadError::system(&error))?;
    if bytes.len() > MAX_FILE_BYTES {
        let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        return Err(ReadError::TooLong { bytes: size.max(bytes.len()) });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let start = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        ReadError::NotText { text, at: start..start + char::REPLACEMENT_CHARACTER.len_utf8() }
    })?;
    Ok(SourceFile { path, text })
}
