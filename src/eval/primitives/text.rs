//! Texts and their store paths.

use std::collections::BTreeSet;

use steel::SteelVal;
use steel::rvals::{IntoSteelVal, Result};

use super::{Args, Module};
use crate::content_address::text_path;
use crate::eval::evaluation::Text;
use crate::eval::host::{Host, failure};
use crate::eval::store_object::{MixedText, StoreObject};
use crate::eval::values;
use crate::hash::Sha256;
use crate::store_path::StorePath;

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%text-file", 2, text_file);
    module.procedure("%mixed-text", 1, |_, args| mixed_text(args));
    module.procedure("%text-string", 1, |_, args| mixed(&args[0])?.text.into_steelval());
    module.procedure("%text-has-outputs?", 1, |_, args| {
        let has = mixed(&args[0])?.context.iter().any(|object| matches!(object, StoreObject::Output { .. }));
        Ok(SteelVal::BoolV(has))
    });
    module.procedure("%store-object?", 1, |_, args| {
        Ok(SteelVal::BoolV(values::custom::<StoreObject>(&args[0]).is_some()))
    });
    module.procedure("%mixed-text?", 1, |_, args| {
        Ok(SteelVal::BoolV(values::custom::<MixedText>(&args[0]).is_some()))
    });
    module.procedure("%sha256", 1, |_, args| {
        let text = values::text(&args[0]).ok_or_else(|| failure("sha256: expected a string"))?;
        Sha256::of(text).hex().into_steelval()
    });
}

fn mixed(value: &SteelVal) -> Result<MixedText> {
    MixedText::read(value)
        .map_err(|odd| failure(format!("expected strings, numbers and store objects, got {odd}")))
}

/// `(%mixed-text value)` → the value as one mixed text
fn mixed_text(args: Args<'_>) -> Result<SteelVal> {
    mixed(&args[0])?.into_steelval()
}

/// `(%text-file name value)`: a text that may name texts and sources, but no outputs: it is there before anything
/// is built.
fn text_file(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let name = values::text(&args[0])
        .ok_or_else(|| failure(format!("expected the name of a file, got {}", values::describe(&args[0]))))?;
    let MixedText { text, context } = mixed(&args[1])?;
    if context.iter().any(|object| matches!(object, StoreObject::Output { .. })) {
        return Err(failure(format!(
            "the file `{name}` names something that has to be built first; use mixed-text-file"
        )));
    }
    let references: BTreeSet<StorePath> = context.iter().map(|object| object.path().clone()).collect();
    let path = text_path(name, &Sha256::of(&text), &references)
        .map_err(|error| failure(format!("the file `{name}`: {error}")))?;
    let made = Text { path: path.clone(), name: name.to_string(), contents: text, references };
    host.state().texts.insert(path.clone(), made);
    StoreObject::Text(path).into_steelval()
}
