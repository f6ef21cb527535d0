//! Whole systems, built by a user who may not write the store.

use std::{
    fs,
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use fruix::store_path::StorePath;

use super::fixture::{ALICE, BOB, Daemon, SETTINGS, home, stderr};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// The miniature tree and the declaration of its system, as files of the user's.
fn declaration(daemon: &Daemon) -> PathBuf {
    let place = home(daemon.root.path(), ALICE);
    for directory in ["system-configs", "examples"] {
        let from = Path::new(REPOSITORY).join(directory);
        assert!(Command::new("cp").arg("-r").arg(from).arg(&place).status().unwrap().success());
    }
    let owner = format!("{ALICE}:{ALICE}");
    let below = [place.join("system-configs"), place.join("examples")];
    assert!(Command::new("chown").args(["-R", &owner]).args(&below).status().unwrap().success());
    // Nobody else is to see them: what the daemon needs is sent to it.
    fs::set_permissions(place.join("examples"), fs::Permissions::from_mode(0o700)).unwrap();
    place.join("system-configs/tiny.scm")
}

#[test]
fn a_system_is_built_and_imaged_and_kept_by_whoever_wants_it() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let declaration = declaration(&daemon);
    let declaration = declaration.to_str().unwrap();
    let place = home(daemon.root.path(), ALICE);
    let planned = daemon.output(ALICE, &["system", "build", "--dry-run", declaration]);
    assert_eq!(planned.lines().count(), 4, "{planned}");
    let system = daemon.output(ALICE, &["system", "build", declaration, "--out-link", "system"]);
    let item = StorePath::from_absolute(&system).unwrap();
    assert!(daemon.store().verify(&item).unwrap().is_none());
    assert_eq!(fs::read_link(place.join("system")).unwrap(), daemon.layout().physical(&item));

    daemon.output(ALICE, &["system", "image", declaration, "--output", "disk.img"]);
    let cached = PathBuf::from(daemon.output(ALICE, &["system", "image", declaration]));
    assert!(cached.starts_with(&place), "caches are the user's own: {}", cached.display());
    for image in [&place.join("disk.img"), &cached] {
        assert_eq!(fs::metadata(image).unwrap().uid(), ALICE);
    }
    let same = Command::new("cmp").arg(place.join("disk.img")).arg(&cached).status().unwrap();
    assert!(same.success());

    // The link keeps it, and nothing else does.
    daemon.output(BOB, &["store", "gc"]);
    assert!(daemon.store().is_whole(&item).unwrap());
    let chain = daemon.output(ALICE, &["store", "why-live", &system]);
    assert!(chain.starts_with(place.join("system").to_str().unwrap()), "{chain}");
    fs::remove_file(place.join("system")).unwrap();
    daemon.output(BOB, &["store", "gc"]);
    assert!(!daemon.store().is_valid(&item).unwrap());
    assert_eq!(daemon.leftovers(), 0);
}

#[test]
fn the_repl_builds_through_the_daemon() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let mut repl = daemon.fruix(ALICE, &["repl"]);
    let mut repl = repl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let text = ",build (computed-file \"looked-into\" #~(write-file #$output \"text\"))\n";
    repl.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = repl.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
    let built = said.lines().find(|line| line.ends_with("-looked-into")).unwrap_or_else(|| panic!("{said}"));
    assert!(daemon.store().is_valid(&StorePath::from_absolute(built).unwrap()).unwrap());
}

#[test]
fn a_link_keeps_an_item_only_for_whoever_made_it() {
    let Some(daemon) = Daemon::start("") else { return };
    let text = "(computed-file \"kept\" #~(write-file #$output \"kept\"))";
    let place = home(daemon.root.path(), BOB);
    let kept = daemon.output(BOB, &["build", "-e", text, "--out-link", "result"]);
    let kept = daemon.layout().physical(&StorePath::from_absolute(&kept).unwrap());
    let roots = daemon.layout().indirect_roots_dir();
    let registered = || fs::read_dir(&roots).unwrap().count();
    assert_eq!(registered(), 1);
    // A link of another user's, one to no item, what is no link, and names that are not the kernel's.
    symlink("/etc", place.join("etc")).unwrap();
    symlink(&kept, place.join("by-root")).unwrap();
    symlink(&place, daemon.root.path().join("by-another-way")).unwrap();
    fs::write(place.join("file"), "").unwrap();
    let register = |user, link: &Path| {
        let test = "systems::register_a_root";
        let output = daemon.test_with(user, test, &[("FRUIX_TEST_LINK", link.as_os_str())]);
        (output.status.success(), stderr(&output))
    };
    let others =
        ["etc", "by-root", "file", "missing", "../home-1930000002/result"].map(|name| place.join(name));
    for link in others.iter().chain([&daemon.root.path().join("by-another-way/result")]) {
        let (registered, said) = register(BOB, link);
        assert!(!registered && said.contains("is no link of yours"), "{}: {said}", link.display());
    }
    assert!(!register(ALICE, &place.join("result")).0);
    assert_eq!(registered(), 1);
    assert!(register(BOB, &place.join("result")).0);
    assert_eq!(registered(), 1);
}

/// Only does what another test wants to see.
#[test]
fn register_a_root() {
    use fruix::store::StoreAccess;
    let Some(link) = std::env::var_os("FRUIX_TEST_LINK") else { return };
    let client = super::users::client().expect("another test calls it");
    if let Err(error) = client.register_root(Path::new(&link)) {
        panic!("{error}");
    }
}
