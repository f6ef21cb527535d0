//! What the root file system holds besides the store: directories of its own, and links into the current system.
//!
//! The manifest is applied twice: image assembly makes directories and links from it (`system::image`), and
//! activation makes whatever is missing, at every boot.

use std::path::Path;

use super::{
    SystemError,
    accounts::Accounts,
    manifest::{Entry, Kind, Manifest},
    profile::text,
    spec::Spec,
};
use crate::builders::freebsd::metalog::{self, Metalog};

/// Directories that every system has; the world may give the mode of some.
const DIRECTORIES: &[(&str, u32)] = &[
    ("boot", 0o755),
    ("boot/loader.conf.d", 0o755),
    ("boot/modules", 0o755),
    ("dev", 0o555),
    ("etc", 0o755),
    ("frx", 0o755),
    ("frx/etc", 0o755),
    ("frx/var", 0o755),
    ("frx/var/fruix", 0o755),
    ("frx/var/fruix/profiles", 0o755),
    ("home", 0o755),
    ("media", 0o755),
    ("mnt", 0o755),
    ("proc", 0o555),
    ("root", 0o750),
    ("run", 0o755),
    ("tmp", 0o1777),
    ("usr", 0o755),
    ("usr/local", 0o755),
    ("var", 0o755),
];

/// Links besides those into the profile.
const LINKS: &[(&str, &str)] = &[
    // The kernel that runs, where tools look for it.
    ("boot/kernel", "/run/booted-system/kernel/boot/kernel"),
    // loader.conf names the kernel absolutely, and freebsd-version(1) looks below /boot for whatever that says.
    ("boot/frx", "/frx"),
    // The first boot looks into fstab before there is a current system.
    ("etc/fstab", "/frx/var/fruix/profiles/system/etc/fstab"),
];

/// The manifest of the root.
pub fn manifest(
    spec: &Spec,
    shared_paths: &[String],
    metalog: &Metalog,
    accounts: &Accounts,
) -> Result<Manifest, SystemError> {
    let mut manifest = Manifest::default();
    for (path, mode) in DIRECTORIES {
        let entry = match metalog.get(Path::new(path)) {
            Some(entry) if entry.kind == metalog::Kind::Directory => of_metalog(entry, Kind::Directory),
            _ => Entry::directory(*mode),
        };
        manifest.insert(*path, entry);
    }
    for path in shared_paths {
        manifest.insert(path.clone(), Entry::link(format!("/run/current-system/profile/{path}")));
    }
    for (path, target) in LINKS {
        manifest.insert(*path, Entry::link(*target));
    }
    add_state_of_world(&mut manifest, &spec.world, metalog)?;
    for directory in &spec.directories {
        let unknown = |what: &'static str, name: &String| SystemError::DirectoryOwner {
            path: directory.path.clone(),
            what,
            name: name.clone(),
        };
        let uid = accounts.uid(&directory.owner).ok_or_else(|| unknown("user", &directory.owner))?;
        let gid = accounts.gid(&directory.group).ok_or_else(|| unknown("group", &directory.group))?;
        let mode =
            u32::from_str_radix(&directory.mode, 8).ok().filter(|mode| *mode <= 0o7777).ok_or_else(|| {
                SystemError::DirectoryMode { path: directory.path.clone(), mode: directory.mode.clone() }
            })?;
        let entry = Entry { uid, gid, ..Entry::directory(mode) };
        manifest.insert(directory.path.trim_start_matches('/'), entry);
    }
    Ok(manifest)
}

/// Adds the skeleton of `/var` and the files of root's home directory, as the world's METALOG has them.
fn add_state_of_world(manifest: &mut Manifest, world: &str, metalog: &Metalog) -> Result<(), SystemError> {
    for (path, entry) in metalog.entries() {
        let path = text(path)?;
        let is_state = path.starts_with("var/") || path.starts_with("root/");
        // Databases are made from the files of the current system; a copy would outlive them.
        if !is_state || path.ends_with(".db") {
            continue;
        }
        let kind = match &entry.kind {
            metalog::Kind::Directory => Kind::Directory,
            metalog::Kind::Symlink { target } => Kind::Link(text(Path::new(target))?.to_owned()),
            metalog::Kind::File | metalog::Kind::HardLink { .. } => Kind::Copy(format!("{world}/{path}")),
        };
        let mut entry = of_metalog(entry, kind);
        if path.starts_with("root/") && matches!(entry.kind, Kind::Copy(_)) {
            // The operator's own from then on. (The METALOG knows root's profile as a name of /.profile, too.)
            entry.mode = 0o644;
        }
        manifest.insert_absent(path, entry);
    }
    Ok(())
}

fn of_metalog(entry: &metalog::Entry, kind: Kind) -> Entry {
    Entry {
        kind,
        uid: entry.owner.id,
        gid: entry.group.id,
        mode: entry.mode,
        flags: entry.flags.iter().map(String::as_str).collect::<Vec<_>>().join(","),
    }
}
