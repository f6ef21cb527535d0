//! Looking after the store, by users who may not write it.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::PathBuf,
    process::Stdio,
    time::UNIX_EPOCH,
};

use fruix::{profile::Profile, store::Store, store_path::StorePath};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::fixture::{ALICE, BOB, Daemon, home, stderr, wait_until};

/// Adds a file with a user's words, and gives its item.
fn add(daemon: &Daemon, user: u32, name: &str, text: &str) -> StorePath {
    let file = home(daemon.root.path(), user).join(name);
    fs::write(&file, text).unwrap();
    StorePath::from_absolute(&daemon.output(user, &["store", "add", file.to_str().unwrap()])).unwrap()
}

/// Changes what an item holds, as a failing disk would.
fn damage(daemon: &Daemon, item: &StorePath) {
    let file = daemon.layout().physical(item);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(&file, "damaged").unwrap();
}

#[test]
fn everybody_may_look_for_damage_and_who_is_trusted_mends_it() {
    let Some(daemon) = Daemon::start(&format!("trusted-users = {BOB}\n")) else { return };
    let (good, bad) = (add(&daemon, ALICE, "good", "good"), add(&daemon, ALICE, "bad", "bad"));
    assert_eq!(daemon.output(ALICE, &["store", "verify", "--check-contents"]), "");
    damage(&daemon, &bad);
    assert_eq!(daemon.output(ALICE, &["store", "verify"]), "", "contents are read only when that is wanted");
    let verify = |user, args: &[&str]| {
        let output = daemon.fruix(user, &[&["store", "verify"], args].concat()).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned(), stderr(&output))
    };
    let modified = format!("modified {bad}\n");
    for args in [&["--check-contents"][..], &[bad.base_name()]] {
        let (succeeded, found, said) = verify(ALICE, args);
        assert!(!succeeded && found == modified && said.contains("1 damaged"), "{found}{said}");
    }
    assert_eq!(verify(ALICE, &[good.base_name()]).1, "");
    let (succeeded, _, refusal) = verify(ALICE, &["--check-contents", "--repair"]);
    assert!(!succeeded && refusal.contains("for trusted users alone"), "{refusal}");
    assert!(daemon.layout().physical(&bad).exists());
    let (_, found, said) = verify(BOB, &["--check-contents", "--repair"]);
    assert!(found == modified && said.contains("it is made again when it is next needed"), "{found}{said}");
    assert!(!daemon.layout().physical(&bad).exists());
    assert_eq!(add(&daemon, ALICE, "bad", "bad"), bad);
    assert_eq!(daemon.output(ALICE, &["store", "verify", "--check-contents"]), "");
}

#[test]
fn what_is_gone_is_found_without_reading_anything() {
    let Some(daemon) = Daemon::start("") else { return };
    let (gone, forgotten) = (add(&daemon, ALICE, "gone", "1"), add(&daemon, ALICE, "forgotten", "2"));
    fs::remove_file(daemon.layout().physical(&gone)).unwrap();
    let facts = daemon.layout().facts_dir().join(format!("{}.json", forgotten.base_name()));
    fs::remove_file(&facts).unwrap();
    let output = daemon.fruix(BOB, &["store", "verify"]).output().unwrap();
    let found = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && found.lines().count() == 2, "{found}");
    assert!(found.contains(&format!("missing {gone}")), "{found}");
    assert!(found.contains(&format!("unusable facts about {forgotten}")), "{found}");
    daemon.failure(0, &["store", "verify", "--repair", "--daemon-socket", daemon.socket().to_str().unwrap()]);
    let written: serde_json::Value = serde_json::from_slice(&fs::read(&facts).unwrap()).unwrap();
    assert_eq!(written["path"], forgotten.to_string());
    assert_eq!(daemon.output(BOB, &["store", "verify", forgotten.base_name()]), "");
}

