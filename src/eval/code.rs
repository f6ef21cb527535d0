//! Stable names for kinds of mistakes, by which programs tell them apart: `docs/diagnostics.md` lists them.

use serde::{Deserialize, Serialize};

/// Declares [`Code`], and lists its variants with their names and meanings.
macro_rules! codes {
    ($($variant:ident $name:literal $meaning:literal),+ $(,)?) => {
        /// What kind of mistake a problem is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $(#[doc = $meaning] $variant,)+
        }

        impl Code {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The full name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => concat!("fruix::eval::", $name),)+ }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

codes! {
    UnreadableFile "unreadable-file" "A file cannot be read, is no text, or is too long.",
    UnreadableText "unreadable-text" "A part of the text is no Scheme.",
    Unclosed "unclosed" "A list, string or comment is never closed, or nothing follows a quote.",
    Unbalanced "unbalanced" "A closing parenthesis does not belong to an opening one.",
    TooDeep "too-deep" "The text nests too deep.",
    UnknownModule "unknown-module" "There is no such module.",
    ModuleCycle "module-cycle" "Modules use each other in a circle.",
    MalformedImport "malformed-import" "What is used or provided is not named as it has to be.",
    NotProvided "not-provided" "A module does not provide a name, or provides one that it does not define.",
    UnboundName "unbound-name" "A name means nothing where it stands.",
    EarlyUse "early-use" "A name is used before its definition.",
    BoundTwice "bound-twice" "A name is defined or bound twice.",
    FormAsValue "form-as-value" "The name of a form stands where a value is needed.",
    UnavailableForm "unavailable-form" "A form or a module is not part of Fruix's Scheme.",
    MisplacedForm "misplaced-form" "A form stands where it cannot.",
    MalformedForm "malformed-form" "A form is not written as it has to be.",
    EndlessMacro "endless-macro" "A macro expands without end.",
    WrongArguments "wrong-arguments" "A procedure is called with too few or too many arguments.",
    WrongType "wrong-type" "A procedure is given something that it cannot work with, or no procedure is called.",
    Failed "failed" "A procedure says that it failed: the message tells why.",
    MalformedType "malformed-type" "The definition of a record type is not written as it has to be.",
    UnknownField "unknown-field" "A record has no such field.",
    MissingField "missing-field" "A field has to be given.",
    RepeatedField "repeated-field" "A field is given twice.",
    MalformedField "malformed-field" "A clause of a record is not of the form (field value).",
    FieldType "field-type" "The value of a field is of another type, or there is none.",
    InvalidField "invalid-field" "The value of a field is of its type, and yet not allowed.",
    Inconsistent "inconsistent" "Parts of a declaration do not fit together, or do not fit this machine.",
    MissingInput "missing-input" "Something of the machine cannot be had.",
    WrongResult "wrong-result" "The declaration gives something else than what was asked for.",
    TooMuch "too-much" "The evaluation takes too much time, memory or stack.",
    Interrupted "interrupted" "The evaluation was interrupted.",
    InternalFault "internal-fault" "The fault is one of Fruix, or of the system.",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_with_those_in_messages_between_processes() {
        for code in Code::ALL {
            let sent = serde_json::to_value(code).unwrap();
            assert_eq!(code.name(), format!("fruix::eval::{}", sent.as_str().unwrap()));
        }
    }

    #[test]
    fn the_documentation_lists_all_and_no_others() {
        let text = include_str!("../../docs/diagnostics.md");
        let rows = text.lines().filter(|line| line.starts_with("| `fruix::eval::"));
        let expected = Code::ALL.iter().map(|code| format!("| `{}` | {} |", code.name(), code.meaning()));
        assert_eq!(rows.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
}
