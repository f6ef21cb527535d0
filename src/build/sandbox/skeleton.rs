//! The directories and files that a sandbox is made of, laid out on disk beforehand.
//!
//! ```text
//! DIR/root      becomes `/`, read-only: empty directories and files to mount on, a few files in etc
//! DIR/store     `/frx/store`: mount points for the inputs, and where the outputs appear
//! DIR/build     `/build`        DIR/tmp  `/tmp`        DIR/obj  `/usr/obj`
//! ```
//!
//! On disk rather than in memory, because object trees are gigabytes, and beside the store, because outputs
//! move there by renaming.

use std::{
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use super::{BUILD_DIR, Bind};
use crate::sys::{Access, Network};

/// Where FreeBSD's sources appear: FreeBSD compiles the path into its binaries.
pub const SOURCE_DIR: &str = "usr/src";
/// Where FreeBSD's objects go, for the same reason.
pub const OBJECT_DIR: &str = "usr/obj";

/// The devices a build sees.
const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];

/// Where programs look for a device, and the descriptor they mean.
const DEVICE_LINKS: [(&str, &str); 4] = [
    ("dev/fd", "/proc/self/fd"),
    ("dev/stdin", "/proc/self/fd/0"),
    ("dev/stdout", "/proc/self/fd/1"),
    ("dev/stderr", "/proc/self/fd/2"),
];

/// What a builder learns about users and hosts: the same on every machine.
const FILES: [(&str, &str); 3] = [
    (
        "etc/passwd",
        "root:x:0:0:root:/build:/noshell\n\
         fruix:x:1000:100:fruix build user:/build:/noshell\n\
         nobody:x:65534:65534:nobody:/:/noshell\n",
    ),
    ("etc/group", "root:x:0:\nusers:x:100:\nnogroup:x:65534:\n"),
    ("etc/hosts", "127.0.0.1 localhost\n::1 localhost\n"),
];

/// What a fixed-output build sees of the machine, as far as it is there.
const NETWORK_FILES: [&str; 4] = ["etc/resolv.conf", "etc/hosts", "etc/services", "etc/ssl"];

/// What a tool chain holds beside the trees it stands for.
const NOT_SHOWN: [&str; 1] = ["MANIFEST.json"];

/// Why the sandbox could not be laid out.
#[derive(Debug, Error, Diagnostic)]
pub enum SkeletonError {
    #[error("cannot {what} `{}` for the build: {error}", path.display())]
    #[diagnostic(help("see whether the disk is full, and whether the directory may be written"))]
    Io { what: &'static str, path: PathBuf, error: io::Error },
}

/// A sandbox on disk, growing.
#[derive(Debug)]
pub struct Skeleton {
    directory: PathBuf,
    binds: Vec<Bind>,
}

impl Skeleton {
    /// Lays out what every sandbox has, in an empty directory.
    pub fn new(directory: &Path) -> Result<Self, SkeletonError> {
        let mut skeleton = Self { directory: directory.to_owned(), binds: Vec::new() };
        for place in ["proc", "dev/shm", "etc", "usr"] {
            make_directory(&skeleton.root().join(place))?;
        }
        for (name, text) in FILES {
            write(&skeleton.root().join(name), text)?;
        }
        for (name, target) in DEVICE_LINKS {
            make_symlink(target, &skeleton.root().join(name))?;
        }
        for device in DEVICES.map(|name| Path::new("dev").join(name)) {
            let from = Path::new("/").join(&device);
            if from.exists() {
                skeleton.show(&from, &device, Access::Writable)?;
            }
        }
        for (own, to) in [("store", "frx/store"), ("build", &BUILD_DIR[1..]), ("tmp", "tmp")] {
            skeleton.show_own(own, Path::new(to))?;
        }
        Ok(skeleton)
    }

    /// What becomes the root directory.
    pub fn root(&self) -> PathBuf {
        self.directory.join("root")
    }

    /// What the sandbox shows as `/frx/store`: after the build, the outputs are here.
    pub fn store(&self) -> PathBuf {
        self.directory.join("store")
    }

    /// What is to be mounted, in order.
    pub fn into_binds(self) -> Vec<Bind> {
        self.binds
    }

    /// Shows a store item under its base name.
    pub fn show_item(&mut self, item: &Path, base_name: &str) -> Result<(), SkeletonError> {
        let point = self.store().join(base_name);
        let to = Path::new("frx/store").join(base_name);
        self.show_at(item, &point, to, Access::ReadOnly)
    }

