//! Earlier results: taken where nothing has changed, and only there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use fruix::eval::{EvalError, Evaluation, Evaluator, InputError, Inputs, Purity};
use fruix::store_path::StorePath;

use crate::fixture::Fixture;

const DECLARATION: &str = r#"(use-modules (fruix derivations) (fruix store) (mine tools))
(require "near.scm")
(derivation near #:builder "/bin/sh" #:env (list (cons 'tool tool) (cons 'src (local-tree "src"))))
"#;

/// A machine whose trees change when a test says so.
#[derive(Default)]
struct Machine {
    asked: Mutex<usize>,
    versions: Mutex<BTreeMap<PathBuf, u8>>,
}

impl Inputs for Machine {
    fn local_tree(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        *self.asked.lock().unwrap() += 1;
        let version = self.versions.lock().unwrap().get(path).copied().unwrap_or_default();
        StorePath::new(&[version; 20], name).map_err(|error| InputError::new(error.to_string()))
    }
    fn local_file(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        self.local_tree(name, path)
    }
    fn host_toolchain(&self, _: &[String]) -> Result<StorePath, InputError> {
        Err(InputError::new("no tool chain"))
    }
    fn git_tree(&self, _: &str, _: &str) -> Result<StorePath, InputError> {
        Err(InputError::new("no git"))
    }
    fn installed_tree(&self, path: &Path, _: &str) -> Result<StorePath, InputError> {
        self.local_tree("installed", path)
    }
}

/// A declaration with modules of its own, one beside it and one found by `-L`.
struct Case {
    fixture: Fixture,
    machine: Arc<Machine>,
}

impl Case {
    fn new() -> Self {
        let case = Self { fixture: Fixture::new(), machine: Arc::default() };
        case.fixture.file("a.scm", DECLARATION);
        case.fixture.file("near.scm", "(provide near)\n(define near \"near\")\n");
        case.fixture.file("second/mine/tools.scm", "(provide tool)\n(define tool \"tool\")\n");
        case
    }

    fn evaluator(&self) -> Evaluator {
        let search = ["first", "second"].map(|directory| self.fixture.path().join(directory));
        Evaluator::new(self.machine.clone()).search(search.to_vec()).cache(self.fixture.path().join("cache"))
    }

    /// The result, by an interpreter if need be.
    fn evaluate(&self) -> Evaluation {
        self.evaluator().file(&self.fixture.path().join("a.scm")).unwrap()
    }

    /// The result if there is no interpreter to be had.
    fn recall(&self) -> Result<Evaluation, EvalError> {
        self.evaluator().confined("/nonexistent/fruix".into()).file(&self.fixture.path().join("a.scm"))
    }

    /// Nothing is recalled now; the result is another one, or the same; and then that is recalled.
    fn misses(&self, why: &str) -> Evaluation {
        let error = self.recall().expect_err(why);
        assert!(error.to_string().contains("cannot start"), "{why}: {error}");
        let evaluation = self.evaluate();
        assert_eq!(self.recall().unwrap(), evaluation, "{why}");
        evaluation
    }
}

#[test]
fn a_result_is_recalled_without_an_interpreter() {
    let case = Case::new();
    let first = case.misses("never evaluated");
    let asked = *case.machine.asked.lock().unwrap();
    assert_eq!(case.recall().unwrap(), first);
    assert_eq!(*case.machine.asked.lock().unwrap(), asked + 1, "the tree is looked at every time");
}

#[test]
fn whatever_was_read_makes_another_result() {
    let case = Case::new();
    let first = case.misses("never evaluated");

    case.fixture.file("a.scm", DECLARATION.replace("near #:", "\"other\" #:"));
    assert_ne!(case.misses("another declaration"), first);
    case.fixture.file("a.scm", DECLARATION);
    assert_eq!(case.recall().unwrap(), first, "the earlier declaration again");

    case.fixture.file("near.scm", "(provide near)\n(define near \"far\")\n");
    assert_ne!(case.misses("another module beside it"), first);
    case.fixture.file("near.scm", "(provide near)\n(define near \"near\")\n");
    assert_eq!(case.misses("the earlier module again"), first);

    case.fixture.file("second/mine/tools.scm", "(provide tool)\n(define tool \"axe\")\n");
    assert_ne!(case.misses("another module of -L"), first);
    case.fixture.file("first/mine/tools.scm", "(provide tool)\n(define tool \"hammer\")\n");
    let shadowed = case.misses("a module that is found earlier");
    case.fixture.file("second/mine/tools.scm", "(provide tool)\n(define tool \"saw\")\n");
    assert_eq!(case.recall().unwrap(), shadowed, "a module that is not reached any more");
    fs::remove_file(case.fixture.path().join("first/mine/tools.scm")).unwrap();
    assert_ne!(case.misses("a module that is gone"), shadowed);

    let before = case.evaluate();
    case.machine.versions.lock().unwrap().insert(case.fixture.path().join("src"), 7);
    assert_ne!(case.misses("another source tree"), before);
}

#[test]
fn where_it_stands_matters() {
    let case = Case::new();
    case.evaluate();
    let evaluator = case.evaluator().confined("/nonexistent/fruix".into());
    let file = case.fixture.path().join("a.scm");
    assert!(evaluator.file(&file).is_ok());
    assert!(evaluator.clone().search(Vec::new()).file(&file).is_err(), "other directories to search");
    assert!(evaluator.clone().purity(Purity::Impure).file(&file).is_err(), "impure");
    let copy = case.fixture.file("copy/a.scm", DECLARATION);
    assert!(evaluator.file(&copy).is_err(), "another directory");
}

#[test]
fn failures_and_impure_results_are_not_kept() {
    let case = Case::new();
    case.fixture.file("a.scm", "(undefined)");
    assert!(case.evaluator().file(&case.fixture.path().join("a.scm")).is_err());
    case.fixture.file("a.scm", "1");
    case.evaluator().purity(Purity::Impure).file(&case.fixture.path().join("a.scm")).unwrap();
    assert!(!case.fixture.path().join("cache").exists());
}

#[test]
fn damage_costs_time_only() {
    let case = Case::new();
    let first = case.evaluate();
    for damage in [&b""[..], b"garbage", &[0; 5000]] {
        for entry in fs::read_dir(case.fixture.path().join("cache")).unwrap() {
            fs::write(entry.unwrap().path(), damage).unwrap();
        }
        assert_eq!(case.misses("damaged"), first);
    }
    fs::remove_dir_all(case.fixture.path().join("cache")).unwrap();
    case.fixture.file("cache", "a file in place of the directory");
    assert_eq!(case.evaluate(), first);
}

#[test]
fn several_processes_share_it() {
    let fixture = Fixture::new();
    let file =
        fixture.file("a.scm", "(use-modules (fruix derivations))\n(derivation \"x\" #:builder \"/bin/sh\")");
    let file = file.to_str().unwrap();
    let started: Vec<_> =
        (0..6).map(|_| fixture.command(&["build", "--dry-run", "-f", file]).spawn().unwrap()).collect();
    let outputs: Vec<_> = started.into_iter().map(|fruix| fruix.wait_with_output().unwrap()).collect();
    for output in &outputs {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, outputs[0].stdout);
    }
}
