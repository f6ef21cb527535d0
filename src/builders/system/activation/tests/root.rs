//! The root file system: checked, grown, filled, and what is mounted over it.

use std::fs;

use super::{Machine, link};

/// A disk of 1 GiB with the root in its second partition, found by label, after a disk without partitions.
const PROVIDERS: &str = "0 DISK cd0 0 2048 hd 0 sc 0
0 DISK vtbd0 1073741824 512 hd 16 sc 63
1 PART vtbd0p2 SIZE 512 i 2 o 68157440 ty freebsd-ufs xs GPT xt 516e7cb6
2 LABEL gpt/fruix-root SIZE 512 i 0 o 0
1 PART vtbd0p1 67108864 512 i 1 o 1048576 ty efi xs GPT xt c12a7328
2 LABEL gpt/efi 67108864 512 i 0 o 0";

/// A machine whose root partition has that many bytes until `gpart` grows it.
fn machine_with_disk(root_bytes: &str) -> Machine {
    let machine = Machine::new("", "");
    machine.put("geom", &PROVIDERS.replace("SIZE", root_bytes));
    machine.program("sysctl", &format!("cat {}", machine.at("geom").display()));
    let log = machine.at("log");
    let (log, geom) = (log.display(), machine.at("geom"));
    let grow = format!("sed -i s/{root_bytes}/1005563904/ {}", geom.display());
    machine.program("gpart", &format!("echo gpart \"$@\" >>{log}; [ $1 = recover ] || {grow}"));
    machine.program("growfs", &format!("echo growfs \"$@\" >>{log}"));
    machine
}

const GROW: &str = "root_device=/dev/gpt/fruix-root root_type=ufs
step grow-root grow_root
step state state_directory";

#[test]
fn the_root_grows_into_the_space_after_it_once() {
    let machine = machine_with_disk("316669952");
    let (success, said) = machine.run(GROW);
    assert!(success, "{said}");
    assert!(said.contains("fruix: activate: grow-root: ok (to 1005563904 bytes)\n"), "{said}");
    let first = "gpart recover vtbd0\ngpart resize -i 2 vtbd0\ngrowfs -y /dev/gpt/fruix-root\n";
    assert_eq!(machine.text("log"), first);
    let (_, said) = machine.run(GROW);
    assert!(said.contains("fruix: activate: grow-root: ok\n"), "{said}");
    assert_eq!(machine.text("log"), first);
}

#[test]
fn growing_that_broke_off_is_taken_up_again() {
    let machine = machine_with_disk("1005563904");
    assert!(machine.run(GROW).0);
    assert_eq!(machine.text("log"), "growfs -y /dev/gpt/fruix-root\n");
}

#[test]
fn a_root_that_cannot_grow_does_not_end_the_boot() {
    let machine = machine_with_disk("316669952");
    machine.program("gpart", "exit 1");
    let (success, said) = machine.run(GROW);
    assert!(success, "{said}");
    assert!(said.contains("ok (not grown: gpart resize -i 2 vtbd0 failed)"), "{said}");
    machine.put("geom", "0 DISK vtbd0 1073741824 512 hd 16 sc 63");
    let (success, said) = machine.run(GROW);
    assert!(success && said.contains("is in no partition table"), "{said}");
}

/// A machine whose `mount` lists these file systems, and notes what else it is asked; `fsck_ffs` exits so.
fn machine_with_mounts(mounts: &str, fsck_status: u8) -> Machine {
    let machine = Machine::new("", "");
    machine.put("mounts", &mounts.replace("/run", machine.at("run").to_str().unwrap()));
    let (mounts, log) = (machine.at("mounts"), machine.at("log"));
    machine.put("log", "");
    let list = format!("[ \"$1\" != -p ] || exec cat {}", mounts.display());
    machine.program("mount", &format!("{list}\necho mount \"$@\" >>{}", log.display()));
    for (program, status) in [("fsck_ffs", fsck_status), ("reboot", 0), ("sleep", 0)] {
        machine.program(program, &format!("echo {program} \"$@\" >>{}; exit {status}", log.display()));
    }
    machine
}

const ROOT: &str = "/dev/gpt/fruix-root\t/\tufs\tMODE\t1\t1\ndevfs\t/dev\tdevfs\trw\t0\t0\n";

