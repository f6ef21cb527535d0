//! Steel's messages in the words of users.

use steel::rerrs::ErrorKind;

use super::places::Call;
use crate::eval::code::Code;
use crate::eval::lockdown;

/// What stands under the place of an error.
pub fn label(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::FreeIdentifier => "not known here",
        ErrorKind::ArityMismatch => "in this call",
        _ => "here",
    }
}

/// What kind of mistake an error of the interpreter's is.
pub fn code(kind: ErrorKind) -> Code {
    match kind {
        ErrorKind::ArityMismatch => Code::WrongArguments,
        ErrorKind::FreeIdentifier => Code::UnboundName,
        ErrorKind::TypeMismatch | ErrorKind::ContractViolation | ErrorKind::ConversionError => {
            Code::WrongType
        }
        ErrorKind::UnexpectedToken | ErrorKind::BadSyntax | ErrorKind::Parse => Code::MalformedForm,
        ErrorKind::Io | ErrorKind::Infallible | ErrorKind::Generic => Code::Failed,
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

/// Whether a name is that of a form which Steel's compiler knows.
pub fn is_form(name: &str) -> bool {
    SHAPES.iter().any(|(form, _)| *form == name)
}

/// Ways in which Steel says that something which is no procedure was called.
const NO_PROCEDURE: &[&str] = &[
    "function application not a procedure or function type not supported: ",
    "tailcall - Application not a procedure or function type not supported: ",
    "function application not a procedure, expected a function, found: ",
    "application not a procedure: ",
];

/// Messages that say nothing of the declaration, and what they mean; a blank at the end stands for what follows.
const MEANINGS: &[(&str, &str)] = &[
    ("attempted to call struct as a function", "a record is called like a procedure"),
    ("cannot reference an identifier before its definition", "this is used before its definition"),
    ("improper list must have a single cdr", "one expression stands behind a `.`, and nothing after it"),
    ("macro expansion depth reached", "this macro expands to itself without end"),
    ("set!: cannot mutate module-required identifier", "`set!` cannot change what another module defines"),
    ("stack overflow", "the recursion is too deep"),
    ("unexpected require", "`require` stands at the top level of a file"),
];

/// How Steel says that a value is not of some kind, and which kind that is. What follows a colon is the value.
const CONVERSIONS: &[(&str, &str)] = &[
    // Types of Rust's follow: of all that have two, only vectors are asked for in this way.
    ("annot convert steel value to the specified type", "a vector"),
    ("nable to convert steelval to u8: ", "a byte"),
    ("nable to convert isize to u8: ", "a byte"),
    ("annot convert value to bytevector: ", "a bytevector"),
    ("annot convert value to struct: ", "a struct"),
    ("annot convert to a span object: ", "a span"),
    ("alue cannot be referenced as a syntax object: ", "a syntax object"),
    ("alue cannot be referenced as a list", "a list"),
    ("ould not convert SteelVal list to Vector of values", "a list of bytes"),
];

/// A message on one line, as far as Steel broke it by itself: what follows the first line of others is a hint.
pub fn unbroken(message: &str) -> String {
    match message.split_once('\n') {
        // The latter is the beginning of a value that takes several lines.
        Some((first, _)) if first.ends_with("function type") || first.ends_with('{') => {
            message.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        _ => message.to_string(),
    }
}

/// A message of Steel's without its terms. `call` stands at its place: Steel has often forgotten what is called.
pub fn plain(kind: ErrorKind, message: &str, call: Option<&Call>) -> String {
    let message = in_words(message);
    let name = || call.map_or_else(|| "this".to_string(), |call| format!("`{}`", call.procedure));
    if let Some((_, meaning)) = MEANINGS.iter().find(|(start, _)| message.starts_with(start)) {
        return (*meaning).to_string();
    }
    if let Some(rest) = message.strip_prefix("function expected ") {
        return wrong_count(rest, call);
    }
    if let Some(value) = NO_PROCEDURE.iter().find_map(|start| message.strip_prefix(start)) {
        // Another procedure may have been given something that it cannot call.
        return match call {
            Some(Call { procedure, own: true, .. }) => {
                format!("`{procedure}` is called like a procedure, but is {value}")
            }
            _ => format!("{value} is called like a procedure"),
        };
    }
    if let Some(name) = message.strip_prefix("variable re defined within the top level definition: ") {
        return format!("`{name}` is defined twice");
    }
    if let Some(name) = message.strip_prefix("cannot reference identifier before its definition: ") {
        return format!("`{name}` is used before its definition");
    }
    if let Some(procedure) = message.strip_suffix(" resulted in an error - empty list") {
        return format!("`{procedure}`: the list is empty");
    }
    if let Some((_, form)) = message.split_once("macro expansion unable to match case: ") {
        // A form that another one expands to has names of the interpreter's own in it.
        return match form.contains("##") {
            true => format!("{} is not written like this", name()),
            false => format!("{} is not written like this: {form}", name()),
        };
    }
    if let Some(value) = message.strip_prefix("unable to unbox non box: ") {
        return format!("{} expected a box, found {value}", name());
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
    if let Some((_, value)) = message.split_once("nable to be converted to an iterable: ") {
        return format!("{} expected elements, as of a list, found {value}", name());
    }
    conversion(&message, call)
        .or_else(|| out_of_range(&message))
        .or_else(|| expectation(kind, &message, call))
        .unwrap_or(message)
}

/// Without prefixes, and with values as Scheme writes them.
fn in_words(message: &str) -> String {
    let message = ["Syntax Error: ", "Parse: Syntax Error: ", "Arity mismatch: ", "arity mismatch: "]
        .iter()
        .find_map(|prefix| message.strip_prefix(prefix))
        .unwrap_or(message)
        // Rust's number of an error of the system.
        .split(" (os error ")
        .next()
        .unwrap_or_default()
        .replace(" 1 arguments", " 1 argument")
        .replace("TailCall", "Tailcall")
        // How a set is shown.
        .replace("#<hashset Gc({", "#<hashset {")
        .replace("})>", "}>")
        .replace("#false", "#f")
        .replace("#true", "#t");
    // Some forget the blank after their name.
    let message = match message.split_once("expected ") {
        Some((name, rest))
            if name.ends_with(|c: char| c.is_alphanumeric())
                && !name.contains(' ')
                && (rest.starts_with("only ") || rest.starts_with(|c: char| c.is_ascii_digit())) =>
        {
            format!("{name} expected {rest}")
        }
        _ => message,
    };
    lower_first(&message)
}

/// `rest` goes on after "function expected". The procedure that got a wrong number of arguments is the one that is
/// called only if it got those of the call; else another one called it.
fn wrong_count(rest: &str, call: Option<&Call>) -> String {
    let found = rest.rsplit(' ').next().and_then(|count| count.parse::<usize>().ok());
    match call {
        Some(Call { is_form: true, .. }) | None => format!("a procedure expected {rest}"),
        Some(call) if found.is_none_or(|found| found == call.arguments) => {
            format!("`{}` expected {rest}", call.procedure)
        }
        Some(call) => format!("a procedure that `{}` calls expected {rest}", call.procedure),
    }
}

/// Messages about the conversion of an argument, which name neither the procedure nor the type as users do.
fn conversion(message: &str, call: Option<&Call>) -> Option<String> {
    let procedure = |before: &str| {
        let named = before.split_once(':').map(|(procedure, _)| procedure.to_owned());
        call.map(|call| call.procedure.clone()).or(named).unwrap_or_else(|| "this".to_owned())
    };
    for (phrase, expected) in CONVERSIONS {
        if let Some((before, value)) = message.split_once(phrase) {
            let found = if phrase.ends_with(": ") { format!(", found {value}") } else { String::new() };
            return Some(format!("`{}` expected {expected}{found}", procedure(before)));
        }
    }
    let (before, after) = message.split_once("annot convert steel value: ")?;
    let (value, kind) = after.split_once(" to ")?;
    let (kind, procedure) = (kind.trim_start_matches("steel "), procedure(before));
    Some(format!("`{procedure}` expected {} {kind}, found {value}", article(kind)))
}

/// Messages about an index.
fn out_of_range(message: &str) -> Option<String> {
    let number = |after: &str| {
        let (_, rest) = message.split_once(after)?;
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    };
    if message.starts_with("out of bounds index in ") {
        let procedure = message.trim_start_matches("out of bounds index in ").split(' ').next()?;
        let (index, length) = (number("index: ")?, number("length: ")?);
        return Some(format!("`{procedure}`: there is no element {index} in a list of {length}"));
    }
    if message.starts_with("index out of bounds, index given: ") {
        let (index, length) = (number("index given: ")?, number("length of vector: ")?);
        return Some(format!("there is no element {index} in a vector of {length}"));
    }
    let (procedure, _) = message.split_once(": ")?;
    let plain = |what: &str| format!("`{procedure}`: {what}");
    if let (Some(left), Some(right)) = (number("bound: left: "), number(", right: ")) {
        return Some(plain(&format!("the start, {left}, lies behind the end, {right}")));
    }
    if let (Some(index), Some(length)) = (number("index: "), number("string length: ")) {
        return Some(plain(&format!("there is no character {index} in a string of {length}")));
    }
    None
}

/// What stands between a procedure and what it wanted.
const VERBS: &[&str] = &[" expects ", " expected ", " takes ", " requires ", ": expected ", ": Expected "];

/// What stands between what was wanted and what came.
const FOUND: &[&str] = &[", found: ", ", found ", ", given: ", ", got ", " - found: "];

/// `NAME expects a list, found: 5`, and the like: how most of Steel's procedures complain.
fn expectation(kind: ErrorKind, message: &str, call: Option<&Call>) -> Option<String> {
    let (subject, wanted) = match message.strip_prefix("expected ") {
        Some(wanted) => ("", wanted),
        None => VERBS
            .iter()
            .filter_map(|verb| message.split_once(verb))
            .min_by_key(|(subject, _)| subject.len())?,
    };
    let is_name = !subject.contains([' ', '`', ':']);
    // What Fruix's own modules say is of this kind, too, and well said.
    let is_steels = kind != ErrorKind::Generic || lockdown::allows(subject);
    if !is_name || !is_steels {
        return None;
    }
    // Where a procedure is made of others, it is one of those that complains.
    let procedure = match call {
        Some(call) if subject.is_empty() || !call.mentions(subject) => &call.procedure,
        _ if subject.is_empty() => return None,
        _ => subject,
    };
    let (wanted, found) =
        FOUND.iter().find_map(|found| wanted.split_once(found)).map_or((wanted, ""), |(w, f)| (w, f.trim()));
    let wanted = if wanted.contains(' ') || wanted.ends_with('s') {
        wanted.replace("an number", "a number")
    } else {
        format!("{} {wanted}", article(wanted))
    };
    let found = if found.is_empty() { String::new() } else { format!(", found {found}") };
    Some(format!("`{procedure}` expected {wanted}{found}"))
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
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

    fn call(text: &str) -> Call {
        Call::read(text).expect("a call")
    }

    fn own(text: &str) -> Call {
        let mut call = call(text);
        call.own = true;
        call
    }

    #[test]
    fn steels_terms_become_words() {
        for (message, call, expected) in [
            (
                "function application not a procedure or function type not supported: 5",
                Some(own("(x 1)")),
                "`x` is called like a procedure, but is 5",
            ),
            (
                "Function application not a procedure or function type not supported: (1 2)",
                None,
                "(1 2) is called like a procedure",
            ),
            ("car resulted in an error - empty list", None, "`car`: the list is empty"),
            (
                "Type Mismatch: Type of SteelVal: 5 did not match the given type, expecting: X",
                Some(call("(f 5)")),
                "`f` cannot take 5",
            ),
            ("Syntax Error: let expected a list", None, "`let` expected a list"),
            (
                "Cannot convert steel value: 5 to steel string",
                Some(call("(string-append 5)")),
                "`string-append` expected a string, found 5",
            ),
            (
                "length: Cannot convert steel value: 5 to steel list",
                None,
                "`length` expected a list, found 5",
            ),
            (
                "vector->string: Cannot convert steel value to the specified type: &a::B or &c::D<e::F>",
                Some(call("(vector->string 5)")),
                "`vector->string` expected a vector",
            ),
            (
                "syntax-e:Value cannot be referenced as a syntax object: 5",
                None,
                "`syntax-e` expected a syntax object, found 5",
            ),
            (
                "Unable to convert steelval to u8: 1.5",
                Some(call("(bytes 1.5)")),
                "`bytes` expected a byte, found 1.5",
            ),
            (
                "list->bytes: Could not convert SteelVal list to Vector of values",
                None,
                "`list->bytes` expected a list of bytes",
            ),
            (
                "for_eachexpected only one argument, found 0",
                Some(call("(into-for-each)")),
                "`into-for-each` expected only one argument, found 0",
            ),
            (
                "unable to unbox non box: #<hashset Gc({1, 2})>",
                Some(call("(unbox x)")),
                "`unbox` expected a box, found #<hashset {1, 2}>",
            ),
            ("No such file or directory (os error 2)", None, "no such file or directory"),
            ("cdr expects a list, found: #false", None, "`cdr` expected a list, found #f"),
            (
                "macro expansion unable to match case: (cond)",
                Some(call("(cond)")),
                "`cond` is not written like this: (cond)",
            ),
            (
                "macro expansion unable to match case: (case ##atom-key)",
                Some(call("(case x)")),
                "`case` is not written like this",
            ),
            ("Key not found in hash map: x - map: Gc({'a: 1})", None, "the hash has no key x"),
            (
                "expected real numbers, found: a",
                Some(call("(<= 'a 1)")),
                "`<=` expected real numbers, found a",
            ),
            ("char->integer: Expected character", None, "`char->integer` expected a character"),
            (
                "out of bounds index in list-ref - list length: 2, index: 5",
                None,
                "`list-ref`: there is no element 5 in a list of 2",
            ),
            (
                "substring: left bound must be less than or equal to the right bound: left: 2, right: 1",
                None,
                "`substring`: the start, 2, lies behind the end, 1",
            ),
        ] {
            assert_eq!(plain(message, call.as_ref()), expected);
        }
    }

    fn plain(message: &str, call: Option<&Call>) -> String {
        super::plain(ErrorKind::TypeMismatch, message, call)
    }

    #[test]
    fn what_fruix_says_is_left_alone() {
        let message = "computed-file: expected a gexp, got 5";
        assert_eq!(super::plain(ErrorKind::Generic, message, Some(&call("(computed-file 5)"))), message);
        let message = "list-ref expects a positive integer";
        let plain = super::plain(ErrorKind::Generic, message, None);
        assert_eq!(plain, "`list-ref` expected a positive integer");
    }

    #[test]
    fn who_complains_is_who_was_called() {
        let message = "car expected a list or pair, found: 5";
        assert_eq!(plain(message, Some(&call("(map car 5)"))), "`car` expected a list or pair, found 5");
        assert_eq!(plain(message, Some(&call("(assoc 1 5)"))), "`assoc` expected a list or pair, found 5");
    }

    #[test]
    fn a_wrong_number_of_arguments_is_that_of_the_procedure_which_got_them() {
        let message = "function expected 1 arguments, found 2";
        assert_eq!(plain(message, Some(&call("(f 1 2)"))), "`f` expected 1 argument, found 2");
        assert_eq!(
            plain(message, Some(&call("(map f 1 2 3)"))),
            "a procedure that `map` calls expected 1 argument, found 2"
        );
        assert_eq!(plain(message, Some(&call("(let loop ())"))), "a procedure expected 1 argument, found 2");
        assert_eq!(plain(message, None), "a procedure expected 1 argument, found 2");
    }

    #[test]
    fn messages_that_steel_breaks_are_put_together() {
        let message = "TailCall - Application not a procedure or function type\n        not supported: 5";
        assert_eq!(plain(&unbroken(message), None), "5 is called like a procedure");
        assert_eq!(unbroken("no repository\nlook for it"), "no repository\nlook for it");
    }

    #[test]
    fn forms_are_shown_where_they_may_be_what_is_wrong() {
        assert!(shape(ErrorKind::BadSyntax, "let").unwrap().starts_with("(let ("));
        assert_eq!(shape(ErrorKind::Generic, "let"), None);
        assert_eq!(shape(ErrorKind::BadSyntax, "list"), None);
    }

    #[test]
    fn only_plain_words_lose_their_capital() {
        assert_eq!(plain("Cannot do", None), "cannot do");
        assert_eq!(plain("JSON is odd", None), "JSON is odd");
        assert_eq!(plain("Engine::new: no", None), "Engine::new: no");
    }
}
