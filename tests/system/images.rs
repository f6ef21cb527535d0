//! Disk images: the same from everyone, and sound to readers that no one here wrote.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown},
    path::Path,
    process::Command,
};

use fruix::hash::Sha256;

use super::place::{FRUIX, Place, Run, TREE, is_root, skip};

/// The user `nobody`.
const NOBODY: u32 = 65534;

fn digest(path: &Path) -> String {
    Sha256::of(fs::read(path).unwrap()).hex()
}

/// Copies a tree without what a store does not keep: owners and times.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").args(["-R", "--preserve=mode"]).arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

/// A place where another user works: with a copy of the program, and of the source.
struct Elsewhere {
    place: Place,
    changed_user: bool,
}

impl Elsewhere {
    fn new() -> Self {
        let place = Place::new();
        copy(Path::new(TREE), &place.file("elsewhere"));
        fs::copy(FRUIX, place.file("fruix")).unwrap();
        fs::create_dir(place.root()).unwrap();
        fs::create_dir(place.file("images")).unwrap();
        let changed_user = is_root();
        if changed_user {
            for directory in [place.root(), place.file("images")] {
                chown(directory, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        } else {
            skip("the image of another user", "only root can become one; this user makes it again");
        }
        Self { place, changed_user }
    }

    /// The program, under another umask, in another locale, time zone and directory.
    fn run(&self, args: &[&str]) -> Run {
        let mut command = if self.changed_user {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        command.args(["-c", "umask 077; exec \"$@\"", "sh"]).arg(self.place.file("fruix"));
        command.arg("--root").arg(self.place.root()).args(args);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("TZ", "Asia/Tokyo").env("LC_ALL", "C.UTF-8");
        Run::of(command.current_dir(self.place.file("images")))
    }
}

#[test]
fn everyone_makes_the_same_image() {
    let (place, system) = Place::shared();
    let image = place.file("one.img");
    let image_text = image.to_str().unwrap();
    let run = place.system("image", &place.declaration("image", &[]), &["-o", image_text, "--json"]);
    let json: serde_json::Value = serde_json::from_str(run.success()).unwrap();
    assert_eq!((json["image"].as_str(), json["system"].as_str()), (Some(image_text), Some(system.as_str())));
    check_with_foreign_readers(&image, &place.file("esp.img"));
    check_formats(place, &image);

    let elsewhere = Elsewhere::new();
    let source = elsewhere.place.file("elsewhere");
    let edit = (TREE, source.to_str().unwrap());
    let declaration = elsewhere.place.declaration("elsewhere", &[edit]);
    let other = elsewhere.place.declaration("other", &[edit, ("\"tiny\"", "\"other\"")]);
    // The store is filled in another order: another system comes first.
    elsewhere.run(&["system", "build", "--cores", "1", other.to_str().unwrap()]).line();
    let made = elsewhere.run(&["system", "image", declaration.to_str().unwrap(), "-o", "two.img"]);
    assert_eq!(made.line(), "two.img");
    let second = elsewhere.place.file("images/two.img");
    assert_eq!(fs::metadata(&second).unwrap().permissions().mode() & 0o777, 0o600, "the umask holds");
    assert_eq!(digest(&second), digest(&image));
}

/// All outputs of what a system is made of, those that it does not refer to as well, with another number of jobs.
#[test]
fn what_is_built_again_is_the_same() {
    let (place, system) = Place::shared();
    let declaration = place.declaration("again", &[]);
    let run = place.system("build", &declaration, &["--check", "--cores", "1", "--json"]);
    let found: serde_json::Value = serde_json::from_str(run.success()).unwrap();
    assert_eq!(found["differing"], serde_json::json!([]));
    let checked = found["checked"].as_array().unwrap();
    for part in ["freebsd-world", "freebsd-kernel", "freebsd-boot", system.split_once('-').unwrap().1] {
        let name = format!("-{part}.drv");
        assert!(checked.iter().any(|drv| drv.as_str().unwrap().ends_with(&name)), "{part} in {found}");
    }
}

/// The same disk comes in other formats, by what its name ends in or by what is asked for.
fn check_formats(place: &Place, raw: &Path) {
    let declaration = place.declaration("format", &[]);
    for (name, options, format) in
        [("disk.qcow2", &[][..], "qcow2"), ("disk.img", &["--format", "vhd"], "vpc")]
    {
        let image = place.file(name);
        let image_text = image.to_str().unwrap();
        place.system("image", &declaration, &[&["-o", image_text], options].concat()).success();
        let raw = raw.to_str().unwrap();
        printed("qemu-img", &["compare", "-f", "raw", "-F", format, raw, image_text]);
    }
}

/// Runs a program that has to succeed, and gives what it prints.
fn printed(program: &str, args: &[&str]) -> String {
    let run = Run::of(Command::new(program).args(args).env("LC_ALL", "C"));
    assert_eq!(run.code, Some(0), "{program} {args:?}: {}{}", run.stdout, run.stderr);
    run.stdout
}

/// The number that follows `label` in what `sgdisk` prints.
fn number_after(text: &str, label: &str) -> u64 {
    let after = text.split_once(label).unwrap_or_else(|| panic!("no `{label}` in {text}")).1;
    after.split_whitespace().next().unwrap().parse().unwrap()
}

fn check_with_foreign_readers(image: &Path, esp: &Path) {
    let image = image.to_str().unwrap();
    let verdict = printed("/sbin/sgdisk", &["--verify", image]);
    assert!(verdict.contains("No problems found"), "{verdict}");

    let partition = printed("/sbin/sgdisk", &["--info=1", image]);
    let (first, last) = (number_after(&partition, "First sector:"), number_after(&partition, "Last sector:"));
    let bytes = fs::read(image).unwrap();
    fs::write(esp, &bytes[first as usize * 512..(last as usize + 1) * 512]).unwrap();
    printed("/sbin/fsck.vfat", &["-n", esp.to_str().unwrap()]);

    let root = printed("/sbin/sgdisk", &["--info=2", image]);
    assert!(root.contains("Partition name: 'fruix-root'"), "{root}");
    let offset = number_after(&root, "First sector:").to_string();
    let statistics = printed("fsstat", &["-o", &offset, image]);
    assert!(statistics.contains("File System Type: UFS 2"), "{statistics}");
}