#[test]
fn a_root_is_checked_while_it_is_read_only() {
    let check = |mode: &str, status| {
        let machine = machine_with_mounts(&ROOT.replace("MODE", mode), status);
        let (success, said) = machine.run("step check-root check_root");
        (success, said, machine.text("log"))
    };
    // An option that only looks like `rw`.
    let (success, said, log) = check("ro,noclusterw", 0);
    assert!(success && said == "fruix: activate: check-root: ok\n", "{said}");
    assert_eq!(log, "fsck_ffs -p /dev/gpt/fruix-root\n");
    let (success, said, log) = check("rw,noatime", 0);
    assert!(success && said.contains("ok (already writable)") && log.is_empty(), "{said}");

    let (success, said, _) = check("ro", 8);
    let why = "/dev/gpt/fruix-root needs repair by hand: fsck_ffs /dev/gpt/fruix-root";
    assert!(!success && said.contains(&format!("check-root: FAILED {why}\n")), "{said}");
    let (_, said, log) = check("ro", 4);
    assert!(said.contains("rebooting") && log.contains("reboot"), "{said}");
    let machine = machine_with_mounts("zroot/ROOT\t/\tzfs\tro\t0\t0\n", 8);
    assert!(machine.run("step check-root check_root").1.contains("ok (zfs: nothing to check)"));
}

#[test]
fn run_is_mounted_once_or_cleaned() {
    let machine = machine_with_mounts(ROOT, 0);
    assert!(machine.run("step run fresh_run").0);
    let run = machine.at("run");
    assert_eq!(machine.text("log"), format!("mount -t tmpfs -o mode=0755 tmpfs {}\n", run.display()));

    // An activation that is run again by hand finds it there.
    let machine = machine_with_mounts(&format!("{ROOT}tmpfs\t/run\ttmpfs\trw\t0\t0\n"), 0);
    machine.put("run/kept", "");
    let (success, said) =
        machine.run("step run fresh_run\nstep booted booted_system\nstep booted booted_system");
    assert!(success && said.contains("run: ok (mounted by an earlier try)"), "{said}");
    assert!(machine.at("run/kept").exists() && machine.text("log").is_empty());
    assert_eq!(link(&machine, "run/booted-system"), "/system");

    let machine = machine_with_mounts(ROOT, 0);
    machine.put("run/.old", "");
    machine.program("mount", "[ \"$1\" != -t ]");
    let (success, said) = machine.run("step run fresh_run");
    assert!(success && said.contains("run: ok (no tmpfs: a directory of the root file system)"), "{said}");
    assert!(!machine.at("run/.old").exists());
}

#[test]
fn a_root_that_stays_read_only_says_why() {
    let machine = Machine::new("", "");
    machine.program("mount", "echo 'mount: /dev/x: R/W mount denied' >&2; exit 1");
    let (success, said) = machine.run("step writable-root writable_root");
    let why = "the root cannot be made writable: mount: /dev/x: R/W mount denied";
    assert!(!success && said.contains(&format!("writable-root: FAILED {why}\n")), "{said}");
}

#[test]
fn the_root_is_filled_without_touching_what_is_there() {
    let machine = Machine::new("", "");
    machine.program("tar", &format!("echo \"$@\" >>{}", machine.at("log").display()));
    assert!(machine.run("step root-tree root_tree").0);
    let [data, root] = ["system/activation", ""].map(|path| machine.at(path).to_str().unwrap().to_owned());
    assert_eq!(
        machine.text("log"),
        format!(
            "-xpkf {data}/root.mtree -C {root}\n\
             --options mtree:checkfs -xp -k -C {root} -f {data}/copies.mtree\n"
        )
    );
    machine.program(
        "tar",
        "[ \"$1\" != --options ] || { echo 'tar: su: No space left on device' >&2; exit 1; }",
    );
    let (success, said) = machine.run("step root-tree root_tree");
    assert!(!success && said.contains("root-tree: FAILED tar: su: No space left on device\n"), "{said}");
}

#[test]
fn setuid_programs_are_made_anew_and_put_in_place_at_once() {
    let machine = Machine::new("", "");
    // Options of tar: --options … -xp -C DIRECTORY -f MANIFEST.
    machine.program("tar", "echo new >\"$5/su\"");
    machine.put("run/setuid-programs/gone", "");
    machine.put("run/setuid-programs.new/half", "");
    assert!(machine.run("step setuid-programs setuid_programs").0);
    let names = |path: &str| {
        let entries = fs::read_dir(machine.at(path)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(names("run/setuid-programs"), ["su"]);
    assert!(
        !machine.at("run/setuid-programs.new").exists() && !machine.at("run/setuid-programs.old").exists()
    );
    // What fails leaves those of before.
    machine.program("tar", "exit 1");
    assert!(!machine.run("step setuid-programs setuid_programs").0);
    assert_eq!(names("run/setuid-programs"), ["su"]);
}
