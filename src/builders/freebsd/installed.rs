//! `builtin:freebsd-installed`: a slice of a FreeBSD that is installed already.
//!
//! Environment: `source`, a store item made by [`super::import`]; `slice`, the name of a [`Slice`].
//! Outputs as those of the builder that would have built the slice.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use super::{FreebsdError, metalog::Metalog, split};
use crate::builders::{Builder, BuilderContext, BuilderError, phase};

/// See [`Builder::version`].
const VERSION: &str = "2";

/// The builder's row in the table.
pub(in crate::builders) const BUILDER: Builder = Builder { name: "freebsd-installed", version: VERSION, run };

/// Why a tree has no such slice.
#[derive(Debug, Error, Diagnostic)]
pub enum InstalledError {
    #[error("there is no slice `{name}` of an installed tree")]
    #[diagnostic(help("the slices are {}", Slice::ALL.map(Slice::name).join(", ")))]
    NoSuchSlice { name: String },

    #[error("`{}` has no {name}: there is no `{witness}`", tree.display())]
    #[diagnostic(help(
        "take a tree with world and kernel installed, by `make installworld distribution installkernel` or from \
         base.txz and kernel.txz"
    ))]
    Missing { tree: PathBuf, name: &'static str, witness: &'static str },
}

/// What can be taken out of an installed tree. Each path is in one of `Kernel`, `Boot`, `Libraries`, `Headers` and
/// `Userland`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slice {
    /// All of these.
    All,
    /// Everything but kernels and modules: all other slices are part of it.
    World,
    /// `boot/kernel`, `boot/modules` and what a debugger reads of them.
    Kernel,
    /// `boot` without kernels and modules.
    Boot,
    /// What programs are linked with, at run time or before, with the run-time linker, which has to fit the C library.
    Libraries,
    /// `usr/include`.
    Headers,
    /// Programs, `etc`, and whatever is in no other slice.
    Userland,
}

impl Slice {
    /// Every slice.
    pub const ALL: [Slice; 7] = [
        Slice::All,
        Slice::World,
        Slice::Kernel,
        Slice::Boot,
        Slice::Libraries,
        Slice::Headers,
        Slice::Userland,
    ];

    /// The slice that is called so.
    pub fn from_name(name: &str) -> Result<Slice, InstalledError> {
        let found = Slice::ALL.into_iter().find(|slice| slice.name() == name);
        found.ok_or_else(|| InstalledError::NoSuchSlice { name: name.to_owned() })
    }

    /// What derivations and declarations call it.
    pub fn name(self) -> &'static str {
        match self {
            Slice::All => "all",
            Slice::World => "world",
            Slice::Kernel => "kernel",
            Slice::Boot => "boot",
            Slice::Libraries => "libraries",
            Slice::Headers => "headers",
            Slice::Userland => "userland",
        }
    }

    /// A path that it has if it is in a tree at all: of a FreeBSD, where others have such a slice, too.
    pub fn witness(self) -> &'static str {
        match self {
            Slice::All | Slice::World | Slice::Userland => "bin/freebsd-version",
            Slice::Kernel => "boot/kernel/kernel",
            Slice::Boot => "boot/defaults/loader.conf",
            Slice::Libraries => "libexec/ld-elf.so.1",
            Slice::Headers => "usr/include",
        }
    }

    /// The one of the small slices that a path is in.
    pub(super) fn of_path(path: &Path) -> Slice {
        const KERNEL: [&str; 3] = ["boot/kernel", "boot/modules", "usr/lib/debug/boot"];
        const LIBRARIES: [&str; 5] = ["lib", "usr/lib", "usr/lib32", "usr/libsoft", "usr/libdata"];
        let is_below = |trees: &[&str], path: &Path| trees.iter().any(|tree| path.starts_with(tree));
        if is_below(&KERNEL, path) {
            return Slice::Kernel;
        }
        // What a debugger reads goes with what it is about.
        let path = path.strip_prefix("usr/lib/debug").unwrap_or(path);
        let is_linker = ["libexec/ld-elf", "usr/libexec/ld-elf"]
            .iter()
            .any(|linker| path.as_os_str().as_bytes().starts_with(linker.as_bytes()));
        if is_linker || is_below(&LIBRARIES, path) {
            Slice::Libraries
        } else if path.starts_with("boot") {
            Slice::Boot
        } else if path.starts_with("usr/include") {
            Slice::Headers
        } else {
            Slice::Userland
        }
    }

    /// Whether a path is in it.
    pub fn has(self, path: &Path) -> bool {
        match self {
            Slice::All => true,
            Slice::World => Slice::of_path(path) != Slice::Kernel,
            slice => Slice::of_path(path) == slice,
        }
    }

    /// Whether anything below a directory may be in it.
    pub fn leads_into(self, directory: &Path) -> bool {
        let trees: &[&str] = match self {
            Slice::All | Slice::World | Slice::Userland => return true,
            Slice::Kernel => &["boot", "usr/lib/debug/boot"],
            Slice::Boot => &["boot"],
            Slice::Headers => &["usr/include"],
            Slice::Libraries => {
                &["lib", "libexec", "usr/lib", "usr/lib32", "usr/libdata", "usr/libexec", "usr/libsoft"]
            }
        };
        trees.iter().any(|tree| directory.starts_with(tree) || Path::new(tree).starts_with(directory))
    }

    /// Its part of the METALOG of `tree`.
    pub(super) fn of(self, metalog: &Metalog, tree: &Path) -> Result<Metalog, InstalledError> {
        let witness = self.witness();
        if metalog.get(Path::new(witness)).is_none() {
            return Err(InstalledError::Missing { tree: tree.to_owned(), name: self.name(), witness });
        }
        Ok(metalog.subset(|path, _| self.has(path)))
    }
}

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let slice = Slice::from_name(context.required("slice")?).map_err(FreebsdError::from)?;
    write_slice(slice, context.path("source")?, context)
}

