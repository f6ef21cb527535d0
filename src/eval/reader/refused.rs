//! Forms that cannot work where they stand.
//!
//! What the interpreter cannot do without its macro kernel is refused here, where the place is known, and so is what it
//! takes without a word although it means something else.

use super::datum::{Bytes, Datum, Kind, Parsed};
use super::gexp;
use super::rewrite::Context;
use crate::eval::code::Code;
use crate::eval::problem::Problem;

/// Forms that need Steel's macro kernel, which costs more start-up than everything else together, and forms of other
/// Schemes; with what to use instead.
const FORMS: &[(&str, &str)] = &[
    ("struct", "use `define-record-type*` of (fruix records)"),
    ("match", "use `cond` with predicates, accessors of records, or `receive` and `list-ref`"),
    ("match-lambda", "use `lambda` with `cond`, or accessors of records"),
    ("match-define", "use `define` with accessors"),
    ("define-values", "use `receive` of (fruix lists)"),
    ("let-values", "use (receive (a b) EXPRESSION BODY …) of (fruix lists)"),
    ("let*-values", "use (receive (a b) EXPRESSION BODY …) of (fruix lists)"),
    ("defmacro", "use `define-syntax` with `syntax-rules`"),
    ("define-syntax-rule", "use `define-syntax` with `syntax-rules`"),
    ("syntax-case", "use `syntax-rules`"),
    ("let-syntax", "define the macro at the top level, with `define-syntax`"),
    ("letrec-syntax", "define the macro at the top level, with `define-syntax`"),
    ("define/contract", "use `define`; check arguments with `error`"),
    ("define-record-type", "use `define-record-type*` of (fruix records)"),
    ("define-struct", "use `define-record-type*` of (fruix records)"),
    ("define*", "use `define`: (define (f a [optional 1] #:key [key 2]) …)"),
    ("lambda*", "use `lambda`: (lambda (a [optional 1] #:key [key 2]) …)"),
    ("define-public", "use `define`, and name it in (provide …)"),
    ("define-module", "a file is a module: name what others may use in (provide …)"),
    ("export", "use (provide …)"),
    ("guard", "use `with-handler`"),
    ("raise", "use `error` with a message"),
    ("with-exception-handler", "use (with-handler (lambda (condition) …) EXPRESSION)"),
    ("while", "use a named `let`, or `do`"),
];

/// Forms that are for the reader, and would mean something else to Steel.
const TOP_LEVEL_FORMS: &[&str] =
    &["use-modules", "require", "require-builtin", "provide", "define-record-type*"];

/// Looks through a file; `own` are names that it gives a meaning.
pub(super) fn check(parsed: &Parsed, own: &[&str], context: &dyn Context) -> Result<(), Problem> {
    if !context.trusted() {
        names_of_the_interpreter(parsed)?;
    }
    let mut pending: Vec<&Datum> = parsed.forms.iter().rev().collect();
    while let Some(datum) = pending.pop() {
        pending.extend(gexp::values(datum));
        let Some(items) = datum.list() else { continue };
        pending.extend(items.iter().rev());
        let Some(head) = items.first() else { continue };
        let Some(name) = head.symbol().filter(|name| !own.contains(name)) else { continue };
        let misplaced =
            TOP_LEVEL_FORMS.contains(&name) && !parsed.forms.iter().any(|form| form.at == datum.at);
        if misplaced && !context.gives_meaning(name) {
            return Err(Problem::at(
                Code::MisplacedForm,
                datum.at.clone(),
                format!("`{name}` inside of another form"),
            )
            .label("must stand at the top level of the file"));
        }
        if let Some((_, instead)) = FORMS.iter().find(|(form, _)| *form == name)
            && !context.gives_meaning(name)
        {
            return Err(Problem::at(
                Code::UnavailableForm,
                head.at.clone(),
                format!("`{name}` is not part of Fruix's Scheme"),
            )
            .label("not available")
            .help(*instead));
        }
        distinct_names(items, own)?;
    }
    ends(parsed)
}

