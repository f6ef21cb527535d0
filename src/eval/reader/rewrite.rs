//! The forms that Fruix adds to Steel's Scheme, or takes from it.
//!
//! | form | becomes |
//! |---|---|
//! | `(use-modules (a b) ((c) #:prefix c:) ((d) #:select (x y)))` | `require`s of the modules' keys |
//! | `(require "file.scm")` | the same with the key of the file that was found |
//! | `(define-record-type* …)` | definitions and a constructor macro, see [`super::record_form`] |
//! | `(define (f …) …)` | a definition that Steel's optimiser leaves alone, see [`super::definition`] |
//! | `(provide (record T))` | every name that the record type T defines |
//! | `#~(… #$x)` | a call with the text of the form and the values in it, see [`super::gexp`] |
//! | `(local-file "x")`, `(local-tree "x")` | the same with the directory of the file it stands in, see [`super::paths`] |
//!
//! What cannot work is refused by [`super::refused`].

use std::collections::BTreeSet;

use super::datum::{Bytes, Datum, Parsed};
use super::record_form::RecordForm;
use super::rewritten::Rewritten;
use super::{definition, gexp, imports, names, paths, refused};
use crate::eval::code::Code;
use crate::eval::problem::Problem;
use crate::eval::repairs::MARK;

/// What rewriting a file needs to know about the world.
pub trait Context {
    /// The key under which Steel shall load a module, given as `fruix/system.scm` or as a path.
    ///
    /// # Errors
    /// Why there is no such module; the place is filled in by the caller.
    fn module_key(&mut self, name: &str, at: &Bytes) -> Result<String, Problem>;

    /// The key of the file itself.
    fn key(&self) -> &str;

    /// Modules in use that the text does not name: an expression of the command line need not.
    fn implied(&self) -> Vec<Implied>;

    /// The names that have a definition already, which another one shall change for all that use them; `None` where
    /// nothing is defined twice, in files. Without it Steel would leave earlier procedures with the earlier definition.
    fn redefinable(&self) -> Option<&BTreeSet<String>> {
        None
    }

    /// The directory that relative paths in the file start from; `None` for embedded modules.
    fn directory(&self) -> Option<String>;

    /// The names that a module provides which [`Context::module_key`] found; `None` if that is not known.
    fn exports(&self, key: &str) -> Option<Vec<String>>;

    /// Whether a module that the file uses gives a name a meaning: provides it, or has a record type with such a field.
    fn gives_meaning(&self, name: &str) -> bool;

    /// The module of Fruix's that the file would have to use for a name, if nothing else gives the name a meaning.
    fn lacking(&self, name: &str) -> Option<&'static str>;

    /// Embedded modules may use the interpreter's own modules.
    fn trusted(&self) -> bool;
}

/// A module in use that the text does not name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Implied {
    pub key: &'static str,
    /// What to take from it; empty means all.
    pub only: Vec<String>,
}

impl Implied {
    /// All that a module provides.
    pub fn whole(key: &'static str) -> Self {
        Self { key, only: Vec::new() }
    }
}

/// Rewrites a file.
///
/// # Errors
/// The first form that is malformed or cannot work.
pub fn rewrite(text: &str, parsed: &Parsed, context: &mut dyn Context) -> Result<Rewritten, Problem> {
    let records = parsed
        .forms
        .iter()
        .filter_map(|form| Some((form, form.form("define-record-type*")?)))
        .map(|(form, items)| RecordForm::read(form, items))
        .collect::<Result<Vec<_>, _>>()?;
    let own = names::own(parsed, &records);
    let mut writer = Writer::new(text, small_edits(text, parsed, &own, context)?);
    let constructors = (!records.is_empty()).then(|| Implied::whole("fruix/records.scm"));
    let gexps = (!gexp::disguise(text).1.is_empty()).then(|| Implied::whole(gexp::MODULE));
    for Implied { key, only } in constructors.into_iter().chain(gexps).chain(context.implied()) {
        let key = context.module_key(key, &(0..0))?;
        let names = (!only.is_empty()).then(|| format!("(only-in {key:?} {})", only.join(" ")));
        writer.out.import(&key, names.as_deref(), 0..0);
        writer.out.generate("\n", 0..0);
    }
    let mut done = 0;
    let mut provided = Vec::new();
    for form in &parsed.forms {
        writer.copy(done..form.at.start);
        done = form.at.end;
        if let Some(modules) = form.form("use-modules") {
            imports::use_modules(form, modules, context, &mut writer.out)?;
        } else if let Some(items) = form.form("require") {
            imports::require(form, items, context, &mut writer)?;
        } else if let Some(items) = form.form("provide") {
            imports::provide(form, items, &records, &mut writer)?;
            provided.extend(items.iter().filter(|item| item.symbol().is_some()));
        } else if let Some(record) = records.iter().find(|record| record.at == form.at) {
            if !context.trusted() {
                writer.generate(&mark(context.key(), form), &(form.at.start..form.at.start));
            }
            record.write(&mut writer);
        } else {
            if form.form("require-builtin").is_some() && !context.trusted() {
                return Err(Problem::at(
                    Code::UnavailableForm,
                    form.at.clone(),
                    "`require-builtin` is not available in a declaration",
                )
                .label("the interpreter's own modules are closed")
                .help("use the modules of Fruix: (use-modules (fruix system))"));
            }
            if !context.trusted() {
                writer.generate(&mark(context.key(), form), &(form.at.start..form.at.start));
            }
            definition::write(form, context.redefinable(), &mut writer);
        }
    }
    writer.copy(done..text.len());
    refused::check(parsed, &own, context)?;
    if context.redefinable().is_none() {
        if !context.trusted() {
            names::check_modules(text, parsed, &own, context)?;
        }
        names::check_definitions(parsed, &records)?;
        names::check_provided(parsed, &provided, context)?;
    }
    let own = own.iter().map(ToString::to_string);
    writer.out.own = own.chain(records.iter().flat_map(RecordForm::names)).collect();
    Ok(writer.out)
}

