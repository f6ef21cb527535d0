//! The files of a system by what they hold, whatever items they lie in.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::{DifferenceError, Facts};
use crate::hash::Sha256;
use crate::store::Layout;
use crate::store_path::STORE_DIR;

/// What of a closure holds files, and where a machine has them.
const PLACES: [(&str, &str); 3] = [("etc", "/etc"), ("files", ""), ("activation/steps", "activation:")];

/// How many links may follow each other, as for the kernel.
const LONGEST_CHAIN: u32 = 32;

/// Paths with digests.
pub fn of(layout: &Layout, closure: &Path) -> Result<Facts, DifferenceError> {
    let mut facts = Facts::new();
    for (place, name) in PLACES {
        add(layout, &closure.join(place), name, LONGEST_CHAIN, &mut facts)?;
    }
    Ok(facts)
}

/// Adds what is at `path`, and below it. `links`: how many may still be followed.
fn add(
    layout: &Layout,
    path: &Path,
    name: &str,
    links: u32,
    facts: &mut Facts,
) -> Result<(), DifferenceError> {
    let wrong = |source| DifferenceError::Read { path: path.to_owned(), source };
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(wrong(error)),
    };
    if metadata.is_symlink() {
        let target = fs::read_link(path).map_err(wrong)?;
        return match in_store(layout, path, &target).filter(|_| links > 0) {
            Some(inside) => add(layout, &inside, name, links - 1, facts),
            None => {
                facts.insert(name.to_owned(), format!("link to {}", target.display()));
                Ok(())
            }
        };
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path).map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            let below = format!("{name}/{}", entry.file_name().to_string_lossy());
            add(layout, &entry.path(), &below, links, facts)?;
        }
        return Ok(());
    }
    let digest = Sha256::of(fs::read(path).map_err(wrong)?).hex();
    let executable = if metadata.permissions().mode() & 0o111 != 0 { ", executable" } else { "" };
    facts.insert(name.to_owned(), format!("sha256:{digest}{executable}"));
    Ok(())
}

/// Where the target of a link lies, if it leads into the store.
fn in_store(layout: &Layout, link: &Path, target: &Path) -> Option<PathBuf> {
    if target.is_relative() {
        return Some(link.parent()?.join(target));
    }
    let below = target.strip_prefix(STORE_DIR).ok()?;
    Some(layout.store_dir().join(below))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn files_are_what_they_hold_and_links_are_followed_in_the_store_alone() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(root.path()).unwrap();
        let closure = layout.store_dir().join("abc-system");
        let item = layout.store_dir().join("abc-item");
        fs::create_dir_all(closure.join("etc/ssh")).unwrap();
        fs::create_dir_all(item.join("rc.d")).unwrap();
        fs::write(closure.join("etc/ssh/sshd_config"), "Port 22\n").unwrap();
        fs::write(item.join("rc.d/sshd"), "#!/bin/sh\n").unwrap();
        fs::set_permissions(item.join("rc.d/sshd"), fs::Permissions::from_mode(0o555)).unwrap();
        symlink("/frx/store/abc-item/rc.d", closure.join("etc/rc.d")).unwrap();
        symlink("/usr/share/zoneinfo/UTC", closure.join("etc/localtime")).unwrap();
        symlink("turn", closure.join("etc/turn")).unwrap();
        let facts = of(&layout, &closure).unwrap();
        let names: Vec<_> = facts.keys().map(String::as_str).collect();
        assert_eq!(names, ["/etc/localtime", "/etc/rc.d/sshd", "/etc/ssh/sshd_config", "/etc/turn"]);
        assert_eq!(facts["/etc/localtime"], "link to /usr/share/zoneinfo/UTC");
        assert!(facts["/etc/rc.d/sshd"].ends_with(", executable"));
        assert_eq!(facts["/etc/ssh/sshd_config"], format!("sha256:{}", Sha256::of("Port 22\n").hex()));
        assert_eq!(facts["/etc/turn"], "link to turn");
    }
}
