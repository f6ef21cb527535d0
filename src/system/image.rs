//! From a system closure to a disk: what the root file system and the EFI system partition hold.
//!
//! An image is a pure function of the closure and the [`Parameters`]. It is no store item, for a sparse disk of
//! many GiB has no business in a NAR; a cache keeps it under a key of both.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use miette::Diagnostic;
use thiserror::Error;

use super::description::{Description, DescriptionError};
use super::loader::{index, unit};
use crate::{
    builders::{
        image::{
            Content, DiskReport, DiskSize, DiskSpec, Format, FreeSpace, ImageError, Manner, Metadata, Seed,
            Tree, container::Blocks, disk, output,
        },
        system::{
            ROOT_MANIFEST, SystemError,
            manifest::{Kind, Manifest},
        },
    },
    hash::Sha256,
    store::{PathInfo, StoreError, preset_facts},
    store_path::StorePath,
    util::fs::create_dir_all,
};

/// Changes whenever the same closure and parameters give another image, so that caches do not keep old ones.
const VERSION: &str = "3";

/// Label of the root file system itself; the system finds its partition by the label that it declares.
const VOLUME_LABEL: &str = "fruix";

/// The time that the file systems say they were made at: that of everything in a store.
const TIME: u64 = 1;

/// What of the boot assets `/boot` has no link to: what the system writes or chooses.
const NOT_LINKED: &[&str] =
    &["efi", "firmware", "kernel", "loader.conf", "loader.conf.d", "loader.efi", "modules"];

/// The boot assets of the system that runs.
const RUNNING_ASSETS: &str = "/run/current-system/boot/assets/boot";

/// What an image depends on besides the closure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parameters {
    /// Size of the disk in bytes; `None` for what the closure needs, with free space.
    pub size: Option<u64>,
    /// What kind of file holds the disk, which is the same disk in all of them.
    pub format: Format,
}

/// A closure in a store.
#[derive(Debug)]
pub struct Closure<'a> {
    /// The system itself.
    pub system: &'a StorePath,
    /// The system and everything it refers to, with where each lies.
    pub items: Vec<(PathInfo, PathBuf)>,
}

/// Why no image could be made of a closure.
#[derive(Debug, Error, Diagnostic)]
pub enum SystemImageError {
    #[error("`{item}` is not in the closure of the system that needs it")]
    #[diagnostic(help("the store is damaged; `fruix store verify --check-contents` says more"))]
    NotInClosure { item: String },

    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help(
        "see that the path is a system closure; `fruix store verify --check-contents` finds damage"
    ))]
    Read { path: PathBuf, source: io::Error },

    #[error("no partition of an image carries the root file system `{device}`")]
    #[diagnostic(help(
        "an image has one partition for the root, found by its GPT label: declare the device as \
         \"/dev/gpt/LABEL\", with the type \"ufs\""
    ))]
    Root { device: String },

    #[error("the flag `{flag}` of `{path}` is not one that an image can set")]
    #[diagnostic(help("the closure is damaged, or was made by another version of fruix"))]
    Flag { path: String, flag: String },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Facts(#[from] StoreError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Description(#[from] DescriptionError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Manifest(#[from] SystemError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Image(#[from] ImageError),
}

/// The key of the disk: equal keys mean equal disks, whatever files hold them.
pub fn key(system: &StorePath, parameters: Parameters) -> Sha256 {
    let size = parameters.size.map(|size| size.to_string()).unwrap_or_default();
    Sha256::of(format!("fruix system image {VERSION}\n{system}\n{size}\n"))
}

/// When to give up writing.
pub type Interrupted<'a> = &'a (dyn Fn() -> bool + Sync);

/// Writes the image of the closure to `out`, in place of what is there.
pub fn write(
    closure: &Closure,
    parameters: Parameters,
    out: &Path,
    interrupted: Interrupted<'_>,
) -> Result<DiskReport, SystemImageError> {
    let manner = Manner { format: parameters.format, interrupted, ..Manner::default() };
    Ok(disk::write_as(&spec(closure, parameters)?, out, &manner)?)
}

