//! What defines the services of a system: `services.json`, from which a switch of the running system tells which of them
//! have changed.
//!
//! What rc(8) starts is a *script* of rc.d. A declared service has some, or none; a script of the world that no service
//! names runs as well, and settings of `rc.conf` may change it. So the file has both: the services by all that they bring,
//! and every script that does something, with whether rc starts it.

mod rc_script;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use super::{
    SystemError,
    forest::{Forest, Node},
    ready,
    spec::{Content, RcScript, Service, Spec, WhenChanged},
};
use crate::{
    hash::Sha256,
    store_path::{HASH_PART_LEN, STORE_DIR, StorePath},
};
use rc_script::Script as Text;

/// Where it lies in a closure.
pub const FILE: &str = "services.json";

/// The version of its format.
pub const VERSION: u32 = 1;

/// Where scripts lie that are not below `/etc`.
const LOCAL_SCRIPTS: &str = "/usr/local/etc/rc.d/";

/// Scripts that belong to no service: a switch runs them itself.
const OWN_SCRIPTS: &[&str] = &[ready::SCRIPT_NAME];

/// What makes up a thing, by what people call the parts: `rc.conf NAME` with its value; the path of a file, or
/// `activation step NAME`, with a digest or the place in the store.
pub type Definition = BTreeMap<String, String>;

/// The services of a system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Services {
    pub version: u32,
    /// Those that are declared, in their order.
    pub services: Vec<Declared>,
    /// Scripts of rc.d that do something, by name.
    pub scripts: BTreeMap<String, Script>,
    /// Settings of `rc.conf` of which no name tells what script reads them.
    pub settings: Definition,
}

/// A declared service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Declared {
    pub name: String,
    /// The scripts that it runs by.
    pub scripts: Vec<String>,
    pub definition: Definition,
    /// The store items that the definition names.
    pub references: BTreeSet<StorePath>,
}

impl Declared {
    /// Whether a script comes with the service, and not with the world.
    pub fn brings(&self, script: &str) -> bool {
        let paths = [format!("/etc/rc.d/{script}"), format!("{LOCAL_SCRIPTS}{script}")];
        paths.iter().any(|path| self.definition.contains_key(path))
    }
}

/// A script of rc.d.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Script {
    /// Whether rc starts it.
    pub enabled: bool,
    /// Whether it starts a program.
    #[serde(default)]
    pub daemon: bool,
    /// Whether that writes down its number, as what keeps running does.
    #[serde(default)]
    pub pid_file: bool,
    pub when_changed: WhenChanged,
    /// The settings that begin with its name, but for those of a service that has scripts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub definition: Definition,
}

/// Finds out about the services of a system whose `/etc` is `etc`. `settings`: all of `rc.conf`, the last of a name counts.
/// `physical` says where an absolute path of the store lies.
pub fn of(
    spec: &Spec,
    etc: &Forest,
    settings: &[(String, String)],
    physical: &dyn Fn(&str) -> PathBuf,
) -> Result<Services, SystemError> {
    let settings: BTreeMap<&str, &str> =
        settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let texts = texts(spec, etc, physical)?;
    let defaults = match etc.get("defaults/rc.conf")? {
        Some(node) => text_of(&node, physical)?,
        None => None,
    };
    let defaults = rc_script::settings(defaults.as_deref().unwrap_or_default());
    let mut services: Vec<Declared> =
        spec.services.iter().map(|service| declared(spec, service, &settings)).collect();
    let mut scripts: BTreeMap<String, Script> = texts
        .iter()
        .filter(|(_, text)| text.does_something())
        .map(|(name, text)| {
            let value =
                |variable: &str| settings.get(variable).copied().or_else(|| defaults.get(variable).copied());
            let script = Script {
                enabled: text.is_enabled(&value),
                daemon: text.has_command(),
                pid_file: text.has_pid_file(),
                when_changed: when_changed(name, text, &spec.services),
                definition: Definition::new(),
            };
            (name.clone(), script)
        })
        .collect();
    for service in &mut services {
        service.scripts.retain(|name| scripts.contains_key(name));
    }
    let owned: BTreeSet<&String> = services
        .iter()
        .filter(|service| !service.scripts.is_empty())
        .flat_map(|service| service.definition.keys())
        .collect();
    let mut left = Definition::new();
    for (name, value) in settings {
        let key = setting(name);
        if owned.contains(&key) {
            continue;
        }
        let reader = texts.iter().filter(|(script, text)| scripts.contains_key(*script) && text.reads(name));
        let reader =
            reader.max_by_key(|(_, text)| text.name().len()).and_then(|(name, _)| scripts.get_mut(name));
        reader.map_or(&mut left, |script| &mut script.definition).insert(key, value.to_owned());
    }
    Ok(Services { version: VERSION, services, scripts, settings: left })
}

