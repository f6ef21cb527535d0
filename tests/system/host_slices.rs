//! A base taken from a directory that holds an installed FreeBSD, as a whole and slice by slice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::place::Place;
use super::release_sets::{metalog, sets};

const WORLD: &str = "(freebsd-world (source source) (toolchain tools))";
const KERNEL: &str = "(freebsd-kernel (source source) (kernconf \"TINY\") (modules 'none) (toolchain tools))";

/// A header that no world has which was built here.
const HEADER: &str = "usr/include/host.h";

/// What a system says of itself, in this file.
fn read(place: &Place, system: &str, file: &str) -> Value {
    serde_json::from_slice(&fs::read(place.physical(system).join(file)).unwrap()).unwrap()
}

/// A directory with the shared system's base installed, as an ordinary user unpacks its sets.
fn host(place: &Place, built: &str, name: &str) -> PathBuf {
    let host = place.file(name);
    fs::create_dir(&host).unwrap();
    for (set, _) in sets(place, &format!("sets of {name}")) {
        let unpacked = Command::new("tar").arg("-C").arg(&host).arg("-xJf").arg(&set).status().unwrap();
        assert!(unpacked.success());
    }
    fs::create_dir_all(host.join("usr/include")).unwrap();
    fs::write(host.join(HEADER), "host").unwrap();
    let parameters = read(place, built, "parameters.json");
    let log = ["world", "kernel"].map(|part| {
        let item = parameters[part].as_str().unwrap().trim_end_matches("/boot/kernel");
        fs::read_to_string(place.physical(item).join("METALOG")).unwrap()
    });
    fs::write(host.join("METALOG"), log.concat()).unwrap();
    host
}

fn installed(host: &Path) -> String {
    format!("(installed-freebsd (path \"{}\"))", host.display())
}

#[test]
fn a_base_of_an_installation_is_what_is_installed() {
    let (place, built) = Place::shared();
    let host = installed(&host(place, built, "a host"));
    let system = place.built("of-host", &[(WORLD, &host), (KERNEL, &host)]);
    for field in ["world", "kernel"] {
        assert_eq!(metalog(place, &system, field), metalog(place, built, field), "{field}");
    }
    let base = &read(place, &system, "metadata/provenance.json")["base"];
    assert_eq!(["world", "kernel", "boot"].map(|part| &base[part]["class"]), ["host"; 3], "{base}");
}

#[test]
fn slices_of_three_origins_make_one_base() {
    let (place, built) = Place::shared();
    let host = host(place, built, "another host");
    for path in ["etc/services", "lib/libtiny.so.1", "boot/kernel/kernel"] {
        // A file of its own, for others may be names of the same.
        fs::remove_file(host.join(path)).unwrap();
        fs::write(host.join(path), "host").unwrap();
    }
    fs::write(host.join(HEADER), "of the mix").unwrap();
    let [(base_set, digest), _] = sets(place, "sets of the mix");
    let mix = format!(
        "{WORLD}) (userland {0}) (headers {0}) (libraries (release-set (url \"file://{base_set}\") (sha256 \
         \"{digest}\"))",
        installed(&host)
    );
    let edits =
        [("(fruix freebsd kernel)", "(fruix freebsd kernel) (fruix freebsd release)"), (WORLD, &*mix)];
    let system = place.built("mix", &edits);
    let (mixed, native) = (read(place, &system, "parameters.json"), read(place, built, "parameters.json"));
    assert_eq!(mixed["kernel"], native["kernel"]);
    let content = |parameters: &Value, path: &str| {
        let world = parameters["world"].as_str().unwrap();
        fs::read(place.physical(world).join(path)).unwrap()
    };
    assert_eq!(content(&mixed, "etc/services"), b"host");
    for path in ["lib/libtiny.so.1", "boot/loader.efi"] {
        assert_eq!(content(&mixed, path), content(&native, path), "{path}");
    }
    assert_eq!(metalog(place, &system, "world"), metalog(place, built, "world"));

    // What is built against the base is no part of a system.
    let store = place.root().join("frx/store");
    let items = fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path());
    let mut developing = items.filter(|item| item.to_str().unwrap().ends_with("-freebsd-world-dev"));
    assert!(developing.any(|item| fs::read(item.join(HEADER)).is_ok_and(|text| text == b"of the mix")));

    let base = &read(place, &system, "metadata/provenance.json")["base"];
    let classes =
        ["world", "kernel", "boot", "userland", "libraries", "headers"].map(|part| &base[part]["class"]);
    assert_eq!(classes, ["native", "native", "native", "host", "fetched", "host"], "{base}");
}
