//! Archives of trees, sound or nearly so.

use arbitrary::{Result, Unstructured};
use fruix::nar::NarWriter;

/// Deepest nesting of directories.
const MAX_DEPTH: usize = 4;

/// Names of entries, in order, and then others.
const NAMES: &[&[u8]] =
    &[b"0", b"a", b"b.txt", b"bin", b"z", b"\xff", b"A", b"a", b"..", b".", b"", b"a/b", b"a\0b"];

/// Targets of links.
const TARGETS: &[&[u8]] = &[b"a", b"/etc/passwd", b"../../..", b"/frx/store", b"", b"a\0b"];

/// An archive.
pub fn archive(bytes: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut archive = NarWriter::new(Vec::new()).expect("memory takes all");
    node(bytes, 0, &mut archive)?;
    let mut archive = archive.into_inner();
    if bytes.ratio(1, 8)? {
        let place = bytes.choose_index(archive.len())?;
        archive[place] = bytes.arbitrary()?;
    }
    if bytes.ratio(1, 16)? {
        archive.truncate(bytes.choose_index(archive.len())?);
    }
    Ok(archive)
}

fn node(bytes: &mut Unstructured<'_>, depth: usize, archive: &mut NarWriter<Vec<u8>>) -> Result<()> {
    let written = match bytes.int_in_range(0..=3)? {
        0 => archive.symlink(bytes.choose(TARGETS)?),
        1 | 2 if depth < MAX_DEPTH => {
            let _ = archive.directory();
            let mut first = 0;
            for _ in 0..bytes.int_in_range(0..=4)? {
                // Mostly in order.
                let index = first + bytes.choose_index(3)?;
                let name = if bytes.ratio(15, 16)? { index } else { bytes.choose_index(NAMES.len())? };
                let _ = archive.entry(NAMES[name.min(NAMES.len() - 1)]);
                node(bytes, depth + 1, archive)?;
                let _ = archive.end_entry();
                first = index + 1;
            }
            archive.end_directory()
        }
        _ => {
            let contents: &[u8] = bytes.arbitrary()?;
            let told = if bytes.ratio(1, 32)? { bytes.arbitrary()? } else { contents.len() as u64 };
            let _ = archive.file(bytes.arbitrary()?, told);
            let _ = archive.contents(contents);
            archive.end_file(contents.len() as u64)
        }
    };
    written.expect("memory takes all");
    Ok(())
}
