//! Keys in files: what signs here, and whose signatures count.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::signature::{PublicKey, SecretKey, SpellingError};
use crate::util::fs::{FsError, Operation, OutFile, read_to_string, sync};

/// Only the owner of a secret may read it.
const SECRET_MODE: u32 = 0o600;

/// Why a key cannot be had.
#[derive(Debug, Error, Diagnostic)]
pub enum KeyError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
    #[error("there is something at `{}` already", path.display())]
    #[diagnostic(help("what a key has signed can be checked only with that key: choose another file"))]
    Exists { path: PathBuf },
    #[error("cannot get random bytes from the system: {reason}")]
    Random { reason: String },
    #[error("`{}` holds no key that can be used", path.display())]
    #[diagnostic(help("`fruix key generate` makes one"))]
    File {
        path: PathBuf,
        #[source]
        #[diagnostic_source]
        source: SpellingError,
    },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Spelling(#[from] SpellingError),
}

/// Makes a secret key that nobody else knows, keeps it in `file`, which must not be there, and gives its public key.
pub fn generate(name: &str, file: &Path) -> Result<PublicKey, KeyError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| KeyError::Random { reason: error.to_string() })?;
    let key = SecretKey::from_seed(name, &seed)?;
    let mut out = match OutFile::create_new(file, SECRET_MODE) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(KeyError::Exists { path: file.to_owned() });
        }
        out => out?,
    };
    let failed = |error| FsError::new(Operation::Write, file, error);
    out.write_all(format!("{}\n", key.secret_text()).as_bytes()).map_err(failed)?;
    sync(out.file()).map_err(failed)?;
    Ok(key.public())
}

/// The secret key in a file.
pub fn secret(file: &Path) -> Result<SecretKey, KeyError> {
    let text = read_to_string(file)?;
    text.parse().map_err(|source| KeyError::File { path: file.to_owned(), source })
}

/// The public keys that words stand for: each is a key itself, or a file with a key on each line.
pub fn trusted(words: &[String]) -> Result<Vec<PublicKey>, KeyError> {
    let mut keys = Vec::new();
    for word in words {
        match word.parse::<PublicKey>() {
            Ok(key) => keys.push(key),
            // A path may hold a `:` too.
            Err(error) if word.contains(':') && !Path::new(word).exists() => return Err(error.into()),
            Err(_) => keys.extend(in_file(Path::new(word))?),
        }
    }
    Ok(keys)
}

fn in_file(file: &Path) -> Result<Vec<PublicKey>, KeyError> {
    let text = read_to_string(file)?;
    let keys: Result<Vec<_>, _> =
        text.lines().filter(|line| !line.trim().is_empty()).map(str::parse).collect();
    keys.map_err(|source| KeyError::File { path: file.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn a_secret_is_its_owners_and_is_never_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        let public = generate("here", &file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        assert_eq!(secret(&file).unwrap().public(), public);
        assert!(matches!(generate("here", &file), Err(KeyError::Exists { .. })));
        assert_eq!(secret(&file).unwrap().public(), public);
        assert_ne!(generate("here", &directory.path().join("other")).unwrap(), public);
        let bad = directory.path().join("bad");
        assert!(generate("a key", &bad).is_err() && !bad.exists());
    }

    #[test]
    fn public_keys_are_words_or_lie_in_files() {
        let directory = tempfile::tempdir().unwrap();
        let key = |name| generate(name, &directory.path().join(name)).unwrap();
        let keys = [key("a"), key("b"), key("c")];
        let file = directory.path().join("trusted:keys");
        fs::write(&file, format!("{}\n\n{}\n", keys[1], keys[2])).unwrap();
        let words = [keys[0].to_string(), file.display().to_string()];
        assert_eq!(trusted(&words).unwrap(), keys);
        assert!(matches!(trusted(&["a:AAAA".to_owned()]), Err(KeyError::Spelling(_))));
        assert!(matches!(trusted(&["/nowhere".to_owned()]), Err(KeyError::Fs(_))));
        // The secret key given for the public one.
        let secret = directory.path().join("a").display().to_string();
        assert!(matches!(trusted(&[secret]), Err(KeyError::File { .. })));
    }
}
