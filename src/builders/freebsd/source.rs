//! `builtin:freebsd-source`: a source tree with patches applied.
//!
//! Environment: `source`; `patches`, a list of files, applied in that order; `toolchain`, which has `patch`.
//! Output: `out`, the patched tree.

use std::{
    collections::BTreeSet,
    fs, io,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Component, Path, PathBuf},
    process::{Command, Stdio},
};

use miette::Diagnostic;
use thiserror::Error;

use super::FreebsdError;
use crate::builders::{Builder, BuilderContext, BuilderError, phase};

/// See [`Builder::version`].
const VERSION: &str = "2";

/// The builder's row in the table.
pub(in crate::builders) const BUILDER: Builder = Builder { name: "freebsd-source", version: VERSION, run };

/// Why a patch could not be applied.
#[derive(Debug, Error, Diagnostic)]
pub enum PatchError {
    #[error("cannot copy `{}` to `{}`: {source}", from.display(), to.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Copy { from: PathBuf, to: PathBuf, source: io::Error },

    #[error("cannot read the patch `{}`: {source}", path.display())]
    #[diagnostic(help("see that it exists and that you may read it"))]
    Read { path: PathBuf, source: io::Error },

    #[error("`{patch}` is no patch: it names no files")]
    #[diagnostic(help("make it with `diff -u` or `git diff`"))]
    NoFiles { patch: String },

    #[error("the patch `{patch}` changes files that the source tree does not have, such as `{missing}`")]
    #[diagnostic(help("make the patch at the top of the source tree, with `git diff` or `diff -ru`"))]
    OtherTree { patch: String, missing: String },

    #[error("cannot run patch(1): {source}")]
    #[diagnostic(help("add the package patch to the tool chain"))]
    Run { source: io::Error },

    #[error("the patch `{patch}` does not apply: {}", hunks.join("; "))]
    #[diagnostic(help("it was made for another version of these files: make it anew for this source"))]
    Refused { patch: String, hunks: Vec<String> },
}

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let out = context.output("out")?;
    phase("copy");
    copy_tree(context.path("source")?, out).map_err(FreebsdError::from)?;
    phase("patch");
    for patch in context.list("patches") {
        apply(Path::new(patch), out).map_err(FreebsdError::from)?;
    }
    Ok(())
}

