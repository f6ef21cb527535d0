//! Deployments to a pool of XCP-ng, which is played on the loopback.

#[path = "../support/pool/mod.rs"]
mod pool;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use fruix::builders::image::{
    Content, DiskSize, DiskSpec, Format, Manner, Metadata, Seed, Tree, container::Blocks, disk,
};
use fruix::hash::Sha256;
use serde_json::Value;

use pool::{
    CERTIFICATE, Import, OLD, OTHER_VDI, PASSWORD, Plan, Pool, Shutdown, Trouble, VDI, VM, fingerprint,
};

const SYSTEM: &str = "33333333333333333333333333333333-system";

/// An ssh that reaches a guest with this system, wherever that is.
const SSH: &str = r#"#!/bin/sh
for last; do :; done
echo "$*" >>"$FRUIX_TEST_SSH_LOG"
case $last in
    "exit 0") exit "${FRUIX_TEST_SSH_STATUS:-0}" ;;
    "cat /frx/var/fruix/ready") echo "$FRUIX_TEST_SYSTEM" ;;
    "/bin/sh -s")
        cat >/dev/null
        printf '%s\n' '==fruix-log== dmesg.log' "$FRUIX_TEST_KERNEL" '==fruix-log== messages.log' 'kernel: hello' \
            '==fruix-log== end' ;;
esac
"#;

/// What the kernel of a guest keeps of a start in which a service failed.
const FAILED_START: &str = "---<<BOOT>>---
fruix: activate: begin: /frx/store/33333333333333333333333333333333-system
fruix: activate: done: /frx/store/33333333333333333333333333333333-system
fruix: service odd: begin
odd: no such port
fruix: service odd: FAILED status 1
fruix: service fruix_ready: begin
fruix: not ready: web: not up: odd";

/// A disk with a small root.
fn write_image(path: &Path, size: u64, format: Format) {
    let mut root = Tree::new(Metadata::root(0o755));
    root.add_file("/etc/motd", Content::Bytes(b"hello".to_vec()), Metadata::root(0o644)).unwrap();
    let spec = DiskSpec {
        root,
        esp: Tree::new(Metadata::root(0o755)),
        size: DiskSize::Exact(size),
        partition_label: "root".into(),
        volume_label: "root".into(),
        seed: Seed::from_text("test"),
        time: 1,
    };
    disk::write_as(&spec, path, &Manner { format, ..Manner::default() }).unwrap();
}

/// A raw image of the size of the pool's disk.
fn image() -> &'static Path {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("xcp-ng.img");
        write_image(&path, Plan::default().disk_size, Format::Raw);
        path
    })
}

/// A pool, and a place from which to deploy to it.
struct Place {
    pool: Arc<Pool>,
    directory: tempfile::TempDir,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.pool.retire();
    }
}

/// What a run gave.
struct Run {
    succeeded: bool,
    output: String,
    messages: String,
    /// `result.json`; nothing where there is none.
    result: Value,
}