/// The image of the closure among those in the directory `images`, written if it is not there, or not whole.
pub fn cached(
    closure: &Closure,
    parameters: Parameters,
    images: &Path,
    interrupted: Interrupted<'_>,
) -> Result<PathBuf, SystemImageError> {
    let key = key(closure.system, parameters).base32();
    let out = images.join(format!("{key}.{}", suffix(parameters.format)));
    match output::is_whole(&out) {
        Ok(true) => return Ok(out),
        Ok(false) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(SystemImageError::Read { path: out, source }),
    }
    create_dir_all(images)
        .map_err(|error| ImageError::Create { path: images.to_owned(), source: error.error })?;
    output::sweep(images).map_err(|source| ImageError::Create { path: images.to_owned(), source })?;
    let manner = Manner { format: parameters.format, durable: true, read_only: true, interrupted };
    disk::write_as(&spec(closure, parameters)?, &out, &manner)?;
    Ok(out)
}

/// What the names of images in the cache end in.
fn suffix(format: Format) -> &'static str {
    match format {
        Format::Raw => "img",
        Format::Vhd(Blocks::All) => "whole.vhd",
        other => other.name(),
    }
}

/// The disk that boots the closure.
pub fn spec(closure: &Closure, parameters: Parameters) -> Result<DiskSpec, SystemImageError> {
    let system = closure.physical(&closure.system.to_string())?;
    let description = Description::read(&system)?;
    let boot = Boot { physical: closure.physical(&description.boot)? };

    let mut root = Tree::new(Metadata::root(0o755));
    add_manifest(&mut root, &system.join(ROOT_MANIFEST))?;
    for (info, physical) in &closure.items {
        root.add_host(info.path.to_string(), physical)?;
        // The machine's own store knows its items by them.
        let (place, text) = preset_facts(info, TIME)?;
        root.add_file(place, Content::Bytes(text), Metadata::root(0o644))?;
    }
    add_profile(&mut root, closure.system)?;
    add_index(&mut root, closure.system, &description, &system)?;
    boot.add_unit(&mut root)?;
    boot.add_links(&mut root)?;

    Ok(DiskSpec {
        root,
        esp: boot.esp()?,
        size: parameters.size.map_or(DiskSize::Fit(FreeSpace::default()), DiskSize::Exact),
        partition_label: root_label(&description)?.to_owned(),
        volume_label: VOLUME_LABEL.to_owned(),
        seed: Seed::from_text(&key(closure.system, parameters).hex()),
        time: TIME as i64,
    })
}

impl Closure<'_> {
    /// Where the item with the absolute store path lies.
    fn physical(&self, item: &str) -> Result<PathBuf, SystemImageError> {
        self.items
            .iter()
            .find(|(info, _)| info.path.to_string() == item)
            .map(|(_, physical)| physical.clone())
            .ok_or_else(|| SystemImageError::NotInClosure { item: item.to_owned() })
    }
}

/// The GPT label of the partition of the root file system.
fn root_label(description: &Description) -> Result<&str, SystemImageError> {
    let root = description.root();
    let device = root.map_or("", |root| &root.device);
    root.filter(|root| root.kind == "ufs")
        .and_then(|root| root.device.strip_prefix("/dev/gpt/"))
        .ok_or_else(|| SystemImageError::Root { device: device.to_owned() })
}

/// The boot assets of a closure.
struct Boot {
    physical: PathBuf,
}

impl Boot {
    /// The loader's unit, with the script that leads to it.
    fn add_unit(&self, root: &mut Tree) -> Result<(), SystemImageError> {
        let directory = Path::new(unit::DIRECTORY).join(unit::FALLBACK);
        for name in unit::ASSETS {
            let asset = self.physical.join("boot").join(name);
            if asset.exists() {
                root.add_host(directory.join(name), asset)?;
            }
        }
        let entrance = [(Path::new("/boot"), &unit::ENTRANCE)];
        let own = unit::OWN_SCRIPTS.iter().map(|script| (directory.as_path(), script));
        for (directory, (name, text)) in entrance.into_iter().chain(own) {
            let content = Content::Bytes(text.as_bytes().to_vec());
            root.add_file(directory.join(unit::SCRIPTS).join(name), content, Metadata::root(0o444))?;
        }
        Ok(())
    }

