//! What becomes of what a builder leaves.

use std::{collections::BTreeMap, fs, io::Write, os::unix::fs::MetadataExt, path::Path};

use fruix::{
    content_address::Method,
    derivation::{Derivation, FixedOutput, Output},
    hash::Sha256,
    store::SealRequest,
};

use super::fixture::Fixture;

#[test]
fn outputs_become_items_with_their_references_and_a_record() {
    let fixture = Fixture::new();
    let mut derivation = fixture.script(
        "mkdir -p $out/bin $dev; echo run > $out/bin/tool; chmod 0700 $out/bin/tool; echo $out > $dev/refers
         echo $toolchain > $out/needs",
    );
    derivation.outputs.insert("dev".to_owned(), Output::default());
    let (drv, derivation) = fixture.add("two", derivation);
    fixture.realise(&[&drv], &Fixture::options()).unwrap();
    let path = |output: &str| derivation.outputs[output].path.clone().unwrap();
    let out = fixture.store.path_info(&path("out")).unwrap();
    let dev = fixture.store.path_info(&path("dev")).unwrap();
    assert_eq!(out.references, [fixture.toolchain.clone()].into());
    assert_eq!(dev.references, [path("out")].into());
    assert_eq!(out.deriver, Some(drv.clone()));
    let tool = fs::metadata(fixture.physical(&derivation, "out").join("bin/tool")).unwrap();
    assert_eq!((tool.mode() & 0o7777, tool.mtime()), (0o555, 1));
    let record = fixture.store.realisation(&path("dev")).unwrap().unwrap();
    assert!(record.sandboxed && record.ended >= record.started);
    assert_eq!(record.kind, "program two");
    assert!(fixture.leftovers().is_empty());
}

#[test]
fn an_input_is_readable_at_its_logical_path() {
    let fixture = Fixture::new();
    let (first, first_derivation) = fixture.add("first", fixture.script("mkdir $out; echo one > $out/file"));
    let mut second = fixture.script("cat $first/file > $out; echo two >> $out");
    let first_out = first_derivation.outputs["out"].path.clone().unwrap();
    second.env.insert("first".to_owned(), first_out.to_string());
    second.input_drvs.insert(first, ["out".to_owned()].into());
    let out = fixture.build("second", second).unwrap();
    assert_eq!(fs::read_to_string(out).unwrap(), "one\ntwo\n");
    assert_eq!(fixture.started(), 2);
}

/// The sources are shown where FreeBSD expects them, with a tool chain or without.
#[test]
fn sources_and_objects_have_fixed_places() {
    let fixture = Fixture::new();
    let tree = tempfile::tempdir().unwrap();
    fs::write(tree.path().join("Makefile"), "all:\n").unwrap();
    let source = fixture.store.add_tree("source", tree.path()).unwrap();
    let mut derivation = fixture.script("echo object > /usr/obj/x; cat /usr/src/Makefile /usr/obj/x > $out");
    derivation.env.insert("source".to_owned(), source.to_string());
    derivation.input_srcs.insert(source);
    let out = fixture.build("built", derivation).unwrap();
    assert_eq!(fs::read_to_string(out).unwrap(), "all:\nobject\n");
}

#[test]
fn a_disallowed_reference_fails_the_build_and_names_the_file() {
    let fixture = Fixture::new();
    let mut derivation = fixture.script("mkdir -p $out/sbin; echo \"x$toolchain/usr\" > $out/sbin/init");
    derivation.env.insert("disallowedReferences".to_owned(), fixture.toolchain.to_string());
    let message = fixture.failure("leaky", derivation);
    assert!(message.contains("sbin/init"), "{message}");
    assert!(message.contains(fixture.toolchain.hash_part()), "{message}");
    assert!(fixture.leftovers().is_empty());
}

#[test]
fn references_are_disallowed_by_paths_and_by_names_of_outputs() {
    let fixture = Fixture::new();
    let derivation = |words: &str| {
        let mut derivation = fixture.script("mkdir $out; echo $dev > $out/refers; echo > $dev");
        derivation.outputs.insert("dev".to_owned(), Output::default());
        derivation.env.insert("disallowedReferences".to_owned(), words.to_owned());
        derivation
    };
    let message = fixture.failure("refers", derivation("dev"));
    assert!(message.contains("in `refers`") && message.contains("-refers-dev"), "{message}");
    let started = fixture.started();
    let message = fixture.failure("misspelt", derivation("dve"));
    assert!(message.contains("`dve`"), "{message}");
    assert_eq!(fixture.started(), started, "found before anything runs");
    // No output refers to `out`.
    fixture.build("allowed", derivation("out")).unwrap();
}

