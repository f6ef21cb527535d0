//! The escapes of `vis(3)`, in which mtree files write names that hold spaces, `#`, backslashes or control
//! characters.
//!
//! Written: a backslash and three octal digits for every byte that is not a printable ASCII character and for
//! space, `#`, `\` and, since tags are separated by it, `,`. Read: that, and the C-style, meta, control and
//! hexadecimal escapes that FreeBSD's tools also write.

/// Escapes the bytes of one word.
pub fn encode(bytes: &[u8]) -> String {
    let mut word = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'#' | b'\\' | b',' => word.push_str(&format!("\\{byte:03o}")),
            0x21..=0x7e => word.push(char::from(byte)),
            _ => word.push_str(&format!("\\{byte:03o}")),
        }
    }
    word
}

/// The bytes the word stands for; `None` if an escape in it is none.
pub(super) fn decode(word: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word;
    while let Some((&first, after)) = rest.split_first() {
        if first != b'\\' {
            bytes.push(first);
            rest = after;
            continue;
        }
        let (byte, length) = escape(after)?;
        bytes.extend(byte);
        rest = &after[length..];
    }
    Some(bytes)
}

/// The byte that an escape stands for (none for `\$`, which only hides) and how long it is, its backslash not
/// counted.
fn escape(text: &[u8]) -> Option<(Option<u8>, usize)> {
    let byte = |value| Some((Some(value), 1));
    match *text.first()? {
        b'0'..=b'7' => octal(text),
        b'x' => {
            let digits = std::str::from_utf8(text.get(1..3)?).ok()?;
            u8::from_str_radix(digits, 16).ok().map(|value| (Some(value), 3))
        }
        b'M' => meta(text),
        b'^' => Some((Some(control(*text.get(1)?)), 2)),
        b'a' => byte(0x07),
        b'b' => byte(0x08),
        b't' => byte(b'\t'),
        b'n' => byte(b'\n'),
        b'v' => byte(0x0b),
        b'f' => byte(0x0c),
        b'r' => byte(b'\r'),
        b's' => byte(b' '),
        b'E' => byte(0x1b),
        b'$' => Some((None, 1)),
        punctuation if punctuation.is_ascii_punctuation() => byte(punctuation),
        _ => None,
    }
}

/// One to three octal digits.
fn octal(text: &[u8]) -> Option<(Option<u8>, usize)> {
    let length = text.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let value = text[..length].iter().fold(0u32, |value, digit| value * 8 + u32::from(digit - b'0'));
    Some((Some(u8::try_from(value).ok()?), length))
}

/// `M-c` is `c` with the eighth bit, `M^c` a control character with it.
fn meta(text: &[u8]) -> Option<(Option<u8>, usize)> {
    let &last = text.get(2)?;
    match text.get(1)? {
        b'-' => Some((Some(last | 0x80), 3)),
        b'^' => Some((Some(control(last) | 0x80), 3)),
        _ => None,
    }
}

/// The control character written `^c`.
fn control(letter: u8) -> u8 {
    if letter == b'?' { 0x7f } else { letter & 0x1f }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives() {
        let all: Vec<u8> = (0..=255).collect();
        let word = encode(&all);
        assert!(word.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'), "{word}");
        assert_eq!(decode(word.as_bytes()).unwrap(), all);
    }

    #[test]
    fn plain_names_stay_as_they_are() {
        assert_eq!(encode(b"./rescue/["), "./rescue/[");
        assert_eq!(encode(b"a b"), "a\\040b");
    }

    #[test]
    fn the_escapes_of_other_writers_are_read() {
        for (word, bytes) in [
            (&b"a\\sb"[..], &b"a b"[..]),
            (b"\\t\\n\\\\\\#", b"\t\n\\#"),
            (b"\\M-C\\M-$", b"\xc3\xa4"),
            (b"\\M^A\\^A\\^?", b"\x81\x01\x7f"),
            (b"\\x41\\0x", b"A\0x"),
            (b"\\$a", b"a"),
        ] {
            assert_eq!(decode(word).as_deref(), Some(bytes), "{}", String::from_utf8_lossy(word));
        }
    }

    #[test]
    fn what_is_no_escape_is_refused() {
        for word in [&b"a\\"[..], b"\\777", b"\\xg0", b"\\M", b"\\Mz1", b"\\q"] {
            assert_eq!(decode(word), None, "{}", String::from_utf8_lossy(word));
        }
    }
}
