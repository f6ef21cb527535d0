//! What a system closure says of where its base came from: `metadata/provenance.json`.

use std::fs;
use std::path::Path;

use serde_json::Value;

pub use crate::builders::system::provenance::FILE;

/// What the closure at `system` says of its base; `None` where that cannot be read.
pub fn base(system: &Path) -> Option<Value> {
    let mut provenance: Value = serde_json::from_slice(&fs::read(system.join(FILE)).ok()?).ok()?;
    Some(provenance["base"].take())
}

/// The name of the kernel's configuration, as far as it is known.
pub fn kernel_name(system: &Path) -> Option<String> {
    base(system)?["kernel"]["kernconf"].as_str().map(str::to_owned)
}
