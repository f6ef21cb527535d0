//! What can go wrong while an image is made.

use std::io;
use std::path::{Path, PathBuf};

/// An image could not be made.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ImageError {
    /// A path of the image is not absolute, is empty, or has a component no file system can hold.
    #[error("invalid path `{}` in the image: {reason}", path.display())]
    InvalidPath {
        /// The path inside the image.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// Two different things claim one path of the image.
    #[error("`{}` would be in the image twice", path.display())]
    #[diagnostic(help("two parts of the declaration put something at this path; leave one of them out"))]
    Exists {
        /// The path inside the image.
        path: PathBuf,
    },

    /// A path leads through something that is no directory.
    #[error("`{}` in the image is not a directory, so nothing can lie below it", path.display())]
    NotADirectory {
        /// The path that should be a directory.
        path: PathBuf,
    },

    /// A hard link names nothing, or a directory.
    #[error("hard link `{}` has no file to link to at `{}` in the image", path.display(), target.display())]
    HardLinkTarget {
        /// The new name.
        path: PathBuf,
        /// The name that should exist.
        target: PathBuf,
    },

    /// A symbolic link is empty or longer than FreeBSD resolves.
    #[error("symbolic link `{}` has a target of {length} bytes; FreeBSD resolves 1 to 1023", path.display())]
    SymlinkLength {
        /// The link inside the image.
        path: PathBuf,
        /// Length of its target in bytes.
        length: usize,
    },

    /// A file system cannot count that many names of one file or directory.
    #[error("`{}` would have {links} links; UFS2 counts at most 32767", path.display())]
    #[diagnostic(help("a directory has one link per subdirectory; spread them over several directories"))]
    TooManyLinks {
        /// The file or directory inside the image.
        path: PathBuf,
        /// The number of links it would need.
        links: u32,
    },

    /// A host file or directory that the image is to hold cannot be looked at.
    #[error("cannot examine `{}` for the image: {source}", path.display())]
    Examine {
        /// The host path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },

    /// A host file of a kind that images do not hold.
    #[error("`{}` is neither file, directory nor symbolic link, so it cannot go into an image", path.display())]
    UnsupportedKind {
        /// The host path.
        path: PathBuf,
    },

    /// A host file that the image is to hold cannot be read.
    #[error("cannot read `{}` for the image: {source}", path.display())]
    Read {
        /// The host path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },

    /// A host file changed between being measured and being copied.
    #[error("`{}` changed its size while the image was written ({expected} bytes expected)", path.display())]
    #[diagnostic(help("nothing may write to the files of an image while it is made; run it again"))]
    SourceChanged {
        /// The host path.
        path: PathBuf,
        /// The size it had when it was added to the tree.
        expected: u64,
    },

    /// The disk cannot hold the files, or nothing besides.
    #[error("disk too small for the closure: it needs {needed} bytes, {given} are given")]
    #[diagnostic(help("ask for a size of at least {needed} bytes ({} MiB), or leave the size out", needed.div_ceil(1 << 20)))]
    TooSmall {
        /// The smallest disk that holds the files and leaves room for what a start writes, in bytes.
        needed: u64,
        /// The size that was asked for, in bytes.
        given: u64,
    },

    /// A disk is made of sectors, or of larger units.
    #[error("a {format} disk of {given} bytes is not possible: the size must be a multiple of {unit}")]
    UnalignedSize {
        /// The size that was asked for, in bytes.
        given: u64,
        /// The format of the image.
        format: &'static str,
        /// What disks of the format are made of, in bytes.
        unit: u64,
    },

    /// More than a format can express.
    #[error("a {format} image cannot hold a disk of {given} bytes: the limit is {largest} ({} GiB)", largest >> 30)]
    #[diagnostic(help("ask for a smaller disk, or for the format raw or qcow2"))]
    TooLarge {
        /// The format of the image.
        format: &'static str,
        /// The largest disk it can hold, in bytes.
        largest: u64,
        /// The size of the disk.
        given: u64,
    },

    /// A VMDK names itself, and its name must be one that the format can express.
    #[error("a vmdk image cannot have the name `{}`", path.display())]
    #[diagnostic(help(
        "it stands in the image itself: use letters, digits, blanks and signs of ASCII other than `\"`"
    ))]
    ContainerName {
        /// Where the image was to lie.
        path: PathBuf,
    },

    /// A label that FreeBSD or the partition table cannot carry.
    #[error("invalid label `{label}`: {reason}")]
    #[diagnostic(help(
        "labels appear as /dev/gpt/LABEL and /dev/ufs/LABEL: use letters, digits, `-` and `_`"
    ))]
    InvalidLabel {
        /// The label.
        label: String,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// The EFI system partition is FAT, which knows files and directories only.
    #[error("`{}` cannot lie on the EFI system partition: {reason}", path.display())]
    EspEntry {
        /// The path inside the EFI system partition.
        path: PathBuf,
        /// What FAT cannot express.
        reason: &'static str,
    },

    /// The file system that is to hold the image is full.
    #[error("no space left for the image `{}`", path.display())]
    #[diagnostic(help("nothing was left behind; free some space there, or name another place with -o"))]
    OutOfSpace {
        /// Where the image was to lie.
        path: PathBuf,
    },

    /// Something that is no file stands where the image is to lie.
    #[error("`{}` is no regular file, so no image can take its place", path.display())]
    #[diagnostic(help("name a file; an image comes to a medium by copying it: dd if=FILE of=/dev/… bs=1M"))]
    NotAFile {
        /// Where the image was to lie.
        path: PathBuf,
    },

    /// The user wanted to stop.
    #[error("interrupted while the image `{}` was written", path.display())]
    #[diagnostic(help("nothing was left behind, and what was there before is still there"))]
    Interrupted {
        /// Where the image was to lie.
        path: PathBuf,
    },

    /// The image file cannot be created.
    #[error("cannot create the image `{}`: {source}", path.display())]
    #[diagnostic(help("see that its directory exists and that you may write there"))]
    Create {
        /// Where the image was to lie.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },

    /// The image file cannot be written.
    #[error("cannot write the image `{}`: {source}", path.display())]
    Write {
        /// Where the image was to lie.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },

    /// The finished image cannot be given its name.
    #[error("cannot put the finished image in place as `{}`: {source}", path.display())]
    Rename {
        /// Where the image was to lie.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl ImageError {
    /// A failed write to the image at `path`, told apart from a full disk.
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::OutOfSpace { path: path.to_owned() }
            }
            _ => Self::Write { path: path.to_owned(), source },
        }
    }
}
