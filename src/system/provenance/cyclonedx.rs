//! Provenance as a CycloneDX 1.6 document (<https://cyclonedx.org/docs/1.6/json/>).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Report;
use super::bom::{Bom, Component, Kind, Location, Relation};
use crate::hash::Sha256;
use crate::store::Program;

/// The document of a report, made at `created`, a time as in RFC 3339.
pub fn cyclonedx(report: &Report, created: &str) -> Value {
    let bom = Bom::of(report);
    let nesting = Nesting { bom: &bom, made_from: made_from(&bom.relations), parts: parts(&bom.relations) };
    let is_whole = |component: &&Component| !nesting.parts.values().flatten().any(|id| *id == component.id);
    let components: Vec<_> =
        bom.components.iter().filter(is_whole).map(|component| nesting.shown(component)).collect();
    let dependencies = dependencies(&bom);
    let serial = uuid(&Sha256::of(json!([components, dependencies, created]).to_string()));
    let tool = json!({ "type": "application", "name": "fruix", "version": Program::this().version });
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{serial}"),
        "version": 1,
        "metadata": {
            "timestamp": created,
            "tools": { "components": [tool] },
            "component": component_value(&bom.system),
        },
        "components": components,
        "dependencies": dependencies,
    })
}

/// What stands inside of what.
struct Nesting<'a> {
    bom: &'a Bom,
    /// By component: what it was made from.
    made_from: BTreeMap<String, Vec<String>>,
    /// By component: its parts.
    parts: BTreeMap<String, Vec<String>>,
}

impl Nesting<'_> {
    /// A component with its parts and ancestors.
    fn shown(&self, component: &Component) -> Value {
        let mut shown = component_value(component);
        let ancestors: Vec<_> = self.listed(&self.made_from, component).map(ancestor).collect();
        if !ancestors.is_empty() {
            shown["pedigree"] = json!({ "ancestors": ancestors });
        }
        let parts: Vec<_> = self.listed(&self.parts, component).map(|part| self.shown(part)).collect();
        if !parts.is_empty() {
            shown["components"] = parts.into();
        }
        let for_building = |relation: &Relation| match relation {
            Relation::ForBuilding(headers, _) => *headers == component.id,
            _ => false,
        };
        if self.bom.relations.iter().any(for_building) {
            // Of use, and not in the system.
            shown["scope"] = "excluded".into();
        }
        shown
    }

    fn listed<'s>(
        &'s self,
        lists: &'s BTreeMap<String, Vec<String>>,
        of: &Component,
    ) -> impl Iterator<Item = &'s Component> {
        let ids = lists.get(&of.id).into_iter().flatten();
        ids.filter_map(|id| self.bom.components.iter().find(|component| component.id == *id))
    }
}

fn component_value(component: &Component) -> Value {
    let mut value = ancestor(component);
    value["bom-ref"] = component.id.as_str().into();
    value
}

/// A component without a name that others refer to it by.
fn ancestor(component: &Component) -> Value {
    let properties = component.properties.iter().map(|(name, value)| json!({ "name": name, "value": value }));
    let mut value = json!({
        "type": match component.kind {
            Kind::System | Kind::Part => "operating-system",
            Kind::Item | Kind::Source | Kind::Patch => "file",
            Kind::Toolchain => "application",
        },
        "name": component.name,
        "properties": properties.collect::<Vec<_>>(),
    });
    if let Some(version) = &component.version {
        value["version"] = version.as_str().into();
    }
    if let Some(digest) = &component.digest {
        value["hashes"] = json!([{ "alg": "SHA-256", "content": digest.hex() }]);
    }
    match &component.location {
        Some(Location::Git { url, commit }) => {
            value["externalReferences"] =
                json!([{ "type": "vcs", "url": url, "comment": format!("commit {commit}") }]);
        }
        Some(Location::File { url, sha256 }) => {
            let mut reference = json!({ "type": "distribution", "url": url });
            if let Some(sha256) = sha256 {
                reference["hashes"] = json!([{ "alg": "SHA-256", "content": sha256.hex() }]);
            }
            value["externalReferences"] = json!([reference]);
        }
        None => {}
    }
    value
}

/// What each component was made from.
fn made_from(relations: &BTreeSet<Relation>) -> BTreeMap<String, Vec<String>> {
    let mut made_from: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for relation in relations {
        if let Relation::MadeFrom(made, from) | Relation::AppliedTo(from, made) = relation {
            made_from.entry(made.clone()).or_default().push(from.clone());
        }
    }
    made_from
}

/// The parts of each component that has any. No part has parts of its own.
fn parts(relations: &BTreeSet<Relation>) -> BTreeMap<String, Vec<String>> {
    let mut parts: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for relation in relations {
        if let Relation::PartOf(part, whole) = relation {
            parts.entry(whole.clone()).or_default().push(part.clone());
        }
    }
    parts
}

/// What each component needs to run.
fn dependencies(bom: &Bom) -> Vec<Value> {
    let mut needed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for component in [&bom.system].into_iter().chain(&bom.components) {
        needed.entry(&component.id).or_default();
    }
    for relation in &bom.relations {
        if let Relation::DependsOn(one, other) = relation {
            needed.entry(one).or_default().push(other);
        }
    }
    needed.into_iter().map(|(id, needs)| json!({ "ref": id, "dependsOn": needs })).collect()
}

/// A UUID of version 8 (RFC 9562), which says that its bits follow from a digest.
fn uuid(digest: &Sha256) -> String {
    let mut digits: Vec<char> = digest.hex().chars().take(32).collect();
    digits[12] = '8';
    digits[16] = 'a';
    let digits: String = digits.into_iter().collect();
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
