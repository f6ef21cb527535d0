//! What a declaration takes from this machine, by way of its store.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use miette::Diagnostic;
use thiserror::Error;

use super::release_manifest::Pin;
use super::release_sets::MANIFEST;
use super::{examine, git};
use crate::build::toolchain;
use crate::builders::freebsd::import::{self, Slice};
use crate::eval::{Fault, InputError, Inputs, Question, ReleaseSets, Request};
use crate::hash::Sha256;
use crate::store::{StoreAccess, tree_fingerprint};
use crate::store_path::StorePath;

/// The name of the item that is an installed FreeBSD.
const INSTALLED: &str = "freebsd-installed";

/// The name of the item that is the tree of a git commit.
const GIT_TREE: &str = "git-tree";

/// The name of the item that is a slice of one.
fn installed_name(slice: Slice) -> String {
    if slice == Slice::All { INSTALLED.to_owned() } else { format!("{INSTALLED}-{}", slice.name()) }
}

/// "Where the declaration says this directory, take that one": how one declaration serves machines whose sources
/// lie elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    declared: PathBuf,
    actual: PathBuf,
}

impl Replacement {
    /// Relative paths start from the current directory.
    pub fn new(declared: &Path, actual: &Path) -> io::Result<Self> {
        Ok(Self {
            declared: plain(&std::path::absolute(declared)?),
            actual: plain(&std::path::absolute(actual)?),
        })
    }
}

/// A replacement for what the declaration does not name.
#[derive(Debug, Error, Diagnostic)]
#[error("the declaration names no directory `{}`", declared.display())]
#[diagnostic(help("--with-source DECLARED=ACTUAL stands for a directory of the declaration; {names}"))]
pub struct UnusedReplacement {
    declared: PathBuf,
    /// What it does name.
    names: String,
}

/// Adds what a declaration names to a store: each thing once, however often the declaration asks, so that all of it
/// sees one state of the machine and no tree is walked twice.
pub struct StoreInputs {
    store: Arc<dyn StoreAccess>,
    replacements: Vec<Replacement>,
    answers: Mutex<BTreeMap<Request, StorePath>>,
    /// What was found when files were examined.
    faults: Mutex<BTreeMap<Request, Vec<Fault>>>,
    /// The directories that were asked for, as the declaration names them.
    declared: Mutex<BTreeSet<PathBuf>>,
}

impl StoreInputs {
    pub fn new(store: Arc<dyn StoreAccess>, replacements: Vec<Replacement>) -> Self {
        Self {
            store,
            replacements,
            answers: Mutex::default(),
            faults: Mutex::default(),
            declared: Mutex::default(),
        }
    }

    /// Fails if a replacement stands for a directory that nobody has asked for: it is misspelt.
    pub fn check_replacements(&self) -> Result<(), UnusedReplacement> {
        let declared = self.declared.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(unused) = self.replacements.iter().find(|it| !declared.contains(&it.declared)) else {
            return Ok(());
        };
        let names = declared.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>();
        let names = if names.is_empty() {
            "this one names none".into()
        } else {
            format!("this one names {}", names.join(", "))
        };
        Err(UnusedReplacement { declared: unused.declared.clone(), names })
    }

    /// The answer given before, or the one that `find` gives. Of several evaluations at a time, others wait for it.
    fn once(
        &self,
        request: Request,
        find: impl FnOnce() -> Result<StorePath, InputError>,
    ) -> Result<StorePath, InputError> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(item) = answers.get(&request) {
            return Ok(item.clone());
        }
        let item = find()?;
        answers.insert(request, item.clone());
        Ok(item)
    }

    fn actual<'a>(&'a self, declared: &'a Path) -> &'a Path {
        self.declared.lock().unwrap_or_else(PoisonError::into_inner).insert(plain(declared));
        actual(&self.replacements, declared)
    }

    /// The remembered item, or the one that `make` gives. Without a key nothing is remembered.
    fn remembered(
        &self,
        kind: &str,
        key: Option<Sha256>,
        make: impl FnOnce() -> Result<StorePath, InputError>,
    ) -> Result<StorePath, InputError> {
        let Some(key) = key else { return make() };
        if let Some(item) = self.store.recall(kind, &key).map_err(explain)? {
            return Ok(item);
        }
        let item = make()?;
        self.store.remember(kind, &key, &item);
        Ok(item)
    }

    /// Adds a file or directory that `fill` writes, under a name of the store's.
    fn add_scratch(
        &self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<(), InputError>,
    ) -> Result<StorePath, InputError> {
        let scratch = self.store.temporary().map_err(explain)?;
        fill(scratch.path())?;
        self.store.adopt_tree(name, scratch.path()).map_err(explain)
    }
}

