//! The pages of `docs/reference/`: one for each module, and an index.

use std::fmt::Write;

use super::{Export, Field, Kind, ModuleReference, modules};

/// Says that nobody should edit a page.
const GENERATED: &str =
    "<!-- Written from the modules' texts: FRUIX_UPDATE_REFERENCE=1 cargo test --test reference -->\n\n";

/// A page: its file name in `docs/reference/`, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub file: String,
    pub text: String,
}

/// All pages.
pub fn pages() -> Vec<Page> {
    let shown = || modules().iter().filter(|module| module.exports.iter().any(is_shown));
    let mut pages: Vec<Page> =
        shown().map(|module| Page { file: file(module), text: module_page(module) }).collect();
    pages.push(Page { file: "README.md".into(), text: index(&shown().collect::<Vec<_>>()) });
    pages
}

fn is_shown(export: &Export) -> bool {
    export.kind != Kind::Internal
}

/// `fruix-services-ssh.md`
fn file(module: &ModuleReference) -> String {
    format!("{}.md", module.key.trim_end_matches(".scm").replace('/', "-"))
}

fn index(modules: &[&ModuleReference]) -> String {
    let mut text = format!(
        "{GENERATED}# Reference\n\nThe modules of Fruix; `(use-modules (fruix system))` makes one available.\n\n"
    );
    text += "| module | |\n|---|---|\n";
    for module in modules {
        let _ = writeln!(text, "| [`{}`]({}) | {} |", module.name, file(module), cell(&module.purpose));
    }
    let mut names: Vec<(&str, &ModuleReference)> = Vec::new();
    for module in modules {
        // Parts of a record are on the page of the record.
        let whole = |export: &&Export| {
            is_shown(export) && !matches!(export.kind, Kind::Accessor { .. } | Kind::Predicate(_))
        };
        names.extend(module.exports.iter().filter(whole).map(|export| (export.name.as_str(), *module)));
    }
    names.sort_by_key(|(name, module)| (name.trim_start_matches('%'), module.key.as_str()));
    text += "\n## Names\n\n";
    for (name, module) in names {
        let _ = writeln!(text, "- [`{name}`]({}) {}", file(module), escape(&module.name));
    }
    text
}

fn module_page(module: &ModuleReference) -> String {
    let mut text = format!("{GENERATED}# {}\n\n{}\n", escape(&module.name), escape(&module.purpose));
    if !module.notes.is_empty() {
        let _ = write!(text, "\n{}\n", prose(&module.notes));
    }
    section(&mut text, "Records", module, |kind| matches!(kind, Kind::RecordType(_)));
    section(&mut text, "Syntax", module, |kind| *kind == Kind::Syntax);
    // A record that only procedures make has its predicate and accessors provided, but no constructor.
    let lonely = |kind: &Kind| match kind {
        Kind::Predicate(record) | Kind::Accessor { record, .. } => {
            !module.exports.iter().any(|export| export.name == *record)
        }
        kind => *kind == Kind::Procedure,
    };
    section(&mut text, "Procedures", module, lonely);
    section(&mut text, "Constants", module, |kind| *kind == Kind::Constant);
    text
}

fn section(text: &mut String, title: &str, module: &ModuleReference, belongs: impl Fn(&Kind) -> bool) {
    let exports: Vec<&Export> = module.exports.iter().filter(|export| belongs(&export.kind)).collect();
    if exports.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {title}\n");
    for export in exports {
        let _ = write!(text, "\n### `{}`\n\n{}\n", export.signature, prose(&export.doc));
        if let Kind::RecordType(fields) = &export.kind {
            write_fields(text, fields);
            write_parts(text, &export.name, module);
        }
    }
}

fn write_fields(text: &mut String, fields: &[Field]) {
    *text += "\n| field | type | default | |\n|---|---|---|---|\n";
    for Field { name, type_name, default, marks, doc, .. } in fields {
        let default =
            default.as_ref().map_or("required".to_string(), |default| format!("`{}`", pipes(default)));
        let default = std::iter::once(default.as_str())
            .chain(marks.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(", ");
        let _ = writeln!(text, "| `{name}` | `{}` | {default} | {} |", pipes(type_name), cell(doc));
    }
}

/// The predicate and the accessors of a record that the module provides.
fn write_parts(text: &mut String, record: &str, module: &ModuleReference) {
    let parts: Vec<String> = module
        .exports
        .iter()
        .filter(|export| match &export.kind {
            Kind::Predicate(of) | Kind::Accessor { record: of, .. } => of == record,
            _ => false,
        })
        .map(|export| format!("`{}`", export.name))
        .collect();
    if !parts.is_empty() {
        let _ = write!(text, "\nAlso: {}.\n", parts.join(", "));
    }
}

/// Documentation as Markdown: lines that are indented are code.
fn prose(doc: &str) -> String {
    let mut text = String::new();
    let mut in_code = false;
    for line in doc.lines() {
        let is_code = line.starts_with("  ") || (in_code && line.is_empty());
        if is_code && !in_code {
            text += if text.is_empty() || text.ends_with("\n\n") { "```scheme\n" } else { "\n```scheme\n" };
        } else if !is_code && in_code {
            end_code(&mut text);
        }
        in_code = is_code;
        match line.strip_prefix("# ") {
            // The page has a title already.
            Some(heading) if !is_code => text += &format!("## {heading}"),
            _ if is_code => text += line.strip_prefix("  ").unwrap_or(line),
            _ => text += &escape(line),
        }
        text.push('\n');
    }
    if in_code {
        end_code(&mut text);
    }
    text.trim_end().to_string()
}

/// Blank lines before the next text are not part of the code.
fn end_code(text: &mut String) {
    text.truncate(text.trim_end().len());
    *text += "\n```\n\n";
}

fn cell(text: &str) -> String {
    pipes(&escape(&text.replace('\n', " ")))
}

fn pipes(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Takes from the characters of Scheme what they would mean to Markdown, except inside of backticks.
fn escape(text: &str) -> String {
    let mut in_code = false;
    let mut escaped = String::new();
    for character in text.chars() {
        in_code ^= character == '`';
        if !in_code && matches!(character, '*' | '_' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indented_lines_are_code() {
        assert_eq!(
            prose("Use let*:\n\n  (f\n\n    1)\n\nDone `a*`."),
            "Use let\\*:\n\n```scheme\n(f\n\n  1)\n```\n\nDone `a*`."
        );
        assert_eq!(prose("As in\n  (f)"), "As in\n\n```scheme\n(f)\n```");
    }

    #[test]
    fn cells_hold_no_bars() {
        assert_eq!(cell("a | b\nc_d"), "a \\| b c\\_d");
    }
}
