//! Fifty processes on one store, some of which are killed.
//!
//! - `making`: they add, build, ask and look for damage. Each path is made once, what was reported is there, and nothing is
//!   left of the dead.
//! - `collecting`: others collect garbage, share files and delete beside them. What something keeps stays, whole.
//!
//! `FRUIX_STRESS_ROUNDS` says how often; once without it.

mod collecting;
mod crowd;
mod making;
mod place;
