//! Builders that are other users than the one who runs fruix.

use std::{
    fs,
    ops::RangeInclusive,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    sync::Arc,
};

use fruix::build::{Options, users::BuildUsers};

use super::fixture::Fixture;

/// No other test's.
const IDS: RangeInclusive<u32> = 1_920_000_000..=1_920_000_001;

/// Nothing outside of the tests' own: `None`, and said so, where it cannot be tried.
fn options(fixture: &Fixture, locks: &Path) -> Option<Options> {
    if !nix::unistd::geteuid().is_root() {
        eprintln!("skipped: only root may become another user");
        return None;
    }
    // Build users enter it.
    fs::set_permissions(fixture.root.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let users = Arc::new(BuildUsers::new(IDS, locks).unwrap());
    Some(Options { users: Some(users), ..Fixture::options() })
}

#[test]
fn a_build_user_is_nobody_inside_and_outside() {
    let fixture = Fixture::new();
    let locks = tempfile::tempdir().unwrap();
    let Some(options) = options(&fixture, locks.path()) else { return };
    let script = "mkdir -p $out/sub; cp /proc/self/uid_map $out/sub/map; id -u > $out/id; ln -s id $out/link
        chmod 0777 $out/sub; touch /build/left /tmp/left";
    let (drv, derivation) = fixture.add("who", fixture.script(script));
    fixture.realise(&[&drv], &options).unwrap();
    let out = fixture.physical(&derivation, "out");
    assert_eq!(fs::read_to_string(out.join("id")).unwrap(), "1000\n");
    let map = fs::read_to_string(out.join("sub/map")).unwrap();
    let outside: u32 = map.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(IDS.contains(&outside), "{map}");
    for place in ["", "id", "sub", "sub/map", "link"] {
        let metadata = fs::symlink_metadata(out.join(place)).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (0, 0), "{place}");
    }
    assert_eq!(fixture.store.verify(derivation.outputs["out"].path.as_ref().unwrap()).unwrap(), None);
    assert!(fixture.leftovers().is_empty());
    assert_eq!(fs::read_dir(locks.path()).unwrap().count(), 0);
}

#[test]
fn the_result_is_that_of_any_other_user() {
    let fixture = Fixture::new();
    let other = Fixture::new();
    let locks = tempfile::tempdir().unwrap();
    let Some(options) = options(&fixture, locks.path()) else { return };
    let script = "mkdir $out; id > $out/id; env > $out/env
        stat -c '%n %u %g %a' / /etc /etc/passwd /build /tmp /frx/store > $out/stat";
    let (drv, derivation) = fixture.add("same", fixture.script(script));
    fixture.realise(&[&drv], &options).unwrap();
    let own = other.build("same", other.script(script)).unwrap();
    let theirs = fixture.physical(&derivation, "out");
    for file in ["id", "env", "stat"] {
        let read = |root: &Path| fs::read_to_string(root.join(file)).unwrap();
        assert_eq!(read(&own), read(&theirs), "{file}");
    }
}

#[test]
fn what_a_failed_build_leaves_belongs_to_whoever_keeps_it() {
    let fixture = Fixture::new();
    let locks = tempfile::tempdir().unwrap();
    let Some(options) = options(&fixture, locks.path()) else { return };
    let options = Options { keep_failed: true, ..options };
    let (drv, _) =
        fixture.add("fails", fixture.script("mkdir -m 0777 /build/open; echo x > /build/open/file; exit 3"));
    fixture.realise(&[&drv], &options).unwrap_err();
    let kept = fixture.store.layout().var_dir().join("failed").join(drv.base_name().trim_end_matches(".drv"));
    for (place, mode) in [("", 0o700), ("build/open", 0o700), ("build/open/file", 0o644)] {
        let metadata = fs::metadata(kept.join(place)).unwrap();
        assert_eq!((metadata.uid(), metadata.mode() & 0o7777), (0, mode), "{place}");
    }
}
