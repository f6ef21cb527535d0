//! The two check sums of disk formats: CRC-32 (GPT) and CRC-32C (UFS2 check hashes).

/// The table of a reflected CRC with the given (reflected) polynomial.
const fn table(polynomial: u32) -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut value = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { value >> 1 ^ polynomial } else { value >> 1 };
            bit += 1;
        }
        table[byte] = value;
        byte += 1;
    }
    table
}

static CRC32: [u32; 256] = table(0xedb8_8320);
static CRC32C: [u32; 256] = table(0x82f6_3b78);

fn run(table: &[u32; 256], bytes: &[u8]) -> u32 {
    bytes.iter().fold(u32::MAX, |crc, &byte| table[usize::from(crc as u8 ^ byte)] ^ crc >> 8)
}

/// CRC-32 as GPT (and zlib) uses it.
pub fn crc32(bytes: &[u8]) -> u32 {
    !run(&CRC32, bytes)
}

/// CRC-32C as the check hashes of UFS2 use it: started with all ones and, unlike iSCSI's, not inverted at the end.
pub fn crc32c_raw(bytes: &[u8]) -> u32 {
    run(&CRC32C, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_values_of_the_catalogue() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(!crc32c_raw(b"123456789"), 0xe306_9283);
    }
}
