//! A builder whose code changes gets a new version, or says why it needs none.
//!
//! Derivations carry the version of their builder, so that a store does not take the results of old code for
//! those of new code. `builder-versions.json` holds, per builder, the version and a digest of the sources as
//! they were when the version was last thought about.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use fruix::{builders, hash::Sha256};
use serde::{Deserialize, Serialize};

const UPDATE: &str = "FRUIX_UPDATE_BUILDER_VERSIONS";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Record {
    /// The builder's `VERSION`.
    version: String,
    /// Files and directories, relative to the project, on whose code the builder's results depend.
    sources: Vec<PathBuf>,
    /// Of the sources without comments, blank lines and tests.
    digest: String,
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| rust_files(&entry.unwrap().path(), found));
    } else if path.file_name().is_some_and(|name| name != "tests.rs") {
        found.push(path.to_owned());
    }
}

/// The text that makes a difference: no comments, no blank lines, no tests.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn digest(sources: &[PathBuf]) -> String {
    let mut files = Vec::new();
    for source in sources {
        let path = project().join(source);
        assert!(path.exists(), "{} is not there: mend tests/builder-versions.json", path.display());
        rust_files(&path, &mut files);
    }
    files.sort();
    let texts = files.iter().map(|path| {
        let name = path.strip_prefix(project()).unwrap().display();
        format!("{name}\n{}", code(&fs::read_to_string(path).unwrap()))
    });
    Sha256::of(texts.collect::<String>()).hex()
}

#[test]
fn a_builder_changes_with_its_version() {
    let path = project().join("tests/builder-versions.json");
    let records: BTreeMap<String, Record> =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let known: Vec<_> = records.keys().map(String::as_str).collect();
    let mut names = builders::names();
    names.sort_unstable();
    assert_eq!(names, known, "builders and tests/builder-versions.json differ: add the builder there");

    let current: BTreeMap<String, Record> = records
        .iter()
        .map(|(name, record)| {
            let version = builders::version(name).unwrap().to_owned();
            (name.clone(), Record { version, digest: digest(&record.sources), ..record.clone() })
        })
        .collect();
    if env::var_os(UPDATE).is_some() {
        fs::write(&path, serde_json::to_string_pretty(&current).unwrap() + "\n").unwrap();
        return;
    }
    let changed: Vec<_> =
        current.iter().filter(|(name, record)| records[*name] != **record).map(|(name, _)| name).collect();
    assert!(
        changed.is_empty(),
        "the code of these builders is not what its version was given for: {changed:?}\n\
         If their results may differ, change their VERSION. Then, in either case, say that you have thought \
         about it:\n    {UPDATE}=1 cargo test --test builder_versions"
    );
}

#[test]
fn comments_and_tests_make_no_difference() {
    let plain = "fn a() {}\n";
    assert_eq!(code("//! About.\n\n/// Says a.\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n}\n"), plain);
    assert_ne!(code("fn a() { b() }\n"), plain);
}
