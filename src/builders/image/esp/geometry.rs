//! The division of a FAT partition, and its allocation tables.

use super::super::extent::Extent;

/// Bytes per sector.
pub const SECTOR: u64 = 512;
/// The first cluster there is; tables have two entries before it.
pub const FIRST_CLUSTER: u32 = 2;
/// Copies of the table.
pub const TABLES: u64 = 2;
/// Entries of the root directory of FAT16.
pub const ROOT_ENTRIES: u64 = 512;

/// The number of clusters decides the kind: FAT32 has at least this many, FAT16 fewer.
const FAT32_CLUSTERS: u64 = 65525;

/// Width of the entries of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 16 bits; the root directory has a place of its own.
    Fat16,
    /// 32 bits; the root directory lies in clusters.
    Fat32,
}

/// How a partition is divided.
#[derive(Debug, Clone)]
pub struct Geometry {
    /// Sectors of the partition.
    pub sectors: u64,
    /// FAT16 or FAT32.
    pub width: Width,
    /// Sectors per cluster.
    pub cluster_sectors: u64,
    /// Sectors before the first table.
    pub reserved: u64,
    /// Sectors of one table.
    pub table_sectors: u64,
    /// Clusters that can hold data.
    pub clusters: u64,
}

impl Geometry {
    /// Divides a partition of `size` bytes, of 4 MiB or more.
    pub fn new(size: u64) -> Self {
        let sectors = size / SECTOR;
        // The cluster sizes that Microsoft's table gives.
        let fat32 = match size >> 20 {
            0..=260 => 1,
            261..=8192 => 8,
            8193..=16384 => 16,
            16385..=32768 => 32,
            _ => 64,
        };
        let fat32 = Self::divide(sectors, Width::Fat32, fat32);
        if fat32.clusters >= FAT32_CLUSTERS {
            return fat32;
        }
        let mut fat16 = Self::divide(sectors, Width::Fat16, 1);
        while fat16.clusters >= FAT32_CLUSTERS {
            fat16 = Self::divide(sectors, Width::Fat16, fat16.cluster_sectors * 2);
        }
        fat16
    }

    fn divide(sectors: u64, width: Width, cluster_sectors: u64) -> Self {
        let reserved = match width {
            Width::Fat16 => 1,
            Width::Fat32 => 32,
        };
        let mut geometry = Self { sectors, width, cluster_sectors, reserved, table_sectors: 1, clusters: 0 };
        // A larger table leaves fewer clusters, so this comes to rest.
        loop {
            let taken = geometry.data_sector();
            geometry.clusters = sectors.saturating_sub(taken) / cluster_sectors;
            let entries = geometry.clusters + u64::from(FIRST_CLUSTER);
            let needed = (entries * geometry.entry_size()).div_ceil(SECTOR);
            if needed <= geometry.table_sectors {
                return geometry;
            }
            geometry.table_sectors = needed;
        }
    }

    /// Bytes of an entry of the table.
    fn entry_size(&self) -> u64 {
        match self.width {
            Width::Fat16 => 2,
            Width::Fat32 => 4,
        }
    }

    /// Bytes per cluster.
    pub fn cluster_size(&self) -> u64 {
        self.cluster_sectors * SECTOR
    }

    /// Whether the root directory lies in clusters, as any other.
    pub fn root_in_clusters(&self) -> bool {
        self.width == Width::Fat32
    }

    /// Where the root directory of FAT16 lies, in bytes.
    pub fn root_directory(&self) -> u64 {
        (self.reserved + TABLES * self.table_sectors) * SECTOR
    }

    /// The sector of the first cluster.
    fn data_sector(&self) -> u64 {
        let root = if self.root_in_clusters() { 0 } else { ROOT_ENTRIES * super::directory::ENTRY / SECTOR };
        self.reserved + TABLES * self.table_sectors + root
    }

    /// Where `cluster` lies, in bytes.
    pub fn cluster(&self, cluster: u32) -> u64 {
        self.data_sector() * SECTOR + u64::from(cluster - FIRST_CLUSTER) * self.cluster_size()
    }

    /// The tables for chains of so many adjoining clusters, one after the other.
    pub fn tables(&self, chains: impl Iterator<Item = u64>) -> Vec<Extent<'static>> {
        const END: u32 = 0x0fff_ffff;
        // The first entry repeats the kind of medium, the second says that all is well.
        let mut entries = vec![0x0fff_fff8, END];
        for count in chains.filter(|&count| count > 0) {
            let next = entries.len() as u32 + 1;
            entries.extend(next..next + count as u32 - 1);
            entries.push(END);
        }
        let bytes: Vec<u8> = match self.width {
            Width::Fat16 => entries.iter().flat_map(|&entry| (entry as u16).to_le_bytes()).collect(),
            Width::Fat32 => entries.iter().flat_map(|entry| entry.to_le_bytes()).collect(),
        };
        let table = |number| (self.reserved + number * self.table_sectors) * SECTOR;
        (0..TABLES).map(|number| Extent::owned(table(number), bytes.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_clusters_decides_the_width() {
        for megabytes in 4..1000 {
            let geometry = Geometry::new(megabytes << 20);
            assert_eq!(geometry.clusters >= FAT32_CLUSTERS, geometry.width == Width::Fat32);
            assert!(geometry.clusters >= 4085, "{megabytes} MiB would be FAT12");
            let entries = geometry.table_sectors * SECTOR / geometry.entry_size();
            assert!(entries >= geometry.clusters + 2);
            let end = geometry.cluster(geometry.clusters as u32 + 1) + geometry.cluster_size();
            assert!(end <= megabytes << 20);
        }
    }

    #[test]
    fn chains_end_and_free_clusters_are_zero() {
        let geometry = Geometry::new(64 << 20);
        let extents = geometry.tables([3, 0, 1].into_iter());
        let super::super::super::extent::Data::Owned(bytes) = &extents[0].data else { panic!() };
        let words: Vec<u32> = bytes.chunks(4).map(|w| u32::from_le_bytes(w.try_into().unwrap())).collect();
        assert_eq!(words, [0x0fff_fff8, 0x0fff_ffff, 3, 4, 0x0fff_ffff, 0x0fff_ffff]);
    }
}
