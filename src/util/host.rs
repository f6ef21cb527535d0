//! The machine Fruix runs on: where its programs are, and how its packages are installed.

use std::{
    env,
    ffi::OsString,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Where to look for programs and files of the host; tests look elsewhere than the real one.
#[derive(Debug, Clone)]
pub struct Host {
    /// Directories of programs, as in the variable `PATH`.
    pub path: OsString,
    /// What stands for `/` when files of packages are looked up.
    pub root: PathBuf,
    /// The operating system, as `std::env::consts::OS` names it.
    pub os: &'static str,
}

impl Host {
    /// The machine this process runs on.
    pub fn this() -> Self {
        Self { path: env::var_os("PATH").unwrap_or_default(), root: PathBuf::from("/"), os: env::consts::OS }
    }

    /// The first executable file called `name` in a directory of `PATH`.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        env::split_paths(&self.path)
            .filter(|directory| !directory.as_os_str().is_empty())
            .map(|directory| directory.join(name))
            .find(|path| is_executable(path))
    }

    /// The first of the files that exists; their names are absolute.
    pub fn file(&self, candidates: &[&str]) -> Option<PathBuf> {
        candidates.iter().map(|name| self.below_root(name)).find(|path| path.is_file())
    }

    /// Where an absolute path of the host really lies.
    pub fn below_root(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The command that installs packages here, or `None` when there is nothing to install.
    pub fn install_command(&self, packages: &[Package]) -> Option<String> {
        self.install_command_for(self.package_names(packages))
    }

    /// The command that installs packages by the names they have here.
    pub fn install_command_for(&self, names: Vec<&str>) -> Option<String> {
        let installer = if self.os == "freebsd" { "pkg install" } else { "sudo apt-get install" };
        (!names.is_empty()).then(|| format!("{installer} {}", names.join(" ")))
    }

    /// The names packages have here, each once; those that the system has anyway are left out.
    pub fn package_names(&self, packages: &[Package]) -> Vec<&'static str> {
        let mut names = Vec::new();
        for package in packages {
            let name = if self.os == "freebsd" { package.freebsd } else { package.debian };
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// A package under the names it has on the systems Fruix knows; empty where none is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Package {
    pub debian: &'static str,
    pub freebsd: &'static str,
}

fn is_executable(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const QEMU: Package = Package { debian: "qemu-system-x86", freebsd: "qemu" };
    const SSH: Package = Package { debian: "openssh-client", freebsd: "" };

    #[test]
    fn programs_are_executable_files_of_the_first_directory_that_has_one() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(first.path().join("tool"), "").unwrap();
        fs::write(second.path().join("tool"), "").unwrap();
        fs::set_permissions(second.path().join("tool"), fs::Permissions::from_mode(0o755)).unwrap();
        let path = env::join_paths([first.path(), second.path()]).unwrap();
        let host = Host { path, root: "/".into(), os: "linux" };
        assert_eq!(host.program("tool"), Some(second.path().join("tool")));
        assert_eq!(host.program("other"), None);
    }

    #[test]
    fn an_empty_path_has_no_programs() {
        let host = Host { path: OsString::new(), root: "/".into(), os: "linux" };
        assert_eq!(host.program("sh"), None);
    }

    #[test]
    fn install_commands_name_each_package_once() {
        let on = |os| Host { path: OsString::new(), root: "/".into(), os };
        assert_eq!(
            on("linux").install_command(&[QEMU, SSH, QEMU]).as_deref(),
            Some("sudo apt-get install qemu-system-x86 openssh-client")
        );
        assert_eq!(on("freebsd").install_command(&[QEMU, SSH]).as_deref(), Some("pkg install qemu"));
        assert_eq!(on("freebsd").install_command(&[SSH]), None);
    }
}
