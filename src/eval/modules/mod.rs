//! Finding, reading and rewriting all files of a declaration, before the interpreter starts.
//!
//! The interpreter never touches the file system: it is handed what was read here. So every file that takes part
//! is known beforehand, with its digest.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::eval::code::Code;
use crate::eval::evaluation::{FileRead, FormPlace};
use crate::eval::outside::Asking;
use crate::eval::problem::{Failure, Problem, SourceText};
use crate::eval::reader::{self, Bytes, Datum, FORM, Implied, Kind, Rewritten};
use crate::hash::Sha256;
use crate::store_path::StorePath;

mod lacking;
mod loader;
mod provides;
mod read;

pub use crate::eval::reader::scheme_name;
use loader::{Loader, Place, View};
pub use provides::{exports, provided, provider};
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

/// Does now what would else be done when the first declaration is read.
pub fn prepare() {
    lacking::prepare();
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
    /// See [`reader::Context::redefinable`].
    pub redefinable: &'a BTreeSet<String>,
}

/// One file, as the user wrote it and as Steel shall read it.
#[derive(Debug)]
pub struct Module {
    /// How Steel and other modules call it: `fruix/…` for embedded ones, else an absolute path.
    pub key: String,
    /// How messages call it.
    pub name: String,
    pub text: Cow<'static, str>,
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

    /// The texts that problems point into, which afterwards name them by their places in this list: all texts, with Fruix's
    /// own, would be far more than the rest of an evaluation.
    pub fn sources_of<'a>(&self, problems: impl Iterator<Item = &'a mut Problem>) -> Vec<SourceText> {
        let mut sources = Vec::new();
        let mut known = BTreeMap::new();
        for label in problems.flat_map(|problem| &mut problem.labels) {
            let Some((file, module)) = label.file.and_then(|file| Some((file, self.modules.get(file)?)))
            else {
                continue;
            };
            label.file = Some(*known.entry(file).or_insert_with(|| {
                sources.push(module.source());
                sources.len() - 1
            }));
        }
        sources
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
        own.map(|module| FileRead {
            path: module.key.clone(),
            sha256: Sha256::of(module.text.as_bytes()).hex(),
        })
        .collect()
    }
}

impl Module {
    pub fn source(&self) -> SourceText {
        SourceText { name: self.name.clone(), text: self.text.clone().into_owned() }
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
    let mut loader = Loader::new(Program::default(), search, known, outside);
    loader.program.directory = place.real.display().to_string();
    loader.add(key, name, text.clone().into(), Some(place.clone()))?;
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
    let mut loader = Loader::new(std::mem::take(program), search, None, outside);
    let blank = |part: &str| " ".repeat(part.len());
    let Bytes { start, end } = taken.at;
    // Blanks for what does not count, so that places stay what they are.
    let read = match (text.get(..start), text.get(start..end), text.get(end..)) {
        (Some(before), Some(counts), Some(after)) => blank(before) + counts + &blank(after),
        _ => text.clone(),
    };
    let view = View { implied: taken.implied, redefinable: Some(taken.redefinable) };
    let added = loader.add_as(key, name, read.into(), Some(place.clone()), view);
    *program = loader.program;
    added?;
    if let Some(module) = program.modules.last_mut() {
        module.text = text.clone().into();
    }
    Ok(())
}

/// All of Fruix's own modules.
///
/// # Errors
/// A fault in one of them.
pub fn embedded(outside: &Asking) -> Result<Program, Failure> {
    let mut loader = Loader::new(Program::default(), &[], None, outside);
    for (key, text) in EMBEDDED {
        if loader.program.find(key).is_none() {
            loader.add(key, key, (*text).into(), None)?;
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