#[test]
fn everybody_may_share_files_and_delete_garbage() {
    let Some(daemon) = Daemon::start("") else { return };
    let (one, two) = (add(&daemon, ALICE, "one", "the same"), add(&daemon, BOB, "two", "the same"));
    daemon.output(BOB, &["store", "optimise"]);
    let inode = |item| fs::metadata(daemon.layout().physical(item)).unwrap().ino();
    assert_eq!(inode(&one), inode(&two));
    let listed = |user, what| daemon.output(user, &["store", "gc", what]);
    assert_eq!(listed(BOB, "--list-dead").lines().count(), 2);
    assert_eq!(listed(BOB, "--dry-run"), listed(BOB, "--list-dead"));
    assert_eq!(listed(BOB, "--list-live"), "");
    assert!(daemon.failure(BOB, &["store", "why-live", one.base_name()]).contains("nothing keeps"));
    daemon.output(BOB, &["store", "delete", one.base_name()]);
    assert!(!daemon.store().is_valid(&one).unwrap() && daemon.store().is_valid(&two).unwrap());
    assert!(daemon.failure(BOB, &["store", "delete", one.base_name()]).contains("is not in the store"));
    daemon.output(BOB, &["store", "gc", "--max-freed", "1G"]);
    assert!(!daemon.store().is_valid(&two).unwrap());
    assert!(daemon.failure(BOB, &["store", "rebuild-database"]).contains("for the user alone whose store"));
}

#[test]
fn a_users_own_caches_are_collected_too() {
    let Some(daemon) = Daemon::start("") else { return };
    add(&daemon, ALICE, "item", "contents");
    let own = home(daemon.root.path(), ALICE).join(".local/share/fruix/frx/var/fruix/cache/images");
    let images = [own, daemon.layout().cache_dir().join("images")].map(|directory| {
        fs::create_dir_all(&directory).unwrap();
        let image = directory.join("old.img");
        let times = fs::FileTimes::new().set_accessed(UNIX_EPOCH).set_modified(UNIX_EPOCH);
        fs::File::create(&image).unwrap().set_times(times).unwrap();
        image
    });
    std::os::unix::fs::chown(images[0].parent().unwrap(), Some(ALICE), Some(ALICE)).unwrap();
    let shown = daemon.output(ALICE, &["store", "gc", "--dry-run"]);
    assert!(images.iter().all(|image| shown.contains(image.to_str().unwrap())), "{shown}");
    let collected = daemon.output(ALICE, &["store", "gc", "--json"]);
    assert!(collected.contains("\"spares\": 2"), "{collected}");
    assert!(images.iter().all(|image| !image.exists()));
}

#[test]
fn what_keeps_an_item_is_told_to_whoever_keeps_it() {
    let Some(daemon) = Daemon::start("") else { return };
    let text = "(computed-file \"kept\" #~(write-file #$output \"kept\"))";
    let kept = daemon.output(ALICE, &["build", "-e", text, "--out-link", "secret-project"]);
    let link = home(daemon.root.path(), ALICE).join("secret-project");
    let link = link.to_str().unwrap();
    let roots = |user| daemon.output(user, &["store", "gc", "--list-roots"]);
    assert_eq!(roots(ALICE), format!("{link} -> {kept}"));
    assert_eq!(roots(0), format!("{link} -> {kept}"));
    assert_eq!(roots(BOB), format!("{{of another user}} -> {kept}"));
    assert!(daemon.output(ALICE, &["store", "why-live", &kept]).starts_with(link));
    assert!(daemon.output(BOB, &["store", "why-live", "--json", &kept]).contains("foreign"));
    let refusal = daemon.failure(BOB, &["store", "delete", &kept]);
    assert!(refusal.contains("is in use: {of another user}") && !refusal.contains("secret"), "{refusal}");
}

