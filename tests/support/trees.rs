//! Trees to put into the store.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

/// A tree with everything a store item can hold, and some things it cannot tell apart.
pub fn make_varied(root: &Path) {
    fs::create_dir_all(root.join("empty directory/nested")).expect("create");
    fs::create_dir(root.join("a")).expect("create");
    fs::write(root.join("a.b"), "sorts before a/").expect("write");
    fs::write(root.join("a/tool"), pattern(300_001)).expect("write");
    for (name, mode) in [("a/tool", 0o755), ("a.b", 0o611)] {
        fs::set_permissions(root.join(name), Permissions::from_mode(mode)).expect("chmod");
    }
    fs::hard_link(root.join("a/tool"), root.join("same tool")).expect("link");
    fs::write(root.join("empty"), "").expect("write");
    fs::write(root.join("large"), pattern(9_000_000)).expect("write");
    for (target, name) in [("../nowhere", "dangling"), ("a", "to directory"), ("/etc/passwd", "absolute")] {
        symlink(target, root.join(name)).expect("symlink");
    }
    for odd in [&b"x\xff\n\"\\"[..], b"-", b"...", "größe".as_bytes(), b"\x01"] {
        fs::write(root.join(OsString::from_vec(odd.to_owned())), odd).expect("write");
    }
    for length in 0..20 {
        fs::write(root.join(format!("length {length}")), pattern(length)).expect("write");
    }
}

/// Bytes that do not repeat soon.
pub fn pattern(length: usize) -> Vec<u8> {
    (0..length as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}
