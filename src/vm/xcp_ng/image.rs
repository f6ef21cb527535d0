//! The file that is uploaded: a VHD of exactly the size of the disk it goes into.

use std::path::Path;

use super::XcpError;
use crate::builders::image::container::{Blocks, Disk, Source};
use crate::builders::image::{Format, Manner, Seed, output};
use crate::hash::Sha256;
use crate::sys::interrupt;

/// Writes the disk in an image to the VHD `out`, for a VDI of `size` bytes: all of its blocks, or those alone that are
/// not holes.
pub fn convert(image: &Path, vdi: &str, size: u64, blocks: Blocks, out: &Path) -> Result<(), XcpError> {
    let source = Source::open(image)?;
    let Some(table) = source.partition_table()? else {
        return Err(XcpError::NoDisk { path: image.to_owned() });
    };
    if source.size() > size {
        return Err(XcpError::TooSmall { vdi: vdi.to_owned(), size, needed: source.size() });
    }
    // Of the partition table each disk has its own.
    let seed = Seed::new(*Sha256::of(table).as_bytes());
    let disk = Disk { size, extents: source.extents(), seed: &seed };
    let manner =
        Manner { format: Format::Vhd(blocks), interrupted: &interrupt::requested, ..Manner::default() };
    Ok(output::write(disk, out, &manner)?)
}
