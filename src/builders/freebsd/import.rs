//! Taking an installed FreeBSD as it is: a copy in the form of a store item, with a METALOG.
//!
//! Runs before there is a derivation, on a directory that a declaration names: the result of an unprivileged
//! install, with the METALOG it wrote; unpacked distribution sets; or the root of a machine. Of the last,
//! secrets, the machine's identity and what belongs to its users stay out ([`is_base`]).

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

pub use super::installed::{InstalledError, Slice};
use super::{
    item::{self, ItemError},
    metalog::{self, Accounts, Attributes, Metalog, MetalogError},
};

/// Why a tree could not be taken.
#[derive(Debug, Error, Diagnostic)]
pub enum ImportError {
    #[error("`{}` is not an installed FreeBSD, or has no {slice}: there is no `{missing}`", path.display())]
    #[diagnostic(help("name the root of an installed tree, such as the DESTDIR of `make installworld`"))]
    NotInstalled { path: PathBuf, slice: &'static str, missing: &'static str },

    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help("see that it exists and that you may read it"))]
    Read { path: PathBuf, source: io::Error },

    #[error("cannot write `{}`: {source}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Write { path: PathBuf, source: io::Error },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Metalog(#[from] MetalogError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Item(#[from] ItemError),
}

/// Changes when the same tree gives another item, so that what was taken before is not remembered for it.
pub const FORMAT: &str = "2";

/// The account file that also holds password hashes.
const PASSWORDS: &str = "etc/master.passwd";

/// Whether there is such a slice to be taken.
pub fn check(tree: &Path, slice: Slice) -> Result<(), ImportError> {
    fs::metadata(tree).map_err(|source| ImportError::Read { path: tree.to_owned(), source })?;
    let missing = slice.witness();
    match fs::symlink_metadata(tree.join(missing)) {
        Ok(_) => Ok(()),
        Err(_) => Err(ImportError::NotInstalled { path: tree.to_owned(), slice: slice.name(), missing }),
    }
}

/// Copies a slice of the installed tree to the new directory `item`, and gives its METALOG, which is there as well.
pub fn import(tree: &Path, slice: Slice, item: &Path) -> Result<Metalog, ImportError> {
    check(tree, slice)?;
    let accounts = Accounts::of_trees(&[tree])?;
    let log = read_log(tree)?;
    let attributes = log.as_deref().map_or(Attributes::Disk, Attributes::Log);
    let metalog = Metalog::of_tree(tree, attributes, &accounts, &selection(tree, slice))?;
    // Without directories that were only passed through.
    let metalog = metalog.subset(|path, _| slice.has(path));
    // Nobody else may look until the passwords are gone.
    fs::DirBuilder::new()
        .mode(0o700)
        .create(item)
        .map_err(|source| ImportError::Write { path: item.to_owned(), source })?;
    item::write(tree, &metalog, item)?;
    if metalog.get(Path::new(PASSWORDS)).is_some() {
        remove_passwords(&item.join(PASSWORDS))?;
    }
    Ok(metalog)
}

/// Which paths, relative to the top, are looked at for a slice; what is below one that is not is not either. An
/// unprivileged install holds nothing else; of a machine's root only the base is taken.
pub fn selection(tree: &Path, slice: Slice) -> impl Fn(&Path) -> bool + '_ {
    let is_install = fs::symlink_metadata(tree.join(metalog::FILE_NAME)).is_ok();
    let is_directory = |path: &Path| fs::symlink_metadata(tree.join(path)).is_ok_and(|found| found.is_dir());
    move |path| {
        (slice.has(path) || slice.leads_into(path) && is_directory(path))
            && (is_install || is_base(tree, path))
    }
}

/// The METALOG of an unprivileged install, if the tree comes from one.
fn read_log(tree: &Path) -> Result<Option<Vec<u8>>, ImportError> {
    let path = tree.join(metalog::FILE_NAME);
    match fs::read(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ImportError::Read { path, source }),
    }
}

/// Whether a path of a running machine belongs to the base system, and may be read by all who can read the
/// store.
fn is_base(tree: &Path, path: &Path) -> bool {
    /// Of these only the directory itself is the base's.
    const CONTENTS_ARE_FOREIGN: [&str; 15] = [
        "compat",
        "dev",
        "home",
        "media",
        "mnt",
        "net",
        "proc",
        "root",
        "run",
        "tmp",
        "usr/home",
        "usr/local",
        "usr/obj",
        "usr/ports",
        "usr/src",
    ];
    /// What makes a machine this one machine, and databases made from other files.
    const MACHINE: [&str; 9] = [
        ".snap",
        // The journal of a file system with soft updates: 32 MiB that every write changes.
        ".sujournal",
        "entropy",
        "etc/hostid",
        "etc/machine-id",
        "etc/pwd.db",
        "etc/spwd.db",
        "boot/entropy",
        "boot/efi",
    ];
    let is_below = |directory: &&str| path.starts_with(directory) && path != Path::new(directory);
    if path.starts_with("frx")
        || MACHINE.iter().any(|name| path == Path::new(name))
        || CONTENTS_ARE_FOREIGN.iter().any(is_below)
    {
        return false;
    }
    if is_other_kernel(tree, path) {
        return false;
    }
    // What cannot be examined here fails when it is copied, with a message of its own.
    let Ok(metadata) = fs::symlink_metadata(tree.join(path)) else { return true };
    if path.starts_with("var") {
        return metadata.is_dir() && path.components().count() <= 3;
    }
    let is_private = metadata.is_file() && metadata.mode() & 0o004 == 0;
    !(path.starts_with("etc") && is_private && path != Path::new(PASSWORDS))
}

