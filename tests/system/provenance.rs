//! Where a system came from: of a declaration, a closure and an image, in forms that their own validators accept.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::place::{Place, Run, skip};

/// Accepts documents, or says what is wrong with them. The arguments are an SPDX and a CycloneDX file.
const VALIDATE: &str = r#"
import sys
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
wrong = [str(it) for it in validate_full_spdx_document(parse_file(sys.argv[1]))]
found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[2]).read())
wrong += [str(found)] if found else []
sys.exit("\n".join(wrong) or None)
"#;

/// What a system is said to have come from, as JSON.
fn json(place: &Place, subject: &Path) -> Value {
    let run = Run::of(place.fruix(&["system", "provenance", "--format", "json"]).arg(subject));
    serde_json::from_str(run.success()).unwrap()
}

#[test]
fn a_declaration_a_closure_and_images_say_the_same() {
    let (place, system) = Place::shared();
    let declaration = place.declaration("provenance", &[]);
    let of_closure = json(place, Path::new(system));
    let mut of_declaration = json(place, &declaration);
    // When it was asked for is all that may differ.
    of_declaration["records"]["written"] = of_closure["records"]["written"].clone();
    assert_eq!(of_closure, of_declaration);
    let provenance = &of_closure["provenance"];
    assert_eq!(provenance["version"], 2);
    assert_eq!(provenance["base"]["world"]["class"], "native");
    assert_eq!(provenance["base"]["world"]["version"], "1.0-RELEASE");

    for format in ["raw", "qcow2", "vhd", "vmdk"] {
        let image = place.file(&format!("provenance.{format}"));
        place.system("image", &declaration, &["-o", image.to_str().unwrap(), "--format", format]).success();
        let of_image = json(place, &image);
        for field in ["system", "provenance", "items"] {
            assert_eq!(of_image[field], of_closure[field], "{field} of {format}");
        }
        assert_eq!(of_image["records"]["realisations"], of_closure["records"]["realisations"]);
    }
    let tree = place.run(&["system", "provenance", system]);
    assert!(tree.success().contains("├─ world native 1.0-RELEASE\n"), "{}", tree.stdout);

    // What was not built says what the declaration says.
    let other = place.declaration("unbuilt", &[("\"tiny\"", "\"other\"")]);
    let unbuilt = json(place, &other);
    assert_eq!(unbuilt["provenance"]["base"], provenance["base"]);
    assert_ne!(unbuilt["provenance"]["declaration"], provenance["declaration"]);
    assert_eq!(unbuilt["items"], Value::Array(Vec::new()));
}

#[test]
fn signatures_that_do_not_vouch_are_told_apart() {
    let (place, _) = Place::shared();
    let image = place.file("signed.raw");
    let [secret, other] = ["signer", "other"].map(|name| {
        let file = place.file(&format!("{name}.key"));
        let _ = fs::remove_file(&file);
        let public = place.run(&["key", "generate", name, "-o", file.to_str().unwrap()]).line();
        (file, public)
    });
    assert_eq!(place.run(&["key", "public", secret.0.to_str().unwrap()]).line(), secret.1);
    let declaration = place.declaration("signed", &[]);
    let image_text = image.to_str().unwrap();
    let sign = |more: &[&str]| {
        place.system("image", &declaration, &[&["-o", image_text], more].concat()).success();
        fs::read(&image).unwrap()
    };
    let plain = sign(&[]);
    assert!(sign(&["--sign-with", secret.0.to_str().unwrap()]) == plain, "a signed image is the same");
    let check = |key: &str| place.run(&["system", "provenance", image_text, "--public-key", key]);

    assert!(
        check(&secret.1)
            .success()
            .ends_with("signed by signer: the records and the image are as they were signed\n")
    );
    check(&other.1).assert_fails("it is signed by `signer`, which is not trusted here", "trusted: `other`");
    let namesake = secret.1.split(':').next().unwrap().to_owned() + &other.1[other.1.find(':').unwrap()..];
    check(&namesake).assert_fails("the signature by `signer` is wrong", "the public key is not the signer's");

    let mut changed = plain.clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&image, changed).unwrap();
    check(&secret.1).assert_fails("is not the image that the records beside it are about", "SHA-256");
    fs::write(&image, plain).unwrap();
    let signature = place.file("signed.raw.realisations.json.sig");
    fs::remove_file(&signature).unwrap();
    let missing = check(&secret.1);
    assert!(missing.code == Some(1) && missing.stderr.contains("nothing signs it"), "{}", missing.stderr);
    fs::remove_file(place.file("signed.raw.realisations.json")).unwrap();
    check(&secret.1)
        .assert_fails("there are no realisation records beside", "copy it together with the image");
    check("signer:AAAA").assert_fails("the public key `signer:…` is not whole", "copied whole");
}

