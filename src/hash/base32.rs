//! Nix's base-32: an alphabet without `e`, `o`, `t` and `u` (so that no hash spells a word), digits from the
//! most significant end of the bytes taken as one little-endian number.

/// The digits in order of value.
pub const ALPHABET: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";

/// Marks a byte that is no digit in [`VALUES`].
const NO_DIGIT: u8 = 0xff;

/// The value of each byte as a digit, or [`NO_DIGIT`].
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        values[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Whether `byte` is a base-32 digit.
#[inline]
pub fn is_digit(byte: u8) -> bool {
    VALUES[usize::from(byte)] != NO_DIGIT
}

/// How many digits spell `bytes` bytes.
pub const fn encoded_len(bytes: usize) -> usize {
    (bytes * 8).div_ceil(5)
}

/// Spells `bytes`.
pub fn encode(bytes: &[u8]) -> String {
    (0..encoded_len(bytes.len()))
        .rev()
        .map(|digit| {
            let (byte, shift) = (digit * 5 / 8, digit * 5 % 8);
            let low = u16::from(bytes[byte]);
            let high = bytes.get(byte + 1).map_or(0, |&byte| u16::from(byte));
            char::from(ALPHABET[usize::from((low | high << 8) >> shift & 0x1f)])
        })
        .collect()
}

/// Reads what [`encode`] wrote; `None` for a byte that is no digit, or for bits that no byte holds.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0u8; text.len() * 5 / 8];
    for (digit, character) in text.bytes().rev().enumerate() {
        let value = VALUES[usize::from(character)];
        if value == NO_DIGIT {
            return None;
        }
        let (byte, shift) = (digit * 5 / 8, digit * 5 % 8);
        for (offset, bits) in (u16::from(value) << shift).to_le_bytes().into_iter().enumerate() {
            match bytes.get_mut(byte + offset) {
                Some(target) => *target |= bits,
                None if bits == 0 => {}
                None => return None,
            }
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_known_values() {
        assert_eq!(encode(&[]), "");
        assert_eq!(encode(&[0x1f]), "0z");
        assert_eq!(encode(&[0; 20]), "0".repeat(32));
        assert_eq!(encode(&[0xff; 20]), "z".repeat(32));
    }

    #[test]
    fn refuses_foreign_digits_and_left_over_bits() {
        assert_eq!(decode("e0"), None);
        assert_eq!(decode("zz"), None, "ten bits do not fit one byte");
        assert_eq!(decode("7z"), Some(vec![0xff]));
    }

    proptest::proptest! {
        #[test]
        fn reads_back_what_it_wrote(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..64)) {
            proptest::prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}
