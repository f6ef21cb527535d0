//! What a run needs of this machine: to be asked before the work that a run comes after, which may take an hour.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use crate::util::host::{Host, Package};

use super::{Firmware, QEMU, QEMU_IMG, QEMU_IMG_PACKAGE, QEMU_PACKAGE, Ssh, VmError, run_dir, ssh};

/// What is known of a run before its disk is there.
#[derive(Debug, Clone, Default)]
pub struct Requirements<'a> {
    pub ssh: Option<Ssh>,
    /// Whether the disk is to be larger than its file.
    pub larger_disk: bool,
    pub extra_disks: &'a [PathBuf],
    /// Where the run's files will go, if the user chose it.
    pub run_dir: Option<&'a Path>,
}

impl Requirements<'_> {
    /// Fails with what `host` lacks.
    pub fn check(&self, host: &Host) -> Result<(), VmError> {
        program(host, QEMU, QEMU_PACKAGE)?;
        Firmware::find(host)?;
        if self.larger_disk {
            program(host, QEMU_IMG, QEMU_IMG_PACKAGE)?;
        }
        if let Some(wanted) = &self.ssh {
            ssh::check(host, wanted)?;
        }
        for path in self.extra_disks {
            File::open(path).map_err(|source| VmError::Disk { path: path.clone(), source })?;
        }
        self.run_dir.map_or(Ok(()), run_dir::check)
    }
}

/// Where a program is.
pub fn program(host: &Host, name: &str, package: Package) -> Result<PathBuf, VmError> {
    let missing = || VmError::ProgramMissing { program: name.into(), install: advice(host, package) };
    host.program(name).ok_or_else(missing)
}

/// How to get what a package brings, where one does.
pub fn advice(host: &Host, package: Package) -> Option<String> {
    host.install_command(&[package]).map(|command| format!("install it: {command}"))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    /// A host with firmware and these programs.
    fn host(root: &Path, programs: &[&str]) -> Host {
        let firmware = root.join("usr/share/OVMF");
        fs::create_dir_all(&firmware).unwrap();
        for file in ["OVMF_CODE.fd", "OVMF_VARS.fd"] {
            fs::write(firmware.join(file), "").unwrap();
        }
        for program in programs {
            fs::write(root.join(program), "").unwrap();
            fs::set_permissions(root.join(program), fs::Permissions::from_mode(0o755)).unwrap();
        }
        Host { path: root.into(), root: root.into(), os: "linux" }
    }

    #[test]
    fn everything_that_was_asked_for_is_looked_for() {
        let root = tempfile::tempdir().unwrap();
        let host = host(root.path(), &[QEMU]);
        assert!(Requirements::default().check(&host).is_ok());
        let refused = |requirements: Requirements<'_>| requirements.check(&host).unwrap_err().to_string();
        let larger = Requirements { larger_disk: true, ..Requirements::default() };
        assert!(refused(larger).contains("`qemu-img`"));
        let ssh = Ssh { user: "root".into(), identity: Some("/no/such/key".into()), commands: Vec::new() };
        let with_ssh = Requirements { ssh: Some(ssh), ..Requirements::default() };
        assert!(refused(with_ssh.clone()).contains("`ssh`"));
        fs::copy(root.path().join(QEMU), root.path().join("ssh")).unwrap();
        assert!(refused(with_ssh).contains("/no/such/key"));
        let disks = [PathBuf::from("/no/such/disk")];
        let attached = Requirements { extra_disks: &disks, ..Requirements::default() };
        assert!(refused(attached).contains("/no/such/disk"));
        let file = root.path().join(QEMU);
        for place in [&file, &file.join("below")] {
            let elsewhere = Requirements { run_dir: Some(place), ..Requirements::default() };
            assert!(refused(elsewhere).contains("run directory"));
        }
        let fine = root.path().join("a/b");
        let new = Requirements { run_dir: Some(&fine), ..Requirements::default() };
        assert!(new.check(&host).is_ok() && !fine.exists());
    }
}
