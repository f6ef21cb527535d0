//! Debian's alternatives: `/usr/bin/awk` → `/etc/alternatives/awk` → whichever the machine's owner chose.
//!
//! No package has these links among its files, and the choice is the machine's. The tool chain decides anew,
//! among what it holds: highest priority first, as `update-alternatives` does of itself.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::ToolchainError;

/// One group of links that are chosen together (a program and its manual page, say).
#[derive(Debug, PartialEq, Eq)]
struct Group {
    /// The links, the master first.
    links: Vec<String>,
    choices: Vec<Choice>,
}

#[derive(Debug, PartialEq, Eq)]
struct Choice {
    priority: i64,
    /// What each of the group's links points to, in the same order; empty where a link is not made.
    targets: Vec<String>,
}

/// The links to make, by absolute path, with their absolute targets. `holds` tells what the tool chain holds.
///
/// `directory` is dpkg's `alternatives` directory; where there is none, there are no links.
pub fn links(
    directory: &Path,
    holds: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, String>, ToolchainError> {
    let mut links = BTreeMap::new();
    let Ok(entries) = fs::read_dir(directory) else { return Ok(links) };
    for entry in entries {
        let path = entry.map_err(ToolchainError::io("list", directory))?.path();
        let text = fs::read_to_string(&path).map_err(ToolchainError::io("read", &path))?;
        if let Some(group) = parse(&text) {
            links.extend(group.choose(&holds));
        }
    }
    Ok(links)
}

/// What [`links`] reads: dpkg's directory of alternatives, and the files in it.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.push(directory.to_owned());
    files
}

impl Group {
    fn choose(self, holds: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let candidates = self
            .choices
            .into_iter()
            .filter(|choice| choice.targets.first().is_some_and(|target| holds(target)));
        // Of equals the one whose name comes first, so that the order of installation does not matter.
        let best = candidates.min_by(|a, b| {
            b.priority.cmp(&a.priority).then_with(|| a.targets.first().cmp(&b.targets.first()))
        });
        let targets = best.map(|choice| choice.targets).unwrap_or_default();
        self.links.into_iter().zip(targets).filter(|(_, target)| holds(target)).collect()
    }
}

/// Reads an administrative file of update-alternatives: the mode, the master link, name and link of each
/// slave, an empty line; then of each choice the target, the priority and the target of each slave.
fn parse(text: &str) -> Option<Group> {
    let mut lines = text.lines();
    let _mode = lines.next()?;
    let mut links = vec![lines.next()?.to_owned()];
    while let Some(_name) = lines.next().filter(|line| !line.is_empty()) {
        links.push(lines.next()?.to_owned());
    }
    let mut choices = Vec::new();
    while let Some(master) = lines.next().filter(|line| !line.is_empty()) {
        let priority = lines.next()?.parse().ok()?;
        let mut targets = vec![master.to_owned()];
        for _slave in 1..links.len() {
            targets.push(lines.next()?.to_owned());
        }
        choices.push(Choice { priority, targets });
    }
    Some(Group { links, choices })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWK: &str = "\
manual
/usr/bin/awk
awk.1.gz
/usr/share/man/man1/awk.1.gz
nawk
/usr/bin/nawk

/usr/bin/gawk
10
/usr/share/man/man1/gawk.1.gz

/usr/bin/mawk
5
/usr/share/man/man1/mawk.1.gz
/usr/bin/mawk

";

    fn choose(held: &[&str]) -> Vec<(String, String)> {
        parse(AWK).unwrap().choose(|path| held.contains(&path))
    }

    #[test]
    fn the_best_that_the_tool_chain_holds_is_chosen_whatever_the_machine_chose() {
        let link = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(choose(&["/usr/bin/gawk", "/usr/bin/mawk"]), [link("/usr/bin/awk", "/usr/bin/gawk")]);
        assert_eq!(
            choose(&["/usr/bin/mawk"]),
            [link("/usr/bin/awk", "/usr/bin/mawk"), link("/usr/bin/nawk", "/usr/bin/mawk")]
        );
        assert!(choose(&[]).is_empty());
    }

    #[test]
    fn a_file_in_another_form_is_passed_over() {
        assert_eq!(parse("auto"), None);
        assert_eq!(parse("auto\n/usr/bin/x\n\n/usr/bin/y\nhigh\n"), None);
    }
}
