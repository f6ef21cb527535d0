//! Whether what a constructor was given fits its record type.

use std::collections::BTreeSet;

use steel::SteelVal;

use super::record_type::{Field, Origin, RecordType};
use super::type_spec::{Choice, TypeSpec};
use crate::eval::code::Code;
use crate::eval::host::{Place, RawProblem};
use crate::eval::store_object::{MixedText, StoreObject};
use crate::eval::values::{self, Record};
use crate::util::spelling;

/// The clauses of a constructor call in the order of the type's fields.
pub struct Ordered {
    /// `Void` where no clause gave a value.
    pub given: Vec<SteelVal>,
    /// The values of the record that `(inherit …)` names.
    pub inherited: Option<Vec<SteelVal>>,
    pub origin: Origin,
    pub problems: Vec<RawProblem>,
}

/// Matches clauses, each `(type field field-place value-place value)`, with the fields of a type.
pub fn order(kind: &RecordType, head: Place, clauses: &[SteelVal]) -> Ordered {
    let mut ordered = Ordered {
        given: vec![SteelVal::Void; kind.fields.len()],
        inherited: None,
        origin: Origin { head, fields: vec![None; kind.fields.len()] },
        problems: Vec::new(),
    };
    let mut inherit_at: Option<Place> = None;
    // Fields about which another problem is reported already.
    let mut excused: Vec<&str> = Vec::new();
    let mut base_places = Vec::new();
    for clause in clauses {
        let parts = values::items(clause).and_then(|parts| <[SteelVal; 5]>::try_from(parts).ok());
        let Some([_, name, name_at, value_at, value]) = parts else { continue };
        let (name_at, value_at) = (Place::read(&name_at), Place::read(&value_at));
        let name = values::symbol(&name).map_or_else(|| name.to_string(), ToString::to_string);
        if name == "inherit" {
            if let Some(first) = inherit_at.replace(name_at) {
                ordered.problems.push(repeated(kind, "inherit", name_at, first));
            }
            match Record::of(&value) {
                Some(base) if base.type_name() == kind.name => {
                    let fields = kind.fields.iter();
                    let values = fields.clone().zip(base.values);
                    let values =
                        values.map(|(field, value)| if field.innate { SteelVal::Void } else { value });
                    ordered.inherited = Some(values.collect());
                    let places = fields.zip(base.origin.fields);
                    base_places = places.map(|(field, place)| place.filter(|_| !field.innate)).collect();
                }
                _ if values::is_poison(&value) => ordered.inherited = Some(vec![value; kind.fields.len()]),
                _ => ordered.problems.push(
                    RawProblem::at(
                        Code::FieldType,
                        value_at,
                        format!("`{}` cannot inherit from {}", kind.name, values::describe(&value)),
                    )
                    .label(format!("expected {}", TypeSpec::Record(kind.name.clone()).describe())),
                ),
            }
            continue;
        }
        let Some(index) = kind.position(&name) else {
            excused.extend(nearest_field(kind, &name));
            ordered.problems.push(unknown_field(kind, &name, name_at));
            continue;
        };
        if let Some((first, _)) = ordered.origin.fields[index] {
            ordered.problems.push(repeated(kind, &name, name_at, first));
            continue;
        }
        ordered.origin.fields[index] = Some((name_at, value_at));
        if matches!(value, SteelVal::Void) {
            excused.push(&kind.fields[index].name);
            ordered.problems.push(
                RawProblem::at(
                    Code::FieldType,
                    value_at,
                    format!("the field `{name}` of `{}` has no value", kind.name),
                )
                .label(format!(
                    "this expression gives nothing; expected {}",
                    kind.fields[index].spec.describe()
                )),
            );
        }
        ordered.given[index] = value;
    }
    if ordered.inherited.is_some() {
        for (own, base) in ordered.origin.fields.iter_mut().zip(base_places) {
            *own = own.or(base);
        }
        // A poisoned base has values for all fields, so that only one of the two errors is shown.
        let present = ordered.inherited.iter().flatten().zip(&ordered.given);
        let present: Vec<SteelVal> = present
            .map(|(base, own)| if matches!(own, SteelVal::Void) { base } else { own }.clone())
            .collect();
        ordered.problems.extend(missing(kind, &present, &excused, head));
    } else if inherit_at.is_none() {
        // What was meant by a excused field is not missing.
        ordered.problems.extend(missing(kind, &ordered.given, &excused, head));
    }
    ordered
}

