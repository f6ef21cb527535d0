//! What the text of a script of rc(8) says of itself, as far as a switch has to know.

use std::collections::BTreeMap;

use super::WhenChanged;

/// Scripts of the world that start a program and yet are not to be started anew under people's feet: networks and storage
/// would be gone for a while.
const KEPT: &[&str] = &["hastd", "hostapd", "iscsid", "natd", "opensm", "ppp", "watchdogd", "wpa_supplicant"];

/// Daemons of the world that read their configuration again without ending what they serve.
const RELOADED: &[&str] = &["ctld", "mountd", "sshd"];

/// Scripts of the world that start nothing, and may be run at any time.
const RUN_AGAIN: &[&str] = &["hostname", "ldconfig", "motd"];

/// A script.
#[derive(Debug)]
pub struct Script {
    file: String,
    /// What it calls itself; its settings begin with that.
    name: String,
    /// The setting that enables it. `None`: it is always run.
    variable: Option<String>,
    /// The value of that setting if `rc.conf` has none.
    default: Option<String>,
    does_something: bool,
    /// Whether it starts a program.
    has_command: bool,
    has_pid_file: bool,
    /// Whether the boot leaves it out.
    is_left_out: bool,
}

impl Script {
    /// Reads the script that lies in a file of that name.
    pub fn parse(file: &str, text: &str) -> Self {
        let assigned = |variable: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(variable)?.strip_prefix('='))?;
            Some(unquoted(value))
        };
        let name = assigned("name").filter(|name| !name.is_empty()).unwrap_or(file).to_owned();
        let variable = assigned("rcvar").map(|value| value.replace("${name}", &name).replace("$name", &name));
        let variable = variable.filter(|variable| !variable.is_empty());
        let default = variable.as_ref().and_then(|variable| {
            let start = [format!("${{{variable}:="), format!("${{{variable}=")];
            let value = start.iter().find_map(|start| text.split_once(start.as_str()))?.1;
            Some(unquoted(value.split('}').next()?).to_owned())
        });
        let keywords = text.lines().filter_map(|line| line.strip_prefix("# KEYWORD:"));
        Self {
            file: file.to_owned(),
            default,
            variable,
            does_something: text.contains("run_rc_command"),
            has_command: assigned("command").is_some(),
            has_pid_file: assigned("pidfile").is_some(),
            is_left_out: keywords.flat_map(str::split_whitespace).any(|word| word == "nostart"),
            name,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it starts a program.
    pub fn has_command(&self) -> bool {
        self.has_command
    }

    /// Whether what it starts writes down its number.
    pub fn has_pid_file(&self) -> bool {
        self.has_command && self.has_pid_file
    }

    /// Whether it is more than a point in the order of scripts.
    pub fn does_something(&self) -> bool {
        self.does_something
    }

    /// Whether a setting is one of its own.
    pub fn reads(&self, setting: &str) -> bool {
        setting.strip_prefix(&self.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    }

    /// Whether rc starts it. `setting` gives the value that a variable has in `rc.conf`.
    pub fn is_enabled<'a>(&self, setting: &impl Fn(&str) -> Option<&'a str>) -> bool {
        let Some(variable) = &self.variable else { return !self.is_left_out };
        let value = setting(variable).or(self.default.as_deref()).unwrap_or("NO");
        !self.is_left_out && ["yes", "true", "on", "1"].contains(&value.to_ascii_lowercase().as_str())
    }

    /// What suits a script of the world that no service speaks of.
    pub fn when_changed(&self) -> WhenChanged {
        let is_in = |names: &[&str]| names.contains(&self.file.as_str());
        if is_in(RELOADED) {
            WhenChanged::Reload
        } else if is_in(RUN_AGAIN) || self.has_command && !is_in(KEPT) {
            WhenChanged::Restart
        } else {
            WhenChanged::Keep
        }
    }
}

/// The settings of a text like `rc.conf`; the last of a name counts.
pub fn settings(text: &str) -> BTreeMap<&str, &str> {
    let settings = text.lines().filter_map(|line| line.split_once('='));
    settings.map(|(name, value)| (name, unquoted(value))).collect()
}

/// The first word of what follows a `=`, without its quotes.
fn unquoted(value: &str) -> &str {
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
        _ => value.split([' ', '\t', '#', ';']).next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SSHD: &str = "# PROVIDE: sshd\n# KEYWORD: shutdown\n. /etc/rc.subr\nname=\"sshd\"\n\
                        rcvar=\"sshd_enable\"\ncommand=\"/usr/sbin/${name}\"\nrun_rc_command \"$1\"\n";

    fn enabled(text: &str, settings: &[(&str, &str)]) -> bool {
        let value = |name: &str| settings.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
        Script::parse("script", text).is_enabled(&value)
    }

    #[test]
    fn a_script_is_enabled_by_its_variable_or_by_a_default_of_its_own() {
        assert!(!enabled(SSHD, &[]) && !enabled(SSHD, &[("sshd_enable", "NONE")]));
        assert!(enabled(SSHD, &[("sshd_enable", "yes")]));
        let own = "name=x\nrcvar=${name}_enable\n: ${x_enable:=\"YES\"}\nrun_rc_command \"$1\"\n";
        assert!(enabled(own, &[]) && !enabled(own, &[("x_enable", "NO")]));
        assert!(enabled("name=\"root\"\nrcvar=\nrun_rc_command $1\n", &[]), "without a variable");
        let manual = "# KEYWORD: nojailvnet nostart\nname=dhclient\nrcvar=\n";
        assert!(!enabled(manual, &[]), "left out by the boot");
    }

    #[test]
    fn settings_belong_to_the_script_whose_name_they_begin_with() {
        let script = Script::parse("sshd", SSHD);
        assert!(script.reads("sshd_flags") && script.reads("sshd") && !script.reads("sshdx_flags"));
        assert!(Script::parse("rwho", "name=\"rwhod\"\n").reads("rwhod_flags"));
    }

    #[test]
    fn daemons_are_started_anew_and_networks_are_not() {
        let of = |file: &str, text: &str| Script::parse(file, text).when_changed();
        assert_eq!(of("sshd", SSHD), WhenChanged::Reload);
        assert_eq!(of("cron", "name=cron\ncommand=/usr/sbin/cron\n"), WhenChanged::Restart);
        assert_eq!(of("hostname", "name=hostname\nstart_cmd=x\n"), WhenChanged::Restart);
        assert_eq!(of("netif", "name=netif\nstart_cmd=x\n"), WhenChanged::Keep);
        assert_eq!(of("wpa_supplicant", "command=/usr/sbin/wpa_supplicant\n"), WhenChanged::Keep);
    }

    #[test]
    fn settings_are_read_with_their_comments() {
        let read = settings("# a=b\ncron_enable=\"YES\"\t# Run it.\nx=NO # no\ny='a b'\n");
        assert_eq!((read["cron_enable"], read["x"], read["y"]), ("YES", "NO", "a b"));
    }
}
