//! What could stand at the cursor.

use std::fs;
use std::path::Path;

use super::commands::COMMANDS;
use super::cursor::Cursor;
use crate::eval::session::Catalogue;

/// Forms whose first argument is the name of a file.
const FILE_FORMS: &[&str] = &["local-file", "local-tree", "installed-tree", "require"];

/// The completions of the word at the cursor: where the word starts, and what could replace it.
pub fn complete(text: &str, position: usize, catalogue: &Catalogue) -> (usize, Vec<String>) {
    if let Some(word) = command_word(text, position) {
        let names = COMMANDS.iter().map(|command| format!(",{}", command.name));
        return (0, names.filter(|name| name.starts_with(word)).collect());
    }
    let cursor = Cursor::at(text, position);
    if cursor.in_comment {
        return (position, Vec::new());
    }
    if cursor.in_string {
        let wanted = cursor.list().and_then(|list| list.head).is_some_and(|head| FILE_FORMS.contains(&head));
        return if wanted { files(&cursor) } else { (position, Vec::new()) };
    }
    let module = modules(text, &cursor, catalogue);
    if let Some(found) = module {
        return found;
    }
    let mut found = fields(&cursor, catalogue);
    if found.is_empty() {
        found = choices(&cursor, catalogue);
        if !cursor.word.is_empty() {
            let names = catalogue.names.keys();
            found.extend(names.filter(|name| name.starts_with(cursor.word)).cloned());
        }
    }
    (cursor.word_at, found)
}

/// The beginning of a command's name, if the cursor stands in one.
fn command_word(text: &str, position: usize) -> Option<&str> {
    let word = text.get(..position)?;
    (word.starts_with(',') && !word.contains(char::is_whitespace)).then_some(word)
}

/// The fields of the record that is being written, without those that are given.
fn fields(cursor: &Cursor<'_>, catalogue: &Catalogue) -> Vec<String> {
    let of = |head: Option<&str>| catalogue.records.get(head?);
    let (record, opening) = match (cursor.outer(), cursor.list()) {
        // `(record (fie`
        (Some(outer), Some(list)) if list.items.is_empty() && of(outer.head).is_some() => (outer, ""),
        // `(record `
        (_, Some(list)) if cursor.word.is_empty() && of(list.head).is_some() => (list, "("),
        _ => return Vec::new(),
    };
    let names = of(record.head).into_iter().flatten().map(|field| field.name.as_str());
    let names = names.chain(["inherit"]).filter(|name| !record.given.contains(name));
    names.filter(|name| name.starts_with(cursor.word)).map(|name| format!("{opening}{name}")).collect()
}

/// The values that the field may have, if they can be counted.
fn choices(cursor: &Cursor<'_>, catalogue: &Catalogue) -> Vec<String> {
    let Some(field) = cursor.field(catalogue) else { return Vec::new() };
    let choices: Vec<String> = match field.type_name.strip_prefix("(one-of ") {
        Some(choices) => choices.trim_end_matches(')').split(' ').map(ToString::to_string).collect(),
        None if field.type_name == "boolean" => vec!["#t".into(), "#f".into()],
        None => Vec::new(),
    };
    // The quote of a symbol is no part of the word.
    let quoted = cursor.quoted();
    let choices = choices
        .iter()
        .filter_map(|choice| if quoted { choice.strip_prefix('\'') } else { Some(choice.as_str()) });
    choices.filter(|choice| choice.starts_with(cursor.word)).map(ToString::to_string).collect()
}

/// Modules, inside of `use-modules` and after `,use`.
fn modules(text: &str, cursor: &Cursor<'_>, catalogue: &Catalogue) -> Option<(usize, Vec<String>)> {
    let is_use = |head: Option<&str>| head == Some("use-modules");
    let command = text.starts_with(",use ");
    let depth = cursor.lists.len();
    let direct = match cursor.list() {
        Some(list) => is_use(list.head) && !list.items.is_empty(),
        None => command,
    };
    if direct && cursor.word.is_empty() {
        return Some((cursor.word_at, catalogue.modules.clone()));
    }
    let list = cursor.list()?;
    let inside = match cursor.outer() {
        Some(outer) => is_use(outer.head),
        None => command && depth == 1,
    };
    if !inside {
        return None;
    }
    let written = text.get(list.start..cursor.word_at + cursor.word.len())?;
    let wanted = written.split_whitespace().collect::<Vec<_>>().join(" ");
    let blank = if written.ends_with(' ') && !wanted.ends_with('(') { " " } else { "" };
    let wanted = wanted + blank;
    let found = catalogue.modules.iter().filter(|module| module.starts_with(&wanted));
    Some((list.start, found.cloned().collect()))
}

