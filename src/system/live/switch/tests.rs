//! Switches of a machine that is a directory. Its service(8) writes down what it is told, and keeps for each script a file
//! while it runs; the `activate` of each of its systems does what that system is to do.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::super::plan::System;
use super::super::supervisor::{Order, Phase, Place, State, supervise};
use crate::profile::Profile;
use crate::store_path::StorePath;
use crate::system::testing::Fixture;

use super::super::Machine;

/// `fail-VERB-SCRIPT` makes that fail; of `stuck` nothing can be stopped; `not-ready` is a system that never is.
const SERVICE: &str = r#"#!/bin/sh
here=${0%/usr/sbin/service}
current=$(basename "$(readlink "$here/run/current-system")")
case $1 in
-r) printf '/etc/rc.d/%s\n' cron sshd web; exit ;;
fruix_ready) [ -e "$here/not-ready-$current" ] || echo "$current" >"$here/frx/var/fruix/ready"; exit ;;
esac
[ "$2" = onestatus ] || echo "$2 $1 by ${current#*-}" >>"$here/calls"
echo "$1 says $2"
[ ! -e "$here/fail-$2-$1" ] || exit 1
case $2 in
onestatus) [ -e "$here/running/$1" ] ;;
onestop) [ -e "$here/running/$1" ] && rm "$here/running/$1" ;;
start) touch "$here/running/$1" ;;
esac
"#;

