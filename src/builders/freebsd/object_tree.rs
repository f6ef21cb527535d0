//! What a build leaves must not name the object tree: it is gone when the build ends, and only a mistake of a
//! makefile (an absolute run path, a symlink into it) puts its path into something that is installed. Debugging
//! information is another matter: it tells where the sources and objects were.

use std::{
    ffi::OsStr,
    fs, io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use memchr::memmem::{self, Finder};
use miette::Diagnostic;
use thiserror::Error;

use super::{OBJECT_DIR, SOURCE_DIR};

/// The name, or the end of it, of the ELF section that every file with debugging information has.
const DEBUGGING_INFORMATION: &[u8] = b"debug_info\0";

/// Why an output is refused.
#[derive(Debug, Error, Diagnostic)]
pub enum ObjectTreeError {
    #[error("`{}` of the output `{output}` refers to the object tree of the build ({object_tree})", path.display())]
    #[diagnostic(help("mend the makefile that installs it: the directory exists only while it is built"))]
    Reference { path: PathBuf, output: String, object_tree: String },

    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help("see whether the disk fails"))]
    Read { path: PathBuf, source: io::Error },
}

/// Fails if a file or symlink of the output names the object tree of the source that is built. The directory of all
/// object trees may be named: the base's own tools have it as a default.
pub(super) fn check_output(output: &str, item: &Path) -> Result<(), ObjectTreeError> {
    let object_tree = format!("{OBJECT_DIR}{SOURCE_DIR}");
    let finder = Finder::new(&object_tree);
    match first_reference(item, &finder)? {
        None => Ok(()),
        Some(found) => {
            let path = found.strip_prefix(item).unwrap_or(&found).to_owned();
            Err(ObjectTreeError::Reference { path, output: output.to_owned(), object_tree })
        }
    }
}

fn first_reference(path: &Path, finder: &Finder) -> Result<Option<PathBuf>, ObjectTreeError> {
    let unreadable = |source| ObjectTreeError::Read { path: path.to_owned(), source };
    let kind = fs::symlink_metadata(path).map_err(unreadable)?.file_type();
    let names_it = |bytes: &[u8]| finder.find(bytes).is_some();
    let found = if kind.is_symlink() {
        names_it(OsStr::as_bytes(fs::read_link(path).map_err(unreadable)?.as_os_str()))
    } else if kind.is_dir() {
        for entry in fs::read_dir(path).map_err(unreadable)? {
            if let Some(found) = first_reference(&entry.map_err(unreadable)?.path(), finder)? {
                return Ok(Some(found));
            }
        }
        false
    } else {
        let contents = fs::read(path).map_err(unreadable)?;
        names_it(&contents) && memmem::find(&contents, DEBUGGING_INFORMATION).is_none()
    };
    Ok(found.then(|| path.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_path_into_the_object_tree_is_found_in_files_and_links() {
        let item = tempfile::tempdir().unwrap();
        fs::create_dir_all(item.path().join("usr/bin")).unwrap();
        fs::write(item.path().join("usr/bin/make"), "\0/usr/obj\0/usr/src\0").unwrap();
        let archive = "!<arch>\n\x7fELF\0/usr/obj/usr/src/amd64.amd64/lib/libtiny\0.debug_info\0.shstrtab\0";
        fs::write(item.path().join("usr/bin/libtiny.a"), archive).unwrap();
        check_output("out", item.path()).unwrap();
        fs::write(item.path().join("usr/bin/ld"), "\x7fELF\0/usr/obj/usr/src/amd64.amd64/tmp\0").unwrap();
        let error = check_output("out", item.path()).unwrap_err();
        assert!(error.to_string().contains("`usr/bin/ld` of the output `out`"), "{error}");
        fs::remove_file(item.path().join("usr/bin/ld")).unwrap();
        symlink("/usr/obj/usr/src/x", item.path().join("x")).unwrap();
        assert!(matches!(check_output("out", item.path()), Err(ObjectTreeError::Reference { .. })));
    }
}
