//! Lists the Scheme modules of `scheme/`, so that they are embedded into the program, and gives the program a name of
//! its own, `FRUIX_BUILD`, that changes with anything it is made of, and the commit that it is made from.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// What the program is made of, besides the compiler and its target.
const SOURCES: [&str; 5] = ["src", "scheme", "Cargo.toml", "Cargo.lock", "build.rs"];

/// What else decides what it does: variables that Cargo sets for this script.
const VARIABLES: [&str; 5] = ["TARGET", "PROFILE", "OPT_LEVEL", "RUSTC", "CARGO_PKG_VERSION"];

fn main() -> io::Result<()> {
    let manifest_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let root = manifest_dir.join("scheme");
    println!("cargo::rustc-env=FRUIX_BUILD={:016x}", build(&manifest_dir)?);
    println!("cargo::rustc-env=FRUIX_REVISION={}", revision(&manifest_dir).unwrap_or_default());
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "scm"));
    let mut list = String::from("&[\n");
    for file in files {
        let key = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
        list += &format!("    ({key:?}, include_str!({:?})),\n", file.display().to_string());
    }
    list += "]\n";
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(out.join("scheme_modules.rs"), list)
}

/// A digest that tells this build from others. Nobody gains by making two the same.
fn build(manifest_dir: &Path) -> io::Result<u64> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&manifest_dir.join(source), &mut files)?;
    }
    let mut digest = DefaultHasher::new();
    for file in files {
        let contents = fs::read(&file)?;
        let name = file.strip_prefix(manifest_dir).unwrap_or(&file).as_os_str().as_encoded_bytes();
        for part in [name, &contents] {
            digest.write_usize(part.len());
            digest.write(part);
        }
    }
    for variable in VARIABLES {
        digest.write(env::var_os(variable).unwrap_or_default().as_encoded_bytes());
    }
    Ok(digest.finish())
}

/// The commit that the sources are at, with `-dirty` where they differ from it; `None` where they are in no repository
/// of their own. It is as old as this build: a commit that changes no source makes no other program.
fn revision(manifest_dir: &Path) -> Option<String> {
    let git = |args: &[&str]| {
        let output = Command::new("git").arg("-C").arg(manifest_dir).args(args).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let is_own = git(&["rev-parse", "--show-prefix"])?.is_empty();
    let commit = git(&["rev-parse", "--verify", "HEAD"]).filter(|_| is_own)?;
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(SOURCES);
    let dirty = if git(&status)?.is_empty() { "" } else { "-dirty" };
    Some(commit + dirty)
}

/// The files at and below a path, in order.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", path.display());
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| collect(entry, files))
}
