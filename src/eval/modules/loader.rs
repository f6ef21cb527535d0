//! Reading and rewriting a file and, before it, all that it uses.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::read::SourceFile;
use super::{EMBEDDED, EXPRESSION, Module, Program, Uses, lacking, provided, provides, scheme_name};
use crate::eval::code::Code;
use crate::eval::outside::Asking;
use crate::eval::problem::{Failure, Label, Problem, SourceText};
use crate::eval::reader::{self, Bytes, Context, FORM, Implied, Rewritten};
use crate::util::spelling;

/// Whether a module is no file: such a text need not name the modules that it uses.
fn is_lone(key: &str) -> bool {
    key == EXPRESSION || key == FORM
}

/// A file whose modules are being read.
struct OpenFile {
    key: String,
    name: String,
}

pub(super) struct Loader<'a> {
    search: &'a [PathBuf],
    outside: &'a Asking,
    known: Option<&'a Uses>,
    pub program: Program,
    open: Vec<OpenFile>,
}

/// What a text sees besides itself.
#[derive(Default)]
pub(super) struct View<'a> {
    pub implied: Vec<Implied>,
    pub redefinable: Option<&'a BTreeSet<String>>,
}

impl<'a> Loader<'a> {
    /// Adds to `program`; `search` are the directories of `-L`, and `known` is what Fruix's own modules use, where they
    /// need not be read.
    pub fn new(
        program: Program,
        search: &'a [PathBuf],
        known: Option<&'a Uses>,
        outside: &'a Asking,
    ) -> Self {
        Self { search, outside, known, program, open: Vec::new() }
    }

    /// Reads the text of a module and, before it, all it uses.
    ///
    /// `directory` is `None` for embedded modules.
    pub fn add(
        &mut self,
        key: &str,
        name: &str,
        text: Cow<'static, str>,
        directory: Option<Place>,
    ) -> Result<(), Failure> {
        let implied = if is_lone(key) { provides::implied(&text) } else { Vec::new() };
        self.add_as(key, name, text, directory, View { implied, redefinable: None })
    }

    pub fn add_as(
        &mut self,
        key: &str,
        name: &str,
        text: Cow<'static, str>,
        directory: Option<Place>,
        view: View<'_>,
    ) -> Result<(), Failure> {
        let inside = |problem: Problem| Failure {
            problems: vec![problem.in_file(0)],
            sources: vec![SourceText { name: name.to_string(), text: text.clone().into_owned() }],
        };
        let parsed = reader::parse(&text).map_err(inside)?;
        self.open.push(OpenFile { key: key.to_string(), name: name.to_string() });
        let embedded = directory.is_none();
        let mut file = FileContext { key, directory, view, deeper: None, uses: Vec::new(), loader: self };
        let rewritten = reader::rewrite(&text, &parsed, &mut file);
        let (deeper, uses) = (file.deeper.take(), std::mem::take(&mut file.uses));
        self.open.pop();
        let rewritten = rewritten.map_err(|problem| deeper.unwrap_or_else(|| inside(problem)))?;
        let last_form = parsed.forms.last().map(|form| form.at.clone());
        let (key, name) = (key.to_string(), name.to_string());
        self.program.modules.push(Module { key, name, text, rewritten, embedded, uses, last_form });
        Ok(())
    }

    /// Adds one of Fruix's own modules and, before it, all it uses.
    fn add_known(&mut self, key: &str, text: Cow<'static, str>, known: &Uses) {
        let uses = known.get(key).cloned().unwrap_or_default();
        for used in &uses {
            let module = EMBEDDED.iter().find(|(key, _)| key == used);
            if let Some((key, text)) = module.filter(|_| self.program.find(used).is_none()) {
                self.add_known(key, (*text).into(), known);
            }
        }
        let key = key.to_string();
        let (name, rewritten) = (key.clone(), Rewritten::default());
        let module = Module { key, name, text, rewritten, embedded: true, uses, last_form: None };
        self.program.modules.push(module);
    }

    /// Finds a module, and reads it.
    fn locate(&self, name: &str, directory: Option<&Place>) -> Result<Option<Found>, Failure> {
        if let Some((key, text)) = EMBEDDED.iter().find(|(key, _)| *key == name) {
            return Ok(Some(Found {
                key: (*key).into(),
                name: (*key).into(),
                text: (*text).into(),
                directory: None,
            }));
        }
        // Anything else is no Scheme, and would be shown to the user as such.
        if !name.ends_with(".scm") {
            return Ok(None);
        }
        let places =
            directory.cloned().into_iter().chain(self.search.iter().map(|dir| Place::of_directory(dir)));
        for Place { real, shown } in places.map(|place| place.join(name)) {
            let file = self.outside.module(&real).map_err(|error| error.into_failure(&shown))?;
            if let Some(SourceFile { path, text }) = file {
                let directory = Some(Place::of(&path, &shown));
                let (key, name) = (path.display().to_string(), shown.display().to_string());
                return Ok(Some(Found { key, name, text: text.into(), directory }));
            }
        }
        Ok(None)
    }
}

