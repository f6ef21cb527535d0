//! Limits on sizes: an absurd one would end the whole program, or never come to an end.

use steel::SteelVal;
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;

use super::guard;
use crate::eval::host::failure;

/// Procedures that take a size: the position of that argument, and the largest value.
const SIZED: &[(&str, usize, isize)] = &[
    ("make-vector", 0, MAX_ITEMS),
    ("make-immutable-vector", 0, MAX_ITEMS),
    ("make-string", 0, MAX_ITEMS),
    ("make-bytes", 0, MAX_ITEMS),
    ("make-bytevector", 0, MAX_ITEMS),
    ("make-list", 0, MAX_ITEMS),
    ("range", 1, MAX_ITEMS),
    ("expt", 1, MAX_EXPONENT),
    ("arithmetic-shift", 1, MAX_EXPONENT),
];

/// Most items of something made in one go.
const MAX_ITEMS: isize = 10_000_000;

/// Powers of ten up to this take less than a second.
const MAX_EXPONENT: isize = 100_000;

/// Limits the sizes.
pub(super) fn limit(engine: &mut Engine) -> Result<()> {
    for &(name, position, most) in SIZED {
        guard(engine, name, move |args| match args.get(position) {
            Some(SteelVal::IntV(size)) if *size > most => {
                Err(failure(format!("{name}: {size} is too large; the limit is {most}")))
            }
            Some(SteelVal::BigNum(_)) => Err(failure(format!("{name}: too large; the limit is {most}"))),
            _ => Ok(()),
        })?;
    }
    Ok(())
}
