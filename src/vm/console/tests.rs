//! Consoles as they were seen, cut short.

use super::*;

/// The signs of a text, fed in pieces of a few bytes as a serial line delivers them.
fn signs(text: &str) -> Vec<Sign> {
    let mut console = Console::default();
    let text = text.replace('\n', "\r\n");
    let signs = text.as_bytes().chunks(7).flat_map(|piece| console.feed(piece));
    signs.filter(|sign| !matches!(sign, Sign::Said(_))).collect()
}

fn stops(text: &str) -> Vec<Outcome> {
    let stopped = |sign| match sign {
        Sign::Stopped { outcome, .. } => Some(outcome),
        _ => None,
    };
    signs(text).into_iter().filter_map(stopped).collect()
}

const FIRMWARE: &str = "\u{1b}[2J\u{1b}[01;01H\u{1b}[=3h\u{1b}[2J\u{1b}[01;01H\
BdsDxe: loading Boot0001 \"UEFI Misc Device\" from PciRoot(0x0)/Pci(0x1,0x0)
BdsDxe: starting Boot0001 \"UEFI Misc Device\" from PciRoot(0x0)/Pci(0x1,0x0)
";

const LOADER: &str = "Consoles: EFI console
    Reading loader env vars from /efi/freebsd/loader.env
FreeBSD/amd64 EFI loader, Revision 1.1

   Command line arguments: loader.efi
   Setting currdev to disk0p2:
";

const KERNEL: &str = "---<<BOOT>>---
Copyright (c) 1992-2021 The FreeBSD Project.
FreeBSD 13.2-RELEASE GENERIC amd64
Trying to mount root from ufs:/dev/gpt/fruix-root [rw]...
";

#[test]
fn a_good_start_of_freebsd() {
    let text = [
        FIRMWARE,
        LOADER,
        KERNEL,
        "fruix: activate: mount root: ok\nfruix: activate: accounts: ok\n",
        "Setting hostname: demo.\nfruix: ready: demo 0p1abc-system-demo\nlogin: ",
    ]
    .concat();
    let ok = |name: &str| Sign::Activation(Step { name: name.into(), ok: true, message: String::new() });
    assert_eq!(
        signs(&text),
        [
            Sign::Reached(Milestone::Firmware),
            Sign::Reached(Milestone::Loader),
            Sign::Reached(Milestone::Kernel),
            ok("mount root"),
            ok("accounts"),
            Sign::Ready { host: "demo".into(), system: "0p1abc-system-demo".into() },
        ]
    );
}

#[test]
fn services_are_told_of_with_how_they_end() {
    let text = "fruix: activate: begin: /frx/store/x-system\nfruix: activate: done: /frx/store/x-system\n\
                fruix: service sshd: begin\nStarting sshd.\nfruix: service sshd: ok (status 1)\n\
                fruix: service odd: begin\nfruix: service odd: FAILED status 3\nfruix: service odd\n";
    let service = |name: &str, state| Sign::Service(name.into(), state);
    assert_eq!(
        signs(text),
        [
            Sign::Reached(Milestone::Init),
            Sign::Reached(Milestone::Services),
            service("sshd", Service::Begun),
            service("sshd", Service::Done),
            service("odd", Service::Begun),
            service("odd", Service::Failed("status 3".into())),
        ]
    );
}

#[test]
fn a_panic_in_the_middle_of_a_line_is_one() {
    let text = [KERNEL, "debug.kdb.panic: 0panic: kdb_sysctl_panic\ncpuid = 1\ntime = 2\n"].concat();
    let stop = Sign::Stopped { outcome: Outcome::Panic, line: "panic: kdb_sysctl_panic".into() };
    assert_eq!(signs(&text).last(), Some(&stop));
}

#[test]
fn a_good_start_of_the_miniature_system() {
    let text = [
        FIRMWARE,
        "tiny loader: a fixture, not FreeBSD's loader\ntiny loader: starting the kernel\n",
        "\nTiny 1.0-FIXTURE TINY amd64: a fixture, not FreeBSD\n",
        "tiny: env console=comconsole\ntiny: init_path /frx/store/x/sbin/init (1216 bytes)\n",
        "fruix: ready: tiny 0p1abc-system-tiny\n",
    ]
    .concat();
    let milestones = signs(&text).iter().filter_map(Sign::milestone).collect::<Vec<_>>();
    assert_eq!(
        milestones,
        [Milestone::Firmware, Milestone::Loader, Milestone::Kernel, Milestone::Init, Milestone::Ready]
    );
}

#[test]
fn an_activation_that_fails_names_its_step() {
    let text = [
        FIRMWARE,
        LOADER,
        KERNEL,
        "fruix: activate: accounts: FAILED pwd_mkdb: /etc/pwd.db: Read-only file system\n",
        "init: /frx/store/0p1abc-system/activate on /dev/console terminated abnormally, going to single user mode\n",
        "Enter full pathname of shell or RETURN for /frx/store/x-world/rescue/sh: ",
    ]
    .concat();
    let seen = signs(&text);
    assert!(
        seen.contains(&Sign::Activation(Step {
            name: "accounts".into(),
            ok: false,
            message: "pwd_mkdb: /etc/pwd.db: Read-only file system".into(),
        })),
        "{seen:?}"
    );
    assert_eq!(stops(&text), [Outcome::SingleUser]);
}

