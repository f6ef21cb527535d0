//! Users and groups.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Kind, Place, text};
use crate::util::fs::FsError;

/// What marks the password of an account that cannot be used.
const LOCKED: &str = "*LOCKED*";

/// Lines of fields between colons, by the first field.
type Lines<'a> = BTreeMap<&'a str, Vec<&'a str>>;

fn lines(text: &str) -> Lines<'_> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| Some((line.split(':').next()?, line.split(':').collect()))).collect()
}

/// A field, or nothing where the line has too few.
fn field<'a>(line: &[&'a str], index: usize) -> &'a str {
    line.get(index).copied().unwrap_or_default()
}

/// Compares the accounts of the machine to those of the system.
pub fn compare(place: &Place<'_>, findings: &mut Vec<Finding>) -> Result<(), FsError> {
    let declared = [place.activation("accounts/passwd")?, place.activation("accounts/group")?];
    let [users, groups] = [&declared[0], &declared[1]].map(|text| lines(text));
    let machine_groups = text(&place.machine("/etc/group"))?;
    let machine_groups = lines(&machine_groups);
    // Only root may read what was declared once. Without that, nothing tells what was made by hand.
    let locked = text(&place.state("locked-accounts")).ok();
    let locked = locked.as_ref().map(|locked| locked.split_whitespace().collect());
    compare_users(place, [&users, &machine_groups], locked.as_ref(), findings)?;
    compare_groups(&groups, &machine_groups, locked.as_ref(), findings);
    Ok(())
}

/// Declared users are NAME:UID:GROUP:CLASS:COMMENT:HOME:SHELL. `locked`: those that were declared once.
fn compare_users(
    place: &Place<'_>,
    [declared, groups]: [&Lines<'_>; 2],
    locked: Option<&BTreeSet<&str>>,
    findings: &mut Vec<Finding>,
) -> Result<(), FsError> {
    // Whoever may not read the passwords sees the rest.
    let master = text(&place.machine("/etc/master.passwd"));
    let passwd = match &master {
        Ok(_) => String::new(),
        Err(_) => text(&place.machine("/etc/passwd"))?,
    };
    let (found, tail) = match &master {
        Ok(master) => (lines(master), 7),
        Err(_) => (lines(&passwd), 4),
    };
    let mut add = |name: &str, how: String| findings.push(Finding::new(Kind::User, name, how));
    for (name, wanted) in declared {
        let Some(line) = found.get(name) else {
            add(name, "is missing".to_owned());
            continue;
        };
        let group = field(wanted, 2);
        let group = groups.get(group).map_or(group, |line| field(line, 2));
        let pairs = [
            ("uid", field(wanted, 1), field(line, 2)),
            ("group", group, field(line, 3)),
            ("comment", field(wanted, 4), field(line, tail)),
            ("home", field(wanted, 5), field(line, tail + 1)),
            ("shell", field(wanted, 6), field(line, tail + 2)),
        ];
        for (what, wanted, found) in pairs {
            // A number that the declaration leaves open is the machine's.
            if wanted != found && !(what == "uid" && wanted.is_empty()) {
                add(name, format!("{what} {found} instead of {wanted}"));
            }
        }
    }
    let Some(locked) = locked else { return Ok(()) };
    for (name, line) in found.iter().filter(|(name, _)| !declared.contains_key(*name)) {
        if !locked.contains(name) {
            add(name, "was made by hand".to_owned());
        } else if master.is_ok() && !field(line, 1).starts_with(LOCKED) {
            add(name, "is declared no more, and was unlocked by hand".to_owned());
        }
    }
    Ok(())
}

/// Declared groups are NAME:GID:MEMBERS.
fn compare_groups(
    declared: &Lines<'_>,
    found: &Lines<'_>,
    locked: Option<&BTreeSet<&str>>,
    findings: &mut Vec<Finding>,
) {
    let mut add = |name: &str, how: String| findings.push(Finding::new(Kind::Group, name, how));
    for (name, wanted) in declared {
        let Some(line) = found.get(name) else {
            add(name, "is missing".to_owned());
            continue;
        };
        let (gid, found) = (field(wanted, 1), field(line, 2));
        if !gid.is_empty() && gid != found {
            add(name, format!("gid {found} instead of {gid}"));
        }
        let [wanted, found] = [field(wanted, 2), field(line, 3)].map(members);
        for member in found.difference(&wanted) {
            add(name, format!("has {member} in it by hand"));
        }
        for member in wanted.difference(&found) {
            add(name, format!("lacks {member}"));
        }
    }
    let Some(locked) = locked else { return };
    // The group that a user had alone stays with the user.
    for name in found.keys().filter(|name| !declared.contains_key(*name) && !locked.contains(*name)) {
        add(name, "is not declared".to_owned());
    }
}

fn members(list: &str) -> BTreeSet<&str> {
    list.split(',').filter(|member| !member.is_empty()).collect()
}
