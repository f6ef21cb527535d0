//! A connection between a client and the daemon.
//!
//! ```text
//! both sides   "fruix-daemon", lowest and highest version of the protocol that is known (16 bits each, little-endian)
//! daemon       a message: welcome, or why not
//! client       a message: what it asks; perhaps data
//! daemon       messages: the answer
//! ```
//!
//! A message is its length and JSON (see [`crate::util::frames`]). Data, such as an archive, is a sequence of
//! [chunks], of which each has its length before it. Both sides bound what they take from the other.

pub mod chunks;

use std::io::{self, BufReader, Read, Write as _};
use std::ops::RangeInclusive;
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serde::{Serialize, de::DeserializeOwned};

use super::ConnectionError;
use crate::util::frames::{self, FrameError};

use chunks::{ChunkReader, ChunkWriter};

/// How both sides begin.
const MAGIC: [u8; 12] = *b"fruix-daemon";

/// Length of the magic and two versions.
const GREETING: usize = MAGIC.len() + 4;

/// The versions of the protocol that this program speaks.
///
/// Version 3 has all of version 2, and [`Request::Check`](super::messages::Request::Check).
pub const VERSIONS: RangeInclusive<u16> = 2..=3;

/// The version since which builds can be checked.
pub const CHECKS: u16 = 3;

/// A message that has begun is over after this time.
const MESSAGE_TIME: Duration = Duration::from_secs(60);

/// So long may the other side let wait in the middle of data, or not take what is sent.
const PATIENCE: Duration = Duration::from_secs(120);

/// How much is read from the socket at a time.
const BUFFER: usize = 64 * 1024;

/// One end of a connection.
pub struct Wire {
    pub reader: Reader,
    pub writer: Writer,
}

/// The half of an end that receives.
pub struct Reader {
    input: BufReader<Timed>,
}

/// The half of an end that sends.
pub struct Writer {
    stream: UnixStream,
}

/// A socket that does not let one wait for ever.
struct Timed {
    stream: UnixStream,
    deadline: Option<Instant>,
}

impl Wire {
    /// Takes up a connection.
    pub fn new(stream: UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(false)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let timed = Timed { stream: stream.try_clone()?, deadline: None };
        let reader = Reader { input: BufReader::with_capacity(BUFFER, timed) };
        Ok(Self { reader, writer: Writer { stream } })
    }

    /// Says which versions this side speaks, and hears which the other does, within some time. Gives the one to speak.
    pub fn greet(&mut self, within: Duration) -> Result<u16, ConnectionError> {
        // Whoever has gone already may have said why before.
        let _ = self.writer.greet();
        self.reader.input.get_mut().deadline = Some(Instant::now() + within);
        let mut greeting = [0; GREETING];
        self.reader.input.read_exact(&mut greeting).map_err(|_| ConnectionError::Gone)?;
        choose(&greeting)
    }
}

impl Writer {
    fn greet(&mut self) -> io::Result<()> {
        let mut greeting = Vec::from(MAGIC);
        greeting.extend(VERSIONS.start().to_le_bytes());
        greeting.extend(VERSIONS.end().to_le_bytes());
        self.stream.write_all(&greeting)
    }

    /// Greets, says one thing, and ends: to a client that is not let in, and for whom nobody waits.
    pub fn dismiss(stream: UnixStream, message: &impl Serialize) {
        let mut writer = Self { stream };
        // Whoever has gone needs no answer. It fits into the socket's buffer: it does not block.
        let _ = writer.stream.set_nonblocking(true);
        let _ = writer.greet().map_err(FrameError::Write).and_then(|()| writer.send(message));
        let _ = writer.stream.shutdown(std::net::Shutdown::Write);
    }

    /// Sends a message.
    pub fn send(&mut self, message: &impl Serialize) -> Result<(), FrameError> {
        frames::send(&mut self.stream, message)
    }

    /// Where data is written to.
    pub fn data(&mut self) -> ChunkWriter<&mut UnixStream> {
        ChunkWriter::new(&mut self.stream)
    }

    /// The socket.
    pub fn stream(&self) -> &UnixStream {
        &self.stream
    }
}

impl Reader {
    /// Receives a message of at most so many bytes. It may take any time to begin, and then has to be over soon.
    pub fn receive<T: DeserializeOwned>(&mut self, most: u32) -> Result<Option<T>, FrameError> {
        self.input.get_mut().deadline = None;
        self.wait(None).map_err(FrameError::Read)?;
        self.receive_by(Instant::now() + MESSAGE_TIME, most)
    }

    /// Receives a message that has to be over by some time.
    pub fn receive_by<T: DeserializeOwned>(
        &mut self,
        deadline: Instant,
        most: u32,
    ) -> Result<Option<T>, FrameError> {
        self.input.get_mut().deadline = Some(deadline);
        frames::receive_at_most(&mut self.input, most)
    }

    /// Data of at most so many bytes.
    pub fn data(&mut self, most: u64) -> ChunkReader<&mut impl Read> {
        self.input.get_mut().deadline = None;
        ChunkReader::new(&mut self.input, most)
    }

