//! Steel's messages in the words of users.

use steel::rerrs::ErrorKind;

/// What stands under the place of an error.
pub fn label(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::FreeIdentifier => "not known here",
        ErrorKind::ArityMismatch => "in this call",
        _ => "here",
    }
}

/// How forms are written that Steel complains about without saying so.
const SHAPES: &[(&str, &str)] = &[
    ("case", "(case VALUE [(DATUM …) EXPRESSION …] … [else EXPRESSION …])"),
    ("cond", "(cond [TEST EXPRESSION …] … [else EXPRESSION …])"),
    ("define", "(define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)"),
    ("define-syntax", "(define-syntax NAME (syntax-rules () [(_ PATTERN …) TEMPLATE] …))"),
    ("if", "(if TEST THEN ELSE)"),
    ("lambda", "(lambda (PARAMETER …) EXPRESSION …)"),
    ("let", "(let ([NAME VALUE] …) EXPRESSION …)"),
    ("let*", "(let* ([NAME VALUE] …) EXPRESSION …)"),
    ("letrec", "(letrec ([NAME VALUE] …) EXPRESSION …)"),
    ("quote", "(quote DATUM), or 'DATUM"),
    ("require", "(require \"FILE.scm\"), or (use-modules (MODULE NAME))"),
    ("set!", "(set! NAME VALUE)"),
    ("unless", "(unless TEST EXPRESSION …)"),
    ("when", "(when TEST EXPRESSION …)"),
];

/// How a form is written, if that may be what is wrong.
pub fn shape(kind: ErrorKind, form: &str) -> Option<&'static str> {
    let syntax = matches!(kind, ErrorKind::BadSyntax | ErrorKind::Parse | ErrorKind::ArityMismatch);
    let known = SHAPES.iter().find(|(name, _)| *name == form && syntax);
    known.map(|(_, shape)| *shape)
}

/// How Steel says that something which is no procedure was called.
const NO_PROCEDURE: &str = "function application not a procedure or function type not supported: ";

/// A message without Steel's own terms; `called` is what the call that failed calls, which Steel has often forgotten, and
/// `own` says that the user defined it.
pub fn plain(message: &str, called: Option<&str>, own: bool) -> String {
    let message = in_words(message);
    let name = || called.map_or_else(|| "this".to_string(), |name| format!("`{name}`"));
    if let Some(rest) = message.strip_prefix("function expected ") {
        return format!("{} expected {rest}", name());
    }
    if let Some(value) = message.strip_prefix(NO_PROCEDURE) {
        // Another procedure may have been given something that it cannot call.
        return match called {
            Some(called) if own => format!("`{called}` is called like a procedure, but is {value}"),
            _ => format!("{value} is called like a procedure"),
        };
    }
    if message.starts_with("attempted to call struct as a function") {
        return "a record is called like a procedure".into();
    }
    if let Some(procedure) = message.strip_suffix(" resulted in an error - empty list") {
        return format!("{procedure}: the list is empty");
    }
    if let Some((_, form)) = message.split_once("macro expansion unable to match case: ") {
        return format!("{} is not written like this: {form}", name());
    }
    if let Some(value) = message.strip_prefix("steel->string: expected string, found ") {
        return format!("{} expected a string, found {value}", name());
    }
    if let Some((key, _)) =
        message.strip_prefix("key not found in hash map: ").and_then(|rest| rest.split_once(" - map: "))
    {
        return format!("the hash has no key {key}");
    }
    if let Some((_, rest)) = message.split_once("ype Mismatch: Type of SteelVal: ")
        && let Some((value, _)) = rest.split_once(" did not match the given type")
    {
        return format!("{} cannot take {value}", name());
    }
    conversion(&message, called).unwrap_or(message)
}

/// Without prefixes, and with values as Scheme writes them.
fn in_words(message: &str) -> String {
    let message = ["Syntax Error: ", "Parse: Syntax Error: ", "Arity mismatch: ", "arity mismatch: "]
        .iter()
        .find_map(|prefix| message.strip_prefix(prefix))
        .unwrap_or(message)
        .replace(" 1 arguments", " 1 argument")
        .replace("#false", "#f")
        .replace("#true", "#t");
    lower_first(&message)
}

