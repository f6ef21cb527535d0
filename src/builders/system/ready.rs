//! How a system finds out that it is up: the rc.d script `fruix_ready`, and the checks that it makes.

use std::fmt::Write;

use super::{SystemError, spec::Spec};

/// The name of the script.
pub const SCRIPT_NAME: &str = "fruix_ready";

const SCRIPT: &str = include_str!("ready.sh");

/// Lines `NAME<tab>COMMAND`, as the script reads them.
pub fn checks(spec: &Spec) -> Result<String, SystemError> {
    let mut text = String::new();
    for check in &spec.ready_checks {
        if check.name.contains(['\t', '\n', ' ']) || check.command.contains('\n') {
            return Err(SystemError::ReadyCheck { name: check.name.clone() });
        }
        let _ = writeln!(text, "{}\t{}", check.name, check.command);
    }
    Ok(text)
}

/// The script, made to run after everything that it waits for.
pub fn script(spec: &Spec) -> String {
    let mut requires = vec!["LOGIN"];
    for script in spec.ready_checks.iter().flat_map(|check| &check.requires) {
        if !requires.contains(&script.as_str()) {
            requires.push(script);
        }
    }
    SCRIPT.replace("@REQUIRE@", &requires.join(" "))
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt, symlink},
        path::PathBuf,
        process::Command,
        time::{Duration, Instant},
    };

    use super::SCRIPT;

    /// A machine that runs the system `abc-system`, with `rc.subr` cut down to what the script takes of it.
    struct Machine {
        directory: tempfile::TempDir,
    }

    impl Machine {
        fn new(checks: &str, activated: bool) -> Self {
            let machine = Self { directory: tempfile::tempdir().unwrap() };
            for directory in ["abc-system/etc/fruix", "run", "state"] {
                fs::create_dir_all(machine.at(directory)).unwrap();
            }
            symlink(machine.at("abc-system"), machine.at("run/current-system")).unwrap();
            fs::write(machine.at("abc-system/etc/fruix/ready-checks"), checks).unwrap();
            fs::write(machine.at("abc-system/etc/fruix/scripts"), "").unwrap();
            let rc_subr =
                "load_rc_config() { fruix_ready_timeout=2; }\nrun_rc_command() { fruix_ready_$1; }\n";
            fs::write(machine.at("rc.subr"), rc_subr).unwrap();
            if activated {
                let system = machine.at("abc-system").canonicalize().unwrap();
                fs::write(machine.at("run/fruix-activated"), format!("{}\n", system.display())).unwrap();
            }
            machine
        }

        fn at(&self, path: &str) -> PathBuf {
            self.directory.path().join(path)
        }

        /// What the script says on the console.
        fn start(&self) -> String {
            self.start_with(&[])
        }

        fn start_with(&self, environment: &[(&str, &str)]) -> String {
            let script = SCRIPT
                .replace("/etc/rc.subr", self.at("rc.subr").to_str().unwrap())
                .replace("/frx/var/fruix", self.at("state").to_str().unwrap())
                .replace("/run/", self.at("run/").to_str().unwrap())
                // What GNU's program calls so.
                .replace("mv -fh", "mv -fT")
                .replace("\treboot\n", "\techo restarting\n")
                .replace(">/dev/console", "");
            fs::write(self.at("fruix_ready"), script).unwrap();
            let output = Command::new("sh")
                .arg(self.at("fruix_ready"))
                .arg("start")
                .envs(environment.iter().copied())
                .output()
                .unwrap();
            let host = Command::new("hostname").output().unwrap().stdout;
            let host = String::from_utf8(host).unwrap();
            String::from_utf8(output.stdout).unwrap().replace(host.trim(), "HOST")
        }
    }

    #[test]
    fn a_system_whose_checks_hold_is_ready() {
        let machine = Machine::new("one\ttrue\ntwo\ttest -d / && true\n", true);
        assert_eq!(machine.start(), "fruix: ready: HOST abc-system\n");
        assert_eq!(fs::read_to_string(machine.at("state/ready")).unwrap(), "abc-system\n");
    }

    #[test]
    fn what_is_not_up_in_time_is_named_even_if_it_hangs() {
        let machine = Machine::new("good\ttrue\nbad\tfalse\nstuck\tsleep 100\n", true);
        let started = Instant::now();
        assert_eq!(machine.start(), "fruix: not ready: HOST: not up: bad stuck\n");
        assert!(started.elapsed() < Duration::from_secs(30));
        assert!(!machine.at("state/ready").exists());
    }

    #[test]
    fn a_system_whose_activation_failed_is_not_ready() {
        let said = Machine::new("", false).start();
        assert!(said.starts_with("fruix: not ready: HOST: the activation of /"), "{said}");
        assert!(said.ends_with("/abc-system did not succeed\n"), "{said}");
    }

    #[test]
    fn a_script_of_a_declared_service_that_failed_at_the_boot_is_named() {
        let machine = Machine::new("one\ttrue\n", true);
        let put = |path: &str, text: &str| fs::write(machine.at(path), text).unwrap();
        fs::create_dir(machine.at("run/fruix-boot")).unwrap();
        put("abc-system/etc/fruix/scripts", "odd own\ngeli other\nnot-run own\n");
        put("run/fruix-boot/service.odd.end", "FAILED status 3\n");
        put("run/fruix-boot/service.geli.end", "ok (status 1)\n");
        let boot = [("autoboot", "yes")];
        assert_eq!(machine.start_with(&boot), "fruix: not ready: HOST: not up: odd\n");
        assert!(!machine.at("state/ready").exists());
        assert_eq!(fs::read_to_string(machine.at("run/fruix-boot/not-ready")).unwrap(), "not up: odd\n");
        put("run/fruix-boot/service.odd.end", "ok\n");
        assert_eq!(machine.start_with(&boot), "fruix: ready: HOST abc-system\n");
        assert!(!machine.at("run/fruix-boot/not-ready").exists());
        put("run/fruix-boot/service.odd.end", "FAILED status 3\n");
        assert_eq!(machine.start(), "fruix: ready: HOST abc-system\n", "who asks later may have mended it");
    }

    #[test]
    fn a_program_that_has_to_keep_running_is_looked_for() {
        let machine = Machine::new("one\ttrue\n", true);
        fs::create_dir(machine.at("bin")).unwrap();
        fs::write(machine.at("bin/service"), "#!/bin/sh\n[ \"$1 $2\" = 'up onestatus' ]\n").unwrap();
        fs::set_permissions(machine.at("bin/service"), fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", machine.at("bin").display(), std::env::var("PATH").unwrap());
        let scripts = |text: &str| fs::write(machine.at("abc-system/etc/fruix/scripts"), text).unwrap();
        scripts("up lasting\nold other\n");
        assert_eq!(machine.start_with(&[("PATH", &path)]), "fruix: ready: HOST abc-system\n");
        scripts("up lasting\ngone lasting\n");
        assert_eq!(machine.start_with(&[("PATH", &path)]), "fruix: not ready: HOST: not up: gone\n");
    }

    /// A machine that has generation 1, and starts generation 2 as a trial.
    fn tried(checks: &str) -> Machine {
        let machine = Machine::new(checks, true);
        for directory in ["state/profiles", "state/boot"] {
            fs::create_dir_all(machine.at(directory)).unwrap();
        }
        symlink("system-1-link", machine.at("state/profiles/system")).unwrap();
        let system = machine.at("abc-system").canonicalize().unwrap();
        symlink(system, machine.at("state/profiles/system-2-link")).unwrap();
        fs::write(machine.at("state/boot/try"), "spent 2\n").unwrap();
        fs::write(machine.at("run/fruix-trial"), "2\n").unwrap();
        machine
    }

    fn current(machine: &Machine) -> PathBuf {
        fs::read_link(machine.at("state/profiles/system")).unwrap()
    }

    #[test]
    fn a_tried_generation_that_is_ready_becomes_the_current_one() {
        let machine = tried("one\ttrue\n");
        let said = machine.start();
        assert_eq!(said, "fruix: generation 2 is the current one now\nfruix: ready: HOST abc-system\n");
        assert_eq!(current(&machine), PathBuf::from("system-2-link"));
        assert!(!machine.at("state/boot/try").exists() && !machine.at("run/fruix-trial").exists());
    }

    #[test]
    fn a_tried_generation_that_is_not_ready_restarts_the_machine() {
        let machine = tried("bad\tfalse\n");
        let said = machine.start();
        let expected =
            "fruix: not ready: HOST: not up: bad\nfruix: generation 2 was tried: restarting\nrestarting\n";
        assert_eq!(said, expected);
        assert_eq!(current(&machine), PathBuf::from("system-1-link"));
        assert!(machine.at("state/boot/try").exists(), "a list of generations tells of it");
    }

    #[test]
    fn who_chooses_while_a_trial_goes_on_has_the_last_word() {
        for attempt in ["armed 3\n", "armed 2\n", ""] {
            let machine = tried("");
            fs::write(machine.at("state/boot/try"), attempt).unwrap();
            assert_eq!(machine.start(), "fruix: ready: HOST abc-system\n");
            assert_eq!(current(&machine), PathBuf::from("system-1-link"));
            assert_eq!(fs::read_to_string(machine.at("state/boot/try")).unwrap(), attempt);
            assert!(!machine.at("run/fruix-trial").exists());
        }
    }
}
