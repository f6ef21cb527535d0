//! What cannot be: each with its message, what to do, and an exit status that is not zero.

use std::{env, fs, path::Path, process::Command};

use super::place::{Edit, FRUIX, OWN_KERNEL, Place, Run, TREE, is_root, skip};

/// Builds the edited declaration, which has to fail.
fn assert_build_fails(name: &str, edits: &[Edit<'_>], message: &str, hint: &str) {
    let (place, _) = Place::shared();
    place.system("build", &place.declaration(name, edits), &[]).assert_fails(message, hint);
}

#[test]
fn sources_that_are_none() {
    let message = "cannot open `/nonexistent/src`: No such file or directory";
    assert_build_fails("no-source", &[(TREE, "/nonexistent/src")], message, "check the spelling of the path");
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");
    let message = "is not a FreeBSD source tree: there is no `sys/conf/newvers.sh`";
    assert_build_fails("no-freebsd", &[(TREE, docs)], message, "name the top of a FreeBSD source tree");
}

#[test]
fn kernels_and_worlds_that_cannot_be_built() {
    let unknown = [("\"TINY\"", "\"TIMY\"")];
    let message = "the source tree has no kernel configuration `TIMY` for amd64";
    assert_build_fails("unknown-kernconf", &unknown, message, "did you mean `TINY`?");
    let nonsense = [OWN_KERNEL, ("ident OWN", "ident OWN\\noptions NONSENSE")];
    assert_build_fails("bad-kernconf", &nonsense, "unknown option \"NONSENSE\"", "look for the first `***`");
    let option = [("(world (freebsd-world", "(world (freebsd-world (options '(WITHOUT_TOOLCHAINS))")];
    let message = "the source tree has no option `WITHOUT_TOOLCHAINS`";
    assert_build_fails("bad-option", &option, message, "did you mean `WITHOUT_TOOLCHAIN`?");
}

/// The end of a log is what the tools said; what fruix says to itself there is left out.
#[test]
fn a_kernel_that_does_not_compile_shows_what_the_compiler_said() {
    let (place, _) = Place::shared();
    let tree = place.file("broken source");
    let copied = Command::new("cp").arg("-R").arg(TREE).arg(&tree).status().unwrap();
    assert!(copied.success());
    let file = tree.join("sys/kern/main.c");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\nint broken(void) {{ return nothing_of_this_name; }}\n")).unwrap();
    let declaration = place.declaration("broken", &[(TREE, tree.to_str().unwrap())]);
    let run = place.system("build", &declaration, &[]);
    run.assert_fails("make failed in phase buildkernel", "the whole log: fruix log /frx/store/");
    assert!(run.stderr.contains("use of undeclared identifier 'nothing_of_this_name'"), "{}", run.stderr);
    assert!(!run.stderr.contains("@fruix"), "{}", run.stderr);
}

#[test]
fn declarations_that_contradict_themselves() {
    let users = "(users (list (user-account (name \"a\") (uid 1001)) (user-account (name \"b\") (uid 1001)))) (loader";
    let message = "the accounts `a` and `b` have one uid, 1001";
    assert_build_fails("one-uid", &[("(loader", users)], message, "give one of them another uid");
    let elsewhere = [("(mount-point \"/\")", "(mount-point \"/data\")")];
    assert_build_fails(
        "no-root",
        &elsewhere,
        "the system has no root file system",
        "add (file-system (label",
    );
    let unclosed = [("(host-name \"tiny\")", "(host-name \"tiny\"")];
    assert_build_fails("unclosed", &unclosed, "this list is never closed", "closing parenthesis");
    let number = [("(operating-system", "(define os (operating-system"), ("\"0\"))))", "\"0\"))))) 42")];
    assert_build_fails("number", &number, "gives the number, not an `operating-system`", "end the file with");
}

#[test]
fn files_that_are_none() {
    let (place, _) = Place::shared();
    let missing = place.file("missing.scm");
    place.system("build", &missing, &[]).assert_fails("missing.scm: no such file", "check the path");
    place.system("build", &place.root(), &[]).assert_fails("is not a regular file", "path of a Scheme file");
}

#[test]
fn images_that_cannot_be_made() {
    let (place, _) = Place::shared();
    let tiny = place.declaration("no-image", &[]);
    let small = place.system("image", &tiny, &["--size", "16M"]);
    small.assert_fails("disk too small for the closure", "ask for a size of at least");
    let nowhere = place.system("image", &tiny, &["-o", "/nonexistent/disk.img"]);
    nowhere.assert_fails("No such file or directory", "see that its directory exists");
    assert!(!nowhere.stderr.contains(".fruix-image"), "{}", nowhere.stderr);
    let foreign =
        place.declaration("foreign-root", &[("(label \"fruix-root\")", "(device \"/dev/ada0p2\")")]);
    let message = "no partition of an image carries the root file system `/dev/ada0p2`";
    place.system("image", &foreign, &[]).assert_fails(message, "an image has one partition for the root");
    let shrunk = place.system("vm", &tiny, &["--disk-size", "1M"]);
    shrunk.assert_fails("more than the 1048576 asked for", "ask for a larger size");
}

/// Nothing is built first.
#[test]
fn what_a_run_will_need_is_asked_for_at_once() {
    let (place, _) = Place::shared();
    let never_built = place.declaration("never-built", &[("(host-name \"tiny\")", "(host-name \"never\")")]);
    let file = place.file("a file");
    fs::write(&file, "").unwrap();
    let file = file.to_str().unwrap();
    for (verb, arguments, message, hint) in [
        ("vm", ["--identity", "/no/key"], "cannot read the private key `/no/key`", "name the private key"),
        ("vm", ["--attach", "/no/disk"], "cannot read the disk `/no/disk`", "check the spelling"),
        ("vm", ["--run-dir", file], "cannot use the run directory", "name another one"),
        ("image", ["-o", "/dev/null"], "`/dev/null` is no regular file", "dd if="),
        ("image", ["-o", "/nonexistent/disk.img"], "No such file or directory", "see that its directory"),
    ] {
        let run = place.system(verb, &never_built, &arguments);
        run.assert_fails(message, hint);
        assert!(!run.stderr.contains("build"), "{}", run.stderr);
    }
    let little = place.system("vm", &never_built, &["--memory", "2048"]);
    assert_eq!(little.code, Some(2));
    assert!(little.stderr.contains("did you mean `2048M`?"), "{}", little.stderr);
}

#[test]
fn programs_and_packages_that_are_missing() {
    let (place, _) = Place::shared();
    let nothing = place.file("no programs");
    fs::create_dir(&nothing).unwrap();
    let without = |verb: &str, declaration: &Path| {
        Run::of(place.fruix(&["system", verb]).arg(declaration).env("PATH", &nothing))
    };
    let tiny = place.declaration("no-qemu", &[]);
    without("vm", &tiny).assert_fails("no program `qemu-system-x86_64`", "apt-get install qemu-system-x86");
    let source = format!("(path \"{TREE}\")");
    let commit =
        "(url \"https://example.invalid/src.git\") (commit \"0123456789012345678901234567890123456789\")";
    let git = place.declaration("no-git", &[(&source, commit)]);
    without("build", &git).assert_fails("cannot run git", "apt-get install git");
    let compiler = [("\"clang-14\"", "\"clang-of-nobody\"")];
    let message = "the tool chain lacks clang-of-nobody: not installed";
    assert_build_fails("no-clang", &compiler, message, "apt-get install clang-of-nobody");
}

/// A shell script in a mount namespace of its own; `None` where this user cannot have one.
fn in_mount_namespace(script: &str, args: &[&Path]) -> Option<Run> {
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args(if is_root() { &["--mount"][..] } else { &["--map-root-user", "--mount"] });
        command
    };
    let possible = unshare().args(["mount", "-t", "tmpfs", "none", "/mnt"]).output().ok()?;
    if !possible.status.success() {
        return None;
    }
    let mut command = unshare();
    command.args(["sh", "-euc", script, FRUIX]).args(args).env_remove("FRUIX_ROOT");
    Some(Run::of(&mut command))
}

