//! What to try after each outcome.

use super::Verdict;
use crate::vm::console::{Milestone, Outcome};

/// What an outcome itself suggests, given where it was.
pub fn of(outcome: Outcome, verdict: &Verdict, reached: Option<Milestone>) -> Vec<String> {
    let part = verdict.part.as_deref();
    let fixed: &[&str] = match outcome {
        Outcome::Ready | Outcome::Interrupted => &[],
        Outcome::OtherSystem => &[
            "the machine boots from another disk, or another generation was chosen: see `fruix system list-generations` \
             in the guest",
        ],
        Outcome::NoBootDevice => &[
            "the firmware finds no `EFI/BOOT/BOOTX64.EFI`: see that the machine starts by UEFI, from this disk, and that \
             the image is whole (`fruix system image` writes it again)",
        ],
        Outcome::FirmwareException => &[
            "the loader and this firmware do not agree: try another version of the firmware, or the loader of another \
             version of FreeBSD",
        ],
        Outcome::LoaderPrompt => &[
            "boot an older generation from the menu, or type `boot` where the prompt waits; `ls` shows what is there",
            "`fruix store verify --check-contents` says whether the items of the system are whole",
        ],
        Outcome::Panic | Outcome::Debugger => {
            &["boot the generation before from the menu; `fruix system diff` says what has changed since"]
        }
        Outcome::MountRootPrompt => &[
            "type `?` at the prompt for the disks that the kernel has, and compare them with `file-systems`",
        ],
        Outcome::SingleUser => return single_user(part),
        Outcome::NotReady => return not_ready(part),
        Outcome::PoweredOff | Outcome::Restarted => &[
            "the guest did so by itself: see the last lines, and whether the start was a trial, which ends so when it \
             fails",
        ],
        Outcome::QemuEnded => &[
            "qemu.log in the run directory has QEMU's own words",
            "`fruix doctor` checks this machine; where QEMU speaks of KVM, `--tcg` does without",
        ],
        Outcome::TimedOut => return timed_out(part, reached),
        Outcome::NoSsh => &[
            "see that the declaration has an SSH server, the public key in `authorized-keys` of the account, and, for \
             root, `permit-root-login`",
            "ssh.log in the run directory has ssh's own words",
        ],
    };
    fixed.iter().map(|text| (*text).to_owned()).collect()
}

fn single_user(part: Option<&str>) -> Vec<String> {
    let Some(step) = part else {
        return vec!["the shell on the console waits: repair there what the last lines tell of".to_owned()];
    };
    vec![
        format!(
            "mend what the step `{step}` of the activation needs; a step of a service is in its declaration"
        ),
        "boot the generation before from the menu, or repair it in the shell on the console, as that says"
            .to_owned(),
    ]
}

fn not_ready(part: Option<&str>) -> Vec<String> {
    let Some(name) = part else {
        return vec!["see what the console says before, and `fruix system status` in the guest".to_owned()];
    };
    let mut advice = vec![format!("in the guest, `service {name} status` and `/var/log/messages` say more")];
    if name == "dhcp" {
        advice.insert(
            0,
            "no address by DHCP: see that the network card is connected, and has a driver".to_owned(),
        );
    }
    advice.push("`fruix system status` in the guest tells of all services at once".to_owned());
    advice
}

fn timed_out(part: Option<&str>, reached: Option<Milestone>) -> Vec<String> {
    let first = match (reached, part) {
        (None, _) => "the machine says nothing on its serial port: see that it has one, and UEFI firmware".to_owned(),
        (Some(Milestone::Firmware), _) => "the loader was not started, or says nothing on the serial port".to_owned(),
        (Some(Milestone::Loader), _) => {
            "the loader waits, or the kernel says nothing on the serial port: see `autoboot_delay` and `console` in \
             `loader`"
                .to_owned()
        }
        (Some(Milestone::Kernel), _) => {
            "the kernel hangs where the last lines are, mostly at a device: boot the generation before, or without that \
             device"
                .to_owned()
        }
        (Some(Milestone::Init), _) => "a step of the activation hangs, the one after the last that is told of".to_owned(),
        (Some(Milestone::Services), Some(name)) => {
            format!("the script of `{name}` does not end: it must start its program in the background")
        }
        (Some(_), _) => "rc went on, and the system did not get ready: see the last lines".to_owned(),
    };
    vec![first, "if it is only slow, as without KVM, give it more time with `--timeout`".to_owned()]
}