const ACTIVATE: &str = r#"#!/bin/sh
here=${0%/frx/store/*}
[ "$1" = switch ] || exit 1
echo "activate ${0%/activate}" | sed 's,/.*-,,' >>"$here/calls"
rm -f "$here/frx/var/fruix/ready"
system=/${0#"$here/"}
ln -sfn "${system%/activate}" "$here/run/current-system"
rm -f "$here/run/fruix-activated"
[ ! -e "$here/fail-activate-$(basename "${0%/activate}")" ] || { echo 'fruix: activate: accounts: FAILED no space'; exit 1; }
readlink "$here/run/current-system" >"$here/run/fruix-activated"
"#;

impl Fixture {
    /// A machine that runs the system `old`, its first generation, with `cron`, `sshd` and `web`; the second is `new`, whose
    /// `web` and `sshd` differ, without `cron` and with `ntpd`.
    fn with_generations() -> Self {
        let fixture = Self::empty();
        fixture.program("usr/sbin/service", SERVICE);
        fixture.add_system("old", "1", &["cron", "sshd", "web"]);
        fixture.add_system("new", "2", &["ntpd", "sshd", "web"]);
        fixture.link(&system("old").to_string(), "run/current-system");
        let profile = Profile::system(&fixture.layout);
        profile.make_current(&system("old")).unwrap();
        profile.add(&system("new")).unwrap();
        for script in ["cron", "sshd", "web"] {
            fixture.put(&format!("running/{script}"), "");
        }
        fixture.put("frx/var/fruix/ready", system("old").base_name());
        fixture
    }

    fn add_system(&self, name: &str, version: &str, enabled: &[&str]) {
        let place = format!("frx/store/{}", system(name).base_name());
        self.program(&format!("{place}/activate"), ACTIVATE);
        let parameters = json!({
            "version": 1, "label": name, "hostName": "h", "timezone": "UTC", "kernel": "k", "world": "w", "boot": "b",
            "loader": [], "fileSystems": [],
        });
        let script = |name: &str| {
            let when = if name == "sshd" { "reload" } else { "restart" };
            json!({ "enabled": enabled.contains(&name), "whenChanged": when })
        };
        let service = |name: &str| json!({"name": name, "scripts": [name], "references": [], "definition": {"f": version}});
        let services = json!({
            "version": 1, "services": [service("sshd"), service("web")], "settings": {},
            "scripts": {"cron": script("cron"), "ntpd": script("ntpd"), "sshd": script("sshd"), "web": script("web")},
        });
        self.put(&format!("{place}/parameters.json"), &parameters.to_string());
        self.put(&format!("{place}/services.json"), &services.to_string());
    }

    /// Switches to `new`.
    fn switch(&self, confirm_within: Option<Duration>) -> State {
        let log = Place::of(&self.layout).open_log().unwrap();
        let machine = Machine::at(&self.layout).with_log(log);
        supervise(&machine, &Order { to: system("new"), generation: 2, confirm_within }).unwrap()
    }

    fn fail(&self, what: &str) {
        fs::write(self.at(what), "").unwrap();
    }

    fn calls(&self) -> Vec<String> {
        fs::read_to_string(self.at("calls")).unwrap().lines().map(str::to_owned).collect()
    }

    fn running(&self) -> Vec<String> {
        let names = fs::read_dir(self.at("running")).unwrap();
        let mut names: Vec<_> = names.map(|name| name.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Asserts that the machine is as it was, and what is said of why.
    fn assert_reverted(&self, state: &State, why: &str) {
        let log = fs::read_to_string(self.at("frx/var/fruix/switch.log")).unwrap();
        assert_eq!(state.phase, Phase::Reverted, "{log}");
        assert!(state.why.as_ref().unwrap().contains(why), "{state:?}");
        assert_eq!(Machine::at(&self.layout).running(), Some(system("old")));
        assert_eq!(self.running(), ["cron", "sshd", "web"], "{log}");
        assert_eq!(Profile::system(&self.layout).current().unwrap(), Some(1));
        assert_eq!(Place::of(&self.layout).state().unwrap().as_ref(), Some(state));
        assert!(log.contains(why) && log.contains("the system before it runs again"), "{log}");
    }
}

fn system(name: &str) -> StorePath {
    let digit = if name == "old" { "1" } else { "2" };
    StorePath::from_base_name(&format!("{}-{name}", digit.repeat(32))).unwrap()
}

#[test]
fn what_goes_is_stopped_by_the_old_system_and_what_comes_started_by_the_new_one() {
    let fixture = Fixture::with_generations();
    let state = fixture.switch(None);
    assert_eq!((state.phase, &state.why), (Phase::Done, &None));
    let expected = [
        "onestop web by old",
        "onestop cron by old",
        "activate new",
        "reload sshd by new",
        "start web by new",
        "start ntpd by new",
    ];
    assert_eq!(fixture.calls(), expected);
    assert_eq!(fixture.running(), ["ntpd", "sshd", "web"]);
    let machine = Machine::at(&fixture.layout);
    assert_eq!(machine.running(), Some(system("new")));
    assert!(machine.is_activated(&system("new")) && !machine.is_activated(&system("old")));
    assert_eq!(Profile::system(&fixture.layout).current().unwrap(), Some(2));
    let log = fs::read_to_string(fixture.at("frx/var/fruix/switch.log")).unwrap();
    assert!(log.contains("stopping web\nweb says onestop\n"), "what scripts say is in the log\n{log}");
}

#[test]
fn an_activation_that_fails_leads_back() {
    let fixture = Fixture::with_generations();
    fixture.fail(&format!("fail-activate-{}", system("new").base_name()));
    fixture.assert_reverted(&fixture.switch(None), "-new: its step accounts failed: no space");
}

#[test]
fn a_service_that_does_not_start_leads_back() {
    let fixture = Fixture::with_generations();
    fixture.fail("fail-start-ntpd");
    fixture.assert_reverted(&fixture.switch(None), "cannot start ntpd: `service ntpd start` ended with");
}

#[test]
fn a_service_that_refuses_its_new_configuration_leads_back() {
    let fixture = Fixture::with_generations();
    fixture.fail("fail-reload-sshd");
    let state = fixture.switch(None);
    // It refuses the old one as well.
    assert_eq!(state.phase, Phase::Broken);
    assert!(state.why.unwrap().contains("cannot reload sshd"));
    assert_eq!(fixture.running(), ["cron", "sshd", "web"], "all else was done");
}

#[test]
fn a_service_that_cannot_be_stopped_leads_back() {
    let fixture = Fixture::with_generations();
    fixture.fail("fail-onestop-web");
    fixture.assert_reverted(&fixture.switch(None), "cannot stop web: it still runs");
    assert!(!fixture.calls().contains(&"activate new".to_owned()));
}

#[test]
fn a_system_that_gets_not_ready_leads_back_where_the_old_one_was() {
    let fixture = Fixture::with_generations();
    fixture.fail(&format!("not-ready-{}", system("new").base_name()));
    fixture.assert_reverted(&fixture.switch(None), "did not become ready");

    let fixture = Fixture::with_generations();
    fixture.fail(&format!("not-ready-{}", system("new").base_name()));
    fs::remove_file(fixture.at("frx/var/fruix/ready")).unwrap();
    assert_eq!(fixture.switch(None).phase, Phase::Done, "neither is");
}

#[test]
fn without_a_confirmation_the_machine_goes_back() {
    let fixture = Fixture::with_generations();
    let place = Place::of(&fixture.layout);
    fs::create_dir_all(fixture.at("run/fruix-switch")).unwrap();
    // That of a switch before counts no more, nor does one of another system.
    place.confirm(&system("new")).unwrap();
    fixture.assert_reverted(&fixture.switch(Some(Duration::from_millis(300))), "nobody connected anew");
}

#[test]
fn with_a_confirmation_the_system_stays() {
    let fixture = Fixture::with_generations();
    let place = Place::of(&fixture.layout);
    let state = std::thread::scope(|scope| {
        let switch = scope.spawn(|| fixture.switch(Some(Duration::from_secs(60))));
        while place.state().unwrap().is_none_or(|state| state.phase != Phase::Waiting) {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(Profile::system(&fixture.layout).current().unwrap(), Some(1), "not before");
        assert!(
            supervise(
                &Machine::at(&fixture.layout),
                &Order { to: system("old"), generation: 1, confirm_within: None }
            )
            .is_err_and(|error| error.to_string().contains("another switch"))
        );
        place.confirm(&system("new")).unwrap();
        switch.join().unwrap()
    });
    assert_eq!(state.phase, Phase::Done);
    assert_eq!(Profile::system(&fixture.layout).current().unwrap(), Some(2));
}

#[test]
fn another_base_is_not_switched_to() {
    let fixture = Fixture::with_generations();
    let path = fixture.at("frx/store").join(system("new").base_name()).join("parameters.json");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("\"w\"", "\"w2\"")).unwrap();
    assert!(!System::read(&fixture.layout, &system("new")).unwrap().description.world.is_empty());
    let order = Order { to: system("new"), generation: 2, confirm_within: None };
    let error = supervise(&Machine::at(&fixture.layout), &order).unwrap_err();
    assert!(error.to_string().contains("cannot be switched to while the machine is up"), "{error}");
    assert!(!Path::new(&fixture.at("calls")).exists());
}

#[test]
fn a_machine_that_tries_a_generation_is_left_alone() {
    let fixture = Fixture::with_generations();
    fixture.fail("run/fruix-trial");
    let order = Order { to: system("new"), generation: 2, confirm_within: None };
    let error = supervise(&Machine::at(&fixture.layout), &order).unwrap_err();
    assert!(error.to_string().contains("is a trial"), "{error}");
    assert_eq!(fixture.running(), ["cron", "sshd", "web"]);
}
