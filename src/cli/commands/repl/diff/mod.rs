//! What differs between two values, and between the derivations they stand for.

mod derivations;
mod tree;
mod values;

pub use derivations::derivations;
pub use tree::{Change, What};
pub use values::values;
