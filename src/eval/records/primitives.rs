//! What `scheme/fruix/records.scm` calls.

use std::sync::Arc;

use steel::SteelVal;
use steel::rvals::{IntoSteelVal, Result};

use super::record_type::{NoRecord, Origin, Poison, RecordType, TypeHandle};
use super::{TypeSpec, check, lazy};
use crate::eval::code::Code;
use crate::eval::host::{Host, Place, RawPlace, RawProblem, failure, reported};
use crate::eval::primitives::{Args, Module};
use crate::eval::values::{self, Record, TooLarge, Walk};

/// Longest text of a field type.
const LONGEST_TYPE: usize = 1000;

/// Adds the primitives of records to the module `fruix/host`.
pub fn register(module: &mut Module<'_>) {
    module.procedure("%record-spec", 2, record_spec);
    module.procedure("%record-order", 3, order);
    module.procedure("%check-procedures", 3, |_, args| check_procedures(args));
    module.procedure("%type?", 1, |_, args| Ok(SteelVal::BoolV(type_of(&args[0]).is_some())));
    module.procedure("%misfit", 2, misfit);
    module.procedure("%record-misfits", 3, misfits);
    module.procedure("%record-reject", 3, reject);
    lazy::register(module);
    module.procedure("%record-malformed", 4, malformed);
    module.procedure("%record-field", 4, |_, args| record_ref(args));
    module.procedure("%record->string", 2, |_, args| record_to_string(args));
    module.procedure("%holds-records?", 1, |_, args| {
        Ok(SteelVal::BoolV(holds_records(&args[0], &mut Walk::default())?))
    });
    module.procedure("%record-type-name", 1, |_, args| {
        let name = Record::of(&args[0]).map(|record| SteelVal::SymbolV(record.type_name().into()));
        Ok(name.unwrap_or(SteelVal::BoolV(false)))
    });
    module.procedure("%record-kind-name", 1, |_, args| {
        Ok(SteelVal::SymbolV(spec(&args[0])?.0.name.as_str().into()))
    });
    module.procedure("%mark-buildable", 1, |_, args| {
        spec(&args[0])?.0.mark_buildable();
        Ok(SteelVal::Void)
    });
    module.procedure("%record-place", 2, |_, args| place(args));
    module.procedure("%problem", 3, problem);
    module.procedure("%fail", 1, |_, args| Err(failure(values::text(&args[0]).unwrap_or_default())));
    module.procedure("%abort", 0, |_, _| Err(reported()));
    module.procedure("%end-if-reported", 0, |host, _| {
        if host.state().problems.is_empty() { Ok(SteelVal::Void) } else { Err(reported()) }
    });
    module.procedure("%poison", 0, |_, _| Poison.into_steelval());
    module.procedure("%poison?", 1, |_, args| Ok(SteelVal::BoolV(values::is_poison(&args[0]))));
}

/// `(%record-spec name fields)`
fn record_spec(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let kind = RecordType::read(&args[0], &args[1]).ok_or_else(|| failure("malformed record type"))?;
    // Types refer to each other by name.
    if !host.state().record_types.insert(kind.name.clone()) {
        return Err(failure(format!("there is a record type `{}` already\nchoose another name", kind.name)));
    }
    TypeHandle(Arc::new(kind)).into_steelval()
}

/// The record type in its Scheme structure, or by itself.
pub(super) fn spec(value: &SteelVal) -> Result<TypeHandle> {
    let inner = match value {
        SteelVal::CustomStruct(object) => object.get_index(0).and_then(values::custom),
        other => values::custom(other),
    };
    inner.ok_or_else(|| failure("expected a record type"))
}

/// `(%record-order spec head clauses)` → `(given inherited-or-#f origin ok?)`
fn order(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let clauses = values::items(&args[2]).unwrap_or_default();
    let ordered = check::order(&kind.0, Place::read(&args[1]), &clauses);
    let ok = ordered.problems.is_empty();
    host.report(ordered.problems);
    let inherited = ordered.inherited.map_or(SteelVal::BoolV(false), list);
    Ok(list(vec![list(ordered.given), inherited, ordered.origin.into_steelval()?, SteelVal::BoolV(ok)]))
}