    /// `/boot` is a directory of the system, which the loader reads before any link of the running system exists: what
    /// the loader reads is that of its unit, and `loader.conf` that of the current generation. The rest is there for
    /// programs of the running system.
    fn add_links(&self, root: &mut Tree) -> Result<(), SystemImageError> {
        let assets = self.physical.join("boot");
        let read = |source| SystemImageError::Read { path: assets.clone(), source };
        let unit = Path::new(unit::DIRECTORY).join(unit::FALLBACK);
        for entry in fs::read_dir(&assets).map_err(read)? {
            let name = entry.map_err(read)?.file_name();
            if name == unit::SCRIPTS || NOT_LINKED.iter().any(|other| name == *other) {
                continue;
            }
            let of_unit = unit::ASSETS.iter().any(|asset| name == *asset);
            let directory = if of_unit { &unit } else { Path::new(RUNNING_ASSETS) };
            root.add_symlink(Path::new("/boot").join(&name), directory.join(&name), Metadata::root(0o755))?;
        }
        let current = "/frx/var/fruix/profiles/system/boot/loader.conf";
        Ok(root.add_symlink("/boot/loader.conf", current, Metadata::root(0o755))?)
    }

    fn esp(&self) -> Result<Tree, SystemImageError> {
        let mut esp = Tree::new(Metadata::root(0o755));
        let loader = Content::host(self.physical.join("boot/loader.efi"))?;
        esp.add_file("/EFI/BOOT/BOOTX64.EFI", loader, Metadata::root(0o555))?;
        Ok(esp)
    }
}

/// Adds the closure as the first generation of the system.
fn add_profile(root: &mut Tree, system: &StorePath) -> Result<(), SystemImageError> {
    let profiles = Path::new("/frx/var/fruix/profiles");
    let link = Metadata::root(0o755);
    root.add_symlink(profiles.join("system-1-link"), system.to_string(), link)?;
    Ok(root.add_symlink(profiles.join("system"), "system-1-link", link)?)
}

/// Adds what the loader's menu says of the first generation.
fn add_index(
    root: &mut Tree,
    system: &StorePath,
    description: &Description,
    physical: &Path,
) -> Result<(), SystemImageError> {
    let made = SystemTime::UNIX_EPOCH + Duration::from_secs(TIME);
    let entry = index::Entry::new(1, made, system, description, physical);
    let text = Content::Bytes(index::text(Some(1), &[entry]).into_bytes());
    Ok(root.add_file(Path::new("/frx/var/fruix").join(index::FILE), text, Metadata::root(0o644))?)
}

/// Adds the directories and links that the closure wants at its root.
fn add_manifest(root: &mut Tree, manifest: &Path) -> Result<(), SystemImageError> {
    for (path, entry) in Manifest::parse(&read_text(manifest)?)?.entries() {
        let mut metadata = Metadata::root(0);
        metadata.uid = entry.uid;
        metadata.gid = entry.gid;
        // A manifest has no mode beyond the twelve bits.
        metadata.mode = (entry.mode & 0o7777) as u16;
        metadata.flags = flags(path, &entry.flags)?;
        let place = Path::new("/").join(path);
        match &entry.kind {
            Kind::Directory => root.add_directory(place, metadata)?,
            Kind::Link(target) => root.add_symlink(place, target, metadata)?,
            // Files are made by activation, from the store.
            Kind::Copy(_) => {}
        }
    }
    Ok(())
}

/// The number of `chflags(2)` for names separated by commas.
fn flags(path: &str, names: &str) -> Result<u32, SystemImageError> {
    names.split(',').filter(|name| !name.is_empty()).try_fold(0, |flags, name| {
        let flag = match name {
            "nodump" => 0x1,
            "uchg" => 0x2,
            "uappnd" => 0x4,
            "uunlnk" => 0x10,
            "uarch" => 0x800,
            "schg" => 0x2_0000,
            "sappnd" => 0x4_0000,
            "sunlnk" => 0x10_0000,
            flag => return Err(SystemImageError::Flag { path: path.to_owned(), flag: flag.to_owned() }),
        };
        Ok(flags | flag)
    })
}

fn read_text(path: &Path) -> Result<String, SystemImageError> {
    fs::read_to_string(path).map_err(|source| SystemImageError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
