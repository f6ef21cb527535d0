//! Strings.

use steel::SteelVal;
use steel::rvals::{IntoSteelVal, Result};

use super::{Args, Module};
use crate::eval::host::failure;
use crate::eval::reader::literal;
use crate::eval::values::{self, Walk};

/// Widest padding: a slip of the fingers would take all memory.
const MAX_WIDTH: usize = 10_000;

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%string-split", 2, |_, args| split(args));
    module.procedure("%string-join", 2, |_, args| join(args));
    module.procedure("%string-contains", 2, |_, args| contains(args));
    module.procedure("%string-trim", 3, |_, args| trim(args));
    module.procedure("%string-pad", 4, |_, args| pad(args));
    module.procedure("%char-is", 2, |_, args| char_is(args));
    module.procedure("%format", 2, |_, args| format_text(args));
}

fn string<'a>(procedure: &str, value: &'a SteelVal) -> Result<&'a str> {
    values::text(value)
        .ok_or_else(|| failure(format!("{procedure}: expected a string, got {}", values::describe(value))))
}

fn split(args: Args<'_>) -> Result<SteelVal> {
    let (text, separator) = (string("string-split", &args[0])?, string("string-split", &args[1])?);
    if separator.is_empty() {
        return Err(failure("string-split: the separator is empty"));
    }
    Ok(SteelVal::ListV(text.split(separator).map(|part| SteelVal::StringV(part.into())).collect()))
}

fn join(args: Args<'_>) -> Result<SteelVal> {
    let strings = values::items(&args[0]).ok_or_else(|| {
        failure(format!("string-join: expected a list, got {}", values::describe(&args[0])))
    })?;
    let strings = strings.iter().map(|part| string("string-join", part)).collect::<Result<Vec<_>>>()?;
    strings.join(string("string-join", &args[1])?).into_steelval()
}

/// The index counts characters.
fn contains(args: Args<'_>) -> Result<SteelVal> {
    let (text, part) = (string("string-contains", &args[0])?, string("string-contains", &args[1])?);
    let index = text.find(part).map(|at| text[..at].chars().count());
    Ok(index.map_or(SteelVal::BoolV(false), |index| SteelVal::IntV(index as isize)))
}

/// `(%string-trim text start? end?)`
fn trim(args: Args<'_>) -> Result<SteelVal> {
    let mut text = string("string-trim", &args[0])?;
    if matches!(args[1], SteelVal::BoolV(true)) {
        text = text.trim_start();
    }
    if matches!(args[2], SteelVal::BoolV(true)) {
        text = text.trim_end();
    }
    text.to_string().into_steelval()
}

/// `(%string-pad text width character at-start?)`
fn pad(args: Args<'_>) -> Result<SteelVal> {
    let text = string("string-pad", &args[0])?;
    let (SteelVal::IntV(width), SteelVal::CharV(character)) = (&args[1], &args[2]) else {
        return Err(failure("string-pad: expected a width and a character"));
    };
    let width = usize::try_from(*width).ok().filter(|width| *width <= MAX_WIDTH);
    let width = width.ok_or_else(|| failure(format!("string-pad: a width is at most {MAX_WIDTH}")))?;
    let length = text.chars().count();
    let padding: String = std::iter::repeat_n(*character, width.saturating_sub(length)).collect();
    let left_out = length.saturating_sub(width);
    let at_start = matches!(args[3], SteelVal::BoolV(true));
    let padded = if at_start {
        padding + &text.chars().skip(left_out).collect::<String>()
    } else {
        text.chars().take(width).collect::<String>() + &padding
    };
    padded.into_steelval()
}

fn char_is(args: Args<'_>) -> Result<SteelVal> {
    let SteelVal::CharV(character) = args[0] else {
        return Err(failure(format!("expected a character, got {}", values::describe(&args[0]))));
    };
    let alphabetic = values::symbol(&args[1]) == Some("alphabetic");
    Ok(SteelVal::BoolV(if alphabetic { character.is_alphabetic() } else { character.is_numeric() }))
}

/// `(%format control arguments)`
fn format_text(args: Args<'_>) -> Result<SteelVal> {
    let control = string("format", &args[0])?;
    let mut arguments = values::items(&args[1]).unwrap_or_default().into_iter();
    let mut text = String::new();
    let mut characters = control.chars();
    while let Some(character) = characters.next() {
        if character != '~' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('~') => text.push('~'),
            Some('%') => text.push('\n'),
            Some(directive @ ('a' | 's' | 'A' | 'S' | 'd')) => {
                let value = arguments
                    .next()
                    .ok_or_else(|| failure(format!("format: no argument is left for ~{directive}")))?;
                text += &shown(&value, directive.eq_ignore_ascii_case(&'s'), &mut Walk::default())?;
            }
            other => {
                let directive = other.map(String::from).unwrap_or_default();
                return Err(failure(format!(
                    "format: unknown directive ~{directive}\nknown are ~a, ~s, ~d, ~% and ~~"
                )));
            }
        }
    }
    match arguments.next() {
        Some(value) => {
            Err(failure(format!("format: nothing takes the argument {}", values::describe(&value))))
        }
        None => text.into_steelval(),
    }
}

/// A value as people read it, or as Scheme does.
fn shown(value: &SteelVal, as_scheme: bool, walk: &mut Walk) -> Result<String> {
    walk.enter()?;
    let text = match value {
        SteelVal::StringV(text) if as_scheme => literal(text),
        SteelVal::StringV(text) => text.to_string(),
        SteelVal::CharV(character) if !as_scheme => character.to_string(),
        SteelVal::ListV(items) => {
            let items = items.iter().map(|item| shown(item, as_scheme, walk)).collect::<Result<Vec<_>>>()?;
            format!("({})", items.join(" "))
        }
        SteelVal::BoolV(value) => if *value { "#t" } else { "#f" }.to_string(),
        SteelVal::IntV(_)
        | SteelVal::BigNum(_)
        | SteelVal::NumV(_)
        | SteelVal::SymbolV(_)
        | SteelVal::CharV(_) => value.to_string(),
        other => {
            return Err(failure(format!(
                "format: cannot write {}\nuse text-append of (fruix store) for what has a store path",
                values::describe(other)
            )));
        }
    };
    walk.leave();
    Ok(text)
}
