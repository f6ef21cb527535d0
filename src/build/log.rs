//! Build logs: what a builder wrote, kept compressed in `log/<2>/<rest of the derivation's name>.zst`.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
};

use super::run;
use crate::{
    store_path::StorePath,
    util::fs::{self as paths, FsError, Operation},
};

/// How many of a log's last lines an error shows.
const TAIL_LINES: usize = 25;

/// Longer lines are cut for display, never in the log.
const LONGEST_LINE: u64 = 8 * 1024;

/// How hard logs are compressed: fast; text shrinks well at any level.
const LEVEL: i32 = 3;

/// After so many bytes what was written can be read by others.
const FLUSH_EVERY: usize = 256 * 1024;

/// Where the log of a derivation is, or would be.
pub fn path(log_dir: &Path, drv: &StorePath) -> PathBuf {
    log_dir.join(name(drv))
}

/// The same, relative to the log directory: in parts of which each has few files.
pub fn name(drv: &StorePath) -> String {
    let (directory, rest) = drv.base_name().split_at(2);
    format!("{directory}/{rest}.zst")
}

/// The log of a derivation's last build, to be read.
pub fn open(log_dir: &Path, drv: &StorePath) -> Result<zstd::Decoder<'static, io::BufReader<File>>, FsError> {
    let path = path(log_dir, drv);
    let open = || zstd::Decoder::new(File::open(&path)?);
    open().map_err(|source| FsError::new(Operation::Open, &path, source))
}

/// A log in the making.
pub struct LogWriter {
    path: PathBuf,
    encoder: zstd::Encoder<'static, File>,
    unflushed: usize,
    tail: VecDeque<String>,
}

impl LogWriter {
    /// Begins the log of a derivation; that of an earlier build is lost.
    pub fn create(log_dir: &Path, drv: &StorePath) -> Result<Self, FsError> {
        let path = path(log_dir, drv);
        paths::create_dir_all(path.parent().unwrap_or(log_dir))?;
        let create = || zstd::Encoder::new(File::create(&path)?, LEVEL);
        let encoder = create().map_err(|source| FsError::new(Operation::Create, &path, source))?;
        Ok(Self { path, encoder, unflushed: 0, tail: VecDeque::new() })
    }

    /// Where the log is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes all that comes out of `stream` until it ends, and tells of each line, without its end.
    pub fn take(&mut self, stream: impl Read, mut each: impl FnMut(&str)) -> Result<(), FsError> {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = stream.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
            if read.map_err(|source| FsError::new(Operation::Read, &self.path, source))? == 0 {
                return Ok(());
            }
            self.write(&line)?;
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\n', '\r']);
            each(text);
            if run::phase_in(text).is_some() {
                continue;
            }
            if self.tail.len() == TAIL_LINES {
                self.tail.pop_front();
            }
            self.tail.push_back(text.to_owned());
        }
    }

    /// Ends the log, and gives its last lines.
    pub fn finish(self) -> Result<Vec<String>, FsError> {
        let Self { path, encoder, tail, .. } = self;
        encoder.finish().map_err(|source| FsError::new(Operation::Write, &path, source))?;
        Ok(tail.into())
    }

    fn write(&mut self, line: &[u8]) -> Result<(), FsError> {
        let write = |encoder: &mut zstd::Encoder<'static, File>, flush: bool| -> io::Result<()> {
            encoder.write_all(line)?;
            if flush { encoder.flush() } else { Ok(()) }
        };
        self.unflushed += line.len();
        let flush = self.unflushed >= FLUSH_EVERY;
        if flush {
            self.unflushed = 0;
        }
        write(&mut self.encoder, flush).map_err(|source| FsError::new(Operation::Write, &self.path, source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drv() -> StorePath {
        StorePath::from_base_name("4sb23qrd68rf8hsxc464fdqv72yrx5mc-world.drv").unwrap()
    }

    #[test]
    fn a_log_is_kept_whole_and_its_end_at_hand() {
        let directory = tempfile::tempdir().unwrap();
        let text = (0..100).map(|number| format!("line {number}\n")).collect::<String>() + "no end";
        let mut log = LogWriter::create(directory.path(), &drv()).unwrap();
        let mut lines = 0;
        log.take(text.as_bytes(), |_| lines += 1).unwrap();
        let tail = log.finish().unwrap();
        assert_eq!(lines, 101);
        assert_eq!((tail.len(), tail[0].as_str()), (TAIL_LINES, "line 76"));
        let mut read = String::new();
        open(directory.path(), &drv()).unwrap().read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
        assert!(directory.path().join("4s/b23qrd68rf8hsxc464fdqv72yrx5mc-world.drv.zst").exists());
    }

    #[test]
    fn the_end_of_a_log_is_what_tools_said() {
        let directory = tempfile::tempdir().unwrap();
        let mut log = LogWriter::create(directory.path(), &drv()).unwrap();
        log.take(&b"cc -c main.c\n@fruix phase link\nld main.o\n"[..], |_| {}).unwrap();
        assert_eq!(log.finish().unwrap(), ["cc -c main.c", "ld main.o"]);
    }

    #[test]
    fn an_endless_line_is_shown_in_pieces() {
        let directory = tempfile::tempdir().unwrap();
        let mut log = LogWriter::create(directory.path(), &drv()).unwrap();
        let mut longest = 0;
        log.take(io::repeat(b'x').take(100_000), |line| longest = longest.max(line.len())).unwrap();
        assert_eq!(longest as u64, LONGEST_LINE);
    }

    #[test]
    fn a_log_that_is_not_there_is_an_error_with_its_path() {
        let directory = tempfile::tempdir().unwrap();
        let error = open(directory.path(), &drv()).err().unwrap();
        assert!(error.to_string().contains("4s/b23q"), "{error}");
    }
}
