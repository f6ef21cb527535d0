//! Messages between two processes of this program: their length, then JSON.
//!
//! The reader trusts the writer with nothing: a frame has a largest size, and takes no more memory than arrives; JSON
//! that nests without end is refused by its parser.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

/// Most bytes a message may have: far more than any has, and little enough to hold.
const MAX_BYTES: u32 = 256 * 1024 * 1024;

/// Why a message did not go through.
#[derive(Debug, Error)]
pub enum FrameError {
    #[error("cannot send a message: {0}")]
    Write(io::Error),
    #[error("cannot receive a message: {0}")]
    Read(io::Error),
    #[error("a message of {0} bytes is too long")]
    TooLong(u64),
    #[error("a message ends in its middle")]
    Truncated,
    #[error("cannot write a message as JSON: {0}")]
    Serialize(serde_json::Error),
    #[error("cannot understand a message: {0}")]
    Parse(serde_json::Error),
}

/// Sends one message.
pub fn send<T: Serialize + ?Sized>(to: &mut impl Write, message: &T) -> Result<(), FrameError> {
    // One write, so that the reader wakes once.
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message).map_err(FrameError::Serialize)?;
    let length = frame.len() as u64 - 4;
    let header = u32::try_from(length).ok().filter(|bytes| *bytes <= MAX_BYTES);
    let header = header.ok_or(FrameError::TooLong(length))?;
    frame[..4].copy_from_slice(&header.to_le_bytes());
    to.write_all(&frame).and_then(|()| to.flush()).map_err(FrameError::Write)
}

/// Receives one message; `None` if the other side has ended, or closed its side, after a whole one.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> Result<Option<T>, FrameError> {
    receive_at_most(from, MAX_BYTES)
}

/// The same from somebody who may send messages of so many bytes and no more.
pub fn receive_at_most<T: DeserializeOwned>(
    from: &mut impl Read,
    most: u32,
) -> Result<Option<T>, FrameError> {
    let header = bytes(from, 4)?;
    if header.is_empty() {
        return Ok(None);
    }
    let header: [u8; 4] = header.try_into().map_err(|_| FrameError::Truncated)?;
    let length = u32::from_le_bytes(header);
    if length > most {
        return Err(FrameError::TooLong(length.into()));
    }
    let frame = bytes(from, length)?;
    if frame.len() < length as usize {
        return Err(FrameError::Truncated);
    }
    serde_json::from_slice(&frame).map(Some).map_err(FrameError::Parse)
}

/// So many bytes, or fewer at the end. The buffer grows with what comes, not with what was promised.
fn bytes(from: &mut impl Read, count: u32) -> Result<Vec<u8>, FrameError> {
    let mut bytes = Vec::new();
    from.take(count.into()).read_to_end(&mut bytes).map_err(FrameError::Read)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200), length in 0_u32..300) {
            let framed = [length.to_le_bytes().as_slice(), &bytes].concat();
            for mut from in [bytes.as_slice(), framed.as_slice()] {
                // An answer of whatever kind: it neither panics nor waits for ever.
                while let Ok(Some(_)) = receive::<serde_json::Value>(&mut from) {}
            }
        }

        #[test]
        fn every_message_arrives(texts in prop::collection::vec(any::<String>(), 0..5)) {
            let mut pipe = Vec::new();
            for text in &texts {
                send(&mut pipe, text).unwrap();
            }
            let mut from = pipe.as_slice();
            for text in &texts {
                prop_assert_eq!(receive::<String>(&mut from).unwrap(), Some(text.clone()));
            }
            prop_assert_eq!(receive::<String>(&mut from).unwrap(), None);
        }
    }

    #[test]
    fn messages_arrive_one_by_one() {
        let mut pipe = Vec::new();
        send(&mut pipe, "first").unwrap();
        send(&mut pipe, &[1, 2, 3]).unwrap();
        let mut from = pipe.as_slice();
        assert_eq!(receive::<String>(&mut from).unwrap().as_deref(), Some("first"));
        assert_eq!(receive::<Vec<u8>>(&mut from).unwrap(), Some(vec![1, 2, 3]));
        assert_eq!(receive::<String>(&mut from).unwrap(), None);
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let refusal = |mut bytes: &[u8]| receive::<Vec<u8>>(&mut bytes).expect_err("refused").to_string();
        assert!(refusal(&[1, 0]).contains("ends in its middle"));
        assert!(refusal(&[9, 0, 0, 0, b'1']).contains("ends in its middle"));
        assert!(refusal(&[0xff; 8]).contains("too long"));
        assert!(refusal(&[1, 0, 0, 0, b'x']).contains("cannot understand"));
        let mut deep = Vec::from(100_000_u32.to_le_bytes());
        deep.resize(100_004, b'[');
        let deep = receive::<serde_json::Value>(&mut deep.as_slice()).expect_err("refused").to_string();
        assert!(deep.contains("recursion limit"), "{deep}");
    }
}
