//! The miniature tree builds by hand as FreeBSD's does, and what it builds boots: loader and kernel on a disk that
//! foreign tools made, under QEMU, followed by `fruix::vm`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
    time::Duration,
};

use fruix::{
    util::host::Host,
    vm::{
        console::{Milestone, Outcome},
        qemu::{self, Changes, Disk, Event, Ssh, VmError, VmOptions, VmResult},
    },
};

const TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/tiny-src");
const CROSS_BINDIR: &str = "/usr/lib/llvm-14/bin";
/// More than what direct and single indirect blocks of 32 KiB reach, 12 + 4096 of them.
const LARGE: usize = 130 << 20;
const SYSTEM: &str = "00000000000000000000000000000000-system-tiny";

/// Runs the tree's make.py as the FreeBSD builders do.
fn make(object_tree: &Path, arguments: &[&str]) -> Output {
    Command::new(format!("{TREE}/tools/build/make.py"))
        .arg(format!("--cross-bindir={CROSS_BINDIR}"))
        .args(["TARGET=amd64", "TARGET_ARCH=amd64", "__MAKE_CONF=/dev/null", "SRC_ENV_CONF=/dev/null", "-j2"])
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("LC_ALL", "C")
        .env("MAKEOBJDIRPREFIX", object_tree)
        .output()
        .unwrap()
}

/// Both outputs: bmake with several jobs passes everything on as its own standard output.
fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

fn made(object_tree: &Path, arguments: &[&str]) {
    let output = make(object_tree, arguments);
    assert!(output.status.success(), "make.py {arguments:?} failed:\n{}", said(&output));
}

/// An installed world and kernel of the miniature tree.
struct Installed {
    _scratch: tempfile::TempDir,
    root: PathBuf,
}

impl Installed {
    fn build(kernconf: &str, src_conf: &str) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let (objects, root) = (scratch.path().join("obj"), scratch.path().join("inst"));
        let src_conf_path = scratch.path().join("src.conf");
        fs::write(&src_conf_path, src_conf).unwrap();
        let src_conf = format!("SRCCONF={}", src_conf_path.display());
        let kernconf = format!("KERNCONF={kernconf}");
        let destdir = format!("DESTDIR={}", root.display());
        let metalog = format!("METALOG={}/METALOG", root.display());
        let install = ["-DNO_ROOT", "-DDB_FROM_SRC", &destdir, &metalog, &src_conf, &kernconf];
        made(&objects, &[&src_conf, "buildworld"]);
        made(&objects, &[&src_conf, "kernel-toolchain"]);
        made(&objects, &[&src_conf, &kernconf, "buildkernel"]);
        for target in ["installworld", "distribution", "installkernel"] {
            made(&objects, &[&install[..], &[target]].concat());
        }
        Self { _scratch: scratch, root }
    }

    /// The lines of the METALOG: path, then keys and values.
    fn metalog(&self) -> Vec<(String, BTreeMap<String, String>)> {
        let text = fs::read_to_string(self.root.join("METALOG")).unwrap();
        assert!(text.starts_with("#mtree 2.0\n"));
        let entries = text.lines().skip(1).map(|line| {
            let mut words = line.split(' ');
            let path = words.next().unwrap().to_string();
            let keys = words.map(|word| {
                let (key, value) = word.split_once('=').unwrap();
                (key.to_string(), value.to_string())
            });
            (path, keys.collect())
        });
        entries.collect()
    }
}

/// The one that most tests look at; built once.
fn installed() -> &'static Installed {
    static INSTALLED: OnceLock<Installed> = OnceLock::new();
    INSTALLED.get_or_init(|| Installed::build("TINY", ""))
}

