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
}

struct State<E> {
    /// The segment that is being consumed.
    head: usize,
    /// The next segment that no producer has taken.
    next: usize,
    /// Whether that is none: producers have taken all that there are.
    is_last: bool,
    /// From `head` on, what was produced.
    segments: VecDeque<Segment>,
    /// How much memory the pieces take that wait to be consumed, in bytes.
    waiting_bytes: usize,
    /// Consumed pieces, to be filled again: fresh ones cost the kernel a page fault per page.
    spare: Vec<Piece>,
    /// How many producers wait for room, and whether the consumer waits for news: to wake nobody costs a system call too.
    waiting_producers: usize,
    consumer_waits: bool,
    /// Producers and consumer stop when this is set.
    stop: Option<Stop<E>>,
}

/// What there is for a consumer.
pub enum Next {
    Piece(Piece),
    /// Nothing yet.
    Later,
    /// Nothing any more.
    End,
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
    /// A window over segments of which `limit` bytes may wait to be consumed.
    pub fn new(limit: usize) -> Self {
        let state = State {
            head: 0,
            next: 0,
            is_last: false,
            segments: VecDeque::new(),
            waiting_bytes: 0,
            spare: Vec::new(),
            waiting_producers: 0,
            consumer_waits: false,
            stop: None,
        };
        Window { state: Mutex::new(state), room: Condvar::new(), news: Condvar::new(), limit }
    }

    /// A producer takes the next segment; `None` when it is to stop.
    pub fn take(&self) -> Option<usize> {
        let mut state = self.state();
        if state.stop.is_some() {
            return None;
        }
        state.next += 1;
        state.segments.push_back(Segment::default());
        Some(state.next - 1)
    }

    /// A producer has found that no segment is left to be taken.
    pub fn end(&self) {
        self.state().is_last = true;
        self.news.notify_one();
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
            state.waiting_producers += 1;
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.waiting_producers -= 1;
        }
        self.take_in(state, segment, piece)
    }

    /// The same for the consumer, where it produces too: it does not wait, for nobody else makes room. Afterwards it has to
    /// consume until the window [has room](Self::has_room).
    pub fn put_at_once(&self, segment: usize, piece: Piece) -> bool {
        self.take_in(self.state(), segment, piece)
    }

    /// Whether no more waits than may.
    pub fn has_room(&self) -> bool {
        self.state().waiting_bytes <= self.limit
    }

    /// Takes up a piece; returns whether its producer should go on.
    fn take_in(&self, mut state: MutexGuard<'_, State<E>>, segment: usize, piece: Piece) -> bool {
        if state.stop.is_some() {
            return false;
        }
        state.waiting_bytes += piece.memory();
        if let Some(segment) = state.segment(segment) {
            segment.pieces.push_back(piece);
        }
        self.tell(state, segment);
        true
    }

    /// A producer has handed over all of its segment.
    pub fn finish(&self, segment: usize) {
        let mut state = self.state();
        if let Some(segment) = state.segment(segment) {
            segment.finished = true;
        }
        self.tell(state, segment);
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
            match self.step(&mut state)? {
                Next::Piece(piece) => return Ok(Some(piece)),
                Next::End => return Ok(None),
                Next::Later => {
                    state.consumer_waits = true;
                    state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
                    state.consumer_waits = false;
                }
            }
        }
    }

    /// What the consumer can have now.
    pub fn next_now(&self) -> Result<Next, E> {
        self.step(&mut self.state())
    }

    fn step(&self, state: &mut State<E>) -> Result<Next, E> {
        loop {
            match state.stop.take() {
                Some(Stop::Failed(error)) => {
                    state.stop = Some(Stop::Abandoned);
                    return Err(error);
                }
                stop => state.stop = stop,
            }
            if state.stop.is_some() || (state.is_last && state.head == state.next) {
                return Ok(Next::End);
            }
            if let Some(segment) = state.segments.front_mut() {
                if let Some(piece) = segment.pieces.pop_front() {
                    let was_full = state.is_full(self.limit);
                    state.waiting_bytes -= piece.memory();
                    if was_full && !state.is_full(self.limit) && state.waiting_producers > 0 {
                        self.room.notify_all();
                    }
                    return Ok(Next::Piece(piece));
                }
                if segment.finished {
                    state.segments.pop_front();
                    state.head += 1;
                    continue;
                }
            }
            // The producer of the head need not wait for room, and may be doing so since before it was the head's.
            if state.waiting_producers > 0 {
                self.room.notify_all();
            }
            return Ok(Next::Later);
        }
    }

    /// Tells the consumer that there is more of a segment, if that is what it waits for.
    fn tell(&self, state: MutexGuard<'_, State<E>>, segment: usize) {
        let is_awaited = state.consumer_waits && state.head == segment;
        drop(state);
        if is_awaited {
            self.news.notify_one();
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

    /// Takes a segment, of which so many are left.
    fn take<E>(window: &Window<E>, left: &Mutex<usize>) -> Option<usize> {
        let mut left = left.lock().unwrap();
        if *left == 0 {
            window.end();
            return None;
        }
        *left -= 1;
        window.take()
    }

    fn consume(total: usize, limit: usize, producers: usize, len: usize) -> Result<Vec<u8>, &'static str> {
        let (window, left) = (Window::new(limit), Mutex::new(total));
        std::thread::scope(|scope| {
            for _ in 0..producers {
                scope.spawn(|| {
                    while let Some(segment) = take(&window, &left) {
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
    fn a_consumer_that_produces_too_keeps_the_order_and_the_limit() {
        for limit in [0, 10, 100] {
            let (window, left) = (Window::<()>::new(limit), Mutex::new(300));
            let mut bytes = Vec::new();
            std::thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        while let Some(segment) = take(&window, &left) {
                            window.put(segment, piece(&[(segment / 2) as u8; 7]));
                            window.finish(segment);
                        }
                    });
                }
                loop {
                    match window.next_now().unwrap() {
                        Next::Piece(piece) => bytes.extend_from_slice(piece.bytes()),
                        Next::End => break,
                        Next::Later => match take(&window, &left) {
                            Some(segment) => {
                                for part in [4, 3] {
                                    assert!(
                                        window.put_at_once(segment, piece(&vec![(segment / 2) as u8; part]))
                                    );
                                    while !window.has_room() {
                                        bytes.extend_from_slice(window.next().unwrap().unwrap().bytes());
                                    }
                                }
                                window.finish(segment);
                            }
                            None => match window.next().unwrap() {
                                Some(piece) => bytes.extend_from_slice(piece.bytes()),
                                None => break,
                            },
                        },
                    }
                    assert!(window.state().waiting_bytes <= limit + 7);
                }
            });
            assert_eq!(bytes.len(), 300 * 7);
            assert!(bytes.is_sorted(), "limit {limit}");
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
        let window = Window::<()>::new(0);
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
        let (window, left) = (Window::<()>::new(0), Mutex::new(10));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while let Some(segment) = take(&window, &left) {
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
