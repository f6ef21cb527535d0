//! The Rust side of record types and records.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use steel::SteelVal;
use steel::rvals::{Custom, CustomType, as_underlying_type};

use super::TypeSpec;
use crate::eval::host::Place;
use crate::eval::reader::Laziness;
use crate::eval::values;

/// A record type: its fields and what they may hold.
#[derive(Debug)]
pub struct RecordType {
    pub name: String,
    pub fields: Vec<Field>,
    /// Whether its records can become store objects, which is said after the type is made.
    buildable: AtomicBool,
}

#[derive(Debug)]
pub struct Field {
    pub name: String,
    pub spec: TypeSpec,
    /// The field has no default.
    pub required: bool,
    /// The field is not inherited.
    pub innate: bool,
    /// The field is evaluated when it is used.
    pub laziness: Option<Laziness>,
}

impl RecordType {
    /// Reads `name` and `((field "type" (flag …)) …)`, as [the reader](crate::eval::reader) writes them.
    pub fn read(name: &SteelVal, fields: &SteelVal) -> Option<Self> {
        let read_field = |field: &SteelVal| {
            let parts = values::items(field)?;
            let [name, spec, flags] = parts.as_slice() else { return None };
            let spec = TypeSpec::parse(values::text(spec)?).ok()?;
            let flags = values::items(flags)?;
            let has = |word: &str| flags.iter().any(|flag| values::symbol(flag) == Some(word));
            Some(Field {
                name: values::symbol(name)?.to_string(),
                spec,
                required: has("required"),
                innate: has("innate"),
                laziness: [Laziness::Thunked, Laziness::Delayed].into_iter().find(|lazy| has(lazy.word())),
            })
        };
        let fields = values::items(fields)?.iter().map(read_field).collect::<Option<_>>()?;
        let buildable = AtomicBool::new(false);
        Some(Self { name: values::symbol(name)?.to_string(), fields, buildable })
    }

    /// Says that records of the type can become store objects.
    pub fn mark_buildable(&self) {
        self.buildable.store(true, Ordering::Relaxed);
    }

    pub fn is_buildable(&self) -> bool {
        self.buildable.load(Ordering::Relaxed)
    }

    /// The index of a field.
    pub fn position(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == field)
    }
}

/// A record type as a Scheme value.
#[derive(Debug, Clone)]
pub struct TypeHandle(pub Arc<RecordType>);

impl Custom for TypeHandle {
    fn fmt(&self) -> Option<Result<String, std::fmt::Error>> {
        Some(Ok(format!("#<record-type {}>", self.0.name)))
    }

    fn equality_hint(&self, other: &dyn CustomType) -> bool {
        as_underlying_type::<Self>(other).is_some_and(|other| Arc::ptr_eq(&self.0, &other.0))
    }
}

/// Where a record was written. All origins are equal to Steel, so that equal records written in different places
/// are equal.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The constructor's name.
    pub head: Place,
    /// For each field that was given, here or in the record inherited from: the places of its name and its value.
    pub fields: Vec<Option<(Place, Place)>>,
}

impl Origin {
    /// Where the value of a field was written, or, if it was not, the record.
    pub fn value_place(&self, index: usize) -> Place {
        self.fields.get(index).copied().flatten().map_or(self.head, |(_, value)| value)
    }
}

impl Custom for Origin {}

/// What a constructor gives that has reported errors.
#[derive(Debug, Clone, Copy)]
pub struct Poison;

impl Custom for Poison {
    fn fmt(&self) -> Option<Result<String, std::fmt::Error>> {
        Some(Ok("#<erroneous record>".into()))
    }
}

/// What `this-record` is where no record can be seen.
#[derive(Debug, Clone, Copy)]
pub struct NoRecord;

impl Custom for NoRecord {
    fn fmt(&self) -> Option<Result<String, std::fmt::Error>> {
        Some(Ok("#<no record>".into()))
    }
}
