//! What evaluated text displays: it has no standard output of its own, but a port that keeps what is written to it.

use steel::SteelVal;
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;

use crate::eval::values;

/// The global procedure that gives all that was displayed.
const ALL: &str = "#%fruix-displayed";

/// How much of it has been taken.
pub struct Display {
    taken: usize,
}

impl Display {
    /// Finds the port that an engine displays to. Call it before a user can change the engine.
    ///
    /// # Errors
    /// The interpreter is not the one this was written for.
    pub fn attach(engine: &mut Engine) -> Result<Self> {
        let text = "(let ([port (current-output-port)] [get get-output-string]) (lambda () (get port)))";
        let all = engine.compile_and_run_raw_program(text)?.pop().unwrap_or(SteelVal::Void);
        engine.register_value(ALL, all);
        Ok(Self { taken: 0 })
    }

    /// What was displayed since the last time.
    pub fn take(&mut self, engine: &mut Engine) -> String {
        let all = engine.extract_value(ALL).and_then(|all| engine.call_function_with_args(all, Vec::new()));
        let Some(text) = all.ok().as_ref().and_then(values::text).map(ToString::to_string) else {
            return String::new();
        };
        let new = text.get(self.taken..).unwrap_or_default().to_string();
        self.taken = text.len();
        new
    }
}
