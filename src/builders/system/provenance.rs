//! Where everything came from: `metadata/provenance.json`.
//!
//! The declaration says it for each part: its origin class, its source, options and tool chain. Added here is what only
//! the parts themselves know, and what names the declaration as a whole. Nothing of the machine or the moment is in it:
//! that is what realisation records are for. docs/provenance.md explains the fields.
//!
//! Sources and tool chains are named by digests of their store paths, which refer to nothing: a closure that referred
//! to them would keep a source tree and a compiler on every machine.

use std::fs;
use std::path::{Path, PathBuf};

use memchr::memmem;
use serde_json::{Map, Value, json};

use super::spec::Spec;
use crate::hash::Sha256;

/// Where it lies in a closure.
pub const FILE: &str = "metadata/provenance.json";

/// Version of the format: higher when a field changes its meaning or goes.
pub const VERSION: u32 = 2;

/// What precedes the version in a kernel: the mark by which `what(1)` finds it.
const KERNEL_MARK: &[u8] = b"@(#)FreeBSD ";

/// The most that is taken for the version of a kernel.
const LONGEST_VERSION: usize = 256;

/// The provenance of the system that `spec` describes. `declaration` is the digest of the specification as the
/// derivation has it; `physical` says where an item lies, if it is there.
pub fn document(spec: &Spec, declaration: &Sha256, physical: &dyn Fn(&str) -> PathBuf) -> Value {
    let mut declared = json!({ "sha256": declaration.hex() });
    if spec.provenance["impure"] == true {
        declared["impure"] = true.into();
    }
    let mut base = spec.provenance["base"].clone();
    let parts = [
        ("world", &spec.world, world_version as fn(&Path) -> Option<String>),
        ("kernel", &spec.kernel, kernel_version),
        ("boot", &spec.boot, |_| None),
    ];
    for (name, item, version) in parts {
        if let Some(part) = base.get_mut(name).and_then(Value::as_object_mut) {
            complete(part, item, version(&physical(item)));
        }
    }
    json!({
        "version": VERSION,
        "system": { "hostName": spec.host_name, "label": spec.label },
        "declaration": declared,
        "base": base,
    })
}

/// Adds which item a part is, and what that says its version is.
fn complete(part: &mut Map<String, Value>, item: &str, version: Option<String>) {
    part.insert("item".to_owned(), item.into());
    if let Some(version) = version {
        part.insert("version".to_owned(), version.into());
    }
}

/// The version of a world as its `newvers.sh` made it and `freebsd-version -u` says it: `13.2-RELEASE-p3`.
pub fn world_version(world: &Path) -> Option<String> {
    let script = fs::read_to_string(world.join("bin/freebsd-version")).ok()?;
    let version = script.lines().find_map(|line| line.strip_prefix("USERLAND_VERSION="))?;
    Some(version.trim().trim_matches('"').to_owned())
}

/// The version of a kernel as its `newvers.sh` made it: release, revision if one was known, configuration.
fn kernel_version(kernel: &Path) -> Option<String> {
    let program = fs::read(kernel.join("boot/kernel/kernel")).ok()?;
    let start = memmem::find(&program, KERNEL_MARK)? + KERNEL_MARK.len();
    let rest = &program[start..program.len().min(start + LONGEST_VERSION)];
    let end = rest.iter().position(|byte| byte.is_ascii_control())?;
    Some(str::from_utf8(&rest[..end]).ok()?.trim_end_matches([' ', ':']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_says_its_version_up_to_the_end_of_the_line() {
        let item = tempfile::tempdir().unwrap();
        let version = |program: &[u8]| {
            fs::create_dir_all(item.path().join("boot/kernel")).unwrap();
            fs::write(item.path().join("boot/kernel/kernel"), program).unwrap();
            kernel_version(item.path())
        };
        assert_eq!(kernel_version(item.path()), None);
        assert_eq!(
            version(b"\x7fELF\0\xff@(#)FreeBSD 13.2-RELEASE n254617-525ecfdad597 GENERIC\n    /obj\0")
                .unwrap(),
            "13.2-RELEASE n254617-525ecfdad597 GENERIC"
        );
        assert_eq!(version(b"@(#)FreeBSD 14.0-CURRENT #0: \0").unwrap(), "14.0-CURRENT #0");
        assert_eq!(version(b"FreeBSD 13.2-RELEASE\0"), None);
        assert_eq!(version(&[KERNEL_MARK, &[b'x'; 300], b"\0"].concat()), None, "no end in sight");
    }
}
