//! A closure of a small world, looked at from outside.

use std::{fs, os::unix::fs::symlink};

use super::*;

const WORLD: &str = "/frx/store/00000000000000000000000000000000-world";
const KERNEL: &str = "/frx/store/11111111111111111111111111111111-kernel";
const BOOT: &str = "/frx/store/22222222222222222222222222222222-boot";
const SYSTEM: &str = "/frx/store/33333333333333333333333333333333-system";

const METALOG: &str = "\
#mtree
. type=dir uname=root uid=0 gname=wheel gid=0 mode=0755
./bin type=dir uname=root uid=0 gname=wheel gid=0 mode=0755
./bin/sh type=file uname=root uid=0 gname=wheel gid=0 mode=0555
./etc type=dir uname=root uid=0 gname=wheel gid=0 mode=0755
./root type=dir uname=root uid=0 gname=wheel gid=0 mode=0700
./root/.profile type=file uname=root uid=0 gname=wheel gid=0 mode=0644
./usr type=dir uname=root uid=0 gname=wheel gid=0 mode=0755
./usr/bin type=dir uname=root uid=0 gname=wheel gid=0 mode=0755
./usr/bin/su type=file uname=root uid=0 gname=wheel gid=0 mode=04555 flags=schg
./usr/bin/write type=file uname=root uid=0 gname=tty gid=4 mode=02555
./var type=dir uname=root uid=0 gname=wheel gid=0 mode=0755
./var/db type=dir uname=root uid=0 gname=wheel gid=0 mode=0755
./var/db/services.db type=file uname=root uid=0 gname=wheel gid=0 mode=0644
./var/empty type=dir uname=root uid=0 gname=wheel gid=0 mode=0555 flags=schg
";

/// Files of the world besides METALOG.
const WORLD_FILES: &[(&str, &str)] = &[
    ("bin/sh", ""),
    ("sbin/init", ""),
    ("rescue/sh", ""),
    ("etc/rc", ""),
    ("etc/login.conf", ""),
    ("etc/login.conf.db", ""),
    ("etc/rc.d/sshd", ""),
    ("etc/ssh/moduli", ""),
    ("etc/ssh/sshd_config", "stock"),
    (
        "etc/master.passwd",
        "# c\nroot::0:0::0:0:Charlie &:/root:/bin/csh\nsshd:*:22:22::0:0:S:/var/empty:/usr/sbin/nologin\n",
    ),
    ("etc/group", "wheel:*:0:root\ntty:*:4:\nsshd:*:22:\n"),
    ("root/.profile", ""),
    ("usr/bin/su", ""),
    ("usr/bin/write", ""),
    ("usr/bin/id", ""),
    ("usr/local/x", ""),
    ("usr/share/zoneinfo/Europe/Zurich", ""),
    ("var/db/services.db", ""),
];

struct Fixture {
    directory: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        let fixture = Self { directory: tempfile::tempdir().unwrap() };
        for (path, contents) in WORLD_FILES {
            fixture.put(WORLD, path, contents);
        }
        fixture.put(WORLD, "METALOG", METALOG);
        fixture.put(KERNEL, "boot/kernel/kernel", "");
        fixture.put(BOOT, "boot/loader.efi", "");
        symlink("../usr/sbin/rmt", fixture.directory.path().join(&WORLD[1..]).join("etc/rmt")).unwrap();
        fixture
    }

    fn put(&self, item: &str, path: &str, contents: &str) {
        let path = self.directory.path().join(&item[1..]).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    fn assemble(&self, spec: &Spec) -> Result<PathBuf, SystemError> {
        let out = self.directory.path().join(&SYSTEM[1..]);
        Assembly { spec, declaration: Sha256::of("spec"), system: SYSTEM, root: self.directory.path() }
            .write(&out)?;
        Ok(out)
    }
}

