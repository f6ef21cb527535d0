//! A bill of materials: what the documents of SPDX and CycloneDX have in common.
//!
//! Components are the items of the closure, the slices of the world, each with its own origin, and what all of them were
//! made from; what relates them are references, "is part of" and "was made from".

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Report, parts};
use crate::hash::Sha256;
use crate::store_path::StorePath;

/// The slices of the world that a base may take from elsewhere, each from another place.
const SLICES: [&str; 3] = ["userland", "libraries", "headers"];

/// The one of them that programs are built with, and no system has.
const HEADERS: &str = "headers";

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    System,
    /// Of the base: world, kernel, loader, and the slices of the world.
    Part,
    /// Any other item.
    Item,
    Source,
    Patch,
    Toolchain,
}

/// Where something can be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    Git { url: String, commit: String },
    File { url: String, sha256: Option<Sha256> },
}

/// One thing that a system consists of, or was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Letters, digits and `-`; no other component has it.
    pub id: String,
    pub kind: Kind,
    pub name: String,
    pub version: Option<String>,
    /// The digest of its contents: of an item, that of its NAR.
    pub digest: Option<Sha256>,
    pub location: Option<Location>,
    /// What else is known, by name.
    pub properties: BTreeMap<String, String>,
}

/// How one component relates to another, by their ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// The first needs the second to run.
    DependsOn(String, String),
    /// The first was made from the second.
    MadeFrom(String, String),
    /// The first was applied to the second.
    AppliedTo(String, String),
    /// The first made the second.
    ToolOf(String, String),
    /// The first is a part of the second.
    PartOf(String, String),
    /// The first is what programs are built with that are to run on the second.
    ForBuilding(String, String),
}

/// A system with all that it consists of.
#[derive(Debug)]
pub struct Bom {
    pub system: Component,
    pub components: Vec<Component>,
    pub relations: BTreeSet<Relation>,
}

impl Bom {
    /// That of a report.
    pub fn of(report: &Report) -> Self {
        let provenance = &report.provenance;
        let mut bom = Self {
            system: Component::new(item_id(&report.system), Kind::System, report.system.name()),
            components: Vec::new(),
            relations: BTreeSet::new(),
        };
        if let Some(label) = provenance["system"]["label"].as_str() {
            bom.system.name = label.to_owned();
        }
        bom.system.version = provenance["base"]["version"].as_str().map(str::to_owned);
        bom.system.note("storePath", &report.system.to_string());
        if let Some(digest) = provenance["declaration"]["sha256"].as_str() {
            bom.system.note("declarationSha256", digest);
        }
        bom.add_items(report);
        for (name, part) in parts(provenance).filter(|(name, _)| !SLICES.contains(&name.as_str())) {
            bom.add_part(name, part);
        }
        bom.add_slices(&provenance["base"]);
        bom
    }

    fn add_items(&mut self, report: &Report) {
        for item in &report.items {
            let id = item_id(&item.path);
            let depends = |reference: &StorePath| Relation::DependsOn(id.clone(), item_id(reference));
            self.relations.extend(item.references.iter().map(depends));
            if item.path == report.system {
                self.system.digest = Some(item.nar_hash);
                continue;
            }
            let mut component = Component::new(id, Kind::Item, item.path.name());
            component.digest = Some(item.nar_hash);
            component.note("storePath", &item.path.to_string());
            self.components.push(component);
        }
    }

    /// Adds what is known of a part to its item, and what it was made from.
    fn add_part(&mut self, name: &str, part: &Value) {
        let id = part_id(name, part);
        if !self.components.iter().any(|component| component.id == id) {
            self.components.push(Component::new(id.clone(), Kind::Part, name));
            self.relations.insert(Relation::DependsOn(self.system.id.clone(), id.clone()));
        }
        self.describe(&id, name, part);
    }

    /// Adds the slices of the world. What the base does not take from elsewhere is as the rest of the world.
    fn add_slices(&mut self, base: &Value) {
        let world = &base["world"];
        if !world["class"].is_string() {
            return;
        }
        let world_id = part_id("world", world);
        let of = |name: &str| if base[name]["class"].is_string() { &base[name] } else { world };
        for name in SLICES {
            let id = format!("slice-{name}");
            self.components.push(Component::new(id.clone(), Kind::Part, &format!("freebsd-{name}")));
            self.describe(&id, name, of(name));
            self.relations.insert(match name {
                HEADERS => Relation::ForBuilding(id, self.system.id.clone()),
                _ => Relation::PartOf(id, world_id.clone()),
            });
        }
        let is_mixed = SLICES.iter().any(|name| *name != HEADERS && of(name)["class"] != world["class"]);
        if let Some(whole) = self.component(&world_id).filter(|_| is_mixed) {
            whole.note("class", "mixed");
        }
    }

