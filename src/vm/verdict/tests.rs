//! Consoles of starts that failed, cut short, and what is said of them.

use super::*;

const FIRMWARE: &str = "BdsDxe: starting Boot0001 \"UEFI Misc Device\" from PciRoot(0x0)/Pci(0x1,0x0)\n";

const LOADER: &str = "FreeBSD/amd64 EFI loader, Revision 1.1\n   Command line arguments: loader.efi\n\
Loading kernel...\ncan't find '/etc/hostid'\ncan't find '/boot/entropy'\n";

const KERNEL: &str = "---<<BOOT>>---\nFreeBSD 13.2-RELEASE FRUIX amd64\n\
vtblk0: 400MB (819200 512 byte sectors)\nTrying to mount root from ufs:/dev/gpt/fruix-root []...\n";

const ACTIVATION: &str = "fruix: activate: begin: /frx/store/abc-system-one\n\
fruix: activate: check-root: ok\nfruix: activate: accounts: ok\n";

const SERVICES: &str = "fruix: activate: done: /frx/store/abc-system-one\nfruix: service netif: begin\n\
Starting Network: lo0 vtnet0.\nfruix: service netif: ok\n";

fn verdict(parts: &[&str], outcome: Option<Outcome>) -> Verdict {
    of_log(parts.concat().replace('\n', "\r\n").as_bytes(), outcome).expect("a verdict")
}

/// Stage, part, and whether one of the lines and one of the advices have these words.
fn assert_verdict(verdict: &Verdict, stage: &str, part: Option<&str>, line: &str, advice: &str) {
    assert_eq!((verdict.stage, verdict.part.as_deref()), (stage, part), "{verdict:#?}");
    assert!(verdict.lines.iter().any(|it| it.contains(line)), "no line with `{line}`: {verdict:#?}");
    assert!(verdict.advice.iter().any(|it| it.contains(advice)), "no advice with `{advice}`: {verdict:#?}");
    assert!(verdict.lines.len() <= MOST_LINES && !verdict.what.is_empty());
}

#[test]
fn a_kernel_that_panics() {
    let panic = "panic: page fault\ncpuid = 0\ntime = 1795451942\nKDB: stack backtrace:\n\
                 #0 0xffffffff80c5ac35 at kdb_backtrace+0x65\n#1 0xffffffff80c0d521 at vpanic+0x151\nUptime: 4s\n";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, panic], None);
    assert_verdict(&seen, "kernel", None, "vpanic+0x151", "generation before");
    assert_eq!(seen.what, "the kernel panicked: panic: page fault");
}

#[test]
fn a_step_in_which_the_kernel_panics_in_the_middle_of_a_line() {
    let panic = "debug.kdb.panic: 0panic: kdb_sysctl_panic\ncpuid = 0\n#3 0xffffffff80c5b681 at kdb_sysctl_panic+0x61\n";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, ACTIVATION, panic], None);
    assert_verdict(&seen, "activation", None, "kdb_sysctl_panic+0x61", "generation before");
}

#[test]
fn a_root_that_cannot_be_mounted() {
    let prompt = "mountroot: waiting for device /dev/gpt/no-such-root...\n\
                  Mounting from ufs:/dev/gpt/no-such-root failed with error 19.\n\nLoader variables:\n  \
                  vfs.root.mountfrom=ufs:/dev/gpt/no-such-root\n\nManual root filesystem specification:\n\nmountroot> ";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, prompt], None);
    assert_verdict(&seen, "kernel", None, "failed with error 19", "`fruix-root`");
    // A trial restarts instead of asking.
    let restarts = "Mounting from ufs:/dev/gpt/no-such-root failed with error 19.\nUptime: 5s\n";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, restarts], Some(Outcome::Restarted));
    assert_verdict(&seen, "kernel", None, "failed with error 19", "`fruix-root`");
}

#[test]
fn a_loader_that_cannot_find_the_kernel() {
    let prompt = "can't load '/frx/store/x-freebsd-kernel/boot/kernel'\n\nType '?' for a list of commands, 'help' for more \
                  detailed help.\nOK ";
    let seen = verdict(&[FIRMWARE, LOADER, prompt], None);
    assert_verdict(&seen, "loader", None, "can't load '/frx/store/x-freebsd-kernel", "store verify");
    assert!(!seen.lines.iter().any(|line| line.contains("hostid")), "what is always said is no clue");
    let tiny = "tiny loader: starting\ntiny loader: cannot load /boot/none/kernel: no such file\nOK ";
    assert_verdict(&verdict(&[FIRMWARE, tiny], None), "loader", None, "no such file", "store verify");
}

#[test]
fn a_step_of_the_activation_that_fails() {
    let failed = "it does not work\nfruix: activate: odd: FAILED it does not work\n\
                  init: /frx/store/abc-system/activate on /dev/console terminated abnormally, going to single user mode\n\
                  Enter full pathname of shell or RETURN for /frx/store/x-world/rescue/sh: ";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, ACTIVATION, failed], None);
    assert_verdict(&seen, "activation", Some("odd"), "it does not work", "the step `odd`");
}

#[test]
fn a_declared_service_that_fails() {
    let failed = "fruix: service odd: begin\nodd: no such port\nfruix: service odd: FAILED status 1\n\
                  fruix: service sshd: begin\nStarting sshd.\nfruix: service sshd: ok\n\
                  fruix: service fruix_ready: begin\nfruix: not ready: one: not up: odd\n";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, ACTIVATION, SERVICES, failed], None);
    assert_verdict(&seen, "services", Some("odd"), "odd: no such port", "service odd status");
}

