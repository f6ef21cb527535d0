//! The loader and its scripts: below `/boot/fruix/NAME`, copies of what the boot assets have, with the scripts that show
//! generations beside FreeBSD's own.
//!
//! They are no store items, and belong to no generation: neither a roll-back nor a collection of garbage gives a loader
//! scripts that are not its own. A loader looks for `/boot/lua/loader.lua`, which hands over to those of its unit.

/// The unit whose loader is at the place that firmware falls back to.
pub const FALLBACK: &str = "a";

/// Where units lie.
pub const DIRECTORY: &str = "/boot/fruix";

/// What of the boot assets a loader reads, or is.
pub const ASSETS: &[&str] =
    &["defaults", "device.hints", "fonts", "images", "loader.efi", "loader.help.efi", "lua"];

/// The directory of scripts in a unit, and in `/boot`.
pub const SCRIPTS: &str = "lua";

/// The script that every loader runs first, and what it holds.
pub const ENTRANCE: (&str, &str) = ("loader.lua", include_str!("lua/loader.lua"));

/// The scripts of a unit that are Fruix's.
pub const OWN_SCRIPTS: &[(&str, &str)] = &[
    ("fruix.lua", include_str!("lua/fruix.lua")),
    ("gfx-fruix.lua", include_str!("lua/gfx-fruix.lua")),
    ("local.lua", include_str!("lua/local.lua")),
];
