//! Text of others, which may hold anything, for a terminal, which obeys some of it.

/// The text without control characters: each is replaced, tabs and line breaks too.
pub fn printable(text: &str) -> String {
    replace(text, char::is_control)
}

/// The same, but for tabs: a log may have columns.
pub fn printable_with_tabs(text: &str) -> String {
    replace(text, |c| c.is_control() && c != '\t')
}

fn replace(text: &str, is_bad: impl Fn(char) -> bool) -> String {
    text.replace(is_bad, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_replaced() {
        let text = "a\u{1b}[31m\tb\r\n\u{7f}\u{9b}é \u{fffd}";
        assert_eq!(printable(text), "a\u{fffd}[31m\u{fffd}b\u{fffd}\u{fffd}\u{fffd}\u{fffd}é \u{fffd}");
        assert_eq!(printable_with_tabs(text), "a\u{fffd}[31m\tb\u{fffd}\u{fffd}\u{fffd}\u{fffd}é \u{fffd}");
    }
}
