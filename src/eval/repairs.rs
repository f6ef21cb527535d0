//! What Steel lacks or does wrong, put right by globals that rewritten text relies on.

use std::sync::Arc;

use steel::SteelVal;
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;

use super::host::{Host, failure};
use super::values;

/// A global that gives back its argument, which Steel's optimiser cannot know. The reader puts it around procedures,
/// see [`super::reader`].
pub const OPAQUE: &str = "#%fruix-opaque";

/// A global procedure that notes which top-level form is being evaluated: `(MARK key start end)`.
pub const MARK: &str = "#%fruix-mark";

/// Installs the repairs; before any Scheme is compiled that needs them.
pub fn install(engine: &mut Engine, host: &Host) {
    let procedure =
        |run: fn(&[SteelVal]) -> Result<SteelVal>| SteelVal::anonymous_boxed_function(Arc::new(run));
    engine.register_value(OPAQUE, procedure(opaque));
    let host = host.clone();
    let mark = move |args: &[SteelVal]| {
        if let [SteelVal::StringV(key), SteelVal::IntV(start), SteelVal::IntV(end)] = args {
            host.state().current = Some((key.to_string(), *start as usize..*end as usize));
        }
        Ok(SteelVal::Void)
    };
    engine.register_value(MARK, SteelVal::anonymous_boxed_function(Arc::new(mark)));
    engine.register_value("#%prim.plist-try-get-positional-arg", procedure(optional_argument));
}

fn opaque(args: &[SteelVal]) -> Result<SteelVal> {
    args.first().cloned().ok_or_else(|| failure("expected an argument"))
}

/// `(plist-try-get-positional-arg arguments index default)`: the optional argument at an index, not counting keywords
/// and their values. Steel 0.8.3 leaves out every symbol, so that `(f 'a)` counts as `(f)`.
fn optional_argument(args: &[SteelVal]) -> Result<SteelVal> {
    let [arguments, SteelVal::IntV(index), default] = args else {
        return Err(failure("expected a list, an index and a default"));
    };
    let mut arguments = values::items(arguments).unwrap_or_default().into_iter();
    let mut position = 0;
    while let Some(argument) = arguments.next() {
        if values::symbol(&argument).is_some_and(|name| name.starts_with("#:")) {
            arguments.next();
            continue;
        }
        if position == *index {
            return Ok(argument);
        }
        position += 1;
    }
    Ok(default.clone())
}
