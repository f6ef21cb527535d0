//! The Steel host: from a declaration to plain data.
