//! What can be said without Nix at hand; `tests/nix_derivations.rs` compares with the real one.

use super::*;

fn derivation(outputs: &[&str]) -> Derivation {
    Derivation {
        outputs: outputs.iter().map(|&name| (name.to_owned(), Output::default())).collect(),
        system: "builtin".into(),
        builder: "builtin:test".into(),
        ..Derivation::default()
    }
}

fn fixed(url: &str) -> Derivation {
    let mut fetch = derivation(&["out"]);
    let contents = FixedOutput { method: Method::Flat, digest: Sha256::of("contents") };
    fetch.outputs.insert("out".into(), Output { path: None, fixed: Some(contents) });
    fetch.env.insert("url".into(), url.into());
    fetch
}

#[test]
fn awkward_strings_read_back() {
    let mut derivation = derivation(&["out"]);
    derivation.args = vec![String::new(), "a \"b\" \\ \n\r\t é \u{7f} $x ]),(".into()];
    derivation.instantiate("awkward", &mut Hashes::new()).unwrap();
    let text = derivation.to_aterm();
    assert_eq!(Derivation::parse(&text).as_ref(), Ok(&derivation));
}

#[test]
fn every_truncation_is_an_error_not_a_panic() {
    let mut hashes = Hashes::new();
    let input = fixed("http://x/é").instantiate("fetch", &mut hashes).unwrap();
    let mut derivation = derivation(&["out", "dev"]);
    derivation.input_srcs.insert(input.clone());
    derivation.input_drvs.insert(input, BTreeSet::from(["out".to_owned()]));
    derivation.args = vec!["é\\\"".into()];
    derivation.instantiate("whole", &mut hashes).unwrap();
    let text = derivation.to_aterm();
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        assert!(Derivation::parse(&text[..end]).is_err(), "{}", &text[..end]);
    }
    assert!(Derivation::parse(&format!("{text}\n")).is_err(), "something after the end");
}

#[test]
fn the_way_a_fixed_output_is_fetched_does_not_rename_what_is_built_from_it() {
    let build_from = |url: &str| {
        let mut hashes = Hashes::new();
        let input = fixed(url).instantiate("source", &mut hashes).unwrap();
        let mut user = derivation(&["out"]);
        user.input_drvs.insert(input.clone(), BTreeSet::from(["out".to_owned()]));
        let path = user.instantiate("user", &mut hashes).unwrap();
        (input, path, user.outputs["out"].path.clone())
    };
    let (one, other) = (build_from("http://a"), build_from("http://b"));
    assert_ne!(one.0, other.0, "the fetches themselves differ");
    assert_ne!(one.1, other.1, "and so do the derivations that use them");
    assert_eq!(one.2, other.2, "the outputs do not");
}

#[test]
fn anything_else_in_an_input_does() {
    let build_from = |variable: &str| {
        let mut hashes = Hashes::new();
        let mut input = derivation(&["out"]);
        input.env.insert("flag".into(), variable.into());
        let input = input.instantiate("input", &mut hashes).unwrap();
        let mut user = derivation(&["out"]);
        user.input_drvs.insert(input, BTreeSet::from(["out".to_owned()]));
        user.instantiate("user", &mut hashes).unwrap();
        user.outputs["out"].path.clone()
    };
    assert_ne!(build_from("a"), build_from("b"));
}

#[test]
fn instantiating_twice_changes_nothing() {
    let mut hashes = Hashes::new();
    let mut once = derivation(&["out", "dev"]);
    let path = once.instantiate("twice", &mut hashes).unwrap();
    let mut again = once.clone();
    assert_eq!(again.instantiate("twice", &mut hashes).unwrap(), path);
    assert_eq!(again, once);
    assert_eq!(once.env["outputs"], "dev out");
    assert_eq!(hashes.output_path(&path, "dev"), once.outputs["dev"].path.as_ref());
}

