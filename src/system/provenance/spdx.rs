//! Provenance as an SPDX 2.3 document (<https://spdx.github.io/spdx-spec/v2.3/>).

use serde_json::{Value, json};

use super::Report;
use super::bom::{Bom, Component, Kind, Location, Relation};
use crate::hash::Sha256;
use crate::store::Program;

/// What SPDX says where nothing is said.
const UNKNOWN: &str = "NOASSERTION";

/// Schemes of addresses that a `downloadLocation` may have.
const SCHEMES: [&str; 4] = ["https://", "http://", "ssh://", "ftp://"];

/// The document of a report, made at `created`, a time as in RFC 3339.
pub fn spdx(report: &Report, created: &str) -> Value {
    let bom = Bom::of(report);
    let packages: Vec<_> = [&bom.system].into_iter().chain(&bom.components).map(package).collect();
    let describes = relationship("SPDXRef-DOCUMENT", "DESCRIBES", &id(&bom.system.id));
    let relationships: Vec<_> = [describes].into_iter().chain(bom.relations.iter().map(related)).collect();
    let digest = Sha256::of(json!([packages, relationships, created]).to_string()).hex();
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": report.system.base_name(),
        // Nobody looks there; it only has to be another one for each document.
        "documentNamespace": format!("https://fruix.invalid/spdx/{}/{digest}", report.system.base_name()),
        "creationInfo": {
            "created": created,
            "creators": [format!("Tool: fruix-{}", Program::this().version)],
        },
        "packages": packages,
        "relationships": relationships,
    })
}

fn package(component: &Component) -> Value {
    let mut package = json!({
        "SPDXID": id(&component.id),
        "name": component.name,
        "downloadLocation": download(component.location.as_ref()),
        "filesAnalyzed": false,
        "primaryPackagePurpose": match component.kind {
            Kind::System | Kind::Part => "OPERATING-SYSTEM",
            Kind::Item => "OTHER",
            Kind::Source | Kind::Patch => "SOURCE",
            Kind::Toolchain => "APPLICATION",
        },
        "licenseConcluded": UNKNOWN,
        "licenseDeclared": UNKNOWN,
        "copyrightText": UNKNOWN,
    });
    if let Some(version) = &component.version {
        package["versionInfo"] = version.as_str().into();
    }
    let (digest, of) = match &component.location {
        Some(Location::File { sha256: Some(sha256), .. }) if component.digest.is_none() => {
            (Some(sha256), "the file at its address")
        }
        _ => (component.digest.as_ref(), "its NAR"),
    };
    let mut notes: Vec<_> = component
        .properties
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace('\n', " ")))
        .collect();
    if let Some(digest) = digest {
        package["checksums"] = json!([{ "algorithm": "SHA256", "checksumValue": digest.hex() }]);
        notes.insert(0, format!("the checksum is that of {of}"));
    }
    package["comment"] = notes.join("\n").into();
    package
}

fn download(location: Option<&Location>) -> String {
    let fit = |url: &str| {
        SCHEMES.iter().any(|scheme| url.starts_with(scheme)) && !url.contains(char::is_whitespace)
    };
    match location {
        Some(Location::Git { url, commit }) if fit(url) => format!("git+{url}@{commit}"),
        Some(Location::File { url, .. }) if fit(url) => url.clone(),
        _ => UNKNOWN.to_owned(),
    }
}

fn id(component: &str) -> String {
    format!("SPDXRef-{component}")
}

fn related(relation: &Relation) -> Value {
    let (from, kind, to) = match relation {
        Relation::DependsOn(from, to) => (from, "DEPENDS_ON", to),
        Relation::MadeFrom(from, to) => (from, "GENERATED_FROM", to),
        Relation::AppliedTo(from, to) => (from, "PATCH_FOR", to),
        Relation::ToolOf(from, to) => (from, "BUILD_TOOL_OF", to),
        Relation::PartOf(from, to) => (from, "CONTAINED_BY", to),
        Relation::ForBuilding(from, to) => (from, "DEV_DEPENDENCY_OF", to),
    };
    relationship(&id(from), kind, &id(to))
}

fn relationship(from: &str, kind: &str, to: &str) -> Value {
    json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to })
}
