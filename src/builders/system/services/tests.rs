//! What is told of the services of a system with a few scripts.

use std::path::Path;

use super::*;
use crate::builders::system::forest::Origin;

const TOOL: &str = "/frx/store/44444444444444444444444444444444-tool";

fn script(name: &str, more: &str) -> String {
    format!("name=\"{name}\"\nrcvar=\"{name}_enable\"\n{more}\nrun_rc_command \"$1\"\n")
}

/// The services of a system whose world has `cron`, `sshd` and `netif`, declared by these members of a specification.
fn services(more: serde_json::Value) -> Services {
    let world = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = world.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("etc/defaults/rc.conf", "cron_enable=\"YES\" # on\nnetif_enable=\"YES\"\nsshd_enable=\"NO\"\n");
    put("etc/rc.d/cron", &script("cron", "command=/usr/sbin/cron"));
    put("etc/rc.d/sshd", &script("sshd", "command=/usr/sbin/sshd"));
    put("etc/rc.d/netif", &script("netif", ""));
    put("etc/rc.d/NETWORKING", "# PROVIDE: NETWORKING\n");
    let mut spec = serde_json::json!({
        "version": 2, "hostName": "t", "label": "", "timezone": "UTC", "world": "", "kernel": "", "boot": "",
        "fileSystems": [], "provenance": null,
    });
    let object = spec.as_object_mut().unwrap();
    object.extend(more.as_object().unwrap().clone());
    let spec = Spec::parse(&spec.to_string()).unwrap();
    let physical = |path: &str| world.path().join(Path::new(path).strip_prefix("/frx/store/w").unwrap());
    let origin = Origin { logical: "/frx/store/w/etc".to_owned(), physical: world.path().join("etc") };
    let mut etc = Forest::of(&origin).unwrap();
    etc.open("rc.d").unwrap();
    for file in &spec.etc {
        etc.replace(&file.path, file.content.node(file.executable)).unwrap();
    }
    of(&spec, &etc, &spec.rc_conf, &physical).unwrap()
}

fn keys(definition: &Definition) -> Vec<&str> {
    definition.keys().map(String::as_str).collect()
}

#[test]
fn scripts_of_the_world_are_told_with_whether_they_run() {
    let found = services(
        serde_json::json!({ "rcConf": [["cron_flags", "-J 5"], ["netif_enable", "NO"], ["odd", "1"]] }),
    );
    let enabled: Vec<_> =
        found.scripts.iter().map(|(name, script)| (name.as_str(), script.enabled)).collect();
    assert_eq!(enabled, [("cron", true), ("netif", false), ("sshd", false)]);
    assert_eq!(found.scripts["cron"].definition["rc.conf cron_flags"], "-J 5");
    assert_eq!(found.scripts["netif"].when_changed, WhenChanged::Keep);
    assert_eq!(keys(&found.settings), ["rc.conf odd"]);
}

#[test]
fn a_service_is_what_it_brings_and_what_that_refers_to() {
    let found = services(serde_json::json!({
        "rcConf": [["sshd_enable", "YES"], ["sshd_flags", "-4"]],
        "etc": [{"path": "ssh/sshd_config", "text": format!("Subsystem x {TOOL}/bin/x.\n")}],
        "specialFiles": [{"path": "/usr/local/bin/x", "source": format!("{TOOL}/bin/x")}],
        "activation": [{"name": "keys", "script": "make keys"}],
        "services": [
            {"name": "openssh", "rcScripts": [{"name": "sshd", "whenChanged": "reload"}], "rcConf": ["sshd_enable"],
             "etc": ["ssh/sshd_config"], "specialFiles": ["/usr/local/bin/x"], "activation": ["keys"]},
            {"name": "careful", "rcScripts": [{"name": "cron", "whenChanged": "keep"}, {"name": "none"}]},
        ],
    }));
    let openssh = &found.services[0];
    let expected =
        ["/etc/ssh/sshd_config", "/usr/local/bin/x", "activation step keys", "rc.conf sshd_enable"];
    assert_eq!(keys(&openssh.definition), expected);
    assert_eq!(openssh.references.iter().map(ToString::to_string).collect::<Vec<_>>(), [TOOL]);
    assert_eq!(
        (&openssh.scripts[..], found.scripts["sshd"].when_changed),
        (&["sshd".to_owned()][..], WhenChanged::Reload)
    );
    assert_eq!(
        keys(&found.scripts["sshd"].definition),
        ["rc.conf sshd_flags"],
        "of the operating system alone"
    );
    assert_eq!(found.services[1].scripts, ["cron"], "a script that is not there is none");
    assert_eq!(found.scripts["cron"].when_changed, WhenChanged::Keep);
}

#[test]
fn a_script_that_a_service_brings_is_its_own() {
    let text = script("web", ": ${web_enable:=NO}");
    let found = services(serde_json::json!({
        "rcConf": [["web_enable", "YES"]],
        "etc": [{"path": "rc.d/web", "text": text.clone(), "executable": true}],
        "specialFiles": [{"path": "/usr/local/etc/rc.d/other", "text": script("other", ""), "executable": true}],
        "services": [
            {"name": "web", "rcConf": ["web_enable"], "etc": ["rc.d/web"]},
            {"name": "other", "specialFiles": ["/usr/local/etc/rc.d/other"]},
        ],
    }));
    assert_eq!((&found.services[0].scripts[0][..], &found.services[1].scripts[0][..]), ("web", "other"));
    assert!(found.scripts["web"].enabled && !found.scripts["other"].enabled);
    assert_eq!(found.scripts["web"].when_changed, WhenChanged::Restart);
    assert!(found.scripts["web"].definition.is_empty() && found.settings.is_empty());
    let readable = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Services>(&readable).unwrap(), found);
}
