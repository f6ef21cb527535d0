//! What is built, what is not built again, and what a closure holds.

use std::{collections::BTreeSet, fs, path::Path};

use fruix::{nar, util::fs::remove_tree};

use super::place::{Edit, OWN_KERNEL, Place};

/// The names of what a dry run would build, and what it says the system would be.
fn planned(name: &str, edits: &[Edit<'_>]) -> (BTreeSet<String>, String) {
    let (place, _) = Place::shared();
    let run = place.system("build", &place.declaration(name, edits), &["--dry-run", "--json"]);
    let json: serde_json::Value = serde_json::from_str(run.success()).unwrap();
    let names = json["build"].as_array().unwrap().iter().map(|drv| name_of(drv.as_str().unwrap()).to_owned());
    (names.collect(), json["system"].as_str().unwrap().to_owned())
}

/// What follows the digest of a store path.
fn name_of(item: &str) -> &str {
    item.trim_start_matches("/frx/store/").split_once('-').unwrap().1
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn what_is_built_is_not_built_again() {
    let (place, system) = Place::shared();
    assert!(system.starts_with("/frx/store/") && system.ends_with("-system-tiny"), "{system}");
    assert_eq!(planned("again", &[]), (BTreeSet::new(), system.clone()));
    let run = place.system("build", &place.declaration("again", &[]), &["--json"]);
    assert_eq!(run.success(), format!("{{\"system\":\"{system}\"}}\n"));
    assert_eq!(run.stderr, "", "nothing is built and nothing said");
}

#[test]
fn images_and_machines_say_what_they_would_build() {
    let (place, _) = Place::shared();
    let declaration = place.declaration("planned", &[("(host-name \"tiny\")", "(host-name \"planned\")")]);
    for verb in ["image", "vm"] {
        let run = place.system(verb, &declaration, &["--dry-run"]);
        assert!(run.line().ends_with("-system-planned.drv"), "{}", run.stdout);
        assert_eq!(run.stderr, "1 to build\n");
    }
}

#[test]
fn each_part_depends_on_what_affects_it_and_no_more() {
    let host_name: Edit<'_> = ("(host-name \"tiny\")", "(host-name \"other\")");
    let user: Edit<'_> = ("(loader", "(users (list (user-account (name \"ada\") (uid 1001)))) (loader");
    let option: Edit<'_> = ("(world (freebsd-world", "(world (freebsd-world (options '(WITHOUT_TOOLCHAIN))");
    assert_eq!(planned("kernel", &[OWN_KERNEL]).0, set(&["freebsd-kernel.drv", "system-tiny.drv"]));
    assert_eq!(planned("host-name", &[host_name]).0, set(&["system-other.drv"]));
    assert_eq!(planned("user", &[user]).0, set(&["system-tiny.drv"]));
    let world = set(&["freebsd-boot.drv", "freebsd-world.drv", "system-tiny.drv"]);
    assert_eq!(planned("option", &[option]).0, world);
}

#[test]
fn a_closure_has_neither_source_nor_tools() {
    let (place, system) = Place::shared();
    let requisites = place.requisites(system);
    let names: BTreeSet<String> = requisites.iter().map(|item| name_of(item).to_owned()).collect();
    for part in ["freebsd-world", "freebsd-kernel", "freebsd-boot", "system-tiny"] {
        assert!(names.contains(part), "{names:?}");
    }
    for other in &names {
        let outside = ["freebsd-source", "host-toolchain", "freebsd-world-dev", "freebsd-world-debug"];
        assert!(!outside.contains(&other.as_str()) && !other.ends_with(".drv"), "{names:?}");
    }
}

/// The marks of hashed passwords and of private keys.
const SECRETS: [&[u8]; 6] = [b"$2a$", b"$2b$", b"$5$", b"$6$", b"$y$", b"PRIVATE KEY"];

fn assert_no_secret(path: &Path) {
    let bytes = fs::read(path).unwrap();
    for secret in SECRETS {
        let first = secret[0];
        let found = bytes.iter().enumerate().filter(|(_, byte)| **byte == first);
        let found = found.map(|(at, _)| at).find(|at| bytes[*at..].starts_with(secret));
        assert_eq!(found, None, "{} has {}", path.display(), String::from_utf8_lossy(secret));
    }
}

fn files_below(path: &Path, found: &mut Vec<std::path::PathBuf>) {
    let kind = fs::symlink_metadata(path).unwrap();
    if kind.is_file() {
        found.push(path.to_owned());
    } else if kind.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| files_below(&entry.unwrap().path(), found));
    }
}

#[test]
fn no_secret_is_in_the_closure_or_the_image() {
    let (place, system) = Place::shared();
    let mut files = Vec::new();
    for item in place.requisites(system) {
        files_below(&place.physical(&item), &mut files);
    }
    assert!(files.len() > 30, "only {} files seen", files.len());
    files.iter().for_each(|file| assert_no_secret(file));
    let image = place.system("image", &place.declaration("secrets", &[]), &[]).line();
    assert_no_secret(Path::new(&image));
}

/// A NAR knows no hard links: the METALOG does, and the names lead to one file still.
#[test]
fn link_groups_of_a_world_survive_dump_and_restore() {
    let (place, system) = Place::shared();
    let requisites = place.requisites(system);
    let world = requisites.iter().find(|item| name_of(item) == "freebsd-world").unwrap();
    let archive = place.fruix(&["store", "dump", world]).output().unwrap();
    assert!(archive.status.success());
    let restored = place.file("restored");
    nar::restore(archive.stdout.as_slice(), &restored).unwrap();

    let metalog = fs::read_to_string(restored.join("METALOG")).unwrap();
    assert_eq!(metalog, fs::read_to_string(place.physical(world).join("METALOG")).unwrap());
    let links = metalog.lines().filter_map(|line| {
        let (name, keys) = line.split_once(' ')?;
        let first = keys.split(' ').find_map(|key| key.strip_prefix("tags=hardlink="))?;
        Some((restored.join(name), restored.join(first)))
    });
    let mut count = 0;
    for (name, first) in links {
        assert_eq!(fs::canonicalize(&name).unwrap(), fs::canonicalize(&first).unwrap(), "{}", name.display());
        count += 1;
    }
    assert!(count > 10, "only {count} links");
    assert!(metalog.contains("./rescue/sh type=file"), "{metalog}");
    remove_tree(&restored).unwrap();
}
