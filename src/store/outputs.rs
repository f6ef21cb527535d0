//! The outputs of a build on their way into the store, in two steps: [`Store::seal`] looks at what the builder
//! made, and [`Store::commit`] makes it valid, so that the caller can check hashes and references in between.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;

use crate::content_address::{ContentAddress, Method};
use crate::hash::Hasher;
use crate::reference_scan::ReferenceScanner;
use crate::store_path::StorePath;
use crate::util::fs::exists;

use super::path_info::now;
use super::publish::Finished;
use super::tree::{self, Contents, Tree};
use super::{PathInfo, Realisation, Store, StoreError};

/// The outputs of one build, as the builder left them.
#[derive(Debug, Clone, Default)]
pub struct SealRequest {
    /// Where each output lies now: on the file system of the store, and out of reach of any running process.
    pub outputs: BTreeMap<StorePath, PathBuf>,
    /// What they may refer to: the closure of the inputs. The outputs themselves are looked for in any case.
    pub candidates: BTreeSet<StorePath>,
    /// What was built.
    pub deriver: Option<StorePath>,
    /// By which contents a fixed output got its path, so that it is registered as what it is.
    pub fixed: Option<(Method, crate::hash::Sha256)>,
}

/// Outputs that are canonical, hashed and scanned, and not yet valid.
#[derive(Debug)]
pub struct Sealed {
    items: Vec<Finished>,
}

impl Sealed {
    /// What will be registered about each output.
    pub fn infos(&self) -> impl Iterator<Item = &PathInfo> {
        self.items.iter().map(|item| &item.info)
    }
}

impl Store {
    /// Makes the outputs of a build canonical where they lie, hashes them and finds their references.
    pub fn seal(&self, request: SealRequest) -> Result<Sealed, StoreError> {
        let mut candidates = request.candidates;
        candidates.extend(request.outputs.keys().cloned());
        let mut items = Vec::new();
        for (path, place) in request.outputs {
            if !exists(&place)? {
                return Err(StoreError::OutputMissing { path, place });
            }
            Tree::walk(&place)?.make_canonical()?;
            let mut sink = HashAndScan {
                hasher: Hasher::new(),
                scanner: ReferenceScanner::new(candidates.iter().cloned()),
            };
            // Not as it was walked: modes have changed, and linked files may have become files of their own.
            tree::dump(&place, &mut sink)?;
            let Contents { nar_hash, nar_size } = Contents::of(sink.hasher);
            let info = PathInfo {
                path,
                nar_size,
                nar_hash,
                references: sink.scanner.finish(),
                deriver: request.deriver.clone(),
                content_address: request.fixed.map(|(method, digest)| ContentAddress::Fixed(method, digest)),
                registration_time: now(),
            };
            items.push(Finished { info, place });
        }
        Ok(Sealed { items })
    }

    /// Makes sealed outputs valid, in one transaction with the records of how they came to be. The caller holds
    /// the locks of their paths (see [`Store::lock_path`]).
    pub fn commit(&self, sealed: Sealed, records: &[Realisation]) -> Result<Vec<PathInfo>, StoreError> {
        let infos = sealed.infos().cloned().collect();
        self.publish(sealed.items, records)?;
        Ok(infos)
    }
}

/// Takes the archive of an output once, for both purposes.
struct HashAndScan {
    hasher: Hasher,
    scanner: ReferenceScanner,
}

impl Write for HashAndScan {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.hasher.update(data);
        self.scanner.update(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
