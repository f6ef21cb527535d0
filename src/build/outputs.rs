//! What a builder left, before it may become store items.
//!
//! The builder is not trusted: it may leave nothing, too much, devices, setuid programs, or the path of a
//! source tree compiled into a binary.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    io::Read,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use crate::{
    content_address::Method,
    derivation::FixedOutput,
    hash::Sha256,
    nar::NarError,
    reference_scan::ReferenceScanner,
    store::{PathInfo, tree},
    store_path::StorePath,
    util::fs::{
        Anchor, FileKind, FsError, Operation, PathContext as _, Status, Visited, below, entries, visit,
    },
};

/// How much of a file is read at a time.
const BLOCK: usize = 1 << 17;

/// Why what a builder left does not become store items.
#[derive(Debug, Error, Diagnostic)]
pub enum OutputError {
    #[error("the builder succeeded, but made no output `{output}` at {path}")]
    #[diagnostic(help("a builder has to make each output its derivation names"))]
    Missing { output: String, path: StorePath },

    #[error("the builder left `{name}` in the store directory, which is none of its outputs")]
    #[diagnostic(help("a builder may write to its outputs, {build} and /tmp", build = super::sandbox::BUILD_DIR))]
    Undeclared { name: String },

    #[error("`{}` of output `{output}` is {what}", place.display())]
    #[diagnostic(help("the store holds plain files, directories and symlinks without special modes"))]
    Special { output: String, place: PathBuf, what: &'static str },

    #[error("output `{output}` refers to {reference}, which its derivation disallows: in `{}`", place.display())]
    #[diagnostic(help(
        "find out how the path came to be in that file, or move the file to an output that may refer to it"
    ))]
    Disallowed { output: String, reference: StorePath, place: PathBuf },

    #[error("the fetched {what} has another digest than declared:\n  wanted: {wanted}\n     got: {got}")]
    #[diagnostic(help("if you trust what the address gives now, declare the digest that was got"))]
    WrongDigest { what: &'static str, wanted: String, got: String },

    #[error("output `{output}` has a fixed digest of a file, but is {what}")]
    #[diagnostic(help("declare the digest of a tree (outputHashMode \"recursive\")"))]
    NotAFile { output: String, what: &'static str },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Nar(#[from] NarError),
}

/// Refuses a store directory that holds anything but the `expected` names.
pub fn check_names(store: &Path, expected: &BTreeSet<&str>) -> Result<(), OutputError> {
    let names: BTreeSet<OsString> =
        entries(store)?.map(|entry| Ok(entry?.file_name())).collect::<Result<_, FsError>>()?;
    match names.into_iter().find(|name| !name.to_str().is_some_and(|name| expected.contains(name))) {
        None => Ok(()),
        Some(name) => Err(OutputError::Undeclared { name: name.to_string_lossy().into_owned() }),
    }
}

/// Lets the owner list every directory and read every file of a tree, which a builder may have forbidden: whoever has no
/// other right could not look at it. Nothing outside of the tree is touched, whatever is done to the tree meanwhile.
pub fn make_readable(root: &Path) -> Result<(), OutputError> {
    visit(root, |Visited { directory, name, place, status }| {
        let needed = match status.kind {
            FileKind::Directory => 0o700,
            FileKind::File => 0o400,
            FileKind::Symlink | FileKind::Other(_) => return Ok(()),
        };
        if status.mode & needed != needed {
            let changed = directory.set_mode(name, status.mode | needed);
            changed.at_place(Operation::SetMode, || below(root, place))?;
        }
        Ok(())
    })
}

/// Refuses a tree that holds what a store item cannot. `root` is where the output lies.
pub fn check_kinds(output: &str, root: &Path) -> Result<(), OutputError> {
    visit(root, |Visited { place, status, .. }| match special(&status) {
        None => Ok(()),
        Some(what) => Err(OutputError::Special { output: output.to_owned(), place: shown(place), what }),
    })
}

/// Refuses an output that, once it was read whole, turns out to refer to one of `disallowed`, or not to be what its
/// derivation fixed.
pub fn check_sealed(
    output: &str,
    root: &Path,
    info: &PathInfo,
    fixed: Option<&FixedOutput>,
    disallowed: &BTreeSet<StorePath>,
) -> Result<(), OutputError> {
    if let Some(reference) = info.references.intersection(disallowed).next() {
        let place = place_of(reference, root)?;
        return Err(OutputError::Disallowed {
            output: output.to_owned(),
            reference: reference.clone(),
            place,
        });
    }
    match fixed {
        Some(fixed) if fixed.method == Method::Recursive && fixed.digest != info.nar_hash => {
            Err(wrong_digest("tree", fixed, info.nar_hash))
        }
        _ => Ok(()),
    }
}

/// The first file of the tree that names the item, relative to the tree, which itself is `.`.
fn place_of(reference: &StorePath, root: &Path) -> Result<PathBuf, OutputError> {
    let mut found = PathBuf::new();
    visit(root, |visited| {
        if found.as_os_str().is_empty() && names(&visited, reference, root)? {
            found = visited.place.to_owned();
        }
        Ok::<_, OutputError>(())
    })?;
    Ok(shown(&found))
}

/// Refuses an output whose contents are not what its derivation fixed.
pub fn check_digest(output: &str, path: &Path, fixed: &FixedOutput) -> Result<(), OutputError> {
    let (what, got) = match fixed.method {
        Method::Recursive => ("tree", tree::digest(path)?.nar_hash),
        Method::Flat => ("file", digest_of_file(output, path)?),
    };
    if got == fixed.digest {
        return Ok(());
    }
    Err(wrong_digest(what, fixed, got))
}

fn wrong_digest(what: &'static str, fixed: &FixedOutput, got: Sha256) -> OutputError {
    OutputError::WrongDigest { what, wanted: fixed.digest.sri(), got: got.sri() }
}

fn digest_of_file(output: &str, path: &Path) -> Result<Sha256, OutputError> {
    let anchor = Anchor::of(path)?;
    let status = anchor.status().at(Operation::Inspect, path)?;
    let not_a_file = match status.kind {
        FileKind::File if status.mode & 0o111 != 0 => Some("an executable file"),
        FileKind::File => None,
        FileKind::Directory => Some("a directory"),
        FileKind::Symlink => Some("a symlink"),
        FileKind::Other(what) => Some(what),
    };
    if let Some(what) = not_a_file {
        return Err(OutputError::NotAFile { output: output.to_owned(), what });
    }
    let (file, _) = anchor.directory.open_regular_file(&anchor.name).at(Operation::Open, path)?;
    Ok(Sha256::of_reader(file).at(Operation::Read, path)?)
}

/// What is wrong with something, if anything is.
fn special(status: &Status) -> Option<&'static str> {
    match status.kind {
        FileKind::Other(what) => Some(what),
        FileKind::File if status.mode & 0o4000 != 0 => Some("a setuid program"),
        FileKind::File if status.mode & 0o2000 != 0 => Some("a setgid program"),
        FileKind::File | FileKind::Directory | FileKind::Symlink => None,
    }
}

