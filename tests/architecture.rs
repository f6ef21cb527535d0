//! The layers of `src/` hold: a module imports only from its own row of [`LAYERS`] or from rows above it.
//!
//! The test reads `crate::…` paths from the text, so it needs no compiler, and names the file and line of an
//! import that runs the wrong way.

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up, as in `src/lib.rs`. Modules on one row may import each other.
const LAYERS: &[&[&str]] = &[
    &["hash", "util"],
    &["store_path", "content_address", "derivation", "nar", "reference_scan", "signature"],
    &["store", "profile", "sys"],
    &["build", "builders", "substitute"],
    &["daemon"],
    &["eval", "format", "system", "vm"],
    &["cli"],
];

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("readable source directory") {
        let path = entry.expect("directory entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The lines of all sources, each with its top-level module (`src/store/db.rs` → `store`) and place; comments cut off.
fn source_lines() -> Vec<(String, String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 20, "only {} source files seen: the test looks in the wrong place", files.len());
    let mut lines = Vec::new();
    for file in files {
        let below = file.strip_prefix(&src).expect("below src");
        let first =
            below.components().next().expect("a component").as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs").to_string();
        let text = fs::read_to_string(&file).expect("source file is text");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("").to_string();
            lines.push((module.clone(), format!("src/{}:{}", below.display(), number + 1), code));
        }
    }
    lines
}

/// Every top-level module a line names through `crate::`, including `use crate::{a, b::c}`.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for after in code.split("crate::").skip(1) {
        let names: Vec<&str> = match after.strip_prefix('{') {
            Some(group) => group.split(',').collect(),
            None => vec![after],
        };
        for name in names {
            let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if layer_of(&name).is_some() {
                found.push(name);
            }
        }
    }
    found
}

#[test]
fn imports_run_from_upper_layers_to_lower_ones() {
    let mut wrong = Vec::new();
    for (module, place, code) in source_lines() {
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let own =
            layer_of(&module).unwrap_or_else(|| panic!("module `{module}` has no layer: add it to LAYERS"));
        for import in imports(&code) {
            if layer_of(&import).is_some_and(|layer| layer > own) {
                wrong.push(format!("{place}: `{module}` imports `{import}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that run against the layers:\n{}", wrong.join("\n"));
}

#[test]
fn steel_unsafe_and_printing_each_have_one_home() {
    let mut wrong = Vec::new();
    for (module, place, code) in source_lines() {
        if module != "eval" && (code.contains("steel::") || code.contains("steel_parser::")) {
            wrong.push(format!("{place}: names Steel outside `eval`"));
        }
        if module != "sys" && (code.contains("unsafe {") || code.contains("unsafe fn")) {
            wrong.push(format!("{place}: `unsafe` outside `sys`"));
        }
        if module != "cli" && code.replace("eprintln!(", "").contains("println!(") {
            wrong.push(format!("{place}: writes to standard output outside `cli`"));
        }
        if module == "cli" && (code.contains("println!(") || code.contains("print!(")) {
            wrong.push(format!("{place}: panics where nobody reads: use `cli::output`"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
