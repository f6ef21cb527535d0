//! The plan of a switch as a table.

use crate::cli::table;
use crate::system::live::plan::{Action, Change, Plan};

/// How many parts of a definition are named.
const MOST_PARTS: usize = 4;

/// A line for each thing that is done, and what is not.
pub fn lines(plan: &Plan) -> Vec<String> {
    if !plan.is_live() {
        let reason =
            |reason: &crate::system::live::plan::Reason| format!("  {}: {}", reason.part, reason.why);
        let mut lines = vec!["all of it from the next boot, for another base:".to_owned()];
        lines.extend(plan.next_boot.iter().map(reason));
        return lines;
    }
    let rows: Vec<_> = plan.changes.iter().map(row).collect();
    let mut lines = table::columns(&rows);
    if !plan.settings.is_empty() {
        lines.push(format!("from the next boot: {}", plan.settings.join(", ")));
    }
    let untouched = match &plan.untouched[..] {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    lines.push(format!("services that stay as they are: {untouched}"));
    lines
}

fn row(change: &Change) -> [String; 4] {
    let script = change.script.clone().unwrap_or_default();
    // Most services are called as what they run by.
    let services: Vec<_> = change.services.iter().filter(|name| **name != script).cloned().collect();
    [verb(change.action).to_owned(), script, services.join(", "), parts(&change.because)]
}

fn verb(action: Action) -> &'static str {
    match action {
        Action::Stop => "stop",
        Action::Start => "start",
        Action::Restart => "restart",
        Action::Reload => "reload",
        Action::Keep => "keep until the next boot",
        Action::Update => "update files",
    }
}

fn parts(because: &[String]) -> String {
    match because.len().checked_sub(MOST_PARTS) {
        None | Some(0) => because.join(", "),
        Some(more) => format!("{}, and {more} more", because[..MOST_PARTS].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store_path::StorePath;
    use crate::system::live::plan::Reason;

    fn plan() -> Plan {
        let path = |digit: &str| StorePath::from_base_name(&format!("{}-system", digit.repeat(32))).unwrap();
        let change = |action, script: Option<&str>, service: &str, because: &[&str]| Change {
            action,
            script: script.map(str::to_owned),
            services: vec![service.to_owned()],
            because: because.iter().map(ToString::to_string).collect(),
        };
        Plan {
            from: path("1"),
            to: path("2"),
            next_boot: Vec::new(),
            changes: vec![
                change(Action::Reload, Some("sshd"), "openssh", &["/etc/ssh/sshd_config"]),
                change(Action::Restart, Some("web"), "web", &["a", "b", "c", "d", "e"]),
                change(Action::Update, None, "tool", &["/usr/local/bin/tool"]),
            ],
            untouched: vec!["cron".to_owned(), "netif".to_owned()],
            settings: vec!["rc.conf odd".to_owned()],
        }
    }

    #[test]
    fn each_change_has_a_line() {
        let expected = "\
reload        sshd  openssh  /etc/ssh/sshd_config
restart       web            a, b, c, d, and 1 more
update files        tool     /usr/local/bin/tool
from the next boot: rc.conf odd
services that stay as they are: cron, netif";
        assert_eq!(lines(&plan()).join("\n"), expected);
    }

    #[test]
    fn another_base_is_all_that_is_said() {
        let reason = Reason { part: "kernel".to_owned(), why: "b instead of a".to_owned() };
        let plan = Plan { next_boot: vec![reason], ..plan() };
        let expected = "all of it from the next boot, for another base:\n  kernel: b instead of a";
        assert_eq!(lines(&plan).join("\n"), expected);
    }
}
