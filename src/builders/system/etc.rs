//! The `etc` of a system: that of the world, with generated files in their places.

use std::{collections::BTreeSet, fmt::Write, path::PathBuf};

use super::{
    SystemError, accounts,
    forest::{Forest, Node, Origin},
    settings,
    spec::{Content, Spec},
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

/// The rc.d script that says when the system is up.
const READY_SCRIPT: &str = include_str!("ready.sh");

/// The forest of `etc`, and the paths in it that `/etc` has: relative to it, and sorted.
pub struct Etc {
    pub forest: Forest,
    /// What `/etc` links to.
    pub links: Vec<String>,
    /// What `/etc` has copies of.
    pub copies: Vec<String>,
}

/// Puts the `etc` of the system together.
pub fn assemble(world: &Origin, spec: &Spec, physical: &dyn Fn(&str) -> PathBuf) -> Result<Etc, SystemError> {
    let mut forest = Forest::of(world)?;
    for name in MACHINE_OWN {
        forest.remove(name)?;
    }
    for (path, contents) in generated(spec, physical)? {
        forest.replace(&path, Node::File { contents, executable: false })?;
    }
    if spec.timezone != "UTC" {
        forest.replace("localtime", Node::Link(format!("/usr/share/zoneinfo/{}", spec.timezone)))?;
    }
    let ready = Node::File { contents: ready_script(spec), executable: true };
    forest.replace("rc.d/fruix_ready", ready)?;
    let mut declared = BTreeSet::new();
    for file in &spec.etc {
        if file.path.starts_with('/') || file.path.split('/').any(|part| part.is_empty() || part == "..") {
            return Err(SystemError::EtcPath { path: file.path.clone() });
        }
        if !declared.insert(&file.path) {
            return Err(SystemError::Conflict { path: format!("etc/{}", file.path) });
        }
        let node = match &file.content {
            Content::Text(text) => Node::File { contents: text.clone(), executable: file.executable },
            Content::Source(source) => Node::Link(source.clone()),
        };
        forest.replace(&file.path, node)?;
        // The world's database of a file is not that of another one in its place.
        forest.remove(&format!("{}.db", file.path))?;
    }
    let mut links = links(&mut forest, &spec.etc_directories)?;
    let copies = links.extract_if(.., |path| COPIED.contains(&path.as_str())).collect();
    Ok(Etc { forest, links, copies })
}

/// The files made from the declaration, by their path.
fn generated(spec: &Spec, physical: &dyn Fn(&str) -> PathBuf) -> Result<Vec<(String, String)>, SystemError> {
    let mut settings = vec![("hostname".to_owned(), spec.host_name.clone())];
    settings.extend(spec.rc_conf.iter().cloned());
    let mut files = vec![
        ("rc.conf".to_owned(), settings::rc_conf(&settings)?),
        ("fstab".to_owned(), settings::fstab(&spec.file_systems)),
        ("fruix/ready-checks".to_owned(), ready_checks(spec)?),
    ];
    for (user, keys) in accounts::authorized_keys(spec, physical)? {
        files.push((format!("ssh/authorized_keys.d/{user}"), keys));
    }
    Ok(files)
}

/// Lines `NAME<tab>COMMAND`, as `ready.sh` reads them.
fn ready_checks(spec: &Spec) -> Result<String, SystemError> {
    let mut text = String::new();
    for check in &spec.ready_checks {
        if check.name.contains(['\t', '\n', ' ']) || check.command.contains('\n') {
            return Err(SystemError::ReadyCheck { name: check.name.clone() });
        }
        let _ = writeln!(text, "{}\t{}", check.name, check.command);
    }
    Ok(text)
}

/// The script, made to run after everything that it waits for.
fn ready_script(spec: &Spec) -> String {
    let mut requires = vec!["LOGIN"];
    for script in spec.ready_checks.iter().flat_map(|check| &check.requires) {
        if !requires.contains(&script.as_str()) {
            requires.push(script);
        }
    }
    READY_SCRIPT.replace("@REQUIRE@", &requires.join(" "))
}

/// The paths that `/etc` links to: everything at the top, and what is in the directories that stay real.
fn links(forest: &mut Forest, real_directories: &[String]) -> Result<Vec<String>, SystemError> {
    let mut links: BTreeSet<String> = forest.names().map(str::to_owned).collect();
    for directory in real_directories {
        forest.open(directory)?;
        links.remove(directory);
        links.extend(forest.names_in(directory).iter().map(|name| format!("{directory}/{name}")));
    }
    Ok(links.into_iter().collect())
}
