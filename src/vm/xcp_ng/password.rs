//! The password of the pool: never on a command line, where every user of the machine could read it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::{env, fmt, fs};

use super::XcpError;

/// The variable of the environment that holds it, unless a file does.
pub const VARIABLE: &str = "FRUIX_XCP_NG_PASSWORD";

/// A password. It is shown nowhere.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// The first line of the file, which nobody but its owner may read; without a file, the environment's.
    pub fn find(file: Option<&Path>) -> Result<Self, XcpError> {
        let Some(path) = file else {
            let value = env::var(VARIABLE).ok().filter(|value| !value.is_empty());
            return value.map(Self).ok_or(XcpError::NoPassword);
        };
        let failed = |source| XcpError::PasswordFile { path: path.to_owned(), source };
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(XcpError::OpenPasswordFile { path: path.to_owned(), mode });
        }
        let text = fs::read_to_string(path).map_err(failed)?;
        match text.lines().next() {
            Some(line) if !line.is_empty() => Ok(Self(line.to_owned())),
            _ => Err(XcpError::EmptyPasswordFile { path: path.to_owned() }),
        }
    }

    /// What is told to the pool.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_its_owners_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("password");
        let set = |text: &str, mode| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            Password::find(Some(&path))
        };
        let password = set("secret words\nother\n", 0o600).unwrap();
        assert_eq!(password.reveal(), "secret words");
        assert!(!format!("{password:?}").contains("secret"));
        assert!(matches!(set("\n", 0o600), Err(XcpError::EmptyPasswordFile { .. })));
        assert!(matches!(set("secret", 0o640), Err(XcpError::OpenPasswordFile { mode: 0o640, .. })));
    }
}
