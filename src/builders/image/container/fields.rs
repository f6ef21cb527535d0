//! Numbers at places of a header.

/// A part of a header. Where a place lies beyond the bytes that there are, it is empty.
pub fn slice(bytes: &[u8], place: usize, length: usize) -> &[u8] {
    bytes.get(place..place + length).unwrap_or_default()
}

/// Appends numbers in the byte order of the network, as qcow2 and VHD have them.
pub fn push_be32(bytes: &mut Vec<u8>, values: &[u32]) {
    bytes.extend(values.iter().flat_map(|value| value.to_be_bytes()));
}

/// Appends numbers in the byte order of the network.
pub fn push_be64(bytes: &mut Vec<u8>, values: &[u64]) {
    bytes.extend(values.iter().flat_map(|value| value.to_be_bytes()));
}

/// The number at a place, zero beyond the end.
pub fn be32(bytes: &[u8], place: usize) -> u32 {
    slice(bytes, place, 4).try_into().map_or(0, u32::from_be_bytes)
}

/// The number at a place, zero beyond the end.
pub fn be64(bytes: &[u8], place: usize) -> u64 {
    slice(bytes, place, 8).try_into().map_or(0, u64::from_be_bytes)
}

/// The number at a place in VMDK's byte order, zero beyond the end.
pub fn le32(bytes: &[u8], place: usize) -> u32 {
    slice(bytes, place, 4).try_into().map_or(0, u32::from_le_bytes)
}

/// The number at a place in VMDK's byte order, zero beyond the end.
pub fn le64(bytes: &[u8], place: usize) -> u64 {
    slice(bytes, place, 8).try_into().map_or(0, u64::from_le_bytes)
}
