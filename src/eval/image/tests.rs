use std::sync::Arc;

use super::*;
use crate::eval::evaluation::Evaluation;
use crate::eval::inputs::NoInputs;
use crate::eval::interpreter::Interpreter;
use crate::eval::lockdown::Purity;
use crate::eval::modules::{self, Declaration};
use crate::eval::outside::{Asking, Machine, Outside};
use crate::eval::problem::Failure;

/// What an expression evaluates to, with an image or without.
fn evaluated(text: &str, image: Option<Image>) -> Result<Evaluation, Failure> {
    let outside: Arc<dyn Outside> = Arc::new(Machine(Arc::new(NoInputs)));
    let declaration = Declaration::expression(text)?;
    let uses = image.as_ref().map(|image| &image.uses);
    let program = modules::load(&declaration, &[], uses, &Asking::new(Arc::clone(&outside)))?;
    let interpreter = match image {
        Some(image) => Interpreter::replay(outside, image),
        None => Interpreter::start(outside, Purity::Pure),
    };
    interpreter?.evaluate(program)
}

#[test]
fn all_modules_go_into_an_image() {
    let image = record::record().unwrap_or_else(|error| panic!("{error}"));
    let keys: Vec<&str> = image.modules.iter().map(|module| module.key.as_str()).collect();
    assert_eq!(keys.len(), modules::EMBEDDED.len(), "{keys:?}");
}

#[test]
fn an_expression_means_the_same_with_an_image_and_without() {
    for text in [
        "(list \"a b\\n\" #\\space 1.5 'c (map (lambda (x) (* x x)) '(1 2 3)) (sort '(3 1 2) <))",
        "(operating-system (host-name \"a\") (kernel #f))",
        "(list (plain-file \"a\" \"b\") (receive (a . b) (values 1 2 3) (list a b)))",
        "(computed-file \"a\" #~(call-with-output-file #$output (lambda (port) (display 1 port))))",
        "(user-account (nam \"x\"))",
        "(define (f x) (car x))\n(f 1)",
        "(use-modules (fruix store))\n(list (plain-file \"a\" \"b\") (display 1) (parameterize () (sort '(2 1) <)))",
        // Names that are taken for something else, before and after their use, and in part.
        "(use-modules (fruix lists) (fruix store))\n(define (first l) (plain-file \"a\" \"b\"))\n(first '(1))",
        "(use-modules (fruix lists))\n(define x (first '(1)))\n(define (first l) 2)\nx",
        "(use-modules (fruix lists))\n(let ([first 1]) (list first (second '(1 2))))",
        "(use-modules ((fruix lists) #:prefix l:) (fruix strings))\n(l:first (string-split \"a b\" \" \"))",
        "(use-modules (fruix strings) ((fruix lists) #:select (first)))\n(list (first '(1)) (second '(1 2)))",
        "(use-modules (fruix lists))\n(set! first car)\n`(,(first '(1)) ,@(map second '((1 2))))",
        "(use-modules (fruix accounts))\n(define (user-account name) name)\n(user-account 1)",
        "(use-modules (fruix accounts))\n(map user-account '(1))",
    ] {
        let with = evaluated(text, Some(shared().unwrap()));
        assert_eq!(with, evaluated(text, None), "{text}");
    }
}

#[test]
fn a_file_is_made_where_there_is_none_of_this_program() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("images").join("image");
    let made = open(&path).unwrap();
    let kept = std::fs::read(&path).unwrap();
    assert_eq!(open(&path).unwrap().modules.len(), made.modules.len());
    for other in [&kept[..kept.len() - 1], &[&kept[..9], b"x", &kept[10..]].concat(), b""] {
        std::fs::write(&path, other).unwrap();
        assert!(open(&path).is_some());
        assert_ne!(std::fs::read(&path).unwrap(), *other);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_done_without() {
    assert!(open(std::path::Path::new("/dev/null/image")).is_some());
}
