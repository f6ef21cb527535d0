//! Derivations are those of Nix: `nix-instantiate` of an equivalent expression writes the same files.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use fruix::content_address::Method;
use fruix::derivation::{Derivation, FixedOutput, Hashes, Output};
use fruix::hash::Sha256;
use fruix::store_path::StorePath;
use support::nix::Nix;

fn outputs(names: &[&str]) -> BTreeMap<String, Output> {
    names.iter().map(|&name| (name.to_owned(), Output::default())).collect()
}

fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn fixed(method: Method, digest: Sha256) -> BTreeMap<String, Output> {
    BTreeMap::from([("out".into(), Output { path: None, fixed: Some(FixedOutput { method, digest }) })])
}

/// Instantiates both and compares the text of the `.drv`; returns its path.
fn compare(
    nix: &Nix,
    hashes: &mut Hashes,
    name: &str,
    mut ours: Derivation,
    expression: &str,
) -> (StorePath, Derivation) {
    let path = ours.instantiate(name, hashes).expect("instantiates");
    let printed = nix.line("nix-instantiate", ["-E", expression]);
    // Where the first output is not `out`, its name follows.
    let theirs = printed.split('!').next().expect("a path");
    let text = nix.read(theirs);
    assert_eq!(ours.to_aterm(), text);
    assert_eq!(path.to_string(), theirs);
    assert_eq!(Derivation::parse(&text).expect("reads Nix's"), ours);
    (path, ours)
}

#[test]
fn one_output_with_awkward_strings() {
    let ours = Derivation {
        outputs: outputs(&["out"]),
        system: "x86_64-linux".into(),
        builder: "/bin/sh".into(),
        args: vec!["-c".into(), "echo \"$out\\n\"\n\t'\r'".into()],
        env: env(&[("text", "ein Grüß\n\\ \"Gott\"\t"), ("empty", "")]),
        ..Derivation::default()
    };
    let expression = r#"derivation {
        name = "plain-1.0"; system = "x86_64-linux"; builder = "/bin/sh";
        args = [ "-c" "echo \"$out\\n\"\n\t'\r'" ];
        text = "ein Grüß\n\\ \"Gott\"\t"; empty = "";
    }"#;
    compare(&Nix::new(), &mut Hashes::new(), "plain-1.0", ours, expression);
}

#[test]
fn several_outputs() {
    let ours = Derivation {
        outputs: outputs(&["out", "dev", "debug"]),
        system: "builtin".into(),
        builder: "builtin:freebsd-world".into(),
        env: env(&[("builderVersion", "1")]),
        ..Derivation::default()
    };
    let expression = r#"derivation {
        name = "world"; system = "builtin"; builder = "builtin:freebsd-world";
        outputs = [ "debug" "dev" "out" ]; builderVersion = "1";
    }"#;
    compare(&Nix::new(), &mut Hashes::new(), "world", ours, expression);
}

#[test]
fn fixed_outputs_of_both_methods() {
    let digest = Sha256::of("contents");
    for (method, mode) in [(Method::Flat, "flat"), (Method::Recursive, "recursive")] {
        let ours = Derivation {
            outputs: fixed(method, digest),
            system: "builtin".into(),
            builder: "builtin:fetch".into(),
            env: env(&[("url", "http://example.org/src.txz")]),
            ..Derivation::default()
        };
        let expression = format!(
            r#"derivation {{
                name = "src.txz"; system = "builtin"; builder = "builtin:fetch";
                url = "http://example.org/src.txz";
                outputHash = "{}"; outputHashAlgo = "sha256"; outputHashMode = "{mode}";
            }}"#,
            digest.hex()
        );
        compare(&Nix::new(), &mut Hashes::new(), "src.txz", ours, &expression);
    }
}

#[test]
fn inputs_of_every_kind() {
    let nix = Nix::new();
    let mut hashes = Hashes::new();
    let digest = Sha256::of("contents");
    let fetch = r#"derivation {
        name = "src"; system = "builtin"; builder = "builtin:fetch"; url = "http://example.org/a";
        outputHash = "HEX"; outputHashAlgo = "sha256"; outputHashMode = "recursive";
    }"#
    .replace("HEX", &digest.hex());
    let tool = r#"derivation {
        name = "tool"; system = "x86_64-linux"; builder = "/bin/sh"; outputs = [ "dev" "out" ];
    }"#;

    let fetched = Derivation {
        outputs: fixed(Method::Recursive, digest),
        system: "builtin".into(),
        builder: "builtin:fetch".into(),
        env: env(&[("url", "http://example.org/a")]),
        ..Derivation::default()
    };
    let (fetch_path, fetched) = compare(&nix, &mut hashes, "src", fetched, &fetch);
    let tools = Derivation {
        outputs: outputs(&["out", "dev"]),
        system: "x86_64-linux".into(),
        builder: "/bin/sh".into(),
        ..Derivation::default()
    };
    let (tool_path, tools) = compare(&nix, &mut hashes, "tool", tools, tool);

    let top = format!(
        r#"let fetch = {fetch}; tool = {tool}; in derivation {{
            name = "top"; system = "builtin"; builder = "builtin:top";
            source = fetch; tool = tool.out; headers = tool.dev;
            script = builtins.toFile "activate.sh" "exec true\n";
        }}"#
    );
    let script =
        fruix::content_address::text_path("activate.sh", &Sha256::of("exec true\n"), &BTreeSet::new())
            .expect("a good name");
    let place = |derivation: &Derivation, output: &str| {
        derivation.outputs[output].path.as_ref().expect("instantiated").to_string()
    };
    let ours = Derivation {
        outputs: outputs(&["out"]),
        input_drvs: BTreeMap::from([
            (fetch_path, BTreeSet::from(["out".into()])),
            (tool_path, BTreeSet::from(["out".into(), "dev".into()])),
        ]),
        input_srcs: BTreeSet::from([script.clone()]),
        system: "builtin".into(),
        builder: "builtin:top".into(),
        env: env(&[
            ("source", &place(&fetched, "out")),
            ("tool", &place(&tools, "out")),
            ("headers", &place(&tools, "dev")),
            ("script", &script.to_string()),
        ]),
        ..Derivation::default()
    };
    let (path, ours) = compare(&nix, &mut hashes, "top", ours, &top);

    let shown = nix.run(
        "nix",
        ["--extra-experimental-features", "nix-command", "show-derivation", path.to_string().as_str()],
    );
    let theirs: serde_json::Value = serde_json::from_slice(&shown).expect("JSON");
    assert_eq!(ours.to_json(), theirs[path.to_string()]);
}
