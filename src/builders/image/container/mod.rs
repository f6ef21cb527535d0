//! The formats in which hypervisors take a disk: raw, qcow2, VHD, VMDK.
//!
//! A container is one more lowering: from the extents of a disk to those of a file, which the same writer then writes.
//! It maps the disk in *chunks* and holds those that some extent touches; nothing of it is drawn at random or read from
//! a clock. Read back, a container is again a list of which part of the file lies where on the disk ([`Source`]).
//!
//! | module | responsibility |
//! |---|---|
//! | `chunks` | which chunks of the disk the file holds, and where |
//! | `qcow2`, `vhd`, `vmdk` | the formats: writing, and reading what there is of them |
//! | `source` | a disk read from a file of any format |

mod chunks;
mod fields;
mod qcow2;
mod source;
mod vhd;
mod vmdk;

use std::path::Path;
use std::str::FromStr;

use super::error::ImageError;
use super::extent::Extent;
use super::seed::Seed;

pub use source::{Source, SourceError};
pub use vhd::Blocks;

/// Bytes per sector, in which all formats count.
const SECTOR: u64 = 512;

/// A format of disk images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// The disk itself, byte for byte, with holes where nothing was written.
    #[default]
    Raw,
    /// QEMU's own format, version 3.
    Qcow2,
    /// The dynamic virtual hard disk of Xen and Virtual PC.
    Vhd(Blocks),
    /// The sparse disk in one file (`monolithicSparse`) of VMware and VirtualBox.
    Vmdk,
}

impl Format {
    /// The formats that a user can name.
    pub const NAMED: [Self; 4] = [Self::Raw, Self::Qcow2, Self::Vhd(Blocks::Used), Self::Vmdk];

    /// Its name, which is also how names of its files usually end.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Qcow2 => "qcow2",
            Self::Vhd(_) => "vhd",
            Self::Vmdk => "vmdk",
        }
    }

    /// The format that the name of a file promises.
    pub fn of_name(path: &Path) -> Option<Self> {
        path.extension()?.to_str()?.to_ascii_lowercase().parse().ok()
    }

    /// The largest disk it can hold, in bytes; `None` where its limits are beyond those of the file system.
    const fn largest(self) -> Option<u64> {
        match self {
            Self::Raw => None,
            Self::Qcow2 => Some(qcow2::LARGEST),
            Self::Vhd(_) => Some(vhd::LARGEST),
            Self::Vmdk => Some(vmdk::LARGEST),
        }
    }

    /// What the size of its disks is a multiple of, in bytes.
    const fn unit(self) -> u64 {
        match self {
            Self::Vmdk => vmdk::GRAIN,
            _ => SECTOR,
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::NAMED.into_iter().find(|format| format.name() == text).ok_or_else(|| {
            let names = Self::NAMED.map(Self::name).join(", ");
            format!("`{text}` is no format of images; there are {names}")
        })
    }
}

/// A disk that is to go into a container.
#[derive(Debug)]
pub struct Disk<'a> {
    /// Its size in bytes.
    pub size: u64,
    /// What lies on it. Extents do not overlap.
    pub extents: Vec<Extent<'a>>,
    /// What the identifiers of the container are derived from.
    pub seed: &'a Seed,
}

/// A file that is to be written.
#[derive(Debug)]
pub(super) struct File<'a> {
    /// Its length in bytes.
    pub length: u64,
    /// What it holds.
    pub extents: Vec<Extent<'a>>,
}

/// The file at `path` that is the disk in the format.
pub(super) fn lower<'a>(mut disk: Disk<'a>, format: Format, path: &Path) -> Result<File<'a>, ImageError> {
    let given = disk.size;
    if let Some(largest) = format.largest().filter(|&largest| given > largest) {
        return Err(ImageError::TooLarge { format: format.name(), largest, given });
    }
    if !given.is_multiple_of(format.unit()) {
        return Err(ImageError::UnalignedSize { given, format: format.name(), unit: format.unit() });
    }
    disk.extents.sort_by_key(|extent| extent.offset);
    match format {
        Format::Raw => Ok(File { length: disk.size, extents: disk.extents }),
        Format::Qcow2 => Ok(qcow2::lower(disk)),
        Format::Vhd(blocks) => Ok(vhd::lower(disk, blocks)),
        Format::Vmdk => vmdk::lower(disk, path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_names_that_files_end_in() {
        for format in Format::NAMED {
            assert_eq!(format.name().parse(), Ok(format));
            assert_eq!(Format::of_name(Path::new(&format!("a/disk.{}", format.name()))), Some(format));
        }
        assert_eq!(Format::of_name(Path::new("DISK.VHD")), Some(Format::Vhd(Blocks::Used)));
        assert_eq!(Format::of_name(Path::new("disk.img")), None);
        assert!("vdi".parse::<Format>().unwrap_err().contains("raw, qcow2, vhd, vmdk"));
    }

    #[test]
    fn disks_that_a_format_cannot_hold_are_refused() {
        let seed = Seed::from_text("a");
        let refused = |format, size| {
            let disk = Disk { size, extents: Vec::new(), seed: &seed };
            lower(disk, format, Path::new("disk")).unwrap_err()
        };
        for format in [Format::Vhd(Blocks::Used), Format::Vmdk] {
            let error = refused(format, (2040 << 30) + (1 << 20));
            assert!(matches!(error, ImageError::TooLarge { .. }), "{error}");
        }
        assert!(matches!(refused(Format::Vmdk, 1 << 15), ImageError::UnalignedSize { unit: 65536, .. }));
        assert!(matches!(refused(Format::Qcow2, 1000), ImageError::UnalignedSize { unit: 512, .. }));
    }
}
