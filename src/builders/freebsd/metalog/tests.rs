use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

fn accounts() -> Accounts {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir(tree.path().join("etc")).unwrap();
    fs::write(tree.path().join("etc/master.passwd"), "root:*:0:0\nman:*:9:9\n").unwrap();
    fs::write(tree.path().join("etc/group"), "wheel:*:0:\nman:*:9:\noperator:*:5:\n").unwrap();
    Accounts::of_trees(&[tree.path()]).unwrap()
}

/// A small installed tree: a program with three names, a setuid one, a symlink, an empty directory.
fn installed() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    let at = |path: &str| tree.path().join(path);
    for directory in ["rescue", "usr/bin", "var/empty"] {
        fs::create_dir_all(at(directory)).unwrap();
    }
    fs::write(at("rescue/cat"), "rescue").unwrap();
    fs::write(at("usr/bin/su"), "su").unwrap();
    fs::write(at("usr/readme"), "text").unwrap();
    for (path, mode) in [("rescue/cat", 0o700), ("usr/bin/su", 0o755), ("usr/readme", 0o600)] {
        fs::set_permissions(at(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::hard_link(at("rescue/cat"), at("rescue/[")).unwrap();
    fs::hard_link(at("rescue/cat"), at("usr/bin/zcat")).unwrap();
    symlink("usr/src/sys", at("sys")).unwrap();
    fs::write(at(FILE_NAME), "stale").unwrap();
    tree
}

const LOG: &str = "\
#mtree 2.0
# a comment
./usr/bin/su type=file uname=root gname=wheel mode=0555 size=4
./rescue/cat type=file uname=root gname=wheel mode=0555
.//usr/lib/../bin/su type=file gname=operator mode=04555 flags=schg tags=package=runtime
./sys type=link uname=root gname=wheel mode=0777 link=elsewhere
./var/empty type=dir uname=man mode=0755
./gone type=file uname=nobody gname=wheel mode=0644
";

fn of_install(log: &str) -> Result<Metalog, MetalogError> {
    Metalog::of_tree(installed().path(), Attributes::Log(log.as_bytes()), &accounts(), &|_| true)
}

fn entry<'a>(metalog: &'a Metalog, path: &str) -> &'a Entry {
    metalog.get(Path::new(path)).unwrap_or_else(|| panic!("no entry for {path}"))
}

#[test]
fn an_unclean_log_and_its_tree_make_one_entry_for_each_path() {
    let metalog = of_install(LOG).unwrap();
    let paths: Vec<_> = metalog.entries().map(|(path, _)| path.to_str().unwrap()).collect();
    assert_eq!(
        paths,
        [
            "",
            "rescue",
            "rescue/[",
            "rescue/cat",
            "sys",
            "usr",
            "usr/bin",
            "usr/bin/su",
            "usr/bin/zcat",
            "usr/readme",
            "var",
            "var/empty"
        ]
    );
    let su = entry(&metalog, "usr/bin/su");
    assert_eq!((su.mode, su.owner.id, su.group.id), (0o4555, 0, 5), "the later line wins, owner stays");
    assert!(su.flags.contains("schg") && su.tags.contains("package=runtime"));
    assert_eq!(metalog.setid_files().count(), 1);
    assert_eq!(entry(&metalog, "var/empty").owner, Account { name: "man".to_owned(), id: 9 });
    assert_eq!(entry(&metalog, "usr/readme").mode, 0o644, "the umask of the one who installed is gone");
    assert_eq!(entry(&metalog, "sys").kind, Kind::Symlink { target: "usr/src/sys".into() });
}

#[test]
fn names_of_one_file_are_a_group_with_one_set_of_attributes() {
    let metalog = of_install(LOG).unwrap();
    assert_eq!(entry(&metalog, "rescue/[").kind, Kind::File);
    assert_eq!(entry(&metalog, "rescue/[").mode, 0o555, "the log knows another name of it");
    for path in ["rescue/cat", "usr/bin/zcat"] {
        assert_eq!(entry(&metalog, path).kind, Kind::HardLink { to: "rescue/[".into() });
        assert_eq!(entry(&metalog, path).mode, 0o555);
    }
}

#[test]
fn writing_and_parsing_give_the_same_metalog_and_the_same_bytes() {
    let metalog = of_install(LOG).unwrap();
    let bytes = metalog.to_bytes();
    let read = Metalog::parse(&bytes).unwrap();
    assert_eq!(read, metalog);
    assert_eq!(read.to_bytes(), bytes);
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        text.contains(
            "\n./rescue/cat type=file uname=root uid=0 gname=wheel gid=0 mode=0555 \
             tags=hardlink=./rescue/[\n"
        ),
        "{text}"
    );
}

#[test]
fn comments_and_the_order_of_lines_change_nothing() {
    let mut lines: Vec<_> = LOG.lines().filter(|line| !line.contains("su type")).collect();
    let metalog = of_install(&lines.join("\n")).unwrap();
    lines.reverse();
    lines.insert(0, "#\t  user: someone\n#\t  date: Mon Nov 23 2026");
    assert_eq!(of_install(&lines.join("\n")).unwrap().to_bytes(), metalog.to_bytes());
}