    /// Says of a component what is known of the part of the base that it is, and what that was made from.
    fn describe(&mut self, id: &str, name: &str, part: &Value) {
        let Some(component) = self.component(id) else { return };
        component.kind = Kind::Part;
        component.version = part["version"].as_str().map(str::to_owned);
        component.note("part", name);
        component.note_fields("", part, &["version", "source", "item", "url", "sha256", "patches"]);
        component.location = location(part);
        let id = id.to_owned();
        if let Some(source_id) = self.add_source(&part["source"]) {
            self.relations.insert(Relation::MadeFrom(id.clone(), source_id));
        }
        if let Some(tools) = self.add_named(&part["toolchainStorePathSha256"], Kind::Toolchain, "toolchain") {
            self.relations.insert(Relation::ToolOf(tools, id));
        }
    }

    /// Adds a source with its patches; parts of one base mostly share one.
    fn add_source(&mut self, source: &Value) -> Option<String> {
        let id = self.add_named(&source["storePathSha256"], Kind::Source, "source")?;
        for patch in source["patches"].as_array().into_iter().flatten() {
            if let Some(patch) = self.add_named(patch, Kind::Patch, "patch") {
                self.relations.insert(Relation::AppliedTo(patch, id.clone()));
            }
        }
        let component = self.component(&id)?;
        component.location = location(source);
        component.version = source["commit"].as_str().map(str::to_owned);
        component.note_fields("", source, &["storePathSha256", "patches", "url", "commit", "sha256"]);
        Some(id)
    }

    fn component(&mut self, id: &str) -> Option<&mut Component> {
        self.components.iter_mut().find(|component| component.id == id)
    }

    /// Adds what is known by the digest of its store path only, once, and gives its id.
    fn add_named(&mut self, digest: &Value, kind: Kind, name: &str) -> Option<String> {
        let digest = Sha256::parse(digest.as_str()?).ok()?.hex();
        let id = format!("{name}-{}", &digest[..32]);
        if !self.components.iter().any(|component| component.id == id) {
            let mut component = Component::new(id.clone(), kind, &format!("freebsd-{name}"));
            component.note("storePathSha256", &digest);
            self.components.push(component);
        }
        Some(id)
    }
}

impl Component {
    fn new(id: String, kind: Kind, name: &str) -> Self {
        let (name, properties) = (name.to_owned(), BTreeMap::new());
        Self { id, kind, name, version: None, digest: None, location: None, properties }
    }

    fn note(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.properties.insert(format!("fruix:{name}"), value.to_owned());
        }
    }

    /// Notes the texts and lists of texts of an object, but for `left_out`.
    fn note_fields(&mut self, prefix: &str, object: &Value, left_out: &[&str]) {
        for (name, value) in object.as_object().into_iter().flatten() {
            let name = format!("{prefix}{name}");
            match value {
                _ if left_out.contains(&name.as_str()) => {}
                Value::String(text) => self.note(&name, text.trim_end()),
                Value::Array(elements) => {
                    let words: Vec<_> = elements.iter().filter_map(Value::as_str).collect();
                    self.note(&name, &words.join(" "));
                }
                Value::Object(_) => self.note_fields(&format!("{name}."), value, left_out),
                other => self.note(&name, &other.to_string()),
            }
        }
    }
}

/// The id of a part that is an item.
fn part_id(name: &str, part: &Value) -> String {
    let item = part["item"].as_str().and_then(|item| StorePath::from_absolute(item).ok());
    item.as_ref().map_or_else(|| format!("part-{name}"), item_id)
}

fn item_id(item: &StorePath) -> String {
    format!("item-{}", item.base_name().split('-').next().unwrap_or_default())
}

fn location(source: &Value) -> Option<Location> {
    let url = source["url"].as_str()?.to_owned();
    Some(match source["commit"].as_str() {
        Some(commit) => Location::Git { url, commit: commit.to_owned() },
        None => {
            Location::File { url, sha256: Sha256::parse(source["sha256"].as_str().unwrap_or_default()).ok() }
        }
    })
}
