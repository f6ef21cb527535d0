//! Small programs of all that a declaration may call, with arguments that nobody would write, and of ways to what it
//! may not see.

use std::fmt::Write as _;
use std::sync::LazyLock;

use arbitrary::{Arbitrary, Result, Unstructured};

/// What must not be seen: the contents of the file [`FILE`] beside a program, and the value of the variable [`VARIABLE`].
pub const CANARY: &str = "canary-7f3a9";

/// The name of the file.
pub const FILE: &str = "secret.txt";

/// The name of the variable.
pub const VARIABLE: &str = "FRUIX_FUZZ_SECRET";

/// A declaration.
#[derive(Debug)]
pub struct Program(String);

impl From<Program> for String {
    fn from(Program(text): Program) -> Self {
        text
    }
}

impl<'a> Arbitrary<'a> for Program {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = String::from(PRELUDE);
        for _ in 0..bytes.int_in_range(1..=4)? {
            form(bytes, &mut text)?;
        }
        Ok(Self(text))
    }
}

/// What every program begins with.
const PRELUDE: &str = "(use-modules (fruix records) (fruix store) (fruix lists) (fruix strings) (fruix gexp) (fruix \
                       derivations) (fruix accounts) (fruix file-systems) (fruix services))\n";

/// Deepest nesting of calls.
const MAX_DEPTH: usize = 4;

/// What can be called: the interpreter's procedures, Fruix's own, and forms; and what is refused.
static HEADS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let interpreters = include_str!("../../../src/eval/lockdown/allowed.txt");
    let interpreters =
        interpreters.lines().filter(|line| !line.starts_with(";;")).flat_map(str::split_whitespace);
    let fruix = fruix::eval::reference::modules().iter().flat_map(|module| &module.exports);
    let names = interpreters.chain(fruix.map(|export| export.name.as_str()));
    names.chain(fruix::eval::FORMS.iter().copied()).chain(REFUSED.iter().copied()).collect()
});

/// What would see or do more than a declaration may.
const REFUSED: &[&str] = &[
    "open-input-file",
    "open-output-file",
    "call-with-input-file",
    "with-input-from-file",
    "read-file-to-string",
    "load",
    "include",
    "require",
    "require-builtin",
    "eval",
    "eval!",
    "eval-string",
    "run!",
    "Engine::new",
    "env-var",
    "maybe-get-env-var",
    "command",
    "spawn-process",
    "current-directory",
    "read-dir",
    "path-exists?",
    "is-file?",
    "canonicalize-path",
    "file-metadata",
    "delete-file!",
    "current-milliseconds",
    "system-time/now",
    "rng->gen-usize",
    "thread::spawn",
    "time/sleep-ms",
    "%module-get%",
    "#%prim.open-input-file",
    "current-module",
    "current-command-line",
    "local-file",
    "local-tree",
    "set!",
    "with-handler",
    "call/cc",
    "dynamic-wind",
    "make-struct-type",
    "syntax-rules",
];

const ATOMS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "1.5",
    "1/2",
    "-0.0",
    "+inf.0",
    "+nan.0",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999",
    "1+2i",
    "\"\"",
    "\"a\"",
    "\"é\"",
    "\"%-builtin-module-steel/base\"",
    "'()",
    "'(1 . 2)",
    "'(1 2 3)",
    "'((a . 1) (b . 2))",
    "'a",
    "#t",
    "#f",
    "#\\a",
    "#\\x0",
    "#:key",
    "(void)",
    "(vector 1 2)",
    "(mutable-vector 1 2)",
    "(bytes 1 255)",
    "(hash 'a 1 'b 2 'c 3)",
    "(hashset 1 2 3)",
    "(box 1)",
    "(lambda (x) x)",
    "(lambda x x)",
    "(lambda () 1)",
    "car",
    "cons",
    "x",
    "y",
    "f",
    "point",
    "(point (x 1))",
    "(point)",
    "(plain-file \"n\" \"t\")",
    "#~(list #$x)",
    "`(1 ,x ,@y)",
    "%-builtin-module-steel/base",
    "secret.txt",
    "\"secret.txt\"",
    "\"./secret.txt\"",
    "\"link.scm\"",
    "\"FRUIX_FUZZ_SECRET\"",
    "\"/proc/self/environ\"",
    "(open-input-string \"(a b)\")",
    "(open-output-string)",
    "(current-output-port)",
];

/// Forms of the top level, with `@` for expressions.
const FORMS: &[&str] = &[
    "@",
    "@",
    "@",
    "(define x @)",
    "(define y (list @ @))",
    "(define (f x) @)",
    "(define (f [x @] . y) @)",
    "(define (f #:key [x @]) @)",
    "(define-record-type* point \"A point.\" (x any) (y (maybe (list-of point)) (default @)))",
    "(define-record-type* point (x integer (thunked) (default @)) (y any (sanitize @) (check @)))",
    "(define-syntax m (syntax-rules () [(_ a b ...) (@ a b ...)]))",
    "(define-syntax m (syntax-rules (x) [(_ x) @] [(_ a ...) (list a ...)]))",
    "(m @ @)",
    "(set! x @)",
    "(define loop (lambda (n) (if (< n 1000) (loop (+ n 1)) @)))",
    "(loop @)",
    "(with-handler (lambda (e) (error-object-message e)) @)",
    "(with-handler (lambda (e) e) @)",
    "(call/cc (lambda (f) @))",
    "(map @ @)",
    "(for-each @ (list @ @))",
    "(let loop ([x 0]) (if (> x 100000) x (loop (+ x 1))))",
    "(let ([x @] [y @]) @)",
    "(if @ @ @)",
    "(computed-file \"c\" #~(begin #$@ #$output))",
    "(plain-file \"n\" @)",
    "(mixed-text-file \"n\" @ @)",
    "(derivation \"d\" #:builder @ #:env @)",
    "(operating-system (host-name @) (services @))",
    "(service @ @)",
    "(to-string @)",
    "(format #f \"~a ~s\" @ @)",
    "(->json @)",
    "(require @)",
    "(require (only-in @ @))",
    "(use-modules @)",
    "(provide @)",
    "(begin @ @)",
    "(error @ @)",
    "(equal? @ @)",
    "(hash-ref (hash @ @) @)",
];

fn form(bytes: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    let mut parts = bytes.choose(FORMS)?.split('@');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        expression(bytes, 0, text)?;
        text.push_str(part);
    }
    text.push('\n');
    Ok(())
}

fn expression(bytes: &mut Unstructured<'_>, depth: usize, text: &mut String) -> Result<()> {
    if depth == MAX_DEPTH || bytes.ratio(2, 5)? {
        text.push_str(bytes.choose(ATOMS)?);
        return Ok(());
    }
    let _ = write!(text, "({}", bytes.choose(&HEADS)?);
    for _ in 0..*bytes.choose(&[1, 2, 2, 1, 3, 0])? {
        text.push(' ');
        expression(bytes, depth + 1, text)?;
    }
    text.push(')');
    Ok(())
}