#[test]
fn generations_and_settings_are_for_the_trusted() {
    let Some(daemon) = Daemon::start(&format!("trusted-users = {BOB}\n")) else { return };
    let item = add(&daemon, ALICE, "system", "a system");
    let profile = Profile::system(&daemon.layout());
    for _ in 0..2 {
        let number = profile.add(&item).unwrap().number;
        profile.switch(number).unwrap();
    }
    let generations = || profile.generations().unwrap().len();
    let delete = ["store", "gc", "--delete-generations", "1"];
    daemon.output(ALICE, &[&delete[..], &["--dry-run"]].concat());
    assert!(daemon.failure(ALICE, &delete).contains("for trusted users alone"));
    assert_eq!(generations(), 2);
    daemon.output(BOB, &delete);
    assert_eq!(generations(), 1);
    assert!(daemon.failure(BOB, &["store", "gc", "--delete-generations", "2"]).contains("current"));

    // A derivation that nothing keeps but its output.
    let text = "(computed-file \"kept\" #~(write-file #$output \"kept\"))";
    let kept = daemon.output(ALICE, &["build", "-e", text, "--out-link", "result"]);
    let drv = daemon.store().path_info(&StorePath::from_absolute(&kept).unwrap()).unwrap().deriver.unwrap();
    let collect = ["--option", "keep-derivations", "false", "store", "gc"];
    let refusal = daemon.failure(ALICE, &collect);
    assert!(refusal.contains("settings") && refusal.contains("trusted users alone"), "{refusal}");
    assert!(daemon.store().is_valid(&drv).unwrap());
    let own = daemon.failure(BOB, &["--option", "trusted-users", "*", "store", "gc"]);
    assert!(own.contains("about the daemon as a whole"), "{own}");
    let misspelt = daemon.failure(BOB, &["--option", "keep-derivation", "false", "store", "gc"]);
    assert!(misspelt.contains("did you mean `keep-derivations`?"), "{misspelt}");
    daemon.output(BOB, &collect);
    assert!(!daemon.store().is_valid(&drv).unwrap());
    assert!(daemon.store().is_valid(&StorePath::from_absolute(&kept).unwrap()).unwrap());
}

#[test]
fn whoever_goes_takes_the_wait_for_other_collectors_with_them() {
    let Some(daemon) = Daemon::start("") else { return };
    let item = add(&daemon, ALICE, "garbage", "garbage");
    let lock = daemon.layout().collector_lock();
    let collector = fruix::util::lock::FileLock::try_acquire(&lock).unwrap().expect("nobody collects");
    let start = || {
        let mut gc = daemon.fruix(BOB, &["store", "gc"]);
        gc.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let threads = || fs::read_dir(format!("/proc/{}/task", daemon.id())).unwrap().count();
    wait_until("nobody is served", || threads() == 1);
    let mut killed = start();
    let stopped = start();
    // For each a connection and its listener.
    wait_until("both wait", || threads() == 5);
    killed.kill().unwrap();
    killed.wait().unwrap();
    kill(Pid::from_raw(i32::try_from(stopped.id()).unwrap()), Signal::SIGINT).unwrap();
    let stopped = stopped.wait_with_output().unwrap();
    assert!(!stopped.status.success() && stderr(&stopped).contains("interrupted"), "{}", stderr(&stopped));
    wait_until("the daemon does nothing for them any more", || threads() == 1);
    drop(collector);
    assert!(daemon.store().is_valid(&item).unwrap());
    daemon.output(BOB, &["store", "gc"]);
    assert!(!daemon.store().is_valid(&item).unwrap());
}

#[test]
fn whoever_may_not_even_read_the_store_asks_about_it() {
    let Some(daemon) = Daemon::start("") else { return };
    let item = add(&daemon, ALICE, "item", "contents");
    assert!(Store::open_to_read(daemon.layout()).is_ok());
    let db: PathBuf = daemon.layout().db().parent().unwrap().into();
    assert_eq!(fs::metadata(db).unwrap().mode() & 0o077, 0, "only its owner sees the database");
    for args in [&["store", "path-info"][..], &["store", "requisites"], &["store", "verify"]] {
        daemon.output(BOB, &[args, &[item.base_name()]].concat());
    }
    assert_eq!(daemon.output(BOB, &["store", "referrers", item.base_name()]), "");
}