/// Refuses the names by which the interpreter's own code calls things: such a call checks nothing.
fn names_of_the_interpreter(parsed: &Parsed) -> Result<(), Problem> {
    let mut pending: Vec<&Datum> = parsed.forms.iter().rev().collect();
    while let Some(datum) = pending.pop() {
        match &datum.kind {
            Kind::Symbol(name) if name.starts_with("#%") => {
                return Err(Problem::at(
                    Code::UnavailableForm,
                    datum.at.clone(),
                    format!("`{name}` is a name of the interpreter's own"),
                )
                .label("not available")
                .help("names that begin with `#%` are not for declarations"));
            }
            Kind::List(items) => pending.extend(items.iter().rev()),
            Kind::OtherQuote(inner) | Kind::Gexp(inner) | Kind::Ungexp { inner, .. } => pending.push(inner),
            _ => {}
        }
    }
    Ok(())
}

/// Refuses to bind one name twice, of which Steel would take the last.
fn distinct_names(items: &[Datum], own: &[&str]) -> Result<(), Problem> {
    let [head, rest @ ..] = items else { return Ok(()) };
    let head = head.symbol().filter(|head| !own.contains(head)).unwrap_or_default();
    let names: Vec<&Datum> = match (head, rest) {
        ("lambda" | "λ" | "define", [parameters, ..]) => {
            let skipped = usize::from(head == "define");
            parameters.list().unwrap_or_default().iter().skip(skipped).filter_map(parameter).collect()
        }
        ("let" | "letrec" | "letrec*" | "do", [bindings, ..]) if bindings.list().is_some() => bound(bindings),
        // A named one has its name first.
        ("let", [_, bindings, ..]) => bound(bindings),
        _ => return Ok(()),
    };
    distinct(&names, "is bound twice")
}

/// The name of a parameter: `a`, or `[a DEFAULT]`.
fn parameter(datum: &Datum) -> Option<&Datum> {
    let name = datum.list().and_then(<[_]>::first).unwrap_or(datum);
    name.symbol().filter(|name| *name != "." && *name != "_").map(|_| name)
}

/// The names in `([name value] …)`.
fn bound(bindings: &Datum) -> Vec<&Datum> {
    bindings.list().unwrap_or_default().iter().filter_map(parameter).collect()
}

/// Refuses names of which two are equal; `what` goes on after the name.
fn distinct(names: &[&Datum], what: &str) -> Result<(), Problem> {
    for (index, name) in names.iter().enumerate() {
        if let Some(first) = names[..index].iter().find(|other| other.kind == name.kind) {
            let shown = name.symbol().unwrap_or_default();
            return Err(Problem::at(Code::BoundTwice, name.at.clone(), format!("`{shown}` {what}"))
                .label("again here")
                .also(first.at.clone(), "first here")
                .help("give one of them another name"));
        }
    }
    Ok(())
}

/// Refuses macros no use of which comes to an end: each of their rules uses such a macro again. Others that have none
/// take all the time that an evaluation may take.
fn ends(parsed: &Parsed) -> Result<(), Problem> {
    let mut endless: Vec<Macro> = parsed.forms.iter().filter_map(Macro::read).collect();
    loop {
        let names: Vec<&str> = endless.iter().map(|one| one.name).collect();
        let again =
            |one: &Macro| one.templates.iter().all(|template| names.iter().any(|name| uses(template, name)));
        let left: Vec<Macro> = endless.iter().filter(|one| again(one)).cloned().collect();
        if left.len() == endless.len() {
            break;
        }
        endless = left;
    }
    match endless.first() {
        None => Ok(()),
        Some(Macro { name, at, .. }) => Err(Problem::at(
            Code::EndlessMacro,
            at.clone(),
            format!("the macro `{name}` expands without end"),
        )
        .label("each of its rules uses it again, or another such macro")
        .help("add a rule that does not")),
    }
}

