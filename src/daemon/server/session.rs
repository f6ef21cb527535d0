//! One connection, from its greeting to its end.

use std::collections::BTreeSet;
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use miette::Diagnostic;

use super::Shared;
use super::realise::{self, Building};
use super::trust::{Standing, Visitor};
use crate::build::BuildError;
use crate::daemon::messages::{Answer, Choices, MAX_REQUEST, Request, Welcome};
use crate::daemon::wire::{Reader, Wire};
use crate::derivation::Derivation;
use crate::store::{PathInfo, Settings, Store, StoreError, Text};
use crate::store_path::StorePath;
use crate::util::report::Report;

/// How long a client may take to say that it is one.
const GREETING_TIME: Duration = Duration::from_secs(10);

/// How much of refused data is read, so that the connection can go on.
const SKIP: u64 = 64 << 20;

/// A client and what it may do.
pub(super) struct Session<'a> {
    pub shared: &'a Shared,
    pub visitor: Visitor,
    /// Its own: what it asked for is not collected while it is there.
    pub store: Store,
}

/// The client has gone, or what it sends next could not be understood.
pub struct Over;

/// Serves a connection until its client goes. What goes wrong is told to the client alone.
pub fn serve(shared: &Shared, stream: UnixStream, visitor: Visitor) {
    let Ok(mut wire) = Wire::new(stream) else { return };
    if let Err(error) = wire.greet(GREETING_TIME) {
        tracing::debug!("a connection ends at its greeting: {error}");
        return;
    }
    let welcome = match Store::open(shared.layout.clone()) {
        Ok(store) => {
            let (root, trusted) = (shared.layout.root().to_owned(), visitor.standing == Standing::Trusted);
            Ok((Session { shared, visitor, store }, Welcome::Welcome { root, trusted }))
        }
        Err(error) => {
            tracing::error!("cannot serve anybody: {error}");
            Err(Welcome::Refused(Report::of(&error)))
        }
    };
    match welcome {
        Ok((mut session, welcome)) if wire.writer.send(&welcome).is_ok() => {
            let Err(Over) = session.run(&mut wire);
        }
        Ok(_) => {}
        // Whoever has gone needs no answer.
        Err(refusal) => drop(wire.writer.send(&refusal)),
    }
}

