//! Which output of a derivation each path of an installed tree belongs to.

use std::path::Path;

use super::{item, item::ItemError, metalog::Metalog};
use crate::builders::{BuilderContext, BuilderError};

/// A part of an installed tree, which is an output of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What a system needs to run.
    Out,
    /// What it takes to build against it: headers, static libraries, start-up objects, make rules.
    Dev,
    /// What a debugger reads.
    Debug,
}

impl Part {
    /// Every part.
    pub const ALL: [Part; 3] = [Part::Out, Part::Dev, Part::Debug];

    /// The name of the output.
    pub fn output(self) -> &'static str {
        match self {
            Part::Out => "out",
            Part::Dev => "dev",
            Part::Debug => "debug",
        }
    }

    /// The part of a path, which is relative to the top of the tree.
    pub fn of(path: &Path) -> Part {
        const DEV_TREES: [&str; 6] = [
            "usr/include",
            "usr/lib/clang",
            "usr/lib/pkgconfig",
            "usr/libdata/lint",
            "usr/libdata/pkgconfig",
            "usr/share/mk",
        ];
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if path.starts_with("usr/lib/debug") || matches!(extension, "debug" | "symbols") {
            return Part::Debug;
        }
        let is_library_directory = ["lib", "usr/lib", "usr/lib32", "usr/libsoft"]
            .iter()
            .any(|directory| path.starts_with(directory));
        let is_link_input = is_library_directory && matches!(extension, "a" | "o" | "ln");
        if is_link_input || DEV_TREES.iter().any(|tree| path.starts_with(tree)) {
            return Part::Dev;
        }
        Part::Out
    }
}

/// Writes each part of `tree` to the output of its name, which gets its part of the METALOG. Parts whose
/// output the derivation does not have are left out.
pub(super) fn write_outputs(
    tree: &Path,
    metalog: &Metalog,
    context: &BuilderContext,
) -> Result<(), BuilderError> {
    for part in Part::ALL {
        if let Some(output) = context.outputs.get(part.output()) {
            let entries = metalog.subset(|path, _| Part::of(path) == part);
            item::write(tree, &entries, output)
                .map_err(|error: ItemError| super::FreebsdError::from(error))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_part() {
        for (part, paths) in [
            (
                Part::Out,
                &[
                    "",
                    "bin/sh",
                    "boot/loader.efi",
                    "usr/lib",
                    "usr/lib/libc.so.7",
                    "usr/share/x.a",
                    "usr/lib/libz.so",
                ][..],
            ),
            (
                Part::Dev,
                &[
                    "usr/include",
                    "usr/include/stdio.h",
                    "usr/lib/libc.a",
                    "usr/lib/crt1.o",
                    "usr/share/mk/sys.mk",
                    "usr/libdata/pkgconfig/zlib.pc",
                ],
            ),
            (
                Part::Debug,
                &[
                    "usr/lib/debug",
                    "usr/lib/debug/bin/sh.debug",
                    "boot/kernel/kernel.debug",
                    "usr/lib/debug/usr/lib/x.a",
                ],
            ),
        ] {
            for path in paths {
                assert_eq!(Part::of(Path::new(path)), part, "{path}");
            }
        }
    }
}
