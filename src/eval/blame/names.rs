//! Names that mean nothing, and what was probably meant.

use std::collections::BTreeSet;

use steel::SteelVal;
use steel::rerrs::{ErrorKind, SteelErr};

use super::places::{bound, defined, in_procedure};
use super::slips::{self, Meant};
use super::{Blame, Located};
use crate::eval::code::Code;
use crate::eval::engine;
use crate::eval::lockdown;
use crate::eval::modules::{exports, provided, provider, scheme_name};
use crate::eval::problem::{Label, Problem};
use crate::eval::reader::FORMS;
use crate::util::spelling;

impl Blame<'_> {
    /// What is said of a name that means nothing where it stands.
    pub(super) fn unknown_name(&self, message: &str, place: Option<&Located>) -> Problem {
        let module = place.map(|place| &self.program.modules[place.file]);
        let written = place.zip(module).and_then(|(place, module)| module.text.get(place.at.clone()));
        let name =
            written.or_else(|| message.rsplit(' ').next()).unwrap_or(message).trim_matches(['`', '"', '\'']);
        if module.is_some_and(|module| defined(&module.text).iter().any(|defined| defined == name)) {
            return Problem::new(Code::EarlyUse, format!("`{name}` is used before its definition"))
                .help("move the definition up, or the use down");
        }
        let problem = Problem::new(Code::UnboundName, format!("`{name}` is not defined"));
        if name.starts_with("this-") {
            return problem.help("only defaults of fields, and values of thunked fields, see their record");
        }
        let uses = |key: &str| module.is_some_and(|module| module.uses.iter().any(|used| used == key));
        if self.is_macro(name) || provider(name).is_some_and(uses) {
            return Problem::new(Code::FormAsValue, format!("`{name}` is a form, and no value"))
                .help(format!("write ({name} …), with a `lambda` around it where a procedure is needed"));
        }
        if let Some(hint) = slips::habit(name) {
            return problem.help(hint);
        }
        if let Some(user) = self.defined_by_a_user(name, place) {
            return problem.help(format!(
                "{user} defines it, and uses this module: hand it over as an argument, or define it in a module that \
                 both use"
            ));
        }
        let part_of = |name: &str| {
            let module = provider(name).filter(|key| !uses(key)).map(scheme_name)?;
            Some(format!("it is part of {module}: add (use-modules {module}) at the top"))
        };
        if let Some(hint) = part_of(name) {
            return problem.help(hint);
        }
        match slips::meant(name) {
            Some(Meant::Name(other)) => {
                let problem = problem.did_you_mean(other);
                match part_of(other) {
                    Some(hint) => problem.help(format!("`{other}` does this; {hint}")),
                    None => problem.help(format!("`{other}` does this")),
                }
            }
            Some(Meant::Way(hint)) => problem.help(hint),
            None => self.nearest_to(name, place, problem),
        }
    }

    /// The name that an error is about, if it may be defined later: nothing defines it, and it stands in the body of a
    /// procedure, which does not need it before it is called. With what there is to say meanwhile.
    pub fn awaited(&self, error: &SteelErr) -> Option<(String, Problem)> {
        if error.kind() != ErrorKind::FreeIdentifier {
            return None;
        }
        let place = self.locate(&error.span()?).filter(|place| place.written)?;
        let text = &self.program.modules[place.file].text;
        let name = text.get(place.at.clone())?.to_string();
        let has_meaning = provider(&name).is_some() || self.is_macro(&name) || name.starts_with("this-");
        let is_foreign = slips::habit(&name).is_some() || slips::meant(&name).is_some();
        if has_meaning || is_foreign || !in_procedure(text, &place.at) {
            return None;
        }
        let problem = Problem::new(Code::UnboundName, format!("`{name}` is not defined yet"));
        let names = self.known_names(Some(&place));
        let near = spelling::nearest(&name, names.iter().map(String::as_str).filter(|near| *near != name));
        let mut problem = match near {
            Some(near) => problem.did_you_mean(near),
            None => problem,
        };
        problem.labels.push(Label { file: Some(place.file), at: place.at, text: "used here".into() });
        Some((name, problem))
    }

    /// The declaration that defines a name which a module misses: what it uses sees nothing of it.
    fn defined_by_a_user(&self, name: &str, place: Option<&Located>) -> Option<&str> {
        let declaration = self.program.declaration().filter(|module| !module.embedded)?;
        let elsewhere = place.is_some_and(|place| place.file + 1 < self.program.modules.len());
        let defines = || defined(&declaration.text).iter().any(|defined| defined == name);
        (elsewhere && defines()).then_some(declaration.name.as_str())
    }

    fn nearest_to(&self, name: &str, place: Option<&Located>, problem: Problem) -> Problem {
        let names = self.known_names(place);
        match spelling::nearest(name, names.iter().map(String::as_str)) {
            Some(near) => problem.did_you_mean(near),
            None if !name.chars().any(char::is_lowercase) => {
                problem.help(format!("for a string, write \"{name}\"; for a symbol, '{name}"))
            }
            None => problem.help("define it, or use the module that does with (use-modules …)"),
        }
    }

    /// Names that could have been meant: Scheme's, those of modules in use, and those that the file binds.
    fn known_names(&self, place: Option<&Located>) -> BTreeSet<String> {
        let globals = self.engine.readable_globals(0);
        let globals = globals.iter().map(|name| name.resolve().to_string());
        let mut names: BTreeSet<String> = globals.filter(|name| self.can_be_used(name)).collect();
        names.extend(self.engine.in_scope_macros().keys().map(|name| name.resolve().to_string()));
        names.extend(FORMS.iter().chain(&["do"]).map(ToString::to_string));
        names.extend(engine::STANDARD.iter().flat_map(|(_, names)| *names).map(ToString::to_string));
        // An interpreter for several declarations knows more modules than this one uses.
        let exports = exports();
        names.retain(|name| exports.get(name).is_none_or(|key| self.program.find(key).is_some()));
        for module in self.program.modules.iter().filter(|module| module.embedded) {
            names.extend(provided(&module.text));
        }
        if let Some(place) = place {
            names.extend(bound(&self.program.modules[place.file].text));
        }
        let steels_own = |name: &String| name.starts_with(|c: char| "#%".contains(c) || c.is_uppercase());
        names.retain(|name| !steels_own(name) && !name.contains("__"));
        names
    }

    /// Whether a global is one that a declaration may use: code in Scheme, or an allowed procedure. Steel's `help` is for
    /// its own prompt.
    fn can_be_used(&self, name: &str) -> bool {
        lockdown::allows(name)
            || name != "help" && matches!(self.engine.extract_value(name), Ok(SteelVal::Closure(_)))
    }
}
