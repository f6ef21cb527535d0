//! Finding, reading and rewriting all files of a declaration, before the interpreter starts.
//!
//! The interpreter never touches the file system: it is handed what was read here. So every file that takes part
//! is known beforehand, with its digest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::eval::code::Code;
use crate::eval::evaluation::{FileRead, FormPlace};
use crate::eval::outside::Asking;
use crate::eval::problem::{Failure, Problem, SourceText};
use crate::eval::reader::{self, Bytes, Context, Datum, FORM, Implied, Kind, Rewritten};
use crate::hash::Sha256;
use crate::store_path::StorePath;

mod lacking;
mod provides;
mod read;

pub use provides::{exports, provided, provider, scheme_name};
use read::check_size;
pub use read::{ReadError, SourceFile, source};

/// Fruix's own modules: key and text.
pub const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/scheme_modules.rs"));

/// The name of an expression given on the command line.
const EXPRESSION: &str = "<expression>";

/// What to evaluate: the text of a file or of an expression, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// See [`Module::key`].
    pub key: String,
    /// See [`Module::name`].
    pub name: String,
    pub text: String,
    place: Place,
}

impl Declaration {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is no text.
    pub fn file(shown: &Path) -> Result<Self, Failure> {
        let SourceFile { path, text } = read::read(shown).map_err(|error| error.into_failure(shown))?;
        check_path(&path)?;
        let place = Place::of(&path, shown);
        Ok(Self { key: path.display().to_string(), name: shown.display().to_string(), text, place })
    }

    /// An expression of the command line.
    ///
    /// # Errors
    /// It is too long.
    pub fn expression(text: &str) -> Result<Self, Failure> {
        Self::typed(EXPRESSION, text)
    }

    /// A text that is no file, under a name of its own.
    ///
    /// # Errors
    /// It is too long.
    pub fn typed(name: &str, text: &str) -> Result<Self, Failure> {
        check_size(name, text.len())?;
        let real = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
        check_path(&real)?;
        let place = Place { real, shown: PathBuf::new() };
        Ok(Self { key: name.into(), name: name.into(), text: text.to_string(), place })
    }

    /// The form of a computed file, inside of its build.
    ///
    /// # Errors
    /// It is too long.
    pub fn form(name: &str, text: &str) -> Result<Self, Failure> {
        check_size(name, text.len())?;
        let place = Place { real: PathBuf::from("/"), shown: PathBuf::new() };
        Ok(Self { key: FORM.into(), name: name.into(), text: text.into(), place })
    }
}

/// Refuses a path that is no text: declarations name files by texts, and so do those who evaluate them elsewhere.
///
/// # Errors
/// The path is not UTF-8.
pub fn check_path(path: &Path) -> Result<(), Problem> {
    match path.to_str() {
        Some(_) => Ok(()),
        None => {
            Err(Problem::new(Code::UnreadableFile, format!("the path {} is not UTF-8 text", path.display()))
                .help("rename the directory, or the file"))
        }
    }
}

/// How a session takes a text.
#[derive(Debug)]
pub struct Taken<'a> {
    /// Which part of it counts.
    pub at: Bytes,
    pub implied: Vec<Implied>,
    /// See [`Context::redefinable`].
    pub redefinable: &'a BTreeSet<String>,
}

/// One file, as the user wrote it and as Steel shall read it.
#[derive(Debug)]
pub struct Module {
    /// How Steel and other modules call it: `fruix/…` for embedded ones, else an absolute path.
    pub key: String,
    /// How messages call it.
    pub name: String,
    pub text: String,
    pub rewritten: Rewritten,
    pub embedded: bool,
    /// The keys of the modules that it uses.
    pub uses: Vec<String>,
    /// Where its last expression stands.
    pub last_form: Option<Bytes>,
}

/// The keys of the modules that each of Fruix's own uses: where they are known, nobody needs to read those.
pub type Uses = BTreeMap<String, Vec<String>>;