    /// Waits until something can be read, or the other side has gone. Tells whether so in time.
    pub fn wait(&self, time: Option<Duration>) -> io::Result<bool> {
        self.wait_or(time, &[])
    }

    /// The same, or until one of `others` can be read or has ended.
    pub fn wait_or(
        &self,
        time: Option<Duration>,
        others: &[std::os::fd::BorrowedFd<'_>],
    ) -> io::Result<bool> {
        if !self.input.buffer().is_empty() {
            return Ok(true);
        }
        let timeout = match time {
            Some(time) => PollTimeout::try_from(time).unwrap_or(PollTimeout::MAX),
            None => PollTimeout::NONE,
        };
        let stream = &self.input.get_ref().stream;
        let all = [stream.as_fd()].into_iter().chain(others.iter().copied());
        let mut polled: Vec<_> = all.map(|fd| PollFd::new(fd, PollFlags::POLLIN)).collect();
        loop {
            match poll(&mut polled, timeout) {
                // A signal came, which whoever asks with a time looks for.
                Err(nix::errno::Errno::EINTR) if time.is_none() => {}
                Err(nix::errno::Errno::EINTR) => return Ok(false),
                Err(errno) => return Err(errno.into()),
                Ok(_) => return Ok(polled[0].revents().is_some_and(|events| !events.is_empty())),
            }
        }
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = match self.deadline {
            Some(deadline) => deadline.saturating_duration_since(Instant::now()).min(PATIENCE),
            None => PATIENCE,
        };
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer)
    }
}

/// The highest version that both sides speak.
fn choose(greeting: &[u8; GREETING]) -> Result<u16, ConnectionError> {
    let [magic @ .., a, b, c, d] = greeting;
    if *magic != MAGIC {
        return Err(ConnectionError::NoDaemon);
    }
    let theirs = (u16::from_le_bytes([*a, *b]), u16::from_le_bytes([*c, *d]));
    let ours = (*VERSIONS.start(), *VERSIONS.end());
    let highest = theirs.1.min(ours.1);
    if highest < theirs.0.max(ours.0) {
        return Err(ConnectionError::Version { theirs, ours });
    }
    Ok(highest)
}

#[cfg(test)]
mod tests {
    use miette::Diagnostic as _;

    use super::*;

    fn greeting(lowest: u16, highest: u16) -> [u8; GREETING] {
        let bytes = [MAGIC.as_slice(), &lowest.to_le_bytes(), &highest.to_le_bytes()].concat();
        bytes.try_into().unwrap()
    }

    #[test]
    fn both_speak_the_highest_version_they_have_in_common() {
        assert_eq!(choose(&greeting(2, 2)).unwrap(), 2);
        assert_eq!(choose(&greeting(1, 7)).unwrap(), 3);
        let help =
            |lowest, highest| choose(&greeting(lowest, highest)).unwrap_err().help().unwrap().to_string();
        assert!(help(4, 7).contains("this program is too old"));
        assert!(help(1, 1).contains("the daemon is too old"));
        let mut other = greeting(1, 1);
        other[0] = b'F';
        assert!(matches!(choose(&other), Err(ConnectionError::NoDaemon)));
    }

    #[test]
    fn whoever_says_nothing_is_not_waited_for() {
        let (one, other) = UnixStream::pair().unwrap();
        let mut wire = Wire::new(one).unwrap();
        let silent = wire.greet(Duration::from_millis(20));
        assert!(matches!(silent, Err(ConnectionError::Gone)));
        // Nor is one who says a little now and then.
        let soon = Instant::now() + Duration::from_millis(100);
        let slow = std::thread::spawn(move || {
            while (&other).write_all(b"\0").is_ok() && Instant::now() < soon + PATIENCE {
                std::thread::sleep(Duration::from_millis(30));
            }
        });
        assert!(wire.reader.receive_by::<String>(soon, 1000).is_err());
        drop(wire);
        slow.join().unwrap();
    }

    #[test]
    fn messages_and_data_follow_each_other() {
        let (one, other) = UnixStream::pair().unwrap();
        let (one, mut other) = (Wire::new(one).unwrap(), Wire::new(other).unwrap());
        let sender = std::thread::spawn(move || {
            // All of it, which ends with the thread.
            let Wire { reader: _reader, mut writer } = one;
            writer.send(&"first").unwrap();
            let mut data = writer.data();
            data.write_all(&[7; 300_000]).unwrap();
            data.finish().unwrap();
            writer.send(&"last").unwrap();
        });
        assert_eq!(other.reader.receive::<String>(100).unwrap().as_deref(), Some("first"));
        let mut bytes = Vec::new();
        other.reader.data(1 << 20).read_to_end(&mut bytes).unwrap();
        assert!(bytes == [7; 300_000]);
        assert_eq!(other.reader.receive::<String>(100).unwrap().as_deref(), Some("last"));
        sender.join().unwrap();
        assert_eq!(other.reader.receive::<String>(100).unwrap(), None);
    }
}
