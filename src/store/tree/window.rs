//! Ordered hand-over from several producers to one consumer, in bounded memory.
//!
//! The work is cut into numbered segments; producers take them in order, fill them side by side, and the consumer
//! sees their bytes in order of number. What was produced and not consumed stays below a limit, which only the
//! segment that the consumer waits for may exceed: so there is always one who can go on.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A window of segments around the one that is being consumed. `E` is what ends the work early.
pub struct Window<E> {
    state: Mutex<State<E>>,
    changed: Condvar,
    /// How many bytes may wait, apart from those of the segment at the head.
    limit: usize,
    /// How many segments there are.
    total: usize,
}

struct State<E> {
    /// The segment that is being consumed.
    head: usize,
    /// The next segment that no producer has taken.
    next: usize,
    /// From `head` on, what was produced.
    segments: VecDeque<Segment>,
    waiting_bytes: usize,
    /// Consumed buffers, to be filled again: fresh ones cost the kernel a page fault per page.
    spare: Vec<Vec<u8>>,
    /// Producers and consumer stop when this is set.
    stop: Option<Stop<E>>,
}

enum Stop<E> {
    Failed(E),
    Abandoned,
}

#[derive(Default)]
struct Segment {
    pieces: VecDeque<Vec<u8>>,
    finished: bool,
}

impl<E> Window<E> {
    /// A window over `total` segments, of which `limit` bytes may wait to be consumed.
    pub fn new(total: usize, limit: usize) -> Self {
        let state = State {
            head: 0,
            next: 0,
            segments: VecDeque::new(),
            waiting_bytes: 0,
            spare: Vec::new(),
            stop: None,
        };
        Window { state: Mutex::new(state), changed: Condvar::new(), limit, total }
    }

    /// A producer takes the next segment; `None` when there is no more work.
    pub fn take(&self) -> Option<usize> {
        let mut state = self.state();
        if state.stop.is_some() || state.next == self.total {
            return None;
        }
        state.next += 1;
        state.segments.push_back(Segment::default());
        Some(state.next - 1)
    }

    /// An empty buffer for a producer, of at least `capacity` bytes.
    pub fn buffer(&self, capacity: usize) -> Vec<u8> {
        let mut buffer = self.state().spare.pop().unwrap_or_default();
        buffer.reserve(capacity);
        buffer
    }

    /// The consumer gives back a buffer it has consumed.
    pub fn give_back(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.state().spare.push(buffer);
    }

    /// A producer hands over the next bytes of its segment, and waits while too many are waiting already.
    /// Returns whether it should go on.
    pub fn put(&self, segment: usize, bytes: Vec<u8>) -> bool {
        let mut state = self.state();
        while state.stop.is_none() && state.head != segment && state.waiting_bytes + bytes.len() > self.limit
        {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stop.is_some() {
            return false;
        }
        state.waiting_bytes += bytes.len();
        let at_head = state.head == segment;
        if let Some(segment) = state.segment(segment) {
            segment.pieces.push_back(bytes);
        }
        drop(state);
        if at_head {
            self.changed.notify_all();
        }
        true
    }

    /// A producer has handed over all of its segment.
    pub fn finish(&self, segment: usize) {
        let mut state = self.state();
        let at_head = state.head == segment;
        if let Some(segment) = state.segment(segment) {
            segment.finished = true;
        }
        drop(state);
        if at_head {
            self.changed.notify_all();
        }
    }

    /// A producer failed: everyone stops, and the consumer gets the first error.
    pub fn fail(&self, error: E) {
        let mut state = self.state();
        if state.stop.is_none() {
            state.stop = Some(Stop::Failed(error));
        }
        drop(state);
        self.changed.notify_all();
    }

    /// For a producer to hold: if it panics, the others stop, and the consumer too, which would wait for ever.
    pub fn stop_on_panic(&self) -> impl Drop {
        StopOnPanic(self)
    }

    /// The consumer wants no more: the producers stop.
    pub fn abandon(&self) {
        self.state().stop.get_or_insert(Stop::Abandoned);
        self.changed.notify_all();
    }

    /// The consumer waits for the next bytes in order; `None` after the last, or when a producer has panicked, which
    /// the thread that waits for it learns.
    pub fn next(&self) -> Result<Option<Vec<u8>>, E> {
        let mut state = self.state();
        loop {
            match state.stop.take() {
                Some(Stop::Failed(error)) => {
                    state.stop = Some(Stop::Abandoned);
                    return Err(error);
                }
                stop => state.stop = stop,
            }
            if state.head == self.total || state.stop.is_some() {
                return Ok(None);
            }
            if let Some(segment) = state.segments.front_mut() {
                if let Some(bytes) = segment.pieces.pop_front() {
                    state.waiting_bytes -= bytes.len();
                    drop(state);
                    self.changed.notify_all();
                    return Ok(Some(bytes));
                }
                if segment.finished {
                    state.segments.pop_front();
                    state.head += 1;
                    // A producer may be waiting to become the head.
                    self.changed.notify_all();
                    continue;
                }
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn state(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct StopOnPanic<'a, E>(&'a Window<E>);

impl<E> Drop for StopOnPanic<'_, E> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.abandon();
        }
    }
}

impl<E> State<E> {
    fn segment(&mut self, number: usize) -> Option<&mut Segment> {
        self.segments.get_mut(number.checked_sub(self.head)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consume(total: usize, limit: usize, producers: usize, piece: usize) -> Result<Vec<u8>, &'static str> {
        let window = Window::new(total, limit);
        std::thread::scope(|scope| {
            for _ in 0..producers {
                scope.spawn(|| {
                    while let Some(segment) = window.take() {
                        for _ in 0..3 {
                            window.put(segment, vec![segment as u8; piece]);
                        }
                        if segment == 200 {
                            window.fail("segment 200");
                        }
                        window.finish(segment);
                    }
                });
            }
            let mut bytes = Vec::new();
            while let Some(piece) = window.next()? {
                bytes.extend(piece);
            }
            Ok(bytes)
        })
    }

    #[test]
    fn order_is_kept_however_small_the_window() {
        for (limit, producers) in [(0, 1), (0, 4), (10, 3), (1_000_000, 4)] {
            let bytes = consume(100, limit, producers, 7).unwrap();
            assert_eq!(bytes.len(), 100 * 21);
            assert!(bytes.is_sorted(), "limit {limit}, {producers} producers");
        }
    }

    #[test]
    fn nothing_is_a_sequence_too() {
        assert_eq!(consume(0, 10, 2, 1), Ok(Vec::new()));
    }

    #[test]
    fn a_failure_reaches_the_consumer_and_stops_the_producers() {
        assert_eq!(consume(250, 0, 4, 7), Err("segment 200"));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_no_reason_to_wait_for_ever() {
        let window = Window::<()>::new(2, 0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _stop = window.stop_on_panic();
                window.take();
                panic!("in a producer");
            });
            assert_eq!(window.next(), Ok(None));
        });
    }

    #[test]
    fn producers_stop_when_the_consumer_leaves() {
        let window = Window::<()>::new(10, 0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while let Some(segment) = window.take() {
                    if !window.put(segment, vec![0; 5]) || !window.put(segment, vec![0; 5]) {
                        break;
                    }
                    window.finish(segment);
                }
            });
            assert!(window.next().unwrap().is_some());
            window.abandon();
        });
    }
}
