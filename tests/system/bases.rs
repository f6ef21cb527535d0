//! Several FreeBSD bases in one store.

use std::collections::{BTreeMap, BTreeSet};

use fruix::hash::Sha256;
use fruix::store::tree;

use super::generations::tree_of_release;
use super::place::{OWN_KERNEL, Place, TREE};

/// The digest of every item of the systems, as it is on disk now.
fn contents(place: &Place, systems: &[String]) -> BTreeMap<String, Sha256> {
    let items: BTreeSet<_> = systems.iter().flat_map(|system| place.requisites(system)).collect();
    let digest = |item: &String| tree::digest(&place.physical(item)).unwrap().nar_hash;
    items.into_iter().map(|item| (item.clone(), digest(&item))).collect()
}

fn item_named(items: &[String], name: &str) -> String {
    let mut found = items.iter().filter(|item| item.ends_with(name));
    let item = found.next().unwrap_or_else(|| panic!("no {name} among {items:?}")).clone();
    assert_eq!(found.next(), None, "more than one {name}");
    item
}

#[test]
fn bases_and_kernels_stand_side_by_side_and_none_changes_another() {
    let place = Place::new();
    let newer = tree_of_release(&place, "1.1-RELEASE");
    let declarations = [
        place.declaration("first", &[]),
        place.declaration("kernel", &[OWN_KERNEL]),
        place.declaration("base", &[(TREE, &newer)]),
    ];
    let mut systems = Vec::new();
    let mut known = BTreeMap::new();
    for declaration in &declarations {
        systems.push(place.system("reconfigure", declaration, &[]).line());
        let now = contents(&place, &systems);
        let changed: Vec<_> = known.iter().filter(|(item, digest)| now.get(*item) != Some(digest)).collect();
        assert!(changed.is_empty(), "{changed:?}");
        known = now;
    }

    let [first, kernel, base] = [0, 1, 2].map(|index| place.requisites(&systems[index]));
    let [world, other_world] = [&kernel, &base].map(|items| item_named(items, "-freebsd-world"));
    assert_eq!(item_named(&first, "-freebsd-world"), world, "another kernel takes the world that is there");
    assert_ne!(world, other_world);
    let kernels = [&first, &kernel, &base].map(|items| item_named(items, "-freebsd-kernel"));
    assert_eq!(BTreeSet::from(kernels).len(), 3);

    // Whichever is the current one, all of them are whole, and each of them is there to go back to.
    for step in ["1", "2", "3", "-1"] {
        place.run(&["system", "switch-generation", step]).success();
        assert!(contents(&place, &systems) == known, "after switch-generation {step}");
    }
    for (declaration, system) in declarations.iter().zip(&systems) {
        let again = place.system("reconfigure", declaration, &["--allow-downgrades", "--dry-run"]);
        assert_eq!(
            (again.success(), again.stderr.contains("nothing to build")),
            ("", true),
            "{}",
            again.stderr
        );
        let again = place.system("reconfigure", declaration, &["--allow-downgrades"]);
        assert_eq!(&again.line(), system);
    }
    assert!(contents(&place, &systems) == known);
    place.run(&["store", "verify", "--check-contents"]).success();
}
