//! Disk images: UFS2, FAT, GPT.
