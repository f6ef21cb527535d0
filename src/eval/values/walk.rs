//! Going through a value to its end.
//!
//! What a value holds may be there many times over, as in `(list x x)` where `x` is `(list y y)` and so on, or hold the
//! value itself: then going through it has no end. So whoever does counts its parts.

use steel::rerrs::SteelErr;

use crate::eval::host::failure;

/// Most parts that are gone through. Declarations have some thousands.
const MOST_PARTS: usize = 1_000_000;

/// Deepest nesting that is followed: each level takes stack.
const MAX_DEPTH: usize = 10_000;

/// How far one has got.
#[derive(Debug, Default)]
pub struct Walk {
    parts: usize,
    depth: usize,
}

/// A value that cannot be gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

impl TooLarge {
    /// What was found, for "got …".
    pub const FOUND: &'static str = "a value that is too large, or contains itself";
}

impl From<TooLarge> for SteelErr {
    fn from(_: TooLarge) -> Self {
        failure(format!("this value has more than {MOST_PARTS} parts, or contains itself\nuse a part of it"))
    }
}

impl Walk {
    /// Begins with a part, and all that it holds.
    ///
    /// # Errors
    /// There are too many, or they are nested too deep.
    pub fn enter(&mut self) -> Result<(), TooLarge> {
        self.parts += 1;
        self.depth += 1;
        if self.parts > MOST_PARTS || self.depth > MAX_DEPTH { Err(TooLarge) } else { Ok(()) }
    }

    /// Has come to the end of that part.
    pub fn leave(&mut self) {
        self.depth -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_levels_are_counted() {
        let mut flat = Walk::default();
        for _ in 0..MOST_PARTS {
            flat.enter().unwrap();
            flat.leave();
        }
        assert_eq!(flat.enter(), Err(TooLarge));
        let mut deep = Walk::default();
        assert_eq!((0..MAX_DEPTH).try_for_each(|_| deep.enter()), Ok(()));
        assert_eq!(deep.enter(), Err(TooLarge));
    }
}