/// `(define-syntax name (syntax-rules (literal …) [pattern template] …))`
#[derive(Clone)]
struct Macro<'a> {
    name: &'a str,
    at: Bytes,
    templates: Vec<&'a Datum>,
}

impl<'a> Macro<'a> {
    /// One with rules.
    fn read(form: &'a Datum) -> Option<Self> {
        let [name, rules] = form.form("define-syntax")? else { return None };
        let [_literals, rules @ ..] = rules.form("syntax-rules")? else { return None };
        let template = |rule: &'a Datum| match rule.list() {
            Some([_pattern, template]) => Some(template),
            _ => None,
        };
        let templates: Vec<&Datum> = rules.iter().map(template).collect::<Option<_>>()?;
        (!templates.is_empty()).then_some(Self { name: name.symbol()?, at: name.at.clone(), templates })
    }
}

/// Whether a template has a use of a macro in it, which is not quoted.
fn uses(template: &Datum, name: &str) -> bool {
    let mut pending = vec![template];
    while let Some(datum) = pending.pop() {
        if datum.form(name).is_some() {
            return true;
        }
        match &datum.kind {
            Kind::List(_) if datum.form("quote").is_some() => {}
            Kind::List(items) => pending.extend(items),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::{parse, rewrite};

    fn refusal(text: &str) -> Option<(String, &str)> {
        let parsed = parse(text).unwrap();
        let problem = rewrite::rewrite(text, &parsed, &mut rewrite::tests::Fixed).err()?;
        let at = problem.primary().unwrap();
        Some((problem.message, &text[at]))
    }

    #[test]
    fn kernel_forms_are_refused_unless_they_mean_something() {
        for (text, at) in [
            ("(match x)", "match"),
            ("(list (struct a))", "struct"),
            ("(define* (f) 1)", "define*"),
            ("(begin (require \"x.scm\"))", "(require \"x.scm\")"),
        ] {
            assert_eq!(refusal(text).unwrap().1, at);
        }
        assert_eq!(refusal("(define (match x) x) (match 1)"), None);
        assert_eq!(refusal("(lambda (raise) (raise 1))"), None);
        assert_eq!(
            refusal("(define-record-type* r (match any) (provide any)) (r (match 1) (provide 2))"),
            None
        );
    }

    #[test]
    fn nothing_is_bound_twice() {
        for text in [
            "(define (f a a) a)",
            "(lambda (a [b 1] . b) a)",
            "(let ([x 1] [x 2]) x)",
            "(let loop ([x 1] [x 2]) x)",
            "(define (f #:a a #:b [a 1]) a)",
        ] {
            assert!(refusal(text).unwrap().0.contains("is bound twice"), "{text}");
        }
        for text in ["(let* ([x 1] [x x]) x)", "(lambda (_ _) 1)", "'(let ([x 1] [x 2]) x)", "(f (a a))"] {
            assert_eq!(refusal(text), None, "{text}");
        }
    }

    #[test]
    fn macros_can_come_to_an_end() {
        let rules = |rules: &str| format!("(define-syntax m (syntax-rules () {rules}))");
        for endless in ["[(_ x) (m (x x))]", "[(_) (list (m))] [(_ x) (m)]"] {
            let text = rules(endless);
            assert!(refusal(&text).unwrap().0.contains("without end"), "{endless}");
        }
        let each_other =
            "(define-syntax a (syntax-rules () [(_) (b)])) (define-syntax b (syntax-rules () [(_) (a)]))";
        assert_eq!(refusal(each_other).unwrap().1, "a");
        let ends =
            "(define-syntax a (syntax-rules () [(_) (b)])) (define-syntax b (syntax-rules () [(_) 1]))";
        assert_eq!(refusal(ends), None);
        for ending in ["[(_) 1] [(_ x y ...) (m y ...)]", "[(_) '(m)]", "[(_) (quote (m))]", ""] {
            assert_eq!(refusal(&rules(ending)), None, "{ending}");
        }
    }
}