/// Messages about the conversion of an argument, which name neither the procedure nor the type as users do.
fn conversion(message: &str, called: Option<&str>) -> Option<String> {
    let (before, after) = message.split_once("annot convert steel value: ")?;
    let (value, kind) = after.split_once(" to steel ")?;
    let named = before.split_once(": ").map(|(procedure, _)| procedure);
    Some(format!("`{}` expected a {kind}, found {value}", called.or(named).unwrap_or("this")))
}

/// What was meant by a word that is no name: a habit from another language, or from a word processor.
pub fn slip(name: &str) -> Option<&'static str> {
    Some(match name {
        "else" => "`else` stands at the start of the last alternative of `cond` or `case`",
        "raise" | "throw" => "use `error`",
        "nil" | "null" => "the empty list is '()",
        "true" => "true is #t",
        "false" => "false is #f",
        "None" => "use #f for nothing",
        _ if name.starts_with(['“', '”', '‘', '’', '„', '«']) => {
            "strings stand between straight quotes: \"…\""
        }
        _ if name.starts_with("//") => "comments start with `;`",
        _ if name.starts_with(',') => "`,` works inside of a quasiquote: `(… ,x …)",
        _ => return None,
    })
}

/// A sentence starts lower-case; an acronym or the name of something keeps its case.
fn lower_first(message: &str) -> String {
    let word = message.split(' ').next().unwrap_or_default();
    let mut chars = word.chars();
    let is_word = chars.next().is_some_and(char::is_uppercase) && chars.all(char::is_lowercase);
    if !is_word {
        return message.to_string();
    }
    message.char_indices().map(|(index, c)| if index == 0 { c.to_ascii_lowercase() } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steels_terms_become_words() {
        assert_eq!(
            plain("function expected 1 arguments, found 2", Some("f"), true),
            "`f` expected 1 argument, found 2"
        );
        assert_eq!(
            plain("function application not a procedure or function type not supported: 5", Some("x"), true),
            "`x` is called like a procedure, but is 5"
        );
        assert_eq!(plain("car resulted in an error - empty list", None, true), "car: the list is empty");
        assert_eq!(
            plain(
                "Type Mismatch: Type of SteelVal: 5 did not match the given type, expecting: X",
                Some("f"),
                true
            ),
            "`f` cannot take 5"
        );
        assert_eq!(plain("Syntax Error: let expected a list", None, true), "let expected a list");
        assert_eq!(
            plain("Cannot convert steel value: 5 to steel string", Some("string-append"), true),
            "`string-append` expected a string, found 5"
        );
        assert_eq!(
            plain("length: Cannot convert steel value: 5 to steel list", None, true),
            "`length` expected a list, found 5"
        );
        assert_eq!(plain("cdr expects a list, found: #false", None, true), "cdr expects a list, found: #f");
        assert_eq!(
            plain("Function application not a procedure or function type not supported: (1 2)", None, true),
            "(1 2) is called like a procedure"
        );
        assert_eq!(
            plain("macro expansion unable to match case: (cond)", Some("cond"), true),
            "`cond` is not written like this: (cond)"
        );
        assert_eq!(
            plain("Key not found in hash map: x - map: Gc({'a: 1})", None, true),
            "the hash has no key x"
        );
    }

    #[test]
    fn forms_are_shown_where_they_may_be_what_is_wrong() {
        assert!(shape(ErrorKind::BadSyntax, "let").unwrap().starts_with("(let ("));
        assert_eq!(shape(ErrorKind::Generic, "let"), None);
        assert_eq!(shape(ErrorKind::BadSyntax, "list"), None);
    }

    #[test]
    fn only_plain_words_lose_their_capital() {
        assert_eq!(plain("Cannot do", None, true), "cannot do");
        assert_eq!(plain("JSON is odd", None, true), "JSON is odd");
        assert_eq!(plain("Engine::new: no", None, true), "Engine::new: no");
    }
}