/// All files of a declaration, each after those it uses; the declaration itself is the last.
#[derive(Debug, Default)]
pub struct Program {
    pub modules: Vec<Module>,
    /// Where relative paths of the declaration start.
    pub directory: String,
}

impl Program {
    pub fn find(&self, key: &str) -> Option<usize> {
        self.modules.iter().position(|module| module.key == key)
    }

    pub fn declaration(&self) -> Option<&Module> {
        self.modules.last()
    }

    /// All symbols that the user's files mention.
    pub fn symbols(&self) -> BTreeSet<String> {
        let mut symbols = BTreeSet::new();
        for module in self.modules.iter().filter(|module| !module.embedded) {
            let Ok(parsed) = reader::parse(&module.text) else { continue };
            let mut pending: Vec<&Datum> = parsed.forms.iter().collect();
            while let Some(datum) = pending.pop() {
                match &datum.kind {
                    Kind::List(items) => pending.extend(items),
                    Kind::Quote(inner)
                    | Kind::OtherQuote(inner)
                    | Kind::Gexp(inner)
                    | Kind::Ungexp { inner, .. } => pending.push(inner),
                    Kind::Symbol(name) => {
                        symbols.insert(name.clone());
                    }
                    _ => {}
                }
            }
        }
        symbols
    }

    /// The texts, for showing problems; indices agree with [`Program::modules`].
    pub fn sources(&self) -> Vec<SourceText> {
        self.modules.iter().map(Module::source).collect()
    }

    /// Where a place of a module is, as messages say it.
    pub fn form_place(&self, drv: StorePath, key: &str, start: usize) -> Option<FormPlace> {
        let module = &self.modules[self.find(key)?];
        let line = module.text.get(..start)?.matches('\n').count() + 1;
        Some(FormPlace { drv, file: module.name.clone(), line })
    }

    /// The user's files.
    pub fn files_read(&self) -> Vec<FileRead> {
        let own = self.modules.iter().filter(|module| !module.embedded);
        own.map(|module| FileRead { path: module.key.clone(), sha256: Sha256::of(&module.text).hex() })
            .collect()
    }
}

impl Module {
    pub fn source(&self) -> SourceText {
        SourceText { name: self.name.clone(), text: self.text.clone() }
    }
}

/// Reads everything a declaration uses; `search` are the directories of `-L`. Fruix's own modules are not rewritten if
/// it is known what they use: then they are loaded from something else than their texts.
///
/// # Errors
/// The first file that cannot be read or is malformed.
pub fn load(
    declaration: &Declaration,
    search: &[PathBuf],
    known: Option<&Uses>,
    outside: &Asking,
) -> Result<Program, Failure> {
    let Declaration { key, name, text, place } = declaration;
    let mut loader = Loader { search, outside, known, program: Program::default(), open: Vec::new() };
    loader.program.directory = place.real.display().to_string();
    loader.add(key, name, text.clone(), Some(place.clone()))?;
    Ok(loader.program)
}

/// Adds what a session is given next, and all it uses, to its program, of which it becomes the last module.
///
/// # Errors
/// It is malformed, or uses what cannot be had. Modules that were read are part of the program all the same.
pub fn extend(
    program: &mut Program,
    declaration: &Declaration,
    taken: Taken<'_>,
    search: &[PathBuf],
    outside: &Asking,
) -> Result<(), Failure> {
    let Declaration { key, name, text, place } = declaration;
    let mut loader =
        Loader { search, outside, known: None, program: std::mem::take(program), open: Vec::new() };
    let blank = |part: &str| " ".repeat(part.len());
    let Bytes { start, end } = taken.at;
    // Blanks for what does not count, so that places stay what they are.
    let read = match (text.get(..start), text.get(start..end), text.get(end..)) {
        (Some(before), Some(counts), Some(after)) => blank(before) + counts + &blank(after),
        _ => text.clone(),
    };
    let view = View { implied: taken.implied, redefinable: Some(taken.redefinable) };
    let added = loader.add_as(key, name, read, Some(place.clone()), view);
    *program = loader.program;
    added?;
    if let Some(module) = program.modules.last_mut() {
        module.text.clone_from(text);
    }
    Ok(())
}