#[test]
fn firmware_that_is_missing() {
    let (place, _) = Place::shared();
    let hide = "for directory in /usr/share/OVMF /usr/share/edk2 /usr/share/qemu; do \
                [ ! -d $directory ] || mount -t tmpfs none $directory; done; \
                exec \"$0\" --root \"$1\" system vm \"$2\"";
    match in_mount_namespace(hide, &[&place.root(), &place.declaration("no-firmware", &[])]) {
        Some(run) => run.assert_fails("no UEFI firmware for QEMU", "apt-get install ovmf"),
        None => skip("a machine without firmware", "this user can hide no files"),
    }
}

/// The disk is full in the middle of the world's build; when there is room again, the same command works.
#[test]
fn a_full_disk() {
    if !is_root() {
        return skip("a full disk", "only root can mount one");
    }
    let place = Place::new();
    fs::create_dir(place.root()).unwrap();
    let script = "mount -t tmpfs -o size=1g none \"$1\"
        \"$0\" --root \"$1\" system build --dry-run \"$2\" > /dev/null
        cat /dev/zero > \"$1/filler\" 2> /dev/null || :
        truncate -s -200K \"$1/filler\"
        if \"$0\" --root \"$1\" system build \"$2\"; then exit 7; fi
        echo '=== again' >&2
        rm \"$1/filler\"
        \"$0\" --root \"$1\" system build \"$2\"
        \"$0\" --root \"$1\" store verify --check-contents";
    let Some(run) = in_mount_namespace(script, &[&place.root(), &place.declaration("full", &[])]) else {
        return skip("a full disk", "nothing can be mounted here");
    };
    assert!(run.line().ends_with("-system-tiny"), "{}", run.stderr);
    let (full, again) = run.stderr.split_once("=== again\n").unwrap();
    // In the words of the system, of the database, or of whoever watches the build.
    let words = ["No space left on device", "disk is full", "nearly filled the disk"];
    assert!(words.iter().any(|words| full.contains(words)), "{full}");
    assert!(full.contains("help: ") && !full.contains("panicked at"), "{full}");
    assert!(again.contains("built freebsd-world"), "{again}");
}
