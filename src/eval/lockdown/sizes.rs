//! Limits on sizes: an absurd one would end the whole program, or never come to an end.

use steel::SteelVal;
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;

use super::guard;
use crate::eval::host::failure;

/// Procedures that take a number of items: the position of that argument.
const COUNTED: &[(&str, usize)] = &[
    ("make-vector", 0),
    ("make-immutable-vector", 0),
    ("make-string", 0),
    ("make-bytes", 0),
    ("make-bytevector", 0),
    ("make-list", 0),
    ("list-drop", 1),
    ("list-tail", 1),
    ("immutable-vector-take", 1),
    ("immutable-vector-drop", 1),
    ("list-chunks", 1),
    ("#%read-bytes", 0),
    ("read-bytes", 0),
    ("read-bytevector", 0),
];

/// Procedures that take a number up to which they count: its position, and the largest.
const BOUNDED: &[(&str, usize, isize)] =
    &[("range", 1, MAX_ITEMS), ("expt", 1, MAX_EXPONENT), ("arithmetic-shift", 1, MAX_EXPONENT)];

/// Most items of something made in one go.
const MAX_ITEMS: isize = 10_000_000;

/// Powers of ten up to this take less than a second.
const MAX_EXPONENT: isize = 100_000;

/// Limits the sizes.
pub(super) fn limit(engine: &mut Engine) -> Result<()> {
    for &(name, position) in COUNTED {
        guard(engine, name, move |args| check(name, args.get(position), 0, MAX_ITEMS))?;
    }
    for &(name, position, most) in BOUNDED {
        guard(engine, name, move |args| check(name, args.get(position), isize::MIN, most))?;
    }
    guard(engine, "expt", |args| match args {
        [SteelVal::BigNum(_), exponent] => check("expt of such a number", Some(exponent), isize::MIN, 100),
        _ => Ok(()),
    })
}

fn check(name: &str, value: Option<&SteelVal>, least: isize, most: isize) -> Result<()> {
    match value {
        Some(SteelVal::IntV(size)) if *size > most => {
            Err(failure(format!("{name}: {size} is too large; the limit is {most}")))
        }
        Some(SteelVal::IntV(size)) if *size < least => {
            Err(failure(format!("{name}: {size} is no number of items")))
        }
        Some(SteelVal::BigNum(_)) => Err(failure(format!("{name}: too large; the limit is {most}"))),
        _ => Ok(()),
    }
}
