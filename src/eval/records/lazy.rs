//! Fields that are evaluated when they are used: what `scheme/fruix/records.scm` calls for them.

use steel::SteelVal;
use steel::rvals::{IntoSteelVal, Result};

use super::check;
use super::primitives::spec;
use super::record_type::{NoRecord, Origin, Poison, RecordType};
use crate::eval::code::Code;
use crate::eval::host::{Host, Place, REPORTED, RawProblem, failure, reported};
use crate::eval::primitives::{Args, Module};
use crate::eval::values;

/// How many evaluations of fields may wait for each other. Steel's stack would hold more; a circle needs all of it.
const MOST_WAITING: usize = 200;

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%no-record", 0, |_, _| NoRecord.into_steelval());
    module.procedure("%held-value", 1, |_, args| Ok(args[0].clone()));
    module.procedure("%field-laziness", 2, |_, args| laziness(args));
    module.procedure("%enter-field", 3, enter);
    module.procedure("%enter-value", 1, |host, args| {
        host.state().waiting.push((String::new(), Place::read(&args[0])));
        Ok(SteelVal::Void)
    });
    module.procedure("%leave-field", 0, |host, _| {
        host.state().waiting.pop();
        Ok(SteelVal::Void)
    });
    module.procedure("%field-fits", 4, fits);
    module.procedure("%sanitizer-failed", 4, sanitizer_failed);
}

/// `(%field-laziness spec name)` → `'thunked`, `'delayed`, or `#f`; also `#f` if there is no such field
fn laziness(args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let field = values::symbol(&args[1]).and_then(|name| kind.0.position(name));
    let laziness = field.and_then(|index| kind.0.fields[index].laziness);
    Ok(laziness.map_or(SteelVal::BoolV(false), |lazy| SteelVal::SymbolV(lazy.word().into())))
}

/// `(%enter-field spec index origin)`: the evaluation of a field begins. What fails in it is blamed on the field, unless
/// there is a better place.
fn enter(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let (index, name) = field(&kind.0, &args[1])?;
    let name = format!("`{name}` of `{}`", kind.0.name);
    let origin: Origin = values::custom(&args[2]).ok_or_else(|| failure("expected an origin"))?;
    let waiting = &mut host.state().waiting;
    if waiting.len() < MOST_WAITING {
        waiting.push((name, origin.value_place(index)));
        return Ok(SteelVal::Void);
    }
    let names: Vec<&str> = waiting.iter().map(|(name, _)| name.as_str()).collect();
    let circle = names.iter().rposition(|earlier| *earlier == name).map(|at| &names[at + 1..]);
    let by_way_of = match circle {
        Some(others) if !others.is_empty() => format!(", by way of {}", others.join(", ")),
        _ => String::new(),
    };
    Err(failure(format!("the field {name} needs its own value{by_way_of}")))
}

fn field<'a>(kind: &'a RecordType, index: &SteelVal) -> Result<(usize, &'a str)> {
    let SteelVal::IntV(index) = index else { return Err(failure("expected an index")) };
    let index = *index as usize;
    let field = kind.fields.get(index).ok_or_else(|| failure("expected the index of a field"))?;
    Ok((index, &field.name))
}

/// `(%field-fits spec index value origin)`: reports it and ends the evaluation if the value does not fit the field's type
fn fits(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let (index, _) = field(&kind.0, &args[1])?;
    let origin: Origin = values::custom(&args[3]).ok_or_else(|| failure("expected an origin"))?;
    let mut all = vec![SteelVal::Void; kind.0.fields.len()];
    let place = origin.value_place(index);
    if matches!(args[2], SteelVal::Void) {
        let name = &kind.0.fields[index].name;
        host.report([RawProblem::at(
            Code::FieldType,
            place,
            format!("the field `{name}` of `{}` has no value", kind.0.name),
        )
        .label(format!("this gives nothing; expected {}", kind.0.fields[index].spec.describe()))]);
        return Err(reported());
    }
    all[index] = args[2].clone();
    let misfits = check::misfits(&kind.0, &all, &origin, &host.state().record_types);
    if misfits.is_empty() {
        return Ok(SteelVal::Void);
    }
    host.report(misfits.into_iter().map(|(_, problem)| problem));
    Err(reported())
}

/// `(%sanitizer-failed spec index origin message)`: reports what a sanitizer said, and gives a stand-in for the value
fn sanitizer_failed(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let kind = spec(&args[0])?;
    let (index, name) = field(&kind.0, &args[1])?;
    let origin: Origin = values::custom(&args[2]).ok_or_else(|| failure("expected an origin"))?;
    let message = values::text(&args[3]).unwrap_or("its sanitizer failed").trim();
    if message.contains(REPORTED) || message.contains("#<erroneous record>") {
        return Err(reported());
    }
    let place = origin.value_place(index);
    let (text, help) = message.split_once('\n').map_or((message, None), |(text, help)| (text, Some(help)));
    let mut problem = RawProblem::at(
        Code::InvalidField,
        place,
        format!("the field `{name}` of `{}` is invalid", kind.0.name),
    )
    .label(text);
    problem.help = help.map(ToString::to_string);
    host.report([problem]);
    Poison.into_steelval()
}
