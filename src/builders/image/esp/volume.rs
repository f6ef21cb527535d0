//! The boot sector, which describes a FAT volume, and its companions.

use super::super::extent::Extent;
use super::geometry::{FIRST_CLUSTER, Geometry, ROOT_ENTRIES, SECTOR, TABLES, Width};

/// The volume label, padded as directory entries want it.
pub const LABEL: &[u8; 11] = b"EFI SYSTEM ";

/// Sectors of FAT32: free-space information, and the backups of both.
const INFORMATION: u64 = 1;
const BACKUP: u64 = 6;

/// The boot sector with what belongs to it, for a volume that uses `used` clusters and starts at byte
/// `disk_offset` of its disk.
pub fn extents(geometry: &Geometry, used: u64, serial: u32, disk_offset: u64) -> Vec<Extent<'static>> {
    let boot = boot_sector(geometry, serial, disk_offset);
    match geometry.width {
        Width::Fat16 => vec![Extent::owned(0, boot)],
        Width::Fat32 => {
            let information = information(geometry.clusters - used, FIRST_CLUSTER + used as u32);
            vec![
                Extent::owned(0, boot.clone()),
                Extent::owned(INFORMATION * SECTOR, information.clone()),
                Extent::owned(BACKUP * SECTOR, boot),
                Extent::owned((BACKUP + INFORMATION) * SECTOR, information),
            ]
        }
    }
}

fn boot_sector(geometry: &Geometry, serial: u32, disk_offset: u64) -> Vec<u8> {
    let fat32 = geometry.width == Width::Fat32;
    let mut sector = Vec::with_capacity(SECTOR as usize);
    // A jump over this description, to nothing: no firmware that needs it boots this disk.
    sector.extend_from_slice(if fat32 { &[0xeb, 0x58, 0x90] } else { &[0xeb, 0x3c, 0x90] });
    sector.extend_from_slice(b"FRUIX   ");
    sector.extend_from_slice(&(SECTOR as u16).to_le_bytes());
    sector.push(geometry.cluster_sectors as u8);
    sector.extend_from_slice(&(geometry.reserved as u16).to_le_bytes());
    sector.push(TABLES as u8);
    sector.extend_from_slice(&(if fat32 { 0 } else { ROOT_ENTRIES as u16 }).to_le_bytes());
    let small = if fat32 { 0 } else { u16::try_from(geometry.sectors).unwrap_or(0) };
    sector.extend_from_slice(&small.to_le_bytes());
    sector.push(0xf8); // a fixed disk
    sector.extend_from_slice(&(if fat32 { 0 } else { geometry.table_sectors as u16 }).to_le_bytes());
    sector.extend_from_slice(&63u16.to_le_bytes()); // sectors per track and
    sector.extend_from_slice(&255u16.to_le_bytes()); // heads, which no disk has any more
    sector.extend_from_slice(&((disk_offset / SECTOR) as u32).to_le_bytes());
    sector.extend_from_slice(&(if small == 0 { geometry.sectors as u32 } else { 0 }).to_le_bytes());
    if fat32 {
        sector.extend_from_slice(&(geometry.table_sectors as u32).to_le_bytes());
        sector.extend_from_slice(&[0; 4]); // both tables in use; version 0.0
        sector.extend_from_slice(&FIRST_CLUSTER.to_le_bytes()); // root directory
        sector.extend_from_slice(&(INFORMATION as u16).to_le_bytes());
        sector.extend_from_slice(&(BACKUP as u16).to_le_bytes());
        sector.extend_from_slice(&[0; 12]);
    }
    sector.extend_from_slice(&[0x80, 0, 0x29]); // first disk; serial, label and kind follow
    sector.extend_from_slice(&serial.to_le_bytes());
    sector.extend_from_slice(LABEL);
    sector.extend_from_slice(if fat32 { b"FAT32   " } else { b"FAT16   " });
    sector.resize(SECTOR as usize - 2, 0);
    sector.extend_from_slice(&[0x55, 0xaa]);
    sector
}

/// How many clusters are free, and the first of them.
fn information(free: u64, next: u32) -> Vec<u8> {
    let mut sector = vec![0; SECTOR as usize];
    sector[..4].copy_from_slice(b"RRaA");
    sector[484..488].copy_from_slice(b"rrAa");
    sector[488..492].copy_from_slice(&(free as u32).to_le_bytes());
    sector[492..496].copy_from_slice(&next.to_le_bytes());
    sector[508..].copy_from_slice(&[0, 0, 0x55, 0xaa]);
    sector
}