/// Copies a store item, writable.
fn copy_tree(from: &Path, to: &Path) -> Result<(), PatchError> {
    let failed = |source| PatchError::Copy { from: from.to_owned(), to: to.to_owned(), source };
    let metadata = fs::symlink_metadata(from).map_err(failed)?;
    if metadata.is_symlink() {
        return fs::read_link(from).and_then(|target| symlink(target, to)).map_err(failed);
    }
    if !metadata.is_dir() {
        let mode = if metadata.permissions().mode() & 0o111 != 0 { 0o755 } else { 0o644 };
        return fs::copy(from, to)
            .and_then(|_| fs::set_permissions(to, fs::Permissions::from_mode(mode)))
            .map_err(failed);
    }
    fs::create_dir(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        copy_tree(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

/// Applies one patch to the tree, or leaves an error that names the hunks that do not fit.
fn apply(patch: &Path, tree: &Path) -> Result<(), PatchError> {
    let name = patch.file_name().unwrap_or(patch.as_os_str()).to_string_lossy().into_owned();
    let text = fs::read(patch).map_err(|source| PatchError::Read { path: patch.to_owned(), source })?;
    let strip =
        strip_level(&name, &changes(&String::from_utf8_lossy(&text)), &|path| tree.join(path).exists())?;
    let input =
        fs::File::open(patch).map_err(|source| PatchError::Read { path: patch.to_owned(), source })?;
    let output = Command::new("patch")
        .arg(format!("-p{strip}"))
        // Never ask, never take a patch for one that is applied already, leave no .orig and .rej files.
        .args(["--forward", "--batch", "--remove-empty-files", "--no-backup-if-mismatch", "--reject-file=-"])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C")
        .current_dir(tree)
        .stdin(Stdio::from(input))
        .output()
        .map_err(|source| PatchError::Run { source })?;
    let said = String::from_utf8_lossy(&output.stdout);
    eprint!("{said}{}", String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        Ok(())
    } else {
        Err(PatchError::Refused { patch: name, hunks: failures(&said) })
    }
}

/// One file that a patch changes, as its `---` and `+++` lines name it.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    /// `None` for a file that the patch makes.
    old: Option<PathBuf>,
    /// `None` for a file that the patch removes.
    new: Option<PathBuf>,
}

impl Change {
    /// Its names, those that it has, without `strip` directories.
    fn names(&self, strip: usize) -> impl Iterator<Item = PathBuf> {
        [&self.old, &self.new].into_iter().flatten().filter_map(move |name| stripped(name, strip))
    }
}

/// The files that a unified diff changes.
fn changes(patch: &str) -> Vec<Change> {
    let lines: Vec<&str> = patch.lines().collect();
    lines
        .windows(3)
        .filter_map(|window| {
            let old = window[0].strip_prefix("--- ")?;
            let new = window[1].strip_prefix("+++ ")?;
            let hunk = window[2].strip_prefix("@@ ")?;
            // `diff -N` names a file that is not there, and says only here that nothing was in it.
            let old = if hunk.starts_with("-0,0 ") { None } else { file_name(old) };
            Some(Change { old, new: file_name(new) })
        })
        .collect()
}

/// The name in a `---` or `+++` line, which a tab and a time may follow; `None` for `/dev/null`.
fn file_name(text: &str) -> Option<PathBuf> {
    let name = text.split('\t').next().unwrap_or_default().trim_end();
    (name != "/dev/null").then(|| PathBuf::from(name))
}

/// How many leading directories of the names have to go: 1 for what git writes (`a/sys/…`), 0 for `sys/…`.
fn strip_level(patch: &str, changes: &[Change], exists: &dyn Fn(&Path) -> bool) -> Result<usize, PatchError> {
    if changes.is_empty() {
        return Err(PatchError::NoFiles { patch: patch.to_owned() });
    }
    let missing = |strip| missing_file(changes, strip, exists);
    [1, 0]
        .into_iter()
        .find(|&strip| missing(strip).is_none() && new_files_fit(changes, strip, exists))
        .ok_or_else(|| {
            let prefixed = changes.iter().flat_map(|change| &change.old).any(|name| name.starts_with("a"));
            let missing = missing(usize::from(prefixed)).unwrap_or_default().display().to_string();
            PatchError::OtherTree { patch: patch.to_owned(), missing }
        })
}

/// The first file that a patch changes and that is neither in the tree nor made by the patch before, which happens
/// where a file holds a series of patches. Either name may be that of the tree: some compare `x.c.orig` with `x.c`.
fn missing_file(changes: &[Change], strip: usize, exists: &dyn Fn(&Path) -> bool) -> Option<PathBuf> {
    let mut made: BTreeSet<PathBuf> = BTreeSet::new();
    changes.iter().find_map(|change| {
        let Some(old) = &change.old else {
            made.extend(change.names(strip));
            return None;
        };
        let is_there = change.names(strip).any(|name| exists(&name) || made.contains(&name));
        (!is_there).then(|| stripped(old, strip).unwrap_or_else(|| old.clone()))
    })
}

/// Whether the names of new files, in a patch that makes nothing else, can be meant so: with git's prefix, or below
/// a directory of the tree.
fn new_files_fit(changes: &[Change], strip: usize, exists: &dyn Fn(&Path) -> bool) -> bool {
    let mut names = changes.iter().filter(|change| change.old.is_none()).flat_map(|change| &change.new);
    if changes.iter().any(|change| change.old.is_some()) {
        return true;
    }
    let top = |name: &Path| name.components().next().map(|top| PathBuf::from(top.as_os_str()));
    names.all(|name| match strip {
        0 => !name.starts_with("b"),
        _ => name.starts_with("b") || !top(name).is_some_and(|top| exists(&top)),
    })
}

/// The path without its first `strip` components; `None` if nothing is left or it would leave the tree.
fn stripped(path: &Path, strip: usize) -> Option<PathBuf> {
    let rest: PathBuf = path.components().skip(strip).collect();
    let stays = rest.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    (stays && !rest.as_os_str().is_empty()).then_some(rest)
}

/// What patch says of hunks that do not fit, each with its file.
fn failures(said: &str) -> Vec<String> {
    let mut file = "";
    let mut failures = Vec::new();
    for line in said.lines() {
        if let Some(name) = line.strip_prefix("patching file ") {
            file = name;
        } else if line.starts_with("Hunk #") && line.contains("FAILED") {
            failures.push(format!("{file}: {}", line.trim_end_matches('.')));
        } else if line.contains("previously applied") {
            failures.push(format!("{file}: applied already, or reversed"));
        }
    }
    if failures.is_empty() {
        failures.push("patch(1) says no more".to_owned());
    }
    failures
}

#[cfg(test)]
mod tests;
