//! The daemon: how users who may not write the store put things into it all the same.
//!
//! One process, mostly root's, owns the store. Users talk to it over a Unix socket, and the kernel says who they are.
//! Evaluation stays with them; what crosses is derivations, sources and questions.
//!
//! - [`wire`]: the connection: a handshake, messages, and streams of data, all bounded;
//! - [`messages`]: what is asked and answered;
//! - [`server`]: the process; a thread for each connection, builds shared by all who want them;
//! - [`client`]: the store as seen through a connection, by the traits that a store has for whoever may write it;
//! - [`service`]: how systems start it.
//!
//! What the server has to bear is a client that lies, is slow, breaks off, or floods it. It believes nothing: digests and
//! paths are computed from what came; a message has a largest size, and takes no more memory than arrived; a handshake
//! and every message have to be over in time; each user has so many connections. It opens no file that a client names:
//! contents come through the connection.
//!
//! Connections are threads and not processes of their own, as with other daemons, because builds are shared: one that
//! two users want goes on when one of them goes. What processes would protect from, a fault of memory, is not there to
//! be had outside of `sys`; a panic ends one connection. Builders are processes in any case, and other users.

pub mod client;
pub mod messages;
pub mod server;
pub mod service;
pub mod wire;

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use crate::store::Layout;
use crate::util::frames::FrameError;

pub use client::Client;

/// Where the daemon of a store listens.
pub fn socket(layout: &Layout) -> PathBuf {
    layout.var_dir().join("daemon-socket/socket")
}

/// Why there is no talking to a daemon.
#[derive(Debug, Error, Diagnostic)]
pub enum ConnectionError {
    #[error("cannot reach the daemon at `{}`: {error}", path.display())]
    #[diagnostic(help("see that it runs: `fruix daemon`, as the user whose store it is"))]
    Unreachable { path: PathBuf, error: std::io::Error },

    #[error("what answers is no fruix daemon")]
    #[diagnostic(help("see that the socket's path is right"))]
    NoDaemon,

    #[error(
        "the daemon speaks versions {} to {} of the protocol, and this program {} to {}",
        theirs.0, theirs.1, ours.0, ours.1
    )]
    #[diagnostic(help("{}", if theirs.1 < ours.0 {
        "the daemon is too old: restart it with a fruix as new as this one"
    } else {
        "this program is too old: use a fruix as new as the daemon's"
    }))]
    Version { theirs: (u16, u16), ours: (u16, u16) },

    #[error("the connection to the daemon broke off")]
    #[diagnostic(help("its log may say why; if it was restarted, run the command again"))]
    Gone,

    #[error("the daemon and this program do not understand each other: {error}")]
    #[diagnostic(help("see that both are the same fruix"))]
    Frame { error: FrameError },

    #[error("the daemon answers something else than it was asked")]
    #[diagnostic(help("see that both are the same fruix"))]
    OffTopic,
}