#[test]
fn a_service_that_hangs() {
    let hangs = "fruix: service odd: begin\nwaiting for a server\n";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, ACTIVATION, SERVICES, hangs], Some(Outcome::TimedOut));
    assert_verdict(&seen, "services", Some("odd"), "waiting for a server", "in the background");
}

#[test]
fn a_machine_without_network() {
    let none = "fruix: service netif: begin\nNo DHCPOFFERS received.\nfruix: service netif: ok\n\
                fruix: service fruix_ready: begin\nfruix: not ready: one: not up: dhcp\n";
    let done = "fruix: activate: done: /frx/store/abc-system-one\n";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, ACTIVATION, done, none], None);
    assert_verdict(&seen, "services", Some("dhcp"), "No DHCPOFFERS", "fixed address");
}

#[test]
fn a_guest_that_lets_nobody_in() {
    let ready = "fruix: service fruix_ready: begin\nfruix: ready: one abc-system-one\nfruix: service fruix_ready: ok\n";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, ACTIVATION, SERVICES, ready], Some(Outcome::NoSsh));
    assert_verdict(&seen, "ssh", None, "fruix: ready", "authorized-keys");
}

#[test]
fn a_machine_that_ends() {
    let seen = verdict(&[FIRMWARE, LOADER], Some(Outcome::QemuEnded));
    assert_verdict(&seen, "machine", None, "Loading kernel", "qemu.log");
    let seen = of_log(b"", Some(Outcome::QemuEnded)).unwrap();
    assert!(seen.stage == "machine" && seen.lines.is_empty(), "{seen:?}");
}

#[test]
fn the_time_limit_at_each_stage() {
    let mut console = Vec::new();
    let stages = [
        ("firmware", "", "says nothing on its serial port"),
        ("firmware", FIRMWARE, "the loader was not started"),
        ("loader", LOADER, "autoboot_delay"),
        ("kernel", KERNEL, "the kernel hangs"),
        ("activation", ACTIVATION, "a step of the activation hangs"),
        ("services", SERVICES, "did not get ready"),
    ];
    for (stage, text, advice) in stages {
        console.push(text);
        let seen = verdict(&console, Some(Outcome::TimedOut));
        assert_eq!(seen.stage, stage);
        assert!(seen.advice[0].contains(advice), "{stage}: {seen:#?}");
        assert!(seen.advice[1].contains("--timeout"));
    }
}

#[test]
fn the_firmware_and_the_debugger() {
    let exception = "!!!! X64 Exception Type - 0D(#GP)  CPU Apic ID - 00000000 !!!!\n";
    assert_eq!(verdict(&[FIRMWARE, exception], None).stage, "firmware");
    let nothing = "BdsDxe: failed to load Boot0001\n>>Start PXE over IPv4.\n";
    assert!(verdict(&[nothing], None).advice[0].contains("BOOTX64.EFI"));
    let debugger = "KDB: enter: Break to debugger\ndb> ";
    assert_eq!(verdict(&[FIRMWARE, LOADER, KERNEL, debugger], None).stage, "kernel");
    let fsck = "/dev/gpt/fruix-root: UNEXPECTED SOFT UPDATE INCONSISTENCY; RUN fsck_ffs MANUALLY.\n\
                fruix: activate: check-root: FAILED /dev/gpt/fruix-root needs repair by hand\n\
                Enter full pathname of shell or RETURN for /bin/sh: ";
    let seen = verdict(&[FIRMWARE, LOADER, KERNEL, fsck], None);
    assert_verdict(&seen, "activation", Some("check-root"), "RUN fsck_ffs", "repair it with fsck_ffs");
}

#[test]
fn a_system_that_is_ready_gets_no_verdict() {
    let ready = "fruix: ready: one abc-system-one\n";
    let log = [FIRMWARE, LOADER, KERNEL, ACTIVATION, SERVICES, ready].concat();
    assert_eq!(of_log(log.as_bytes(), None), None);
}

#[test]
fn what_a_kernel_has_kept_of_the_last_of_several_starts() {
    let earlier = [KERNEL, ACTIVATION, "panic: page fault\ncpuid = 0\n"].concat();
    let failed = "fruix: service odd: begin\nodd: no such port\nfruix: service odd: FAILED status 1\n\
                  fruix: not ready: one: not up: odd\n";
    let log = [&earlier, KERNEL, ACTIVATION, SERVICES, failed].concat();
    let seen = of_kernel_log(log.as_bytes(), Outcome::NotReady).unwrap();
    assert_verdict(&seen, "services", Some("odd"), "odd: no such port", "service odd status");
    let seen = of_kernel_log([&earlier, KERNEL, ACTIVATION, SERVICES].concat().as_bytes(), Outcome::NotReady);
    assert_verdict(&seen.unwrap(), "services", None, "netif", "--timeout");
    let ready = [KERNEL, ACTIVATION, SERVICES, "fruix: ready: one abc-system-one\n"].concat();
    assert!(of_kernel_log(ready.as_bytes(), Outcome::OtherSystem).is_some());
    assert!(of_kernel_log(ready.as_bytes(), Outcome::NotReady).is_some(), "the marker is what counts");
    assert_eq!(of_kernel_log(b"", Outcome::NoSsh).unwrap().stage, "ssh");
}
