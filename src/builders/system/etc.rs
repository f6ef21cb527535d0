//! The `etc` of a system: that of the world, with generated files in their places.

use std::{collections::BTreeSet, path::PathBuf};

use super::{
    SystemError, accounts,
    forest::{Forest, Node, Origin},
    ready, report, settings,
    spec::Spec,
};

/// Files of a world's `etc` that the running system writes, or has of its own: never links to the store.
const MACHINE_OWN: &[&str] = &[
    "dumpdates",
    "group",
    "hostid",
    "localtime",
    "machine-id",
    "master.passwd",
    "motd",
    "passwd",
    "pwd.db",
    "rc.conf",
    "resolv.conf",
    "spwd.db",
];

/// Files that have to be regular ones: FreeBSD refuses a link for reasons of security.
const COPIED: &[&str] = &["login.conf"];

/// Where a world has its time zones.
const ZONEINFO: &str = "/usr/share/zoneinfo";

/// The forest of `etc`, and the paths in it that `/etc` has: relative to it, and sorted.
pub struct Etc {
    pub forest: Forest,
    /// Directories that `/etc` has as such, parents before children.
    pub directories: Vec<String>,
    /// What `/etc` links to.
    pub links: Vec<String>,
    /// What `/etc` has copies of.
    pub copies: Vec<String>,
}

/// Puts the `etc` of the system together.
///
/// `physical` says where an absolute path of the store lies.
pub fn assemble(spec: &Spec, physical: &dyn Fn(&str) -> PathBuf) -> Result<Etc, SystemError> {
    let logical = format!("{}/etc", spec.world);
    let mut forest = Forest::of(&Origin { physical: physical(&logical), logical })?;
    for name in MACHINE_OWN {
        forest.remove(name)?;
    }
    for (path, contents) in generated(spec, physical)? {
        forest.replace(&path, Node::File { contents, executable: false })?;
    }
    if spec.timezone != "UTC" {
        let zone = format!("{ZONEINFO}/{}", spec.timezone);
        if !physical(&format!("{}{zone}", spec.world)).is_file() {
            return Err(SystemError::TimeZone { name: spec.timezone.clone() });
        }
        forest.replace("localtime", Node::Link(zone))?;
    }
    let ready = Node::File { contents: ready::script(spec), executable: true };
    forest.replace(&format!("rc.d/{}", ready::SCRIPT_NAME), ready)?;
    let mut declared = BTreeSet::new();
    for file in &spec.etc {
        check_path(&file.path)?;
        if is_of_fruix(&file.path) {
            return Err(SystemError::OwnFile { path: format!("etc/{}", file.path) });
        }
        if !declared.insert(&file.path) {
            return Err(SystemError::Conflict { path: format!("etc/{}", file.path) });
        }
        if let Some(Node::Directory(_) | Node::Tree(_)) = forest.get(&file.path)? {
            return Err(SystemError::DirectoryInPlace { path: format!("etc/{}", file.path) });
        }
        forest.replace(&file.path, file.content.node(file.executable))?;
        // The world's database of a file is not that of another one in its place.
        forest.remove(&format!("{}.db", file.path))?;
    }
    let directories = open(&mut forest, &spec.etc_directories)?;
    let mut links = links(&forest, &directories)?;
    let copies = links.extract_if(.., |path| COPIED.contains(&path.as_str())).collect();
    Ok(Etc { forest, directories: directories.into_iter().collect(), links, copies })
}

/// Whether a file is one by which a system finds out whether it is up. With another one in its place it would not, and nobody
/// would notice.
fn is_of_fruix(path: &str) -> bool {
    path == report::HOOK
        || path.strip_prefix("rc.d/") == Some(ready::SCRIPT_NAME)
        || path.starts_with("fruix/")
}

/// Accepts the path of something below `/etc`, relative to it. Activation reads such paths as words.
fn check_path(path: &str) -> Result<(), SystemError> {
    let fits = path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(char::is_whitespace)
        && !path.contains(char::is_control);
    if fits { Ok(()) } else { Err(SystemError::EtcPath { path: path.to_owned() }) }
}

/// The settings of `rc.conf`, in order.
pub fn rc_conf(spec: &Spec) -> Vec<(String, String)> {
    let host_name = ("hostname".to_owned(), spec.host_name.clone());
    [host_name].into_iter().chain(spec.rc_conf.iter().cloned()).collect()
}

/// The files made from the declaration, by their path.
fn generated(spec: &Spec, physical: &dyn Fn(&str) -> PathBuf) -> Result<Vec<(String, String)>, SystemError> {
    let mut files = vec![
        ("rc.conf".to_owned(), settings::rc_conf(&rc_conf(spec))?),
        ("fstab".to_owned(), settings::fstab(&spec.file_systems)),
        ("fruix/ready-checks".to_owned(), ready::checks(spec)?),
        (report::HOOK.to_owned(), report::SCRIPT.to_owned()),
    ];
    for (user, keys) in accounts::authorized_keys(spec, physical)? {
        files.push((format!("ssh/authorized_keys.d/{user}"), keys));
    }
    Ok(files)
}

/// Makes real directories of those named and of all above them.
fn open(forest: &mut Forest, named: &[String]) -> Result<BTreeSet<String>, SystemError> {
    let mut opened = BTreeSet::new();
    for path in named {
        check_path(path)?;
        let ends = path.match_indices('/').map(|(slash, _)| slash).chain([path.len()]);
        opened.extend(ends.map(|end| path[..end].to_owned()));
        forest.open(path)?;
    }
    Ok(opened)
}

/// The paths that `/etc` links to: everything at the top and in the real directories, but these.
fn links(forest: &Forest, directories: &BTreeSet<String>) -> Result<Vec<String>, SystemError> {
    let top = forest.names().map(str::to_owned);
    let below = directories.iter().flat_map(|directory| {
        forest.names_in(directory).into_iter().map(move |name| format!("{directory}/{name}"))
    });
    let links: BTreeSet<_> = top.chain(below).filter(|path| !directories.contains(path)).collect();
    links.iter().try_for_each(|path| check_path(path))?;
    Ok(links.into_iter().collect())
}
