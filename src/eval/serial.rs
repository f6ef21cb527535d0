//! How the store's types look in serialised results: as the texts that other programs know.

/// Store paths as their text.
pub mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::store_path::StorePath;

    pub fn serialize<S: Serializer>(path: &StorePath, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(path)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StorePath, D::Error> {
        let text = String::deserialize(deserializer)?;
        StorePath::from_absolute(&text).map_err(D::Error::custom)
    }
}

/// Numbers as Scheme writes them: JSON has no infinity, and rounds.
pub mod as_number {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{number:?}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Sets of store paths as lists of their texts.
pub mod as_texts {
    use std::collections::BTreeSet;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::store_path::StorePath;

    pub fn serialize<S: Serializer>(paths: &BTreeSet<StorePath>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(paths.iter().map(ToString::to_string))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<StorePath>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| StorePath::from_absolute(text).map_err(D::Error::custom)).collect()
    }
}

/// Derivations as the ATerm that the store holds.
pub mod as_aterm {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::derivation::Derivation;
    use crate::store_path::StorePath;

    type Derivations = BTreeMap<StorePath, Derivation>;

    pub fn serialize<S: Serializer>(derivations: &Derivations, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(derivations.iter().map(|(path, drv)| (path.to_string(), drv.to_aterm())))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Derivations, D::Error> {
        let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
        let read = |(path, aterm): (&String, &String)| {
            let path = StorePath::from_absolute(path).map_err(D::Error::custom)?;
            Ok((path, Derivation::parse(aterm).map_err(D::Error::custom)?))
        };
        texts.iter().map(read).collect()
    }
}
