//! Memory for a copy of a process that does one piece of work and ends.
//!
//! A copy shares the pages of its original until it writes on one, which the kernel then copies. The system's allocator
//! writes on many: it fills the holes that the original's heap has everywhere, keeps what it knows of a block beside the
//! block, and merges neighbours. So a copy takes its blocks from a piece of memory of its own, by size: each size has a list
//! of the blocks given back, and a new block comes from the end of what is used. Nothing is merged and nothing goes back to
//! the kernel, which suits a process of some milliseconds alone. When the piece is used up, the system's allocator
//! serves as ever.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::num::NonZeroUsize;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicUsize, Ordering};

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};

/// How many bytes a piece has: a small system takes less than two million.
const PIECE: usize = 8 << 20;

/// How many bytes of it are asked of the kernel at once: a page that is first written on costs more, one by one.
const STEP: usize = 128 << 10;

/// Blocks of up to [`SMALL`] bytes are a multiple of [`UNIT`] large, which is also how they are aligned, and larger
/// ones a power of two. Above [`LARGE`] bytes, the system's allocator does well.
const UNIT: usize = 16;
const SMALL: usize = 1 << 10;
const LARGE: usize = 64 << 10;
const SIZES: usize = SMALL / UNIT + (LARGE / SMALL).ilog2() as usize;

/// The allocator of the program: [`System`], but for a thread that called [`take_from_a_piece`].
#[derive(Debug)]
pub struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// Where the piece of this process begins. Where there is none, no block lies in the [`PIECE`] bytes from there.
static START: AtomicUsize = AtomicUsize::new(usize::MAX - PIECE);

thread_local! {
    static PIECE_OF_THREAD: Piece = const { Piece::none() };
}

/// Has this thread take its blocks from a piece of its own from now on, if the kernel gives one. Once in a process.
pub fn take_from_a_piece() {
    let Some(length) = NonZeroUsize::new(PIECE) else { return };
    // SAFETY: no address is asked for, so that nothing that is mapped is replaced.
    let mapped = unsafe {
        mmap_anonymous(None, length, ProtFlags::PROT_READ | ProtFlags::PROT_WRITE, MapFlags::MAP_PRIVATE)
    };
    let Ok(start) = mapped else { return };
    let start = start.cast::<u8>();
    if START
        .compare_exchange(usize::MAX - PIECE, start.addr().get(), Ordering::Relaxed, Ordering::Relaxed)
        .is_ok()
    {
        PIECE_OF_THREAD.with(|piece| piece.begin(start));
    }
}

/// A free block, which holds the next one of its size.
type Free = Option<NonNull<Block>>;

struct Block {
    next: Free,
}

/// What a thread knows of its piece.
struct Piece {
    /// How many bytes are left, and where.
    left: Cell<usize>,
    next: Cell<*mut u8>,
    /// How many of those that are left the kernel has been asked for.
    ready: Cell<usize>,
    free: [Cell<Free>; SIZES],
}

impl Piece {
    const fn none() -> Self {
        Self {
            left: Cell::new(0),
            next: Cell::new(ptr::null_mut()),
            ready: Cell::new(0),
            free: [const { Cell::new(None) }; SIZES],
        }
    }

    fn begin(&self, start: NonNull<u8>) {
        self.next.set(start.as_ptr());
        self.left.set(PIECE);
    }

    /// Whether this is the thread whose piece it is.
    fn is_here(&self) -> bool {
        !self.next.get().is_null()
    }

    /// A block of a size; null when there is none.
    fn take(&self, size: Size) -> *mut u8 {
        let free = &self.free[size.0];
        match free.get() {
            Some(block) => {
                // SAFETY: what is in the list was given back, and nothing has written on it since.
                free.set(unsafe { block.as_ref() }.next);
                block.as_ptr().cast()
            }
            None => self.cut(size.bytes()),
        }
    }

    /// A block of memory that was not used yet; null when there is not enough.
    fn cut(&self, bytes: usize) -> *mut u8 {
        let (Some(left), next) = (self.left.get().checked_sub(bytes), self.next.get()) else {
            return ptr::null_mut();
        };
        if self.ready.get() < bytes {
            self.get_ready(bytes);
        }
        self.ready.set(self.ready.get() - bytes);
        self.left.set(left);
        // SAFETY: there are as many bytes left.
        self.next.set(unsafe { next.add(bytes) });
        next
    }

    /// Asks the kernel for the pages of the next block and some more. Where it knows no such call, each comes when it is
    /// first written on.
    fn get_ready(&self, bytes: usize) {
        let more = bytes.next_multiple_of(STEP).min(self.left.get() - self.ready.get());
        #[cfg(target_os = "linux")]
        // SAFETY: these bytes are the piece's, and are only read from a page that is there or else filled with zeros.
        unsafe {
            use nix::libc;
            let end = self.next.get().add(self.ready.get());
            libc::madvise(end.cast(), more, libc::MADV_POPULATE_WRITE);
        }
        self.ready.set(self.ready.get() + more);
    }

