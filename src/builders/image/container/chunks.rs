//! Which chunks of a disk a container holds.

use std::ops::Range;

use crate::builders::image::extent::Extent;

/// The chunks of one size that a container holds, in the order of the disk. Its file holds them in the same order, so
/// that what adjoins on the disk mostly adjoins in the file.
#[derive(Debug)]
pub struct Chunks {
    size: u64,
    runs: Vec<Run>,
}

/// Adjoining chunks.
#[derive(Debug)]
struct Run {
    chunks: Range<u64>,
    /// How many chunks the runs before it have.
    before: u64,
}

impl Chunks {
    /// All chunks of `size` bytes that the extents touch. The extents must be in the order of the disk.
    pub fn touched(extents: &[Extent], size: u64) -> Self {
        let mut chunks = Self { size, runs: Vec::new() };
        for extent in extents.iter().filter(|extent| extent.length() > 0) {
            let end = extent.offset + extent.length();
            chunks.push(extent.offset / size..end.div_ceil(size));
        }
        chunks
    }

    /// All chunks of `size` bytes of a disk.
    pub fn all(disk_size: u64, size: u64) -> Self {
        let mut chunks = Self { size, runs: Vec::new() };
        chunks.push(0..disk_size.div_ceil(size));
        chunks
    }

    fn push(&mut self, chunks: Range<u64>) {
        match self.runs.last_mut() {
            Some(last) if chunks.start <= last.chunks.end => {
                last.chunks.end = last.chunks.end.max(chunks.end);
            }
            _ => {
                let before = self.count();
                self.runs.push(Run { chunks, before });
            }
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.runs.last().map_or(0, |run| run.before + (run.chunks.end - run.chunks.start))
    }

    /// Each chunk by its number on the disk, with its number in the file.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.runs.iter().flat_map(|run| run.chunks.clone().zip(run.before..))
    }

    /// The entries of a table of all chunks of the disk, in parts of `per_part` entries: the parts that are not empty,
    /// by their number. An entry is what `entry` says of a chunk's number in the file; it is zero for other chunks.
    pub fn tables<const N: usize>(
        &self,
        per_part: u64,
        entry: impl Fn(u64) -> [u8; N],
    ) -> Vec<(u64, Vec<u8>)> {
        let mut parts: Vec<(u64, Vec<u8>)> = Vec::new();
        for (chunk, index) in self.iter() {
            let part = chunk / per_part;
            if parts.last().is_none_or(|&(last, _)| last != part) {
                parts.push((part, vec![0; per_part as usize * N]));
            }
            if let Some((_, table)) = parts.last_mut() {
                let place = (chunk % per_part) as usize * N;
                table[place..place + N].copy_from_slice(&entry(index));
            }
        }
        parts
    }

    /// Moves the extents, in the order of the disk, to where the file holds them: the first chunk at byte `start`, each
    /// following one `stride` bytes after the one before.
    pub fn relocate<'a>(&self, extents: Vec<Extent<'a>>, start: u64, stride: u64) -> Vec<Extent<'a>> {
        let mut moved = Vec::with_capacity(extents.len());
        let mut runs = self.runs.iter().peekable();
        for extent in extents.into_iter().filter(|extent| extent.length() > 0) {
            while runs.next_if(|run| run.chunks.end * self.size <= extent.offset).is_some() {}
            let Some(run) = runs.peek() else { break };
            let mut rest = Some(extent);
            while let Some(extent) = rest {
                let (chunk, within) = (extent.offset / self.size, extent.offset % self.size);
                let (first, later) =
                    if stride == self.size { (extent, None) } else { extent.split_at(self.size - within) };
                let index = run.before + (chunk - run.chunks.start);
                moved.push(Extent { offset: start + index * stride + within, data: first.data });
                rest = later;
            }
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extents() -> Vec<Extent<'static>> {
        vec![Extent::owned(3, vec![1; 3]), Extent::owned(8, Vec::new()), Extent::owned(17, vec![2; 9])]
    }

    #[test]
    fn chunks_are_those_that_extents_touch() {
        let chunks = Chunks::touched(&extents(), 4);
        assert_eq!(chunks.iter().collect::<Vec<_>>(), [(0, 0), (1, 1), (4, 2), (5, 3), (6, 4)]);
        assert_eq!(chunks.count(), 5);
        assert_eq!(Chunks::all(9, 4).count(), 3);
        assert_eq!(Chunks::touched(&[], 4).count(), 0);
    }

    #[test]
    fn tables_lack_the_empty_parts() {
        let chunks = Chunks::touched(&extents(), 4);
        let tables = chunks.tables(2, |index| [index as u8 + 1]);
        assert_eq!(tables, [(0, vec![1, 2]), (2, vec![3, 4]), (3, vec![5, 0])]);
    }

    #[test]
    fn extents_go_along_with_their_chunks() {
        let chunks = Chunks::touched(&extents(), 4);
        let places = |stride| {
            let moved = chunks.relocate(extents(), 100, stride);
            moved.iter().map(|extent| (extent.offset, extent.length())).collect::<Vec<_>>()
        };
        assert_eq!(places(4), [(103, 3), (109, 9)]);
        assert_eq!(places(10), [(103, 1), (110, 2), (121, 3), (130, 4), (140, 2)]);
    }
}
