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
//!
//! An input may be hostile, a tool chain that has symlinks where directories are expected, say. So nothing here
//! follows a symlink: a place to mount on is made step by step, and what is in its way is an error. Modes are the
//! same whatever the umask.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use super::{BUILD_DIR, Bind, LOCAL_FILE};
use crate::{
    sys::{Access, DEVICE_LINKS, DEVICES, Network},
    util::fs as paths,
};

/// Where FreeBSD's sources appear: FreeBSD compiles the path into its binaries.
pub const SOURCE_DIR: &str = "usr/src";
/// Where FreeBSD's objects go, for the same reason.
pub const OBJECT_DIR: &str = "usr/obj";

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

/// What a fixed-output build sees of the machine, as far as it is there. Beside `etc/ssl/certs` often lie the
/// private keys of the machine's servers.
const NETWORK_FILES: [&str; 5] =
    ["etc/resolv.conf", "etc/hosts", "etc/services", "etc/ssl/certs", "etc/ssl/cert.pem"];

/// What of a tool chain stands for nothing of the machine, or for what the sandbox has itself.
const NOT_SHOWN: [&str; 6] = ["MANIFEST.json", "dev", "proc", "tmp", "build", "frx"];

/// The modes of directories, of directories in which anyone may write, and of files.
const DIRECTORY_MODE: u32 = 0o755;
const SHARED_MODE: u32 = 0o1777;
const FILE_MODE: u32 = 0o644;

/// Why the sandbox could not be laid out.
#[derive(Debug, Error, Diagnostic)]
pub enum SkeletonError {
    #[error("cannot {what} `{}` for the build: {error}", path.display())]
    #[diagnostic(help("see whether the disk is full, and whether the directory may be written"))]
    Io { what: &'static str, path: PathBuf, error: io::Error },
}

/// Within the directory of the skeleton: what becomes `/`, and what becomes the store directory.
const ROOT: &str = "root";
const STORE: &str = "store";

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
            skeleton.make_directory(&Path::new(ROOT).join(place))?;
        }
        for (name, text) in FILES {
            write(&skeleton.root().join(name), text)?;
        }
        for (name, target) in DEVICE_LINKS.iter().copied() {
            make_symlink(target, &skeleton.root().join(name))?;
        }
        for device in DEVICES.iter().map(|name| Path::new("dev").join(name)) {
            let from = Path::new("/").join(&device);
            if from.exists() {
                skeleton.show(&from, &device, Access::Writable)?;
            }
        }
        for (own, to, mode) in [
            (STORE, "frx/store", DIRECTORY_MODE),
            ("build", &BUILD_DIR[1..], DIRECTORY_MODE),
            ("tmp", "tmp", SHARED_MODE),
        ] {
            let from = skeleton.make_directory(Path::new(own))?;
            set_mode(&from, mode)?;
            skeleton.show(&from, Path::new(to), Access::Writable)?;
        }
        Ok(skeleton)
    }

    /// What becomes the root directory.
    pub fn root(&self) -> PathBuf {
        self.directory.join(ROOT)
    }

    /// What the sandbox shows as `/frx/store`: after the build, the outputs are here.
    pub fn store(&self) -> PathBuf {
        self.directory.join(STORE)
    }

    /// What is to be mounted, in order.
    pub fn into_binds(self) -> Vec<Bind> {
        self.binds
    }

    /// Shows a store item under its base name.
    pub fn show_item(&mut self, item: &Path, base_name: &str) -> Result<(), SkeletonError> {
        let to = Path::new("frx/store").join(base_name);
        self.show_at(item, &Path::new(STORE).join(base_name), to, Access::ReadOnly)
    }

    /// Shows the trees of a tool-chain item as those of the machine. What the sandbox has already stays.
    pub fn show_toolchain(&mut self, item: &Path) -> Result<(), SkeletonError> {
        for name in names_in(item)? {
            let from = item.join(&name);
            if name == "etc" {
                // `etc` stays ours: a tool chain adds to it, and never replaces who the builder is.
                if is_directory(&from) {
                    for below in names_in(&from)? {
                        self.show_unless_there(&from.join(&below), &Path::new("etc").join(below))?;
                    }
                }
            } else if name == "usr" {
                if is_directory(&from) {
                    self.show(&from, Path::new("usr"), Access::ReadOnly)?;
                }
            } else if !NOT_SHOWN.iter().any(|hidden| name == *hidden) {
                self.show_unless_there(&from, Path::new(&name))?;
            }
        }
        Ok(())
    }

    /// Shows a source tree where FreeBSD expects it, and an object directory.
    pub fn show_source(&mut self, source: &Path, toolchain: Option<&Path>) -> Result<(), SkeletonError> {
        // Below a tool chain's `/usr`, which is mounted first, the mount points are the tool chain's.
        let is_there = |place: &str| {
            toolchain.is_some_and(|item| is_directory(&item.join("usr")) && is_directory(&item.join(place)))
        };
        let objects = self.make_directory(Path::new("obj"))?;
        let binds =
            [(source.to_owned(), SOURCE_DIR, Access::ReadOnly), (objects, OBJECT_DIR, Access::Writable)];
        for (from, to, access) in binds {
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

    /// Shows a file of the machine at [`LOCAL_FILE`].
    pub fn show_file(&mut self, file: &Path) -> Result<(), SkeletonError> {
        self.show(file, Path::new(LOCAL_FILE).strip_prefix("/").unwrap_or(file), Access::ReadOnly)
    }

    fn show_unless_there(&mut self, from: &Path, to: &Path) -> Result<(), SkeletonError> {
        match fs::symlink_metadata(self.root().join(to)) {
            Ok(_) => Ok(()),
            Err(_) => self.show(from, to, Access::ReadOnly),
        }
    }

    fn show(&mut self, from: &Path, to: &Path, access: Access) -> Result<(), SkeletonError> {
        self.show_at(from, &Path::new(ROOT).join(to), to.to_owned(), access)
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
        if kind.is_dir() {
            self.make_directory(point)?;
        } else {
            self.make_directory(point.parent().unwrap_or(Path::new("")))?;
            let point = self.directory.join(point);
            if kind.is_symlink() {
                let target = fs::read_link(from).map_err(|error| failed("read", from, error))?;
                return make_symlink(target, &point);
            }
            match fs::symlink_metadata(&point) {
                Ok(there) if there.is_file() => {}
                _ => write(&point, "")?,
            }
        }
        self.binds.push(Bind { from: from.to_owned(), to, access });
        Ok(())
    }

    /// Makes a directory and those above it, below that of the skeleton, and tells where it is.
    fn make_directory(&self, below: &Path) -> Result<PathBuf, SkeletonError> {
        let mut place = self.directory.clone();
        for name in below {
            place.push(name);
            match fs::symlink_metadata(&place) {
                Ok(there) if there.is_dir() => {}
                Ok(_) => {
                    return Err(failed("make the directory", &place, io::ErrorKind::NotADirectory.into()));
                }
                Err(_) => {
                    paths::create_dir(&place, 0o777)
                        .map_err(|e| failed("make the directory", &place, e.error))?;
                    set_mode(&place, DIRECTORY_MODE)?;
                }
            }
        }
        Ok(place)
    }
}

/// Whether it is a directory, not only a symlink to one.
pub fn is_directory(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|there| there.is_dir())
}