impl Place {
    fn new(plan: Plan) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let ssh = directory.path().join("ssh");
        fs::write(&ssh, SSH).unwrap();
        fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).unwrap();
        Self { pool: Pool::start(plan), directory }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn command(&self, host: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fruix"));
        let path = format!("{}:{}", self.directory.path().display(), std::env::var("PATH").unwrap());
        command.arg("--root").arg(self.file("root")).args(["vm", "deploy", "--on"]);
        command.arg(format!("xcp-ng://{host}:{}", self.pool.port)).args(arguments);
        command.arg("--run-dir").arg(self.file("run"));
        command.env("PATH", path).env("FRUIX_XCP_NG_PASSWORD", PASSWORD);
        command.env("FRUIX_TEST_SSH_LOG", self.file("ssh.calls")).env("FRUIX_TEST_SYSTEM", SYSTEM);
        command
    }

    fn run(&self, command: &mut Command) -> Run {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let result = fs::read(self.file("run/result.json")).unwrap_or_else(|_| b"null".to_vec());
        Run {
            succeeded: output.status.success(),
            output: text(output.stdout),
            messages: text(output.stderr).split_whitespace().collect::<Vec<_>>().join(" "),
            result: serde_json::from_slice(&result).unwrap(),
        }
    }

    /// Deploys the image to the machine `web`.
    fn deploy(&self, more: &[&str]) -> Run {
        let fingerprint = fingerprint();
        let usual = ["--vm", "web", "--vdi", VDI, "--fingerprint", &fingerprint, image().to_str().unwrap()];
        self.run(&mut self.command("127.0.0.1", &[&usual, more].concat()))
    }

    /// A deployment that fails with these words, before anything is touched.
    fn assert_untouched(&self, run: &Run, words: &[&str]) {
        run.assert_fails(words);
        let state = self.pool.state();
        assert_eq!((state.power.as_str(), state.received), ("Running", 0), "{}", run.messages);
        assert!(!state.calls.iter().any(|call| call.contains("shutdown")), "{:?}", state.calls);
    }

    /// A deployment whose import fails with these words: the machine stays off.
    fn assert_off(&self, run: &Run, words: &[&str]) {
        run.assert_fails(words);
        run.assert_fails(&["the virtual machine `vm` stays off", "run the command again"]);
        assert_eq!(run.result["outcome"], "failed");
        let state = self.pool.state();
        assert_eq!((state.power.as_str(), state.tasks()), ("Halted", 0));
        assert_eq!(state.calls.last().unwrap(), "session.logout");
    }
}

impl Run {
    fn assert_success(&self) {
        assert!(self.succeeded, "{}", self.messages);
    }

    fn assert_fails(&self, words: &[&str]) {
        assert!(!self.succeeded, "{}", self.messages);
        for words in words {
            // Lines of a message break anywhere.
            let squeezed = |text: &str| text.replace([' ', '│'], "");
            assert!(squeezed(&self.messages).contains(&squeezed(words)), "no `{words}` in {}", self.messages);
        }
        assert!(!self.messages.contains("panicked"), "{}", self.messages);
    }
}

#[test]
fn a_disk_is_what_the_image_is_and_the_machine_runs() {
    let place = Place::new(Plan::default());
    let run = place.deploy(&["--json"]);
    run.assert_success();
    {
        let state = place.pool.state();
        assert!(state.disk == fs::read(image()).unwrap(), "the disk differs from the image");
        assert_eq!((state.power.as_str(), state.tasks()), ("Running", 0));
        assert_eq!(state.calls.last().unwrap(), "session.logout");
    }
    let result = &run.result;
    assert_eq!(serde_json::from_str::<Value>(&run.output).unwrap(), *result);
    assert_eq!((&result["outcome"], &result["system"]), (&"ready".into(), &SYSTEM.into()));
    assert_eq!((&result["vm"], &result["vdi"]), (&VM.into(), &VDI.into()));
    // What the guest reports to the pool, the first address of the old kind.
    assert_eq!(result["address"], "127.0.0.9");
    let stages: Vec<&String> = result["times"].as_object().unwrap().keys().collect();
    assert_eq!(stages, ["off", "imported", "started", "ssh", "ready"]);
    assert_eq!(fs::read_to_string(place.file("run/messages.log")).unwrap(), "kernel: hello\n");
    assert!(!place.file("run/console.log").exists(), "an empty log");
    assert!(fs::read_to_string(place.file("ssh.calls")).unwrap().contains("-l root 127.0.0.9 -- exit 0"));
    assert!(!run.messages.contains(PASSWORD));
}

#[test]
fn a_sparse_image_leaves_the_rest_of_the_disk_alone() {
    let place = Place::new(Plan::default());
    place.deploy(&["--sparse", "--no-wait"]).assert_success();
    let state = place.pool.state();
    let expected = fs::read(image()).unwrap();
    let blocks = state.disk.chunks(2 << 20).zip(expected.chunks(2 << 20));
    let (same, old): (Vec<_>, Vec<_>) = blocks.partition(|(found, wanted)| found == wanted);
    assert!(
        old.iter()
            .all(|(found, wanted)| found.iter().all(|&byte| byte == OLD)
                && wanted.iter().all(|&byte| byte == 0))
    );
    assert!(same.len() > 3 && old.len() > same.len(), "{} and {}", same.len(), old.len());
}