/// A file or directory, and what messages call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub real: PathBuf,
    pub shown: PathBuf,
}

impl Place {
    /// The directory of a file.
    pub fn of(real: &Path, shown: &Path) -> Self {
        let parent = |path: &Path| path.parent().map(Path::to_path_buf).unwrap_or_default();
        Self { real: parent(real), shown: parent(shown) }
    }

    pub fn of_directory(directory: &Path) -> Self {
        Self { real: directory.to_path_buf(), shown: directory.to_path_buf() }
    }

    fn join(&self, name: &str) -> Self {
        Self { real: self.real.join(name), shown: self.shown.join(name) }
    }

    fn name(&self) -> String {
        let name = self.shown.display().to_string();
        if name.is_empty() { "the current directory".into() } else { name }
    }
}

/// A module that was found.
struct Found {
    key: String,
    name: String,
    text: Cow<'static, str>,
    /// `None` for embedded modules.
    directory: Option<Place>,
}

/// A file being rewritten.
struct FileContext<'a, 'b> {
    key: &'a str,
    directory: Option<Place>,
    view: View<'a>,
    /// What went wrong in a module that this file uses.
    deeper: Option<Failure>,
    /// See [`Module::uses`].
    uses: Vec<String>,
    loader: &'a mut Loader<'b>,
}

impl FileContext<'_, '_> {
    /// Notes what is wrong with a module: its message matters, not the place that uses it. One that cannot even be read
    /// has no other place.
    fn fail(&mut self, mut failure: Failure, at: &Bytes) -> Problem {
        if let [problem] = failure.problems.as_mut_slice()
            && problem.labels.is_empty()
        {
            problem.labels.push(Label { file: None, at: at.clone(), text: "needed here".into() });
            return problem.clone();
        }
        self.deeper = Some(failure);
        Problem::at(Code::UnknownModule, at.clone(), "this module has errors")
    }
}

impl Context for FileContext<'_, '_> {
    fn module_key(&mut self, name: &str, at: &Bytes) -> Result<String, Problem> {
        let found = match self.loader.locate(name, self.directory.as_ref()) {
            Ok(found) => {
                found.ok_or_else(|| unknown_module(name, at, self.directory.as_ref(), self.loader.search))?
            }
            Err(failure) => return Err(self.fail(failure, at)),
        };
        let Found { key, name, text, directory } = found;
        self.uses.push(key.clone());
        if self.loader.program.find(&key).is_some() {
            return Ok(key);
        }
        if let Some(first) = self.loader.open.iter().position(|file| file.key == key) {
            let circle: Vec<&str> = self.loader.open[first..].iter().map(|file| file.name.as_str()).collect();
            return Err(Problem::at(Code::ModuleCycle, at.clone(), "modules use each other in a circle")
                .label(format!("{} → {name}", circle.join(" → ")))
                .help("move what both need into a third module"));
        }
        if let Some(known) = self.loader.known.filter(|_| directory.is_none()) {
            self.loader.add_known(&key, text, known);
            return Ok(key);
        }
        match self.loader.add(&key, &name, text, directory) {
            Ok(()) => Ok(key),
            Err(failure) => Err(self.fail(failure, at)),
        }
    }

    fn key(&self) -> &str {
        self.key
    }

    fn implied(&self) -> Vec<Implied> {
        self.view.implied.clone()
    }

    fn redefinable(&self) -> Option<&BTreeSet<String>> {
        self.view.redefinable
    }

    fn directory(&self) -> Option<String> {
        self.directory.as_ref().map(|dir| dir.real.display().to_string())
    }

    fn exports(&self, key: &str) -> Option<Vec<String>> {
        let module = &self.loader.program.modules[self.loader.program.find(key)?];
        Some(provided(&module.text))
    }

    fn gives_meaning(&self, name: &str) -> bool {
        let modules = self.uses.iter().filter_map(|key| self.loader.program.find(key));
        let mut modules = modules.map(|index| &self.loader.program.modules[index]);
        modules.any(|module| {
            provided(&module.text).iter().any(|export| export == name)
                || provides::fields(&module.text).iter().any(|field| field == name)
        })
    }

    fn lacking(&self, name: &str) -> Option<&'static str> {
        lacking::lacking(name, |key| self.uses.iter().any(|used| used == key))
    }

    fn trusted(&self) -> bool {
        self.directory.is_none()
    }
}

fn unknown_module(name: &str, at: &Bytes, directory: Option<&Place>, search: &[PathBuf]) -> Problem {
    let mut places = vec!["Fruix itself".to_string()];
    places.extend(directory.map(Place::name));
    places.extend(search.iter().map(|dir| dir.display().to_string()));
    let problem = Problem::at(Code::UnknownModule, at.clone(), format!("there is no module {name}"))
        .label(format!("not found in {}", places.join(", ")));
    match spelling::nearest(name, EMBEDDED.iter().map(|(key, _)| *key)) {
        Some(near) => problem.help(format!("did you mean {}?", scheme_name(near))),
        None => problem.help("name a directory that has it with -L DIR"),
    }
}
