//! Finding, reading and rewriting all files of a declaration, before the interpreter starts.
//!
//! The interpreter never touches the file system: it is handed what was read here. So every file that takes part
//! is known beforehand, with its digest.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::evaluation::FileRead;
use super::problem::{Failure, Problem, SourceText};
use super::reader::{self, Bytes, Context, Rewritten};
use crate::hash::Sha256;

/// Fruix's own modules: key and text.
pub const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/scheme_modules.rs"));

/// Most bytes a file may have. Steel reads and compiles about 300 KB a second; declarations have some KB.
pub const MAX_FILE_BYTES: usize = 256 * 1024;

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
            loader.add(&key.display().to_string(), &path.display().to_string(), text, false)?;
        }
        Declaration::Expression(text) => {
            check_size(EXPRESSION, text.len()).map_err(Failure::from)?;
            loader.add(EXPRESSION, EXPRESSION, text.clone(), false)?;
        }
    }
    Ok(loader.program)
}

fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    // Both ways lead to one module, whatever links lead there.
    path.canonicalize()
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let help = match error.kind() {
        std::io::ErrorKind::NotFound => "check the path",
        std::io::ErrorKind::PermissionDenied => "check the permissions of the file and of its directories",
        _ => "give the path of a Scheme file",
    };
    Problem::new(format!("cannot read {}: {}", path.display(), plain(error))).help(help).into()
}

/// The operating system's words without Rust's "(os error N)".
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

fn check_size(name: &str, bytes: usize) -> Result<(), Problem> {
    if bytes <= MAX_FILE_BYTES {
        return Ok(());
    }
    Err(Problem::new(format!("{name} has {bytes} bytes; a Scheme file may have {MAX_FILE_BYTES}"))
        .help("split it into modules, or keep large data in files of their own and use `local-file`"))
}

/// Why a file has no text.
enum ReadError {
    Io(std::io::Error),
    Problem(Problem),
    /// The bytes that are no UTF-8, in a text that has replacement characters there.
    NotText {
        text: String,
        at: Bytes,
    },
}

impl ReadError {
    fn into_failure(self, shown: &Path) -> Failure {
        match self {
            Self::Io(error) => unreadable(shown, &error),
            Self::Problem(problem) => problem.into(),
            Self::NotText { text, at } => {
                let name = shown.display().to_string();
                let problem = Problem::at(at, format!("{name} is not UTF-8 text"))
                    .label("these bytes are no character")
                    .help("save the file as UTF-8")
                    .in_file(0);
                Failure { problems: vec![problem], sources: vec![SourceText { name, text }] }
            }
        }
    }
}

fn read(path: &Path) -> Result<String, ReadError> {
    let metadata = fs::metadata(path).map_err(ReadError::Io)?;
    // A pipe or device might never end.
    if !metadata.is_file() {
        let problem = Problem::new(format!("{} is not a regular file", path.display()))
            .help("give the path of a Scheme file");
        return Err(ReadError::Problem(problem));
    }
    let file = File::open(path).map_err(ReadError::Io)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    if bytes.len() > MAX_FILE_BYTES {
        let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        check_size(&path.display().to_string(), size.max(bytes.len())).map_err(ReadError::Problem)?;
    }
    String::from_utf8(bytes).map_err(|error| {
        let start = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        ReadError::NotText { text, at: start..start + char::REPLACEMENT_CHARACTER.len_utf8() }
    })
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
    fn add(&mut self, key: &str, name: &str, text: String, embedded: bool) -> Result<(), Failure> {
        let inside = |problem: Problem| Failure {
            problems: vec![problem.in_file(0)],
            sources: vec![SourceText { name: name.to_string(), text: text.clone() }],
        };
        let parsed = reader::parse(&text).map_err(inside)?;
        self.open.push(OpenFile { key: key.to_string(), name: name.to_string() });
        let mut file =
            FileContext { key, directory: directory(key, embedded), embedded, deeper: None, loader: self };
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
    fn locate(&self, name: &str, directory: Option<&Path>) -> Option<Found> {
        if let Some((key, text)) = EMBEDDED.iter().find(|(key, _)| *key == name) {
            return Some(Found::Embedded { key, text });
        }
        let places = directory.into_iter().chain(self.search.iter().map(PathBuf::as_path));
        places.map(|place| place.join(name)).find(|path| path.is_file()).map(Found::File)
    }
}

enum Found {
    Embedded { key: &'static str, text: &'static str },
    File(PathBuf),
}

/// The directory relative names in a file start from.
fn directory(key: &str, embedded: bool) -> Option<PathBuf> {
    if embedded {
        return None;
    }
    Path::new(key).parent().filter(|dir| dir.is_absolute()).map(Path::to_path_buf)
}

/// A file being rewritten.
struct FileContext<'a, 'b> {
    key: &'a str,
    directory: Option<PathBuf>,
    embedded: bool,
    /// What went wrong in a module that this file uses.
    deeper: Option<Failure>,
    loader: &'a mut Loader<'b>,
}

impl Context for FileContext<'_, '_> {
    fn module_key(&mut self, name: &str, at: &Bytes) -> Result<String, Problem> {
        let found = self
            .loader
            .locate(name, self.directory.as_deref())
            .ok_or_else(|| unknown_module(name, at, self.directory.as_deref(), self.loader.search))?;
        let (key, shown, embedded) = match &found {
            Found::Embedded { key, .. } => ((*key).to_string(), (*key).to_string(), true),
            Found::File(path) => {
                let key = absolute(path).map_err(|error| {
                    Problem::at(at.clone(), format!("cannot read {}: {}", path.display(), plain(&error)))
                })?;
                (key.display().to_string(), path.display().to_string(), false)
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
            Found::File(path) => read(&path).map_err(|error| error.into_failure(&path)),
        };
        match text.and_then(|text| self.loader.add(&key, &shown, text, embedded)) {
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

    fn directory(&self) -> Option<String> {
        self.directory.as_ref().map(|dir| dir.display().to_string())
    }

    fn trusted(&self) -> bool {
        self.embedded
    }
}

fn unknown_module(name: &str, at: &Bytes, directory: Option<&Path>, search: &[PathBuf]) -> Problem {
    let scheme_name = |key: &str| format!("({})", key.trim_end_matches(".scm").replace('/', " "));
    let mut places = vec!["Fruix itself".to_string()];
    places.extend(
        directory.into_iter().chain(search.iter().map(PathBuf::as_path)).map(|dir| dir.display().to_string()),
    );
    let problem = Problem::at(at.clone(), format!("there is no module {name}"))
        .label(format!("not found in {}", places.join(", ")));
    match crate::util::spelling::nearest(name, EMBEDDED.iter().map(|(key, _)| *key)) {
        Some(near) => problem.help(format!("did you mean {}?", scheme_name(near))),
        None => problem.help("name a directory that has it with -L DIR"),
    }
}