/// Where the directory that the declaration names lies on this machine.
pub(super) fn actual<'a>(replacements: &'a [Replacement], declared: &'a Path) -> &'a Path {
    let name = plain(declared);
    let replaced = replacements.iter().find(|replacement| replacement.declared == name);
    replaced.map_or(declared, |replacement| &replacement.actual)
}

/// The path without `.`, `..` and repeated slashes, by its text alone: what a declaration names need not be there.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, component| {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
        plain
    })
}

pub(super) fn explain(error: impl Diagnostic) -> InputError {
    InputError::from_diagnostic(&error)
}

impl Inputs for StoreInputs {
    fn local_tree(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        let path = self.actual(path);
        self.once(Request::LocalTree { name: name.to_owned(), path: path.to_owned() }, || {
            self.store.add_tree(name, path).map_err(explain)
        })
    }

    fn local_file(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        examine::refuse_secrets(path)?;
        self.once(Request::LocalFile { name: name.to_owned(), path: path.to_owned() }, || {
            self.store.add_tree(name, path).map_err(explain)
        })
    }

    fn host_toolchain(&self, packages: &[String]) -> Result<StorePath, InputError> {
        self.once(Request::HostToolchain { packages: packages.to_vec() }, || {
            toolchain::import(self.store.as_ref(), packages).map_err(explain)
        })
    }

    fn examine(&self, path: &Path, question: &Question) -> Vec<Fault> {
        let path = self.actual(path);
        let request = Request::Examine { path: path.to_owned(), question: question.clone() };
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.entry(request).or_insert_with(|| examine::examine(path, question)).clone()
    }

    fn git_tree(&self, url: &str, commit: &str) -> Result<StorePath, InputError> {
        git::check_commit(commit).map_err(explain)?;
        self.once(Request::GitTree { url: url.to_owned(), commit: commit.to_owned() }, || {
            let cache = self.store.own().cache_dir().join("git");
            self.remembered("git-trees", Some(Sha256::of(commit)), || {
                self.add_scratch(GIT_TREE, |tree| {
                    std::fs::create_dir(tree).map_err(|source| {
                        explain(git::GitError::Directory { path: tree.to_owned(), source })
                    })?;
                    git::export(url, commit, &cache, tree).map_err(explain)
                })
            })
        })
    }

    fn release_manifest(&self, url: &str, sha256: &str) -> Result<Option<ReleaseSets>, InputError> {
        let digest = Sha256::parse(sha256).map_err(explain)?;
        let pin = Pin { url, sha256: digest };
        let request = Request::ReleaseManifest { url: url.to_owned(), sha256: digest.hex() };
        let item = self.once(request, || {
            self.remembered("release-manifests", Some(digest), || {
                self.add_scratch(MANIFEST, |file| pin.fetch(file).map_err(explain))
            })
        })?;
        pin.read(&self.store.layout().physical(&item)).map(Some).map_err(explain)
    }

