//! Switching a machine that is up to another system of the same base, without a boot.
//!
//! [`plan`] tells from two closures what that means for each service; [`machine`] is the machine that it is done to;
//! [`switch`] does it, and goes back where it fails; [`supervisor`] is the process that does so, whatever becomes of the
//! operator's session, and that goes back as well when nobody confirms in time. Only then does the profile change: a
//! machine that loses its power on the way boots the system that it had.

pub mod machine;
pub mod plan;
pub mod supervisor;
pub mod switch;

pub use machine::Machine;
pub use plan::Plan;
