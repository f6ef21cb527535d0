//! What a client is to be told of builds, until it takes it.
//!
//! A build that several clients want tells each, and waits for none: what a slow client does not take is left out, and
//! it is told how much. The whole is in the log.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::build::{Event, Progress};
use crate::store_path::StorePath;

/// How much that builders write may wait: lines and phases.
const MOST: usize = 1024;

/// The news for one client.
#[derive(Debug, Default)]
pub struct Feed {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    events: VecDeque<Event>,
    /// How many of them builders wrote.
    written: usize,
    /// By derivation: how many lines were left out since the last one.
    left_out: BTreeMap<StorePath, usize>,
    closed: bool,
}

impl Feed {
    /// The next news; waits for some. `None` when there will be no more.
    pub fn next(&self) -> Option<Event> {
        let mut queue = self.lock();
        loop {
            if let Some(event) = queue.pop() {
                return Some(event);
            }
            if queue.closed {
                return None;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// There will be no more.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Feed {
    /// Never waits.
    fn event(&self, event: Event) {
        self.lock().push(event);
        self.changed.notify_all();
    }
}

impl Queue {
    fn push(&mut self, event: Event) {
        if let Event::Line { drv, .. } | Event::Phase { drv, .. } = &event {
            if self.written == MOST {
                *self.left_out.entry(drv.clone()).or_default() += 1;
                return;
            }
            self.written += 1;
        }
        self.events.push_back(event);
    }

    fn pop(&mut self) -> Option<Event> {
        if let Some(event) = self.events.pop_front() {
            self.written -= usize::from(matches!(event, Event::Line { .. } | Event::Phase { .. }));
            return Some(event);
        }
        let (drv, count) = self.left_out.pop_first()?;
        Some(Event::Line { drv, line: format!("({count} lines are in the log alone)") })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn drv() -> StorePath {
        StorePath::from_base_name(&format!("{}-x.drv", "a".repeat(32))).unwrap()
    }

    #[test]
    fn who_takes_nothing_is_told_what_counts_and_how_much_was_left_out() {
        let feed = Feed::default();
        feed.event(Event::Started { drv: drv(), estimate: None });
        for number in 0..MOST + 7 {
            feed.event(Event::Line { drv: drv(), line: number.to_string() });
        }
        let finished = Event::Finished { drv: drv(), elapsed: Duration::ZERO };
        feed.event(finished.clone());
        feed.close();
        let events: Vec<_> = std::iter::from_fn(|| feed.next()).collect();
        assert_eq!(events.len(), 1 + MOST + 2);
        assert_eq!(events[MOST], Event::Line { drv: drv(), line: (MOST - 1).to_string() });
        assert_eq!(events[MOST + 1], finished);
        let rest = "(7 lines are in the log alone)".to_owned();
        assert_eq!(events[MOST + 2], Event::Line { drv: drv(), line: rest });
    }
}
