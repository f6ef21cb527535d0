//! Build logs: what a builder wrote, kept compressed in `log/<2>/<rest of the derivation's name>.zst`.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read, Write},
    os::fd::AsFd,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::run;
use crate::{
    store::layout::log_name,
    store_path::StorePath,
    util::fs::{self as paths, FsError, Operation, OutFile, PathContext},
};

/// How many of a log's last lines an error shows.
const TAIL_LINES: usize = 25;

/// Longer lines are cut for display, never in the log.
const LONGEST_LINE: usize = 8 * 1024;

/// How hard logs are compressed: fast; text shrinks well at any level.
const LEVEL: i32 = 3;

/// How much is read at a time.
const BLOCK: usize = 64 * 1024;

/// After this time, what was written can be read by others. So it is when a phase begins.
const FLUSH_EVERY: Duration = Duration::from_secs(2);

/// Where the log of a derivation is, or would be.
pub fn path(log_dir: &Path, drv: &StorePath) -> PathBuf {
    log_dir.join(log_name(drv))
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
    encoder: zstd::Encoder<'static, OutFile>,
    /// Since when something waits to be flushed.
    unflushed: Option<Instant>,
    /// What there is of the line that is being written.
    line: Vec<u8>,
    tail: VecDeque<String>,
}

impl LogWriter {
    /// Begins the log of a derivation; that of an earlier build is lost.
    pub fn create(log_dir: &Path, drv: &StorePath) -> Result<Self, FsError> {
        let path = path(log_dir, drv);
        paths::create_dir_all(path.parent().unwrap_or(log_dir))?;
        let file = OutFile::create(&path)?;
        let begin = || -> io::Result<_> {
            let mut encoder = zstd::Encoder::new(file, LEVEL)?;
            encoder.flush()?;
            Ok(encoder)
        };
        let encoder = begin().at(Operation::Write, &path)?;
        Ok(Self { path, encoder, unflushed: None, line: Vec::new(), tail: VecDeque::new() })
    }

    /// Where the log is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a line of fruix's own.
    pub fn note(&mut self, line: &str) -> Result<(), FsError> {
        let line = format!("{line}\n");
        self.encoder.write_all(line.as_bytes()).at(Operation::Write, &self.path)?;
        self.split(line.as_bytes(), &mut |_| ())
    }

    /// Takes all that comes out of `stream` until it ends, and tells of each line, without its end.
    pub fn take(&mut self, mut stream: impl Read + AsFd, mut each: impl FnMut(&str)) -> Result<(), FsError> {
        let mut block = vec![0; BLOCK];
        loop {
            if let Some(since) = self.unflushed {
                let patience = FLUSH_EVERY.saturating_sub(since.elapsed());
                if patience.is_zero() || is_silent(&stream, patience) {
                    self.flush()?;
                }
            }
            let count = match stream.read(&mut block) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read.at(Operation::Read, &self.path)?,
            };
            if count == 0 {
                break;
            }
            self.encoder.write_all(&block[..count]).at(Operation::Write, &self.path)?;
            self.unflushed.get_or_insert_with(Instant::now);
            self.split(&block[..count], &mut each)?;
        }
        if self.line.is_empty() { Ok(()) } else { self.end_line(&mut each) }
    }

    /// Ends the log, and gives its last lines.
    pub fn finish(self) -> Result<Vec<String>, FsError> {
        let Self { path, encoder, tail, .. } = self;
        encoder.finish().at(Operation::Write, &path)?;
        Ok(tail.into())
    }

    /// Tells of the lines that end in this block, or grow too long.
    fn split(&mut self, block: &[u8], each: &mut impl FnMut(&str)) -> Result<(), FsError> {
        for mut piece in block.split_inclusive(|byte| *byte == b'\n') {
            while !piece.is_empty() {
                let room = LONGEST_LINE - self.line.len();
                let (now, later) = piece.split_at(piece.len().min(room));
                self.line.extend_from_slice(now);
                piece = later;
                if self.line.ends_with(b"\n") || self.line.len() == LONGEST_LINE {
                    self.end_line(each)?;
                }
            }
        }
        Ok(())
    }

    fn end_line(&mut self, each: &mut impl FnMut(&str)) -> Result<(), FsError> {
        let text = String::from_utf8_lossy(&self.line).trim_end_matches(['\n', '\r']).to_owned();
        self.line.clear();
        each(&text);
        if run::phase_in(&text).is_some() {
            return self.flush();
        }
        if self.tail.len() == TAIL_LINES {
            self.tail.pop_front();
        }
        self.tail.push_back(text);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), FsError> {
        self.unflushed = None;
        self.encoder.flush().at(Operation::Write, &self.path)
    }
}