impl Session<'_> {
    /// Answers one request after the other.
    fn run(&mut self, wire: &mut Wire) -> Result<std::convert::Infallible, Over> {
        loop {
            match wire.reader.receive(MAX_REQUEST) {
                Ok(Some(request)) => self.answer(request, wire)?,
                Ok(None) => return Err(Over),
                Err(error) => {
                    let refusal = Report::new(
                        format!("the daemon does not understand what it is asked: {error}"),
                        "see that both are the same fruix",
                    );
                    let _ = wire.writer.send(&Answer::Failed(refusal));
                    return Err(Over);
                }
            }
        }
    }

    fn answer(&mut self, request: Request, wire: &mut Wire) -> Result<(), Over> {
        let answer = match request {
            Request::Override { settings } => {
                answered(self.override_settings(&settings).map(|()| Answer::Done))
            }
            Request::Valid { items } => answered(self.valid(items).map(Answer::Items)),
            Request::Hold { items } => answered(self.store.hold(&items).map(|()| Answer::Done)),
            Request::AddRoot { link } => answered(self.add_root(&link).map(|()| Answer::Done)),
            Request::Whole { item } => answered(self.store.is_whole(&item).map(Answer::Truth)),
            Request::Info { item } => answered(self.store.path_info(&item).map(Answer::Info)),
            Request::Closure { items } => answered(self.store.closure(&items).map(Answer::Items)),
            Request::Referrers { item } => answered(self.store.referrers(&item).map(Answer::Items)),
            Request::Realisation { output } => {
                answered(self.store.realisation(&output).map(Answer::Realisation))
            }
            Request::AddTexts { texts } => answered(self.add_texts(texts).map(|()| Answer::Done)),
            Request::AddTree { name } => {
                let add = |data: &mut dyn Read| self.store.add_archive(&name, data).map(Answer::Item);
                return self.take_data(wire, |data| add(data).map_err(|error| Report::of(&error)));
            }
            Request::AddItem { info } => {
                return self.take_data(wire, |data| self.add_item(info, data).map(|()| Answer::Done));
            }
            Request::Realise { wanted, choices } => {
                self.build(&choices, wire, |building| building.realise(&wanted).map(Answer::Built))?
            }
            Request::Check { drvs, choices } => {
                self.build(&choices, wire, |building| building.check(&drvs).map(|()| Answer::Done))?
            }
            // What it was to stop was over before it came.
            Request::Cancel => return Ok(()),
            upkeep => self.look_after(upkeep, wire)?,
        };
        wire.writer.send(&answer).map_err(|_| Over)
    }

    fn build(
        &self,
        choices: &Choices,
        wire: &mut Wire,
        work: impl FnOnce(&Building<'_>) -> Result<Answer, BuildError>,
    ) -> Result<Answer, Over> {
        realise::serve((self.shared, self.visitor, &self.store), choices, wire, work)
    }

    fn valid(&self, items: Vec<StorePath>) -> Result<BTreeSet<StorePath>, StoreError> {
        let mut valid = BTreeSet::new();
        for item in items {
            if self.store.is_valid(&item)? {
                valid.insert(item);
            }
        }
        Ok(valid)
    }

    /// Has settings count for this connection, if the user may say so and they are not the daemon's own.
    fn override_settings(&mut self, settings: &[(String, String)]) -> Result<(), StoreError> {
        self.visitor.require_trust("the settings of a daemon are overridden", "leave out --option")?;
        let mut new = self.store.settings().clone();
        for (name, value) in settings {
            new.set(name, value)?;
            if !Settings::is_of_a_command(name) {
                let report = Report::new(
                    format!("`{name}` is about the daemon as a whole, and not one command's to override"),
                    "leave out the --option; or have the operator change /frx/etc/fruix.conf",
                );
                return Err(report.into());
            }
        }
        self.store.set_settings(new);
        Ok(())
    }

    /// Adds texts; what is called a derivation has to be one.
    fn add_texts(&self, texts: Vec<Text>) -> Result<(), StoreError> {
        for text in &texts {
            let path = text.path()?;
            if path.is_derivation() {
                let derivation = Derivation::parse(&text.contents)
                    .map_err(|error| StoreError::NotDerivation { path: path.clone(), error })?;
                derivation.check_place(&path)?;
            }
        }
        self.store.add_texts(texts)
    }

    /// An item whose path does not follow from its contents is whatever its sender says it is.
    fn add_item(&self, info: PathInfo, data: &mut dyn Read) -> Result<(), Report> {
        if info.content_address.is_none() {
            let what = format!("it is believed what `{}` was built from", info.path);
            self.visitor.require_trust(&what, "build it here")?;
        }
        self.store.add_item(info, data).map_err(|error| Report::of(&error))
    }

    /// Has `add` read what follows. What it leaves, because it refuses what it saw, is skipped: so the next message is
    /// understood.
    fn take_data(
        &self,
        wire: &mut Wire,
        add: impl FnOnce(&mut dyn Read) -> Result<Answer, Report>,
    ) -> Result<(), Over> {
        let Wire { reader, writer } = wire;
        let mut data = Reader::data(reader, self.shared.settings().max_add_size);
        let answer = add(&mut data);
        let goes_on = data.skip(SKIP);
        writer.send(&answer.unwrap_or_else(Answer::Failed)).map_err(|_| Over)?;
        if goes_on { Ok(()) } else { Err(Over) }
    }
}

/// An error is an answer too.
pub fn answered<E: Diagnostic>(result: Result<Answer, E>) -> Answer {
    result.unwrap_or_else(|error| Answer::Failed(Report::of(&error)))
}