#[test]
fn the_metalog_names_every_file_with_owner_and_mode() {
    let installed = installed();
    let metalog = installed.metalog();
    for (path, keys) in &metalog {
        let file = fs::symlink_metadata(installed.root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        let kind = match keys["type"].as_str() {
            "dir" => file.is_dir(),
            "file" => file.is_file() && keys["size"] == file.len().to_string(),
            "link" => fs::read_link(installed.root.join(path)).unwrap() == Path::new(&keys["link"]),
            other => panic!("{path}: type {other}"),
        };
        assert!(kind, "{path} is no {keys:?}");
        assert!(keys.contains_key("uname") && keys.contains_key("gname") && keys.contains_key("mode"));
    }
    let su = &metalog.iter().find(|(path, _)| path == "./usr/bin/su").unwrap().1;
    assert_eq!((su["mode"].as_str(), su["flags"].as_str()), ("04555", "schg"));
    // On the disk the special bits are not set: an ordinary user could not.
    assert_eq!(fs::metadata(installed.root.join("usr/bin/su")).unwrap().permissions().mode() & 0o7777, 0o555);
}

#[test]
fn the_metalog_is_as_unclean_as_freebsds() {
    let metalog = installed().metalog();
    let paths = metalog.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>();
    let distinct = paths.iter().collect::<BTreeSet<_>>();
    assert!(distinct.len() < paths.len(), "no entry stands there twice");
    assert!(paths.iter().any(|path| path.contains("/../")), "every path is in its shortest form");
    let parentless = paths.iter().filter(|path| {
        let parent = path.rsplit_once('/').map_or(".", |(parent, _)| parent);
        !distinct.contains(&parent) && **path != "."
    });
    assert!(parentless.count() > 0, "every file has an entry for its parent");
}

#[test]
fn rescue_is_one_file_under_many_names() {
    let rescue = installed().root.join("rescue");
    let inodes = fs::read_dir(rescue).unwrap().map(|entry| entry.unwrap().metadata().unwrap().ino());
    let inodes = inodes.collect::<Vec<_>>();
    assert!(inodes.len() > 10);
    assert_eq!(inodes.iter().collect::<BTreeSet<_>>().len(), 1);
}

#[test]
fn src_conf_leaves_parts_of_the_world_out() {
    let narrow = Installed::build("TINY", "WITHOUT_RESCUE=yes\nWITHOUT_TOOLCHAIN=yes\n");
    assert!(!narrow.root.join("rescue").exists() && !narrow.root.join("usr/include").exists());
    assert!(
        installed().root.join("rescue/sh").exists() && installed().root.join("usr/lib/libtiny.a").exists()
    );
}

#[test]
fn wrong_kernel_configurations_are_refused_with_their_line() {
    let scratch = tempfile::tempdir().unwrap();
    let failure = |name: &str, text: &str| {
        fs::write(scratch.path().join(name), text).unwrap();
        let confdir = format!("KERNCONFDIR={}", scratch.path().display());
        let kernconf = format!("KERNCONF={name}");
        let output = make(&scratch.path().join("obj"), &[&confdir, &kernconf, "buildkernel"]);
        assert!(!output.status.success());
        said(&output)
    };
    assert!(
        failure("UNKNOWN", "ident UNKNOWN\noptions NO_SUCH\n").contains(r#":2: unknown option "NO_SUCH""#)
    );
    assert!(failure("SYNTAX", "ident\n").contains(":1: syntax error"));
    let missing = make(&scratch.path().join("obj"), &["KERNCONF=NO_SUCH_FILE", "buildkernel"]);
    assert!(said(&missing).contains("NO_SUCH_FILE: No such file"));
}

fn run_tool(program: &str, arguments: &[&str]) {
    let host = Host::this();
    let sbin = Host { path: "/usr/sbin:/sbin".into(), ..host.clone() };
    let path = host.program(program).or_else(|| sbin.program(program));
    let path = path.unwrap_or_else(|| panic!("{program} is not installed; see tests/run.sh"));
    let output = Command::new(path).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A bootable disk with the installed tree as a store item and a system around it, made without Fruix's writers.
fn hand_made_disk(installed: &Installed, scratch: &Path, loader_conf: &str, shell_size: usize) -> PathBuf {
    let root = scratch.join("root");
    let (world, system) = (root.join("frx/store/world"), root.join("frx/store").join(SYSTEM));
    fs::create_dir_all(root.join("boot/defaults")).unwrap();
    fs::create_dir_all(system.join("boot")).unwrap();
    fs::create_dir_all(system.join("etc")).unwrap();
    fs::create_dir_all(root.join("frx/var/fruix/profiles")).unwrap();
    run_tool("cp", &["-a", installed.root.to_str().unwrap(), world.to_str().unwrap()]);
    // One name of the link group becomes a file of its own.
    let sh = world.join("rescue/sh");
    let mut larger = fs::read(&sh).unwrap();
    larger.resize(shell_size, 0);
    fs::remove_file(&sh).unwrap();
    fs::write(&sh, larger).unwrap();
    fs::write(system.join("activate"), "#!/rescue/sh\n").unwrap();
    fs::write(system.join("etc/rc.conf"), "# generated\nhostname=\"tiny\"\n").unwrap();
    fs::write(system.join("boot/loader.conf"), loader_conf).unwrap();
    fs::copy(world.join("boot/defaults/loader.conf"), root.join("boot/defaults/loader.conf")).unwrap();
    symlink(format!("/frx/store/{SYSTEM}"), root.join("frx/var/fruix/profiles/system-1-link")).unwrap();
    symlink("system-1-link", root.join("frx/var/fruix/profiles/system")).unwrap();
    symlink("/frx/var/fruix/profiles/system/boot/loader.conf", root.join("boot/loader.conf")).unwrap();

    let (ufs, esp, disk) = (scratch.join("ufs.img"), scratch.join("esp.img"), scratch.join("disk.img"));
    let names = [&ufs, &esp, &disk].map(|path| path.to_str().unwrap());
    run_tool(
        "makefs",
        &[
            "-t",
            "ffs",
            "-o",
            "version=2,bsize=32768,fsize=4096",
            "-b",
            "8m",
            names[0],
            root.to_str().unwrap(),
        ],
    );
    repair_superblock(&ufs);
    run_tool("truncate", &["-s", "33m", names[1]]);
    run_tool("mformat", &["-i", names[1], "-F", "::"]);
    run_tool("mmd", &["-i", names[1], "::/EFI", "::/EFI/BOOT"]);
    let loader = installed.root.join("boot/loader.efi");
    run_tool("mcopy", &["-i", names[1], loader.to_str().unwrap(), "::/EFI/BOOT/BOOTX64.EFI"]);
    run_tool("truncate", &["-s", "200m", names[2]]);
    run_tool(
        "sgdisk",
        &["-o", "-n", "1:2048:+33M", "-t", "1:ef00", "-n", "2:0:+160M", "-t", "2:a503", names[2]],
    );
    for (part, megabyte) in [(names[1], "1"), (names[0], "34")] {
        let (from, to, seek) = (format!("if={part}"), format!("of={}", names[2]), format!("seek={megabyte}"));
        run_tool("dd", &[&from, &to, "bs=1M", &seek, "conv=notrunc,sparse"]);
    }
    disk
}

/// Debian's makefs writes a UFS2 superblock only at the place of UFS1's, and says so in it.
fn repair_superblock(image: &Path) {
    const WRITTEN: u64 = 8192;
    const RIGHT: u64 = 65536;
    let mut file = fs::File::options().read(true).write(true).open(image).unwrap();
    let mut superblock = vec![0; 1376];
    file.seek(SeekFrom::Start(WRITTEN)).unwrap();
    file.read_exact(&mut superblock).unwrap();
    superblock[1000..1008].copy_from_slice(&RIGHT.to_le_bytes());
    file.seek(SeekFrom::Start(RIGHT)).unwrap();
    file.write_all(&superblock).unwrap();
}

const LOADER_CONF: &str = r#"
kernel="/frx/store/world/boot/kernel"   # a directory
init_path="/frx/store/world/sbin/init"
init_script="/frx/var/fruix/profiles/system/activate"
init_shell="/frx/store/world/rescue/sh"
tiny.poweroff="YES"
"#;

fn loader_conf() -> String {
    format!("{LOADER_CONF}fruix.system=\"/frx/store/{SYSTEM}\"\n")
}

fn boot(disk: &Path, run_dir: &Path, change: impl FnOnce(&mut VmOptions)) -> VmResult {
    let disk = Disk { path: disk.to_path_buf(), changes: Changes::Discarded };
    let mut options = VmOptions::new(disk, run_dir.to_path_buf());
    options.memory = 512;
    options.emulate = true;
    options.time_limit = Duration::from_secs(300);
    change(&mut options);
    let result = qemu::run(&options, &mut |_| {}).unwrap();
    let written: serde_json::Value =
        serde_json::from_slice(&fs::read(run_dir.join("result.json")).unwrap()).unwrap();
    assert_eq!(written["outcome"], serde_json::to_value(result.outcome).unwrap());
    assert!(run_dir.join("serial.log").exists() && run_dir.join("qemu.log").exists());
    result
}

#[test]
fn the_miniature_system_boots_to_its_ready_line() {
    let scratch = tempfile::tempdir().unwrap();
    let disk = hand_made_disk(installed(), scratch.path(), &loader_conf(), LARGE);
    let before = fs::metadata(&disk).unwrap().mtime();
    // A directory whose name needs quoting everywhere.
    let result = boot(&disk, &scratch.path().join("run 1, 50%"), |options| {
        options.expected_system = Some(SYSTEM.into());
        options.disk.changes = Changes::DiscardedOnLarger(1 << 30);
    });
    assert_eq!(result.outcome, Outcome::Ready, "{result:#?}");
    assert_eq!((result.host_name.as_deref(), result.system.as_deref()), (Some("tiny"), Some(SYSTEM)));
    let times =
        [Milestone::Loader, Milestone::Kernel, Milestone::Init, Milestone::Ready].map(|it| result.times[&it]);
    assert!(times.is_sorted() && times[0] > 0.0, "{times:?}");
    let serial = fs::read_to_string(scratch.path().join("run 1, 50%/serial.log")).unwrap();
    assert!(serial.contains("tiny: kernel /frx/store/world/boot/kernel/kernel"), "{serial}");
    assert!(
        serial.contains(&format!("tiny: init_shell /frx/store/world/rescue/sh ({LARGE} bytes)")),
        "{serial}"
    );
    assert_eq!(fs::metadata(&disk).unwrap().mtime(), before, "the run wrote to its disk");

    let again =
        Command::new(scratch.path().join("run 1, 50%/qemu.sh")).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && said.contains(&format!("fruix: ready: tiny {SYSTEM}")), "{again:?}");
    assert_eq!(fs::read_to_string(scratch.path().join("run 1, 50%/serial.log")).unwrap(), serial);
    assert_eq!(fs::metadata(&disk).unwrap().mtime(), before, "its repetition wrote to the disk");

    let other =
        boot(&disk, &scratch.path().join("2"), |options| options.expected_system = Some("other".into()));
    assert_eq!(other.outcome, Outcome::OtherSystem);
}

/// The verdict has this stage, a line and an advice with these words, is shown, and is in `result.json`.
fn assert_verdict(result: &VmResult, stage: &str, line: &str, advice: &str) {
    let verdict = result.verdict.as_ref().expect("a verdict");
    assert_eq!(verdict.stage, stage, "{verdict:#?}");
    assert!(verdict.lines.iter().any(|it| it.contains(line)), "no line with `{line}`: {verdict:#?}");
    assert!(verdict.advice.iter().any(|it| it.contains(advice)), "no advice with `{advice}`: {verdict:#?}");
    let error = result.check().unwrap_err();
    let help = miette::Diagnostic::help(&error).unwrap().to_string();
    assert!(help.contains(&format!("it stopped at: {stage}\n")), "{help}");
    let written = fs::read(result.run_dir.join("result.json")).unwrap();
    let written: serde_json::Value = serde_json::from_slice(&written).unwrap();
    assert_eq!(written["verdict"], serde_json::to_value(verdict).unwrap());
}

#[test]
fn what_stops_a_start_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let disk_with = |name: &str, conf: String| {
        let directory = scratch.path().join(name);
        fs::create_dir(&directory).unwrap();
        hand_made_disk(installed(), &directory, &conf, 1 << 16)
    };
    let no_kernel = disk_with("no-kernel", loader_conf().replace("boot/kernel\"", "boot/none\""));
    let result = boot(&no_kernel, &scratch.path().join("1"), |_| {});
    assert_eq!(result.outcome, Outcome::LoaderPrompt, "{result:#?}");
    assert_verdict(&result, "loader", "boot/none/kernel: no such file", "fruix store verify");
    let shown = format!("{:?}", miette::Report::new(result.check().unwrap_err()));
    assert!(shown.contains("boot/none/kernel: no such file"), "{shown}");

    let no_init = disk_with("no-init", loader_conf().replace("sbin/init\"", "sbin/none\""));
    let result = boot(&no_init, &scratch.path().join("2"), |_| {});
    assert_eq!(result.outcome, Outcome::Panic, "{result:#?}");
    assert!(result.detail.contains("cannot read /frx/store/world/sbin/none"), "{}", result.detail);
    assert_verdict(&result, "kernel", "cannot read /frx/store/world/sbin/none", "the generation before");

    let empty = scratch.path().join("empty.img");
    fs::File::create(&empty).unwrap().set_len(64 << 20).unwrap();
    let result = boot(&empty, &scratch.path().join("3"), |_| {});
    assert_eq!(result.outcome, Outcome::NoBootDevice, "{result:#?}");
    assert_verdict(&result, "firmware", "", "BOOTX64.EFI");

    let result = boot(&empty, &scratch.path().join("5"), |options| options.cpus = 1_000_000);
    assert_eq!(result.outcome, Outcome::QemuEnded, "{result:#?}");
}

#[test]
fn a_run_that_cannot_start_leaves_no_disks() {
    let scratch = tempfile::tempdir().unwrap();
    let disk = scratch.path().join("disk.img");
    fs::write(&disk, [0; 4096]).unwrap();
    let run_dir = scratch.path().join("run");
    let mut options =
        VmOptions::new(Disk { path: disk, changes: Changes::DiscardedOnLarger(1 << 20) }, run_dir.clone());
    options.extra_disks = vec![Disk { path: "/no/such/disk".into(), changes: Changes::Discarded }];
    let error = qemu::run(&options, &mut |_| {}).unwrap_err();
    assert!(matches!(&error, VmError::Disk { path, .. } if path == Path::new("/no/such/disk")), "{error}");
    assert_eq!(fs::read_dir(run_dir).unwrap().count(), 0);
}

/// A program in place of ssh: refuses the first connection, fails the command `fail`, and notes its last argument.
const FAKE_SSH: &str = r#"#!/bin/sh
cd "$(dirname "$0")"
for last; do :; done
echo "$last" >> asked
case "$last" in
"exit 0") [ -e refused ] || { touch refused; exit 255; } ;;
fail) exit 3 ;;
"/bin/sh -s") cat > commands; printf '==fruix-log== messages.log\nhello\n==fruix-log== end\n' ;;
esac
"#;