/// Appends pieces of the original text, with the small edits that fall into them.
pub(super) struct Writer<'a> {
    text: &'a str,
    edits: Vec<(Bytes, String)>,
    pub(super) out: Rewritten,
}

impl<'a> Writer<'a> {
    /// `edits` say what to replace where, in order and not overlapping.
    pub(super) fn new(text: &'a str, edits: Vec<(Bytes, String)>) -> Self {
        Self { text, edits, out: Rewritten::default() }
    }

    pub(super) fn copy(&mut self, at: Bytes) {
        let first = self.edits.partition_point(|(edit, _)| edit.start < at.start);
        let mut done = at.start;
        for (edit, replacement) in self.edits[first..].iter().take_while(|(edit, _)| edit.end <= at.end) {
            self.out.copy(self.text, done..edit.start);
            self.out.generate(replacement, edit.clone());
            done = edit.end;
        }
        self.out.copy(self.text, done..at.end);
    }

    pub(super) fn generate(&mut self, text: &str, original: &Bytes) {
        self.out.generate(text, original.clone());
    }
}

/// Edits inside of forms; `own` are names that the file gives a meaning.
fn small_edits(
    text: &str,
    parsed: &Parsed,
    own: &[&str],
    context: &dyn Context,
) -> Result<Vec<(Bytes, String)>, Problem> {
    // Without the macro kernel Steel drops a definition that such a comment precedes.
    let mut edits: Vec<(Bytes, String)> = parsed
        .doc_markers
        .iter()
        .map(|&start| (start..start + ";;@doc".len(), ";; doc".to_string()))
        .collect();
    edits.extend(gexp::edits(text, &parsed.forms, context.key())?);
    if !context.trusted() {
        for items in parsed.forms.iter().filter_map(|form| form.form("begin")) {
            edits.extend(items.iter().map(|item| (item.at.start..item.at.start, mark(context.key(), item))));
        }
    }
    if let Some(directory) = context.directory() {
        edits.extend(paths::edits(text, &parsed.forms, own, &directory));
    }
    edits.sort_by_key(|(at, _)| (at.start, at.end));
    Ok(edits)
}

