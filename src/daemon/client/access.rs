//! What everyone asks of a store, asked of the daemon.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use super::{Client, answer, off_topic, texts, told};
use crate::daemon::ConnectionError;
use crate::daemon::messages::{Answer, Request};
use crate::derivation::Derivation;
use crate::nar::NarError;
use crate::store::tree;
use crate::store::{Layout, PathInfo, Realisation, StoreAccess, StoreError, Temporary, Text, Upload};
use crate::store_path::StorePath;

/// How many items one question is about.
const PART: usize = 10_000;

impl StoreAccess for Client {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn own(&self) -> &Layout {
        self.workplace.layout()
    }

    fn hold(&self, paths: &[&StorePath]) -> Result<(), StoreError> {
        for part in paths.chunks(PART) {
            self.done(&Request::Hold { items: part.iter().copied().cloned().collect() })?;
        }
        Ok(())
    }

    fn register_root(&self, link: &Path) -> Result<(), StoreError> {
        self.done(&Request::AddRoot { link: link.to_owned() })
    }

    fn is_valid(&self, path: &StorePath) -> Result<bool, StoreError> {
        Ok(self.valid(std::slice::from_ref(path))?.contains(path))
    }

    fn is_whole(&self, path: &StorePath) -> Result<bool, StoreError> {
        match self.ask(&Request::Whole { item: path.clone() })? {
            Answer::Truth(truth) => Ok(truth),
            _ => off_topic(),
        }
    }

    fn path_info(&self, path: &StorePath) -> Result<PathInfo, StoreError> {
        match self.ask(&Request::Info { item: path.clone() })? {
            Answer::Info(info) => Ok(info),
            _ => off_topic(),
        }
    }

    fn closure(&self, paths: &[&StorePath]) -> Result<BTreeSet<StorePath>, StoreError> {
        let mut closure = BTreeSet::new();
        for part in paths.chunks(PART) {
            let items = part.iter().copied().cloned().collect();
            closure.extend(self.items(&Request::Closure { items })?);
        }
        Ok(closure)
    }

    fn referrers(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError> {
        self.items(&Request::Referrers { item: path.clone() })
    }

    fn realisation(&self, output: &StorePath) -> Result<Option<Realisation>, StoreError> {
        match self.ask(&Request::Realisation { output: output.clone() })? {
            Answer::Realisation(realisation) => Ok(realisation),
            _ => off_topic(),
        }
    }

    fn derivation(&self, path: &StorePath) -> Result<Derivation, StoreError> {
        // An item that is not valid is an error of the daemon's.
        self.derivations.read(&self.layout, path, |path| self.path_info(path).map(drop))
    }

    fn add_tree(&self, name: &str, path: &Path) -> Result<StorePath, StoreError> {
        let upload = Upload::new(self.own(), name, path)?;
        if let Some(path) = upload.known_path()? {
            self.hold(&[&path])?;
            if self.is_valid(&path)? {
                return Ok(path);
            }
        }
        self.upload(name, &upload)
    }

    fn add_texts(&self, texts: Vec<Text>) -> Result<(), StoreError> {
        let mut paths = Vec::new();
        for text in &texts {
            paths.push(text.path()?);
        }
        self.hold(&paths.iter().collect::<Vec<_>>())?;
        let valid = self.valid(&paths)?;
        let new = paths.into_iter().zip(texts).filter(|(path, _)| !valid.contains(path));
        for texts in texts::parts(new.collect())? {
            self.done(&Request::AddTexts { texts })?;
        }
        Ok(())
    }

    fn temporary(&self) -> Result<Temporary, StoreError> {
        self.workplace.temporary()
    }

    fn adopt_tree(&self, name: &str, place: &Path) -> Result<StorePath, StoreError> {
        self.upload(name, &Upload::new(self.own(), name, place)?)
    }
}

impl Client {
    /// Which of the items are valid.
    pub fn valid(&self, items: &[StorePath]) -> Result<BTreeSet<StorePath>, StoreError> {
        let mut valid = BTreeSet::new();
        for part in items.chunks(PART) {
            valid.extend(self.items(&Request::Valid { items: part.to_vec() })?);
        }
        Ok(valid)
    }

    /// Adds an item that was built elsewhere. Unless its path follows from its contents, that takes trust.
    pub fn add_item(&self, info: PathInfo, mut archive: impl Read) -> Result<(), StoreError> {
        self.send_item(info, |to| {
            std::io::copy(&mut archive, to).map(drop).map_err(|error| NarError::Write(error).into())
        })
    }

    /// Adds the item of another store that lies at `place`, as [`Client::add_item`] does.
    pub fn copy_item(&self, info: PathInfo, place: &Path) -> Result<(), StoreError> {
        self.send_item(info, |to| Ok(tree::dump(place, to)?))
    }

    fn send_item(
        &self,
        info: PathInfo,
        archive: impl FnOnce(&mut dyn std::io::Write) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self.send_data(&Request::AddItem { info }, archive)? {
            (Answer::Done, ()) => Ok(()),
            _ => off_topic(),
        }
    }

    fn upload(&self, name: &str, upload: &Upload) -> Result<StorePath, StoreError> {
        let request = Request::AddTree { name: name.to_owned() };
        match self.send_data(&request, |to| upload.send(to))? {
            (Answer::Item(path), expected) if path == expected => Ok(path),
            _ => off_topic(),
        }
    }

    /// Asks for something that takes data, which `send` writes.
    fn send_data<T>(
        &self,
        request: &Request,
        send: impl FnOnce(&mut dyn std::io::Write) -> Result<T, StoreError>,
    ) -> Result<(Answer, T), StoreError> {
        let mut wire = self.wire();
        wire.writer.send(request).map_err(|_| told(&ConnectionError::Gone))?;
        let mut data = wire.writer.data();
        match send(&mut data) {
            Ok(value) => {
                // Whoever takes no more says why.
                let finished = data.finish();
                let answer = answer(&mut wire)?;
                finished.map_err(|_| told(&ConnectionError::Gone))?;
                Ok((answer, value))
            }
            Err(StoreError::Nar(NarError::Write(_))) => {
                answer(&mut wire)?;
                Err(told(&ConnectionError::Gone))
            }
            Err(error) => {
                // What cannot be read here is not the daemon's fault, which says that it is.
                if data.break_off().is_ok() {
                    let _ = answer(&mut wire);
                }
                Err(error)
            }
        }
    }

    fn items(&self, request: &Request) -> Result<BTreeSet<StorePath>, StoreError> {
        match self.ask(request)? {
            Answer::Items(items) => Ok(items),
            _ => off_topic(),
        }
    }
}