#[test]
fn a_panic_and_the_debugger_behind_it() {
    let text = [
        FIRMWARE,
        LOADER,
        KERNEL,
        "panic: mountroot: unable to (re-)mount root.\ncpuid = 1\ntime = 2\nKDB: stack backtrace:\n",
        "#0 0xffffffff80c53dc5 at kdb_backtrace+0x65\nKDB: enter: panic\n[ thread pid 1 tid 100002 ]\ndb> ",
    ]
    .concat();
    assert_eq!(stops(&text), [Outcome::Panic, Outcome::Debugger, Outcome::Debugger]);
    assert_eq!(stops(&[FIRMWARE, "panic: KERNCONF asks for it: PANIC\n"].concat()), [Outcome::Panic]);
}

#[test]
fn each_prompt_is_named_once() {
    let mountroot = [FIRMWARE, LOADER, KERNEL, "Mounting failed with error 19.\n\nmountroot> "].concat();
    assert_eq!(stops(&mountroot), [Outcome::MountRootPrompt]);
    let loader = [FIRMWARE, LOADER, "can't load 'kernel'\n", "OK "].concat();
    assert_eq!(stops(&loader), [Outcome::LoaderPrompt]);
    let tiny = [FIRMWARE, "tiny loader: cannot load /boot/kernel/kernel: no such file\nOK "].concat();
    assert_eq!(stops(&tiny), [Outcome::LoaderPrompt]);
}

#[test]
fn the_loaders_prompt_is_known_when_two_consoles_write_it() {
    let twice = |text: &str| -> String {
        text.chars().flat_map(|c| if c == '\n' { vec![c] } else { vec![c, c] }).collect()
    };
    let said = twice("can't load '/frx/store/x-kernel/boot/kernel'\nOK ");
    let mut console = Console::default();
    let text = [FIRMWARE, LOADER, &said].concat().replace('\n', "\r\r\n\r\n");
    let signs = text.as_bytes().chunks(7).flat_map(|piece| console.feed(piece)).collect::<Vec<_>>();
    let stop = Sign::Stopped { outcome: Outcome::LoaderPrompt, line: "OK".into() };
    assert_eq!(signs.last(), Some(&stop));
    let tail = console.tail().collect::<Vec<_>>();
    assert_eq!(tail[tail.len() - 2..], ["can't load '/frx/store/x-kernel/boot/kernel'", "OK "]);
}

#[test]
fn a_system_that_is_not_ready_says_what_is_missing() {
    let text = [FIRMWARE, LOADER, KERNEL, "fruix: not ready: demo: not up: dhcp sshd\n"].concat();
    let stop = Sign::Stopped { outcome: Outcome::NotReady, line: "not up: dhcp sshd".into() };
    assert_eq!(signs(&text).last(), Some(&stop));
}

#[test]
fn a_disk_that_cannot_be_booted_ends_in_the_firmware() {
    let shell = "\u{1b}[2JBdsDxe: failed to load Boot0001 \"UEFI Misc Device\" from PciRoot(0x0): Not Found
BdsDxe: starting Boot0002 \"EFI Internal Shell\" from Fv(7CB8BDC9)/FvFile(7C04A583)
\u{1b}[01;01HUEFI Interactive Shell v2.2
EDK II
";
    assert_eq!(stops(shell), [Outcome::NoBootDevice]);
    assert_eq!(stops("BdsDxe: failed to load Boot0001\n\n>>Start PXE over IPv4.\n"), [Outcome::NoBootDevice]);
    let exception = [FIRMWARE, "!!!! X64 Exception Type - 0D(#GP)  CPU Apic ID - 00000000 !!!!\n"].concat();
    assert_eq!(stops(&exception), [Outcome::FirmwareException]);
}

#[test]
fn what_only_looks_like_trouble_is_none() {
    let text = [
        FIRMWARE,
        LOADER,
        KERNEL,
        "kern.panic_reboot_wait_time: panic: not at the start of a line\nOK \nShell> ",
        "\nStarting devd: OK ",
    ]
    .concat();
    assert_eq!(stops(&text), []);
}

#[test]
fn a_ready_line_without_a_system_is_none() {
    let ready = |text: &str| signs(text).iter().any(|sign| matches!(sign, Sign::Ready { .. }));
    assert!(!ready("fruix: ready: demo\n"));
    assert!(ready("fruix: ready: demo abc-system\n"));
}

#[test]
fn of_several_starts_the_last_one_is_told() {
    let log = [LOADER, KERNEL, "panic: one\n", LOADER, KERNEL, "two\n"].concat();
    let last = [KERNEL, "two\n"].concat();
    assert_eq!(last_start(log.as_str()), last);
    let bytes = [b"\xff", log.as_bytes(), b"\xff"].concat();
    assert_eq!(last_start(&bytes[..]), [last.as_bytes(), b"\xff"].concat());
    assert_eq!(last_start(LOADER), LOADER, "no kernel began");
}
