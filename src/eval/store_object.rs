//! Store paths as Scheme values, with what has to be there before one can use them.

use std::collections::BTreeSet;

use steel::SteelVal;
use steel::rvals::{Custom, CustomType, as_underlying_type};

use super::values::{self, TooLarge, Walk};
use crate::store_path::StorePath;

/// Something that lies, or will lie, in the store. Plain data: it holds no Steel value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoreObject {
    /// One output of a derivation.
    Output { drv: StorePath, output: String, path: StorePath },
    /// A text made by the evaluation.
    Text(StorePath),
    /// A tree or file added to the store.
    Source(StorePath),
}

impl StoreObject {
    pub fn path(&self) -> &StorePath {
        match self {
            Self::Output { path, .. } | Self::Text(path) | Self::Source(path) => path,
        }
    }
}

impl Custom for StoreObject {
    fn fmt(&self) -> Option<Result<String, std::fmt::Error>> {
        Some(Ok(format!("#<store-object {}>", self.path())))
    }

    fn equality_hint(&self, other: &dyn CustomType) -> bool {
        as_underlying_type::<Self>(other) == Some(self)
    }
}

/// A text that names store paths, with the objects behind them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MixedText {
    pub text: String,
    pub context: BTreeSet<StoreObject>,
}

impl MixedText {
    /// Reads a string, number, boolean (`#t` is `1` and `#f` the empty text, as in Nix), symbol, store object, mixed
    /// text, or a list of such, which are put together without anything between them.
    ///
    /// # Errors
    /// What was found that is none of these, in words.
    pub fn read(value: &SteelVal) -> Result<Self, String> {
        let mut mixed = Self::default();
        mixed.append(value, &mut Walk::default())?;
        Ok(mixed)
    }

    fn append(&mut self, value: &SteelVal, walk: &mut Walk) -> Result<(), String> {
        walk.enter().map_err(|TooLarge| TooLarge::FOUND)?;
        match value {
            SteelVal::StringV(text) => self.text.push_str(text),
            SteelVal::SymbolV(name) => self.text.push_str(name),
            SteelVal::IntV(_) | SteelVal::BigNum(_) => self.text.push_str(&value.to_string()),
            SteelVal::BoolV(true) => self.text.push('1'),
            SteelVal::BoolV(false) => {}
            SteelVal::ListV(list) => {
                for item in list {
                    self.append(item, walk)?;
                }
            }
            _ => {
                if let Some(object) = values::custom::<StoreObject>(value) {
                    self.add(object);
                } else if let Some(mixed) = values::custom::<Self>(value) {
                    self.text.push_str(&mixed.text);
                    self.context.extend(mixed.context);
                } else {
                    return Err(values::describe(value));
                }
            }
        }
        walk.leave();
        Ok(())
    }

    /// Appends the path of an object.
    pub fn add(&mut self, object: StoreObject) {
        self.text.push_str(&object.path().to_string());
        self.context.insert(object);
    }
}

impl Custom for MixedText {
    fn fmt(&self) -> Option<Result<String, std::fmt::Error>> {
        Some(Ok(format!("#<text {:?}>", self.text)))
    }

    fn equality_hint(&self, other: &dyn CustomType) -> bool {
        as_underlying_type::<Self>(other) == Some(self)
    }
}
