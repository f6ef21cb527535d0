//! The whole disk: what it consists of, and how large it is.

use std::path::Path;

use super::container::Disk;
use super::error::ImageError;
use super::esp;
use super::gpt::{self, ALIGNMENT, Partition, PartitionType};
use super::output::{self, Manner};
use super::seed::Seed;
use super::tree::Tree;
use super::ufs2::{self, FileSystem, Identity};

/// A disk to be made. It determines the image, bit for bit.
#[derive(Debug, Clone)]
pub struct DiskSpec {
    /// The root file system.
    pub root: Tree,
    /// The EFI system partition: files and directories only. `EFI/BOOT/BOOTX64.EFI` is what firmware starts.
    pub esp: Tree,
    /// How large the disk is.
    pub size: DiskSize,
    /// Name of the root partition in the partition table (`/dev/gpt/LABEL`).
    pub partition_label: String,
    /// Label of the root file system (`/dev/ufs/LABEL`).
    pub volume_label: String,
    /// What all identifiers are derived from.
    pub seed: Seed,
    /// The time that the file systems say they were made at, in seconds since 1970. (Files have their own.)
    pub time: i64,
}

/// How large a disk is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskSize {
    /// That many bytes, a multiple of 512.
    Exact(u64),
    /// As large as its contents ask for, with free space, in whole units of 16 MiB.
    Fit(FreeSpace),
}

/// Free space on the root file system; the larger of both applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeSpace {
    /// Relative to what the files take.
    pub percent: u64,
    /// In bytes.
    pub bytes: u64,
}

impl Default for FreeSpace {
    /// Room for logs, keys and a second generation's configuration.
    fn default() -> Self {
        Self { percent: 30, bytes: 128 << 20 }
    }
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskReport {
    /// Bytes of the whole disk (holes included).
    pub size: u64,
    /// First byte of the EFI system partition.
    pub esp_offset: u64,
    /// Its size in bytes.
    pub esp_size: u64,
    /// First byte of the root partition.
    pub root_offset: u64,
    /// Its size in bytes.
    pub root_size: u64,
    /// Bytes of the root file system that are free.
    pub root_free: u64,
    /// Files, directories and symbolic links of the root file system.
    pub files: u64,
}

/// Disks whose size is not given are a multiple of this.
const SIZE_UNIT: u64 = 16 << 20;

/// The root of a disk of an exact size has this much free space: a system writes host keys, accounts and logs at its
/// first start.
const ROOM: u64 = 32 << 20;

/// Writes the disk to `out`, as an ordinary file; see [`write_as`].
pub fn write(spec: &DiskSpec, out: &Path) -> Result<DiskReport, ImageError> {
    write_as(spec, out, &Manner::default())
}

/// Writes the disk to `out`. Until it is complete it lies beside it under a temporary name, so that `out` is
/// either as it was or the new disk, whatever fails in between.
pub fn write_as(spec: &DiskSpec, out: &Path, manner: &Manner<'_>) -> Result<DiskReport, ImageError> {
    lower(spec, |disk| output::write(disk, out, manner))
}

/// Finds out what is to be written where, and has `store` write it.
fn lower(
    spec: &DiskSpec,
    store: impl FnOnce(Disk) -> Result<(), ImageError>,
) -> Result<DiskReport, ImageError> {
    check_label(&spec.partition_label, gpt::MAX_NAME)?;
    check_label(&spec.volume_label, ufs2::MAX_LABEL)?;
    let esp = esp::FileSystem::new(&spec.esp)?;
    let root = FileSystem::new(&spec.root)?;
    let geometry = Geometry::new(spec.size, esp.size(), &root)?;
    let too_small = || geometry.too_small(&root);
    if matches!(spec.size, DiskSize::Exact(given) if given < geometry.needed(&root)) {
        return Err(too_small());
    }
    let layout = root.layout(geometry.root_size, 0).ok_or_else(too_small)?;
    let identity = Identity { label: &spec.volume_label, seed: &spec.seed, time: spec.time };
    let (root_extents, root_free) = root.extents(&layout, identity).ok_or_else(too_small)?;

    let mut extents = gpt::extents(geometry.disk_size, spec.seed.uuid("disk"), &geometry.partitions(spec));
    let esp_extents = esp.extents(&spec.seed, spec.time, geometry.esp_offset);
    extents.extend(esp_extents.into_iter().map(|extent| extent.shifted(geometry.esp_offset)));
    extents.extend(root_extents.into_iter().map(|extent| extent.shifted(geometry.root_offset)));
    store(Disk { size: geometry.disk_size, extents, seed: &spec.seed })?;
    Ok(DiskReport {
        size: geometry.disk_size,
        esp_offset: geometry.esp_offset,
        esp_size: geometry.esp_size,
        root_offset: geometry.root_offset,
        root_size: geometry.root_size,
        root_free,
        files: root.file_count(),
    })
}

/// Where the parts of a disk lie, in bytes.
struct Geometry {
    disk_size: u64,
    esp_offset: u64,
    esp_size: u64,
    root_offset: u64,
    root_size: u64,
}

impl Geometry {
    fn new(size: DiskSize, esp_size: u64, root: &FileSystem) -> Result<Self, ImageError> {
        let esp_offset = ALIGNMENT;
        // The root comes last, so that it can grow with its disk.
        let root_offset = (esp_offset + esp_size).next_multiple_of(ALIGNMENT);
        let disk_size = match size {
            DiskSize::Exact(given) if given % gpt::SECTOR != 0 => {
                return Err(ImageError::UnalignedSize { given, format: "raw", unit: gpt::SECTOR });
            }
            DiskSize::Exact(given) => given,
            DiskSize::Fit(free) => {
                let free = free.bytes.max(root.content_size() / 100 * free.percent);
                (root_offset + root.size_for(free, ALIGNMENT) + gpt::TRAILER).next_multiple_of(SIZE_UNIT)
            }
        };
        let root_end = disk_size.saturating_sub(gpt::TRAILER) / ALIGNMENT * ALIGNMENT;
        let root_size = root_end.saturating_sub(root_offset);
        Ok(Self { disk_size, esp_offset, esp_size, root_offset, root_size })
    }

    /// The smallest disk for `root`.
    fn needed(&self, root: &FileSystem) -> u64 {
        self.root_offset + root.size_for(ROOM, ALIGNMENT) + gpt::TRAILER
    }

    /// The error that `root` does not fit.
    fn too_small(&self, root: &FileSystem) -> ImageError {
        ImageError::TooSmall { needed: self.needed(root), given: self.disk_size }
    }

    fn partitions(&self, spec: &DiskSpec) -> [Partition; 2] {
        [
            Partition {
                kind: PartitionType::EfiSystem,
                uuid: spec.seed.uuid("esp partition"),
                name: "efi".to_owned(),
                offset: self.esp_offset,
                size: self.esp_size,
            },
            Partition {
                kind: PartitionType::FreebsdUfs,
                uuid: spec.seed.uuid("root partition"),
                name: spec.partition_label.clone(),
                offset: self.root_offset,
                size: self.root_size,
            },
        ]
    }
}

/// Accepts what can be a file name under `/dev` without surprises.
fn check_label(label: &str, longest: usize) -> Result<(), ImageError> {
    let reason = if label.is_empty() {
        "it is empty"
    } else if label.len() > longest {
        "it is too long"
    } else if !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        "it has characters other than letters, digits, `-` and `_`"
    } else {
        return Ok(());
    };
    Err(ImageError::InvalidLabel { label: label.to_owned(), reason })
}
