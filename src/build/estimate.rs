//! How long a build will take: as long as the last of its kind.
//!
//! A kind is a builder and the name of what it builds, so that a new KERNCONF finds the time of the last
//! kernel although its derivation is another. The times are in the realisation records.

use std::time::Duration;

use crate::{
    builders,
    derivation::Derivation,
    store::{Store, StoreError},
    store_path::StorePath,
};

/// What a build has in common with earlier ones.
pub fn kind(drv: &StorePath, derivation: &Derivation) -> String {
    // The path of a program changes with every update of it; what is built says enough.
    let builder = derivation.builder.strip_prefix(builders::PREFIX).unwrap_or("program");
    format!("{builder} {}", Derivation::name_of(drv))
}

/// How long the last build of this kind took, if there was one.
pub fn recall(store: &Store, kind: &str) -> Result<Option<Duration>, StoreError> {
    Ok(store.last_of_kind(kind)?.map(|record| Duration::from_secs(record.duration())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_derivation_of_the_same_name_is_of_the_same_kind() {
        let kind = |digit: char, builder: &str| {
            let hash = digit.to_string().repeat(32);
            let drv = StorePath::from_base_name(&format!("{hash}-kernel.drv")).unwrap();
            kind(&drv, &Derivation { builder: builder.to_owned(), ..Derivation::default() })
        };
        assert_eq!(kind('a', "builtin:freebsd-kernel"), "freebsd-kernel kernel");
        assert_eq!(kind('a', "builtin:freebsd-kernel"), kind('b', "builtin:freebsd-kernel"));
        assert_eq!(kind('a', "/frx/store/x/bin/sh"), kind('b', "/frx/store/y/bin/sh"));
    }
}
