//! Whether what a derivation says of itself is what follows from it.
//!
//! A derivation names the paths of its outputs, and its builder fills them. Were they believed, a text that anyone may
//! add to the store could have its contents registered as those of any other item.

use crate::store_path::StorePath;

use super::{Derivation, DerivationError, Hashes};

impl Derivation {
    /// Takes note of the derivation that lies at `path`, once it is sure that its outputs are those that hashing gives.
    /// Its inputs must be known.
    pub fn check(&self, path: &StorePath, hashes: &mut Hashes) -> Result<(), DerivationError> {
        self.check_place(path)?;
        let name = Self::name_of(path);
        self.check_outputs(name)?;
        for (output, expected) in self.output_paths(name, hashes)? {
            let declared = self.outputs.get(&output).and_then(|declared| declared.path.as_ref());
            let told = self.env.get(&output);
            if declared != Some(&expected) || told != Some(&expected.to_string()) {
                return Err(DerivationError::WrongOutput { path: path.clone(), output, expected });
            }
        }
        hashes.insert(path, self)
    }

    /// Refuses a derivation that lies at a path that is not its own. As the path depends on all of it, a derivation
    /// that was checked once and still lies at its path has not changed.
    pub fn check_place(&self, path: &StorePath) -> Result<(), DerivationError> {
        let own = self.drv_path(Self::name_of(path))?;
        if own == *path { Ok(()) } else { Err(DerivationError::Misplaced { path: path.clone(), own }) }
    }
}
