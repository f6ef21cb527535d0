//! Words that mean something elsewhere: in other languages, in other Schemes, or to a word processor.

/// What a word was meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// Another name for the same.
    Name(&'static str),
    /// Something that is written in another way.
    Way(&'static str),
}

/// What was meant by a word that is no name anywhere in Scheme.
pub fn habit(name: &str) -> Option<&'static str> {
    Some(match name {
        "else" => "`else` stands at the start of the last alternative of `cond` or `case`",
        "=>" => "`=>` stands in an alternative of `cond`",
        "nil" | "null" => "the empty list is '()",
        "true" => "true is #t",
        "false" => "false is #f",
        "None" | "undefined" => "use #f for nothing",
        _ if name.starts_with(['“', '”', '‘', '’', '’', '„', '«']) => {
            "strings stand between straight quotes: \"…\""
        }
        _ if name.starts_with("//") => "comments start with `;`",
        _ if name.starts_with(',') => "`,` works inside of a quasiquote: `(… ,x …)",
        _ => return None,
    })
}

/// What a name of another Scheme, or of Guix, is called here.
pub fn meant(name: &str) -> Option<Meant> {
    let position = FOREIGN.binary_search_by_key(&name, |(foreign, _)| foreign).ok()?;
    Some(FOREIGN[position].1)
}

const PURE: Meant =
    Meant::Way("a declaration sees nothing of the machine but what it names, as with `local-file`");

/// Names of Guile, Racket, R7RS, the SRFIs and Guix that Fruix's Scheme does not have; sorted.
const FOREIGN: &[(&str, Meant)] = &[
    ("%base-file-systems", Meant::Way("name all file systems: (file-systems (list (file-system …) …))")),
    ("%base-packages", Meant::Way("the programs of a system are those of its world")),
    ("%desktop-services", Meant::Name("%base-services")),
    ("-1+", Meant::Way("write (- NUMBER 1)")),
    ("1+", Meant::Way("write (+ NUMBER 1)")),
    ("1-", Meant::Way("write (- NUMBER 1)")),
    ("alist->hash-table", Meant::Way("use association lists, with `assoc-ref` of (fruix lists)")),
    ("and=>", Meant::Way("write (let ([x VALUE]) (and x (PROCEDURE x)))")),
    ("append!", Meant::Name("append")),
    ("assert", Meant::Way("write (unless TEST (error \"…\"))")),
    ("assertion-violation", Meant::Name("error")),
    ("concat", Meant::Name("string-append")),
    ("condition-message", Meant::Name("error-object-message")),
    ("condition/report-string", Meant::Name("error-object-message")),
    ("current-time", PURE),
    ("delete!", Meant::Name("delete")),
    ("exit", Meant::Way("a declaration ends with its last expression; `error` ends it with a message")),
    ("filter!", Meant::Name("filter")),
    ("fold-left", Meant::Name("fold")),
    ("for/list", Meant::Name("map")),
    ("force-output", Meant::Way("a declaration prints nothing; its last expression is what it gives")),
    ("fprintf", Meant::Name("format")),
    ("getcwd", PURE),
    ("getenv", PURE),
    ("gexp", Meant::Way("write #~(…)")),
    ("gexp->derivation", Meant::Name("computed-file")),
    ("gexp->file", Meant::Name("computed-file")),
    ("gexp->script", Meant::Name("computed-file")),
    ("git-checkout", Meant::Name("git-tree")),
    ("git-reference", Meant::Name("git-tree")),
    ("hash-for-each", Meant::Way("go through (hash->list HASH)")),
    ("hash-has-key?", Meant::Name("hash-contains?")),
    ("hash-set", Meant::Name("hash-insert")),
    ("hash-set!", Meant::Name("hash-insert")),
    ("hash-table", Meant::Name("hash")),
    ("hash-table-ref", Meant::Name("hash-ref")),
    ("hash-table-set!", Meant::Name("hash-insert")),
    ("list->hash", Meant::Way("use association lists, with `assoc-ref` of (fruix lists)")),
    ("list-copy", Meant::Way("lists never change: use the list itself")),
    ("list-set!", Meant::Way("lists never change: make another one with `map`")),
    ("make-hash", Meant::Name("hash")),
    ("make-hash-table", Meant::Name("hash")),
    ("modify-services", Meant::Name("modify-service")),
    ("open-file", PURE),
    ("origin", Meant::Name("freebsd-source")),
    ("package", Meant::Name("derivation")),
    ("printf", Meant::Name("format")),
    ("program-file", Meant::Name("computed-file")),
    ("raise", Meant::Name("error")),
    ("raise-exception", Meant::Name("error")),
    ("read", PURE),
    ("remove!", Meant::Name("remove")),
    ("reverse!", Meant::Name("reverse")),
    ("scheme-file", Meant::Name("computed-file")),
    ("service-type-extensions-to", Meant::Name("service-extension")),
    ("set-car!", Meant::Way("pairs never change: make another one with `cons`")),
    ("set-cdr!", Meant::Way("pairs never change: make another one with `cons`")),
    ("sort!", Meant::Name("sort")),
    ("str", Meant::Name("string-append")),
    ("string-append*", Meant::Name("string-concatenate")),
    ("string-append-join", Meant::Name("string-join")),
    ("string-concat", Meant::Name("string-append")),
    ("string-ends-with?", Meant::Name("string-suffix?")),
    ("string-find", Meant::Name("string-contains")),
    ("string-search", Meant::Name("string-contains")),
    ("string-search-forward", Meant::Name("string-contains")),
    ("string-starts-with?", Meant::Name("string-prefix?")),
    ("system", PURE),
    ("system*", PURE),
    ("text-file", Meant::Name("plain-file")),
    ("text-file*", Meant::Name("mixed-text-file")),
    ("throw", Meant::Name("error")),
    ("ungexp", Meant::Way("write #$VALUE, inside of #~(…)")),
    ("url-fetch", Meant::Way("write (derivation … #:builder \"builtin:fetch\" #:hash …)")),
    ("vector-for-each", Meant::Way("go through (vector->list VECTOR)")),
    ("vector-map", Meant::Way("write (list->vector (map PROCEDURE (vector->list VECTOR)))")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::modules::provider;

    #[test]
    fn words_are_found() {
        assert!(
            FOREIGN.is_sorted_by(|(a, _), (b, _)| a < b),
            "{:?}",
            FOREIGN.windows(2).find(|w| w[0].0 >= w[1].0)
        );
        assert_eq!(meant("fold-left"), Some(Meant::Name("fold")));
        assert_eq!(meant("fold"), None);
    }

    #[test]
    fn what_is_meant_exists_and_the_word_does_not() {
        use crate::eval::{engine, lockdown};
        let exists =
            |name: &str| provider(name).is_some() || lockdown::allows(name) || engine::is_standard(name);
        let there: Vec<&str> = FOREIGN.iter().map(|(name, _)| *name).filter(|name| exists(name)).collect();
        assert_eq!(there, Vec::<&str>::new());
        for (foreign, meant) in FOREIGN {
            if let Meant::Name(name) = meant {
                assert!(exists(name), "{foreign}: there is no {name}");
            }
        }
    }
}
