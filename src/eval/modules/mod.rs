//! Finding, reading and rewriting all files of a declaration, before the interpreter starts.
//!
//! The interpreter never touches the file system: it is handed what was read here. So every file that takes part
//! is known beforehand, with its digest.

use std::path::{Path, PathBuf};

use crate::eval::evaluation::FileRead;
use crate::eval::problem::{Failure, Problem, SourceText};
use crate::eval::reader::{self, Bytes, Context, Rewritten};
use crate::hash::Sha256;

mod provides;
mod read;

pub use provides::{provided, provider, scheme_name};
use read::{absolute, check_size, plain, read, unreadable};

/// Fruix's own modules: key and text.
pub const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/scheme_modules.rs"));

/// The name of an expression given on the command line.
const EXPRESSION: &str = "<expression>";

/// What to evaluate.
#[derive(Debug, Clone)]
pub enum Declaration {
    File(PathBuf),
    Expression(String),
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
    /// Where its last expression stands.
    pub last_form: Option<Bytes>,
}

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

    /// The texts, for showing problems; indices agree with [`Program::modules`].
    pub fn sources(&self) -> Vec<SourceText> {
        self.modules.iter().map(Module::source).collect()
    }

    /// The user's files.
    pub fn files_read(&self) -> Vec<FileRead> {
        let own = self.modules.iter().filter(|module| !module.embedded);
        own.map(|module| FileRead { path: module.key.clone(), sha256: Sha256::of(&module.text).hex() })
            .collect()
    }
}

impl Module {
    /// What the interpreter knows the module by: it wants a path that exists, and an expression has none.
    pub fn path(&self) -> &Path {
        Path::new(if self.key == EXPRESSION { "/" } else { &self.key })
    }

    pub fn source(&self) -> SourceText {
        SourceText { name: self.name.clone(), text: self.text.clone() }
    }
}

/// Reads a declaration and everything it uses; `search` are the directories of `-L`.
///
/// # Errors
/// The first file that cannot be read or is malformed.
pub fn load(declaration: &Declaration, search: &[PathBuf]) -> Result<Program, Failure> {
    let mut loader = Loader { search, program: Program::default(), open: Vec::new() };
    match declaration {
        Declaration::File(path) => {
            let key = absolute(path).map_err(|error| unreadable(path, &error))?;
            let text = read(&key).map_err(|problem| problem.into_failure(path))?;
            let place = Place::of(&key, path);
            loader.program.directory = place.real.display().to_string();
            loader.add(&key.display().to_string(), &path.display().to_string(), text, Some(place))?;
        }
        Declaration::Expression(text) => {
            check_size(EXPRESSION, text.len()).map_err(Failure::from)?;
            let real = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
            loader.program.directory = real.display().to_string();
            loader.add(EXPRESSION, EXPRESSION, text.clone(), Some(Place { real, shown: PathBuf::new() }))?;
        }
    }
    Ok(loader.program)
}

/// A file whose modules are being read.
struct OpenFile {
    key: String,
    name: String,
}

struct Loader<'a> {
    search: &'a [PathBuf],
    program: Program,
    open: Vec<OpenFile>,
}

impl Loader<'_> {
    /// Reads the text of a module and, before it, all it uses.
    ///
    /// `directory` is `None` for embedded modules.
    fn add(&mut self, key: &str, name: &str, text: String, directory: Option<Place>) -> Result<(), Failure> {
        let inside = |problem: Problem| Failure {
            problems: vec![problem.in_file(0)],
            sources: vec![SourceText { name: name.to_string(), text: text.clone() }],
        };
        let parsed = reader::parse(&text).map_err(inside)?;
        self.open.push(OpenFile { key: key.to_string(), name: name.to_string() });
        let embedded = directory.is_none();
        let implied = if key == EXPRESSION { provides::implied(&text) } else { Vec::new() };
        let mut file = FileContext { key, directory, implied, deeper: None, loader: self };
        let rewritten = reader::rewrite(&text, &parsed, &mut file);
        let deeper = file.deeper.take();
        self.open.pop();
        let rewritten = rewritten.map_err(|problem| deeper.unwrap_or_else(|| inside(problem)))?;
        let last_form = parsed.forms.last().map(|form| form.at.clone());
        let (key, name) = (key.to_string(), name.to_string());
        self.program.modules.push(Module { key, name, text, rewritten, embedded, last_form });
        Ok(())
    }

    /// Where a module lies.
    fn locate(&self, name: &str, directory: Option<&Place>) -> Option<Found> {
        if let Some((key, text)) = EMBEDDED.iter().find(|(key, _)| *key == name) {
            return Some(Found::Embedded { key, text });
        }
        // Anything else is no Scheme, and would be shown to the user as such.
        if !name.ends_with(".scm") {
            return None;
        }
        let places =
            directory.cloned().into_iter().chain(self.search.iter().map(|dir| Place::of_directory(dir)));
        places.map(|place| place.join(name)).find(|place| place.real.is_file()).map(Found::File)
    }
}

