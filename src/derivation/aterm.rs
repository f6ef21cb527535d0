//! Writing a derivation as an ATerm.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::hash::Sha256;

use super::{Derivation, Output};

/// Inputs as the ATerm lists them: a derivation's path, or in a hash modulo the digest that stands for it,
/// with the names of the outputs used.
pub(super) type Inputs<'a> = BTreeMap<String, Vec<&'a str>>;

impl Derivation {
    /// The text of the `.drv` file. The order of everything in it is fixed, so equal derivations have equal
    /// texts.
    pub fn to_aterm(&self) -> String {
        let inputs = self
            .input_drvs
            .iter()
            .map(|(path, outputs)| (path.to_string(), outputs.iter().map(String::as_str).collect()))
            .collect();
        self.write(&inputs, false)
    }

    /// The text with other names for the input derivations. With `mask`, the output paths are left blank,
    /// which is the form they are computed from.
    pub(super) fn write(&self, inputs: &Inputs<'_>, mask: bool) -> String {
        let mut text = String::with_capacity(1024);
        text.push_str("Derive(");
        list(&mut text, '[', ']', &self.outputs, |text, (name, output)| {
            write_output(text, name, output, mask);
        });
        text.push(',');
        list(&mut text, '[', ']', inputs, |text, (input, outputs)| {
            text.push('(');
            plain(text, input);
            text.push(',');
            list(text, '[', ']', outputs, plain);
            text.push(')');
        });
        text.push(',');
        list(&mut text, '[', ']', &self.input_srcs, plain);
        text.push(',');
        quoted(&mut text, &self.system);
        text.push(',');
        quoted(&mut text, &self.builder);
        text.push(',');
        list(&mut text, '[', ']', &self.args, |text, argument| quoted(text, argument));
        text.push(',');
        list(&mut text, '[', ']', &self.env, |text, (name, value)| {
            let blank = mask && self.outputs.contains_key(name);
            text.push('(');
            quoted(text, name);
            text.push(',');
            quoted(text, if blank { "" } else { value });
            text.push(')');
        });
        text.push(')');
        text
    }
}

fn write_output(text: &mut String, name: &str, output: &Output, mask: bool) {
    let path = output.path.as_ref().filter(|_| !mask).map(ToString::to_string);
    let (algorithm, digest) = match &output.fixed {
        Some(fixed) => (format!("{}sha256", fixed.method.prefix()), fixed.digest.hex()),
        None => Default::default(),
    };
    list(text, '(', ')', [name, &path.unwrap_or_default(), &algorithm, &digest], plain);
}

/// Writes `items` between `open` and `close`, with commas between them.
fn list<T>(
    text: &mut String,
    open: char,
    close: char,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    text.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(text, item);
    }
    text.push(close);
}

/// Writes a text that needs no escapes: a path, a digest, the name of an output.
fn plain(text: &mut String, value: impl Display) {
    text.push('"');
    text.push_str(&value.to_string());
    text.push('"');
}

/// Writes any text; only `"`, `\`, line feed, carriage return and tab are escaped.
fn quoted(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            other => text.push(other),
        }
    }
    text.push('"');
}

/// The digest of the text with `inputs` in place of the input derivations.
pub(super) fn digest(derivation: &Derivation, inputs: &Inputs<'_>, mask: bool) -> Sha256 {
    Sha256::of(derivation.write(inputs, mask))
}
