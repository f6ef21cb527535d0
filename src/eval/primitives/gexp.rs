//! G-expressions: forms for the builder with values of the declaration in them.

use std::collections::BTreeSet;

use steel::SteelVal;
use steel::rvals::{Custom, CustomType, IntoSteelVal, Result, as_underlying_type};

use super::{Args, Module};
use crate::eval::host::{Host, failure};
use crate::eval::reader::literal;
use crate::eval::store_object::{MixedText, StoreObject};
use crate::eval::values::{self, TooLarge, Walk};

/// A form: its text, and what has to be there before it can run.
#[derive(Debug, Clone, Default)]
struct Gexp {
    form: MixedText,
    /// The file it stands in, and where it starts there.
    place: (String, usize),
}

impl Custom for Gexp {
    fn fmt(&self) -> Option<std::result::Result<String, std::fmt::Error>> {
        Some(Ok(format!("#~{}", self.form.text)))
    }

    fn equality_hint(&self, other: &dyn CustomType) -> bool {
        as_underlying_type::<Self>(other).is_some_and(|other| other.form == self.form)
    }
}

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%make-gexp", 3, make);
    module.procedure("%gexp?", 1, |_, args| Ok(SteelVal::BoolV(values::custom::<Gexp>(&args[0]).is_some())));
    module.procedure("%gexp-text", 1, |_, args| {
        let gexp: Gexp = values::custom(&args[0]).ok_or_else(|| failure("expected a gexp"))?;
        gexp.form.into_steelval()
    });
    module.procedure("%computed-from", 2, computed_from);
}

/// `(%make-gexp key (start end (kind start end) …) (text value text …))`, as [the reader](crate::eval::reader) writes it
fn make(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let key = values::text(&args[0]).unwrap_or_default();
    let places = values::items(&args[1]).unwrap_or_default();
    let start = match places.first() {
        Some(SteelVal::IntV(start)) => usize::try_from(*start).unwrap_or_default(),
        _ => 0,
    };
    let mut places = places.iter().skip(2).map(Inserted::read);
    let mut gexp = Gexp { form: MixedText::default(), place: (key.to_string(), start) };
    for (index, part) in values::items(&args[2]).unwrap_or_default().iter().enumerate() {
        if index % 2 == 0 {
            gexp.form.text.push_str(values::text(part).unwrap_or_default());
            continue;
        }
        let place = places.next().flatten().ok_or_else(|| failure("malformed gexp"))?;
        gexp.insert(part, place.all).map_err(|odd| {
            host.state().current = Some((key.to_string(), place.start..place.end));
            failure(format!(
                "{odd} cannot be part of a gexp\ninsert strings, numbers, symbols, lists of such, files and other things \
                 that can be built, or gexps"
            ))
        })?;
    }
    gexp.into_steelval()
}

/// `(%computed-from object gexp)` → the object; notes where the form stands that it is made by
fn computed_from(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    if let (Some(StoreObject::Output { drv, .. }), Some(gexp)) =
        (values::custom(&args[0]), values::custom::<Gexp>(&args[1]))
    {
        // Of equal forms, the first one stands for all.
        host.state().forms.entry(drv).or_insert(gexp.place);
    }
    Ok(args[0].clone())
}

/// Where a value was inserted, and whether all elements of a list were.
struct Inserted {
    all: bool,
    start: usize,
    end: usize,
}

impl Inserted {
    fn read(value: &SteelVal) -> Option<Self> {
        match values::items(value)?.as_slice() {
            [kind, SteelVal::IntV(start), SteelVal::IntV(end)] => Some(Self {
                all: values::symbol(kind)? == "all",
                start: usize::try_from(*start).ok()?,
                end: usize::try_from(*end).ok()?,
            }),
            _ => None,
        }
    }
}

impl Gexp {
    /// Appends a value; of `all`, the elements of the list. Otherwise gives what cannot be inserted, in words.
    fn insert(&mut self, value: &SteelVal, all: bool) -> std::result::Result<(), String> {
        let mut walk = Walk::default();
        if !all {
            return self.write(value, &mut walk);
        }
        let items = values::items(value).ok_or_else(|| values::describe(value))?;
        self.write_each(&items, &mut walk)
    }

    fn write_each(&mut self, items: &[SteelVal], walk: &mut Walk) -> std::result::Result<(), String> {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.form.text.push(' ');
            }
            self.write(item, walk)?;
        }
        Ok(())
    }

    /// Appends a value as code: what was a list becomes one, a store path a string.
    fn write(&mut self, value: &SteelVal, walk: &mut Walk) -> std::result::Result<(), String> {
        walk.enter().map_err(|TooLarge| TooLarge::FOUND)?;
        match value {
            SteelVal::StringV(text) => self.form.text += &literal(text),
            SteelVal::IntV(_) | SteelVal::BigNum(_) | SteelVal::SymbolV(_) => {
                self.form.text += &value.to_string()
            }
            SteelVal::NumV(number) if number.is_finite() => self.form.text += &format!("{number:?}"),
            SteelVal::BoolV(value) => self.form.text += if *value { "#t" } else { "#f" },
            SteelVal::ListV(items) => {
                self.form.text.push('(');
                self.write_each(&items.iter().cloned().collect::<Vec<_>>(), walk)?;
                self.form.text.push(')');
            }
            SteelVal::Pair(pair) => {
                self.form.text.push('(');
                self.write(&pair.car(), walk)?;
                self.form.text += " . ";
                self.write(&pair.cdr(), walk)?;
                self.form.text.push(')');
            }
            other => self.write_object(other)?,
        }
        walk.leave();
        Ok(())
    }

    fn write_object(&mut self, value: &SteelVal) -> std::result::Result<(), String> {
        let (text, context): (String, BTreeSet<StoreObject>) =
            if let Some(Self { form, .. }) = values::custom(value) {
                (form.text, form.context)
            } else if let Some(object) = values::custom::<StoreObject>(value) {
                (literal(&object.path().to_string()), BTreeSet::from([object]))
            } else if let Some(mixed) = values::custom::<MixedText>(value) {
                (literal(&mixed.text), mixed.context)
            } else {
                return Err(values::describe(value));
            };
        self.form.text += &text;
        self.form.context.extend(context);
        Ok(())
    }
}
