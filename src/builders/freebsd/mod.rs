//! Building FreeBSD: source, world, kernel, boot assets.