    fn give_back(&self, block: *mut u8, size: Size) {
        let free = &self.free[size.0];
        let Some(block) = NonNull::new(block.cast::<Block>()) else { return };
        // SAFETY: a block has at least `UNIT` bytes, is aligned to as many, and its user is done with it.
        unsafe { block.write(Block { next: free.get() }) };
        free.set(Some(block));
    }
}

/// The number of a size of blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Size(usize);

impl Size {
    /// The smallest that holds it, if there is one.
    const fn of(layout: Layout) -> Option<Self> {
        match layout.size() {
            _ if layout.align() > UNIT => None,
            0 => None,
            bytes @ ..=SMALL => Some(Self((bytes - 1) / UNIT)),
            bytes @ ..=LARGE => Some(Self(SMALL / UNIT + ((bytes - 1) / SMALL).ilog2() as usize)),
            _ => None,
        }
    }

    const fn bytes(self) -> usize {
        match self.0.checked_sub(SMALL / UNIT) {
            None => (self.0 + 1) * UNIT,
            Some(doubled) => (SMALL * 2) << doubled,
        }
    }
}

/// Whether the block is of the piece.
fn in_piece(block: *mut u8) -> bool {
    block.addr().wrapping_sub(START.load(Ordering::Relaxed)) < PIECE
}

// SAFETY: a block of the piece is aligned to `UNIT`, is as large as its layout asks, and is nobody else's until it is given
// back: only the thread whose piece it is takes and gives back. What another thread gives back stays unused. All other
// blocks are the system's from start to end.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let taken = Size::of(layout).map_or(ptr::null_mut(), |size| {
            PIECE_OF_THREAD.with(|piece| if piece.is_here() { piece.take(size) } else { ptr::null_mut() })
        });
        // SAFETY: as our caller promises.
        if taken.is_null() { unsafe { System.alloc(layout) } } else { taken }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as our caller promises; a block of the piece may have been used before.
        unsafe {
            if !PIECE_OF_THREAD.with(Piece::is_here) {
                return System.alloc_zeroed(layout);
            }
            let block = self.alloc(layout);
            if !block.is_null() {
                block.write_bytes(0, layout.size());
            }
            block
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match Size::of(layout) {
            Some(size) if in_piece(block) => PIECE_OF_THREAD.with(|piece| {
                if piece.is_here() {
                    piece.give_back(block, size);
                }
            }),
            // SAFETY: as our caller promises; it is none of the piece.
            _ => unsafe { System.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        if !in_piece(block) {
            // SAFETY: as our caller promises.
            return unsafe { System.realloc(block, layout, bytes) };
        }
        // SAFETY: as our caller promises.
        let larger = unsafe { Layout::from_size_align_unchecked(bytes, layout.align()) };
        if Size::of(layout) == Size::of(larger) {
            return block;
        }
        // SAFETY: two blocks, each with as many bytes as its layout says, and the old one is not used any more.
        unsafe {
            let moved = self.alloc(larger);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(bytes));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(bytes: usize) -> Layout {
        Layout::from_size_align(bytes, 8).unwrap()
    }

    #[test]
    fn each_size_holds_what_it_is_for_and_no_smaller_one_does() {
        for bytes in 1..=LARGE {
            let size = Size::of(layout(bytes)).unwrap();
            assert!(size.0 < SIZES && size.bytes() >= bytes, "{bytes}");
            assert!(size.0 == 0 || Size(size.0 - 1).bytes() < bytes, "{bytes}");
            assert_eq!(size.bytes() % UNIT, 0);
        }
        assert_eq!(Size(SIZES - 1).bytes(), LARGE);
        assert!(Size::of(layout(LARGE + 1)).is_none());
        assert!(Size::of(Layout::from_size_align(8, UNIT * 2).unwrap()).is_none());
    }

    /// Runs in a thread of its own, as there is one piece in a process; other tests allocate beside it.
    #[test]
    fn a_thread_with_a_piece_takes_from_it_until_it_is_used_up() {
        std::thread::spawn(|| {
            take_from_a_piece();
            let mut kept = vec![1_u8; 100];
            assert!(in_piece(kept.as_mut_ptr()));
            kept.resize(5000, 2);
            assert!(in_piece(kept.as_mut_ptr()));
            assert!(kept[..100].iter().all(|byte| *byte == 1) && kept[100..].iter().all(|byte| *byte == 2));

            let given_back = Box::into_raw(Box::new([7_u8; 40]));
            // SAFETY: it came from a box.
            drop(unsafe { Box::from_raw(given_back) });
            let again = std::hint::black_box(vec![0_u8; 48]);
            assert_eq!(again.as_ptr(), given_back.cast_const().cast(), "the block of its size is used again");
            assert!(again.iter().all(|byte| *byte == 0), "and cleared");

            let blocks: Vec<Vec<u8>> = (0..PIECE / LARGE + 1).map(|n| vec![n as u8; LARGE]).collect();
            assert!(!in_piece(blocks.last().unwrap().as_ptr().cast_mut()), "the system's serves then");
            for (n, block) in blocks.iter().enumerate() {
                assert!(block.iter().all(|byte| *byte == n as u8), "no two blocks overlap");
            }
            // Another thread may drop what this one made.
            std::thread::spawn(move || drop((kept, blocks))).join().unwrap();
        })
        .join()
        .unwrap();
    }
}
