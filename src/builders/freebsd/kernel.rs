//! `builtin:freebsd-kernel`: a kernel and its modules, built from source without a world.
//!
//! Environment: `source` (shown at [`super::SOURCE_DIR`]), `toolchain`, `target`, `targetArch`, `kernconf`,
//! `kernconfText`, `modules`, `srcConf`, `makeFlags`. Outputs: `out` with `boot/kernel`, `dev`, `debug`.

use super::{
    FreebsdError, kernconf,
    make::{Make, MakeError},
    outputs::write_installed,
    workplace,
};
use crate::builders::{Builder, BuilderContext, BuilderError};

/// See [`Builder::version`].
const VERSION: &str = "2";

/// The builder's row in the table.
pub(in crate::builders) const BUILDER: Builder = Builder { name: "freebsd-kernel", version: VERSION, run };

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let (tree, places) = workplace::prepare(context)?;
    let mut variables = kernconf::variables(
        &tree,
        context.required("target")?,
        context.required("kernconf")?,
        context.optional("kernconfText"),
        &places.scratch,
    )
    .map_err(FreebsdError::from)?;
    variables.extend(module_variables(context.required("modules")?));
    let make = Make::new(&tree, places.clone(), context)?;
    build(&make, &variables).map_err(FreebsdError::from)?;
    write_installed(&tree, &places, context)
}

fn build(make: &Make, variables: &[String]) -> Result<(), MakeError> {
    make.bootstrap()?;
    make.build("kernel-toolchain", &[])?;
    make.build("buildkernel", variables)?;
    make.install("installkernel", variables)
}

/// What tells make which modules to build: `none`, `all`, or their names as in `sys/modules`.
fn module_variables(modules: &str) -> Option<String> {
    match modules.trim() {
        "all" => None,
        "none" | "" => Some("NO_MODULES=yes".to_owned()),
        names => Some(format!("MODULES_OVERRIDE={}", names.split_whitespace().collect::<Vec<_>>().join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_none_all_or_named() {
        assert_eq!(module_variables("none").as_deref(), Some("NO_MODULES=yes"));
        assert_eq!(module_variables("all"), None);
        assert_eq!(module_variables(" nullfs  zfs").as_deref(), Some("MODULES_OVERRIDE=nullfs zfs"));
    }
}
