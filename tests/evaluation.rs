//! Evaluation as a whole: files that are no text, inputs that want to take everything, and results that stay the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fruix::eval::{EvalError, Evaluation, Evaluator, InputError, Inputs, Value};
use fruix::store_path::StorePath;
use tempfile::TempDir;

fn file(dir: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn error(result: Result<Evaluation, EvalError>) -> String {
    result.expect_err("an error").to_string()
}

fn file_error(bytes: impl AsRef<[u8]>) -> String {
    let dir = TempDir::new().unwrap();
    error(Evaluator::pure().file(&file(&dir, "a.scm", bytes)))
}

#[test]
fn files_that_cannot_be_read_are_errors() {
    let dir = TempDir::new().unwrap();
    assert!(error(Evaluator::pure().file(&dir.path().join("none.scm"))).contains("no such file"));
    assert!(error(Evaluator::pure().file(dir.path())).contains("is not a regular file"));
    assert!(error(Evaluator::pure().file(Path::new("/dev/zero"))).contains("is not a regular file"));
}

#[test]
fn bytes_that_are_no_text_are_shown_where_they_are() {
    let dir = TempDir::new().unwrap();
    let path = file(&dir, "a.scm", b"(define x 1)\n(define y \"caf\xe9\")\n");
    let failure = Evaluator::pure().file(&path).expect_err("not UTF-8").failure().clone();
    let label = &failure.problems[0].labels[0];
    assert_eq!(&failure.sources[0].text[..label.at.start], "(define x 1)\n(define y \"caf");
    assert!(file_error([0xff, 0xfe, 0, 0]).contains("not UTF-8"));
}

#[test]
fn absurd_texts_are_refused_at_once() {
    let start = Instant::now();
    for opening in ["(", "[", "'", "#(", "#;", ",", "`"] {
        assert!(file_error(opening.repeat(100_000)).contains("levels deep"), "{opening}");
    }
    assert!(file_error("x ".repeat(5_000_000)).contains("may have"));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn nesting_up_to_the_limit_is_evaluated() {
    let text = format!("{}1{}", "(+ 1 ".repeat(900), ")".repeat(900));
    assert_eq!(Evaluator::pure().expression(&text).unwrap().value, Value::Integer(901));
}

#[test]
fn evaluation_without_end_stops_in_time() {
    let evaluator = Evaluator::pure().time_limit(Duration::from_secs(2));
    let start = Instant::now();
    for text in
        ["(define (f) (f)) (f)", "(define (f l) (f (cons l l))) (f '())", "(define (f n) (f (* n n))) (f 3)"]
    {
        assert!(error(evaluator.expression(text)).contains("took longer than 2 s"), "{text}");
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn a_value_without_end_is_given_as_far_as_it_goes() {
    let text = "(define (nest n v) (if (= n 0) v (nest (- n 1) (list v v)))) (nest 60 1)";
    assert!(matches!(Evaluator::pure().expression(text).unwrap().value, Value::List(_)));
}

#[test]
fn an_interrupt_stops_evaluation() {
    let wish = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&wish);
    let evaluator = Evaluator::pure().interrupted(move || asked.load(Ordering::SeqCst));
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        wish.store(true, Ordering::SeqCst);
    });
    assert_eq!(error(evaluator.expression("(define (f) (f)) (f)")), "evaluation was interrupted");
}

#[test]
fn the_declaration_has_to_be_of_the_type_asked_for() {
    let evaluation = Evaluator::pure().expression("(define x 1)\n(list x)").unwrap();
    let failure = evaluation.expect_record("operating-system").expect_err("a list").failure().clone();
    assert_eq!(failure.problems[0].message, "<expression> gives the list, not an `operating-system`");
    assert_eq!(failure.problems[0].labels[0].at, 13..21);
    let record =
        "(use-modules (fruix records))\n(define-record-type* thing (size integer))\n(thing (size 1))";
    assert!(Evaluator::pure().expression(record).unwrap().expect_record("thing").is_ok());
}

#[test]
fn an_expression_need_not_name_the_modules_of_what_it_uses() {
    let evaluation = Evaluator::pure().expression("(list (plain-file \"a\" \"b\") (iota 2))").unwrap();
    assert!(evaluation.value.to_string().ends_with("-a> (0 1))"), "{}", evaluation.value);
}

const DERIVATIONS: &str = r#"
(use-modules (fruix derivations) (fruix store) (fruix lists))
(define texts (map (lambda (n) (plain-file (string-append "t" (number->string n)) "x")) (iota 5)))
(define entries (map (lambda (entry) (cons (car entry) (cadr entry))) (hash->list (hash "b" 1 "a" 2 "c" 3))))
(define base (derivation "base" #:builder "/bin/sh" #:env entries #:outputs '("out" "dev")))
(list (derivation "top" #:builder "/bin/sh"
                  #:env (list (cons 'json (->json (list (cons 'texts texts) (cons 'base (derivation-output base "dev")))))))
      base)
"#;

#[test]
fn a_declaration_gives_the_same_every_time() {
    let first = Evaluator::pure().expression(DERIVATIONS).unwrap();
    assert_eq!(first.roots.len(), 2);
    assert_eq!(first.derivations.len(), 2);
    assert_eq!(first.texts.len(), 5);
    for _ in 0..5 {
        assert_eq!(Evaluator::pure().expression(DERIVATIONS).unwrap(), first);
    }
}

#[test]
fn an_evaluation_survives_being_written_and_read() {
    let evaluation = Evaluator::pure().expression(DERIVATIONS).unwrap();
    let json = serde_json::to_string(&evaluation).unwrap();
    assert_eq!(serde_json::from_str::<Evaluation>(&json).unwrap(), evaluation);
}

#[test]
fn every_file_read_is_named_with_its_digest() {
    let dir = TempDir::new().unwrap();
    file(&dir, "b.scm", "(provide b)\n(define b 5)\n");
    let main = file(&dir, "a.scm", "(require \"b.scm\")\nb\n");
    let evaluation = Evaluator::pure().file(&main).unwrap();
    let names: Vec<&str> =
        evaluation.files.iter().map(|file| file.path.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["b.scm", "a.scm"]);
    assert_eq!(evaluation.files[1].sha256, fruix::hash::Sha256::of("(require \"b.scm\")\nb\n").hex());
}

/// Notes what is asked for, and gives paths that follow from the names.
struct Recording(std::sync::Mutex<Vec<String>>);

impl Recording {
    fn note(&self, name: &str, what: String) -> Result<StorePath, InputError> {
        self.0.lock().unwrap().push(what);
        StorePath::new(&[7; 20], name).map_err(|error| InputError::new(error.to_string()))
    }
}

impl Inputs for Recording {
    fn local_tree(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        self.note(name, format!("tree {}", path.display()))
    }
    fn local_file(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        self.note(name, format!("file {}", path.display()))
    }
    fn host_toolchain(&self, packages: &[String]) -> Result<StorePath, InputError> {
        self.note("toolchain", format!("toolchain {}", packages.join(" ")))
    }
    fn git_tree(&self, url: &str, commit: &str) -> Result<StorePath, InputError> {
        self.note("git", format!("git {url} {commit}"))
    }
    fn installed_tree(&self, path: &Path, slice: &str) -> Result<StorePath, InputError> {
        self.note("installed", format!("installed {slice} of {}", path.display()))
    }
}

#[test]
fn inputs_are_asked_for_by_absolute_path_and_leave_none_in_derivations() {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("sub")).unwrap();
    file(
        &dir,
        "sub/key.scm",
        "(use-modules (fruix store))\n(provide key keys)\n(define key (local-file \"id.pub\"))\n\
         (define keys (append `(,(local-file \"a.pub\")) (map local-file '(\"b.pub\"))))\n",
    );
    let main = file(
        &dir,
        "a.scm",
        "(use-modules (fruix store) (fruix derivations))\n(require \"sub/key.scm\")\n\
         (derivation \"x\" #:builder \"/bin/sh\" #:inputs (list (local-tree \"./src\" #:name \"src\") (host-toolchain '(\"clang\" \"make\")))\n\
         #:env (list (cons 'key key)))\n",
    );
    let inputs = Arc::new(Recording(std::sync::Mutex::new(Vec::new())));
    let evaluation = Evaluator::new(inputs.clone()).file(&main).unwrap();
    let real = dir.path().canonicalize().unwrap();
    let expected = [
        format!("file {}/sub/id.pub", real.display()),
        format!("file {}/sub/a.pub", real.display()),
        format!("file {}/sub/b.pub", real.display()),
        format!("tree {}/src", real.display()),
        "toolchain clang make".to_string(),
    ];
    assert_eq!(*inputs.0.lock().unwrap(), expected);
    let derivation = evaluation.derivations.values().next().unwrap();
    assert_eq!(derivation.input_srcs.len(), 3);
    assert!(!derivation.to_aterm().contains(&real.display().to_string()));
}

#[test]
fn paths_in_records_start_where_they_are_written() {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("sub")).unwrap();
    file(
        &dir,
        "sub/base.scm",
        "(use-modules (fruix freebsd source) (fruix freebsd base))\n(provide source installed)\n\
         (define source (freebsd-source (path \"tree\") (patches '(\"a.patch\" \"/b.patch\"))))\n\
         (define (installed name) (installed-freebsd (path name)))\n",
    );
    let main = file(
        &dir,
        "a.scm",
        "(use-modules (fruix freebsd source) (fruix freebsd base))\n(require \"sub/base.scm\")\n\
         (list (freebsd-source-tree source) (freebsd-source-tree (freebsd-source (path \"tree\")))\n\
         (freebsd-base-boot-item (freebsd-base (version \"x\") (world (installed \"w\")) (kernel (installed \"k\"))\n\
         (boot (installed \"b\")))))\n",
    );
    let inputs = Arc::new(Recording(std::sync::Mutex::new(Vec::new())));
    Evaluator::new(inputs.clone()).file(&main).unwrap();
    let real = dir.path().canonicalize().unwrap();
    let real = real.display();
    let asked = inputs.0.lock().unwrap();
    let asked: Vec<&str> =
        asked.iter().map(String::as_str).filter(|what| !what.starts_with("toolchain")).collect();
    let expected = [
        format!("tree {real}/sub/tree"),
        format!("file {real}/sub/a.patch"),
        "file /b.patch".to_string(),
        format!("tree {real}/tree"),
        format!("installed boot of {real}/sub/b"),
    ];
    assert_eq!(asked, expected);
}