/// Whether records are in a value, also in lists and pairs.
fn holds_records(value: &SteelVal, walk: &mut Walk) -> std::result::Result<bool, TooLarge> {
    walk.enter()?;
    let found = match value {
        SteelVal::ListV(items) => {
            items.iter().try_fold(false, |found, item| Ok(holds_records(item, walk)? || found))?
        }
        SteelVal::Pair(pair) => {
            let found = holds_records(&pair.car(), walk)?;
            holds_records(&pair.cdr(), walk)? || found
        }
        other => Record::of(other).is_some(),
    };
    walk.leave();
    Ok(found)
}

fn list(items: Vec<SteelVal>) -> SteelVal {
    SteelVal::ListV(items.into())
}

/// `(%check-procedures spec what procedures)`: whether each takes the value of its field
fn check_procedures(args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let what = values::text(&args[1]).unwrap_or_default();
    let procedures = values::items(&args[2]).unwrap_or_default();
    for (field, procedure) in kind.0.fields.iter().zip(&procedures) {
        let said = |what_is_wrong: String| {
            Err(failure(format!(
                "the {what} of the field `{}` of `{}` {what_is_wrong}",
                field.name, kind.0.name
            )))
        };
        match procedure {
            SteelVal::BoolV(false) => {}
            SteelVal::Closure(closure) if closure.is_multi_arity() || closure.arity() == 1 => {}
            SteelVal::Closure(closure) => {
                return said(format!("takes {} arguments\nit is given the value alone", closure.arity()));
            }
            other if values::kind_of(other) == "procedure" => {}
            other => return said(format!("is no procedure, but {}", values::describe(other))),
        }
    }
    Ok(SteelVal::Void)
}

/// A field type that is given as a datum, such as `'(list-of string)`.
fn type_of(value: &SteelVal) -> Option<TypeSpec> {
    TypeSpec::parse(&values::show(value, LONGEST_TYPE)).ok()
}

/// `(%misfit type value)` → `#f` if the value fits the type, else what was expected and what was found, in words
fn misfit(_: &Host, args: Args<'_>) -> Result<SteelVal> {
    let wanted = type_of(&args[0]).ok_or_else(|| failure("expected a field type"))?;
    match check::misfit(&wanted, &args[1]) {
        None => Ok(SteelVal::BoolV(false)),
        Some((expected, found)) => {
            Ok(list([expected, found].map(|words| SteelVal::StringV(words.into())).to_vec()))
        }
    }
}

/// `(%record-misfits spec values origin)` → `#f` if all values fit, else the values without those that do not
fn misfits(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let origin: Origin = values::custom(&args[2]).ok_or_else(|| failure("expected an origin"))?;
    let mut values = values::items(&args[1]).unwrap_or_default();
    let found = check::misfits(&kind.0, &values, &origin, &host.state().record_types);
    if found.is_empty() {
        return Ok(SteelVal::BoolV(false));
    }
    for (index, problem) in found {
        host.report([problem]);
        if let Some(value) = values.get_mut(index) {
            *value = SteelVal::Void;
        }
    }
    Ok(list(values))
}

/// `(%record-reject spec origin messages)`: reports what the fields' own checks said; a message is a string, or
/// `#f` where there is nothing to say. → whether there was none
fn reject(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let origin: Origin = values::custom(&args[1]).ok_or_else(|| failure("expected an origin"))?;
    let messages = values::items(&args[2]).unwrap_or_default();
    let mut ok = true;
    for ((field, message), places) in kind.0.fields.iter().zip(&messages).zip(&origin.fields) {
        let at = places.map_or(origin.head, |(_, value)| value);
        let of = format!("the field `{}` of `{}`", field.name, kind.0.name);
        let problem = match message {
            SteelVal::BoolV(false) | SteelVal::Void => continue,
            SteelVal::StringV(text) => {
                RawProblem::at(Code::InvalidField, at, format!("{of} is invalid")).label(text.as_str())
            }
            other => RawProblem::at(
                Code::InvalidField,
                at,
                format!("the check of {of} gives {}", values::describe(other)),
            )
            .label("given this value")
            .help("a check gives #f, or a text that says what is wrong with the value"),
        };
        ok = false;
        host.report([problem]);
    }
    Ok(SteelVal::BoolV(ok))
}

