//! Ordered hand-over from several producers to one consumer, in bounded memory.
//!
//! The work is cut into numbered segments; producers take them in order, fill them side by side, and the consumer
//! sees their bytes in order of number. What was produced and not consumed stays below a limit, which only the
//! segment that the consumer waits for may exceed: so there is always one who can go on.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::piece::Piece;

/// A window of segments around the one that is being consumed. `E` is what ends the work early.
pub struct Window<E> {
    state: Mutex<State<E>>,
    /// There is room for more, or another segment is at the head: what producers wait for.
    room: Condvar,
    /// The consumer can go on.
    news: Condvar,
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
    /// How much memory the pieces take that wait to be consumed, in bytes.
    waiting_bytes: usize,
    /// Consumed pieces, to be filled again: fresh ones cost the kernel a page fault per page.
    spare: Vec<Piece>,
    /// Producers and consumer stop when this is set.
    stop: Option<Stop<E>>,
}

enum Stop<E> {
    Failed(E),
    Abandoned,
}

#[derive(Default)]
struct Segment {
    pieces: VecDeque<Piece>,
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
        Window { state: Mutex::new(state), room: Condvar::new(), news: Condvar::new(), limit, total }
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

    /// An empty piece for a producer, with room for so many bytes.
    pub fn piece(&self, room: usize) -> Piece {
        let spare = self.state().spare.pop();
        spare.unwrap_or_else(|| Piece::with_room(room))
    }

    /// The consumer gives back a piece it has consumed.
    pub fn give_back(&self, mut piece: Piece) {
        piece.clear();
        self.state().spare.push(piece);
    }

    /// A producer hands over the next bytes of its segment, and waits while too many are waiting already.
    /// Returns whether it should go on.
    pub fn put(&self, segment: usize, piece: Piece) -> bool {
        let mut state = self.state();
        while state.stop.is_none()
            && state.head != segment
            && state.waiting_bytes + piece.memory() > self.limit
        {
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stop.is_some() {
            return false;
        }
        state.waiting_bytes += piece.memory();
        let at_head = state.head == segment;
        if let Some(segment) = state.segment(segment) {
            segment.pieces.push_back(piece);
        }
        drop(state);
        if at_head {
            self.news.notify_one();
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
            self.news.notify_one();
        }
    }

    /// A producer failed: everyone stops, and the consumer gets the first error.
    pub fn fail(&self, error: E) {
        let mut state = self.state();
        if state.stop.is_none() {
            state.stop = Some(Stop::Failed(error));
        }
        drop(state);
        self.wake_all();
    }

    /// For a producer to hold: if it panics, the others stop, and the consumer too, which would wait for ever.
    pub fn stop_on_panic(&self) -> impl Drop {
        StopOnPanic(self)
    }

    /// The consumer wants no more: the producers stop.
    pub fn abandon(&self) {
        self.state().stop.get_or_insert(Stop::Abandoned);
        self.wake_all();
    }

    /// The consumer waits for the next bytes in order; `None` after the last, or when a producer has panicked, which
    /// the thread that waits for it learns.
    pub fn next(&self) -> Result<Option<Piece>, E> {
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
                if let Some(piece) = segment.pieces.pop_front() {
                    let was_full = state.is_full(self.limit);
                    state.waiting_bytes -= piece.memory();
                    let has_room = was_full && !state.is_full(self.limit);
                    drop(state);
                    if has_room {
                        self.room.notify_all();
                    }
                    return Ok(Some(piece));
                }
                if segment.finished {
                    state.segments.pop_front();
                    state.head += 1;
                    continue;
                }
            }
            // The producer of the head need not wait for room, and may be doing so since before it was the head's.
            self.room.notify_all();
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn wake_all(&self) {
        self.room.notify_all();
        self.news.notify_all();
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
    /// Whether so much waits that producers who wait for room may sleep on: when half is consumed they come all at once,
    /// which is cheaper than one by one for each piece.
    fn is_full(&self, limit: usize) -> bool {
        self.waiting_bytes > limit / 2
    }

    fn segment(&mut self, number: usize) -> Option<&mut Segment> {
        self.segments.get_mut(number.checked_sub(self.head)?)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn piece(bytes: &[u8]) -> Piece {
        let mut piece = Piece::default();
        piece.write_all(bytes).unwrap();
        piece
    }

    fn consume(total: usize, limit: usize, producers: usize, len: usize) -> Result<Vec<u8>, &'static str> {
        let window = Window::new(total, limit);
        std::thread::scope(|scope| {
            for _ in 0..producers {
                scope.spawn(|| {
                    while let Some(segment) = window.take() {
                        for _ in 0..3 {
                            window.put(segment, piece(&vec![segment as u8; len]));
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
                bytes.extend_from_slice(piece.bytes());
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
            assert!(matches!(window.next(), Ok(None)));
        });
    }

    #[test]
    fn producers_stop_when_the_consumer_leaves() {
        let window = Window::<()>::new(10, 0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while let Some(segment) = window.take() {
                    if !window.put(segment, piece(&[0; 5])) || !window.put(segment, piece(&[0; 5])) {
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