/// A program in place of ssh: the server accepts no key.
const DENIED_SSH: &str = r#"#!/bin/sh
echo "root@127.0.0.1: Permission denied (publickey)." >&2
exit 255
"#;

/// The options for a guest that stays, and a host on which the script `ssh` is the only ssh.
fn with_ssh(scratch: &Path, ssh: &str, commands: &[&str]) -> (Host, VmOptions) {
    let conf = loader_conf().replace("tiny.poweroff=\"YES\"", "");
    let disk = hand_made_disk(installed(), scratch, &conf, 1 << 16);
    let bin = scratch.join("bin");
    fs::create_dir(&bin).unwrap();
    fs::write(bin.join("ssh"), ssh).unwrap();
    fs::set_permissions(bin.join("ssh"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink(Host::this().program(qemu::QEMU).unwrap(), bin.join(qemu::QEMU)).unwrap();

    let mut options = VmOptions::new(Disk { path: disk, changes: Changes::Discarded }, scratch.join("run"));
    options.emulate = true;
    options.memory = 512;
    let commands = commands.iter().map(ToString::to_string).collect();
    options.ssh = Some(Ssh { user: "root".into(), identity: None, commands });
    (Host { path: bin.into(), ..Host::this() }, options)
}

#[test]
fn a_guest_that_refuses_the_key_is_not_asked_again() {
    let scratch = tempfile::tempdir().unwrap();
    let (host, mut options) = with_ssh(scratch.path(), DENIED_SSH, &["never"]);
    options.time_limit = Duration::from_secs(3600);
    let result = qemu::run_on(&host, &options, &mut |_| {}).unwrap();
    assert_eq!(result.outcome, Outcome::NoSsh, "{result:#?}");
    assert!(
        result.detail.contains("`root` may not log in") && result.detail.contains("publickey"),
        "{result:#?}"
    );
    assert!(result.commands.is_empty() && result.logs.is_empty());
    assert_eq!(result.logs_missing.as_deref(), Some("nobody can log in"));
}

#[test]
fn commands_run_over_ssh_until_one_fails() {
    let scratch = tempfile::tempdir().unwrap();
    let (host, options) = with_ssh(scratch.path(), FAKE_SSH, &["first", "fail", "never"]);
    let mut seen = Vec::new();
    let result = qemu::run_on(&host, &options, &mut |event| {
        if let Event::Command(command) = event {
            seen.push(command.to_string());
        }
    });
    let result = result.unwrap();
    assert_eq!(result.outcome, Outcome::Ready, "{result:#?}");
    assert!(result.times[&Milestone::Ssh] > result.times[&Milestone::Ready]);
    let statuses = result.commands.iter().map(|it| (it.command.as_str(), it.status)).collect::<Vec<_>>();
    assert_eq!(statuses, [("first", 0), ("fail", 3)]);
    assert_eq!(result.command_status(), 3);
    assert_eq!(seen, ["first", "fail"]);
    assert_eq!(
        fs::read_to_string(scratch.path().join("bin/asked")).unwrap(),
        "exit 0\nexit 0\nfirst\nfail\n/bin/sh -s\n"
    );
    assert_eq!(result.logs, [result.run_dir.join("messages.log")]);
    assert_eq!(fs::read_to_string(&result.logs[0]).unwrap(), "hello\n");
    assert_eq!(result.logs_missing, None);
    let commands = fs::read_to_string(scratch.path().join("bin/commands")).unwrap();
    assert!(commands.contains("dmesg -a") && commands.contains("/run/fruix-boot"), "{commands}");
}

#[test]
fn a_host_without_qemu_or_firmware_is_told_what_to_install() {
    let scratch = tempfile::tempdir().unwrap();
    let disk = Disk { path: "/dev/null".into(), changes: Changes::Discarded };
    let options = VmOptions::new(disk, scratch.path().join("run"));
    let failure = |host: &Host| qemu::run_on(host, &options, &mut |_| {}).unwrap_err();
    let no_programs = Host { path: "".into(), root: "/".into(), os: "linux" };
    let error = failure(&no_programs);
    assert!(matches!(error, VmError::ProgramMissing { .. }), "{error}");
    let shown = format!("{:?}", miette::Report::new(error));
    assert!(shown.contains("sudo apt-get install qemu-system-x86"), "{shown}");
    let no_firmware = Host { root: scratch.path().into(), ..Host::this() };
    assert!(matches!(failure(&no_firmware), VmError::FirmwareMissing { .. }));
    assert!(!scratch.path().join("run").exists(), "a run that cannot start leaves nothing");
}

#[test]
fn a_disk_does_not_shrink() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("disk.img");
    fs::write(&path, [0; 4096]).unwrap();
    let disk = Disk { path, changes: Changes::DiscardedOnLarger(512) };
    let mut options = VmOptions::new(disk, scratch.path().join("run"));
    options.emulate = true;
    let error = qemu::run(&options, &mut |_| {}).unwrap_err();
    assert!(matches!(error, VmError::DiskTooLarge { actual: 4096, wanted: 512, .. }), "{error}");
}
