//! Files that a declaration puts outside of `/etc`.
//!
//! The closure holds them below `files/`, at the paths that they have on the running system. There they are links to
//! `/run/current-system/files/…`, which stay right when the current system changes.

use super::{
    SystemError,
    forest::{Forest, Node},
    manifest::{Entry, Kind, Manifest},
    spec::{Content, SpecialFile},
};

/// Where the closure has them.
pub const DIRECTORY: &str = "files";

/// The mode of directories that are made for them.
const DIRECTORY_MODE: u32 = 0o755;

impl Content {
    /// The content as an entry of a forest.
    pub fn node(&self, executable: bool) -> Node {
        match self {
            Self::Text(text) => Node::File { contents: text.clone(), executable },
            Self::Source(source) => Node::Link(source.clone()),
        }
    }
}

/// Adds the files to the closure, and the links to them to the manifest of the root.
pub fn add(files: &[SpecialFile], closure: &mut Forest, root: &mut Manifest) -> Result<(), SystemError> {
    for file in files {
        let path = relative(&file.path)?;
        make_parents(path, file, root)?;
        let link = Entry::link(format!("/run/current-system/{DIRECTORY}/{path}"));
        if root.contains(path) {
            return Err(SystemError::Conflict { path: path.to_owned() });
        }
        root.insert(path, link);
        closure.add(&format!("{DIRECTORY}/{path}"), file.content.node(file.executable))?;
    }
    Ok(())
}

/// The path without its leading `/`.
fn relative(path: &str) -> Result<&str, SystemError> {
    let odd = |part: &str| part.is_empty() || part == "." || part == "..";
    path.strip_prefix('/')
        .filter(|path| !path.split('/').any(odd) && !path.starts_with("etc/") && *path != "etc")
        .ok_or_else(|| SystemError::SpecialPath { path: path.to_owned() })
}

/// Makes sure that all that the file lies in is a real directory of the machine.
fn make_parents(path: &str, file: &SpecialFile, root: &mut Manifest) -> Result<(), SystemError> {
    for (end, _) in path.match_indices('/') {
        let parent = &path[..end];
        match root.get(parent).map(|entry| &entry.kind) {
            Some(Kind::Directory) => {}
            None => root.insert(parent, Entry::directory(DIRECTORY_MODE)),
            Some(Kind::Link(_) | Kind::Copy(_)) => {
                let (path, directory) = (file.path.clone(), parent.to_owned());
                return Err(SystemError::SpecialInWorld { path, directory });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<SpecialFile> {
        let file = |path: &&str| SpecialFile {
            path: (*path).to_owned(),
            content: Content::Source("/frx/store/x".to_owned()),
            executable: false,
        };
        paths.iter().map(file).collect()
    }

    fn root() -> Manifest {
        let mut root = Manifest::default();
        root.insert("usr", Entry::directory(0o755));
        root.insert("usr/bin", Entry::link("/run/current-system/profile/usr/bin"));
        root
    }

    #[test]
    fn links_and_their_directories_are_made() {
        let (mut closure, mut root) = (Forest::default(), root());
        add(&files(&["/usr/local/etc/a", "/usr/local/b"]), &mut closure, &mut root).unwrap();
        let target = Kind::Link("/run/current-system/files/usr/local/etc/a".to_owned());
        assert_eq!(root.get("usr/local/etc/a").unwrap().kind, target);
        assert_eq!(root.get("usr/local/etc").unwrap().kind, Kind::Directory);
        let link = closure.get("files/usr/local/b").unwrap();
        assert_eq!(link, Some(Node::Link("/frx/store/x".to_owned())));
    }

    #[test]
    fn what_belongs_to_others_is_refused() {
        let error = |paths: &[&str]| add(&files(paths), &mut Forest::default(), &mut root()).unwrap_err();
        assert!(matches!(error(&["/usr/bin/a"]), SystemError::SpecialInWorld { .. }));
        assert!(matches!(error(&["/usr/bin"]), SystemError::Conflict { .. }));
        assert!(matches!(error(&["/a", "/a"]), SystemError::Conflict { .. }));
        assert!(matches!(error(&["/a", "/a/b"]), SystemError::SpecialInWorld { .. }));
        for path in ["a", "/etc/a", "/a/../b", "/a//b", "/"] {
            assert!(matches!(error(&[path]), SystemError::SpecialPath { .. }), "{path}");
        }
    }
}
