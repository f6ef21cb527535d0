//! Readers that no one here wrote: `sgdisk`, `fsck.vfat`, mtools, GRUB's UFS2 and that of The Sleuth Kit.

use std::path::Path;
use std::process::{Command, Output};

/// Runs a program and returns what it prints; fails the test when it fails.
pub fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let Output { status, stdout, stderr } = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C")
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}; tests/run.sh installs it"));
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{program} {arguments:?} failed:\n{out}{err}");
    stdout
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("text")
}

/// A disk to be read by others.
pub struct Disk<'p> {
    pub path: &'p str,
    pub esp_offset: u64,
    pub root_offset: u64,
}

impl Disk<'_> {
    /// The partition table has no problem.
    pub fn check_partitions(&self) -> String {
        let verdict = text(run("/sbin/sgdisk", &["--verify", self.path]));
        assert!(verdict.contains("No problems found"), "{verdict}");
        text(run("/sbin/sgdisk", &["--print", "--info=1", "--info=2", self.path]))
    }

    /// The EFI system partition has no problem; `scratch` is where its copy may lie.
    pub fn check_esp(&self, scratch: &Path) {
        let copy = scratch.join("esp.img");
        let copy = copy.to_str().expect("text");
        run(
            "dd",
            &[
                &format!("if={}", self.path),
                &format!("of={copy}"),
                "bs=1M",
                &format!("skip={}", self.esp_offset >> 20),
                &format!("count={}", (self.root_offset - self.esp_offset) >> 20),
                "conv=sparse",
            ],
        );
        let verdict = text(run("/sbin/fsck.vfat", &["-n", "-v", copy]));
        for word in ["differ", "Free cluster summary wrong", "Truncat", "Reclaim", "bad", "unused clusters, "]
        {
            assert!(!verdict.contains(word), "{verdict}");
        }
    }

    /// A file of the EFI system partition.
    pub fn esp_file(&self, path: &str) -> Vec<u8> {
        run("mtype", &["-i", &format!("{}@@{}", self.path, self.esp_offset), &format!("::{path}")])
    }

    /// The names in a directory of the EFI system partition.
    pub fn esp_names(&self, path: &str) -> Vec<String> {
        let image = format!("{}@@{}", self.path, self.esp_offset);
        let listing = text(run("mdir", &["-b", "-i", &image, &format!("::{path}")]));
        listing.lines().map(|line| line.trim_start_matches("::").to_owned()).collect()
    }

    /// A file of the root, by GRUB, which finds its way through the partition table.
    pub fn grub_file(&self, path: &str) -> Vec<u8> {
        run("grub-fstest", &[self.path, "cat", &format!("(loop0,gpt2){path}")])
    }

    /// A directory of the root, by GRUB.
    pub fn grub_names(&self, path: &str) -> Vec<String> {
        let listing = text(run("grub-fstest", &[self.path, "ls", &format!("(loop0,gpt2){path}")]));
        listing.split_whitespace().map(str::to_owned).collect()
    }

    /// What The Sleuth Kit says of the root's file system.
    pub fn statistics(&self) -> String {
        text(run("fsstat", &["-o", &self.sector(), self.path]))
    }

    /// All files of the root by The Sleuth Kit: lines of `type/type inode:\tpath`.
    pub fn listing(&self) -> Vec<String> {
        text(run("fls", &["-r", "-p", "-o", &self.sector(), self.path])).lines().map(str::to_owned).collect()
    }

    /// A file of the root by its inode, by The Sleuth Kit.
    pub fn inode(&self, number: u32) -> Vec<u8> {
        run("icat", &["-o", &self.sector(), self.path, &number.to_string()])
    }

    fn sector(&self) -> String {
        (self.root_offset / 512).to_string()
    }
}
