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
    let made_from = made_from(&bom.relations);
    let shown = |component: &Component| {
        let mut shown = component_value(component);
        let of = |id: &String| bom.components.iter().find(|other| other.id == *id);
        let ancestors: Vec<_> =
            made_from.get(&component.id).into_iter().flatten().filter_map(of).map(ancestor).collect();
        if !ancestors.is_empty() {
            shown["pedigree"] = json!({ "ancestors": ancestors });
        }
        shown
    };
    let components: Vec<_> = bom.components.iter().map(shown).collect();
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