/// Whether nothing comes for so long.
fn is_silent(stream: &impl AsFd, patience: Duration) -> bool {
    let timeout = PollTimeout::try_from(patience).unwrap_or(PollTimeout::ZERO);
    // An error is for whoever reads.
    poll(&mut [PollFd::new(stream.as_fd(), PollFlags::POLLIN)], timeout) == Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drv() -> StorePath {
        StorePath::from_base_name("4sb23qrd68rf8hsxc464fdqv72yrx5mc-world.drv").unwrap()
    }

    /// What a builder writes, as it comes.
    fn written(text: impl Into<Vec<u8>>) -> io::PipeReader {
        let (reader, mut writer) = io::pipe().unwrap();
        let text = text.into();
        std::thread::spawn(move || writer.write_all(&text).unwrap());
        reader
    }

    fn read(directory: &Path) -> (String, io::Result<()>) {
        let mut bytes = Vec::new();
        let outcome = open(directory, &drv()).unwrap().read_to_end(&mut bytes).map(drop);
        (String::from_utf8(bytes).unwrap(), outcome)
    }

    #[test]
    fn what_was_written_can_be_read_before_the_log_ends() {
        let directory = tempfile::tempdir().unwrap();
        let mut log = LogWriter::create(directory.path(), &drv()).unwrap();
        let (text, outcome) = read(directory.path());
        assert!(text.is_empty() && outcome.is_err_and(|error| error.kind() == io::ErrorKind::UnexpectedEof));

        let (reader, mut writer) = io::pipe().unwrap();
        let taking = std::thread::spawn(move || log.take(reader, |_| {}).map(|()| log));
        writer.write_all(b"@fruix phase link\n").unwrap();
        let wait_for = |expected: &str| {
            let deadline = Instant::now() + Duration::from_secs(20);
            while read(directory.path()).0 != expected {
                assert!(Instant::now() < deadline, "{:?}", read(directory.path()));
                std::thread::sleep(Duration::from_millis(20));
            }
        };
        wait_for("@fruix phase link\n");
        // In the middle of a line, with the builder silent.
        writer.write_all(b"linking").unwrap();
        wait_for("@fruix phase link\nlinking");
        drop(writer);
        assert_eq!(taking.join().unwrap().unwrap().finish().unwrap(), ["linking"]);
        read(directory.path()).1.unwrap();
    }

    #[test]
    fn a_log_is_kept_whole_and_its_end_at_hand() {
        let directory = tempfile::tempdir().unwrap();
        let text = (0..100).map(|number| format!("line {number}\n")).collect::<String>() + "no end";
        let mut log = LogWriter::create(directory.path(), &drv()).unwrap();
        let mut lines = 0;
        log.take(written(text.clone()), |_| lines += 1).unwrap();
        let tail = log.finish().unwrap();
        assert_eq!(lines, 101);
        assert_eq!((tail.len(), tail[0].as_str()), (TAIL_LINES, "line 76"));
        assert_eq!(read(directory.path()).0, text);
        assert!(directory.path().join("4s/b23qrd68rf8hsxc464fdqv72yrx5mc-world.drv.zst").exists());
    }

    #[test]
    fn the_end_of_a_log_is_what_tools_said() {
        let directory = tempfile::tempdir().unwrap();
        let mut log = LogWriter::create(directory.path(), &drv()).unwrap();
        log.take(written("cc -c main.c\n@fruix phase link\nld main.o\n"), |_| {}).unwrap();
        assert_eq!(log.finish().unwrap(), ["cc -c main.c", "ld main.o"]);
    }

    #[test]
    fn an_endless_line_is_shown_in_pieces() {
        let directory = tempfile::tempdir().unwrap();
        let mut log = LogWriter::create(directory.path(), &drv()).unwrap();
        let mut longest = 0;
        log.take(written("x".repeat(100_000)), |line| longest = longest.max(line.len())).unwrap();
        assert_eq!(longest, LONGEST_LINE);
    }

    #[test]
    fn a_log_that_is_not_there_is_an_error_with_its_path() {
        let directory = tempfile::tempdir().unwrap();
        let error = open(directory.path(), &drv()).err().unwrap();
        assert!(error.to_string().contains("4s/b23q"), "{error}");
    }
}
