//! Steel's messages in the words of users.

use steel::rerrs::ErrorKind;

/// What stands under the place of an error.
pub fn label(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::FreeIdentifier => "not known here",
        ErrorKind::ArityMismatch => "in this call",
        _ => "here",
    }
}

/// A message without Steel's own terms; `called` is the procedure whose call failed, which Steel has often forgotten.
pub fn plain(message: &str, called: Option<&str>) -> String {
    let message = ["Syntax Error: ", "Parse: Syntax Error: "]
        .iter()
        .find_map(|prefix| message.strip_prefix(prefix))
        .unwrap_or(message)
        .replace(" 1 arguments", " 1 argument");
    let name = || called.map_or_else(|| "this".to_string(), |name| format!("`{name}`"));
    if let Some(rest) = message.strip_prefix("function expected ") {
        return format!("{} expected {rest}", name());
    }
    if let Some(value) =
        message.strip_prefix("function application not a procedure or function type not supported: ")
    {
        return format!("{} is called like a procedure, but is {value}", name());
    }
    if let Some(procedure) = message.strip_suffix(" resulted in an error - empty list") {
        return format!("{procedure}: the list is empty");
    }
    if let Some((_, rest)) = message.split_once("Type Mismatch: Type of SteelVal: ")
        && let Some((value, _)) = rest.split_once(" did not match the given type")
    {
        return format!("{} cannot take {value}", name());
    }
    lower_first(&message)
}

/// A sentence starts lower-case; an acronym or the name of something keeps its case.
fn lower_first(message: &str) -> String {
    let word = message.split(' ').next().unwrap_or_default();
    let mut chars = word.chars();
    let is_word = chars.next().is_some_and(char::is_uppercase) && chars.all(char::is_lowercase);
    if !is_word {
        return message.to_string();
    }
    message.char_indices().map(|(index, c)| if index == 0 { c.to_ascii_lowercase() } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steels_terms_become_words() {
        assert_eq!(
            plain("function expected 1 arguments, found 2", Some("f")),
            "`f` expected 1 argument, found 2"
        );
        assert_eq!(
            plain("function application not a procedure or function type not supported: 5", Some("x")),
            "`x` is called like a procedure, but is 5"
        );
        assert_eq!(plain("car resulted in an error - empty list", None), "car: the list is empty");
        assert_eq!(
            plain("Type Mismatch: Type of SteelVal: 5 did not match the given type, expecting: X", Some("f")),
            "`f` cannot take 5"
        );
        assert_eq!(plain("Syntax Error: let expected a list", None), "let expected a list");
    }

    #[test]
    fn only_plain_words_lose_their_capital() {
        assert_eq!(plain("Cannot do", None), "cannot do");
        assert_eq!(plain("JSON is odd", None), "JSON is odd");
        assert_eq!(plain("Engine::new: no", None), "Engine::new: no");
    }
}
