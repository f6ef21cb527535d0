use super::*;

const FILE: &str = "one\ntwo\nthree\nfour\n";

fn tree() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir_all(tree.path().join("item/sys/kern")).unwrap();
    fs::write(tree.path().join("item/sys/kern/init.c"), FILE).unwrap();
    symlink("sys", tree.path().join("item/link")).unwrap();
    fs::set_permissions(tree.path().join("item/sys/kern/init.c"), fs::Permissions::from_mode(0o444)).unwrap();
    copy_tree(&tree.path().join("item"), &tree.path().join("out")).unwrap();
    tree
}

fn diff(old: &str, new: &str, changed: &str) -> String {
    format!("--- {old}\n+++ {new}\n@@ -1,4 +1,4 @@\n one\n-{changed}\n+2\n three\n four\n")
}

fn try_patch(tree: &Path, text: &str) -> Result<(), PatchError> {
    let patch = tree.join("0001-change.patch");
    fs::write(&patch, text).unwrap();
    apply(&patch, &tree.join("out"))
}

#[test]
fn patches_apply_with_and_without_the_prefixes_of_git() {
    for (old, new) in [
        ("a/sys/kern/init.c", "b/sys/kern/init.c"),
        ("sys/kern/init.c\t2026-01-01", "sys/kern/init.c"),
        ("src.orig/sys/kern/init.c", "src/sys/kern/init.c"),
        ("sys/kern/init.c.orig", "sys/kern/init.c"),
    ] {
        let tree = tree();
        try_patch(tree.path(), &diff(old, new, "two")).unwrap();
        let patched = fs::read_to_string(tree.path().join("out/sys/kern/init.c")).unwrap();
        assert_eq!(patched, "one\n2\nthree\nfour\n", "{old}");
        let names: Vec<_> = fs::read_dir(tree.path().join("out/sys/kern")).unwrap().collect();
        assert_eq!(names.len(), 1, "no .orig and no .rej");
        assert_eq!(fs::read_to_string(tree.path().join("item/sys/kern/init.c")).unwrap(), FILE);
        assert_eq!(fs::read_link(tree.path().join("out/link")).unwrap(), Path::new("sys"));
    }
}

#[test]
fn a_patch_may_make_a_file() {
    for (old, new) in [
        ("/dev/null", "b/sys/new/new.c"),
        ("src.orig/sys/new/new.c\t1970-01-01", "src/sys/new/new.c\t2026-01-01"),
        ("sys/new/new.c", "sys/new/new.c"),
    ] {
        let tree = tree();
        try_patch(tree.path(), &format!("--- {old}\n+++ {new}\n@@ -0,0 +1 @@\n+new\n")).unwrap();
        assert_eq!(fs::read_to_string(tree.path().join("out/sys/new/new.c")).unwrap(), "new\n", "{old}");
    }
}

#[test]
fn a_series_in_one_file_may_change_what_it_made() {
    let tree = tree();
    let make = "--- /dev/null\n+++ b/sys/new.c\n@@ -0,0 +1 @@\n+new\n";
    let change = "--- a/sys/new.c\n+++ b/sys/new.c\n@@ -1 +1 @@\n-new\n+newer\n";
    try_patch(tree.path(), &format!("{make}{change}")).unwrap();
    assert_eq!(fs::read_to_string(tree.path().join("out/sys/new.c")).unwrap(), "newer\n");
}

#[test]
fn a_patch_that_does_not_fit_names_file_and_hunk() {
    let tree = tree();
    let error = try_patch(tree.path(), &diff("a/sys/kern/init.c", "b/sys/kern/init.c", "deux")).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("0001-change.patch") && text.contains("sys/kern/init.c: Hunk #1 FAILED at 1"),
        "{text}"
    );
}

#[test]
fn a_patch_for_another_tree_and_a_file_that_is_no_patch_are_refused() {
    let tree = tree();
    let error = try_patch(tree.path(), &diff("a/fs/ext4.c", "b/fs/ext4.c", "two")).unwrap_err();
    assert!(error.to_string().contains("such as `fs/ext4.c`"), "{error}");
    let error = try_patch(tree.path(), &diff("a/../../etc/passwd", "b/x", "two")).unwrap_err();
    assert!(matches!(error, PatchError::OtherTree { .. }), "{error}");
    assert!(matches!(try_patch(tree.path(), "hello\n"), Err(PatchError::NoFiles { .. })));
}
