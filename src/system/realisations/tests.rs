//! Records of a small closure, signed, and tampered with in each way.

use std::collections::BTreeSet;
use std::fs;

use super::*;
use crate::builders::image::Format;
use crate::signature::SecretKey;
use crate::store::{Layout, Store};

struct Place {
    directory: tempfile::TempDir,
    store: Store,
    system: StorePath,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(Layout::new(directory.path()).unwrap()).unwrap();
        let world = store.add_text("world", "w", &BTreeSet::new()).unwrap();
        let system = store.add_text("system", &world.to_string(), &BTreeSet::from([world])).unwrap();
        let place = Self { directory, store, system };
        fs::write(place.image(), "an image").unwrap();
        place
    }

    fn image(&self) -> PathBuf {
        self.directory.path().join("disk.raw")
    }

    fn write(&self, key: Option<&SecretKey>) -> PathBuf {
        let writer = Writer { store: &self.store, system: &self.system, declaration: None, key };
        writer.write_beside(&self.image(), Format::Raw).unwrap()
    }

    fn check(&self, trusted: &SecretKey) -> Result<Checked, RealisationsError> {
        Sidecar::read(&self.image())?.unwrap().check(&self.system, &[trusted.public()])
    }
}

fn key(name: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(name, &[seed; 32]).unwrap()
}

#[test]
fn records_name_every_item_and_are_read_as_they_were_written() {
    let place = Place::new();
    let file = place.write(None);
    let Sidecar { document, .. } = Sidecar::read(&place.image()).unwrap().unwrap();
    assert_eq!(document.items.len(), 2);
    assert_eq!((document.system, document.image), (place.system.clone(), None));
    assert_eq!(document.fruix.unwrap().version, env!("CARGO_PKG_VERSION"));
    fs::remove_file(file).unwrap();
    assert!(Sidecar::read(&place.image()).unwrap().is_none());
}

/// What was written before there were keys, sources and machines.
#[test]
fn records_of_version_one_are_read() {
    let place = Place::new();
    let record = format!(
        r#"{{"output": "{}", "derivation": null, "origin": "built", "kind": "x", "started": 1, "ended": 3,
            "host": "here", "sandboxed": true, "builder": "builtin:x", "log": null}}"#,
        place.system
    );
    let text = format!(r#"{{"version": 1, "system": "{}", "realisations": [{record}]}}"#, place.system);
    fs::write(beside(&place.image()), text).unwrap();
    let sidecar = Sidecar::read(&place.image()).unwrap().unwrap();
    assert_eq!((sidecar.document.realisations.len(), sidecar.document.fruix.is_none()), (1, true));
    let refused = sidecar.check(&place.system, &[key("here", 1).public()]);
    assert!(matches!(refused, Err(RealisationsError::Signature { source: SignatureError::Missing, .. })));
}

#[test]
fn a_signature_vouches_for_the_records_and_the_image() {
    let place = Place::new();
    let key = key("here", 1);
    let file = place.write(Some(&key));
    assert_eq!(place.check(&key).unwrap(), Checked { key: "here".to_owned() });

    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"written\": ", "\"written\": 1")).unwrap();
    assert!(matches!(
        place.check(&key),
        Err(RealisationsError::Signature { source: SignatureError::Wrong { .. }, .. })
    ));
    fs::write(&file, text).unwrap();
    fs::write(place.image(), "another image").unwrap();
    assert!(matches!(place.check(&key), Err(RealisationsError::OtherImage { .. })));
}

#[test]
fn what_nobody_trusted_signed_is_refused() {
    let place = Place::new();
    let (own, foreign) = (key("own", 1), key("foreign", 2));
    place.write(Some(&foreign));
    assert!(matches!(
        place.check(&own),
        Err(RealisationsError::Signature { source: SignatureError::Foreign { .. }, .. })
    ));
    // Written anew without a key, it has no signature of what was there before either.
    let file = place.write(None);
    assert!(matches!(
        place.check(&own),
        Err(RealisationsError::Signature { source: SignatureError::Missing, .. })
    ));
    let text = fs::read(&file).unwrap();
    fs::write(signatures(&file), own.sign(&text).to_string()).unwrap();
    assert!(matches!(place.check(&own), Err(RealisationsError::NoImage { .. })));
    fs::write(signatures(&file), "nonsense").unwrap();
    assert!(matches!(place.check(&own), Err(RealisationsError::Spelling { .. })));
}

#[test]
fn records_of_another_system_or_version_are_told() {
    let place = Place::new();
    let key = key("here", 1);
    let file = place.write(Some(&key));
    let sidecar = Sidecar::read(&place.image()).unwrap().unwrap();
    let world = sidecar.document.items.iter().map(|item| &item.path).find(|path| **path != place.system);
    let other = sidecar.check(world.unwrap(), &[key.public()]);
    assert!(matches!(other, Err(RealisationsError::OtherSystem { .. })));
    fs::write(&file, r#"{"version": 3, "realisations": []}"#).unwrap();
    assert!(matches!(Sidecar::read(&place.image()), Err(RealisationsError::Version { found: 3, .. })));
    fs::write(&file, "{").unwrap();
    assert!(matches!(Sidecar::read(&place.image()), Err(RealisationsError::Format { .. })));
}
