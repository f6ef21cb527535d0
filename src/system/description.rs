//! What a system closure says of itself: `parameters.json`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::builders::system::{PARAMETERS_VERSION, spec::FileSystem};

/// Where it lies in a closure.
const FILE: &str = "parameters.json";

/// What tools need to know of a system.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// Version of the format.
    pub version: u32,
    /// What a boot menu and lists of generations call it.
    pub label: String,
    pub host_name: String,
    pub timezone: String,
    /// The directory of the kernel and its modules, below an item.
    pub kernel: String,
    /// The item with programs and libraries.
    pub world: String,
    /// The item with the loader and its files.
    pub boot: String,
    /// The settings of `loader.conf`, those that the closure makes itself among them.
    pub loader: Vec<(String, String)>,
    pub file_systems: Vec<FileSystem>,
    /// The names of the declared services.
    #[serde(default)]
    pub services: Vec<String>,
}

/// What every version has.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// Why an item cannot be taken for a system.
#[derive(Debug, Error, Diagnostic)]
pub enum DescriptionError {
    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help(
        "see that the path is a system closure; `fruix store verify --check-contents` finds damage"
    ))]
    Read { path: PathBuf, source: io::Error },

    #[error("`{}` is not the description of a system: {source}", path.display())]
    #[diagnostic(help("the closure is damaged, or was made by another version of fruix"))]
    Format { path: PathBuf, source: serde_json::Error },

    #[error("`{}` has version {found} of the format", path.display())]
    #[diagnostic(help("this fruix reads version {PARAMETERS_VERSION}; build the system with it"))]
    Version { path: PathBuf, found: u32 },
}

impl Description {
    /// Reads that of the closure at `system`.
    pub fn read(system: &Path) -> Result<Self, DescriptionError> {
        let path = system.join(FILE);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(source) => return Err(DescriptionError::Read { path, source }),
        };
        // Another version may have other fields.
        let version = serde_json::from_slice(&text).map(|Versioned { version }| version);
        let description = match version {
            Ok(PARAMETERS_VERSION) => serde_json::from_slice(&text),
            Ok(found) => return Err(DescriptionError::Version { path, found }),
            Err(error) => Err(error),
        };
        description.map_err(|source| DescriptionError::Format { path, source })
    }

    /// What mounts the root file system.
    pub fn root(&self) -> Option<&FileSystem> {
        self.file_systems.iter().find(|file_system| file_system.mount_point == "/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_system_is_told_from_what_is_too_new() {
        let directory = tempfile::tempdir().unwrap();
        let read = || Description::read(directory.path()).unwrap_err();
        assert!(matches!(read(), DescriptionError::Read { .. }));
        fs::write(directory.path().join(FILE), "{}").unwrap();
        assert!(matches!(read(), DescriptionError::Format { .. }));
        fs::write(directory.path().join(FILE), r#"{"version": 99}"#).unwrap();
        assert!(matches!(read(), DescriptionError::Version { found: 99, .. }));
    }
}
