//! `builtin:freebsd-installed`: world, kernel or boot assets of a FreeBSD that is installed already.
//!
//! Environment: `source`, a store item made by [`super::import`]; `slice`, one of `world`, `kernel` and `boot`.
//! Outputs as those of the builder that would have built the slice.

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
    #[diagnostic(help("the slices are world, kernel and boot"))]
    NoSuchSlice { name: String },

    #[error("`{}` has no {name}: there is no `{witness}`", tree.display())]
    #[diagnostic(help(
        "take a tree with world and kernel installed, by `make installworld distribution installkernel` or from \
         base.txz and kernel.txz"
    ))]
    Missing { tree: PathBuf, name: &'static str, witness: &'static str },
}

/// What can be taken out of an installed tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slice {
    /// Everything but kernels and modules; the boot assets are part of it.
    World,
    /// `boot/kernel`, `boot/modules` and what a debugger reads of them.
    Kernel,
    /// `boot` without kernels and modules.
    Boot,
}

impl Slice {
    pub(super) fn from_name(name: &str) -> Result<Slice, InstalledError> {
        match name {
            "world" => Ok(Slice::World),
            "kernel" => Ok(Slice::Kernel),
            "boot" => Ok(Slice::Boot),
            _ => Err(InstalledError::NoSuchSlice { name: name.to_owned() }),
        }
    }

    /// What it is called, and a path that it has if it is in a tree at all.
    fn witness(self) -> (&'static str, &'static str) {
        match self {
            Slice::World => ("world", "sbin/init"),
            Slice::Kernel => ("kernel", "boot/kernel/kernel"),
            Slice::Boot => ("boot loader", "boot/defaults/loader.conf"),
        }
    }

    fn has(self, path: &Path) -> bool {
        let is_kernel =
            ["boot/kernel", "boot/modules", "usr/lib/debug/boot"].iter().any(|tree| path.starts_with(tree));
        match self {
            Slice::World => !is_kernel,
            Slice::Kernel => is_kernel,
            Slice::Boot => path.starts_with("boot") && !is_kernel,
        }
    }

    /// Its part of the METALOG of `tree`.
    pub(super) fn of(self, metalog: &Metalog, tree: &Path) -> Result<Metalog, InstalledError> {
        let (name, witness) = self.witness();
        if metalog.get(Path::new(witness)).is_none() {
            return Err(InstalledError::Missing { tree: tree.to_owned(), name, witness });
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
            "sbin/init",
            "usr/include/stdio.h",
            "usr/lib/debug/sbin/init.debug",
            "usr/lib/debug/boot/kernel/kernel.debug",
            "boot/defaults/loader.conf",
            "boot/kernel/kernel",
        ] {
            let path = installed.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        import::import(&installed, &directory.path().join("item")).unwrap();
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
        for name in ["world", "kernel", "boot"] {
            slice(at, name).unwrap();
        }
        assert_eq!(files(at, "world/out"), ["boot/defaults/loader.conf", "sbin/init"]);
        assert_eq!(files(at, "world/dev"), ["usr/include/stdio.h"]);
        assert_eq!(files(at, "world/debug"), ["usr/lib/debug/sbin/init.debug"]);
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
