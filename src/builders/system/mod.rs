//! Assembling a system closure: the builder `system`.
//!
//! It turns a [`Spec`] and the items that it names into the item that *is* the system:
//!
//! | path | what |
//! |---|---|
//! | `activate` | makes the system the current one; run by init before `/etc/rc` |
//! | `activation/` | what it reads: manifests of the root and of the set-id programs, accounts, paths of `/etc`, the steps of services |
//! | `boot/loader.conf`, `boot/assets` | settings by store path; the item with the loader and its scripts |
//! | `etc/` | the files behind the links of `/etc` |
//! | `kernel`, `world` | links to the items |
//! | `profile/` | programs and libraries, behind `/bin`, `/usr/bin`, … |
//! | `parameters.json` | what tools read of it: host name, label, kernel, init, loader settings |
//! | `services.json` | what defines each service, and how it is changed while the system runs |
//! | `metadata/provenance.json` | where everything came from |
//!
//! The result depends on the derivation alone. Accounts have no passwords and there are no keys in it: those
//! are made on the machine.

mod accounts;
mod activation;
mod error;
mod etc;
mod forest;
pub mod manifest;
mod profile;
pub mod provenance;
mod ready;
pub mod report;
mod root;
pub mod services;
mod settings;
pub mod spec;
mod special;
#[cfg(test)]
mod tests;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Serialize;
use serde_json::json;

pub use activation::SWITCH;
pub use error::SystemError;
use forest::{Forest, Node, Origin};
pub use settings::CLOSURE_SETTINGS;
use spec::Spec;

use super::{Builder, BuilderContext, BuilderError, freebsd::metalog::Metalog, phase};
use crate::hash::Sha256;

/// The builder's entry in the table.
pub(super) const BUILDER: Builder = Builder { name: "system", version: "9", run };

/// Version of the format of `parameters.json`.
pub const PARAMETERS_VERSION: u32 = 1;

/// Where the manifest of the root file system lies in a closure.
pub const ROOT_MANIFEST: &str = "activation/root.mtree";

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let text = context.required("spec")?;
    let spec = Spec::parse(text).map_err(SystemError::Spec)?;
    let assembly = Assembly {
        spec: &spec,
        declaration: Sha256::of(text),
        system: context.required("out")?,
        // In the sandbox the store lies where it says it lies.
        root: Path::new("/"),
    };
    phase("assemble");
    assembly.write(context.output("out")?)?;
    Ok(())
}

/// A setting of `loader.conf`: its name and its value.
type Setting = (String, String);

/// One system on its way to becoming an item.
struct Assembly<'a> {
    spec: &'a Spec,
    /// Of the specification as the derivation has it.
    declaration: Sha256,
    /// Store path of the closure.
    system: &'a str,
    /// What precedes store paths for this process.
    root: &'a Path,
}

