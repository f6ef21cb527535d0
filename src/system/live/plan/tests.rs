//! Plans between systems that differ in one thing.

use serde_json::{Value, json};

use super::*;

const ITEM: &str = "/frx/store/44444444444444444444444444444444-web";
const OTHER_ITEM: &str = "/frx/store/55555555555555555555555555555555-web";

fn description() -> Value {
    json!({
        "version": 1, "label": "l", "hostName": "h", "timezone": "UTC",
        "kernel": "/k", "world": "/w", "boot": "/b",
        "loader": [["kernel", "/k"], ["fruix.system", "/s"], ["autoboot_delay", "0"]],
        "fileSystems": [{"device": "/dev/gpt/root", "mountPoint": "/", "type": "ufs"}],
    })
}

fn script(enabled: bool, when_changed: &str) -> Value {
    json!({ "enabled": enabled, "whenChanged": when_changed })
}

/// A web server that is restarted, sshd that is reloaded, a network that is kept, and cron of no service.
fn facts() -> Value {
    json!({
        "version": 1,
        "services": [
            {"name": "web", "scripts": ["web"], "references": [ITEM],
             "definition": {"/etc/web.conf": "sha256:1", "rc.conf web_enable": "YES"}},
            {"name": "openssh", "scripts": ["sshd"], "references": [],
             "definition": {"/etc/ssh/sshd_config": "sha256:1"}},
            {"name": "dhcp", "scripts": ["netif"], "references": [], "definition": {"rc.conf ifconfig_DEFAULT": "DHCP"}},
            {"name": "tool", "scripts": [], "references": [], "definition": {"/usr/local/bin/tool": ITEM}},
        ],
        "scripts": {
            "cron": {"enabled": true, "daemon": true, "whenChanged": "restart"},
            "swap": script(true, "keep"), "netif": script(true, "keep"), "ntpd": script(false, "restart"),
            "sshd": script(true, "reload"), "web": script(true, "restart"),
        },
        "settings": {},
    })
}

fn system(digit: &str, description: Value, services: Option<Value>) -> System {
    System {
        path: StorePath::from_base_name(&format!("{}-system", digit.repeat(32))).unwrap(),
        description: serde_json::from_value(description).unwrap(),
        services: services.map(|services| serde_json::from_value(services).unwrap()),
    }
}

/// The plan from the system above to one that is edited.
fn plan(edit: impl FnOnce(&mut Value)) -> Plan {
    let mut edited = facts();
    edit(&mut edited);
    Plan::of(&system("1", description(), Some(facts())), &system("2", description(), Some(edited)))
}

/// `ACTION NAME: PARTS` for each change.
fn told(plan: &Plan) -> Vec<String> {
    let line = |change: &Change| {
        let name = change.script.as_ref().unwrap_or_else(|| &change.services[0]);
        format!("{:?} {name}: {}", change.action, change.because.join(", "))
    };
    plan.changes.iter().map(line).collect()
}

#[test]
fn what_is_the_same_is_not_touched() {
    let plan = plan(|_| {});
    assert!(plan.is_live() && plan.changes.is_empty() && plan.settings.is_empty());
    assert_eq!(plan.untouched, ["cron", "netif", "sshd", "web"]);
}

#[test]
fn a_changed_service_is_changed_as_it_says_and_no_other_one() {
    let plan = plan(|facts| {
        facts["services"][0]["definition"]["/etc/web.conf"] = json!("sha256:2");
        facts["services"][1]["definition"]["/etc/ssh/sshd_config"] = json!("sha256:2");
        facts["services"][2]["definition"]["rc.conf ifconfig_DEFAULT"] = json!("SYNCDHCP");
    });
    let expected = [
        "Keep netif: rc.conf ifconfig_DEFAULT",
        "Reload sshd: /etc/ssh/sshd_config",
        "Restart web: /etc/web.conf",
    ];
    assert_eq!(told(&plan), expected);
    assert_eq!(plan.untouched, ["cron"]);
    assert_eq!(plan.changes[1].services, ["openssh"]);
    assert_eq!(plan.scripts(&[Action::Restart, Action::Reload]), ["sshd", "web"]);
}

