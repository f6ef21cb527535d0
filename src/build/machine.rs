//! What the machine says it is, for records of what was built on it.

use std::fs;
use std::path::Path;

use crate::builders::system::provenance::world_version;
use crate::store::Machine;
use crate::sys::machine_name;

/// This machine, as far as it says.
pub fn this() -> Option<Machine> {
    Some(Machine { uname: machine_name()?, release: release(Path::new("/")) })
}

/// What is installed at `root`: a FreeBSD by its userland, else what os-release(5) calls it.
fn release(root: &Path) -> Option<String> {
    world_version(root).or_else(|| {
        let text = fs::read_to_string(root.join("etc/os-release")).ok()?;
        let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
        Some(name.trim().trim_matches(['"', '\'']).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_says_what_is_installed() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(release(root.path()), None);
        let put = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put("etc/os-release", "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        assert_eq!(release(root.path()).as_deref(), Some("Debian GNU/Linux 12 (bookworm)"));
        // FreeBSD has an os-release as well, which knows no patch level.
        put("bin/freebsd-version", "#!/bin/sh\nUSERLAND_VERSION=\"13.2-RELEASE-p3\"\n");
        assert_eq!(release(root.path()).as_deref(), Some("13.2-RELEASE-p3"));
        assert!(this().unwrap().uname.contains(std::env::consts::ARCH));
    }
}
