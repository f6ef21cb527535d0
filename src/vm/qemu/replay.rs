//! The script that a run leaves to boot its machine again, by hand.
//!
//! QEMU's own command line would be of no use: it names files that end with the run, and would write over its logs.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{
    command::{ConsoleTo, Drive, Machine, shell_line},
    run_dir::{FIRMWARE_VARIABLES, overlay_name},
};

const HEAD: &str = r#"#!/bin/sh
# Boots this machine again, from the state it had at its start, with its console on this terminal: Ctrl-A X ends it.
# Nothing that it writes is kept.
set -eu
directory=$(mktemp -d)
trap 'cd /; rm -rf "$directory"' EXIT
trap 'exit 1' HUP INT TERM
cd "$directory"
"#;

/// The script for a machine that `qemu` ran, with firmware variables from the file `variables`. `qemu_img` makes
/// larger disks.
pub fn script(qemu: &Path, qemu_img: &Path, variables: &Path, machine: &Machine) -> String {
    let mut script = String::from(HEAD);
    let mut run = |command: &[OsString]| {
        script.push_str(&shell_line(command));
        script.push('\n');
    };
    run(&["cp".into(), variables.into(), FIRMWARE_VARIABLES.into()]);
    run(&["chmod".into(), "u+w".into(), FIRMWARE_VARIABLES.into()]);
    let mut again = machine.clone();
    again.console = ConsoleTo::Terminal;
    // Relative to the directory of the script's own.
    again.firmware_variables = PathBuf::from(FIRMWARE_VARIABLES);
    for (number, drive) in again.drives.iter_mut().enumerate() {
        if let Drive::Overlay { file, image, size } = drive {
            *file = PathBuf::from(overlay_name(number));
            run(&overlay_command(qemu_img, image, file, *size));
        }
    }
    run(&[vec![qemu.into()], again.arguments()].concat());
    script
}

/// The command that makes an overlay.
pub fn overlay_command(qemu_img: &Path, image: &Path, overlay: &Path, size: u64) -> Vec<OsString> {
    let mut command: Vec<OsString> = vec![qemu_img.into()];
    command.extend(["create", "-q", "-f", "qcow2", "-F", "raw", "-b"].map(OsString::from));
    command.extend([image.into(), overlay.into(), size.to_string().into()]);
    command
}
