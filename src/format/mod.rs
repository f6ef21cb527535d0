//! Formatting Scheme text.
//!
//! ```text
//! text ─▶ token (lossless: every comment, and how many lines lie between) ─▶ tree (with the width of everything)
//!      ─▶ layout (what stands where; `style` knows the forms) ─▶ text
//! ```
//!
//! The formatter decides indentation and spaces, and breaks what does not fit into [`WIDTH`] columns. Where the author
//! broke a list, it stays broken, so that two settings of a service stand on two lines because they were written so;
//! the formatter joins nothing but what can only have been broken by accident. That makes its results stable: whatever
//! it broke the first time counts as the author's the second time. At most one blank line is kept in a row.
//!
//! Nothing is evaluated, and nothing but white space changes: every token is copied.

use crate::eval::{self, Problem};

pub mod files;
mod layout;
mod style;
#[cfg(test)]
mod tests;
mod token;
mod tree;

/// How many columns a line may have. What cannot be broken, such as a string or a comment, may be longer.
pub const WIDTH: usize = 110;

/// The text in Fruix's style. A text without any expression or comment becomes empty.
///
/// # Errors
/// The first place where `text` is no sequence of expressions, as evaluating it would report it.
pub fn format(text: &str) -> Result<String, Problem> {
    eval::check_syntax(text)?;
    let forms = tree::read(&token::tokens(text));
    Ok(layout::print(&forms))
}
