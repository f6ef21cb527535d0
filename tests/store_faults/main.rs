//! The store under faults. Whatever fails, and wherever a process or the power ends: what is registered is whole, and the
//! next command does the work as if nothing had been, and says what it cleaned up.
//!
//! - `points`: each change to a file system fails, or ends the process, by the layer `fruix::util::faults`; SQLite's own
//!   changes, which do not pass there, by `strace`. That nothing else goes around the layer is asked of `strace` too.
//! - `power`: a recording of all system calls, cut off at some point, of which what was not flushed may be lost.
//! - `booting`: both, while a user chooses what the machine boots.
//! - `damage`: items and databases that were lost or changed, leftovers that cannot be removed, stores that cannot be
//!   written.
//!
//! `FRUIX_FAULT_POINTS=all` tries every point; otherwise a sample of them, at even distances, that takes half a minute.

mod booting;
mod damage;
mod place;
mod points;
mod power;
mod scenario;
mod trace;
