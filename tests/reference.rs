//! The pages of `docs/reference/` say what the modules say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use fruix::eval::reference;

const UPDATE: &str = "FRUIX_UPDATE_REFERENCE";

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference")
}

/// The pages that are there, by file name.
fn written() -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(directory()) else { return BTreeMap::new() };
    let paths = entries.map(|entry| entry.expect("readable directory").path());
    paths
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a text"))
        })
        .collect()
}

#[test]
fn the_reference_is_up_to_date() {
    let pages: BTreeMap<String, String> =
        reference::pages().into_iter().map(|page| (page.file, page.text)).collect();
    assert!(pages.len() > 10, "only {} pages", pages.len());
    let written = written();
    if env::var_os(UPDATE).is_some() {
        fs::create_dir_all(directory()).expect("docs/reference");
        for stale in written.keys().filter(|file| !pages.contains_key(*file)) {
            fs::remove_file(directory().join(stale)).expect("a page is removed");
        }
        for (file, text) in &pages {
            fs::write(directory().join(file), text).expect("a page is written");
        }
        return;
    }
    let files = pages.keys().chain(written.keys().filter(|file| !pages.contains_key(*file)));
    let stale: Vec<&String> = files.filter(|file| pages.get(*file) != written.get(*file)).collect();
    assert!(
        stale.is_empty(),
        "these pages of docs/reference are not what the modules say: {stale:?}\n\
         write them anew:\n    {UPDATE}=1 cargo test --test reference"
    );
}
