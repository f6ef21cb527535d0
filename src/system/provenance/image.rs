//! The provenance of a disk image: read from it, without root and without mounting.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Item, ProvenanceError, Report, VERSION};
use crate::builders::image::container::Source;
use crate::builders::image::reading::{Directory, Volume};
use crate::signature::PublicKey;
use crate::store::PathInfo;
use crate::store_path::StorePath;
use crate::system::realisations::Sidecar;

/// Where the system lies that the machine starts.
const PROFILES: &str = "/frx/var/fruix/profiles";
/// What is known about each item.
const FACTS: &str = "/frx/var/fruix/db/items";

/// The most bytes of a file that are read, and the most items that a closure has.
const LARGEST_FILE: u64 = 16 << 20;
const MOST_ITEMS: usize = 100_000;

/// What is known of the current system of an image, with what lies beside it. With keys to trust, the records beside it
/// have to be signed by one of them.
pub fn of_image(image: &Path, trusted: &[PublicKey]) -> Result<Report, ProvenanceError> {
    let disk = Source::open(image)?;
    let volume = Volume::of(&disk)?;
    let no_system = |reason: String| ProvenanceError::NoSystem { image: image.to_owned(), reason };
    let system = current(&volume, &no_system)?;
    let directory = volume.directory(&format!("{system}/metadata"))?;
    let text = directory.read("provenance.json", LARGEST_FILE)?;
    let provenance = parse(&text, &format!("{system}/metadata/provenance.json"))?;
    let items = closure(&volume.directory(FACTS)?, &system, &no_system)?;
    let sidecar = Sidecar::read(image)?;
    let signed_by = match &sidecar {
        _ if trusted.is_empty() => None,
        Some(sidecar) => Some(sidecar.check(&system, trusted)?.key),
        None => return Err(Sidecar::missing(image).into()),
    };
    let records = sidecar.map(|sidecar| sidecar.document);
    Ok(Report { version: VERSION, system, provenance, items, records, signed_by })
}

/// The system of the current generation.
fn current(
    volume: &Volume<'_>,
    no_system: &dyn Fn(String) -> ProvenanceError,
) -> Result<StorePath, ProvenanceError> {
    let profiles = volume.directory(PROFILES)?;
    let generation = profiles.read_link("system")?;
    let target = profiles.read_link(&generation)?;
    StorePath::from_absolute(&target)
        .map_err(|error| no_system(format!("its profile leads to `{target}`: {error}")))
}

/// What the store of the image knows about the system and all it refers to.
fn closure(
    facts: &Directory<'_>,
    system: &StorePath,
    no_system: &dyn Fn(String) -> ProvenanceError,
) -> Result<Vec<Item>, ProvenanceError> {
    let mut found = BTreeMap::new();
    let mut pending = BTreeSet::from([system.clone()]);
    while let Some(path) = pending.pop_first() {
        if found.len() == MOST_ITEMS {
            return Err(no_system(format!("it refers to more than {MOST_ITEMS} items")));
        }
        let name = format!("{}.json", path.base_name());
        let info: PathInfo = parse(&facts.read(&name, LARGEST_FILE)?, &name)?;
        if info.path != path {
            return Err(no_system(format!("what it knows of {path} is about {}", info.path)));
        }
        let item = Item::from(info);
        pending.extend(item.references.iter().filter(|reference| !found.contains_key(*reference)).cloned());
        found.insert(path, item);
    }
    Ok(found.into_values().collect())
}

fn parse<T: serde::de::DeserializeOwned>(text: &[u8], what: &str) -> Result<T, ProvenanceError> {
    serde_json::from_slice(text).map_err(|source| ProvenanceError::Json { what: what.to_owned(), source })
}
