//! The store as seen through the daemon.
//!
//! A [`Client`] is what [`crate::store::Store`] is to those who may write the store, by the same traits
//! ([`StoreAccess`](crate::store::StoreAccess), [`Realise`](crate::build::Realise)). It reads items where they lie, and
//! asks for everything else.

mod access;
mod following;
mod realise;
pub mod remote;
mod texts;
mod upkeep;

use std::io;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::ConnectionError;
use super::messages::{Answer, MAX_ANSWER, Request, Welcome};
use super::wire::Wire;
use crate::store::{CheckedDerivations, Layout, StoreError, Workplace};
use crate::util::frames::FrameError;
use crate::util::report::Report;

/// How long a daemon may take to greet: it may have much to do.
const GREETING_TIME: Duration = Duration::from_secs(60);

/// A connection to a daemon.
pub struct Client {
    wire: Mutex<Wire>,
    /// Of the daemon's store.
    layout: Layout,
    /// This user's own.
    workplace: Workplace,
    derivations: CheckedDerivations,
    trusted: bool,
    /// Of the protocol: what both sides speak.
    version: u16,
}

impl Client {
    /// Connects to the daemon at `socket`. What this user keeps lies at `workplace`.
    pub fn connect(socket: &Path, workplace: Workplace) -> Result<Self, StoreError> {
        let unreachable = |error| told(&ConnectionError::Unreachable { path: socket.to_owned(), error });
        let stream = UnixStream::connect(socket).map_err(unreachable)?;
        Self::greet(stream, workplace)
    }

    /// The same, if a daemon listens there: none where there is no socket, or nobody behind it.
    pub fn find(socket: &Path, workplace: Workplace) -> Result<Option<Self>, StoreError> {
        match UnixStream::connect(socket) {
            Ok(stream) => Self::greet(stream, workplace).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                tracing::warn!("no daemon answers at `{}`: it was not stopped in order", socket.display());
                Ok(None)
            }
            Err(error) => Err(told(&ConnectionError::Unreachable { path: socket.to_owned(), error })),
        }
    }

    /// Takes up a connection that was made.
    fn greet(stream: UnixStream, workplace: Workplace) -> Result<Self, StoreError> {
        let deadline = Instant::now() + GREETING_TIME;
        let mut wire = Wire::new(stream).map_err(|_| told(&ConnectionError::Gone))?;
        let version = wire.greet(GREETING_TIME).map_err(|error| told(&error))?;
        match wire.reader.receive_by(deadline, MAX_ANSWER).map_err(not_understood)? {
            Some(Welcome::Welcome { root, trusted }) => Ok(Self {
                wire: Mutex::new(wire),
                layout: Layout::new(&root)?,
                workplace,
                derivations: CheckedDerivations::default(),
                trusted,
                version,
            }),
            Some(Welcome::Refused(report)) => Err(report.into()),
            None => Err(told(&ConnectionError::Gone)),
        }
    }

    /// Whether this user may do what is not everybody's.
    pub fn is_trusted(&self) -> bool {
        self.trusted
    }

    /// Has settings of a command override those of the daemon, for this connection. That takes trust.
    pub fn override_settings(&self, settings: Vec<(String, String)>) -> Result<(), StoreError> {
        self.done(&Request::Override { settings })
    }

    /// Asks one thing.
    pub fn ask(&self, request: &Request) -> Result<Answer, StoreError> {
        let mut wire = self.wire();
        let sent = wire.writer.send(request);
        match answer(&mut wire) {
            // Whoever takes no more may have said why.
            Err(_) if sent.is_err() => Err(told(&ConnectionError::Gone)),
            answer => answer,
        }
    }

    /// Asks for something that has no result.
    fn done(&self, request: &Request) -> Result<(), StoreError> {
        match self.ask(request)? {
            Answer::Done => Ok(()),
            _ => off_topic(),
        }
    }

    fn wire(&self) -> MutexGuard<'_, Wire> {
        self.wire.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Receives the answer to what was asked.
fn answer(wire: &mut Wire) -> Result<Answer, StoreError> {
    match wire.reader.receive(MAX_ANSWER).map_err(not_understood)? {
        Some(Answer::Failed(report)) => Err(report.into()),
        Some(answer) => Ok(answer),
        None => Err(told(&ConnectionError::Gone)),
    }
}

/// What fits no request.
fn off_topic<T>() -> Result<T, StoreError> {
    Err(told(&ConnectionError::OffTopic))
}

fn not_understood(error: FrameError) -> StoreError {
    told(&match error {
        FrameError::Truncated | FrameError::Read(_) | FrameError::Write(_) => ConnectionError::Gone,
        error => ConnectionError::Frame { error },
    })
}

fn told(error: &ConnectionError) -> StoreError {
    Report::of(error).into()
}