#[test]
fn faults_are_named() {
    let mut hashes = Hashes::new();
    let mut nothing = derivation(&[]);
    assert!(matches!(nothing.instantiate("x", &mut hashes), Err(DerivationError::NoOutput { .. })));
    let mut bad = derivation(&["a/b"]);
    assert!(matches!(bad.instantiate("x", &mut hashes), Err(DerivationError::BadOutputName { .. })));
    assert!(matches!(derivation(&["out"]).instantiate("a b", &mut hashes), Err(DerivationError::BadPath(_))));
    let mut mixed = fixed("http://x");
    mixed.outputs.insert("dev".into(), Output::default());
    assert!(matches!(mixed.instantiate("x", &mut hashes), Err(DerivationError::FixedAmongOthers { .. })));

    let input = derivation(&["out"]).instantiate("input", &mut hashes).unwrap();
    let mut user = derivation(&["out"]);
    user.input_drvs.insert(input, BTreeSet::from(["dev".to_owned()]));
    assert!(matches!(user.instantiate("x", &mut hashes), Err(DerivationError::UnknownOutput { .. })));
    assert!(matches!(user.instantiate("x", &mut Hashes::new()), Err(DerivationError::UnknownInput { .. })));
}

#[test]
fn a_derivation_lies_where_it_says_or_is_refused() {
    let mut hashes = Hashes::new();
    let mut honest = derivation(&["out", "dev"]);
    let path = honest.instantiate("honest", &mut hashes).unwrap();
    honest.check(&path, &mut Hashes::new()).unwrap();

    let mut victim = derivation(&["out"]);
    victim.env.insert("other".into(), "x".into());
    victim.instantiate("victim", &mut hashes).unwrap();
    let victim = victim.outputs["out"].path.clone().unwrap();
    let refusal = |change: &dyn Fn(&mut Derivation)| {
        let mut evil = honest.clone();
        change(&mut evil);
        let path = evil.drv_path("honest").unwrap();
        evil.check(&path, &mut Hashes::new()).expect_err("refused")
    };
    let takes_another_path = refusal(&|evil| evil.set_output_path("out", victim.clone()));
    assert!(matches!(takes_another_path, DerivationError::WrongOutput { .. }), "{takes_another_path}");
    let one_path_for_two = refusal(&|evil| {
        let out = evil.outputs["out"].path.clone().unwrap();
        evil.set_output_path("dev", out);
    });
    assert!(matches!(one_path_for_two, DerivationError::WrongOutput { .. }), "{one_path_for_two}");
    let tells_the_builder_another = refusal(&|evil| {
        evil.env.insert("out".into(), victim.to_string());
    });
    assert!(matches!(tells_the_builder_another, DerivationError::WrongOutput { .. }));
    let fixed_elsewhere = refusal(&|evil| {
        *evil = fixed("http://x");
        evil.instantiate("honest", &mut Hashes::new()).unwrap();
        evil.set_output_path("out", victim.clone());
    });
    assert!(matches!(fixed_elsewhere, DerivationError::WrongOutput { .. }), "{fixed_elsewhere}");
    let misplaced = honest.check(&victim, &mut Hashes::new()).unwrap_err();
    assert!(matches!(misplaced, DerivationError::Misplaced { .. }), "{misplaced}");
}

#[test]
fn one_derivation_has_one_text() {
    let mut derivation = derivation(&["out"]);
    derivation.instantiate("x", &mut Hashes::new()).unwrap();
    let text = derivation.to_aterm();
    for (from, to) in [
        ("(\"out\",", "(\"../../x\","),
        ("(\"out\",", "(\"\","),
        ("[(\"builder\",", "[(\"builder\",\"\"),(\"builder\","),
        ("builtin:test", "\\builtin:test"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replace(from, to);
        assert!(Derivation::parse(&changed).is_err(), "{changed}");
    }
}

#[test]
fn a_graph_loads_from_its_top() {
    let mut hashes = Hashes::new();
    let mut stored = BTreeMap::new();
    let mut previous: Option<StorePath> = None;
    for step in 0..2_000 {
        let mut next = derivation(&["out"]);
        next.input_drvs.extend(previous.map(|path| (path, BTreeSet::from(["out".to_owned()]))));
        let path = next.instantiate(&format!("step-{step}"), &mut hashes).unwrap();
        stored.insert(path.clone(), next);
        previous = Some(path);
    }
    let top = previous.unwrap();
    let mut loaded = Hashes::new();
    loaded.load(&top, |path| Ok::<_, DerivationError>(stored[path].clone())).unwrap();
    assert!(stored.keys().all(|path| loaded.knows(path)));

    let mut user = derivation(&["out"]);
    user.input_drvs.insert(top, BTreeSet::from(["out".to_owned()]));
    let mut same = user.clone();
    assert_eq!(user.instantiate("x", &mut hashes), same.instantiate("x", &mut loaded));
}
