//! Strings.

use steel::SteelVal;
use steel::rvals::{IntoSteelVal, Result};

use super::{Args, Module};
use crate::eval::host::failure;
use crate::eval::values;

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%string-split", 2, |_, args| split(args));
    module.procedure("%string-join", 2, |_, args| join(args));
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