    fn installed_tree(&self, path: &Path, slice: &str) -> Result<StorePath, InputError> {
        let path = self.actual(path);
        let slice = Slice::from_name(slice).map_err(explain)?;
        let name = installed_name(slice);
        self.once(Request::InstalledTree { path: path.to_owned(), slice: slice.name().to_owned() }, || {
            let fingerprint = tree_fingerprint(path, &import::selection(path, slice)).map_err(explain)?;
            let key =
                fingerprint.map(|tree| Sha256::of(format!("{}\n{name}\n{}", import::FORMAT, tree.hex())));
            self.remembered(INSTALLED, key, || {
                self.add_scratch(&name, |item| import::import(path, slice, item).map(drop).map_err(explain))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Layout, Store};

    #[test]
    fn an_evaluation_sees_one_state_of_a_tree() {
        let root = tempfile::tempdir().unwrap();
        let tree = root.path().join("tree");
        std::fs::create_dir(&tree).unwrap();
        std::fs::write(tree.join("file"), "one").unwrap();
        let store = Arc::new(Store::open(Layout::new(root.path()).unwrap()).unwrap());
        let inputs = |store: &Arc<Store>| StoreInputs::new(store.clone(), Vec::new());
        let evaluation = inputs(&store);
        let before = evaluation.local_tree("tree", &tree).unwrap();
        std::fs::write(tree.join("file"), "another").unwrap();
        assert_eq!(evaluation.local_tree("tree", &tree).unwrap(), before);
        assert_ne!(evaluation.local_tree("other", &tree).unwrap().name(), before.name());
        assert_ne!(
            inputs(&store).local_tree("tree", &tree).unwrap(),
            before,
            "the next one sees the next state"
        );
    }

    #[test]
    fn a_replacement_is_found_however_it_is_spelt_and_a_wrong_one_told() {
        let root = tempfile::tempdir().unwrap();
        let tree = root.path().join("tree");
        std::fs::create_dir(&tree).unwrap();
        let store = Arc::new(Store::open(Layout::new(&root.path().join("root")).unwrap()).unwrap());
        let take = |declared: &str, asked: &str| {
            let replacement = Replacement::new(Path::new(declared), &tree).unwrap();
            let inputs = StoreInputs::new(store.clone(), vec![replacement]);
            let found = inputs.local_tree("tree", Path::new(asked)).is_ok();
            (found, inputs.check_replacements().map_err(|error| (error.to_string(), error.names)))
        };
        assert_eq!(take("/no/src/", "/no/such/..//src/."), (true, Ok(())));
        let wrong =
            ("the declaration names no directory `/no/source`".into(), "this one names `/no/src`".into());
        assert_eq!(take("/no/source", "/no/src"), (false, Err(wrong)));
    }

    #[test]
    fn a_running_machine_is_taken_without_what_no_archive_holds() {
        let root = tempfile::tempdir().unwrap();
        let machine = root.path().join("machine");
        for directory in ["bin", "sbin", "libexec", "var/run", "home"] {
            std::fs::create_dir_all(machine.join(directory)).unwrap();
        }
        for program in ["bin/freebsd-version", "sbin/init", "libexec/ld-elf.so.1"] {
            std::fs::write(machine.join(program), program).unwrap();
        }
        let mode = nix::sys::stat::Mode::S_IRWXU;
        nix::unistd::mkfifo(&machine.join("var/run/pipe"), mode).unwrap();
        let store = Arc::new(Store::open(Layout::new(&root.path().join("root")).unwrap()).unwrap());
        let take =
            |slice| StoreInputs::new(store.clone(), Vec::new()).installed_tree(&machine, slice).unwrap();
        let item = take("all");
        std::fs::write(machine.join("home/notes"), "not the base's").unwrap();
        assert_eq!(take("all"), item);
        assert!(store.layout().physical(&item).join("sbin/init").is_file());
        // A slice is the same whatever becomes of the others.
        let (userland, libraries) = (take("userland"), take("libraries"));
        std::fs::create_dir(machine.join("lib")).unwrap();
        std::fs::write(machine.join("lib/libc.so.7"), "libc").unwrap();
        assert_eq!(take("userland"), userland);
        assert_ne!(take("libraries"), libraries);
    }
}
