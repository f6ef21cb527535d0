//! `fruix system image`: the image, and beside it the records of how its parts came to be.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::System;
use crate::builders::image::{Format, output::check as check_output};
use crate::cli::args::Global;
use crate::cli::size::Size;
use crate::cli::{context, output};
use crate::signature::SecretKey;
use crate::store::Layout;
use crate::sys::interrupt;
use crate::system::image::{self, Parameters};
use crate::system::keys;
use crate::system::realisations::{Declaration, Writer};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    system: System,
    /// Where to write the image; the file that is there is replaced once the new one is complete.
    ///
    /// Default: the image is kept among Fruix's caches, where nobody may write to it, and its path printed.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What kind of file holds the disk: raw, qcow2 (QEMU), vhd (the dynamic one of XCP-ng and Xen) or vmdk
    /// (VMware, VirtualBox). Default: what the name of FILE ends in, else raw.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// The size of the disk, such as `4G` (K, M, G, T are powers of 1024). Default: what the closure needs, with free
    /// space.
    #[arg(long, value_name = "SIZE")]
    size: Option<Size>,
    /// Sign the records of how it came to be, which lie beside it, with the secret key in this file: see
    /// `fruix key generate`. Default: the setting `signing-key`; without that, nothing is signed.
    #[arg(long, value_name = "FILE")]
    sign_with: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let Some(store) = args.system.store_to_build_in(global, args.json)? else { return Ok(ExitCode::SUCCESS) };
    if let Some(output) = &args.output {
        // A build may take an hour.
        check_output(output)?;
    }
    let key = args.key(global, store.layout())?;
    let system = args.system.realise_for_image(&store)?;
    let closure = super::closure(store.as_ref(), &system)?;
    let _watch = interrupt::watch()?;
    let parameters = Parameters { size: args.size.map(Size::bytes), format: args.format() };
    let path = match &args.output {
        Some(output) => {
            image::write(&closure, parameters, output, &interrupt::requested)?;
            output.clone()
        }
        None => {
            let images = store.own().cache_dir().join("images");
            image::cached(&closure, parameters, &images, &interrupt::requested)?
        }
    };
    let declaration = Declaration::of(&args.system.config);
    let records = Writer { store: store.as_ref(), system: &system, declaration, key: key.as_ref() }
        .write_beside(&path, parameters.format)?;
    if args.json {
        output::line(
            json!({ "image": path, "format": parameters.format.name(), "realisations": records, "system": system.to_string() }),
        )?;
    } else {
        output::line(path.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Args {
    /// What signs, if anything does.
    fn key(&self, global: &Global, layout: &Layout) -> miette::Result<Option<SecretKey>> {
        let file = match &self.sign_with {
            Some(file) => Some(file.clone()),
            None => context::settings(global, layout)?.signing_key,
        };
        Ok(file.map(|file| keys::secret(&file)).transpose()?)
    }

    fn format(&self) -> Format {
        let promised = || self.output.as_deref().and_then(Format::of_name);
        self.format.or_else(promised).unwrap_or_default()
    }
}
