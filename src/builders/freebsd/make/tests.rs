use std::{collections::BTreeMap, os::unix::fs::PermissionsExt};

use super::*;
use crate::builders::freebsd::source_tree;

fn llvm(usr: &Path, directory: &str, programs: &[&str]) {
    let directory = usr.join(directory);
    fs::create_dir_all(&directory).unwrap();
    for program in programs {
        fs::write(directory.join(program), "").unwrap();
    }
}

#[test]
fn the_newest_complete_llvm_is_taken() {
    let usr = tempfile::tempdir().unwrap();
    assert!(matches!(find_llvm(usr.path()), Err(MakeError::NoLlvm { .. })));
    llvm(usr.path(), "bin", &LLVM_PROGRAMS);
    assert_eq!(find_llvm(usr.path()).unwrap(), usr.path().join("bin"));
    llvm(usr.path(), "lib/llvm-9/bin", &LLVM_PROGRAMS);
    llvm(usr.path(), "lib/llvm-14/bin", &LLVM_PROGRAMS);
    llvm(usr.path(), "lib/llvm-19/bin", &["clang"]);
    assert_eq!(find_llvm(usr.path()).unwrap(), usr.path().join("lib/llvm-14/bin"));
}

#[test]
fn stages_are_relayed_byte_for_byte() {
    let text = b"cc -c x.c\n>>> stage 4.2: building libraries\nno newline at \xff end";
    let mut log = Vec::new();
    relay("buildworld", &text[..], &mut log).unwrap();
    assert_eq!(log, text);
}

/// A make whose tree has this script as its `make.py`.
fn make(script: &str, directory: &Path) -> Make {
    let tree = source_tree::tests::sample().keep();
    let program = tree.join("tools/build/make.py");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    Make {
        host: Host::Other { llvm: PathBuf::from("/llvm/bin") },
        source: tree,
        places: Places { objects: directory.join("obj"), scratch: directory.to_owned() },
        arguments: vec!["TARGET=amd64".to_owned(), "-j3".to_owned()],
    }
}

#[test]
fn an_install_is_told_everything_and_nothing_of_this_process() {
    let directory = tempfile::tempdir().unwrap();
    let make = make(
        "#!/bin/sh\nprintf '%s\\n' \"$PWD\" \"$@\" >$HOME/arguments; env >$HOME/env\n",
        directory.path(),
    );
    make.install("installworld", &["X=y".to_owned()]).unwrap();
    let written = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
    let place = directory.path().display();
    assert_eq!(
        written("arguments").lines().collect::<Vec<_>>(),
        [
            &make.source.display().to_string(),
            "--cross-bindir=/llvm/bin",
            "TARGET=amd64",
            "-j3",
            "-DNO_ROOT",
            "-DDB_FROM_SRC",
            &format!("DESTDIR={place}/inst"),
            &format!("METALOG={place}/inst/METALOG"),
            "X=y",
            "installworld"
        ]
    );
    // The shell that wrote it adds the last three.
    let names: BTreeMap<_, _> = written("env")
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect();
    let expected =
        ["HOME", "LC_ALL", "LOGNAME", "MAKEOBJDIRPREFIX", "PATH", "TMPDIR", "TZ", "USER", "XCXXFLAGS"];
    let shell = ["PWD", "OLDPWD", "SHLVL", "_"];
    let seen: Vec<_> = names.keys().map(String::as_str).filter(|name| !shell.contains(name)).collect();
    assert_eq!(seen, expected);
    fs::remove_dir_all(&make.source).unwrap();
}

#[test]
fn a_failure_names_the_phase_and_the_status() {
    let directory = tempfile::tempdir().unwrap();
    let make = make("#!/bin/sh\nexit 3\n", directory.path());
    let error = make.build("buildworld", &[]).unwrap_err();
    assert_eq!(error.to_string(), "make failed in phase buildworld: exit status: 3");
    fs::remove_dir_all(&make.source).unwrap();
}