/// Whether something in the tree at `root` names the item: in its name, contents or target.
fn names(visited: &Visited<'_>, item: &StorePath, root: &Path) -> Result<bool, FsError> {
    let Visited { directory, name, place, status } = visited;
    let shown = || below(root, place);
    let mut scanner = ReferenceScanner::new([item.clone()]);
    // Its own name an output has from outside.
    if !place.as_os_str().is_empty() {
        scanner.update(name.as_bytes());
        // No reference spans two of these.
        scanner.update(b"\0");
    }
    match status.kind {
        FileKind::Symlink => {
            scanner.update(directory.read_link(name).at_place(Operation::Read, shown)?.as_bytes());
        }
        FileKind::File => {
            let (mut file, _) = directory.open_regular_file(name).at_place(Operation::Open, shown)?;
            let mut block = vec![0; BLOCK];
            loop {
                match file.read(&mut block).at_place(Operation::Read, shown)? {
                    0 => break,
                    length => scanner.update(&block[..length]),
                }
            }
        }
        FileKind::Directory | FileKind::Other(_) => {}
    }
    Ok(!scanner.finish().is_empty())
}

/// How the user knows what lies in an output: relative to that, which itself is `.`.
fn shown(place: &Path) -> PathBuf {
    let place = if place.as_os_str().is_empty() { Path::new(".") } else { place };
    place.to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn item(digit: char) -> StorePath {
        StorePath::from_base_name(&format!("{}-item", digit.to_string().repeat(32))).unwrap()
    }

    fn found_at(root: &Path) -> [PathBuf; 2] {
        ['a', 'b'].map(|digit| place_of(&item(digit), root).unwrap())
    }

    #[test]
    fn a_reference_is_found_in_contents_targets_and_names() {
        let directory = tempfile::tempdir().unwrap();
        // The output's own name is none that it refers to.
        let path = directory.path().join(item('a').base_name());
        let [nowhere, one, two, link] =
            [".", "bin/init", item('b').base_name(), "bin/link"].map(PathBuf::from);
        fs::create_dir_all(path.join("bin")).unwrap();
        fs::write(path.join("bin/ok"), format!("{}", item('c'))).unwrap();
        assert_eq!(found_at(&path), [nowhere.clone(), nowhere.clone()]);
        fs::write(path.join(&two), "").unwrap();
        assert_eq!(found_at(&path), [nowhere.clone(), two.clone()]);
        fs::remove_file(path.join(&two)).unwrap();
        symlink(item('b').to_string(), path.join(&link)).unwrap();
        assert_eq!(found_at(&path), [nowhere, link.clone()]);
        // Across two blocks.
        let mut text = vec![b'.'; BLOCK - 20];
        text.extend_from_slice(item('a').to_string().as_bytes());
        fs::write(path.join(&one), text).unwrap();
        assert_eq!(found_at(&path), [one, link]);
    }

    #[test]
    fn setuid_programs_and_pipes_are_refused_with_their_place() {
        let root = tempfile::tempdir().unwrap();
        let program = root.path().join("su");
        fs::write(&program, "").unwrap();
        check_kinds("out", root.path()).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o4755)).unwrap();
        let error = check_kinds("out", root.path()).unwrap_err();
        assert_eq!(error.to_string(), "`su` of output `out` is a setuid program");
        fs::remove_file(&program).unwrap();
        nix::unistd::mkfifo(&program, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let error = check_kinds("out", root.path()).unwrap_err();
        assert_eq!(error.to_string(), "`su` of output `out` is a named pipe");
    }

    #[test]
    fn a_link_that_took_the_place_of_a_file_meanwhile_is_not_read() {
        let directory = tempfile::tempdir().unwrap();
        let (file, outside) = (directory.path().join("file"), directory.path().join("outside"));
        fs::write(&outside, item('a').to_string()).unwrap();
        fs::write(&file, "").unwrap();
        let Anchor { directory: open, name } = Anchor::of(&file).unwrap();
        let status = open.status_of(&name).unwrap();
        fs::remove_file(&file).unwrap();
        symlink(&outside, &file).unwrap();
        let visited = Visited { directory: &open, name: &name, place: Path::new("file"), status };
        assert!(names(&visited, &item('a'), directory.path()).is_err());
    }

    #[test]
    fn what_a_builder_closed_is_opened_for_its_owner_alone() {
        let root = tempfile::tempdir().unwrap();
        let (closed, file) = (root.path().join("closed"), root.path().join("closed/file"));
        fs::create_dir(&closed).unwrap();
        fs::write(&file, "").unwrap();
        symlink("/nowhere", root.path().join("link")).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o4100)).unwrap();
        fs::set_permissions(&closed, Permissions::from_mode(0o300)).unwrap();
        make_readable(root.path()).unwrap();
        let mode = |path| fs::metadata(path).unwrap().mode() & 0o7777;
        assert_eq!((mode(&closed), mode(&file)), (0o700, 0o4500));
    }

    #[test]
    fn a_wrong_digest_shows_what_was_wanted_and_what_came() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        fs::write(&file, "text").unwrap();
        let fixed = |method, digest| FixedOutput { method, digest };
        check_digest("out", &file, &fixed(Method::Flat, Sha256::of("text"))).unwrap();
        check_digest("out", &file, &fixed(Method::Recursive, tree::digest(&file).unwrap().nar_hash)).unwrap();
        let error = check_digest("out", &file, &fixed(Method::Flat, Sha256::of("other"))).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains(&Sha256::of("text").sri()) && text.contains(&Sha256::of("other").sri()),
            "{text}"
        );
        let error = check_digest("out", root.path(), &fixed(Method::Flat, Sha256::of(""))).unwrap_err();
        assert!(matches!(error, OutputError::NotAFile { .. }));
    }
}