/// Writes the slice of an item that has a METALOG to the outputs.
pub(super) fn write_slice(slice: Slice, item: &Path, context: &BuilderContext) -> Result<(), BuilderError> {
    phase("slice");
    let metalog = Metalog::of_item(item).map_err(FreebsdError::from)?;
    let part = slice.of(&metalog, item).map_err(FreebsdError::from)?;
    split::write_outputs(item, &part, context)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use super::*;
    use crate::builders::freebsd::import;

    /// An installed tree as a store item.
    fn imported() -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let installed = directory.path().join("installed");
        for path in [
            "bin/freebsd-version",
            "sbin/init",
            "usr/include/stdio.h",
            "lib/libc.so.7",
            "libexec/ld-elf.so.1",
            "usr/lib/libc.a",
            "usr/lib/debug/lib/libc.so.7.debug",
            "usr/lib/debug/sbin/init.debug",
            "usr/lib/debug/boot/kernel/kernel.debug",
            "boot/defaults/loader.conf",
            "boot/kernel/kernel",
        ] {
            let path = installed.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        import::import(&installed, Slice::All, &directory.path().join("item")).unwrap();
        directory
    }

    fn slice(directory: &Path, name: &str) -> Result<(), BuilderError> {
        let outputs =
            ["out", "dev", "debug"].map(|output| (output.to_owned(), directory.join(name).join(output)));
        fs::create_dir(directory.join(name)).unwrap();
        let item = directory.join("item").display().to_string();
        run(&BuilderContext {
            env: BTreeMap::from([("source".to_owned(), item), ("slice".to_owned(), name.to_owned())]),
            outputs: outputs.into(),
            build_dir: directory.to_owned(),
            cores: 1,
        })
    }

    /// The files of an output, as its METALOG has them and as they lie on the disk.
    fn files(directory: &Path, output: &str) -> Vec<String> {
        let output = directory.join(output);
        let metalog = Metalog::of_item(&output).unwrap();
        let files = metalog.entries().filter(|(path, _)| output.join(path).is_file());
        files.map(|(path, _)| path.display().to_string()).collect()
    }

    #[test]
    fn each_slice_has_its_own_files_and_no_other() {
        let directory = imported();
        let at = directory.path();
        for name in ["world", "kernel", "boot", "libraries", "headers", "userland"] {
            slice(at, name).unwrap();
        }
        assert_eq!(
            files(at, "world/out"),
            [
                "bin/freebsd-version",
                "boot/defaults/loader.conf",
                "lib/libc.so.7",
                "libexec/ld-elf.so.1",
                "sbin/init"
            ]
        );
        assert_eq!(files(at, "world/dev"), ["usr/include/stdio.h", "usr/lib/libc.a"]);
        assert_eq!(files(at, "world/debug").len(), 2);
        assert_eq!(files(at, "libraries/out"), ["lib/libc.so.7", "libexec/ld-elf.so.1"]);
        assert_eq!(files(at, "libraries/dev"), ["usr/lib/libc.a"]);
        assert_eq!(files(at, "libraries/debug"), ["usr/lib/debug/lib/libc.so.7.debug"]);
        assert_eq!(files(at, "headers/dev"), ["usr/include/stdio.h"]);
        assert_eq!(files(at, "userland/out"), ["bin/freebsd-version", "sbin/init"]);
        assert_eq!(files(at, "userland/debug"), ["usr/lib/debug/sbin/init.debug"]);
        assert_eq!(files(at, "kernel/out"), ["boot/kernel/kernel"]);
        assert_eq!(files(at, "kernel/debug"), ["usr/lib/debug/boot/kernel/kernel.debug"]);
        assert_eq!(files(at, "boot/out"), ["boot/defaults/loader.conf"]);
        assert!(!at.join("boot/out/boot/kernel").exists());
    }

    #[test]
    fn a_tree_without_the_slice_is_named() {
        let directory = imported();
        let item = directory.path().join("item");
        let metalog = Metalog::of_item(&item).unwrap().subset(|path, _| !path.starts_with("boot/kernel"));
        fs::remove_file(item.join("METALOG")).unwrap();
        metalog.write_to_item(&item).unwrap();
        let error = slice(directory.path(), "kernel").unwrap_err();
        assert!(error.to_string().contains("has no kernel: there is no `boot/kernel/kernel`"), "{error}");
        assert!(slice(directory.path(), "cake").is_err());
    }
}