/// Without a sandbox the builder writes to its outputs themselves.
#[test]
fn what_is_valid_is_not_overwritten_without_a_sandbox() {
    let fixture = Fixture::new();
    let mut derivation = fixture.script("echo out > $out; echo dev > $dev");
    derivation.outputs.insert("dev".to_owned(), Output::default());
    let (drv, derivation) = fixture.add("two", derivation);
    let build = || fixture.fruix_at_the_top(&["build", "--no-sandbox", &drv.to_string()]).output().unwrap();

    let temporary = fixture.store.temporary().unwrap();
    fs::write(temporary.path(), "valid").unwrap();
    let path = derivation.outputs["out"].path.clone().unwrap();
    let outputs = BTreeMap::from([(path, temporary.path().to_owned())]);
    let sealed = fixture.store.seal(SealRequest { outputs, ..SealRequest::default() }).unwrap();
    fixture.store.commit(sealed, &[]).unwrap();
    let stderr = String::from_utf8(build().stderr).unwrap();
    assert!(stderr.contains("would overwrite"), "{stderr}");
    assert_eq!(fs::read_to_string(fixture.physical(&derivation, "out")).unwrap(), "valid");

    let (drv, derivation) = fixture.add("one", fixture.script("echo one > $out"));
    let output = fixture.fruix_at_the_top(&["build", "--no-sandbox", &drv.to_string()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let record = fixture.store.realisation(derivation.outputs["out"].path.as_ref().unwrap()).unwrap();
    assert!(!record.unwrap().sandboxed);
}

/// A builder with a network can hand an open file to a process outside of its sandbox, as in CVE-2024-27297.
#[test]
fn what_is_pinned_cannot_be_changed_once_it_was_checked() {
    let fixture = Fixture::new();
    let mut derivation =
        fixture.script("echo checked > $out; while [ -s $out ]; do sleep 0.1; done; echo checked > $out");
    let fixed = FixedOutput { method: Method::Flat, digest: Sha256::of("checked\n") };
    derivation.outputs.insert("out".to_owned(), Output { path: None, fixed: Some(fixed) });
    let (drv, derivation) = fixture.add("pinned", derivation);
    let place = fixture.physical(&derivation, "out");
    let accomplice = std::thread::spawn({
        let (directory, name) = (place.parent().unwrap().to_owned(), place.file_name().unwrap().to_owned());
        move || loop {
            let temporary = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path());
            let written = temporary.map(|path| path.join("store").join(&name));
            let mut open = written.filter_map(|path| fs::OpenOptions::new().write(true).open(path).ok());
            if let Some(file) = open.next().filter(|file| file.metadata().unwrap().len() > 0) {
                // Tells the builder that it may end.
                file.set_len(0).unwrap();
                return file;
            }
        }
    });
    fixture.realise(&[&drv], &Fixture::options()).unwrap();
    let mut file = accomplice.join().unwrap();
    file.write_all(b"changed\n").unwrap();
    assert_eq!(fs::read_to_string(place).unwrap(), "checked\n");
}

#[test]
fn what_no_item_may_be_is_refused() {
    let fixture = Fixture::new();
    let cases = [
        ("absent", "true", "made no output `out`"),
        ("fifo", "mkdir $out; mkfifo $out/pipe", "is a named pipe"),
        ("extra", "echo > $out; echo > /frx/store/extra", "`extra` in the store directory"),
    ];
    for (name, script, expected) in cases {
        let message = fixture.failure(name, fixture.script(script));
        assert!(message.contains(expected), "{name}: {message}");
        assert!(message.contains("fruix log /frx/store/"), "{name}: {message}");
    }
    assert!(fixture.leftovers().is_empty());
}

#[test]
fn a_text_is_written_once_what_it_names_is_built() {
    let fixture = Fixture::new();
    let (first, derivation) = fixture.add("first", fixture.script("echo > $out"));
    let named = derivation.outputs["out"].path.clone().unwrap();
    let text = Derivation {
        outputs: BTreeMap::from([("out".to_owned(), Output::default())]),
        input_drvs: BTreeMap::from([(first, ["out".to_owned()].into())]),
        system: "builtin".to_owned(),
        builder: "builtin:text".to_owned(),
        env: BTreeMap::from([("text".to_owned(), format!("see {named}\n"))]),
        ..Derivation::default()
    };
    let (drv, derivation) = fixture.add("text", text);
    fixture.realise(&[&drv], &Fixture::options()).unwrap();
    let out = derivation.outputs["out"].path.clone().unwrap();
    assert_eq!(fixture.store.path_info(&out).unwrap().references, [named].into());
    assert!(Path::new(&fixture.physical(&derivation, "out")).is_file());
}
