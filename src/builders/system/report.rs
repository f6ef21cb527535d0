//! How rc(8) tells of each script that it starts at a boot: a hook that FreeBSD leaves to vendors, and the list of scripts
//! that it speaks of.

use std::fmt::Write;

use super::{ready::SCRIPT_NAME as READY, services::Services};

/// Where the hook lies, relative to `etc`.
pub const HOOK: &str = "defaults/vendor.conf";

/// Where the list lies, relative to `etc`.
pub const LIST: &str = "fruix/scripts";

/// The hook.
pub const SCRIPT: &str = include_str!("report.sh");

/// Where the activation and rc note what they did at this boot, on the machine.
pub const RECORDS: &str = "/run/fruix-boot";

/// What a script is to the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its status says nothing: many of the world's scripts end with 1 when there is nothing for them to do.
    Other,
    /// A declared service brought it along: the system is not ready if it fails.
    Own,
    /// A declared service runs by it, and what it starts has to keep running.
    Lasting,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Own => "own",
            Self::Lasting => "lasting",
        }
    }
}

/// What a script of these services is.
pub fn kind(services: &Services, name: &str) -> Kind {
    let mut declared =
        services.services.iter().filter(|service| service.scripts.iter().any(|script| script == name));
    let lasts = services.scripts.get(name).is_some_and(|script| script.pid_file);
    match declared.clone().next() {
        Some(_) if lasts => Kind::Lasting,
        Some(_) if declared.any(|service| service.brings(name)) => Kind::Own,
        _ => Kind::Other,
    }
}

/// Lines `NAME KIND` of the scripts that rc starts, as the hook and the ready check read them.
pub fn list(services: &Services) -> String {
    let mut text = String::new();
    for (name, _) in services.scripts.iter().filter(|(_, script)| script.enabled) {
        let _ = writeln!(text, "{name} {}", kind(services, name).as_str());
    }
    let _ = writeln!(text, "{READY} {}", Kind::Other.as_str());
    text
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    /// What `rc` and `rc.subr` do here is what matters of FreeBSD's: a function for each script, which runs it in a shell of
    /// its own.
    const RC_SUBR: &str = "\
run_rc_script()
{
\t_file=$1
\tcase \"$_file\" in
\t*~)\techo ignored ;;
\t*)\tif [ -f $_file ]; then
\t\t\t( set $2; . $_file )
\t\tfi ;;
\tesac
}

load_rc_config()
{
\t. HERE/vendor.conf
}
";

    const RC: &str = "\
autoboot=AUTOBOOT
. HERE/rc.subr
load_rc_config
load_rc_config
for script in one two three hidden; do
\trun_rc_script HERE/$script faststart
done
";

    /// What rc says over these scripts, and what is noted of them.
    fn boot(autoboot: &str, rc_subr: &str) -> (String, Vec<(String, String)>) {
        let machine = tempfile::tempdir().unwrap();
        let here = machine.path().to_str().unwrap();
        let put = |name: &str, text: &str| {
            let text = text.replace("HERE", here).replace("AUTOBOOT", autoboot);
            fs::write(machine.path().join(name), text).unwrap();
        };
        fs::create_dir(machine.path().join("records")).unwrap();
        put("rc", RC);
        put("rc.subr", rc_subr);
        put("list", "one own\ntwo other\nthree lasting\n");
        let hook = SCRIPT.replace(RECORDS, &format!("{here}/records"));
        let hook = hook.replace("/run/current-system/etc/fruix/scripts", &format!("{here}/list"));
        put("vendor.conf", &hook.replace("/etc/rc.subr", &format!("{here}/rc.subr")));
        put("one", "echo \"one gets $1\"\n");
        put("two", "exit 3\n");
        put("three", "fruix_scripts=changed\nfalse\n");
        put("hidden", "echo hidden runs\n");
        let output = Command::new("sh").arg(machine.path().join("rc")).output().unwrap();
        assert!(output.stderr.is_empty(), "{output:?}");
        let records = fs::read_dir(machine.path().join("records")).unwrap().map(|entry| {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text.trim_end().to_owned())
        });
        let mut records = records.collect::<Vec<_>>();
        records.sort();
        (String::from_utf8(output.stdout).unwrap(), records)
    }

    #[test]
    fn rc_says_when_scripts_begin_and_how_they_end() {
        let (said, records) = boot("yes", RC_SUBR);
        let expected = "fruix: service one: begin\none gets faststart\nfruix: service one: ok\n\
                        fruix: service two: begin\nfruix: service two: ok (status 3)\n\
                        fruix: service three: begin\nfruix: service three: FAILED status 1\nhidden runs\n";
        assert_eq!(said, expected);
        let record = |name: &str, status: &str| (format!("service.{name}"), status.to_owned());
        let expected = [
            record("one.begin", "begin"),
            record("one.end", "ok"),
            record("three.begin", "begin"),
            record("three.end", "FAILED status 1"),
            record("two.begin", "begin"),
            record("two.end", "ok (status 3)"),
        ];
        assert_eq!(records, expected);
    }

    #[test]
    fn whoever_else_reads_rc_conf_gets_nothing_from_it() {
        let silent = ("one gets faststart\nhidden runs\n".to_owned(), Vec::new());
        assert_eq!(boot("no", RC_SUBR), silent);
    }

    #[test]
    fn a_function_of_another_form_is_left_alone() {
        let other = RC_SUBR.replace("run_rc_script()\n", "run_rc_script ( )\n");
        assert_eq!(boot("yes", &other).0, "one gets faststart\nhidden runs\n");
    }
}
