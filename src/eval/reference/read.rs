//! Reading what one module offers from its text.

use super::{Export, Field, INTERNAL, Kind, ModuleReference};
use crate::eval::modules::{self, EMBEDDED};
use crate::eval::reader::{self, Bytes, Datum, FieldForm, Laziness, RecordForm};

/// Starts the comment that documents the definition after it.
const DOC: &str = ";;@doc";

/// Starts the comment that documents a form of the reader; the form follows on the same line.
const SYNTAX: &str = ";;@syntax ";

/// What a module offers, as its text says: one of Fruix's own, or of a user's. A text that is no Scheme offers
/// nothing.
pub fn read(key: &str, text: &str) -> ModuleReference {
    let header: Vec<&str> = text.lines().map_while(|line| line.strip_prefix(";;")).collect();
    let (purpose, notes) = match header.iter().position(|line| line.trim().is_empty()) {
        Some(end) => (&header[..end], &header[end + 1..]),
        None => (&header[..], &[][..]),
    };
    let mut module = ModuleReference {
        name: modules::scheme_name(key),
        key: key.to_string(),
        purpose: join(purpose),
        notes: unindent(notes),
        exports: Vec::new(),
    };
    let Ok(parsed) = reader::parse(text) else { return module };
    let definitions = Definitions::read(text, &parsed.forms);
    module.exports.extend(syntax(text));
    module.exports.extend(modules::provided(text).iter().map(|name| definitions.export(name)));
    module
}

/// What the forms of a module define.
struct Definitions<'a> {
    text: &'a str,
    forms: &'a [Datum],
    records: Vec<RecordForm>,
    /// The embedded modules that the module uses: it may provide what they do.
    used: Vec<&'static str>,
}

impl<'a> Definitions<'a> {
    fn read(text: &'a str, forms: &'a [Datum]) -> Self {
        let records = forms
            .iter()
            .filter_map(|form| RecordForm::read(form, form.form("define-record-type*")?).ok())
            .collect();
        let required = forms.iter().filter_map(|form| form.form("require")).flatten().filter_map(Datum::text);
        let used =
            required.filter_map(|key| EMBEDDED.iter().find(|(known, _)| *known == key)).map(|(key, _)| *key);
        Self { text, forms, records, used: used.collect() }
    }

    fn export(&self, name: &str) -> Export {
        let found = self
            .records
            .iter()
            .find_map(|record| self.of_record(record, name))
            .or_else(|| self.definition(name))
            .or_else(|| {
                let texts = EMBEDDED.iter().filter(|(key, _)| self.used.contains(key));
                texts.flat_map(|(key, text)| read(key, text).exports).find(|export| export.name == name)
            });
        found.unwrap_or_else(|| Export {
            name: name.to_string(),
            kind: Kind::Constant,
            signature: name.to_string(),
            doc: String::new(),
        })
    }

    fn of_record(&self, record: &RecordForm, name: &str) -> Option<Export> {
        let kind = &record.name;
        let export = |what, signature: String, doc: String| {
            Some(Export { name: name.to_string(), kind: what, signature, doc })
        };
        if name == kind {
            let fields = record.fields.iter().map(|field| self.field(field)).collect();
            let doc = record.doc.clone().unwrap_or_default();
            return export(Kind::RecordType(fields), format!("({kind} (field value) …)"), doc);
        }
        if name == record.predicate() {
            let doc = format!("Whether a value is a record of the type `{kind}`.");
            return export(Kind::Predicate(kind.clone()), format!("({name} value)"), doc);
        }
        if name == format!("%{kind}") {
            let doc = format!("Internal: the type of `{kind}` records, for `define-lowering`.");
            return export(Kind::Internal, name.to_string(), doc);
        }
        let field = record.fields.iter().find(|field| name == record.accessor(field))?;
        let about = field.doc.as_deref().unwrap_or_default();
        export(
            Kind::Accessor { record: kind.clone(), field: field.name.clone() },
            format!("({name} {kind})"),
            format!("The field `{}`. {about}", field.name),
        )
    }

    fn field(&self, field: &FieldForm) -> Field {
        let source = |at: &Bytes| self.text.get(at.clone()).map(one_line);
        Field {
            name: field.name.clone(),
            type_name: field.spec.to_string(),
            type_words: field.spec.describe(),
            default: field.default.as_ref().and_then(|default| source(&default.at)),
            marks: field
                .laziness
                .map(Laziness::word)
                .into_iter()
                .chain(field.innate.then_some("innate"))
                .map(ToString::to_string)
                .collect(),
            doc: field.doc.clone().unwrap_or_default(),
        }
    }

