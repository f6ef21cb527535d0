//! UEFI firmware for QEMU: a code image and the template of its variables, from the host's packages.

use std::path::PathBuf;

use crate::util::host::Host;

use super::{FIRMWARE_PACKAGE, VmError, requirements::advice};

/// Pairs of code and variables by where systems put them, preferred first: Debian and Ubuntu, FreeBSD, Fedora,
/// Arch. Images with Secure Boot enforced are left out: they start only signed loaders.
const PLACES: &[(&str, &str)] = &[
    ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
    ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    (
        "/usr/local/share/edk2-qemu/QEMU_UEFI_CODE-x86_64.fd",
        "/usr/local/share/edk2-qemu/QEMU_UEFI_VARS-x86_64.fd",
    ),
    ("/usr/local/share/qemu/edk2-x86_64-code.fd", "/usr/local/share/qemu/edk2-i386-vars.fd"),
    ("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
    ("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
];

/// The firmware's two images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firmware {
    /// Mapped read-only.
    pub code: PathBuf,
    /// The template; each run writes to a copy of its own.
    pub variables: PathBuf,
}

impl Firmware {
    /// The firmware this host has.
    pub fn find(host: &Host) -> Result<Self, VmError> {
        for (code, variables) in PLACES {
            if let (Some(code), Some(variables)) = (host.file(&[*code]), host.file(&[*variables])) {
                return Ok(Self { code, variables });
            }
        }
        let looked_for = PLACES.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(", ");
        Err(VmError::FirmwareMissing { looked_for, install: advice(host, FIRMWARE_PACKAGE) })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn half_a_pair_is_no_firmware_and_the_first_whole_one_wins() {
        let root = tempfile::tempdir().unwrap();
        let host = Host { path: "".into(), root: root.path().into(), os: "linux" };
        let touch = |name: &str| {
            let path = host.below_root(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        };
        touch("/usr/share/OVMF/OVMF_CODE_4M.fd");
        let error = Firmware::find(&host).unwrap_err();
        assert!(matches!(error, VmError::FirmwareMissing { .. }), "{error}");
        assert_eq!(
            miette::Diagnostic::help(&error).unwrap().to_string(),
            "install it: sudo apt-get install ovmf"
        );
        touch("/usr/share/OVMF/OVMF_CODE.fd");
        touch("/usr/share/OVMF/OVMF_VARS.fd");
        let found = Firmware::find(&host).unwrap();
        assert_eq!(found.code, host.below_root("/usr/share/OVMF/OVMF_CODE.fd"));
    }
}