fn spec(more: serde_json::Value) -> Spec {
    let mut spec = json!({
        "version": 2, "hostName": "tower", "label": "A tower", "timezone": "UTC",
        "world": WORLD, "kernel": KERNEL, "boot": BOOT,
        "rcConf": [["sshd_enable", "YES"]],
        "fileSystems": [{"device": "/dev/gpt/fruix-root", "mountPoint": "/", "type": "ufs"}],
        "users": [
            {"name": "ada", "uid": 1001, "group": "wheel", "home": "/home/ada", "shell": "/bin/sh",
             "createHome": true, "authorizedKeys": ["ssh-ed25519 AAAA ada"]},
            {"name": "bob", "uid": null, "group": "team", "supplementaryGroups": ["wheel"],
             "home": "/home/bob", "shell": "/bin/sh"},
        ],
        "groups": [{"name": "team", "gid": null}],
        "etc": [{"path": "ssh/sshd_config", "text": "mine"}, {"path": "motd.template", "source": "/frx/store/x"}],
        "etcDirectories": ["ssh"],
        "readyChecks": [{"name": "sshd", "requires": ["sshd"], "command": "service sshd onestatus"}],
        "services": [
            {"name": "openssh", "rcScripts": [{"name": "sshd", "whenChanged": "reload"}],
             "rcConf": ["sshd_enable"], "etc": ["ssh/sshd_config"]},
        ],
        "provenance": {"base": {"version": "1", "world": {"class": "native"}, "kernel": {"class": "fetched"}}},
    });
    let object = spec.as_object_mut().unwrap();
    for (key, value) in more.as_object().unwrap() {
        object.insert(key.clone(), value.clone());
    }
    Spec::parse(&spec.to_string()).unwrap()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn target(path: &Path) -> String {
    fs::read_link(path).unwrap().into_os_string().into_string().unwrap()
}

#[test]
fn the_loader_starts_this_system_and_no_other() {
    let fixture = Fixture::new();
    let out = fixture.assemble(&spec(json!({"loader": [["autoboot_delay", "2"]]}))).unwrap();
    let loader = read(&out.join("boot/loader.conf"));
    for line in [
        format!("kernel=\"{KERNEL}/boot/kernel\""),
        format!("init_path=\"{WORLD}/sbin/init\""),
        format!("init_script=\"{SYSTEM}/activate\""),
        format!("init_shell=\"{WORLD}/rescue/sh\""),
        "vfs.root.mountfrom=\"ufs:/dev/gpt/fruix-root\"".to_owned(),
        "autoboot_delay=\"2\"".to_owned(),
    ] {
        assert!(loader.lines().any(|have| have == line), "{line} in {loader}");
    }
    assert_eq!(target(&out.join("kernel")), KERNEL);
    assert_eq!(target(&out.join("boot/assets")), BOOT);
    assert!(read(&out.join("activate")).starts_with(&format!("#!{WORLD}/rescue/sh\n")));
    let parameters: serde_json::Value = serde_json::from_str(&read(&out.join("parameters.json"))).unwrap();
    assert_eq!(parameters["version"], 1);
    assert_eq!(parameters["init"], format!("{WORLD}/sbin/init"));
}

#[test]
fn provenance_says_what_the_declaration_and_the_parts_say() {
    let fixture = Fixture::new();
    fixture.put(WORLD, "bin/freebsd-version", "#!/bin/sh\nUSERLAND_VERSION=\"1.0-RELEASE-p1\"\n");
    fixture.put(KERNEL, "boot/kernel/kernel", "@(#)FreeBSD 1.0-RELEASE TINY\n");
    let provenance = |spec: &Spec| {
        let out = fixture.assemble(spec).unwrap();
        let text = read(&out.join(provenance::FILE));
        fs::remove_dir_all(out).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let pure = json!({
        "version": 2,
        "system": {"hostName": "tower", "label": "A tower"},
        "declaration": {"sha256": Sha256::of("spec").hex()},
        "base": {
            "version": "1",
            "world": {"class": "native", "item": WORLD, "version": "1.0-RELEASE-p1"},
            "kernel": {"class": "fetched", "item": KERNEL, "version": "1.0-RELEASE TINY"},
        },
    });
    assert_eq!(provenance(&spec(json!({}))), pure);
    let impure = provenance(&spec(json!({"provenance": {"impure": true}})));
    assert_eq!(impure["declaration"]["impure"], true);
}

#[test]
fn setid_programs_are_links_to_copies_that_activation_makes() {
    let fixture = Fixture::new();
    let out = fixture.assemble(&spec(json!({}))).unwrap();
    let profile = out.join("profile");
    assert_eq!(target(&profile.join("usr/bin/su")), "/run/setuid-programs/su");
    assert_eq!(target(&profile.join("usr/bin/id")), format!("{WORLD}/usr/bin/id"));
    assert_eq!(target(&profile.join("bin")), format!("{WORLD}/bin"));
    assert!(!profile.join("usr/local").exists() && !profile.join("var").exists());
    assert_eq!(
        read(&out.join("activation/setuid.mtree")),
        format!(
            "#mtree\n./su type=file contents={WORLD}/usr/bin/su nlink=1 uid=0 gid=0 mode=4555\n\
             ./write type=file contents={WORLD}/usr/bin/write nlink=1 uid=0 gid=4 mode=2555\n"
        )
    );
}

#[test]
fn the_root_links_to_the_profile_and_has_a_writable_rest() {
    let fixture = Fixture::new();
    let directory = json!({"path": "/var/db/x", "owner": "sshd", "group": "tty", "mode": "0750"});
    let out = fixture.assemble(&spec(json!({"directories": [directory]}))).unwrap();
    let root = read(&out.join(ROOT_MANIFEST));
    for line in [
        "./bin type=link link=/run/current-system/profile/bin uid=0 gid=0 mode=0755".to_owned(),
        "./usr/bin type=link link=/run/current-system/profile/usr/bin uid=0 gid=0 mode=0755".to_owned(),
        "./usr/local type=dir uid=0 gid=0 mode=0755".to_owned(),
        "./boot/frx type=link link=/frx uid=0 gid=0 mode=0755".to_owned(),
        "./tmp type=dir uid=0 gid=0 mode=1777".to_owned(),
        "./root type=dir uid=0 gid=0 mode=0700".to_owned(),
        "./var/empty type=dir uid=0 gid=0 mode=0555 flags=schg".to_owned(),
        "./var/db/x type=dir uid=22 gid=4 mode=0750".to_owned(),
    ] {
        assert!(root.lines().any(|have| have == line), "{line} in {root}");
    }
    assert_eq!(
        read(&out.join("activation/copies.mtree")),
        format!(
            "#mtree\n./root/.profile type=file contents={WORLD}/root/.profile nlink=1 uid=0 gid=0 mode=0644\n"
        )
    );
}

#[test]
fn etc_is_the_worlds_with_the_declarations_files_in_it() {
    let fixture = Fixture::new();
    let out = fixture.assemble(&spec(json!({"timezone": "Europe/Zurich"}))).unwrap();
    let etc = out.join("etc");
    assert_eq!(read(&etc.join("ssh/sshd_config")), "mine");
    assert_eq!(target(&etc.join("ssh/moduli")), format!("{WORLD}/etc/ssh/moduli"));
    assert_eq!(read(&etc.join("ssh/authorized_keys.d/ada")), "ssh-ed25519 AAAA ada\n");
    assert_eq!(target(&etc.join("rmt")), format!("{WORLD}/etc/rmt"));
    assert_eq!(target(&etc.join("localtime")), "/usr/share/zoneinfo/Europe/Zurich");
    assert_eq!(read(&etc.join("fruix/ready-checks")), "sshd\tservice sshd onestatus\n");
    assert!(read(&etc.join("rc.conf")).ends_with("hostname=\"tower\"\nsshd_enable=\"YES\"\n"));
    assert!(read(&etc.join("rc.d/fruix_ready")).contains("\n# REQUIRE: LOGIN sshd\n"));
    assert!(!etc.join("master.passwd").exists() && !etc.join("group").exists());
    let links = read(&out.join("activation/etc-links"));
    let links: Vec<_> = links.lines().collect();
    assert!(!links.contains(&"login.conf") && links.contains(&"login.conf.db"), "{links:?}");
    assert_eq!(read(&out.join("activation/etc-copies")), "login.conf\n");
    assert!(links.contains(&"rc.d") && links.contains(&"ssh/moduli") && !links.contains(&"ssh"), "{links:?}");
}

#[test]
fn keys_may_be_files_and_databases_follow_their_files() {
    let fixture = Fixture::new();
    const KEYS: &str = "/frx/store/44444444444444444444444444444444-keys";
    fs::write(fixture.directory.path().join(&KEYS[1..]), "# mine\nssh-rsa BBBB\n\n").unwrap();
    let user = json!({"name": "root", "uid": null, "group": "wheel", "home": "/root", "shell": "/bin/sh",
        "authorizedKeys": ["ssh-ed25519 AAAA", KEYS]});
    let etc = json!([{"path": "login.conf", "text": "default:\n"}]);
    let out = fixture.assemble(&spec(json!({"users": [user], "etc": etc}))).unwrap();
    assert_eq!(read(&out.join("etc/ssh/authorized_keys.d/root")), "ssh-ed25519 AAAA\n# mine\nssh-rsa BBBB\n");
    assert_eq!(read(&out.join("etc/login.conf")), "default:\n");
    assert!(!out.join("etc/login.conf.db").is_symlink());
}

#[test]
fn accounts_leave_to_the_machine_what_the_declaration_leaves_open() {
    let fixture = Fixture::new();
    let out = fixture.assemble(&spec(json!({}))).unwrap();
    assert_eq!(
        read(&out.join("activation/accounts/passwd")),
        "root:0:0::Charlie &:/root:/bin/sh\nsshd:22:22::S:/var/empty:/usr/sbin/nologin\n\
         ada:1001:0:::/home/ada:/bin/sh\nbob::team:::/home/bob:/bin/sh\n"
    );
    assert_eq!(read(&out.join("activation/accounts/group")), "wheel:0:root,bob\ntty:4:\nsshd:22:\nteam::\n");
    assert_eq!(read(&out.join("activation/accounts/homes")), "ada:/home/ada\n");
}

#[test]
fn a_number_of_the_base_system_is_taken() {
    let fixture = Fixture::new();
    let user = |name: &str, uid: u32| json!({"users": [{"name": name, "uid": uid, "group": "wheel", "home": "/", "shell": "/bin/sh"}]});
    let error = fixture.assemble(&spec(user("eve", 22))).unwrap_err();
    assert_eq!(error.to_string(), "the account `eve` has the uid 22, which is that of `sshd`");
    let error = fixture.assemble(&spec(user("sshd", 23))).unwrap_err();
    assert!(matches!(error, SystemError::BaseAccount { .. }));
}

#[test]
fn a_system_without_root_file_system_is_refused() {
    let error = Fixture::new().assemble(&spec(json!({"fileSystems": []}))).unwrap_err();
    assert!(matches!(error, SystemError::NoRoot));
}

#[test]
fn a_world_without_rescue_is_refused() {
    let fixture = Fixture::new();
    fs::remove_dir_all(fixture.directory.path().join(&WORLD[1..]).join("rescue")).unwrap();
    let error = fixture.assemble(&spec(json!({}))).unwrap_err();
    assert_eq!(error.to_string(), format!("`rescue/sh` is not in {WORLD}"));
}

#[test]
fn a_time_zone_or_shell_that_the_world_lacks_is_refused() {
    let fixture = Fixture::new();
    let error = fixture.assemble(&spec(json!({"timezone": "Europe/Zuerich"}))).unwrap_err();
    assert_eq!(error.to_string(), "the world has no time zone `Europe/Zuerich`");
    let user = |shell: &str| json!({"users": [{"name": "eve", "uid": 1500, "group": "wheel", "home": "/", "shell": shell}]});
    let error = fixture.assemble(&spec(user("/bin/bash"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the account `eve` has the shell `/bin/bash`, which the world does not have"
    );
    // A package may bring it.
    assert!(fixture.assemble(&spec(user("/usr/local/bin/bash"))).is_ok());
}

#[test]
fn directories_of_etc_stay_real_with_all_above_them() {
    let fixture = Fixture::new();
    for file in ["etc/ssl/certs/ca.pem", "etc/ssl/openssl.cnf"] {
        fixture.put(WORLD, file, "");
    }
    let out = fixture.assemble(&spec(json!({"etcDirectories": ["ssl/certs", "own"]}))).unwrap();
    assert_eq!(read(&out.join("activation/etc-directories")), "own\nssl\nssl/certs\n");
    let links = read(&out.join("activation/etc-links"));
    let below: Vec<_> =
        links.lines().filter(|link| link.starts_with("ssl") || link.starts_with("own")).collect();
    assert_eq!(below, ["ssl/certs/ca.pem", "ssl/openssl.cnf"]);
}

#[test]
fn steps_of_services_are_files_of_their_own() {
    let fixture = Fixture::new();
    let step = |name: &str| json!({"activation": [{"name": name, "script": "echo 'not closed"}]});
    let out = fixture.assemble(&spec(step("mine"))).unwrap();
    assert_eq!(read(&out.join("activation/steps/1-mine")), "echo 'not closed\n");
    assert!(read(&out.join("activate")).contains("step mine service_step_0\nstep finish activated\n"));
    for taken in ["etc", "finish", "a b"] {
        assert!(
            matches!(fixture.assemble(&spec(step(taken))), Err(SystemError::SnippetName { .. })),
            "{taken}"
        );
    }
}

#[test]
fn a_file_declared_twice_is_a_conflict() {
    let fixture = Fixture::new();
    let etc = json!({"etc": [{"path": "a", "text": "1"}, {"path": "a", "text": "2"}]});
    assert!(matches!(fixture.assemble(&spec(etc)), Err(SystemError::Conflict { path }) if path == "etc/a"));
    for path in ["/etc/x", "../x", "a//b", "a b"] {
        let etc = json!({"etc": [{"path": path, "text": ""}]});
        assert!(matches!(fixture.assemble(&spec(etc)), Err(SystemError::EtcPath { .. })), "{path}");
    }
}

#[test]
fn nothing_takes_the_place_of_what_tells_whether_the_system_is_up() {
    let fixture = Fixture::new();
    for path in ["defaults/vendor.conf", "rc.d/fruix_ready", "fruix/scripts", "fruix/mine"] {
        let etc = json!({"etc": [{"path": path, "text": "mine"}]});
        let error = fixture.assemble(&spec(etc)).unwrap_err();
        assert_eq!(error.to_string(), format!("`/etc/{path}` is declared, and belongs to fruix"));
        let help = miette::Diagnostic::help(&error).unwrap().to_string();
        assert!(help.ends_with("and checks in a `ready-check`"), "{help}");
    }
    let beside = json!({"etc": [{"path": "defaults/mine.conf", "text": "mine"}]});
    assert!(fixture.assemble(&spec(beside)).is_ok());
}

#[test]
fn an_unknown_field_or_version_of_the_specification_is_an_error() {
    assert!(Spec::parse("{\"version\": 2, \"colour\": 1}").is_err());
    let text = json!({"version": 3, "hostName": "t", "label": "", "timezone": "UTC", "world": WORLD,
        "kernel": KERNEL, "boot": BOOT, "fileSystems": [], "provenance": {}});
    assert!(Spec::parse(&text.to_string()).unwrap_err().to_string().contains("version 3"));
}