fn failed(what: &'static str, path: &Path, error: io::Error) -> SkeletonError {
    SkeletonError::Io { what, path: path.to_owned(), error }
}

fn set_mode(path: &Path, mode: u32) -> Result<(), SkeletonError> {
    paths::set_mode(path, mode).map_err(|error| failed("set the mode of", path, error.error))
}

fn make_symlink(target: impl AsRef<Path>, at: &Path) -> Result<(), SkeletonError> {
    paths::create_symlink(target.as_ref(), at).map_err(|error| failed("make the link", at, error.error))
}

fn write(path: &Path, text: &str) -> Result<(), SkeletonError> {
    paths::write_new(path, text.as_bytes()).map_err(|error| failed("write", path, error.error))?;
    set_mode(path, FILE_MODE)
}

fn names_in(directory: &Path) -> Result<Vec<OsString>, SkeletonError> {
    let read = || -> io::Result<Vec<_>> {
        let mut names =
            fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    };
    read().map_err(|error| failed("list", directory, error))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn skeleton(directory: &Path) -> Skeleton {
        let skeleton = directory.join("skeleton");
        fs::create_dir(&skeleton).unwrap();
        Skeleton::new(&skeleton).unwrap()
    }

    fn shown(skeleton: Skeleton) -> Vec<PathBuf> {
        skeleton.into_binds().into_iter().map(|bind| bind.to).collect()
    }

    #[test]
    fn what_the_sandbox_has_itself_no_tool_chain_replaces() {
        let directory = tempfile::tempdir().unwrap();
        let item = directory.path().join("item");
        for name in ["dev", "proc", "tmp", "build", "frx/store", "etc", "lib", "usr/bin"] {
            fs::create_dir_all(item.join(name)).unwrap();
        }
        for name in ["etc/passwd", "etc/magic", "MANIFEST.json"] {
            fs::write(item.join(name), "the tool chain's").unwrap();
        }
        let mut skeleton = skeleton(directory.path());
        let before = skeleton.binds.len();
        skeleton.show_toolchain(&item).unwrap();
        assert_eq!(shown(skeleton)[before..], ["etc/magic", "lib", "usr"].map(PathBuf::from));
    }

    #[test]
    fn no_symlink_of_a_tool_chain_is_followed() {
        let directory = tempfile::tempdir().unwrap();
        let (item, outside) = (directory.path().join("item"), directory.path().join("outside"));
        fs::create_dir(&item).unwrap();
        fs::create_dir(&outside).unwrap();
        for name in ["etc", "usr", "frx", "sbin"] {
            symlink(&outside, item.join(name)).unwrap();
        }
        let mut skeleton = skeleton(directory.path());
        let before = skeleton.binds.len();
        skeleton.show_toolchain(&item).unwrap();
        skeleton.show_source(&outside, Some(&item)).unwrap();
        let root = skeleton.root();
        assert_eq!(fs::read_link(root.join("sbin")).unwrap(), outside, "a link is shown as it is");
        assert!(["etc", "usr", "frx"].iter().all(|name| is_directory(&root.join(name))));
        assert_eq!(shown(skeleton)[before..], [SOURCE_DIR, OBJECT_DIR].map(PathBuf::from));
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    }

    #[test]
    fn a_link_in_the_way_of_a_mount_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let mut skeleton = skeleton(directory.path());
        symlink(directory.path(), skeleton.root().join("sbin")).unwrap();
        let error = skeleton.show(directory.path(), Path::new("sbin/x"), Access::ReadOnly).unwrap_err();
        assert!(error.to_string().contains("root/sbin"), "{error}");
    }
}