/// Notes what is being evaluated: the form, or the value of a definition. Steel forgets callers at the top level.
fn mark(key: &str, form: &Datum) -> String {
    let at = match form.form("define") {
        Some([name, value]) if name.symbol().is_some() => &value.at,
        _ => &form.at,
    };
    format!("({MARK} {key:?} {} {})", at.start, at.end)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::parse;
    use super::*;

    pub struct Fixed;

    impl Context for Fixed {
        fn module_key(&mut self, name: &str, at: &Bytes) -> Result<String, Problem> {
            if name.contains("missing") {
                Err(Problem::at(Code::UnknownModule, at.clone(), "no module"))
            } else {
                Ok(format!("/{name}"))
            }
        }
        fn key(&self) -> &str {
            "/home/me/a.scm"
        }
        fn implied(&self) -> Vec<Implied> {
            Vec::new()
        }
        fn directory(&self) -> Option<String> {
            Some("/home/me".into())
        }
        fn exports(&self, _: &str) -> Option<Vec<String>> {
            Some(["x", "y"].map(String::from).to_vec())
        }
        fn gives_meaning(&self, _: &str) -> bool {
            false
        }
        fn lacking(&self, name: &str) -> Option<&'static str> {
            (name == "plain-file").then_some("fruix/store.scm")
        }
        fn trusted(&self) -> bool {
            false
        }
    }

    /// The new text without marks.
    fn rewritten(text: &str) -> Result<String, Problem> {
        let parsed = parse(text).unwrap();
        let mut new = rewrite(text, &parsed, &mut Fixed)?.text;
        for form in &parsed.forms {
            new = new.replace(&mark(Fixed.key(), form), "");
        }
        Ok(new)
    }

    #[test]
    fn modules_become_requires() {
        assert_eq!(
            rewritten("(use-modules (fruix system) ((a b) #:prefix ab:) ((c) #:select (x y)))\n1").unwrap(),
            "(require \"/fruix/system.scm\")(require (prefix-in ab: \"/a/b.scm\"))(require (only-in \"/c.scm\" x y))\n1"
        );
        assert_eq!(
            rewritten("(require \"x.scm\" (prefix-in p \"y.scm\"))").unwrap(),
            "(require \"/x.scm\" (prefix-in p \"/y.scm\"))"
        );
        assert_eq!(rewritten("(use-modules (missing))").unwrap_err().primary(), Some(13..22));
        assert!(rewritten("(use-modules fruix)").is_err());
        assert!(rewritten("(use-modules ((a) #:renamer f))").is_err());
        assert_eq!(
            rewritten("(use-modules ((a) #:select ((x . mine) y)))").unwrap(),
            "(require (only-in \"/a.scm\" [x mine] y))"
        );
        assert_eq!(rewritten("(use-modules ((a) #:select (x nope)))").unwrap_err().primary(), Some(30..34));
        assert_eq!(rewritten("(require (only-in \"x.scm\" nope))").unwrap_err().primary(), Some(26..30));
    }

    #[test]
    fn imports_and_names_of_the_file_are_known() {
        let text = "(use-modules (a) ((b) #:prefix b:))(require \"c.scm\")(define (f x) (let ([y 1]) y))";
        let new = rewrite(text, &parse(text).unwrap(), &mut Fixed).unwrap();
        let imports: Vec<_> = new
            .imports
            .iter()
            .map(|import| (&new.text[import.at.clone()], import.whole.as_deref()))
            .collect();
        assert_eq!(
            imports,
            [
                ("(require \"/a.scm\")", Some("/a.scm")),
                ("(require (prefix-in b: \"/b.scm\"))", None),
                ("(require \"/c.scm\")", None),
            ]
        );
        assert_eq!(new.own.iter().collect::<Vec<_>>(), ["f", "x", "y"]);
    }

    #[test]
    fn paths_get_the_directory_of_their_file() {
        assert_eq!(
            rewritten("(f (local-file \"k.pub\"))").unwrap(),
            "(f (local-file \"k.pub\" #:directory \"/home/me\"))"
        );
        assert_eq!(rewritten("'(local-file \"k.pub\")").unwrap(), "'(local-file \"k.pub\")");
        assert_eq!(
            rewritten("`(local-file \"a\" ,(local-file \"k.pub\"))").unwrap(),
            "`(local-file \"a\" ,(local-file \"k.pub\" #:directory \"/home/me\"))"
        );
        let told = "(lambda (path . more) (apply local-file (cons path (cons '#:directory (cons \"/home/me\" more)))))";
        assert_eq!(rewritten("(map local-file '(\"a\"))").unwrap(), format!("(map {told} '(\"a\"))"));
    }

    #[test]
    fn names_that_are_bound_or_handed_on_are_left_alone() {
        for text in [
            "(lambda (a local-file) a)",
            "(let ([local-file 1]) 2)",
            "(let loop ([local-file 1]) 2)",
            "(define-syntax k (syntax-rules (local-file) [(_ x) x]))",
        ] {
            assert_eq!(rewritten(text).unwrap(), text);
        }
    }

    #[test]
    fn the_interpreters_own_modules_are_closed() {
        assert!(rewritten("(require-builtin steel/process)").is_err());
    }

    #[test]
    fn modules_are_named_for_what_is_used_of_them() {
        for (text, at) in
            [("(f (plain-file 1))", 4..14), ("`(a ,plain-file)", 5..15), ("#~(f #$(plain-file 1))", 8..18)]
        {
            assert_eq!(rewritten(text).unwrap_err().primary(), Some(at), "{text}");
        }
        for text in ["'(plain-file)", "`(plain-file)", "(define (f plain-file) plain-file)", "#~(plain-file)"]
        {
            assert!(rewritten(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn doc_markers_are_disarmed() {
        assert_eq!(rewritten(";;@doc\n;; text\n(define x 1)").unwrap(), ";; doc\n;; text\n(define x 1)");
    }
}
