//! A daemon of root's, with real processes of several users.
//!
//! Needs root, to act as other users, and what building needs.

mod building;
mod ending;
mod fixture;
mod hostile;
mod starting;
mod systems;
mod upkeep;
mod users;
