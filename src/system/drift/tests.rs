//! Machines that are directories, changed by hand.

use super::*;
use crate::system::testing::Fixture;

const BASE_USERS: &str = "root:0:0::Charlie:/root:/bin/sh\nada::team:::/home/ada:/bin/sh\n";

impl Fixture {
    /// A machine as its activation left it.
    fn activated() -> Self {
        let fixture = Self::empty();
        let system = |path: &str| format!("frx/store/{}/{path}", system().base_name());
        fixture.put(&system("activation/etc-links"), "fstab\nmotd\nnewsyslog.conf.d\nssh/sshd_config\n");
        fixture.put(&system("activation/etc-directories"), "ssh\n");
        fixture.put(&system("activation/etc-copies"), "login.conf\n");
        fixture.put(&system("activation/accounts/passwd"), BASE_USERS);
        fixture.put(&system("activation/accounts/group"), "wheel:0:root,ada\nteam::\n");
        fixture.put(&system("etc/newsyslog.conf.d/x"), "");
        fixture.put(&system("files/usr/local/bin/tool"), "");
        for link in ["motd", "ssh/sshd_config"] {
            fixture.link(&format!("/run/current-system/etc/{link}"), &format!("etc/{link}"));
        }
        fixture.link("/frx/var/fruix/profiles/system/etc/fstab", "etc/fstab");
        fixture.link("/run/current-system/files/usr/local/bin/tool", "usr/local/bin/tool");
        // Of a directory with files of the machine's own, what is in it is linked.
        fixture.link("/run/current-system/etc/newsyslog.conf.d/x", "etc/newsyslog.conf.d/x");
        fixture.put("etc/newsyslog.conf.d/own", "");
        fixture.put("etc/login.conf", "default:\n");
        fixture.put("frx/var/fruix/copies/etc/login.conf", "default:\n");
        fixture.put("frx/var/fruix/locked-accounts", " bob\n");
        fixture.put(
            "etc/master.passwd",
            "root:$6$x:0:0::0:0:Charlie:/root:/bin/sh\nada:*:1001:1001::0:0::/home/ada:/bin/sh\n\
             bob:*LOCKED**:1500:1500::0:0::/home/bob:/bin/sh\n",
        );
        fixture.put("etc/group", "wheel:*:0:root,ada\nteam:*:1001:\nbob:*:1500:\n");
        fixture.link(&self::system().to_string(), "run/current-system");
        fixture
    }

    /// `WHAT HOW` of each thing that differs.
    fn find(&self) -> Vec<String> {
        let findings = find(&self.layout, &system()).unwrap();
        findings.into_iter().map(|finding| format!("{} {}", finding.what, finding.how)).collect()
    }
}

fn system() -> StorePath {
    StorePath::from_base_name(&format!("{}-system", "1".repeat(32))).unwrap()
}

#[test]
fn a_machine_that_nobody_touched_is_as_its_system_says() {
    assert_eq!(Fixture::activated().find(), Vec::<String>::new());
}

#[test]
fn files_that_were_changed_by_hand_are_found() {
    let fixture = Fixture::activated();
    fixture.put("frx/var/fruix/kept/etc/rc.conf", "mine");
    fs::remove_file(fixture.at("etc/motd")).unwrap();
    fixture.link("/etc/mine", "etc/fstab");
    fs::remove_file(fixture.at("etc/ssh/sshd_config")).unwrap();
    fixture.put("etc/ssh/sshd_config", "mine");
    fixture.put("etc/login.conf", "mine");
    fs::remove_file(fixture.at("usr/local/bin/tool")).unwrap();
    fixture.put("usr/local/bin/tool/x", "");
    fixture.put("etc/rc.conf.local", "");
    fixture.put("usr/local/etc/rc.d/mine", "");
    fixture.link("/run/current-system/files/usr/local/etc/rc.d/ours", "usr/local/etc/rc.d/ours");
    let expected = [
        "/etc/rc.conf changed by hand, and kept in /frx/var/fruix/kept",
        "/etc/fstab leads to /etc/mine",
        "/etc/login.conf its text was changed by hand",
        "/etc/motd is missing",
        "/etc/ssh/sshd_config is a file in the place of a link",
        "/usr/local/bin/tool is a directory in the place of a link",
        "/etc/rc.conf.local is read besides what the system says",
        "/usr/local/etc/rc.d/mine is read besides what the system says",
    ];
    assert_eq!(fixture.find(), expected);
}

#[test]
fn accounts_that_were_changed_by_hand_are_found() {
    let fixture = Fixture::activated();
    fixture.put(
        "etc/master.passwd",
        "root:$6$x:0:0::0:0:Charlie:/root:/bin/csh\nada:$6$y:1001:0::0:0:Ada:/home/ada:/bin/sh\n\
         bob:$6$z:1500:1500::0:0::/home/bob:/bin/sh\neve:*:1600:1600::0:0::/home/eve:/bin/sh\n",
    );
    fixture.put("etc/group", "wheel:*:0:root,eve\nteam:*:1001:\nextra:*:1600:\n");
    let expected = [
        "ada comment Ada instead of ",
        "ada group 0 instead of 1001",
        "bob is declared no more, and was unlocked by hand",
        "eve was made by hand",
        "root shell /bin/csh instead of /bin/sh",
        "extra is not declared",
        "wheel has eve in it by hand",
        "wheel lacks ada",
    ];
    assert_eq!(fixture.find(), expected);
    fs::remove_file(fixture.at("etc/master.passwd")).unwrap();
    fixture.put("etc/group", "wheel:*:0:root,ada\n");
    assert_eq!(fixture.find(), ["ada is missing", "root is missing", "team is missing"]);
}

#[test]
fn a_generation_that_does_not_run_is_told() {
    let fixture = Fixture::activated();
    let other = StorePath::from_base_name(&format!("{}-other", "2".repeat(32))).unwrap();
    fs::create_dir_all(fixture.at("frx/store").join(other.base_name())).unwrap();
    fs::remove_file(fixture.at("run/current-system")).unwrap();
    fixture.link(&other.to_string(), "run/current-system");
    assert_eq!(fixture.find(), [format!("{other} runs instead of this generation")]);
}
