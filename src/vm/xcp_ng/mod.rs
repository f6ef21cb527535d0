//! Puts a disk into a virtual machine of an XCP-ng or XenServer pool, and starts it.
//!
//! The pool is spoken to over XenAPI: JSON-RPC, and one HTTP upload for the disk. What must be there is looked up
//! first ([`Deployment::find`]), so that a disk that does not fit, or a machine that is not there, is told before a build
//! and before anything is touched. Then the machine is shut down, the disk imported into the VDI that is there, the machine
//! started and waited for ([`Deployment::run`]). A machine whose import failed stays off.
//!
//! | module | responsibility |
//! |---|---|
//! | `address`, `trust`, `password` | which host, why it is believed to be it, and who we are |
//! | `http` | requests over TLS, one to a connection; the upload |
//! | `session` | calls of XenAPI, and finding the pool's master |
//! | `records` | the machine, its disk, and what about them forbids an import |
//! | `tasks` | what the host does meanwhile: shutting down, importing, starting |
//! | `guest` | waiting for the system, and fetching its logs |
//! | `deploy` | all of it in order |

mod address;
mod deploy;
mod errors;
mod guest;
mod http;
mod image;
mod password;
mod records;
mod session;
mod tasks;
mod trust;

pub use address::Address;
pub use deploy::{Deployment, Event, Goal, Outcome, Report, Stage};
pub use errors::XcpError;
pub use guest::Guest;
pub use image::convert;
pub use password::{Password, VARIABLE as PASSWORD_VARIABLE};
pub use trust::{Trust, parse_fingerprint};
