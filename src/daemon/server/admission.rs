//! Who is let in: users that are allowed to, each so many times.

use std::collections::HashMap;
use std::io;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::trust::{Standing, Visitor};
use crate::store::Settings;
use crate::sys::sockets::Peer;
use crate::util::report::Report;

/// The connections there are.
#[derive(Debug, Default)]
pub struct Admission {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    connections: HashMap<u64, Connection>,
    /// No further one is let in.
    closed: bool,
}

#[derive(Debug)]
struct Connection {
    uid: u32,
    /// The socket once more, to end what waits for it.
    stream: UnixStream,
}

/// A place among the connections, until it is dropped.
pub struct Admitted<'a> {
    admission: &'a Admission,
    number: u64,
    pub visitor: Visitor,
}

impl Admission {
    /// Lets a client in, or says why not. Those who are trusted have room left that others cannot take.
    pub fn admit(
        &self,
        stream: UnixStream,
        peer: Peer,
        standing: Standing,
        settings: &Settings,
    ) -> Result<Admitted<'_>, Report> {
        let mut state = self.lock();
        let own = state.connections.values().filter(|connection| connection.uid == peer.uid).count();
        let is_full = match standing {
            Standing::Stranger => return Err(stranger()),
            Standing::Allowed => {
                own >= settings.max_connections_per_user.get()
                    || state.connections.len() >= settings.max_connections.get()
            }
            Standing::Trusted => own >= settings.max_connections.get(),
        };
        if is_full || state.closed {
            return Err(Report::new(
                "the daemon has too many connections",
                "run the command again when others have ended (`max-connections` in docs/settings.md)",
            ));
        }
        let number = state.next;
        state.next += 1;
        state.connections.insert(number, Connection { uid: peer.uid, stream });
        Ok(Admitted { admission: self, number, visitor: Visitor { peer, standing } })
    }

    /// Lets nobody in any more, and ends what the others wait to hear from their clients. They may still be answered.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        for Connection { stream, .. } in state.connections.values() {
            // One that has ended is one less to end.
            let _ = stream.shutdown(Shutdown::Read);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        self.admission.lock().connections.remove(&self.number);
    }
}

fn stranger() -> Report {
    Report::new(
        "the daemon does not serve you",
        "have the operator name you among the `allowed-users` (docs/daemon.md); or use a store of your own: \
         --root DIR",
    )
}

/// Why a connection cannot be served whose socket cannot be copied.
pub fn unusable(error: &io::Error) -> Report {
    Report::new(format!("the daemon cannot serve another connection: {error}"), "try again later")
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;

    #[test]
    fn one_user_does_not_keep_others_out() {
        let number = |number| NonZeroUsize::new(number).unwrap();
        let settings = Settings {
            max_connections: number(3),
            max_connections_per_user: number(2),
            ..Settings::default()
        };
        let admission = Admission::default();
        let (stream, _other) = UnixStream::pair().unwrap();
        let admit = |uid, standing| {
            admission.admit(stream.try_clone().unwrap(), Peer { uid, gid: 0 }, standing, &settings).ok()
        };
        assert!(admit(5, Standing::Stranger).is_none());
        let (first, second) = (admit(5, Standing::Allowed), admit(5, Standing::Allowed));
        assert!(first.is_some() && second.is_some() && admit(5, Standing::Allowed).is_none());
        let third = admit(6, Standing::Allowed);
        assert!(third.is_some() && admit(7, Standing::Allowed).is_none());
        assert!(admit(0, Standing::Trusted).is_some());
        drop(first);
        assert!(admit(7, Standing::Allowed).is_some());
        admission.close();
        drop((second, third));
        assert!(admit(7, Standing::Allowed).is_none());
    }
}