/// Formats and sizes other than that of the disk: it gets what the image has, and zeros behind it.
#[test]
fn smaller_images_of_other_formats_fit_too() {
    for format in [Format::Qcow2, Format::Vhd(Blocks::Used)] {
        // A size that ends within a block.
        let place = Place::new(Plan { disk_size: (161 << 20) + 512, ..Plan::default() });
        let (raw, other) = (place.file("raw.img"), place.file("other"));
        write_image(&raw, 150 << 20, Format::Raw);
        write_image(&other, 150 << 20, format);
        let fingerprint = fingerprint();
        let arguments =
            ["--vm", VM, "--vdi", VDI, "--fingerprint", &fingerprint, "--no-wait", other.to_str().unwrap()];
        let run = place.run(&mut place.command("127.0.0.1", &arguments));
        run.assert_success();
        assert_eq!(run.result["outcome"], "started");
        let (disk, expected) = (&place.pool.state().disk, fs::read(raw).unwrap());
        assert!(disk[..expected.len()] == expected && disk[expected.len()..].iter().all(|&byte| byte == 0));
    }
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_touched() {
    let small = Place::new(Plan { disk_size: 140 << 20, ..Plan::default() });
    let run = small.deploy(&[]);
    let size = (160u64 << 20).to_string();
    small.assert_untouched(&run, &["less than the", &size, "xe vdi-resize", "nothing was touched"]);

    let place = Place::new(Plan::default());
    let fingerprint = fingerprint();
    let text = place.file("text");
    fs::write(&text, "no disk").unwrap();
    let attempt = |vm: &str, vdi: &str, image: &Path| {
        let image = image.to_str().unwrap();
        let arguments = ["--vm", vm, "--vdi", vdi, "--fingerprint", &fingerprint, image];
        place.run(&mut place.command("127.0.0.1", &arguments))
    };
    place.assert_untouched(&attempt("web", VDI, &text), &["no disk to boot", "fruix system image"]);
    place.assert_untouched(&attempt("web", VDI, &place.file("none")), &["cannot read the image"]);
    place.assert_untouched(&attempt("mail", VDI, image()), &["no virtual machine `mail`", "xe vm-list"]);
    place.assert_untouched(&attempt("twin", VDI, image()), &["2 virtual machines called `twin`", VM]);
    place
        .assert_untouched(&attempt("web", OTHER_VDI, image()), &["no disk of the virtual machine `vm`", VDI]);
    let unknown = "00000000-bbbb-cccc-dddd-eeeeeeeeeeee";
    place.assert_untouched(&attempt("web", unknown, image()), &["UUID_INVALID (VDI", "xe vdi-list"]);
}

#[test]
fn only_a_host_that_is_known_gets_the_password() {
    let place = Place::new(Plan::default());
    let arguments = ["--vm", "web", "--vdi", VDI, image().to_str().unwrap(), "--no-wait"];
    let with = |more: &[&str]| place.run(&mut place.command("127.0.0.1", &[&arguments, more].concat()));
    let run = with(&[]);
    place.assert_untouched(&run, &["the certificate of `127.0.0.1` is not trusted", &fingerprint()]);
    let other = Sha256::of("another").hex();
    place.assert_untouched(&with(&["--fingerprint", &other]), &["is not trusted"]);
    assert!(place.pool.state().calls.is_empty(), "the host was asked something");
    with(&["--fingerprint", &other, "--fingerprint", &fingerprint()]).assert_success();
    with(&["--ca", CERTIFICATE]).assert_success();
}

#[test]
fn the_password_comes_from_the_environment_or_a_file() {
    let place = Place::new(Plan::default());
    let fingerprint = fingerprint();
    let arguments =
        ["--vm", "web", "--vdi", VDI, "--fingerprint", &fingerprint, image().to_str().unwrap(), "--no-wait"];
    let mut command = place.command("127.0.0.1", &arguments);
    place.assert_untouched(&place.run(command.env_remove("FRUIX_XCP_NG_PASSWORD")), &["--password-file"]);
    let mut command = place.command("127.0.0.1", &arguments);
    let wrong = place.run(command.env("FRUIX_XCP_NG_PASSWORD", "wrong"));
    place.assert_untouched(&wrong, &["SESSION_AUTHENTICATION_FAILED", "check the user"]);
    let file = place.file("password");
    fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let mut command = place.command("127.0.0.1", &arguments);
    let named = command.arg("--password-file").arg(file).env_remove("FRUIX_XCP_NG_PASSWORD");
    place.run(named).assert_success();
}

/// A member of the pool names its master; a host that does not see the storage names one that does; a session ends.
#[test]
fn the_right_host_is_found() {
    let plans = [
        (Plan::default(), "127.0.0.2"),
        (Plan { import: Import::SentOn("127.0.0.2"), ..Plan::default() }, "127.0.0.1"),
        (Plan { forgets: true, ..Plan::default() }, "127.0.0.1"),
    ];
    for (plan, host) in plans {
        let place = Place::new(plan);
        let fingerprint = fingerprint();
        let arguments = [
            "--vm",
            "web",
            "--vdi",
            VDI,
            "--fingerprint",
            &fingerprint,
            image().to_str().unwrap(),
            "--no-wait",
        ];
        let run = place.run(&mut place.command(host, &arguments));
        run.assert_success();
        assert!(place.pool.state().received > 160 << 20);
        assert_eq!(run.result["host"], "127.0.0.1");
    }
}

#[test]
fn answers_may_be_slow_but_neither_cut_short_nor_nonsense() {
    let with = |trouble| Plan { trouble: BTreeMap::from([("VDI.get_record", trouble)]), ..Plan::default() };
    Place::new(with(Trouble::Slow)).deploy(&["--no-wait"]).assert_success();
    let cases = [
        (Trouble::CutShort, "the answer was cut short"),
        (Trouble::Nonsense, "the answer of `127.0.0.1` to VDI.get_record cannot be understood"),
        (Trouble::Error("HOST_STILL_BOOTING"), "VDI.get_record failed: HOST_STILL_BOOTING (for a test)"),
    ];
    for (trouble, words) in cases {
        let place = Place::new(with(trouble));
        place.assert_untouched(&place.deploy(&[]), &[words]);
    }
}

#[test]
fn a_machine_that_does_not_shut_down_is_switched_off() {
    let cases = [
        (Shutdown::Unable, "Running", Some("VM_LACKS_FEATURE_SHUTDOWN")),
        (Shutdown::Endless, "Running", Some("shutting down took longer than 0 s")),
        (Shutdown::Works, "Paused", None),
    ];
    for (shutdown, state, words) in cases {
        let place = Place::new(Plan { shutdown, state, ..Plan::default() });
        let run = place.deploy(&["--no-wait", "--shutdown-timeout", "0", "--sparse"]);
        run.assert_success();
        assert!(words.is_none_or(|words| run.messages.contains(words)), "{}", run.messages);
        let state = place.pool.state();
        assert!(state.calls.iter().any(|call| call == "Async.VM.hard_shutdown"), "{:?}", state.calls);
        assert_eq!((state.power.as_str(), state.tasks()), ("Running", 0));
    }
    let off = Place::new(Plan { state: "Halted", ..Plan::default() });
    off.deploy(&["--no-wait", "--sparse"]).assert_success();
    assert!(!off.pool.state().calls.iter().any(|call| call.contains("shutdown")));
}

#[test]
fn a_machine_whose_import_failed_stays_off() {
    let cases: [(Import, &[&str]); 4] = [
        (Import::BreaksOff(20 << 20), &["VDI_IO_ERROR", "/var/log/SMlog"]),
        (Import::Fails("VDI_IN_USE"), &["VDI_IN_USE (for a test)", "something else uses the disk"]),
        (Import::Fails("SR_BACKEND_FAILURE_44"), &["the storage failed, or is full"]),
        (Import::Refused(403), &["INTERNAL_ERROR"]),
    ];
    for (import, words) in cases {
        let place = Place::new(Plan { import, ..Plan::default() });
        place.assert_off(&place.deploy(&[]), words);
    }
}

#[test]
fn what_the_guest_does_is_told() {
    let silent = Place::new(Plan { tells_address: false, ..Plan::default() });
    let run = silent.deploy(&["--sparse", "--timeout", "0"]);
    run.assert_fails(&["does not tell its address", "--address"]);
    assert_eq!(run.result["outcome"], "no-address");

    let place = Place::new(Plan::default());
    let fingerprint = fingerprint();
    let image = image().to_str().unwrap();
    let arguments = ["--vm", "web", "--vdi", VDI, "--fingerprint", &fingerprint, "--sparse", image];
    let here = [&arguments[..], &["--address", "10.0.0.7", "--ssh-port", "2022", "--timeout", "0"]].concat();
    let run = place.run(place.command("127.0.0.1", &here).env("FRUIX_TEST_SSH_STATUS", "255"));
    run.assert_fails(&["SSH did not answer in time", "it stopped at: ssh", "ssh.log", "xl console"]);
    assert_eq!(run.result["logsMissing"], "nobody has logged in");
    assert_eq!((&run.result["outcome"], &run.result["address"]), (&"no-ssh".into(), &"10.0.0.7".into()));
    let mut command = place.command("127.0.0.1", &here);
    let run = place.run(command.env("FRUIX_TEST_SYSTEM", "").env("FRUIX_TEST_KERNEL", FAILED_START));
    run.assert_fails(&[
        "did not appear in time",
        "it stopped at: services, odd odd: no such port what to try:",
    ]);
    assert_eq!(run.result["outcome"], "not-ready");
    let verdict = &run.result["verdict"];
    assert_eq!((&verdict["stage"], &verdict["part"]), (&"services".into(), &"odd".into()));
    assert!(verdict["advice"][0].as_str().unwrap().contains("service odd status"), "{verdict}");
    assert!(place.file("run/messages.log").exists(), "the logs of a system that is not ready");
    assert!(fs::read_to_string(place.file("ssh.calls")).unwrap().contains("-p 2022"));
}

/// The pool that is played answers the client that XenServer's makers wrote, too.
#[test]
fn the_client_of_others_finds_the_pool_in_order() {
    const DRIVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/xcp_ng/client.py");
    let Some(modules) = xenapi() else { return };
    let pool = Pool::start(Plan::default());
    let directory = tempfile::tempdir().unwrap();
    let vhd = directory.path().join("disk.vhd");
    write_image(&vhd, pool.state().disk.len() as u64, Format::Vhd(Blocks::All));
    let output = Command::new("python3")
        .arg(DRIVER)
        .args([&format!("https://127.0.0.1:{}", pool.port), PASSWORD, VM, VDI])
        .arg(&vhd)
        .env("PYTHONPATH", modules)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let state = pool.state();
    assert!(state.disk == fs::read(image()).unwrap(), "the disk differs from the image");
    assert_eq!(state.power, "Running");
}

/// Where the client lies, fetched once.
fn xenapi() -> Option<PathBuf> {
    let modules = Path::new(env!("CARGO_TARGET_TMPDIR")).join("xenapi");
    if modules.join("XenAPI").exists() {
        return Some(modules);
    }
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"])
        .arg(&modules)
        .arg("XenAPI==26.21.1");
    match pip.output() {
        Ok(output) if output.status.success() => Some(modules),
        Ok(output) => {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            eprintln!("skipped: the client XenAPI of PyPI cannot be had: {why}");
            None
        }
        Err(error) => {
            eprintln!("skipped: no python3: {error}");
            None
        }
    }
}