fn unknown_field(kind: &RecordType, name: &str, at: Place) -> RawProblem {
    let problem = RawProblem::at(Code::UnknownField, at, format!("`{}` has no field `{name}`", kind.name))
        .label("unknown field");
    match nearest_field(kind, name) {
        Some(near) => problem.did_you_mean(near),
        None => {
            let names: Vec<&str> = kind.fields.iter().map(|field| field.name.as_str()).collect();
            problem.help(format!("its fields are: {}", names.join(", ")))
        }
    }
}

fn nearest_field<'a>(kind: &'a RecordType, name: &str) -> Option<&'a str> {
    spelling::nearest(name, kind.fields.iter().map(|field| field.name.as_str()))
}

fn repeated(kind: &RecordType, name: &str, again: Place, first: Place) -> RawProblem {
    RawProblem::at(
        Code::RepeatedField,
        again,
        format!("the field `{name}` of `{}` is given twice", kind.name),
    )
    .label("given again here")
    .also(first, "first given here")
    .help("remove one of the two")
}

fn missing(kind: &RecordType, given: &[SteelVal], excused: &[&str], head: Place) -> Option<RawProblem> {
    let absent: Vec<&Field> = kind
        .fields
        .iter()
        .zip(given)
        .filter(|(field, value)| field.required && matches!(value, SteelVal::Void))
        .filter(|(field, _)| !excused.contains(&field.name.as_str()))
        .map(|(field, _)| field)
        .collect();
    let first = absent.first()?;
    let names: Vec<String> = absent.iter().map(|field| format!("`{}`", field.name)).collect();
    let fields = if names.len() == 1 { "the field" } else { "the fields" };
    Some(
        RawProblem::at(
            Code::MissingField,
            head,
            format!("`{}` lacks {fields} {}", kind.name, names.join(", ")),
        )
        .label(format!("{fields} {} must be given", names.join(", ")))
        .help(format!("add ({} …): {}", first.name, first.spec.describe())),
    )
}

/// Which values of a record do not fit the types of their fields; values not given (`Void`) are skipped. `known` are the
/// names of all record types.
pub fn misfits(
    kind: &RecordType,
    values: &[SteelVal],
    origin: &Origin,
    known: &BTreeSet<String>,
) -> Vec<(usize, RawProblem)> {
    let mut problems = Vec::new();
    for (index, ((field, value), places)) in kind.fields.iter().zip(values).zip(&origin.fields).enumerate() {
        // Not given, and its default is not known yet; or not evaluated yet.
        if matches!(value, SteelVal::Void) || values::is_lazy(value) {
            continue;
        }
        let Err(mismatch) = fits(&field.spec, value) else { continue };
        let verb = if mismatch.path.is_empty() { "cannot be" } else { "holds" };
        let message = format!("the field `{}` of `{}` {verb} {}", field.name, kind.name, mismatch.found);
        let problem = match places {
            Some((_, value_at)) => RawProblem::at(Code::FieldType, *value_at, message)
                .inside(mismatch.path)
                .label(format!("expected {}", mismatch.expected)),
            None => RawProblem::at(Code::FieldType, origin.head, message)
                .label(format!("the default of `{}` must be {}", field.name, mismatch.expected)),
        };
        let unknown = field.spec.records().into_iter().find(|name| !known.contains(*name));
        let problem = match unknown {
            Some(name) => problem.help(unknown_type(name, known)),
            None => problem,
        };
        problems.push((index, problem));
    }
    problems
}

fn unknown_type(name: &str, known: &BTreeSet<String>) -> String {
    match spelling::nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("there is no record type `{name}`; did its definition mean `{near}`?"),
        None => format!("there is no record type `{name}`; no module in use defines it"),
    }
}

/// How a value does not fit a type.
struct Mismatch {
    /// Indices of list elements that lead to the value at fault.
    path: Vec<usize>,
    expected: String,
    found: String,
}

impl Mismatch {
    fn inside(mut self, index: usize) -> Self {
        self.path.insert(0, index);
        self
    }
}

/// What was expected, and what was found, where a value does not fit a type.
pub fn misfit(spec: &TypeSpec, value: &SteelVal) -> Option<(String, String)> {
    fits(spec, value).err().map(|mismatch| (mismatch.expected, mismatch.found))
}

