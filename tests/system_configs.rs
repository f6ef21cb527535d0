//! Every declaration of `system-configs` evaluates to a system, the same on every run.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use fruix::{
    content_address,
    eval::{Evaluation, Evaluator, InputError, Inputs, Purity},
    hash::Sha256,
    store_path::StorePath,
};

/// A machine that has everything, always with the same content.
struct AnyMachine;

fn item(name: &str) -> Result<StorePath, InputError> {
    content_address::source_path(name, &Sha256::of(name), &BTreeSet::new())
        .map_err(|error| InputError::from_diagnostic(&error))
}

impl Inputs for AnyMachine {
    fn local_tree(&self, name: &str, _: &Path) -> Result<StorePath, InputError> {
        item(name)
    }

    fn local_file(&self, name: &str, _: &Path) -> Result<StorePath, InputError> {
        item(name)
    }

    fn host_toolchain(&self, packages: &[String]) -> Result<StorePath, InputError> {
        item(&format!("toolchain-{}", packages.len()))
    }

    fn git_tree(&self, _: &str, commit: &str) -> Result<StorePath, InputError> {
        item(commit)
    }

    fn installed_tree(&self, _: &Path, _: &str) -> Result<StorePath, InputError> {
        item("installed")
    }
}

fn evaluate(path: &Path) -> Evaluation {
    Evaluator::new(Arc::new(AnyMachine))
        .file(path)
        .unwrap_or_else(|error| panic!("{}: {:?}", path.display(), miette::Report::new(error)))
}

#[test]
fn every_configuration_is_a_system() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("system-configs");
    let mut seen = 0;
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "scm") {
            continue;
        }
        seen += 1;
        let evaluation = evaluate(&path);
        let [root] = evaluation.roots.as_slice() else {
            panic!("{}: {:?}", path.display(), evaluation.roots)
        };
        let system = &evaluation.derivations[&root.drv];
        assert_eq!(system.builder, "builtin:system", "{}", path.display());
        let again = evaluate(&path);
        assert_eq!(again.roots[0].drv, root.drv, "{}", path.display());
    }
    assert!(seen >= 2);
}

/// The Scheme of the README, which is what a new user tries first.
#[test]
fn the_declaration_of_the_readme_is_a_system() {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("```scheme\n").expect("the README has a declaration");
    let (declaration, _) = rest.split_once("```").unwrap();
    let evaluation = Evaluator::new(Arc::new(AnyMachine))
        .expression(declaration)
        .unwrap_or_else(|error| panic!("README.md: {:?}", miette::Report::new(error)));
    assert_eq!(evaluation.derivations[&evaluation.roots[0].drv].builder, "builtin:system");
}

/// What depends on the moment says so.
#[test]
fn the_provenance_of_an_impure_evaluation_says_so() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("system-configs/minimal.scm");
    let spec = |evaluation: &Evaluation| {
        let drv = &evaluation.derivations[&evaluation.roots[0].drv];
        serde_json::from_str::<serde_json::Value>(&drv.env["spec"]).unwrap()
    };
    let pure = spec(&evaluate(&path));
    let impure = Evaluator::new(Arc::new(AnyMachine)).purity(Purity::Impure).file(&path).unwrap();
    let mut impure = spec(&impure);
    assert_eq!(impure["provenance"]["impure"], true);
    impure["provenance"].as_object_mut().unwrap().remove("impure");
    assert_eq!(impure, pure);
}
