//! The EFI system partition of the disk that the root file system is on.

use std::path::Path;

use super::{InstallError, Programs};

/// One, by the name of its device.
#[derive(Debug)]
pub struct Esp {
    device: String,
}

/// Finds it.
pub fn find(programs: &dyn Programs) -> Result<Esp, InstallError> {
    let mounts = programs.run("mount", &["-p"])?;
    let root = mounts.lines().find_map(|line| {
        let mut fields = line.split_whitespace();
        let device = fields.next()?;
        (fields.next()? == "/").then(|| device.to_owned())
    });
    let root = root.unwrap_or_default();
    let providers = programs.run("sysctl", &["-n", "kern.geom.conftxt"])?;
    match partition_beside(&providers, root.trim_start_matches("/dev/")) {
        Some(name) => Ok(Esp { device: format!("/dev/{name}") }),
        None => Err(InstallError::NoEsp { root }),
    }
}

/// The partition of type efi on the disk that carries `root`. In the kernel's list of providers each stands below the one
/// that it is made of: `LEVEL CLASS NAME SIZE SECTORSIZE`, and of a partition `… ty TYPE`.
fn partition_beside<'a>(providers: &'a str, root: &str) -> Option<&'a str> {
    let (mut esp, mut carries_root) = (None, false);
    for line in providers.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        let [level, _, name, ..] = words[..] else { continue };
        if level == "0" {
            if carries_root && esp.is_some() {
                break;
            }
            (esp, carries_root) = (None, false);
        }
        carries_root |= name == root;
        if words.windows(2).any(|pair| pair == ["ty", "efi"]) {
            esp = Some(name);
        }
    }
    esp.filter(|_| carries_root)
}

impl Esp {
    /// Does something while it is mounted, which writes it out in the end.
    pub fn mounted_on(
        &self,
        mount_point: &Path,
        programs: &dyn Programs,
        work: impl FnOnce(&Path) -> Result<(), InstallError>,
    ) -> Result<(), InstallError> {
        let place = mount_point.to_string_lossy();
        programs.run("mount_msdosfs", &[&self.device, &place])?;
        let done = work(mount_point);
        let unmounted = programs.run("umount", &[&place]);
        done.and(unmounted.map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROVIDERS: &str = "\
0 DISK vtbd1 1000 512 hd 16 sc 63
1 PART vtbd1p1 100 512 i 1 o 20 ty efi xs GPT xt c12a
0 DISK vtbd0 419430400 512 hd 16 sc 63
1 PART vtbd0p2 342 512 i 2 o 67 ty freebsd-ufs xs GPT xt 516e
2 LABEL gpt/fruix-root 342 512 i 0 o 0
1 PART vtbd0p1 67 512 i 1 o 10 ty efi xs GPT xt c12a
0 DISK cd0 0 2048
";

    #[test]
    fn it_is_that_of_the_same_disk() {
        assert_eq!(partition_beside(PROVIDERS, "gpt/fruix-root"), Some("vtbd0p1"));
        assert_eq!(partition_beside(PROVIDERS, "vtbd1p1"), Some("vtbd1p1"));
        assert_eq!(partition_beside(PROVIDERS, "cd0"), None);
        assert_eq!(partition_beside(PROVIDERS, "gpt/other"), None);
    }
}