    /// What `define` or `define-syntax` says of a name.
    fn definition(&self, name: &str) -> Option<Export> {
        let mut before = 0;
        for form in self.forms {
            let between = before..form.at.start;
            before = form.at.end;
            let (is_macro, items) = match (form.form("define"), form.form("define-syntax")) {
                (Some(items), _) => (false, items),
                (None, Some(items)) => (true, items),
                (None, None) => continue,
            };
            let Some(signature) = items.first() else { continue };
            let defined = signature.list().and_then(<[_]>::first).unwrap_or(signature);
            if defined.symbol() != Some(name) {
                continue;
            }
            let doc = self.text.get(between).map(doc_comment).unwrap_or_default();
            let kind = match (doc.starts_with(INTERNAL), is_macro, signature.list()) {
                (true, ..) => Kind::Internal,
                (_, true, _) => Kind::Syntax,
                (_, _, Some(_)) => Kind::Procedure,
                (_, _, None) => Kind::Constant,
            };
            let signature = one_line(&self.text[signature.at.clone()]);
            return Some(Export { name: name.to_string(), kind, signature, doc });
        }
        None
    }
}

/// The forms of the reader that a module documents.
fn syntax(text: &str) -> Vec<Export> {
    let mut exports = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(signature) = line.strip_prefix(SYNTAX) else { continue };
        let mut doc = Vec::new();
        while let Some(more) =
            lines.peek().and_then(|line| line.strip_prefix(";;")).filter(|l| !l.starts_with('@'))
        {
            doc.push(more);
            lines.next();
        }
        let name = signature.trim_start_matches('(').split([' ', ')']).next().unwrap_or_default();
        exports.push(Export {
            name: name.to_string(),
            kind: Kind::Syntax,
            signature: signature.to_string(),
            doc: unindent(&doc),
        });
    }
    exports
}

/// The documentation in the text before a definition.
fn doc_comment(before: &str) -> String {
    let Some((_, comment)) = before.rsplit_once(DOC) else { return String::new() };
    let lines: Vec<&str> = comment.lines().skip(1).map_while(|line| line.strip_prefix(";;")).collect();
    unindent(&lines)
}

/// Comment lines without the space after their semicolons.
fn unindent(lines: &[&str]) -> String {
    let lines: Vec<&str> =
        lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    lines.join("\n").trim().to_string()
}

fn join(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#";; Things, and
;; what they are for.
;;
;; Much more.
(provide (record thing) make-thing %limit %hidden keep when-thing)

;;@syntax (with-thing name body …)
;; Evaluates BODY.

(define-record-type* thing
  "A thing."
  (size (integer 1)
        (default (+ 1
                    2))
        (thunked)
        (doc "How large.")))

;;@doc
;; Makes one
;; of SIZE.
(define (make-thing size #:name [name
                                 "x"])
  size)

;;@doc
;; The limit.
(define %limit 5)

;;@doc
;; Internal: nobody's business.
(define %hidden 6)

;; No documentation.
(define keep (lambda (x) x))

;;@doc
;; If THING is one.
(define-syntax when-thing (syntax-rules () [(_ thing) thing]))
"#;

    #[test]
    fn all_kinds_of_exports_are_read() {
        let module = read("mine/things.scm", TEXT);
        assert_eq!(module.name, "(mine things)");
        assert_eq!(module.purpose, "Things, and what they are for.");
        assert_eq!(module.notes, "Much more.");
        let found: Vec<(&str, &str, &str, &str)> = module
            .exports
            .iter()
            .map(|e| (e.name.as_str(), e.kind.describe(), e.signature.as_str(), e.doc.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("with-thing", "syntax", "(with-thing name body …)", "Evaluates BODY."),
                ("thing", "record type", "(thing (field value) …)", "A thing."),
                ("thing?", "predicate", "(thing? value)", "Whether a value is a record of the type `thing`."),
                (
                    "%thing",
                    "internal",
                    "%thing",
                    "Internal: the type of `thing` records, for `define-lowering`."
                ),
                ("thing-size", "accessor", "(thing-size thing)", "The field `size`. How large."),
                ("make-thing", "procedure", "(make-thing size #:name [name \"x\"])", "Makes one\nof SIZE."),
                ("%limit", "constant", "%limit", "The limit."),
                ("%hidden", "internal", "%hidden", "Internal: nobody's business."),
                ("keep", "constant", "keep", ""),
                ("when-thing", "syntax", "when-thing", "If THING is one."),
            ]
        );
        let Kind::RecordType(fields) = &module.exports[1].kind else { panic!("a record type") };
        assert_eq!(fields[0].default.as_deref(), Some("(+ 1 2)"));
        assert_eq!(fields[0].type_name, "(integer 1)");
        assert_eq!(fields[0].marks, ["thunked"]);
    }

    #[test]
    fn a_text_that_is_no_scheme_offers_nothing() {
        assert!(read("x.scm", ";; Broken.\n(provide a").exports.is_empty());
    }
}
