//! From a derivation without paths to one that can be built.

use std::collections::BTreeMap;

use crate::content_address::{fixed_output_path, output_path, text_path};
use crate::hash::Sha256;
use crate::store_path::{StorePath, check_name};

use super::{Derivation, DerivationError, Hashes};

impl Derivation {
    /// Gives every output its path, completes the environment as Nix's `derivation` does (`name`, `system`,
    /// `builder`, one variable per output, `outputs` where there are others than `out`, and `outputHash…` of
    /// a fixed output), and returns the path of the `.drv` file. The inputs must be in `hashes`; this
    /// derivation is added to them.
    pub fn instantiate(&mut self, name: &str, hashes: &mut Hashes) -> Result<StorePath, DerivationError> {
        self.check_outputs(name)?;
        self.complete_environment(name);
        for (output, path) in self.output_paths(name, hashes)? {
            self.set_output_path(&output, path);
        }
        let path = self.drv_path(name)?;
        hashes.insert(&path, self)?;
        Ok(path)
    }

    /// The path of the `.drv` file of this derivation, as it stands.
    pub fn drv_path(&self, name: &str) -> Result<StorePath, DerivationError> {
        let contents = Sha256::of(self.to_aterm());
        Ok(text_path(&format!("{name}.drv"), &contents, &self.references())?)
    }

    /// Where each output lies, whatever the derivation says.
    pub(super) fn output_paths(
        &self,
        name: &str,
        hashes: &Hashes,
    ) -> Result<BTreeMap<String, StorePath>, DerivationError> {
        if let Some(fixed) = self.fixed_output() {
            let path = fixed_output_path(name, fixed.method, &fixed.digest)?;
            return Ok(BTreeMap::from([("out".to_owned(), path)]));
        }
        let modulo = hashes.digest(name, self, true)?;
        let paths =
            self.outputs.keys().map(|output| Ok((output.clone(), output_path(name, output, &modulo)?)));
        paths.collect()
    }

    pub(super) fn check_outputs(&self, name: &str) -> Result<(), DerivationError> {
        let name = || name.to_owned();
        if self.outputs.is_empty() {
            return Err(DerivationError::NoOutput { name: name() });
        }
        for (output, declared) in &self.outputs {
            if check_name(output).is_err() || output == "drv" {
                return Err(DerivationError::BadOutputName { name: name(), output: output.clone() });
            }
            if declared.fixed.is_some() && self.fixed_output().is_none() {
                return Err(DerivationError::FixedAmongOthers { name: name() });
            }
        }
        Ok(())
    }

    fn complete_environment(&mut self, name: &str) {
        self.env.insert("name".into(), name.into());
        self.env.insert("system".into(), self.system.clone());
        self.env.insert("builder".into(), self.builder.clone());
        let names: Vec<&str> = self.outputs.keys().map(String::as_str).collect();
        if names != ["out"] {
            self.env.entry("outputs".into()).or_insert_with(|| names.join(" "));
        }
        if let Some(fixed) = self.fixed_output().copied() {
            let mode = if fixed.method.prefix().is_empty() { "flat" } else { "recursive" };
            self.env.insert("outputHash".into(), fixed.digest.hex());
            self.env.insert("outputHashAlgo".into(), "sha256".into());
            self.env.insert("outputHashMode".into(), mode.into());
        }
        for output in self.outputs.keys() {
            self.env.insert(output.clone(), String::new());
        }
    }

    pub(super) fn set_output_path(&mut self, output: &str, path: StorePath) {
        self.env.insert(output.to_owned(), path.to_string());
        self.outputs.entry(output.to_owned()).or_default().path = Some(path);
    }
}
