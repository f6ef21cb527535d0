//! Disk images: a tree of files becomes a bootable GPT disk with an EFI system partition and a UFS2 root.
//!
//! Everything here is a pure function of its input. A [`DiskSpec`] is lowered to a list of *extents* (bytes,
//! or a range of a host file, at an offset of the disk); one writer then puts the extents into a sparse file.
//! So the formats never perform I/O, and the same input gives the same disk whoever runs it, in whatever
//! order the tree was filled, with however many threads. No host tool, no mounting and no privilege is used:
//! the `makefs` of other systems writes superblocks that FreeBSD's loader refuses.
//!
//! | module | responsibility |
//! |---|---|
//! | [`tree`] | the files an image will hold, with owners, modes, flags and hard links |
//! | [`disk`] | the whole disk: sizes, partitions |
//! | [`container`] | the formats of hypervisors: raw, qcow2, VHD, VMDK |
//! | [`output`] | temporary name and rename |
//! | [`reading`] | files of an image, read without mounting it |
//! | `gpt` | protective MBR and GUID partition table |
//! | `esp` | the FAT file system of the EFI system partition |
//! | `ufs2` | FreeBSD's file system |
//! | `extent`, `writer` | what is to be written where, and the writing of it |
//! | `seed` | identifiers derived from a digest instead of drawn at random |

pub mod container;
mod crc;
pub mod disk;
mod error;
mod esp;
mod extent;
mod gpt;
pub mod output;
pub mod reading;
mod seed;
pub mod tree;
mod ufs2;
mod writer;

pub use container::Format;
pub use disk::{DiskReport, DiskSize, DiskSpec, FreeSpace};
pub use error::ImageError;
pub use output::Manner;
pub use seed::Seed;
pub use tree::{Content, Metadata, Tree};
