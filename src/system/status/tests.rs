//! Machines that are directories, with programs that answer as theirs would.

use serde_json::json;

use super::*;
use crate::builders::system::services::{Declared, Script as Declaration, Services};
use crate::builders::system::spec::WhenChanged;
use crate::builders::system::{PARAMETERS_VERSION, services};
use crate::system::testing::Fixture;

/// Prints what a kernel keeps: the end of an earlier boot, and this one.
const DMESG: &str = "#!/bin/sh
cat <<'END'
fruix: service odd: begin
odd: of an earlier boot
---<<BOOT>>---
fruix: service odd: begin
odd: no such port
fruix: service odd: FAILED status 3
fruix: service cron: begin
Starting cron.
fruix: service cron: ok
END
";

/// Says which programs run.
const SERVICE: &str = "#!/bin/sh\n[ \"$1 $2\" = 'cron onestatus' ] || [ \"$1\" = stray ]\n";

const MESSAGES: &str = "\
Nov 22 10:00:00 one sshd[9]: of an earlier boot
Nov 23 10:00:00 one kernel: ---<<BOOT>>---
Nov 23 10:00:09 one sshd[12]: error: Bind to port 22 failed
Nov 23 10:00:09 one sshd-session[13]: nobody's business
Nov 23 10:00:10 one sshd: fatal: Cannot bind any address.
";

fn system() -> StorePath {
    StorePath::from_base_name(&format!("{}-system-one", "1".repeat(32))).unwrap()
}

/// Of the declared scripts, `odd` comes with its service and starts nothing that lasts; the others have a file with the
/// number of their process.
fn declared() -> Services {
    let mut services = Services { version: services::VERSION, ..Services::default() };
    for (name, path, enabled, lasts) in [
        ("cron", "", true, true),
        ("odd", "/etc/rc.d/odd", true, false),
        ("sshd", "", true, true),
        ("stray", "", false, true),
        ("tidy", "/etc/rc.d/tidy", true, false),
    ] {
        services.services.push(Declared {
            name: format!("the-{name}"),
            scripts: vec![name.to_owned()],
            definition: [(path.to_owned(), String::new())].into(),
            references: [].into(),
        });
        let script = Declaration {
            enabled,
            daemon: lasts,
            pid_file: lasts,
            when_changed: WhenChanged::Restart,
            definition: [].into(),
        };
        services.scripts.insert(name.to_owned(), script);
    }
    services
}

impl Fixture {
    /// A machine that is up: cron runs, sshd does not, odd has failed.
    fn up() -> Self {
        let fixture = Self::empty();
        let closure = |path: &str| format!("frx/store/{}/{path}", system().base_name());
        let parameters = json!({
            "version": PARAMETERS_VERSION, "label": "one", "hostName": "one", "timezone": "UTC", "kernel": "",
            "world": "", "boot": "", "loader": [], "fileSystems": [], "services": [],
        });
        fixture.put(&closure("parameters.json"), &parameters.to_string());
        fixture.put(&closure("services.json"), &serde_json::to_string(&declared()).unwrap());
        let base = json!({ "base": {
            "version": "13.2",
            "world": { "class": "native", "version": "13.2-RELEASE" },
            "kernel": { "class": "fetched" },
        }});
        fixture.put(&closure("metadata/provenance.json"), &base.to_string());
        fixture.link(&system().to_string(), "run/current-system");
        fixture.put("run/fruix-activated", &format!("{}\n", system()));
        fixture.link(&system().to_string(), "frx/var/fruix/profiles/system-4-link");
        fixture.link("system-4-link", "frx/var/fruix/profiles/system");
        for (name, ending) in
            [("odd", "FAILED status 3"), ("cron", "ok"), ("sshd", "ok"), ("tidy", "ok"), ("stray", "ok")]
        {
            fixture.put(&format!("run/fruix-boot/service.{name}.begin"), "begin\n");
            fixture.put(&format!("run/fruix-boot/service.{name}.end"), &format!("{ending}\n"));
        }
        fixture.put("run/fruix-boot/activate.etc", "ok\n");
        fixture.put("run/fruix-boot/not-ready", "not up: odd sshd\n");
        fixture.put("var/log/messages", MESSAGES);
        fixture.put("var/log/auth.log", "Nov 23 10:01:00 one sshd[12]: Received signal 15; terminating.\n");
        fixture.program("sbin/dmesg", DMESG);
        fixture.program("usr/sbin/service", SERVICE);
        fixture
    }

    /// As root of the machine, or not, sees it.
    fn status(&self, is_root: bool) -> Status {
        let machine = Machine::at(&self.layout);
        Status::of(&Observer { layout: &self.layout, machine: Some(&machine), is_root }).unwrap()
    }
}

/// What became of each script, by name.
fn states(status: &Status) -> Vec<(&str, State)> {
    status.services.iter().map(|script| (script.name.as_str(), script.state)).collect()
}

