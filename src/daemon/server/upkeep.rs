//! Looking after the store for a client.
//!
//! Garbage is nobody's: whoever may use the store may have it deleted, and look for damage. What others keep is theirs to
//! know: of a root that is another user's, it is only told that there is one. To mend what is damaged, and to delete
//! generations of the system, takes trust.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::attention::while_listening;
use super::session::{Over, Session, answered};
use super::trust::Standing;
use crate::build::Cancellation;
use crate::daemon::messages::{Answer, Request};
use crate::daemon::wire::{Wire, Writer};
use crate::store::gc::{Chain, Collected, Origin, Root};
use crate::store::{Examination, Layout, Store, StoreError, Upkeep};
use crate::store_path::StorePath;
use crate::sys::interrupt;
use crate::util::report::Report;

/// The longest path of a link.
const MAX_LINK: usize = 4095;

impl Session<'_> {
    /// Does what may take long, until the client stops it or goes.
    pub fn look_after(&self, request: Request, wire: &mut Wire) -> Result<Answer, Over> {
        let switch = Cancellation::default();
        let Wire { reader, writer } = wire;
        let work = || self.do_upkeep(request, &switch, writer);
        while_listening(self.shared, reader, &switch, work).map(answered)
    }

    fn do_upkeep(
        &self,
        request: Request,
        switch: &Cancellation,
        writer: &mut Writer,
    ) -> Result<Answer, StoreError> {
        match request {
            Request::Collect { max_freed } => {
                let store = self.keeper(Store::open_to_collect, switch)?;
                let collected = Upkeep::collect(&store, max_freed)?;
                Ok(Answer::Collected(self.shown_collected(collected)))
            }
            Request::Delete { items } => {
                let deleted = self.delete(&self.keeper(Store::open_to_collect, switch)?, &items)?;
                Ok(Answer::Collected(deleted))
            }
            Request::DeleteGenerations { numbers } => {
                self.visitor.require_trust(
                    "generations of the system are deleted",
                    "leave out --delete-generations",
                )?;
                self.store.delete_generations(&numbers).map(|()| Answer::Done)
            }
            Request::Roots { without } => {
                let roots = self.keeper(Store::open, switch)?.roots(&without)?;
                Ok(Answer::Roots(self.shown_roots(roots)))
            }
            Request::Live { without } => self.keeper(Store::open, switch)?.live(&without).map(Answer::Sizes),
            Request::Dead { without } => self.keeper(Store::open, switch)?.dead(&without).map(Answer::Sizes),
            Request::Spares => Upkeep::spares(&self.keeper(Store::open, switch)?).map(Answer::Spares),
            Request::WhyLive { item } => {
                Ok(Answer::Chain(self.why_live(&self.keeper(Store::open, switch)?, &item)?))
            }
            Request::Examine { examination } => self.examine(&examination, switch, writer),
            Request::Optimise => self.keeper(Store::open, switch)?.optimise().map(Answer::Optimised),
            // Answered elsewhere.
            _ => Err(Report::new("this is no upkeep", "see that both are the same fruix").into()),
        }
    }

    /// The store once more, for work that ends when the client goes, or the daemon does. What the client holds, it does not.
    fn keeper(
        &self,
        open: fn(Layout) -> Result<Store, StoreError>,
        switch: &Cancellation,
    ) -> Result<Store, StoreError> {
        let switch = switch.clone();
        let store = open(self.shared.layout.clone())?.with_settings(self.store.settings().clone());
        Ok(store.interruptible(move || switch.is_cancelled() || interrupt::requested()))
    }

    fn examine(
        &self,
        examination: &Examination,
        switch: &Cancellation,
        writer: &mut Writer,
    ) -> Result<Answer, StoreError> {
        if examination.repair {
            self.visitor.require_trust("what is damaged is mended", "leave out --repair")?;
        }
        let mut tell = |finding| {
            // Whoever takes no news has gone.
            if writer.send(&Answer::Finding(finding)).is_err() {
                switch.cancel();
            }
        };
        self.keeper(Store::open, switch)?.examine(examination, &mut tell).map(Answer::Examined)
    }

    fn delete(&self, store: &Store, items: &BTreeSet<StorePath>) -> Result<Collected, StoreError> {
        match Upkeep::delete(store, items) {
            Err(StoreError::Live { path, .. }) => {
                let chain = self.why_live(store, &path)?.map(|chain| chain.to_string());
                let chain = chain.unwrap_or_else(|| "something needed it just now".to_owned());
                Err(StoreError::Live { path, chain })
            }
            deleted => deleted,
        }
    }

    fn why_live(&self, store: &Store, item: &StorePath) -> Result<Option<Chain>, StoreError> {
        let chain = Upkeep::why_live(store, item)?;
        Ok(chain.map(|chain| Chain { root: self.shown(chain.root), ..chain }))
    }

    /// Where links of other users lay is not everybody's business.
    fn shown_collected(&self, collected: Collected) -> Collected {
        match self.visitor.standing {
            Standing::Trusted => collected,
            _ => Collected { stale_roots: Vec::new(), ..collected },
        }
    }

    fn shown_roots(&self, roots: Vec<Root>) -> Vec<Root> {
        roots.into_iter().map(|root| Root { origin: self.shown(root.origin), ..root }).collect()
    }

    /// What the user may know of a root: all of one that is the user's own, or lies where everybody can look.
    fn shown(&self, origin: Origin) -> Origin {
        let layout = &self.shared.layout;
        let is_known = match &origin {
            _ if self.visitor.standing == Standing::Trusted => true,
            Origin::Link { link } => {
                let is_public = link.starts_with(layout.var_dir()) || layout.system_links().contains(link);
                is_public || self.owns(link)
            }
            Origin::New | Origin::Foreign => true,
            Origin::Session { .. } | Origin::Process { .. } => false,
        };
        if is_known { origin } else { Origin::Foreign }
    }

    /// Has a link keep what it leads to. It has to be the user's own and lead to an item, under the one name that the
    /// kernel has for it; else anybody could have a daemon look, again and again, at places that are not theirs.
    pub fn add_root(&self, link: &Path) -> Result<(), StoreError> {
        let is_plain = link.is_absolute() && link.as_os_str().len() <= MAX_LINK;
        if !is_plain || !is_canonical(link) || !self.owns(link) || self.item_at(link).is_none() {
            let report = Report::new(
                format!("`{}` is no link of yours to an item of the store", link.display()),
                "a link that keeps an item has to be that user's, in a directory that the daemon can enter",
            );
            return Err(report.into());
        }
        self.store.register_root(link)
    }

    /// Whether the user made the link; who is trusted may speak for others.
    fn owns(&self, link: &Path) -> bool {
        fs::symlink_metadata(link).is_ok_and(|status| {
            let is_own = status.uid() == self.visitor.peer.uid;
            status.is_symlink() && (is_own || self.visitor.standing == Standing::Trusted)
        })
    }

    /// The item that a link names.
    fn item_at(&self, link: &Path) -> Option<StorePath> {
        self.shared.layout.item_of(&fs::read_link(link).ok()?)
    }
}

/// Whether no part of a path is a link, or stands for another, but for the last.
fn is_canonical(link: &Path) -> bool {
    let resolve = |link: &Path| -> Option<PathBuf> {
        Some(link.parent()?.canonicalize().ok()?.join(link.file_name()?))
    };
    resolve(link).is_some_and(|resolved| resolved.as_os_str() == link.as_os_str())
}