    /// Shows the trees of a tool-chain item as those of the machine.
    pub fn show_toolchain(&mut self, item: &Path) -> Result<(), SkeletonError> {
        for name in names_in(item)? {
            if name == "etc" {
                // `etc` stays ours: a tool chain adds to it, and never replaces who the builder is.
                for below in names_in(&item.join("etc"))? {
                    let to = Path::new("etc").join(below);
                    if !self.root().join(&to).exists() {
                        self.show(&item.join(&to), &to, Access::ReadOnly)?;
                    }
                }
            } else if !NOT_SHOWN.iter().any(|hidden| name == *hidden) {
                self.show(&item.join(&name), Path::new(&name), Access::ReadOnly)?;
            }
        }
        Ok(())
    }

    /// Shows a source tree where FreeBSD expects it, and an object directory.
    pub fn show_source(&mut self, source: &Path, toolchain: Option<&Path>) -> Result<(), SkeletonError> {
        // Below a tool chain's `/usr`, which is mounted first, the mount points are the tool chain's.
        let is_there = |place: &str| toolchain.is_some_and(|item| item.join(place).is_dir());
        let binds = [(source.to_owned(), SOURCE_DIR, Access::ReadOnly)];
        let own = self.directory.join("obj");
        make_directory(&own)?;
        for (from, to, access) in binds.into_iter().chain([(own, OBJECT_DIR, Access::Writable)]) {
            if is_there(to) {
                self.binds.push(Bind { from, to: PathBuf::from(to), access });
            } else {
                self.show(&from, Path::new(to), access)?;
            }
        }
        Ok(())
    }

    /// Shows what is needed to reach the network, which is the machine's.
    pub fn show_network(&mut self, network: Network) -> Result<(), SkeletonError> {
        if network == Network::None {
            return Ok(());
        }
        for file in NETWORK_FILES {
            let from = Path::new("/").join(file);
            if let Ok(from) = from.canonicalize() {
                self.show(&from, Path::new(file), Access::ReadOnly)?;
            }
        }
        Ok(())
    }

    /// Shows a file of the machine under its own path.
    pub fn show_file(&mut self, file: &Path) -> Result<(), SkeletonError> {
        let to = file.strip_prefix("/").unwrap_or(file).to_owned();
        self.show(file, &to, Access::ReadOnly)
    }

    /// Shows a fresh directory of the sandbox's own.
    fn show_own(&mut self, own: &str, to: &Path) -> Result<(), SkeletonError> {
        let from = self.directory.join(own);
        make_directory(&from)?;
        self.show(&from, to, Access::Writable)
    }

    fn show(&mut self, from: &Path, to: &Path, access: Access) -> Result<(), SkeletonError> {
        let point = self.root().join(to);
        self.show_at(from, &point, to.to_owned(), access)
    }

    /// Makes the mount point `point`, of the same kind as `from`, and notes the mount. A symlink is copied.
    fn show_at(
        &mut self,
        from: &Path,
        point: &Path,
        to: PathBuf,
        access: Access,
    ) -> Result<(), SkeletonError> {
        let kind = fs::symlink_metadata(from).map_err(|error| failed("examine", from, error))?.file_type();
        if kind.is_symlink() {
            let target = fs::read_link(from).map_err(|error| failed("read", from, error))?;
            return make_symlink(target, point);
        }
        if kind.is_dir() {
            make_directory(point)?;
        } else {
            if let Some(parent) = point.parent() {
                make_directory(parent)?;
            }
            if !point.exists() {
                write(point, "")?;
            }
        }
        self.binds.push(Bind { from: from.to_owned(), to, access });
        Ok(())
    }
}

fn failed(what: &'static str, path: &Path, error: io::Error) -> SkeletonError {
    SkeletonError::Io { what, path: path.to_owned(), error }
}

fn make_directory(path: &Path) -> Result<(), SkeletonError> {
    fs::create_dir_all(path).map_err(|error| failed("make the directory", path, error))
}

fn make_symlink(target: impl AsRef<Path>, at: &Path) -> Result<(), SkeletonError> {
    symlink(target, at).map_err(|error| failed("make the link", at, error))
}

fn write(path: &Path, text: &str) -> Result<(), SkeletonError> {
    fs::write(path, text).map_err(|error| failed("write", path, error))
}

fn names_in(directory: &Path) -> Result<Vec<std::ffi::OsString>, SkeletonError> {
    let read = || -> io::Result<Vec<_>> {
        let mut names =
            fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    };
    read().map_err(|error| failed("list", directory, error))
}
