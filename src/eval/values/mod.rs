//! Steel values as seen from Rust.

use steel::SteelVal;
use steel::gc::ShareableMut;
use steel::rvals::{Custom, as_underlying_type};

use super::records::{Origin, Poison, RecordType, TypeHandle};
use super::store_object::{MixedText, StoreObject};

mod show;
mod walk;

pub use show::{describe, show};
pub use walk::{TooLarge, Walk};

/// The structure of `scheme/fruix/records.scm` that holds what is evaluated later.
const LAZY: &str = "%lazy";

/// The items of a proper list.
pub fn items(value: &SteelVal) -> Option<Vec<SteelVal>> {
    match value {
        SteelVal::ListV(list) => Some(list.iter().cloned().collect()),
        _ => None,
    }
}

/// The text of a string.
pub fn text(value: &SteelVal) -> Option<&str> {
    match value {
        SteelVal::StringV(text) => Some(text.as_str()),
        _ => None,
    }
}

/// The name of a symbol.
pub fn symbol(value: &SteelVal) -> Option<&str> {
    match value {
        SteelVal::SymbolV(name) => Some(name.as_str()),
        _ => None,
    }
}

/// A copy of the Rust value inside, if it is of this type.
pub fn custom<T: Custom + Clone + 'static>(value: &SteelVal) -> Option<T> {
    match value {
        SteelVal::Custom(inner) => as_underlying_type::<T>(inner.read().as_ref()).cloned(),
        _ => None,
    }
}

/// Key and value of an association. A pair whose tail is a list is itself a list in Scheme.
pub fn association(value: &SteelVal) -> Option<(SteelVal, SteelVal)> {
    match value {
        SteelVal::Pair(pair) => Some((pair.car(), pair.cdr())),
        SteelVal::ListV(list) => {
            let mut rest = list.clone();
            let key = rest.pop_front()?;
            Some((key, SteelVal::ListV(rest)))
        }
        _ => None,
    }
}

/// A record taken apart.
pub struct Record {
    pub kind: TypeHandle,
    pub values: Vec<SteelVal>,
    pub origin: Origin,
}

impl Record {
    /// Sees a value as a record.
    pub fn of(value: &SteelVal) -> Option<Self> {
        let SteelVal::CustomStruct(object) = value else { return None };
        if object.name().resolve() != "%record" {
            return None;
        }
        let SteelVal::CustomStruct(kind) = object.get_index(0)? else { return None };
        Some(Self {
            kind: custom(kind.get_index(0)?)?,
            values: items(object.get_index(1)?)?,
            origin: custom(object.get_index(2)?)?,
        })
    }

    pub fn type_name(&self) -> &str {
        &self.kind.0.name
    }

    pub fn record_type(&self) -> &RecordType {
        &self.kind.0
    }
}

/// What kind of thing a value is, for "got …".
pub fn kind_of(value: &SteelVal) -> String {
    let name = match value {
        SteelVal::StringV(_) => "string",
        SteelVal::IntV(_) | SteelVal::BigNum(_) => "integer",
        SteelVal::NumV(_) | SteelVal::Rational(_) | SteelVal::BigRational(_) | SteelVal::Complex(_) => {
            "number"
        }
        SteelVal::BoolV(_) => "boolean",
        SteelVal::SymbolV(_) => "symbol",
        SteelVal::CharV(_) => "character",
        SteelVal::ListV(_) => "list",
        SteelVal::Pair(_) => "pair",
        SteelVal::VectorV(_) | SteelVal::MutableVector(_) => "vector",
        SteelVal::HashMapV(_) => "hash",
        SteelVal::HashSetV(_) => "set",
        SteelVal::Void => "nothing",
        SteelVal::Closure(_) | SteelVal::FuncV(_) | SteelVal::BoxedFunction(_) | SteelVal::MutFunc(_) => {
            "procedure"
        }
        SteelVal::BuiltIn(_) | SteelVal::ContinuationFunction(_) => "procedure",
        other => return other_kind(other),
    };
    name.to_string()
}

fn other_kind(value: &SteelVal) -> String {
    if let Some(record) = Record::of(value) {
        return format!("`{}` record", record.type_name());
    }
    if custom::<StoreObject>(value).is_some() {
        return "store object".into();
    }
    if custom::<MixedText>(value).is_some() {
        return "text with store paths".into();
    }
    "value".into()
}

/// Whether a value stands for a record that could not be built.
pub fn is_poison(value: &SteelVal) -> bool {
    custom::<Poison>(value).is_some()
}

/// Whether a value is what stands in a thunked or delayed field.
pub fn is_lazy(value: &SteelVal) -> bool {
    matches!(value, SteelVal::CustomStruct(object) if object.name().resolve() == LAZY)
}
