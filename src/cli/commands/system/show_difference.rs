//! The difference of two systems as a table.

use crate::cli::size::mebibytes;
use crate::cli::table;
use crate::system::difference::{Change, Difference, ItemChange};

/// How much of a value is shown.
const LONGEST_VALUE: usize = 60;

/// Lines under a title for each kind of thing that differs.
pub fn lines(difference: &Difference) -> Vec<String> {
    let mut lines = Vec::new();
    let mut section = |title: &str, rows: Vec<[String; 3]>| {
        if !rows.is_empty() {
            lines.push(title.to_owned());
            lines.extend(table::columns(&rows));
        }
    };
    section("options", difference.options.iter().map(with_values).collect());
    section("services", difference.services.iter().map(name_alone).collect());
    section("accounts", difference.accounts.iter().map(with_values).collect());
    section("files", difference.files.iter().map(name_alone).collect());
    section("items", difference.items.iter().map(item).collect());
    if !difference.is_empty() {
        let (from, to) = (difference.size.from, difference.size.to);
        lines.push(format!("closure: {} → {} ({})", mebibytes(from), mebibytes(to), signed(from, to)));
    }
    lines
}

/// What is before a name: whether it came, went or changed.
fn sign<T>(from: Option<&T>, to: Option<&T>) -> &'static str {
    match (from, to) {
        (None, _) => "  +",
        (Some(_), None) => "  -",
        (Some(_), Some(_)) => "  ~",
    }
}

fn with_values(change: &Change) -> [String; 3] {
    let (from, to) = (change.from.as_ref(), change.to.as_ref());
    let values: Vec<_> = from.into_iter().chain(to).map(|value| short(value)).collect();
    [sign(from, to).to_owned(), change.name.clone(), values.join(" → ")]
}

fn name_alone(change: &Change) -> [String; 3] {
    [sign(change.from.as_ref(), change.to.as_ref()).to_owned(), change.name.clone(), String::new()]
}

fn item(change: &ItemChange) -> [String; 3] {
    let (from, to) = (change.from.as_ref(), change.to.as_ref());
    let sizes = match (from, to) {
        (Some(from), Some(to)) if from.nar_size == to.nar_size => mebibytes(to.nar_size),
        (Some(from), Some(to)) => {
            let change = signed(from.nar_size, to.nar_size);
            format!("{} → {} ({change})", mebibytes(from.nar_size), mebibytes(to.nar_size))
        }
        (Some(only), None) | (None, Some(only)) => mebibytes(only.nar_size),
        (None, None) => String::new(),
    };
    [sign(from, to).to_owned(), change.name.clone(), sizes]
}

/// By how much it grew, or shrank.
fn signed(from: u64, to: u64) -> String {
    let sign = if to < from { "-" } else { "+" };
    format!("{sign}{}", mebibytes(to.abs_diff(from)))
}

fn short(value: &str) -> String {
    if value.is_empty() {
        return "\"\"".to_owned();
    }
    match value.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store_path::StorePath;
    use crate::system::difference::SizeChange;

    #[test]
    fn each_kind_has_its_part_of_the_table() {
        let path = |digit: &str| StorePath::from_base_name(&format!("{}-system", digit.repeat(32))).unwrap();
        let change = |name: &str, from: Option<&str>, to: Option<&str>| Change {
            name: name.into(),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        };
        let difference = Difference {
            from: path("1"),
            to: path("2"),
            options: vec![
                change("host-name", Some("a"), Some("b")),
                change("rc.conf sshd_enable", None, Some("YES")),
                change("timezone", Some(""), None),
            ],
            services: vec![change("openssh", None, Some(""))],
            accounts: Vec::new(),
            files: vec![change("/etc/motd", Some("1"), Some("2"))],
            items: Vec::new(),
            size: SizeChange { from: 3 << 20, to: 1 << 20 },
        };
        let expected = "options
  ~  host-name            a → b
  +  rc.conf sshd_enable  YES
  -  timezone             \"\"
services
  +  openssh
files
  ~  /etc/motd
closure: 3.0 MiB → 1.0 MiB (-2.0 MiB)";
        assert_eq!(lines(&difference).join("\n"), expected);
    }
}
