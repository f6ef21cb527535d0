//! What each file of `tests/scheme/` evaluates to: the value or the diagnostic that its header states.
//!
//! A header is the comment at the top of a fixture: `;;` lines that say what it is about, then either
//!
//! ```text
//! ;; value: (a "b" 3)
//! ```
//!
//! or the diagnostic as `fruix` prints it, without colours:
//!
//! ```text
//! ;; error:
//! ;;|   × `user` has no field `nam`
//! ;;| …
//! ```
//!
//! A sound declaration with caveats states those instead of its value, after `;; warning:`.
//!
//! `;; machine` lets a fixture see the machine; without it, there is nothing but Scheme. `;; search: DIR` names a directory of modules. Files below directories called `lib` are modules of others.
//! `FRUIX_UPDATE_FIXTURES=1` writes the headers anew: read the difference before you commit it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use fruix::eval::{EvalError, Evaluation, Evaluator};
use fruix::system::survey::Survey;
use miette::{GraphicalReportHandler, GraphicalTheme};

/// Starts the lines of an expected diagnostic.
const BAR: &str = ";;|";

/// Written headers move the text, and so the line numbers in them: how often to try until they agree.
const ROUNDS: usize = 4;

#[test]
fn fixtures_evaluate_to_what_they_state() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scheme");
    // Diagnostics name files as they were given: relative, to be the same everywhere.
    env::set_current_dir(&root).expect("fixtures");
    let mut fixtures = Vec::new();
    collect(Path::new("."), &mut fixtures);
    fixtures.sort();
    assert!(fixtures.len() >= 50, "only {} fixtures found", fixtures.len());
    let mut failures = differing(&fixtures);
    if env::var_os("FRUIX_UPDATE_FIXTURES").is_some() {
        for _ in 0..ROUNDS {
            failures.iter().for_each(rewrite);
            let fixtures: Vec<PathBuf> = failures.into_iter().map(|failure| failure.fixture).collect();
            failures = differing(&fixtures);
        }
    }
    let shown = failures.iter().map(|Difference { fixture, stated, found }| {
        format!("{}\n--- stated\n{stated}\n--- found\n{found}", fixture.display())
    });
    let shown: Vec<String> = shown.collect();
    assert!(
        failures.is_empty(),
        "{} of {} fixtures:\n{}",
        failures.len(),
        fixtures.len(),
        shown.join("\n\n")
    );
}

/// Words of the interpreter that say nothing to a user.
const RAW: &[&str] =
    &["Steel", "steel ", "steelval", "TailCall", "Gc(", "#%", "##", "stack overflow", "free identifier"];

#[test]
fn no_diagnostic_has_words_of_the_interpreter() {
    let mut fixtures = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scheme"), &mut fixtures);
    for fixture in fixtures {
        let text = fs::read_to_string(&fixture).expect("fixture");
        let said = statement(&text)
            .lines()
            .map(str::to_string)
            .filter(|line| line.contains('×'))
            .collect::<String>();
        let raw = RAW.iter().find(|word| said.contains(**word));
        // What the user's own text names may be said.
        let body: String = text.lines().filter(|line| !line.starts_with(";;")).collect();
        assert!(raw.is_none_or(|word| body.contains(*word)), "{}: {said}", fixture.display());
    }
}

/// A fixture that does not evaluate to what it states.
struct Difference {
    fixture: PathBuf,
    stated: String,
    found: String,
}

/// Evaluates fixtures, all those together that see the same modules and the same machine.
fn differing(fixtures: &[PathBuf]) -> Vec<Difference> {
    let mut groups: BTreeMap<Settings, Vec<&PathBuf>> = BTreeMap::new();
    for fixture in fixtures {
        let text = fs::read_to_string(fixture).expect("fixture");
        groups.entry(Settings::of(&text)).or_default().push(fixture);
    }
    let mut differing = Vec::new();
    for (settings, fixtures) in groups {
        let paths: Vec<PathBuf> = fixtures.into_iter().cloned().collect();
        let outcomes = settings.evaluator().files(&paths);
        for (fixture, result) in paths.into_iter().zip(outcomes) {
            let stated = statement(&fs::read_to_string(&fixture).expect("fixture"));
            let found = outcome(result);
            if stated != found {
                differing.push(Difference { fixture, stated, found });
            }
        }
    }
    differing
}

/// What the header of a fixture says of its evaluation.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Settings {
    search: Vec<PathBuf>,
    sees_machine: bool,
}

impl Settings {
    fn of(text: &str) -> Self {
        let search = text.lines().filter_map(|line| line.strip_prefix(";; search: "));
        Self {
            search: search.map(PathBuf::from).collect(),
            sees_machine: text.lines().any(|line| line == ";; machine"),
        }
    }

    /// In processes of their own, as the program does it: nothing that a fixture does can end the test.
    fn evaluator(&self) -> Evaluator {
        let evaluator = if self.sees_machine {
            Evaluator::new(Arc::new(Survey::new(Vec::new())))
        } else {
            Evaluator::pure()
        };
        evaluator.search(self.search.clone()).confined(env!("CARGO_BIN_EXE_fruix").into())
    }
}

fn collect(dir: &Path, fixtures: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("fixture directory") {
        let path = entry.expect("fixture").path();
        let path = path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path);
        if path.is_dir() && !path.ends_with("lib") {
            collect(&path, fixtures);
        } else if path.extension().is_some_and(|extension| extension == "scm") {
            fixtures.push(path);
        }
    }
}

/// The part of the header that states the outcome.
fn statement(text: &str) -> String {
    let header = text.lines().take_while(|line| line.starts_with(";;"));
    let lines: Vec<&str> = header.filter(|line| is_statement(line)).collect();
    lines.join("\n")
}

fn is_statement(line: &str) -> bool {
    [";; value:", ";; error:", ";; warning:", BAR].iter().any(|start| line.starts_with(start))
}

/// The outcome, written as a statement.
fn outcome(result: Result<Evaluation, EvalError>) -> String {
    match result {
        Ok(evaluation) if evaluation.caveats.is_empty() => format!(";; value: {}", evaluation.value),
        Ok(evaluation) => {
            let warnings = evaluation.caveats.iter().map(|caveat| {
                rendered(&EvalError::warning(caveat.problem.clone(), evaluation.sources.clone()))
            });
            format!(";; warning:\n{}", warnings.collect::<Vec<_>>().join("\n"))
        }
        Err(error) => format!(";; error:\n{}", rendered(&error)),
    }
}

/// The diagnostic as `fruix` prints it, in lines of a comment.
fn rendered(error: &EvalError) -> String {
    let mut rendered = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_width(110)
        .render_report(&mut rendered, error)
        .expect("report");
    let lines = rendered.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("{BAR} {}", line.trim_end())).collect::<Vec<_>>().join("\n")
}

fn rewrite(Difference { fixture, found, .. }: &Difference) {
    let text = fs::read_to_string(fixture).expect("fixture");
    let header: Vec<&str> = text.lines().take_while(|line| line.starts_with(";;")).collect();
    let about = header.iter().filter(|line| !is_statement(line)).map(|line| format!("{line}\n"));
    let body: String = text.split_inclusive('\n').skip(header.len()).collect();
    fs::write(fixture, format!("{}{found}\n{body}", about.collect::<String>())).expect("fixture");
}
