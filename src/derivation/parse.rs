//! Reading a derivation from its ATerm.

use std::collections::{BTreeMap, BTreeSet};

use miette::Diagnostic;
use thiserror::Error;

use crate::content_address::Method;
use crate::hash::Sha256;
use crate::store_path::{StorePath, check_name};

use super::{Derivation, FixedOutput, Output};

/// Why a text is no derivation.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("not a derivation: at byte {offset}, {problem}")]
#[diagnostic(help("the file was damaged, or was not written by Fruix or Nix"))]
pub struct ParseError {
    /// Where reading stopped, in bytes from the start.
    pub offset: usize,
    pub problem: String,
}

impl Derivation {
    /// Reads what [`Derivation::to_aterm`] wrote, and nothing else: two texts are never one derivation.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut reader = Reader { text, offset: 0 };
        let derivation = reader.derivation()?;
        match reader.rest() {
            "" if derivation.to_aterm() != text => Err(ParseError {
                offset: 0,
                problem: "it is not written in the one way that derivations are".to_owned(),
            }),
            "" => Ok(derivation),
            _ => Err(reader.problem("there is more after the end")),
        }
    }
}

/// A position in the text.
struct Reader<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.offset..]
    }

    fn problem(&self, problem: impl Into<String>) -> ParseError {
        ParseError { offset: self.offset, problem: problem.into() }
    }

    fn expect(&mut self, token: &str) -> Result<(), ParseError> {
        if !self.rest().starts_with(token) {
            return Err(self.problem(format!("`{token}` was expected")));
        }
        self.offset += token.len();
        Ok(())
    }

    fn derivation(&mut self) -> Result<Derivation, ParseError> {
        self.expect("Derive(")?;
        let outputs = self.pairs(Self::output)?;
        self.expect(",")?;
        let input_drvs = self.pairs(Self::input)?;
        self.expect(",")?;
        let input_srcs: BTreeSet<_> = self.list(Self::path)?.into_iter().collect();
        self.expect(",")?;
        let system = self.string()?;
        self.expect(",")?;
        let builder = self.string()?;
        self.expect(",")?;
        let args = self.list(Self::string)?;
        self.expect(",")?;
        let env = self.pairs(Self::variable)?;
        self.expect(")")?;
        Ok(Derivation { outputs, input_drvs, input_srcs, system, builder, args, env })
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, ParseError>) -> Result<Vec<T>, ParseError> {
        self.expect("[")?;
        let mut items = Vec::new();
        while !self.rest().starts_with(']') {
            if !items.is_empty() {
                self.expect(",")?;
            }
            items.push(item(self)?);
        }
        self.expect("]")?;
        Ok(items)
    }

    fn pairs<K: Ord, V>(
        &mut self,
        pair: impl Fn(&mut Self) -> Result<(K, V), ParseError>,
    ) -> Result<BTreeMap<K, V>, ParseError> {
        Ok(self.list(pair)?.into_iter().collect())
    }

    fn output(&mut self) -> Result<(String, Output), ParseError> {
        self.expect("(")?;
        let name = self.string()?;
        if check_name(&name).is_err() {
            return Err(self.problem(format!("an output cannot be called `{name}`")));
        }
        self.expect(",")?;
        let path = if self.rest().starts_with("\"\"") {
            self.string()?;
            None
        } else {
            Some(self.path()?)
        };
        self.expect(",")?;
        let algorithm = self.string()?;
        self.expect(",")?;
        let digest = self.string()?;
        let fixed = self.fixed_output(&algorithm, &digest)?;
        self.expect(")")?;
        Ok((name, Output { path, fixed }))
    }

    fn fixed_output(&self, algorithm: &str, digest: &str) -> Result<Option<FixedOutput>, ParseError> {
        let method = match algorithm {
            "" if digest.is_empty() => return Ok(None),
            "sha256" => Method::Flat,
            "r:sha256" => Method::Recursive,
            other => return Err(self.problem(format!("the hash algorithm `{other}` is not supported"))),
        };
        let digest = Sha256::parse(digest).map_err(|error| self.problem(error.to_string()))?;
        Ok(Some(FixedOutput { method, digest }))
    }

    fn input(&mut self) -> Result<(StorePath, BTreeSet<String>), ParseError> {
        self.expect("(")?;
        let path = self.path()?;
        self.expect(",")?;
        let outputs = self.list(Self::string)?.into_iter().collect();
        self.expect(")")?;
        Ok((path, outputs))
    }

    fn variable(&mut self) -> Result<(String, String), ParseError> {
        self.expect("(")?;
        let name = self.string()?;
        self.expect(",")?;
        let value = self.string()?;
        self.expect(")")?;
        Ok((name, value))
    }

    fn path(&mut self) -> Result<StorePath, ParseError> {
        let start = self.offset;
        let text = self.string()?;
        StorePath::from_absolute(&text)
            .map_err(|error| ParseError { offset: start, problem: error.to_string() })
    }

    fn string(&mut self) -> Result<String, ParseError> {
        self.expect("\"")?;
        let mut value = String::new();
        loop {
            let rest = self.rest();
            let Some(plain) = rest.find(['"', '\\']) else {
                return Err(self.problem("a string does not end"));
            };
            value.push_str(&rest[..plain]);
            self.offset += plain + 1;
            if rest.as_bytes()[plain] == b'"' {
                return Ok(value);
            }
            let Some(escaped) = self.rest().chars().next() else {
                return Err(self.problem("a string does not end"));
            };
            value.push(match escaped {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            });
            self.offset += escaped.len_utf8();
        }
    }
}
