//! Trees that are removed while other work goes on.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::store::session::Temporary;
use crate::util::crew;

/// How many trees may wait. On a full disk, what is removed is the room for what comes next.
const QUEUE: usize = 64;

/// Takes trees that nobody knows by their names any more.
pub struct Trash {
    /// To those who remove them, if there are any.
    sender: Option<SyncSender<Temporary>>,
}

impl Trash {
    /// Does some work, and returns when all that was thrown away meanwhile is gone.
    pub fn while_open<T>(work: impl FnOnce(&Trash) -> T) -> T {
        let (sender, receiver) = mpsc::sync_channel(QUEUE);
        let receiver = Mutex::new(receiver);
        thread::scope(|scope| {
            let hired = crew::hire(scope, crew::MEMBERS, || empty(&receiver));
            // What is sent to nobody would wait for ever.
            let trash = Trash { sender: (hired > 0).then_some(sender) };
            work(&trash)
        })
    }

    /// Throws trees away; waits where too many do.
    pub fn take(&self, trees: Vec<Temporary>) {
        for tree in trees {
            // If no one takes it, it is removed here: when its value is dropped.
            if let Some(sender) = &self.sender {
                drop(sender.send(tree));
            }
        }
    }
}

/// Removes one after the other, until no more can come. A tree is removed when its value is dropped.
fn empty(receiver: &Mutex<Receiver<Temporary>>) {
    loop {
        let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(tree) => drop(tree),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::Layout;
    use crate::store::session::Session;
    use crate::util::threads::alone;

    #[test]
    fn all_that_is_thrown_away_is_gone_at_the_end_whoever_removes_it() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(root.path()).unwrap();
        fs::create_dir_all(layout.store_dir()).unwrap();
        let session = Session::begin(&layout).unwrap();
        let throw_away = || {
            // More than may wait.
            let trees: Vec<_> = (0..2 * QUEUE).map(|_| session.temporary()).collect();
            let paths: Vec<_> = trees.iter().map(|tree| tree.path().to_owned()).collect();
            paths.iter().for_each(|path| fs::create_dir(path).unwrap());
            Trash::while_open(|trash| trash.take(trees));
            assert!(!paths.iter().any(|path| path.exists()));
        };
        throw_away();
        alone(throw_away);
    }
}
