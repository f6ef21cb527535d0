//! Variables without a value: of those, the definition failed or is still to come.
//!
//! Procedures that call each other are typed one by one. So a procedure may name what is not defined yet: a warning says
//! so, and calling it before then is an error.

use steel::rvals::Custom;

use crate::eval::code::Code;
use crate::eval::problem::Problem;

/// What stands in the place of a value. Where a message shows it, that says what is the matter: see
/// [`Undefined::shown_in`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undefined {
    name: String,
    why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Failed,
    Awaited,
}

impl Why {
    /// How the value is shown, behind its name.
    fn words(self) -> &'static str {
        match self {
            Self::Failed => ", whose definition failed>",
            Self::Awaited => ", which is not defined yet>",
        }
    }
}

impl Custom for Undefined {
    fn fmt(&self) -> Option<Result<String, std::fmt::Error>> {
        Some(Ok(format!("{OPENING}{}{}", self.name, self.why.words())))
    }
}

const OPENING: &str = "#<";

impl Undefined {
    /// What a definition defines that failed.
    pub fn failed(name: &str) -> Self {
        Self { name: name.to_string(), why: Why::Failed }
    }

    /// What is used before it is defined.
    pub fn awaited(name: &str) -> Self {
        Self { name: name.to_string(), why: Why::Awaited }
    }

    /// The first one that a message shows.
    pub fn shown_in(message: &str) -> Option<Self> {
        let shown = message.split(OPENING).skip(1);
        let mut found = shown.filter_map(|shown| {
            [Why::Failed, Why::Awaited]
                .into_iter()
                .find_map(|why| Some(Self { name: shown.split_once(why.words())?.0.to_string(), why }))
        });
        found.next()
    }

    /// What is said where the value was needed. `is_form` tells whether the name is that of a form by now.
    pub fn explain(&self, is_form: bool, problem: &mut Problem) {
        let name = &self.name;
        let (message, help) = match self.why {
            Why::Failed => {
                (format!("`{name}` has no value, because its definition failed"), "define it again")
            }
            Why::Awaited if is_form => (
                format!("`{name}` was no form yet where this is defined"),
                "define what uses it again: now it is one",
            ),
            Why::Awaited => (format!("`{name}` is not defined"), "define it first"),
        };
        (problem.code, problem.message) = (Code::UnboundName, message);
        (problem.help, problem.replacement) = (Some(help.to_string()), None);
    }

    /// The name of the variable.
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_show_what_has_no_value() {
        for undefined in [Undefined::failed("a"), Undefined::awaited("b c?")] {
            let shown = undefined.fmt().unwrap().unwrap();
            for message in [format!("+ expects #<x>, found: {shown}"), format!("{shown} is called"), shown] {
                assert_eq!(Undefined::shown_in(&message).as_ref(), Some(&undefined), "{message}");
            }
        }
        assert_eq!(Undefined::shown_in("#<procedure>, whose definition failed"), None);
    }

    #[test]
    fn what_is_the_matter_is_said_instead() {
        let said = |undefined: Undefined, is_form| {
            let mut problem = Problem::new(Code::WrongType, "`a` is called like a procedure");
            undefined.explain(is_form, &mut problem);
            problem.message
        };
        assert!(said(Undefined::failed("a"), false).contains("its definition failed"));
        assert_eq!(said(Undefined::awaited("a"), false), "`a` is not defined");
        assert!(said(Undefined::awaited("a"), true).contains("no form yet"));
    }
}