#[test]
fn an_item_that_a_service_refers_to_counts() {
    let plan = plan(|facts| facts["services"][0]["references"] = json!([OTHER_ITEM]));
    assert_eq!(told(&plan), ["Restart web: item web"]);
}

#[test]
fn services_come_and_go() {
    let without = plan(|facts| {
        facts["services"].as_array_mut().unwrap().remove(0);
        facts["scripts"].as_object_mut().unwrap().remove("web");
        facts["scripts"]["ntpd"] = script(true, "restart");
    });
    let expected = ["Start ntpd: ", "Stop web: /etc/web.conf, item web, rc.conf web_enable"];
    assert_eq!(told(&without), expected);
    let kept = plan(|facts| facts["scripts"]["netif"] = script(false, "keep"));
    assert_eq!(told(&kept), ["Keep netif: "], "what is to be kept is not stopped either");
}

#[test]
fn settings_of_a_script_concern_it_alone() {
    let plan = plan(|facts| {
        facts["scripts"]["cron"]["definition"] = json!({"rc.conf cron_flags": "-J 5"});
        facts["settings"] = json!({"rc.conf odd": "1"});
    });
    assert_eq!(told(&plan), ["Restart cron: rc.conf cron_flags"]);
    assert_eq!(plan.settings, ["rc.conf odd"]);
    assert_eq!(plan.untouched, ["netif", "sshd", "web"]);
}

#[test]
fn a_service_without_scripts_changes_its_files() {
    let plan = plan(|facts| facts["services"][3]["definition"]["/usr/local/bin/tool"] = json!(OTHER_ITEM));
    assert_eq!(told(&plan), ["Update tool: /usr/local/bin/tool"]);
    assert_eq!(plan.scripts(&[Action::Update]), Vec::<&str>::new());
}

#[test]
fn another_base_waits_for_the_next_boot() {
    let old = system("1", description(), Some(facts()));
    let parts = |edit: &dyn Fn(&mut Value)| {
        let mut edited = description();
        edit(&mut edited);
        let plan = Plan::of(&old, &system("2", edited, Some(facts())));
        plan.next_boot
            .into_iter()
            .map(|reason| format!("{}: {}", reason.part, reason.why))
            .collect::<Vec<_>>()
    };
    assert_eq!(parts(&|_| {}), Vec::<String>::new());
    assert_eq!(parts(&|new| new["kernel"] = json!("/k2")), ["kernel: /k2 instead of /k"]);
    assert_eq!(parts(&|new| new["world"] = json!("/w2")), ["world: /w2 instead of /w"]);
    assert_eq!(parts(&|new| new["loader"][2][1] = json!("5")), ["loader: its setting autoboot_delay"]);
    assert_eq!(parts(&|new| new["loader"][1][1] = json!("/s2")), Vec::<String>::new(), "its own");
    assert_eq!(parts(&|new| new["fileSystems"][0]["pass"] = json!(1)), ["file systems: that at /"]);
}

#[test]
fn a_system_that_does_not_tell_of_its_services_waits_for_the_next_boot() {
    let (old, new) = (system("1", description(), None), system("2", description(), Some(facts())));
    let plan = Plan::of(&old, &new);
    assert!(!plan.is_live() && plan.next_boot[0].why.contains(&old.path.to_string()));
    assert!(Plan::of(&new, &old).next_boot[0].why.contains(&old.path.to_string()));
}

#[test]
fn a_closure_without_the_file_tells_nothing_and_a_damaged_one_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(services::FILE);
    assert!(read_services(&path).unwrap().is_none());
    fs::write(&path, r#"{"version": 99}"#).unwrap();
    assert!(read_services(&path).unwrap().is_none(), "of another version");
    fs::write(&path, "{").unwrap();
    assert!(matches!(read_services(&path), Err(PlanError::Format { .. })));
    fs::write(&path, facts().to_string()).unwrap();
    assert_eq!(read_services(&path).unwrap().unwrap().services.len(), 4);
}
