//! What the formatter knows about forms.
//!
//! A macro of the user's looks like a call of a procedure, and is laid out like one. What it is named after decides
//! otherwise: forms that start with `define` or `with-` have a body.

use super::tree::Node;

/// What a list means where it stands, which decides how it is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An expression: its head decides.
    Code,
    /// Like a call, whatever its head is called: a binding, a signature, a field.
    Plain,
    /// Quoted: all elements are equal.
    Data,
    /// A list of [`Role::Plain`] ones.
    Bindings,
    /// An alternative of `cond`: an expression, then a body.
    Clause,
    /// An alternative of `case`: data, then a body.
    DataClause,
}

/// How a list is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// So many arguments stand beside the head; the body follows, each expression on a line of its own.
    ///
    /// ```scheme
    /// (let ([a 1]
    ///       [b 2])
    ///   body)
    /// ```
    Body { beside: usize, argument: Role, body: Role },
    /// Arguments below each other, aligned with the first; or below the head, if the first does not stand beside it.
    Call,
    /// The same, but several arguments may share a line: the author's lines say which belong together.
    Fill,
    /// The first element alone, the others below it, each on a line of its own.
    Clause { first: Role },
    /// Elements aligned with the first; each on a line of its own if all are lists.
    Elements { element: Role },
}

/// Calls whose arguments come in groups.
const FILLED: &[&str] =
    &["append", "hash", "list", "mixed-text-file", "string-append", "text-append", "vector", "*", "+"];

/// Forms that list names.
const NAMES: &[&str] = &["export", "provide", "require", "require-builtin", "use-modules"];

/// Calls that read best with every argument on a line of its own, once they are broken.
const COLUMNS: &[&str] = &["and", "if", "or"];

impl Layout {
    /// How to break a list with these items.
    pub fn of(items: &[Node<'_>], role: Role) -> Self {
        let head = items.first().and_then(Node::atom);
        match (role, head) {
            (Role::Data, _) => Self::Elements { element: Role::Data },
            (Role::Bindings, _) => Self::Elements { element: Role::Plain },
            (Role::Clause, _) => Self::Clause { first: Role::Code },
            (Role::DataClause, _) => Self::Clause { first: Role::Data },
            (Role::Code | Role::Plain, None) => Self::Elements { element: Role::Code },
            (Role::Plain, Some(_)) => Self::Call,
            (Role::Code, Some(head)) => Self::of_form(head, items),
        }
    }

    /// What an item of such a list means; comments do not count.
    pub fn role_of(self, index: usize) -> Role {
        match self {
            Self::Elements { element } => element,
            Self::Clause { first } if index == 0 => first,
            Self::Body { beside, argument, .. } if (1..=beside).contains(&index) => argument,
            Self::Body { body, .. } if index > 0 => body,
            _ => Role::Code,
        }
    }

    fn of_form(head: &str, items: &[Node<'_>]) -> Self {
        let body = |beside, argument, body| Self::Body { beside, argument, body };
        match head {
            "begin" => body(0, Role::Code, Role::Code),
            "match-lambda" | "match-lambda*" | "case-lambda" => body(0, Role::Code, Role::DataClause),
            "cond" => body(0, Role::Code, Role::Clause),
            "case" | "match" => body(1, Role::Code, Role::DataClause),
            "syntax-rules" => body(1, Role::Data, Role::DataClause),
            "syntax-case" => body(2, Role::Code, Role::DataClause),
            "lambda" | "lambda*" | "λ" => body(1, Role::Data, Role::Code),
            "let" if items.get(1).is_some_and(|name| name.atom().is_some()) => {
                body(2, Role::Bindings, Role::Code)
            }
            "let" | "let*" | "letrec" | "letrec*" | "let-values" | "let*-values" | "let-syntax"
            | "letrec-syntax" | "and-let*" | "match-let" | "match-let*" | "parameterize" | "fluid-let" => {
                body(1, Role::Bindings, Role::Code)
            }
            "do" => body(2, Role::Bindings, Role::Code),
            "receive" => body(2, Role::Data, Role::Code),
            "when" | "unless" | "while" | "guard" | "modify-services" => body(1, Role::Code, Role::Code),
            "define-record-type*" | "define-record-type" => body(1, Role::Plain, Role::Plain),
            _ if head.starts_with("define") => body(1, Role::Plain, Role::Code),
            _ if head.starts_with("with-") => body(1, Role::Code, Role::Code),
            _ if NAMES.contains(&head) => Self::Fill,
            _ if FILLED.contains(&head) && !all_lists(&items[1..]) => Self::Fill,
            _ => Self::Call,
        }
    }
}

/// Whether the last argument of a call may go on below the line where the others stand.
pub fn may_hang(head: &str) -> bool {
    !COLUMNS.contains(&head)
}

/// Whether all of several items are lists.
pub fn all_lists(items: &[Node<'_>]) -> bool {
    let mut counted = items.iter().filter(|item| !item.is_comment()).peekable();
    counted.peek().is_some() && counted.all(Node::is_list)
}

/// What an expression means behind a prefix.
pub fn behind(prefix: &str, role: Role) -> Role {
    match prefix {
        "'" | "`" | "#'" | "#`" => Role::Data,
        "," | ",@" | "#," | "#,@" | "#~" | "#$" | "#$@" => Role::Code,
        _ => role,
    }
}