#[test]
fn bills_of_materials_are_what_their_validators_accept() {
    let Some(modules) = validators() else { return };
    let (place, system) = Place::shared();
    let write = |subject: &str, format: &str| {
        let mut command = place.fruix(&["system", "provenance", subject, "--format", format]);
        let run = Run::of(command.env("SOURCE_DATE_EPOCH", "1700000000"));
        let file = place.file(&format!("bom.{format}.json"));
        fs::write(&file, run.success()).unwrap();
        assert_eq!(Run::of(command.env("SOURCE_DATE_EPOCH", "1700000000")).stdout, run.stdout);
        file
    };
    let declaration = declared_with_everything(place);
    for subject in [system.as_str(), declaration.to_str().unwrap()] {
        let mut python = Command::new("python3");
        python.env("PYTHONPATH", &modules).args(["-c", VALIDATE]);
        let run = Run::of(python.arg(write(subject, "spdx")).arg(write(subject, "cyclonedx")));
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    let spdx: Value = serde_json::from_slice(&fs::read(place.file("bom.spdx.json")).unwrap()).unwrap();
    let packages = spdx["packages"].as_array().unwrap();
    let set = packages.iter().find(|package| package["downloadLocation"] == "https://example.org/kernel.txz");
    assert_eq!(set.unwrap()["checksums"][0]["checksumValue"], "0".repeat(64));
    let kinds: Vec<_> = spdx["relationships"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["relationshipType"].as_str().unwrap())
        .collect();
    for kind in [
        "DESCRIBES",
        "DEPENDS_ON",
        "GENERATED_FROM",
        "PATCH_FOR",
        "BUILD_TOOL_OF",
        "CONTAINED_BY",
        "DEV_DEPENDENCY_OF",
    ] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
}

#[test]
fn each_slice_of_a_base_is_a_component_with_its_own_origin() {
    let (place, _) = Place::shared();
    // The libraries of a set, and all else of the world built here.
    let world = "(freebsd-world (source source) (toolchain tools))";
    let set = format!("(release-set (url \"https://example.org/base.txz\") (sha256 \"{}\"))", "1".repeat(64));
    let sliced = format!("{world}) (libraries {set}");
    let edits =
        [("(fruix freebsd kernel)", "(fruix freebsd kernel) (fruix freebsd release)"), (world, &*sliced)];
    let declaration = place.declaration("sliced", &edits);
    let document = |format: &str| -> Value {
        let subject = declaration.to_str().unwrap();
        let run = place.run(&["system", "provenance", subject, "--format", format]);
        serde_json::from_str(run.success()).unwrap()
    };
    let cyclonedx = document("cyclonedx");
    let components = cyclonedx["components"].as_array().unwrap();
    let class = |component: &Value| {
        let properties = component["properties"].as_array().unwrap();
        let of = |name: &str| properties.iter().find(|it| it["name"] == name).map(|it| it["value"].clone());
        (of("fruix:part"), of("fruix:class"))
    };
    let is = |component: &Value, part: &str, origin: &str| {
        assert_eq!(class(component), (Some(part.into()), Some(origin.into())), "{component}");
    };
    let world = components.iter().find(|it| it["components"].is_array()).unwrap();
    is(world, "world", "mixed");
    is(&world["components"][0], "libraries", "fetched");
    is(&world["components"][1], "userland", "native");
    assert_eq!(world["components"][0]["externalReferences"][0]["url"], "https://example.org/base.txz");
    assert!(world["components"][1]["pedigree"]["ancestors"].is_array(), "{world}");
    let headers = components.iter().find(|it| it["name"] == "freebsd-headers").unwrap();
    is(headers, "headers", "native");
    assert_eq!(headers["scope"], "excluded");

    let spdx = document("spdx");
    let related = spdx["relationships"].as_array().unwrap().iter();
    let whole = related.filter(|it| it["relationshipType"] == "CONTAINED_BY").collect::<Vec<_>>();
    assert_eq!(whole.len(), 2);
    let world = format!("SPDXRef-{}", world["bom-ref"].as_str().unwrap());
    assert!(whole.iter().all(|it| it["relatedSpdxElement"] == world.as_str()), "{whole:?}");
}

/// A declaration with a patched source, and a kernel that is fetched.
fn declared_with_everything(place: &Place) -> PathBuf {
    fs::write(place.file("a.patch"), "--- a/x\n+++ b/x\n").unwrap();
    let patch = format!("(patches '(\"{}\"))", place.file("a.patch").display());
    let declaration = place.declaration("everything", &[]);
    let text = fs::read_to_string(&declaration).unwrap();
    let source = "(freebsd-source (path ";
    assert!(text.contains(source), "{text}");
    let text = text.replacen(source, &format!("(freebsd-source {patch} (path "), 1);
    let start = text.find("(kernel ").unwrap();
    let end = start + matching(&text[start..]);
    let set = format!(
        "(kernel (release-set (url \"https://example.org/kernel.txz\") (sha256 \"{}\")))",
        "0".repeat(64)
    );
    let text = format!("(use-modules (fruix freebsd release))\n{}{set}{}", &text[..start], &text[end..]);
    fs::write(&declaration, text).unwrap();
    declaration
}

/// Where the form ends that a text begins with.
fn matching(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            return at + 1;
        }
    }
    panic!("no end in {text}");
}

/// Where the validators are, from PyPI; what was installed once is used again.
fn validators() -> Option<PathBuf> {
    let modules = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bom-validators");
    if modules.join("cyclonedx").exists() && modules.join("spdx_tools").exists() {
        return Some(modules);
    }
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--target"]).arg(&modules);
    pip.args(["spdx-tools==0.8.5", "cyclonedx-python-lib[json-validation]==11.12.0"]);
    match pip.output() {
        Ok(output) if output.status.success() => Some(modules),
        failed => {
            let why = failed.map_or_else(
                |error| error.to_string(),
                |output| String::from_utf8_lossy(&output.stderr).into(),
            );
            skip("the validators of SPDX and CycloneDX cannot be had from PyPI", &why);
            None
        }
    }
}