/// A file or directory, and what messages call it.
#[derive(Clone)]
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

enum Found {
    Embedded { key: &'static str, text: &'static str },
    File(Place),
}

/// A file being rewritten.
struct FileContext<'a, 'b> {
    key: &'a str,
    directory: Option<Place>,
    implied: Vec<&'static str>,
    /// What went wrong in a module that this file uses.
    deeper: Option<Failure>,
    loader: &'a mut Loader<'b>,
}

impl Context for FileContext<'_, '_> {
    fn module_key(&mut self, name: &str, at: &Bytes) -> Result<String, Problem> {
        let found = self
            .loader
            .locate(name, self.directory.as_ref())
            .ok_or_else(|| unknown_module(name, at, self.directory.as_ref(), self.loader.search))?;
        let (key, shown, directory) = match &found {
            Found::Embedded { key, .. } => ((*key).to_string(), (*key).to_string(), None),
            Found::File(Place { real, shown }) => {
                let key = absolute(real).map_err(|error| {
                    Problem::at(at.clone(), format!("cannot read {}: {}", shown.display(), plain(&error)))
                })?;
                let directory = Place::of(&key, shown);
                (key.display().to_string(), shown.display().to_string(), Some(directory))
            }
        };
        if self.loader.program.find(&key).is_some() {
            return Ok(key);
        }
        if let Some(first) = self.loader.open.iter().position(|file| file.key == key) {
            let circle: Vec<&str> = self.loader.open[first..].iter().map(|file| file.name.as_str()).collect();
            return Err(Problem::at(at.clone(), "modules use each other in a circle")
                .label(format!("{} → {shown}", circle.join(" → ")))
                .help("move what both need into a third module"));
        }
        let text = match found {
            Found::Embedded { text, .. } => Ok(text.to_string()),
            Found::File(place) => read(&place.real).map_err(|error| error.into_failure(&place.shown)),
        };
        match text.and_then(|text| self.loader.add(&key, &shown, text, directory)) {
            Ok(()) => Ok(key),
            Err(failure) => {
                // The message of the module matters, not the place that uses it.
                self.deeper = Some(failure);
                Err(Problem::at(at.clone(), "this module has errors"))
            }
        }
    }

    fn key(&self) -> &str {
        self.key
    }

    fn implied(&self) -> Vec<&'static str> {
        self.implied.clone()
    }

    fn directory(&self) -> Option<String> {
        self.directory.as_ref().map(|dir| dir.real.display().to_string())
    }

    fn trusted(&self) -> bool {
        self.directory.is_none()
    }
}

fn unknown_module(name: &str, at: &Bytes, directory: Option<&Place>, search: &[PathBuf]) -> Problem {
    let mut places = vec!["Fruix itself".to_string()];
    places.extend(directory.map(Place::name));
    places.extend(search.iter().map(|dir| dir.display().to_string()));
    let problem = Problem::at(at.clone(), format!("there is no module {name}"))
        .label(format!("not found in {}", places.join(", ")));
    match crate::util::spelling::nearest(name, EMBEDDED.iter().map(|(key, _)| *key)) {
        Some(near) => problem.help(format!("did you mean {}?", scheme_name(near))),
        None => problem.help("name a directory that has it with -L DIR"),
    }
}
