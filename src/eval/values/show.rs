//! Values in messages. Only the beginning of one is looked at: it may be large, or contain itself.

use steel::SteelVal;
use steel::gc::ShareableMut;

use super::{Record, kind_of};
use crate::eval::reader::literal;

/// Longest rendering of a value in a message.
const SHOWN_CHARS: usize = 40;

/// A value in a message: its kind and, if that is short, itself.
pub fn describe(value: &SteelVal) -> String {
    match value {
        SteelVal::StringV(text) => format!("the string {}", show(value, SHOWN_CHARS.min(text.len() + 2))),
        SteelVal::BoolV(value) => if *value { "#t" } else { "#f" }.to_string(),
        SteelVal::Void => "nothing".into(),
        SteelVal::ListV(list) if list.is_empty() => "the empty list".into(),
        SteelVal::IntV(_)
        | SteelVal::NumV(_)
        | SteelVal::SymbolV(_)
        | SteelVal::ListV(_)
        | SteelVal::Pair(_) => {
            let mut shown = Shown::new(SHOWN_CHARS);
            shown.write(value);
            if shown.records {
                format!("a {} with records", kind_of(value))
            } else {
                format!("the {} {}", kind_of(value), shown.cut())
            }
        }
        _ => format!("a {}", kind_of(value)),
    }
}

/// A value as Scheme writes it, cut after so many characters.
pub fn show(value: &SteelVal, most: usize) -> String {
    let mut shown = Shown::new(most);
    shown.write(value);
    shown.cut()
}

struct Shown {
    text: String,
    /// How many characters are of use.
    most: usize,
    /// There are records in it.
    records: bool,
    depth: usize,
}

/// What is nested deeper is not shown. Each level takes a character, unless it is a box.
const MAX_DEPTH: usize = 50;

impl Shown {
    fn new(most: usize) -> Self {
        Self { text: String::new(), most, records: false, depth: 0 }
    }

    fn is_full(&self) -> bool {
        self.text.len() > self.most && self.text.chars().count() > self.most
    }

    fn cut(self) -> String {
        if self.text.chars().count() <= self.most {
            return self.text;
        }
        self.text.chars().take(self.most.saturating_sub(1)).chain(['…']).collect()
    }

    fn write(&mut self, value: &SteelVal) {
        if self.is_full() || self.depth > MAX_DEPTH {
            self.text.push('…');
            return;
        }
        self.depth += 1;
        match value {
            SteelVal::StringV(text) => {
                let start: String = text.chars().take(self.most + 1).collect();
                self.text += &literal(&start);
            }
            SteelVal::BoolV(value) => self.text += if *value { "#t" } else { "#f" },
            SteelVal::Void => self.text += "void",
            SteelVal::SymbolV(name) => self.text.extend(name.chars().take(self.most + 1)),
            // Things of Rust hold no values of Scheme.
            SteelVal::IntV(_)
            | SteelVal::NumV(_)
            | SteelVal::CharV(_)
            | SteelVal::Rational(_)
            | SteelVal::Custom(_) => self.text += &value.to_string(),
            SteelVal::ListV(list) => self.write_all("(", list.iter()),
            SteelVal::VectorV(vector) => self.write_all("#(", vector.iter()),
            SteelVal::MutableVector(vector) => {
                let items: Vec<SteelVal> = vector.get();
                self.write_all("#(", items.iter());
            }
            SteelVal::Pair(pair) => {
                self.text.push('(');
                self.write(&pair.car());
                self.text += " . ";
                self.write(&pair.cdr());
                self.text.push(')');
            }
            SteelVal::Boxed(inner) => {
                self.text += "#&";
                let inner = inner.read().clone();
                self.write(&inner);
            }
            SteelVal::HeapAllocated(inner) => {
                self.text += "#&";
                self.write(&inner.get());
            }
            other => match Record::of(other) {
                Some(record) => {
                    self.records = true;
                    self.text += &format!("({} …)", record.type_name());
                }
                None => self.text += &format!("#<{}>", kind_of(other)),
            },
        }
        self.depth -= 1;
    }

    fn write_all<'a>(&mut self, opening: &str, items: impl Iterator<Item = &'a SteelVal>) {
        self.text += opening;
        for (index, item) in items.enumerate() {
            if self.is_full() {
                return;
            }
            if index > 0 {
                self.text.push(' ');
            }
            self.write(item);
        }
        self.text.push(')');
    }
}

#[cfg(test)]
mod tests {
    use super::super::items;
    use super::*;

    fn list(items: Vec<SteelVal>) -> SteelVal {
        SteelVal::ListV(items.into())
    }

    #[test]
    fn values_are_shown_as_scheme_writes_them() {
        let symbol = SteelVal::SymbolV("a".into());
        let value = list(vec![symbol, SteelVal::StringV("b\"".into()), SteelVal::BoolV(true), list(vec![])]);
        assert_eq!(describe(&value), "the list (a \"b\\\"\" #t ())");
        assert_eq!(describe(&SteelVal::StringV("é\n".into())), "the string \"é\\n\"");
        let long: String = "x".repeat(1000);
        assert_eq!(show(&SteelVal::StringV(long.into()), 5), "\"xxx…");
    }

    #[test]
    fn only_the_beginning_of_a_large_value_is_looked_at() {
        let mut value = SteelVal::IntV(1);
        for _ in 0..60 {
            value = list(vec![value.clone(), value]);
        }
        let shown = describe(&value);
        assert!(shown.starts_with("the list (((") && shown.ends_with('…'), "{shown}");
        assert_eq!(items(&value).map(|items| items.len()), Some(2));
    }
}
