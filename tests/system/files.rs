//! Files of the user's in a system: below `/etc` and elsewhere, texts and things that are built.

use std::{fs, process::Command};

use super::place::{Edit, Place, Run};

const MODULES: Edit<'static> = (
    "(use-modules (fruix system)",
    "(use-modules (fruix services) (fruix services base) (fruix gexp) (fruix store) (fruix system)",
);

const FILES: Edit<'static> = (
    "(loader",
    r##"(services
  (append
   (list (simple-service 'mine etc-service-type
                         (list (etc-file (path "mine.conf") (content "colour = blue\n"))
                               (etc-file (path "mine.d/list") (content (plain-file "list" "a b\n")))))
         (service special-files-service-type
                  (list (special-file (path "/opt/bin/hello") (content "#!/bin/sh\n") (executable? #t))
                        (special-file (path "/usr/local/etc/made")
                                      (content (computed-file "made"
                                                 #~(write-file #$output "made of "
                                                               (read-file #$(plain-file "part" "parts\n")))))))))
   %base-services))
 (loader"##,
);

/// The names in a directory of the image's root file system, as The Sleuth Kit sees them.
fn names_in_image(image: &str) -> String {
    let run = |program: &str, args: &[&str]| Run::of(Command::new(program).args(args).env("LC_ALL", "C"));
    let partition = run("/sbin/sgdisk", &["--info=2", image]);
    let after = partition.success().split_once("First sector:").expect("a partition").1.to_owned();
    let offset = after.split_whitespace().next().expect("a number").to_owned();
    run("fls", &["-r", "-p", "-o", &offset, image]).success().to_owned()
}

#[test]
fn files_of_the_declaration_are_in_the_closure_and_in_the_image() {
    let (place, plain) = Place::shared();
    let declaration = place.declaration("files", &[MODULES, FILES]);
    let system = place.system("build", &declaration, &[]).line();
    assert_ne!(&system, plain);
    let closure = place.physical(&system);
    let read = |path: &str| fs::read_to_string(closure.join(path)).unwrap();
    let target = |path: &str| fs::read_link(closure.join(path)).unwrap().to_str().unwrap().to_owned();

    assert_eq!(read("etc/mine.conf"), "colour = blue\n");
    assert!(target("etc/mine.d/list").ends_with("-list"));
    let links = read("activation/etc-links");
    assert!(links.lines().any(|link| link == "mine.conf"), "{links}");

    assert_eq!(read("files/opt/bin/hello"), "#!/bin/sh\n");
    let made = target("files/usr/local/etc/made");
    assert_eq!(fs::read_to_string(place.physical(&made)).unwrap(), "made of parts\n");
    let requisites = place.requisites(&system);
    assert!(requisites.contains(&made), "{requisites:?}");
    // What the form read is no part of the system.
    assert!(!requisites.iter().any(|item| item.ends_with("-part")), "{requisites:?}");
    let root = read("activation/root.mtree");
    for path in ["opt/bin/hello", "usr/local/etc/made"] {
        let line = format!("./{path} type=link link=/run/current-system/files/{path} ");
        assert!(root.contains(&line), "no `{line}` in {root}");
    }

    let image = place.file("files.raw");
    let image = image.to_str().unwrap();
    place.system("image", &declaration, &["-o", image]).success();
    let names = names_in_image(image);
    let item = system.trim_start_matches('/');
    for name in ["opt/bin/hello", "usr/local/etc/made", &format!("{item}/etc/mine.conf"), &made[1..]] {
        assert!(names.lines().any(|line| line.ends_with(&format!("\t{name}"))), "no `{name}` in {names}");
    }
}

#[test]
fn a_file_in_the_place_of_a_directory_or_of_the_worlds_is_refused() {
    let (place, _) = Place::shared();
    let services = |service: &str| format!("(services (cons {service} %base-services)) (loader");
    for (name, service, message, hint) in [
        (
            "in-place-of-directory",
            "(simple-service 'mine etc-service-type (list (etc-file (path \"rc.d\") (content \"x\"))))",
            "`/etc/rc.d` is a directory of the system, and a file is declared in its place",
            "fruix log",
        ),
        (
            "in-the-world",
            "(service special-files-service-type (list (special-file (path \"/sbin/mine\") (content \"x\"))))",
            "the special file `/sbin/mine` would lie in `/sbin`, which belongs to the world",
            "fruix log",
        ),
    ] {
        let edit = services(service);
        let declaration = place.declaration(name, &[MODULES, ("(loader", &edit)]);
        place.system("build", &declaration, &[]).assert_fails(message, hint);
    }
}
