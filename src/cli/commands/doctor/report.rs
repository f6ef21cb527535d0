//! Findings, as a table for people and as JSON.

use std::fmt::Write;

use serde::Serialize;

use crate::util::host::Host;

/// What something is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    Build,
    Isolate,
    Boot,
    LogIn,
    Store,
}

impl Purpose {
    fn heading(self) -> &'static str {
        match self {
            Self::Build => "Building worlds and kernels",
            Self::Isolate => "Isolating builds",
            Self::Boot => "Booting images",
            Self::LogIn => "Running commands in a guest",
            Self::Store => "The store",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Ok,
    /// Useful and not needed.
    Optional,
    /// Needed, and missing or unfit.
    Missing,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub purpose: Purpose,
    pub name: String,
    pub state: State,
    pub detail: String,
    /// The packages that mend it, by their names on this machine.
    pub packages: Vec<String>,
    /// What mends it, where no package does.
    pub advice: Option<String>,
}

impl Finding {
    pub fn new(purpose: Purpose, name: &str, state: State, detail: impl Into<String>) -> Self {
        Self { purpose, name: name.into(), state, detail: detail.into(), packages: Vec::new(), advice: None }
    }

    pub fn ok(purpose: Purpose, name: &str, detail: impl Into<String>) -> Self {
        Self::new(purpose, name, State::Ok, detail)
    }

    pub fn install<S: ToString>(self, packages: Vec<S>) -> Self {
        Self { packages: packages.iter().map(S::to_string).collect(), ..self }
    }

    pub fn advice(self, advice: &str) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }
}

/// All findings, and the command that installs every package they ask for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    ok: bool,
    findings: Vec<Finding>,
    /// Installs what is needed; `null` when nothing is, or no package helps.
    install: Option<String>,
    /// Installs what is only useful.
    install_optional: Option<String>,
}

impl Report {
    pub fn new(host: &Host, findings: Vec<Finding>) -> Self {
        let command = |state| host.install_command_for(packages(&findings, state));
        Self {
            ok: findings.iter().all(|finding| finding.state != State::Missing),
            install: command(State::Missing),
            install_optional: command(State::Optional),
            findings,
        }
    }

    /// Whether nothing needed is missing.
    pub fn ok(&self) -> bool {
        self.ok
    }

    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The packages that are needed and missing, each once.
    pub fn to_package_list(&self) -> String {
        packages(&self.findings, State::Missing).into_iter().map(|name| format!("{name}\n")).collect()
    }

    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut purpose = None;
        for finding in &self.findings {
            if purpose.replace(finding.purpose) != Some(finding.purpose) {
                let _ = writeln!(text, "{}", finding.purpose.heading());
            }
            let mark = match finding.state {
                State::Ok => "ok",
                State::Optional => "-",
                State::Missing => "MISSING",
            };
            let _ = writeln!(text, "  {mark:<8}{:<20}{}", finding.name, finding.detail);
            if let Some(advice) = &finding.advice {
                let _ = writeln!(text, "  {:<8}{:<20}{advice}", "", "");
            }
        }
        for (what, command) in [("is missing", &self.install), ("is only useful", &self.install_optional)] {
            if let Some(command) = command {
                let _ = writeln!(text, "\nThis installs what {what}:\n    {command}");
            }
        }
        text
    }
}

/// The packages that findings of a state ask for, each once, in order.
fn packages(findings: &[Finding], state: State) -> Vec<&str> {
    let mut names = Vec::new();
    for name in findings.iter().filter(|it| it.state == state).flat_map(|it| &it.packages) {
        if !names.contains(&name.as_str()) {
            names.push(name.as_str());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(os: &'static str) -> Report {
        let host = Host { path: "".into(), root: "/".into(), os };
        let findings = vec![
            Finding::ok(Purpose::Build, "tool chain", "all 41 packages"),
            Finding::new(Purpose::Build, "git", State::Optional, "rarely needed").install(vec!["git"]),
            Finding::new(Purpose::Boot, "qemu", State::Missing, "not there").install(vec!["qemu", "ovmf"]),
            Finding::new(Purpose::Boot, "firmware", State::Missing, "not there").install(vec!["ovmf"]),
            Finding::new(Purpose::Store, "disk space", State::Missing, "none").advice("free some"),
        ];
        Report::new(&host, findings)
    }

    #[test]
    fn people_see_the_purposes_and_one_command() {
        insta::assert_snapshot!(report("linux").to_text());
    }

    #[test]
    fn what_is_only_useful_does_not_fail() {
        let mut report = report("freebsd");
        assert!(!report.ok());
        assert_eq!(report.install.as_deref(), Some("pkg install qemu ovmf"));
        assert_eq!(report.to_package_list(), "qemu\novmf\n");
        report.findings.retain(|finding| finding.state != State::Missing);
        let host = Host { path: "".into(), root: "/".into(), os: "linux" };
        let report = Report::new(&host, report.findings);
        assert!(report.ok() && report.install.is_none());
        assert!(
            report.to_json().contains(r#""installOptional": "sudo apt-get install git""#),
            "{}",
            report.to_json()
        );
    }
}
