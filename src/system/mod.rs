//! Systems: closure, image and boot.
