//! Bytes are no archive, or the one archive of what they hold.
#![no_main]

use std::io::{self, Read};

use fruix::nar::{Event, NarError, NarReader, NarWriter, Node};
use libfuzzer_sys::fuzz_target;

/// Reads an archive and writes what it holds.
fn written_again(bytes: &[u8]) -> Result<Vec<u8>, NarError> {
    let mut reader = NarReader::new(bytes);
    let mut writer = NarWriter::new(Vec::new()).map_err(NarError::Write)?;
    let mut depth = 0;
    while let Some(event) = reader.next_event()? {
        write(event, &mut depth, &mut reader, &mut writer)?;
    }
    reader.expect_end()?;
    Ok(writer.into_inner())
}

fn write(
    event: Event,
    depth: &mut usize,
    reader: &mut NarReader<&[u8]>,
    writer: &mut NarWriter<Vec<u8>>,
) -> Result<(), NarError> {
    let leaf = match event {
        Event::Leave => {
            writer.end_directory().map_err(NarError::Write)?;
            *depth -= 1;
            true
        }
        Event::Entry(entry) => {
            if *depth > 0 {
                writer.entry(&entry.name).map_err(NarError::Write)?;
            }
            match entry.node {
                Node::Directory => {
                    writer.directory().map_err(NarError::Write)?;
                    *depth += 1;
                    false
                }
                Node::Symlink { target } => {
                    writer.symlink(&target).map_err(NarError::Write)?;
                    true
                }
                Node::File { executable, size } => {
                    writer.file(executable, size).map_err(NarError::Write)?;
                    let copied =
                        io::copy(&mut reader.take(size), writer.get_mut()).map_err(NarError::Read)?;
                    // Fewer are an error of the reader's, which it tells when it goes on.
                    writer.end_file(copied).map_err(NarError::Write)?;
                    true
                }
            }
        }
    };
    if leaf && *depth > 0 {
        writer.end_entry().map_err(NarError::Write)?;
    }
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(written) = written_again(bytes) {
        assert_eq!(written, bytes, "two archives of one tree");
    }
});