impl Assembly<'_> {
    fn origin(&self, item: &str, below: &str) -> Origin {
        let logical = format!("{item}{below}");
        Origin { physical: self.root.join(logical.trim_start_matches('/')), logical }
    }

    fn write(&self, out: &Path) -> Result<(), SystemError> {
        self.check_items()?;
        let world = self.origin(&self.spec.world, "");
        let metalog = Metalog::of_item(&world.physical)?;
        let profile = profile::Profile::of(&world, &metalog)?;
        let has_program = |path: &str| world.physical.join(path.trim_start_matches('/')).exists();
        let accounts = accounts::Accounts::merge(&world.physical, self.spec, &has_program)?;
        let mut etc = etc::assemble(self.spec, &|path| self.physical(path))?;
        let services =
            services::of(self.spec, &etc.forest, &etc::rc_conf(self.spec), &|path| self.physical(path))?;
        etc.forest.replace(report::LIST, file(report::list(&services)))?;
        let mut root = root::manifest(self.spec, &profile.shared_paths(), &metalog, &accounts)?;

        let mut closure = Forest::default();
        special::add(&self.spec.special_files, &mut closure, &mut root)?;
        let loader = settings::closure_settings(self.spec, self.system)?;
        self.add_boot(&mut closure, &loader)?;
        self.add_metadata(&mut closure, &loader)?;
        closure.add(services::FILE, json_file(&services)?)?;
        self.add_activation(&mut closure)?;
        let mut data = |path: &str, contents: String| closure.add(path, file(contents));
        data("activation/copies.mtree", root.split_copies().text()?)?;
        data(ROOT_MANIFEST, root.text()?)?;
        data("activation/setuid.mtree", profile.setuid.text()?)?;
        data("activation/etc-directories", etc.directories.join("\n") + "\n")?;
        data("activation/etc-links", etc.links.join("\n") + "\n")?;
        data("activation/etc-copies", etc.copies.join("\n") + "\n")?;
        data("activation/accounts/passwd", accounts.users_text())?;
        data("activation/accounts/group", accounts.groups_text())?;
        data("activation/accounts/homes", accounts.homes_text())?;
        closure.write(out)?;
        profile.forest.write(&out.join("profile"))?;
        etc.forest.write(&out.join("etc"))
    }

    /// The script that makes the system the current one, and the steps of services that it runs.
    fn add_activation(&self, closure: &mut Forest) -> Result<(), SystemError> {
        let steps = activation::service_steps(self.spec)?;
        let contents = activation::script(&self.spec.world, self.system, &steps);
        closure.add("activate", Node::File { contents, executable: true })?;
        steps.into_iter().try_for_each(|step| closure.add(&step.path, file(step.script.to_owned() + "\n")))
    }

    /// The kernel, the world and the loader. `own`: what the closure itself says to the loader.
    fn add_boot(&self, closure: &mut Forest, own: &[Setting]) -> Result<(), SystemError> {
        let Spec { world, kernel, boot, loader, .. } = self.spec;
        closure.add("kernel", Node::Link(kernel.clone()))?;
        closure.add("world", Node::Link(world.clone()))?;
        closure.add("boot/assets", Node::Link(boot.clone()))?;
        let contents = settings::loader_conf(own, loader)?;
        closure.add("boot/loader.conf", file(contents))
    }

    /// `loader`: what the closure itself says to the loader.
    fn add_metadata(&self, closure: &mut Forest, loader: &[Setting]) -> Result<(), SystemError> {
        let spec = self.spec;
        let parameters = json!({
            "version": PARAMETERS_VERSION,
            "label": spec.label,
            "hostName": spec.host_name,
            "timezone": spec.timezone,
            "kernel": format!("{}/boot/kernel", spec.kernel),
            "world": spec.world,
            "boot": spec.boot,
            "init": format!("{}/sbin/init", spec.world),
            "loader": loader.iter().chain(&spec.loader).collect::<Vec<_>>(),
            "fileSystems": spec.file_systems,
            "services": spec.services.iter().map(|service| &service.name).collect::<Vec<_>>(),
        });
        closure.add("parameters.json", json_file(&parameters)?)?;
        let provenance = provenance::document(spec, &self.declaration, &|path| self.physical(path));
        closure.add(provenance::FILE, json_file(&provenance)?)
    }

    /// Whether the items have what a boot cannot do without.
    fn check_items(&self) -> Result<(), SystemError> {
        let Spec { world, kernel, boot, .. } = self.spec;
        let needed: [(&str, &'static str, &'static str); 5] = [
            (world, "sbin/init", "the world must hold what `make installworld` installs"),
            (
                world,
                "rescue/sh",
                "activation needs the static /rescue: do not build the world WITHOUT_RESCUE",
            ),
            (world, "etc/rc", "the world must hold what `make distribution` installs"),
            (kernel, "boot/kernel/kernel", "the kernel must hold what `make installkernel` installs"),
            (boot, "boot/loader.efi", "the boot assets must hold the UEFI loader"),
        ];
        for (item, missing, help) in needed {
            if fs::symlink_metadata(self.physical(item).join(missing)).is_err() {
                return Err(SystemError::Incomplete { item: item.to_owned(), missing, help });
            }
        }
        Ok(())
    }

    fn physical(&self, item: &str) -> PathBuf {
        self.origin(item, "").physical
    }
}

/// A file that is read.
fn file(contents: String) -> Node {
    Node::File { contents, executable: false }
}

/// A file that programs read.
fn json_file(value: &impl Serialize) -> Result<Node, SystemError> {
    Ok(file(serde_json::to_string_pretty(value).map_err(SystemError::Json)? + "\n"))
}