/// The files whose paths begin like the string at the cursor.
fn files(cursor: &Cursor<'_>) -> (usize, Vec<String>) {
    let (directory, start) = match cursor.word.rfind('/') {
        Some(slash) => cursor.word.split_at(slash + 1),
        None => ("", cursor.word),
    };
    let listed = fs::read_dir(if directory.is_empty() { Path::new(".") } else { Path::new(directory) });
    // What cannot be listed has nothing to offer.
    let entries = listed.into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let hidden = name.starts_with('.') && !start.starts_with('.');
            let slash = if entry.path().is_dir() { "/" } else { "" };
            (name.starts_with(start) && !hidden).then(|| format!("{directory}{name}{slash}"))
        })
        .collect();
    names.sort();
    (cursor.word_at, names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::reference::Field;

    fn catalogue() -> Catalogue {
        let field = |name: &str, type_name: &str| Field {
            name: name.into(),
            type_name: type_name.into(),
            type_words: String::new(),
            default: None,
            marks: Vec::new(),
            doc: String::new(),
        };
        let mut catalogue = Catalogue::default();
        for name in ["operating-system", "operating-system-host-name", "list", "let"] {
            catalogue.names.insert(name.into(), None);
        }
        let fields =
            vec![field("host-name", "string"), field("users", "list"), field("boot", "(one-of 'a 'b \"c\")")];
        catalogue.records.insert("operating-system".into(), fields);
        catalogue.modules =
            ["(fruix freebsd base)", "(fruix services)", "(fruix system)"].map(String::from).into();
        catalogue
    }

    /// The text with each completion in place of the word.
    fn completed(text: &str) -> Vec<String> {
        let (start, found) = complete(text, text.len(), &catalogue());
        found.into_iter().map(|completion| format!("{}{completion}", &text[..start])).collect()
    }

    #[test]
    fn names_are_completed() {
        assert_eq!(completed("(l"), ["(let", "(list"]);
        assert_eq!(completed("'(a operating-system-"), ["'(a operating-system-host-name"]);
        assert!(completed("(list ").is_empty());
        assert!(completed("").is_empty());
        assert!(completed("; l").is_empty());
        assert!(completed("\"l").is_empty());
    }

    #[test]
    fn fields_of_a_record_are_completed() {
        assert_eq!(completed("(operating-system (ho"), ["(operating-system (host-name"]);
        assert_eq!(
            completed("(operating-system (host-name \"a\") ("),
            ["users", "boot", "inherit"].map(|name| format!("(operating-system (host-name \"a\") ({name}"))
        );
        assert_eq!(
            completed("(operating-system (users (list)) (host-name 1) (boot 'a) "),
            ["(operating-system (users (list)) (host-name 1) (boot 'a) (inherit"]
        );
        assert_eq!(
            completed("(operating-system (users (l"),
            ["(operating-system (users (let", "(operating-system (users (list"]
        );
    }

    #[test]
    fn counted_values_are_completed() {
        assert_eq!(
            completed("(operating-system (boot "),
            ["'a", "'b", "\"c\""].map(|v| format!("(operating-system (boot {v}"))
        );
        assert_eq!(
            completed("(operating-system (boot '"),
            ["a", "b"].map(|v| format!("(operating-system (boot '{v}"))
        );
    }

    #[test]
    fn modules_are_completed() {
        assert_eq!(
            completed("(use-modules (fruix s"),
            ["(use-modules (fruix services)", "(use-modules (fruix system)"]
        );
        assert_eq!(completed("(use-modules (fruix  freebsd "), ["(use-modules (fruix freebsd base)"]);
        assert_eq!(completed("(use-modules ").len(), 3);
        assert_eq!(completed(",use (fruix sy"), [",use (fruix system)"]);
        assert_eq!(completed(",use ").len(), 3);
    }

    #[test]
    fn commands_are_completed() {
        assert_eq!(completed(",di"), [",diff"]);
        assert!(completed(",nothing").is_empty());
    }

    #[test]
    fn files_are_completed_where_one_is_meant() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["key.pub", "keys", ".hidden"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        fs::create_dir(dir.path().join("kernel")).unwrap();
        let text = format!("(local-file \"{}/k", dir.path().display());
        let found: Vec<String> =
            completed(&text).iter().map(|text| text.rsplit('/').next().unwrap().into()).collect();
        assert_eq!(found.len(), 3);
        assert!(completed(&text)[0].ends_with("/kernel/"));
        assert!(completed(&format!("(string-append \"{}/k", dir.path().display())).is_empty());
        assert!(completed("(local-file \"/nonexistent/").is_empty());
    }
}
