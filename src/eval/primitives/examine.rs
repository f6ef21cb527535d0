//! Questions about the machine's side of what a declaration names, and remarks about a declaration that is fine.

use steel::SteelVal;
use steel::rvals::Result;

use super::{Args, Module};
use crate::eval::code::Code;
use crate::eval::host::{Host, Place, RawCaveat, RawProblem, failure};
use crate::eval::inputs::{Fault, Question};
use crate::eval::store_object::StoreObject;
use crate::eval::values;

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%examine", 4, examine);
    module.procedure("%caveat", 5, caveat);
}

/// `(%examine what question arguments place)`: reports what is wrong with a path or with a file from the machine. PLACE
/// is that of the field which would have to be mended. Where that holds a list, ARGUMENTS are its elements, or the index
/// of the one that is asked about.
fn examine(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let path = match values::custom::<StoreObject>(&args[0]) {
        Some(StoreObject::Source(item)) => host.state().sources.get(&item).cloned(),
        Some(_) => None,
        None => Some(super::inputs::path(host, &args[0], &SteelVal::BoolV(false))?),
    };
    let Some(path) = path else { return Ok(SteelVal::Void) };
    let place = Place::read(&args[3]);
    let element = match values::items(&args[2]).unwrap_or_default().first() {
        Some(SteelVal::IntV(index)) => usize::try_from(*index).ok(),
        _ => None,
    };
    for fault in host.inputs.examine(&path, &question(&args[1], &args[2])?) {
        report(host, place, Fault { element: fault.element.or(element), ..fault });
    }
    Ok(SteelVal::Void)
}

fn question(name: &SteelVal, arguments: &SteelVal) -> Result<Question> {
    let arguments: Vec<String> = values::items(arguments)
        .unwrap_or_default()
        .iter()
        .filter_map(|value| values::text(value).or_else(|| values::symbol(value)).map(ToString::to_string))
        .collect();
    match (values::symbol(name), arguments.as_slice()) {
        (Some("source-tree"), _) => Ok(Question::SourceTree),
        (Some("public-keys"), _) => Ok(Question::PublicKeys),
        (Some("installed"), [slice]) => Ok(Question::Installed { slice: slice.clone() }),
        (Some("options"), _) => Ok(Question::Options { names: arguments }),
        (Some("kernel-configuration"), [target, name]) => {
            Ok(Question::KernelConfiguration { target: target.clone(), name: name.clone() })
        }
        _ => Err(failure("malformed question")),
    }
}

fn report(host: &Host, place: Place, fault: Fault) {
    let path = fault.element.into_iter().collect();
    let mut problem =
        RawProblem::at(Code::Inconsistent, place, fault.message).inside(path).label(fault.label);
    problem.help = fault.help;
    if fault.only_warning {
        host.state().caveats.push(RawCaveat { topic: String::new(), problem });
    } else {
        host.report([problem]);
    }
}

/// `(%caveat topic place message label hint)`: something that matters for a use of the declaration only.
fn caveat(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let text = |index: usize| values::text(&args[index]).unwrap_or_default().to_string();
    let mut problem = RawProblem::at(Code::Inconsistent, Place::read(&args[1]), text(2)).label(text(3));
    problem.help = values::text(&args[4]).map(ToString::to_string);
    let topic = values::symbol(&args[0]).unwrap_or_default().to_string();
    host.state().caveats.push(RawCaveat { topic, problem });
    Ok(SteelVal::Void)
}