/// `(%record-malformed spec head clauses places)`
fn malformed(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let clauses = values::items(&args[2]).unwrap_or_default();
    let places = values::items(&args[3]).unwrap_or_default();
    host.report(check::malformed(&kind.0, Place::read(&args[1]), &clauses, &places));
    Poison.into_steelval()
}

/// `(%field record type index accessor)`, what accessors call
fn record_ref(args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[1])?;
    let SteelVal::IntV(index) = args[2] else { return Err(failure("expected an index")) };
    let accessor = values::symbol(&args[3]).unwrap_or("accessor");
    if values::is_poison(&args[0]) {
        return Err(reported());
    }
    if values::custom::<NoRecord>(&args[0]).is_some() {
        return Err(failure(format!(
            "{accessor}: the value of this field cannot see its record\nadd (thunked) to the definition of the field"
        )));
    }
    match Record::of(&args[0]) {
        Some(record) if record.type_name() == kind.0.name => match record.values.get(index as usize) {
            Some(SteelVal::Void) | None => Err(failure(format!(
                "{accessor}: this field has no value yet; a default may only use fields that come before it"
            ))),
            Some(value) => Ok(value.clone()),
        },
        _ => Err(failure(format!(
            "{accessor}: expected {}, got {}",
            super::TypeSpec::Record(kind.0.name.clone()).describe(),
            values::describe(&args[0])
        ))),
    }
}

/// `(%record->string spec values)`
fn record_to_string(args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let values = values::items(&args[1]).unwrap_or_default();
    let fields = kind.0.fields.iter().zip(&values).map(|(field, value)| match value {
        SteelVal::StringV(text) => format!(" ({} {:?})", field.name, text.as_str()),
        _ if values::is_lazy(value) => format!(" ({} …)", field.name),
        _ => format!(" ({} {value})", field.name),
    });
    format!("({}{})", kind.0.name, fields.collect::<String>()).into_steelval()
}

/// `(%record-place record field-or-#f)` → the place of the field's value, or of the record, or `#f`
fn place(args: Args<'_>) -> Result<SteelVal> {
    let Some(record) = Record::of(&args[0]) else { return Ok(SteelVal::BoolV(false)) };
    let field = match values::symbol(&args[1]) {
        None if matches!(args[1], SteelVal::BoolV(false)) => None,
        None => {
            return Err(failure(format!("expected the name of a field, got {}", values::describe(&args[1]))));
        }
        Some(name) => Some(
            record
                .record_type()
                .position(name)
                .ok_or_else(|| failure(format!("`{}` has no field `{name}`", record.type_name())))?,
        ),
    };
    let value_at = field.and_then(|index| record.origin.fields[index]).map(|(_, value)| value);
    Ok(value_at.unwrap_or(record.origin.head).write())
}

/// `(%problem message hint-or-#f ((place text) …))`; a place may have a third part, the index of an element of the list
/// that is written there.
fn problem(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let message = values::text(&args[0]).ok_or_else(|| failure("expected a message"))?;
    let places = values::items(&args[2]).unwrap_or_default();
    let places = places.iter().filter_map(|entry| {
        let parts = values::items(entry)?;
        let (place, text, index) = match parts.as_slice() {
            [place, text] => (place, text, None),
            [place, text, SteelVal::IntV(index)] => (place, text, usize::try_from(*index).ok()),
            _ => return None,
        };
        values::items(place)?;
        let text = values::text(text).unwrap_or_default().to_string();
        Some(RawPlace { place: Place::read(place), path: index.into_iter().collect(), text })
    });
    let help = values::text(&args[1]).map(ToString::to_string);
    host.report([RawProblem {
        code: Code::Inconsistent,
        message: message.to_string(),
        places: places.collect(),
        help,
        replacement: None,
    }]);
    Ok(SteelVal::Void)
}
