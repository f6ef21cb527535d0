//! `builtin:freebsd-mixed-world`: one world whose slices come from several.
//!
//! Environment: `world`, the items of a world's outputs `out`, `dev` and `debug`, in this order; and for each slice that
//! comes from elsewhere, `userland`, `libraries` or `headers`, such a list as well. Outputs: as those of a world.
//!
//! Each path is in one slice, and comes from where that slice does; what only leads there comes from the world.

use std::path::{Path, PathBuf};

use super::{
    FreebsdError,
    installed::Slice,
    item,
    metalog::{Metalog, MetalogError},
    split::Part,
};
use crate::builders::{Builder, BuilderContext, BuilderError, phase};

/// See [`Builder::version`].
const VERSION: &str = "1";

/// The builder's row in the table.
pub(in crate::builders) const BUILDER: Builder =
    Builder { name: "freebsd-mixed-world", version: VERSION, run };

/// The variable that names what the other slices come from.
const WORLD: &str = "world";

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    phase("mix");
    for (index, part) in Part::ALL.into_iter().enumerate() {
        let Some(output) = context.outputs.get(part.output()) else { continue };
        let mix = Mix::of(context, index)?;
        let metalog = mix.metalog().map_err(FreebsdError::from)?;
        item::write_from(&|path| mix.item(Slice::of_path(path)).join(path), &metalog, output)
            .map_err(FreebsdError::from)?;
    }
    Ok(())
}

/// Which item of one output each slice comes from.
struct Mix {
    world: PathBuf,
    others: Vec<(Slice, PathBuf)>,
}

impl Mix {
    /// That of the output with this number.
    fn of(context: &BuilderContext, index: usize) -> Result<Mix, BuilderError> {
        let item = |variable: &str| context.list(variable).get(index).map(PathBuf::from);
        let missing = || BuilderError::MissingVariable { variable: WORLD.to_owned() };
        let slices = [Slice::Userland, Slice::Libraries, Slice::Headers];
        let others = slices.into_iter().filter_map(|slice| Some((slice, item(slice.name())?)));
        Ok(Mix { others: others.collect(), world: item(WORLD).ok_or_else(missing)? })
    }

    fn item(&self, slice: Slice) -> &Path {
        self.others.iter().find(|(other, _)| *other == slice).map_or(&self.world, |(_, item)| item)
    }

    /// What the output is to hold.
    fn metalog(&self) -> Result<Metalog, MetalogError> {
        let mixed = |path: &Path| self.others.iter().any(|(slice, _)| *slice == Slice::of_path(path));
        let mut parts = vec![Metalog::of_item(&self.world)?.subset(|path, _| !mixed(path))];
        for (slice, item) in &self.others {
            parts.push(Metalog::of_item(item)?.subset(|path, _| Slice::of_path(path) == *slice));
        }
        Metalog::union(parts, &|path| {
            let slice = Slice::of_path(path);
            self.others.iter().position(|(other, _)| *other == slice).map_or(0, |index| index + 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use super::*;

    const FILES: [&str; 6] = [
        "bin/sh",
        "boot/loader.efi",
        "lib/libc.so.7",
        "libexec/ld-elf.so.1",
        "usr/include/stdio.h",
        "usr/lib/libc.a",
    ];

    /// The outputs of a world whose files hold its name, and whose directories have this mode.
    fn world(directory: &Path, name: &str, mode: &str) -> String {
        let outputs = Part::ALL.map(|part| {
            let output = directory.join(format!("{name}-{}", part.output()));
            let account = "uname=root uid=0 gname=wheel gid=0";
            let mut log = format!(". type=dir {account} mode={mode}\n./usr type=dir {account} mode={mode}\n");
            fs::create_dir(&output).unwrap();
            for path in FILES.into_iter().filter(|path| Part::of(Path::new(path)) == part) {
                fs::create_dir_all(output.join(path).parent().unwrap()).unwrap();
                fs::write(output.join(path), name).unwrap();
                log += &format!("./{path} type=file {account} mode=0444\n");
            }
            Metalog::parse(log.as_bytes()).unwrap().write_to_item(&output).unwrap();
            output.display().to_string()
        });
        outputs.join(" ")
    }

    #[test]
    fn each_slice_comes_from_where_it_is_said_to() {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path();
        let env = [
            ("world", world(at, "native", "0755")),
            ("libraries", world(at, "set", "0700")),
            ("headers", world(at, "host", "0700")),
        ];
        let outputs = Part::ALL.map(|part| (part.output().to_owned(), at.join(part.output())));
        run(&BuilderContext {
            env: env.map(|(name, value)| (name.to_owned(), value)).into(),
            outputs: BTreeMap::from(outputs),
            build_dir: at.to_owned(),
            cores: 1,
        })
        .unwrap();
        let origin = |path: &str| {
            let output = at.join(Part::of(Path::new(path)).output());
            fs::read_to_string(output.join(path)).unwrap()
        };
        assert_eq!(FILES.map(origin), ["native", "native", "set", "set", "host", "set"]);
        let metalog = Metalog::of_item(&at.join("out")).unwrap();
        assert_eq!(metalog.get(Path::new("usr")).unwrap().mode, 0o755, "what leads there is the world's");
        assert_eq!(metalog.get(Path::new("lib")).unwrap().mode, 0o755);
        assert!(!at.join("out/usr/include").exists());
    }
}
