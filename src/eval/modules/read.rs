//! Reading files that a user names, whatever they turn out to be.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::eval::problem::{Failure, Problem, SourceText};
use crate::eval::reader::Bytes;

/// Most bytes a file may have. Steel reads and compiles about 300 KB a second; declarations have some KB.
pub const MAX_FILE_BYTES: usize = 256 * 1024;

/// A path that is the same however one got there.
pub fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    path.canonicalize()
}

/// Why a file cannot be read, and what to do.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let help = match error.kind() {
        std::io::ErrorKind::NotFound => "check the path",
        std::io::ErrorKind::PermissionDenied => "check the permissions of the file and of its directories",
        _ => "give the path of a Scheme file",
    };
    Problem::new(format!("cannot read {}: {}", path.display(), plain(error))).help(help).into()
}

/// The operating system's words without Rust's "(os error N)".
pub fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

/// Refuses a text that is too long.
pub fn check_size(name: &str, bytes: usize) -> Result<(), Problem> {
    if bytes <= MAX_FILE_BYTES {
        return Ok(());
    }
    Err(Problem::new(format!("{name} has {bytes} bytes; a Scheme file may have {MAX_FILE_BYTES}"))
        .help("split it into modules, or keep large data in files of their own and use `local-file`"))
}

/// Why a file has no text.
pub enum ReadError {
    Io(std::io::Error),
    Problem(Problem),
    /// The bytes that are no UTF-8, in a text that has replacement characters there.
    NotText {
        text: String,
        at: Bytes,
    },
}

impl ReadError {
    /// `shown` is what messages call the file.
    pub fn into_failure(self, shown: &Path) -> Failure {
        match self {
            Self::Io(error) => unreadable(shown, &error),
            Self::Problem(problem) => problem.into(),
            Self::NotText { text, at } => {
                let name = shown.display().to_string();
                let problem = Problem::at(at, format!("{name} is not UTF-8 text"))
                    .label("these bytes are no character")
                    .help("save the file as UTF-8")
                    .in_file(0);
                Failure { problems: vec![problem], sources: vec![SourceText { name, text }] }
            }
        }
    }
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String, ReadError> {
    let metadata = fs::metadata(path).map_err(ReadError::Io)?;
    // A pipe or device might never end.
    if !metadata.is_file() {
        let problem = Problem::new(format!("{} is not a regular file", path.display()))
            .help("give the path of a Scheme file");
        return Err(ReadError::Problem(problem));
    }
    let file = File::open(path).map_err(ReadError::Io)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    if bytes.len() > MAX_FILE_BYTES {
        let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        check_size(&path.display().to_string(), size.max(bytes.len())).map_err(ReadError::Problem)?;
    }
    String::from_utf8(bytes).map_err(|error| {
        let start = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        ReadError::NotText { text, at: start..start + char::REPLACEMENT_CHARACTER.len_utf8() }
    })
}
