//! Values as Scheme that gives them again, over several lines where one is too short.

use crate::eval::Value;

/// Indentation of what belongs to a form whose parts stand below it.
const INDENT: usize = 2;

/// The text of a value, in lines of at most `width` characters as far as that can be had.
pub fn pretty(value: &Value, width: usize) -> String {
    let mut text = String::new();
    write(&Shown::of(value), 0, 0, width, &mut text);
    text
}

/// The text of a value in one line.
pub fn line(value: &Value) -> String {
    Shown::of(value).line()
}

/// What is shown of a value.
enum Shown {
    Atom(String),
    /// A form whose items stand in a column: `(list …)`, `'(…)`, `(field value)`.
    Column {
        opening: String,
        items: Vec<Shown>,
    },
    /// A form whose items stand below its head: a record.
    Block {
        opening: String,
        items: Vec<Shown>,
    },
}

impl Shown {
    /// A value where Scheme would evaluate it.
    fn of(value: &Value) -> Self {
        match value {
            Value::Symbol(name) => Self::Atom(format!("'{name}")),
            Value::List(items) if items.is_empty() => Self::Atom("'()".into()),
            Value::List(items) if items.iter().all(quotable) => Self::quoted(items, "'("),
            Value::List(items) => match items.as_slice() {
                [car, Value::Symbol(dot), cdr] if dot == "." => {
                    Self::Column { opening: "(cons ".into(), items: vec![Self::of(car), Self::of(cdr)] }
                }
                _ => Self::Column { opening: "(list ".into(), items: items.iter().map(Self::of).collect() },
            },
            Value::Record { kind, fields } => {
                let field = |(name, value): &(String, Value)| Self::Column {
                    opening: format!("({name} "),
                    items: vec![Self::of(value)],
                };
                let space = if fields.is_empty() { "" } else { " " };
                Self::Block { opening: format!("({kind}{space}"), items: fields.iter().map(field).collect() }
            }
            other => Self::Atom(other.to_string()),
        }
    }

    /// A value inside of a quotation.
    fn datum(value: &Value) -> Self {
        match value {
            Value::List(items) => Self::quoted(items, "("),
            other => Self::Atom(other.to_string()),
        }
    }

    fn quoted(items: &[Value], opening: &str) -> Self {
        match items {
            // A pair stays on its line.
            [_, Value::Symbol(dot), _] if dot == "." => {
                let items: Vec<String> = items.iter().map(|item| Self::datum(item).line()).collect();
                Self::Atom(format!("{opening}{})", items.join(" ")))
            }
            _ => Self::Column { opening: opening.into(), items: items.iter().map(Self::datum).collect() },
        }
    }

    fn line(&self) -> String {
        match self {
            Self::Atom(text) => text.clone(),
            Self::Column { opening, items } | Self::Block { opening, items } => {
                let items: Vec<String> = items.iter().map(Self::line).collect();
                format!("{opening}{})", items.join(" "))
            }
        }
    }
}

/// Whether a quotation can hold the value.
fn quotable(value: &Value) -> bool {
    match value {
        Value::Boolean(_) | Value::Integer(_) | Value::Number(_) | Value::Text(_) | Value::Symbol(_) => true,
        Value::List(items) => items.iter().all(quotable),
        _ => false,
    }
}

/// Writes a value from a column on; `after` is how many parentheses follow on its last line.
fn write(shown: &Shown, column: usize, after: usize, width: usize, text: &mut String) {
    let line = shown.line();
    if column + line.chars().count() + after <= width {
        return text.push_str(&line);
    }
    let (opening, items, inner) = match shown {
        Shown::Atom(_) => return text.push_str(&line),
        Shown::Column { opening, items } => {
            let after_opening = column + opening.chars().count();
            // Far to the right there is no room: what is in the form goes below it.
            let atom = matches!(items.as_slice(), [Shown::Atom(_)]);
            let far = after_opening > width / 2 && !atom && !opening.trim_end().ends_with('(');
            (opening, items, if far { column + INDENT } else { after_opening })
        }
        Shown::Block { opening, items } => (opening, items, column + INDENT),
    };
    let below = inner == column + INDENT && inner != column + opening.chars().count();
    text.push_str(if below { opening.trim_end() } else { opening });
    for (index, item) in items.iter().enumerate() {
        if below || index > 0 {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', inner));
        }
        let last = index + 1 == items.len();
        write(item, inner, if last { after + 1 } else { 0 }, width, text);
    }
    text.push(')');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    fn symbol(name: &str) -> Value {
        Value::Symbol(name.into())
    }

    fn record(kind: &str, fields: &[(&str, Value)]) -> Value {
        let fields = fields.iter().map(|(name, value)| (name.to_string(), value.clone()));
        Value::Record { kind: kind.into(), fields: fields.collect() }
    }

    #[test]
    fn short_values_are_one_line_of_scheme() {
        let account = record("user", &[("name", text("a\"b")), ("uid", Value::Integer(1))]);
        let pair = Value::List(vec![text("k"), symbol("."), text("v")]);
        for (value, expected) in [
            (symbol("a"), "'a"),
            (Value::List(vec![]), "'()"),
            (Value::List(vec![symbol("a"), Value::List(vec![Value::Boolean(true)])]), "'(a (#t))"),
            (Value::List(vec![pair.clone()]), "'((\"k\" . \"v\"))"),
            (Value::List(vec![symbol("a"), account.clone()]), "(list 'a (user (name \"a\\\"b\") (uid 1)))"),
            (
                Value::List(vec![symbol("a"), symbol("."), account]),
                "(cons 'a (user (name \"a\\\"b\") (uid 1)))",
            ),
            (record("nothing", &[]), "(nothing)"),
        ] {
            assert_eq!(pretty(&value, 80), expected);
            assert_eq!(line(&value), expected);
        }
    }

    #[test]
    fn long_values_take_several_lines() {
        let user = |name: &str| record("user", &[("name", text(name)), ("uid", Value::Integer(1))]);
        let system = record(
            "system",
            &[
                ("name", text("one")),
                ("users", Value::List(vec![user("ada"), user("joe")])),
                ("options", Value::List(vec![symbol("WITHOUT_TESTS"), symbol("WITHOUT_LIB32")])),
            ],
        );
        let expected = "\
(system
  (name \"one\")
  (users (list (user (name \"ada\") (uid 1))
               (user (name \"joe\") (uid 1))))
  (options '(WITHOUT_TESTS WITHOUT_LIB32)))";
        assert_eq!(pretty(&system, 46), expected);
        let narrow = "\
(system
  (name \"one\")
  (users (list
           (user
             (name \"ada\")
             (uid 1))
           (user
             (name \"joe\")
             (uid 1))))
  (options '(WITHOUT_TESTS
             WITHOUT_LIB32)))";
        assert_eq!(pretty(&system, 24), narrow);
    }
}
