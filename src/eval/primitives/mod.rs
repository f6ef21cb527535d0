//! The Rust procedures that `scheme/fruix/*.scm` is built on: the module `fruix/host`.
//!
//! They are for Fruix's own modules; a user's file cannot name them.

mod derivation;
mod examine;
mod files;
mod gexp;
mod inputs;
mod json;
mod strings;
mod text;

use std::sync::Arc;

use steel::SteelVal;
use steel::rvals::Result;
use steel::steel_vm::builtin::BuiltInModule;

use super::host::{Host, failure};
use super::records;

/// The arguments of a primitive; their number has been checked.
pub type Args<'a> = &'a [SteelVal];

/// A module of primitives in the making.
pub struct Module<'a> {
    module: BuiltInModule,
    host: &'a Host,
}

impl Module<'_> {
    /// Adds a procedure of exactly `arity` arguments.
    pub fn procedure(
        &mut self,
        name: &'static str,
        arity: usize,
        run: impl Fn(&Host, Args<'_>) -> Result<SteelVal> + Send + Sync + 'static,
    ) {
        let host = self.host.clone();
        let checked = move |args: &[SteelVal]| {
            if args.len() != arity {
                return Err(failure(format!("{name}: expected {arity} arguments, got {}", args.len())));
            }
            run(&host, args)
        };
        self.module.register_value(name, SteelVal::anonymous_boxed_function(Arc::new(checked)));
    }
}

/// All primitives, working on the state of `host`.
pub fn module(host: &Host) -> BuiltInModule {
    let mut module = Module { module: BuiltInModule::new("fruix/host"), host };
    records::register(&mut module);
    derivation::register(&mut module);
    files::register(&mut module);
    gexp::register(&mut module);
    inputs::register(&mut module);
    examine::register(&mut module);
    text::register(&mut module);
    json::register(&mut module);
    strings::register(&mut module);
    module.module
}