fn fits(spec: &TypeSpec, value: &SteelVal) -> Result<(), Mismatch> {
    if values::is_poison(value) {
        return Ok(());
    }
    let ok = match spec {
        TypeSpec::Any => true,
        TypeSpec::Text => matches!(value, SteelVal::StringV(_)),
        TypeSpec::Integer { min, max } => match value {
            SteelVal::IntV(n) => {
                let n = *n as i64;
                min.is_none_or(|min| n >= min) && max.is_none_or(|max| n <= max)
            }
            SteelVal::BigNum(_) => min.is_none() && max.is_none(),
            _ => false,
        },
        TypeSpec::Boolean => matches!(value, SteelVal::BoolV(_)),
        TypeSpec::Symbol => matches!(value, SteelVal::SymbolV(_)),
        TypeSpec::Procedure => values::kind_of(value) == "procedure",
        TypeSpec::FileLike => {
            values::custom::<StoreObject>(value).is_some()
                || values::custom::<MixedText>(value).is_some()
                || Record::of(value).is_some_and(|record| record.record_type().is_buildable())
        }
        TypeSpec::ListOf(inner) => return each(spec, value, |item| fits(inner, item)),
        TypeSpec::AlistOf(inner) => {
            return each(spec, value, |item| match values::association(item) {
                Some((SteelVal::SymbolV(_) | SteelVal::StringV(_), value)) => fits(inner, &value),
                _ => Err(mismatch("a (key . value) pair".into(), item)),
            });
        }
        TypeSpec::Maybe(inner) => {
            if matches!(value, SteelVal::BoolV(false)) {
                return Ok(());
            }
            // An error inside of a list says more than one about the whole.
            return fits(inner, value).map_err(|inside| {
                if inside.path.is_empty() { mismatch(spec.describe(), value) } else { inside }
            });
        }
        TypeSpec::Or(choices) => choices.iter().any(|choice| fits(choice, value).is_ok()),
        TypeSpec::OneOf(choices) => choices.iter().any(|choice| match choice {
            Choice::Symbol(name) => values::symbol(value) == Some(name),
            Choice::Text(text) => values::text(value) == Some(text),
        }),
        TypeSpec::Record(name) => Record::of(value).is_some_and(|record| record.type_name() == name),
    };
    if ok { Ok(()) } else { Err(mismatch(spec.describe(), value)) }
}

fn each(
    spec: &TypeSpec,
    value: &SteelVal,
    check: impl Fn(&SteelVal) -> Result<(), Mismatch>,
) -> Result<(), Mismatch> {
    let items = values::items(value).ok_or_else(|| mismatch(spec.describe(), value))?;
    for (index, item) in items.iter().enumerate() {
        check(item).map_err(|inside| inside.inside(index))?;
    }
    Ok(())
}

fn mismatch(expected: String, value: &SteelVal) -> Mismatch {
    Mismatch { path: Vec::new(), expected, found: values::describe(value) }
}

/// What is wrong with the clauses of a constructor call not all of which are of the form `(field value)`. Nothing of them
/// has been evaluated: what can be known are the fields that they name.
pub fn malformed(
    kind: &RecordType,
    head: Place,
    clauses: &[SteelVal],
    places: &[SteelVal],
) -> Vec<RawProblem> {
    let mut problems = Vec::new();
    let mut named: Vec<(String, Place)> = Vec::new();
    for (clause, at) in clauses.iter().zip(places) {
        let at = Place::read(at);
        let parts = values::items(clause);
        let name = parts.as_ref().and_then(|parts| parts.first()).and_then(values::symbol);
        problems.extend(misshapen(kind, clause, parts.as_deref(), at));
        let Some(name) = name.filter(|name| *name != "inherit") else { continue };
        if kind.position(name).is_none() {
            problems.push(unknown_field(kind, name, at));
        } else if let Some((_, first)) = named.iter().find(|(other, _)| other == name) {
            problems.push(repeated(kind, name, at, *first));
        } else {
            named.push((name.to_string(), at));
        }
    }
    if problems.is_empty() {
        problems.push(
            RawProblem::at(Code::MalformedField, head, format!("malformed `{}`", kind.name))
                .label("expected (field value) …"),
        );
    }
    problems
}

/// What is wrong with the shape of a clause; `parts` are its items, if it is a list.
fn misshapen(
    kind: &RecordType,
    clause: &SteelVal,
    parts: Option<&[SteelVal]>,
    at: Place,
) -> Option<RawProblem> {
    let name = &kind.name;
    Some(match parts {
        Some([_, _]) => return None,
        Some([]) => RawProblem::at(Code::MalformedField, at, format!("an empty clause in `{name}`"))
            .label("expected (field value)"),
        Some([field]) => {
            RawProblem::at(Code::FieldType, at, format!("the field `{field}` of `{name}` has no value"))
                .label(format!("expected ({field} VALUE)"))
        }
        Some([field, rest @ ..]) => RawProblem::at(
            Code::MalformedField,
            at,
            format!("the field `{field}` of `{name}` has {} values", rest.len()),
        )
        .label("expected one value")
        .help(format!("put several values in a list: ({field} (list …))")),
        None => RawProblem::at(
            Code::MalformedField,
            at,
            format!("`{name}` takes fields, not {}", values::describe(clause)),
        )
        .label("expected (field value)"),
    })
}