/// All of Fruix's own modules.
///
/// # Errors
/// A fault in one of them.
pub fn embedded(outside: &Asking) -> Result<Program, Failure> {
    let mut loader =
        Loader { search: &[], outside, known: None, program: Program::default(), open: Vec::new() };
    for (key, text) in EMBEDDED {
        if loader.program.find(key).is_none() {
            loader.add(key, key, (*text).to_string(), None)?;
        }
    }
    Ok(loader.program)
}

/// The text of a file, by the name that the user gave it.
///
/// # Errors
/// Why it has none.
pub fn read_source(path: &Path) -> Result<SourceText, Failure> {
    let file = read::read(path).map_err(|error| error.into_failure(path))?;
    Ok(SourceText { name: path.display().to_string(), text: file.text })
}

/// Whether a module is no file: such a text need not name the modules that it uses.
fn is_lone(key: &str) -> bool {
    key == EXPRESSION || key == FORM
}

/// A file whose modules are being read.
struct OpenFile {
    key: String,
    name: String,
}

struct Loader<'a> {
    search: &'a [PathBuf],
    outside: &'a Asking,
    known: Option<&'a Uses>,
    program: Program,
    open: Vec<OpenFile>,
}

/// What a text sees besides itself.
#[derive(Default)]
struct View<'a> {
    implied: Vec<Implied>,
    redefinable: Option<&'a BTreeSet<String>>,
}

impl Loader<'_> {
    /// Reads the text of a module and, before it, all it uses.
    ///
    /// `directory` is `None` for embedded modules.
    fn add(&mut self, key: &str, name: &str, text: String, directory: Option<Place>) -> Result<(), Failure> {
        let implied = if is_lone(key) { provides::implied(&text) } else { Vec::new() };
        self.add_as(key, name, text, directory, View { implied, redefinable: None })
    }

    fn add_as(
        &mut self,
        key: &str,
        name: &str,
        text: String,
        directory: Option<Place>,
        view: View<'_>,
    ) -> Result<(), Failure> {
        let inside = |problem: Problem| Failure {
            problems: vec![problem.in_file(0)],
            sources: vec![SourceText { name: name.to_string(), text: text.clone() }],
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
    fn add_known(&mut self, key: &str, text: &str, known: &Uses) {
        let uses = known.get(key).cloned().unwrap_or_default();
        for used in &uses {
            let module = EMBEDDED.iter().find(|(key, _)| key == used);
            if let Some((key, text)) = module.filter(|_| self.program.find(used).is_none()) {
                self.add_known(key, text, known);
            }
        }
        let (key, text) = (key.to_string(), text.to_string());
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
                return Ok(Some(Found { key, name, text, directory }));
            }
        }
        Ok(None)
    }
}

/// A file or directory, and what messages call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    real: PathBuf,
    shown: PathBuf,
}

impl Place {
    /// The directory of a file.
    fn of(real: &Path, shown: &Path) -> Self {
        let parent = |path: &Path| path.parent().map(Path::to_path_buf).unwrap_or_default();
        Self { real: parent(real), shown: parent(shown) }
    }

    fn of_directory(directory: &Path) -> Self {
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
    text: String,
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
    /// Notes what is wrong with a module: its message matters, not the place that uses it.
    fn fail(&mut self, failure: Failure, at: &Bytes) -> Problem {
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
            self.loader.add_known(&key, &text, known);
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
    match crate::util::spelling::nearest(name, EMBEDDED.iter().map(|(key, _)| *key)) {
        Some(near) => problem.help(format!("did you mean {}?", scheme_name(near))),
        None => problem.help("name a directory that has it with -L DIR"),
    }
}
