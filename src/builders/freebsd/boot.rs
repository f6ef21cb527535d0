//! `builtin:freebsd-boot`: the loader and its files, out of a world.
//!
//! An item of its own, so that a change of the world that leaves the loader alone leaves its hash alone too.
//! Environment: `world`, the `out` of a world. Output: `out` with `boot/`.

use super::installed::{Slice, write_slice};
use crate::builders::{Builder, BuilderContext, BuilderError};

/// See [`Builder::version`].
const VERSION: &str = "1";

/// The builder's row in the table.
pub(in crate::builders) const BUILDER: Builder = Builder { name: "freebsd-boot", version: VERSION, run };

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    write_slice(Slice::Boot, context.path("world")?, context)
}
