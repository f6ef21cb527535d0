//! Reconfiguring another machine.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::output;
use crate::cli::size::{amount, mebibytes};
use crate::daemon::client::remote::{Address, Machine};
use crate::store::{Layout, PathInfo, StoreAccess, Workplace};
use crate::store_path::StorePath;
use crate::system::deploy::copy_closure;

/// Options that name another machine.
#[derive(Debug, clap::Args)]
pub struct Target {
    /// Make it the current generation of another machine: copy what its store lacks over SSH, as a user who may write
    /// that store, and switch there.
    #[arg(long, value_name = "ssh://[USER@]HOST[:PORT]", help_heading = "Target")]
    target: Option<Address>,
    /// The private key to log in with. Default: SSH's own choice.
    #[arg(long, value_name = "FILE", requires = "target", help_heading = "Target")]
    identity: Option<PathBuf>,
    /// What fruix is called on the target.
    #[arg(long, value_name = "PROGRAM", default_value = "fruix", value_parser = plain_word, help_heading = "Target")]
    target_program: String,
}

impl Target {
    /// The machine that is named.
    pub fn machine(&self) -> Option<Machine> {
        let address = self.target.clone()?;
        Some(Machine { address, identity: self.identity.clone(), program: self.target_program.clone() })
    }
}

/// The shell of the target reads it.
fn plain_word(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    match !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        true => Ok(text.to_owned()),
        false => Err("a name or path of letters, digits and `/._-+` is expected".to_owned()),
    }
}

/// Copies the system to the target, and has it made a generation there, with those of the `options` that are set.
pub fn reconfigure(
    store: &dyn StoreAccess,
    machine: &Machine,
    system: &StorePath,
    options: &[(&str, bool)],
) -> miette::Result<ExitCode> {
    let remote = machine.connect(Workplace::new(Layout::own()?))?;
    let mut tell = |info: &PathInfo| {
        output::note(format_args!("copying {} ({})", info.path.base_name(), mebibytes(info.nar_size)));
    };
    let copied = copy_closure(store, remote.client(), system, &mut tell)?;
    output::note(format_args!("copied {} to {}", amount(copied.items, copied.bytes), machine.address));
    let path = system.to_string();
    let mut arguments = vec!["system", "reconfigure", path.as_str()];
    arguments.extend(options.iter().filter(|(_, is_set)| *is_set).map(|(option, _)| option));
    // The connection stays meanwhile: what was copied is not garbage before it is a generation.
    let printed = machine.run(&arguments)?;
    drop(remote);
    output::stream(|out| std::io::Write::write_all(out, &printed))?;
    Ok(ExitCode::SUCCESS)
}
