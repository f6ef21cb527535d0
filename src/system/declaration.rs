//! From an evaluated declaration to derivations in the store.

use crate::build::{BuildError, Plan, Wanted};
use crate::eval::Evaluation;
use crate::store::{StoreAccess, StoreError, Text};

/// The outputs that the declaration lowers to.
pub fn wanted(evaluation: &Evaluation) -> Wanted {
    let mut wanted = Wanted::new();
    for root in &evaluation.roots {
        wanted.entry(root.drv.clone()).or_default().insert(root.output.clone());
    }
    wanted
}

/// Adds the texts and derivations of an evaluation to the store: all or none.
///
/// # Errors
/// The store cannot be written.
pub fn instantiate(store: &dyn StoreAccess, evaluation: &Evaluation) -> Result<Wanted, StoreError> {
    let texts = evaluation.texts.iter().map(|text| Text {
        name: text.name.clone(),
        contents: text.contents.clone(),
        references: text.references.clone(),
    });
    let derivations = evaluation.derivations.iter().map(|(path, derivation)| Text {
        name: path.name().to_string(),
        contents: derivation.to_aterm(),
        references: derivation.references(),
    });
    store.add_texts(texts.chain(derivations).collect())?;
    Ok(wanted(evaluation))
}

/// What would be built, without writing anything.
///
/// # Errors
/// The store cannot be read.
pub fn plan(store: &dyn StoreAccess, evaluation: &Evaluation) -> Result<Plan, BuildError> {
    Plan::new(store, &wanted(evaluation), |drv| match evaluation.derivations.get(drv) {
        Some(derivation) => Ok(derivation.clone()),
        None => Ok(store.derivation(drv)?),
    })
}
