//! What a server sends, as it comes.
//!
//! The client's own time limits are for whole downloads, and a large one over a slow line may take hours; and nothing
//! wakes one that waits for a server. So a thread asks and reads, and who takes what it reads counts the time since it
//! last had something, looks whether the user has given up, and whether there is room for more.

use std::{
    io::{self, Read},
    path::Path,
    sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    time::Instant,
};

use ureq::Agent;

use super::{
    FetchError,
    download::{Patience, TICK},
};
use crate::util::{fs::room, threads};

/// How much is read at a time.
const BLOCK: usize = 1 << 17;

/// How many blocks may wait to be written.
const BLOCKS: usize = 4;

/// How many bytes are taken before it is looked again whether there is room for more.
const LOOK: u64 = 4 << 20;

/// What the thread has to say.
enum News {
    /// The server has answered, and perhaps said how much it will send.
    Answered { length: Option<u64> },
    /// Some of it; nothing at the end.
    Block(Vec<u8>),
}

/// Where asking and reading failed.
enum Failure {
    Asking(Box<ureq::Error>),
    Reading(io::Error),
}

/// What a server sends for one address, a block at a time.
pub struct Transfer<'a> {
    url: &'a str,
    /// The file that it is for.
    to: &'a Path,
    patience: Patience,
    receiver: Receiver<Result<News, Failure>>,
    is_answered: bool,
    received: u64,
    /// How much was received when it was last looked whether there is room.
    looked: u64,
}

impl<'a> Transfer<'a> {
    /// Asks the server for `url`, which is for the file `to`.
    pub fn begin(
        agent: Agent,
        (url, to): (&'a str, &'a Path),
        patience: Patience,
    ) -> Result<Self, FetchError> {
        let (sender, receiver) = mpsc::sync_channel(BLOCKS);
        let asked = url.to_owned();
        // Ends with the transfer, with the receiver, or with this process.
        threads::spawn(move || ask(&agent, &asked, &sender))
            .map_err(|error| FetchError::Transfer { url: url.to_owned(), error: error.into() })?;
        Ok(Self { url, to, patience, receiver, is_answered: false, received: 0, looked: 0 })
    }

    /// The next block; none at the end.
    pub fn next_block(&mut self) -> Result<Option<Vec<u8>>, FetchError> {
        let mut since = Instant::now();
        loop {
            if (self.patience.give_up)() {
                return Err(FetchError::Interrupted { url: self.url.to_owned() });
            }
            match self.receiver.recv_timeout(TICK) {
                Ok(Ok(News::Answered { length })) => {
                    self.look_for_room(length.unwrap_or(1), length)?;
                    self.is_answered = true;
                    since = Instant::now();
                }
                Ok(Ok(News::Block(block))) if block.is_empty() => return Ok(None),
                Ok(Ok(News::Block(block))) => return self.accept(block).map(Some),
                Ok(Err(Failure::Reading(error))) => return Err(self.broke_off(error)),
                Ok(Err(Failure::Asking(error))) => {
                    return Err(FetchError::Download { url: self.url.to_owned(), error });
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.broke_off(io::ErrorKind::BrokenPipe.into()));
                }
                // Asking has time limits of its own, after which it says what went wrong.
                Err(RecvTimeoutError::Timeout)
                    if self.is_answered && since.elapsed() >= self.patience.silence =>
                {
                    let silence = self.patience.silence.as_secs_f32();
                    let what = format!("the server has sent nothing for {silence} s");
                    return Err(self.broke_off(io::Error::new(io::ErrorKind::TimedOut, what)));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Takes a block, unless it is too much.
    fn accept(&mut self, block: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        let most = self.patience.most;
        self.received += block.len() as u64;
        if self.received > most {
            return Err(FetchError::TooLong { url: self.url.to_owned(), most });
        }
        if self.received - self.looked > LOOK {
            self.looked = self.received;
            self.look_for_room(LOOK, None)?;
        }
        Ok(block)
    }

    /// Sees that so many bytes more leave enough of the disk to others: when the digest is compared, it is too late for
    /// them.
    fn look_for_room(&self, bytes: u64, size: Option<u64>) -> Result<(), FetchError> {
        match room(self.to.parent().unwrap_or(self.to)) {
            Some(room) if bytes > room => Err(FetchError::NoRoom { url: self.url.to_owned(), size }),
            _ => Ok(()),
        }
    }

    fn broke_off(&self, error: io::Error) -> FetchError {
        FetchError::Transfer { url: self.url.to_owned(), error }
    }
}

/// Asks a server, and passes on what it sends.
fn ask(agent: &Agent, url: &str, to: &SyncSender<Result<News, Failure>>) {
    match agent.get(url).call() {
        Ok(response) => {
            let length = response.body().content_length();
            if to.send(Ok(News::Answered { length })).is_ok() {
                read_blocks(response.into_body().into_reader(), to);
            }
        }
        // Whoever has given up needs no answer.
        Err(error) => drop(to.send(Err(Failure::Asking(Box::new(error))))),
    }
}

/// Sends what is read in blocks; an empty one is the end.
fn read_blocks(mut from: impl Read, to: &SyncSender<Result<News, Failure>>) {
    let mut buffer = vec![0; BLOCK];
    loop {
        let block = match from.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map(|length| News::Block(buffer[..length].to_vec())).map_err(Failure::Reading),
        };
        let is_last = !matches!(&block, Ok(News::Block(block)) if !block.is_empty());
        if to.send(block).is_err() || is_last {
            return;
        }
    }
}