/// The scripts of the system by name.
fn texts(
    spec: &Spec,
    etc: &Forest,
    physical: &dyn Fn(&str) -> PathBuf,
) -> Result<BTreeMap<String, Text>, SystemError> {
    let mut texts = BTreeMap::new();
    let mut add = |name: &str, node: &Node| -> Result<(), SystemError> {
        if !OWN_SCRIPTS.contains(&name)
            && let Some(text) = text_of(node, physical)?
        {
            texts.insert(name.to_owned(), Text::parse(name, &text));
        }
        Ok(())
    };
    for name in etc.names_in("rc.d") {
        if let Some(node) = etc.get(&format!("rc.d/{name}"))? {
            add(name, &node)?;
        }
    }
    for file in &spec.special_files {
        if let Some(name) = file.path.strip_prefix(LOCAL_SCRIPTS) {
            add(name, &file.content.node(file.executable))?;
        }
    }
    Ok(texts)
}

/// The text of a file, if it is one that is there.
fn text_of(node: &Node, physical: &dyn Fn(&str) -> PathBuf) -> Result<Option<String>, SystemError> {
    match node {
        Node::File { contents, .. } => Ok(Some(contents.clone())),
        Node::Link(target) if target.starts_with(STORE_DIR) => {
            let path = physical(target);
            match fs::read(&path) {
                Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
                Err(_) if !path.is_file() => Ok(None),
                Err(source) => Err(SystemError::Read { path, source }),
            }
        }
        Node::Link(_) | Node::Directory(_) | Node::Tree(_) => Ok(None),
    }
}

/// What a declared service brings into the system.
fn declared(spec: &Spec, service: &Service, settings: &BTreeMap<&str, &str>) -> Declared {
    let mut parts = Parts::default();
    for name in &service.rc_conf {
        if let Some(value) = settings.get(name.as_str()) {
            parts.add(setting(name), value, (*value).to_owned());
        }
    }
    for file in spec.etc.iter().filter(|file| service.etc.contains(&file.path)) {
        parts.add_file(format!("/etc/{}", file.path), &file.content, file.executable);
    }
    for file in spec.special_files.iter().filter(|file| service.special_files.contains(&file.path)) {
        parts.add_file(file.path.clone(), &file.content, file.executable);
    }
    for step in spec.activation.iter().filter(|step| service.activation.contains(&step.name)) {
        parts.add(format!("activation step {}", step.name), &step.script, digest(&step.script));
    }
    let Parts { definition, references } = parts;
    let scripts = scripts_of(service).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect();
    Declared { name: service.name.clone(), scripts, definition, references }
}

/// The names of the scripts that a service names, and of those that it brings along.
fn scripts_of(service: &Service) -> impl Iterator<Item = &str> {
    let named = service.rc_scripts.iter().map(|script| script.name.as_str());
    let below_etc = service.etc.iter().filter_map(|path| path.strip_prefix("rc.d/"));
    let local = service.special_files.iter().filter_map(|path| path.strip_prefix(LOCAL_SCRIPTS));
    named.chain(below_etc).chain(local)
}

/// What is done with a script whose service changes: the most careful of what services say, or else what suits it.
fn when_changed(name: &str, text: &Text, services: &[Service]) -> WhenChanged {
    let said = services.iter().flat_map(|service| &service.rc_scripts);
    let said =
        said.filter(|script| script.name == name).map(|RcScript { when_changed, .. }| *when_changed).max();
    let is_brought = || services.iter().any(|service| scripts_of(service).any(|own| own == name));
    said.unwrap_or_else(|| if is_brought() { WhenChanged::Restart } else { text.when_changed() })
}

/// What people call a setting of `rc.conf`.
fn setting(name: &str) -> String {
    format!("rc.conf {name}")
}

fn digest(text: &str) -> String {
    format!("sha256:{}", Sha256::of(text).hex())
}

/// A definition on its way.
#[derive(Default)]
struct Parts {
    definition: Definition,
    references: BTreeSet<StorePath>,
}

impl Parts {
    /// Adds a part with what stands for it. `text` is looked through for store paths.
    fn add(&mut self, name: String, text: &str, value: String) {
        self.references.extend(store_paths(text));
        self.definition.insert(name, value);
    }

    fn add_file(&mut self, path: String, content: &Content, executable: bool) {
        match content {
            Content::Text(text) => {
                let executable = if executable { ", executable" } else { "" };
                self.add(path, text, digest(text) + executable);
            }
            Content::Source(source) => self.add(path, source, source.clone()),
        }
    }
}

/// The store paths that stand in a text.
fn store_paths(text: &str) -> impl Iterator<Item = StorePath> {
    let after = text.split(STORE_DIR).skip(1);
    after.filter_map(|rest| {
        let rest = rest.strip_prefix('/')?;
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || "+-._?=".contains(c);
        let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        // A full stop may be the end of a sentence.
        let name = rest[..end].trim_end_matches('.');
        (name.len() > HASH_PART_LEN).then(|| StorePath::from_base_name(name).ok())?
    })
}

#[cfg(test)]
mod tests;