#[test]
fn names_with_odd_characters_survive() {
    let tree = tempfile::tempdir().unwrap();
    for name in ["a b", "hash#", "back\\slash", "comma,", "ä", "=x"] {
        fs::write(tree.path().join(name), "").unwrap();
        fs::hard_link(tree.path().join(name), tree.path().join(format!("{name}2"))).unwrap();
    }
    let metalog = Metalog::of_tree(tree.path(), Attributes::Log(b""), &accounts(), &|_| true).unwrap();
    assert_eq!(metalog.len(), 13);
    assert_eq!(Metalog::parse(&metalog.to_bytes()).unwrap(), metalog);
}

#[test]
fn attributes_can_come_from_the_disk() {
    let tree = installed();
    fs::set_permissions(tree.path().join("var/empty"), fs::Permissions::from_mode(0o1700)).unwrap();
    let unwanted = |path: &Path| path != Path::new("usr");
    let metalog = Metalog::of_tree(tree.path(), Attributes::Disk, &accounts(), &unwanted).unwrap();
    assert_eq!(entry(&metalog, "var/empty").mode, 0o1700);
    assert!(metalog.get(Path::new("usr/readme")).is_none());
}

#[test]
fn the_hierarchical_form_is_understood() {
    let text = "#mtree\n/set type=file uname=root uid=0 gname=wheel gid=0 mode=0644\n. type=dir mode=0755\n    etc type=dir \\\n mode=0755\n\
                motd\n  ..\nbin type=dir mode=0755\n\n/unset mode\nsh mode=0555\n..\n";
    let metalog = Metalog::parse(text.as_bytes()).unwrap();
    assert_eq!(entry(&metalog, "etc/motd").mode, 0o644);
    assert_eq!(entry(&metalog, "bin/sh").mode, 0o555);
    assert_eq!(metalog.len(), 5);
}

#[test]
fn a_link_logged_after_its_file_says_nothing_of_the_file() {
    let log = "\
./usr/bin/zcat type=file uname=root gname=operator mode=04550 tags=package=runtime
./rescue/[ type=file uname=man gname=wheel mode=0555
./rescue/cat type=file uname=root gname=wheel mode=0555
./usr/bin/zcat type=file mode=04551
";
    let metalog = of_install(log).unwrap();
    for name in ["rescue/[", "rescue/cat", "usr/bin/zcat"] {
        let entry = entry(&metalog, name);
        assert_eq!((entry.mode, entry.owner.id, entry.group.id), (0o4551, 0, 5), "{name}");
    }
}

#[test]
fn an_install_names_accounts_that_its_tree_knows() {
    let error = of_install("./usr/bin/su type=file uname=who mode=0644\n").unwrap_err().to_string();
    assert!(error.contains("no account file knows it"), "{error}");
}

#[test]
fn bad_lines_are_named() {
    for (text, problem) in [
        ("./a type=file mode=99\n", "bad number"),
        ("./a type=socket\n", "unknown type"),
        ("./../a type=file\n", "leaves the tree"),
        ("./a\\q type=file\n", "bad escape"),
        ("./a mode=0644\n", "no `type`"),
        ("./a type=file\n", "no `mode`"),
        ("./a type=link mode=0755\n", "no `link`"),
        ("./a type=file uid=0 gname=wheel gid=0 mode=0644\n", "no `uname`"),
        ("./a type=file uname=root gname=wheel gid=0 mode=0644\n", "no `uid`"),
        ("./a type=file uname=root uid=0 mode=0644\n", "no `gname`"),
        (
            "/set uname=root uid=0 gname=wheel gid=0 mode=0644\n./a type=file\n./a/b type=file\n",
            "no directory",
        ),
        ("/set uname=root uid=0 gname=wheel gid=0 mode=0644\n./a type=file tags=hardlink=./b\n", "hard link"),
    ] {
        let error = Metalog::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(problem), "{text}: {error}");
    }
}

#[test]
fn a_part_brings_its_parents_and_promotes_the_next_name_of_a_file() {
    let metalog = of_install(LOG).unwrap();
    let part = metalog.subset(|path, _| path.ends_with("cat") || path.ends_with("zcat"));
    let paths: Vec<_> = part.entries().map(|(path, _)| path.to_str().unwrap()).collect();
    assert_eq!(paths, ["", "rescue", "rescue/cat", "usr", "usr/bin", "usr/bin/zcat"]);
    assert_eq!(entry(&part, "rescue/cat").kind, Kind::File);
    assert_eq!(entry(&part, "usr/bin/zcat").kind, Kind::HardLink { to: "rescue/cat".into() });
    assert_eq!(Metalog::parse(&part.to_bytes()).unwrap(), part);
}

#[test]
fn relative_targets_lead_there() {
    for (from, to, target) in [
        ("rescue/cat", "rescue/[", "["),
        ("usr/bin/zcat", "rescue/[", "../../rescue/["),
        ("usr/bin/a", "usr/sbin/b", "../sbin/b"),
        ("a", "b/c", "b/c"),
    ] {
        assert_eq!(relative_target(Path::new(from), Path::new(to)), Path::new(target));
    }
}
