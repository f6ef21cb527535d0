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
    sender: SyncSender<Temporary>,
}

impl Trash {
    /// Does some work, and returns when all that was thrown away meanwhile is gone.
    pub fn while_open<T>(work: impl FnOnce(&Trash) -> T) -> T {
        let (sender, receiver) = mpsc::sync_channel(QUEUE);
        let receiver = Mutex::new(receiver);
        thread::scope(|scope| {
            // One who is needed, and those who make it faster.
            scope.spawn(|| empty(&receiver));
            crew::hire(scope, crew::MEMBERS - 1, || empty(&receiver));
            let trash = Trash { sender };
            work(&trash)
        })
    }

    /// Throws trees away; waits where too many do.
    pub fn take(&self, trees: Vec<Temporary>) {
        for tree in trees {
            // If no one took it, it is removed here: when its value is dropped.
            drop(self.sender.send(tree));
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
