//! Evaluation as the program does it: in a process of its own, whatever the declaration tries; and from earlier
//! results.

mod cache;
mod fixture;
mod hostile;
mod processes;
mod properties;
mod purity;
mod several;