#[test]
fn services_are_told_with_what_became_of_them_and_their_last_words() {
    let status = Fixture::up().status(true);
    let expected = [
        ("cron", State::Up),
        ("odd", State::Failed),
        ("sshd", State::Down),
        ("stray", State::Unwanted),
        ("tidy", State::Done),
    ];
    assert_eq!(states(&status), expected);
    let excerpt = |from: &str, lines: &[&str]| Excerpt {
        from: from.to_owned(),
        lines: lines.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(status.services[1].why.as_deref(), Some("failed at the boot: status 3"));
    assert_eq!(status.services[1].log, [excerpt("console", &["odd: no such port"])]);
    let bound = [
        "Nov 23 10:00:09 one sshd[12]: error: Bind to port 22 failed",
        "Nov 23 10:00:10 one sshd: fatal: Cannot bind any address.",
    ];
    let signal = ["Nov 23 10:01:00 one sshd[12]: Received signal 15; terminating."];
    let expected = [excerpt("/var/log/messages", &bound), excerpt("/var/log/auth.log", &signal)];
    assert_eq!(status.services[2].log, expected);
    assert_eq!(status.ready, Ready { is_ready: false, since: None, why: Some("not up: odd sshd".into()) });
    assert!(!status.is_well());
    let again: Status = serde_json::from_str(&serde_json::to_string(&status).unwrap()).unwrap();
    assert_eq!(again, status);
}

#[test]
fn a_log_of_the_services_own_is_told_by_its_end() {
    let fixture = Fixture::up();
    let lines: String = (0..20_000).map(|number| format!("this is line {number}\n")).collect();
    fixture.put("var/log/odd.log", &lines);
    let status = fixture.status(true);
    let own = status.services[1].log.last().unwrap();
    assert_eq!(own.from, "/var/log/odd.log");
    assert_eq!((own.lines.len(), own.lines[4].as_str()), (5, "this is line 19999"));
}

#[test]
fn a_machine_on_which_all_is_as_declared_is_well() {
    let fixture = Fixture::up();
    fixture.program("usr/sbin/service", "#!/bin/sh\n[ \"$1\" != stray ]\n");
    fixture.put("run/fruix-boot/service.odd.end", "ok\n");
    fixture.put("frx/var/fruix/ready", &format!("{}\n", system().base_name()));
    let status = fixture.status(true);
    assert!(status.is_well(), "{status:#?}");
    assert!(status.ready.is_ready && status.ready.since > Some(1_700_000_000) && status.unseen.is_empty());
    fixture.put("etc/rc.conf.local", "");
    let status = fixture.status(true);
    assert!(!status.is_well() && status.drift[0].what == "/etc/rc.conf.local", "{status:#?}");
}

#[test]
fn whoever_may_not_look_is_told_what_is_not_known() {
    let fixture = Fixture::up();
    let status = fixture.status(false);
    assert_eq!(states(&status)[2], ("sshd", State::Unknown), "a file of root's may tell that it runs");
    assert_eq!(status.unseen.len(), 1);
    let elsewhere = Observer { layout: &fixture.layout, machine: None, is_root: true };
    let status = Status::of(&elsewhere).unwrap();
    assert_eq!(states(&status)[0], ("cron", State::Unknown));
    assert_eq!(states(&status)[1], ("odd", State::Failed));
    assert_eq!(status.unseen, ["which programs run: this is not the machine"]);
}

#[test]
fn generation_and_base_are_told() {
    let fixture = Fixture::up();
    let running = |running, current, next_boot| Generations {
        running: Some(running),
        trial: false,
        current: Some(current),
        next_boot: Some(next_boot),
        next_is_trial: false,
    };
    let status = fixture.status(true);
    assert_eq!(status.generations, running(4, 4, 4));
    let part = |name: &str, class: &str, version: &str| Part {
        name: name.into(),
        class: class.into(),
        version: version.into(),
    };
    assert_eq!(status.base.parts, [part("world", "native", "13.2-RELEASE"), part("kernel", "fetched", "")]);

    let other = StorePath::from_base_name(&format!("{}-other", "2".repeat(32))).unwrap();
    fixture.link(&other.to_string(), "frx/var/fruix/profiles/system-5-link");
    fixture.put("frx/var/fruix/boot/try", "armed 5\n");
    let armed = Generations { next_is_trial: true, ..running(4, 4, 5) };
    assert_eq!(fixture.status(true).generations, armed);

    fixture.link(&system().to_string(), "frx/var/fruix/profiles/system-6-link");
    fixture.put("frx/var/fruix/boot/try", "spent 6\n");
    fixture.put("run/fruix-trial", "6\n");
    let tried = Generations { trial: true, ..running(6, 4, 4) };
    assert_eq!(fixture.status(true).generations, tried);
}

#[test]
fn steps_of_the_activation_that_failed_are_told() {
    let fixture = Fixture::up();
    fixture.put("run/fruix-boot/activate.homes", "FAILED no space\n");
    fs::remove_file(fixture.at("run/fruix-activated")).unwrap();
    let status = fixture.status(true);
    assert!(!status.activated);
    assert_eq!(status.failed_steps, [FailedStep { name: "homes".into(), why: "no space".into() }]);
}

#[test]
fn a_machine_without_a_system_is_none_to_tell_of() {
    let fixture = Fixture::empty();
    let error = Status::of(&Observer { layout: &fixture.layout, machine: None, is_root: true }).unwrap_err();
    assert!(matches!(error, StatusError::NoSystem { .. }));
    assert!(error.to_string().contains(fixture.layout.root().to_str().unwrap()), "{error}");
    let help = miette::Diagnostic::help(&error).unwrap().to_string();
    assert!(help.contains("--target ssh://HOST"), "{help}");
}