/// Whether the path is the directory of a kernel that is not the installed one: `boot/kernel.old`, `boot/TEST`.
fn is_other_kernel(tree: &Path, path: &Path) -> bool {
    path.parent() == Some(Path::new("boot"))
        && path != Path::new("boot/kernel")
        && fs::symlink_metadata(tree.join(path).join("kernel")).is_ok_and(|kernel| kernel.is_file())
}

/// Replaces every password hash by `*`, which fits no password. An empty field, as FreeBSD ships it, stays.
fn remove_passwords(path: &Path) -> Result<(), ImportError> {
    let text = fs::read(path).map_err(|source| ImportError::Read { path: path.to_owned(), source })?;
    let lines = text.split_inclusive(|&byte| byte == b'\n').map(without_password);
    fs::write(path, lines.collect::<Vec<_>>().concat())
        .map_err(|source| ImportError::Write { path: path.to_owned(), source })
}

fn without_password(line: &[u8]) -> Vec<u8> {
    let fields: Vec<&[u8]> = line.split(|&byte| byte == b':').collect();
    match fields[..] {
        [name, password, _, ..] if !name.starts_with(b"#") && !password.is_empty() => {
            let mut fields = fields;
            fields[1] = b"*";
            fields.join(&b':')
        }
        _ => line.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn tree(files: &[(&str, u32)]) -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        for (path, mode) in files.iter().chain(&[("bin/freebsd-version", 0o755), ("sbin/init", 0o755)]) {
            let path = tree.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        tree
    }

    #[test]
    fn a_machine_gives_its_base_and_keeps_its_secrets() {
        let tree = tree(&[
            ("bin/sh", 0o755),
            ("etc/rc", 0o644),
            ("etc/master.passwd", 0o600),
            ("etc/ssh/ssh_host_ed25519_key", 0o600),
            ("etc/spwd.db", 0o600),
            ("etc/hostid", 0o644),
            ("home/me/notes", 0o644),
            ("usr/local/bin/bash", 0o755),
            ("var/db/secret", 0o644),
            ("usr/bin/su", 0o4555),
            (".sujournal", 0o400),
            ("boot/kernel/kernel", 0o555),
            ("boot/kernel.old/kernel", 0o555),
        ]);
        let fifo = tree.path().join("var/fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let passwords =
            "# $1$\nroot:$6$hash:0:0::0:0:r:/root:/bin/sh\ntoor:*:0:0::0:0::/root:\nempty::1:1::0:0::/:\n";
        fs::write(tree.path().join(PASSWORDS), passwords).unwrap();
        let item = tree.path().join("home/item");
        let metalog = import(tree.path(), Slice::All, &item).unwrap();
        let files: Vec<_> = metalog
            .entries()
            .filter(|(_, entry)| entry.kind == metalog::Kind::File)
            .map(|(path, _)| path.to_str().unwrap())
            .collect();
        assert_eq!(
            files,
            [
                "bin/freebsd-version",
                "bin/sh",
                "boot/kernel/kernel",
                "etc/master.passwd",
                "etc/rc",
                "sbin/init",
                "usr/bin/su"
            ]
        );
        assert_eq!(metalog.get(Path::new("usr/bin/su")).unwrap().mode, 0o4555);
        assert!(item.join("var/db").is_dir() && item.join("home").is_dir());
        assert_eq!(
            fs::read_to_string(item.join(PASSWORDS)).unwrap(),
            passwords.replace("$6$hash", "*"),
            "no hash enters the store"
        );
        assert_eq!(Metalog::of_item(&item).unwrap(), metalog);
    }

    #[test]
    fn an_unprivileged_install_is_taken_whole() {
        let tree = tree(&[("etc/ppp.conf", 0o600), ("var/yp/Makefile", 0o644)]);
        fs::write(tree.path().join("METALOG"), "./etc/ppp.conf type=file uname=root gname=wheel mode=0600\n")
            .unwrap();
        let item = tempfile::tempdir().unwrap();
        let metalog = import(tree.path(), Slice::All, &item.path().join("item")).unwrap();
        assert_eq!(metalog.get(Path::new("etc/ppp.conf")).unwrap().mode, 0o600);
        assert!(metalog.get(Path::new("var/yp/Makefile")).is_some());
    }

    #[test]
    fn a_slice_is_taken_without_looking_at_the_rest() {
        let tree = tree(&[("boot/kernel/kernel", 0o555), ("boot/loader.efi", 0o444), ("etc/rc", 0o644)]);
        // What no item can hold ends the taking of whatever it is part of.
        nix::unistd::mkfifo(&tree.path().join("usr"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let item = tempfile::tempdir().unwrap();
        let metalog = import(tree.path(), Slice::Kernel, &item.path().join("kernel")).unwrap();
        let paths: Vec<_> = metalog.entries().map(|(path, _)| path.to_str().unwrap()).collect();
        assert_eq!(paths, ["", "boot", "boot/kernel", "boot/kernel/kernel"]);
        assert!(import(tree.path(), Slice::Userland, &item.path().join("userland")).is_err());
        let error = import(tree.path(), Slice::Libraries, &item.path().join("libraries")).unwrap_err();
        assert!(error.to_string().contains("has no libraries: there is no `libexec/ld-elf.so.1`"), "{error}");
    }

    #[test]
    fn what_is_not_installed_is_refused() {
        let empty = tempfile::tempdir().unwrap();
        let error = import(empty.path(), Slice::All, &empty.path().join("item")).unwrap_err();
        assert!(matches!(error, ImportError::NotInstalled { .. }));
    }
}
