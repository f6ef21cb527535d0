//! The process that owns the store.
//!
//! [`Server::run`] accepts connections and gives each a thread ([`session`]), as far as its user is let in ([`trust`])
//! and has not too many already. Builds are in threads of their own ([`builds`]), and tell of themselves what each
//! client takes ([`feed`]).

mod admission;
mod attention;
mod builds;
mod feed;
mod listener;
mod premises;
mod realise;
mod session;
mod trust;
mod upkeep;

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::messages::Welcome;
use super::wire::Writer;
use crate::store::{Layout, Settings};
use crate::sys::sockets;

use admission::{Admission, Admitted};
use builds::Builds;
use trust::standing;

pub use listener::{ListenError, Listener};
pub use premises::PremisesError;

/// What a daemon is told when it is started.
#[derive(Debug, Clone)]
pub struct Setup {
    pub layout: Layout,
    /// The fruix program, which is run again for each build.
    pub launcher: PathBuf,
    /// By variable: the proxies that fetches go through.
    pub proxies: BTreeMap<String, String>,
}

/// A daemon.
pub struct Server {
    listener: Listener,
    shared: Shared,
}

/// What all connections have in common.
struct Shared {
    layout: Layout,
    launcher: PathBuf,
    proxies: BTreeMap<String, String>,
    settings: Mutex<Arc<Settings>>,
    builds: Arc<Builds>,
    admission: Admission,
    is_stopping: AtomicBool,
}

impl Server {
    /// A daemon that listens.
    pub fn new(setup: Setup, listener: Listener) -> Result<Self, PremisesError> {
        Ok(Self { listener, shared: Shared::new(setup)? })
    }

    /// Serves whoever comes until `stop` says so, and reads its settings again when `reload` does. Then it ends all
    /// builds, tells those who wait for them, and returns when the last connection is over.
    pub fn run(&self, stop: &dyn Fn() -> bool, reload: &dyn Fn() -> bool) {
        thread::scope(|scope| {
            while !stop() {
                if reload() {
                    self.shared.reload();
                }
                let Some(stream) = self.listener.accept() else { continue };
                let Some((stream, admitted)) = self.shared.admit(stream) else { continue };
                let served = thread::Builder::new().name("connection".to_owned()).spawn_scoped(scope, || {
                    // A defect ends the connection it shows in.
                    let _ = catch_unwind(AssertUnwindSafe(|| {
                        session::serve(&self.shared, stream, admitted.visitor);
                    }));
                    drop(admitted);
                });
                if let Err(error) = served {
                    tracing::warn!("a connection is dropped, for no thread can be started: {error}");
                }
            }
            self.shared.stop();
        });
    }
}

/// Serves the one connection of the user whose store it is, until it ends.
pub fn serve_one(setup: Setup, stream: UnixStream) -> Result<(), PremisesError> {
    let shared = Shared::new(setup)?;
    if let Some((stream, admitted)) = shared.admit(stream) {
        session::serve(&shared, stream, admitted.visitor);
    }
    shared.stop();
    Ok(())
}

impl Shared {
    fn new(setup: Setup) -> Result<Self, PremisesError> {
        let Setup { layout, launcher, proxies } = setup;
        premises::prepare(&layout)?;
        let settings = Mutex::new(Arc::new(Settings::load(&layout)?));
        let (builds, admission, is_stopping) = Default::default();
        Ok(Self { layout, launcher, proxies, settings, builds, admission, is_stopping })
    }

    fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the settings again. If they cannot be read, the old ones stay.
    fn reload(&self) {
        match Settings::load(&self.layout) {
            Ok(settings) => {
                *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
                tracing::info!("the settings were read again");
            }
            Err(error) => tracing::error!("the settings stay as they were: {error}"),
        }
    }

    /// Lets a client in, or tells it why not.
    fn admit(&self, stream: UnixStream) -> Option<(UnixStream, Admitted<'_>)> {
        let peer = match sockets::peer(&stream) {
            Ok(peer) => peer,
            Err(error) => {
                tracing::warn!("a connection is dropped: {error}");
                return None;
            }
        };
        let settings = self.settings();
        let admitted = stream
            .try_clone()
            .map_err(|error| admission::unusable(&error))
            .and_then(|copy| self.admission.admit(copy, peer, standing(peer, &settings), &settings));
        match admitted {
            Ok(admitted) => Some((stream, admitted)),
            Err(refusal) => {
                tracing::info!("{} is not let in: {refusal}", trust::name(peer));
                Writer::dismiss(stream, &Welcome::Refused(refusal));
                None
            }
        }
    }

    fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::SeqCst)
    }

    /// Ends builds, then connections.
    fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.builds.stop();
        self.builds.wait_until_none();
        self.admission.close();
    }
}
