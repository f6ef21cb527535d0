//! Reading an archive as a sequence of events, trusting nothing in it.
//!
//! The reader keeps its own stack, bounds every length before it reads, and accepts only the one canonical
//! form: known strings, names in strictly ascending order that stay within their directory, zero padding.

use std::io::{self, Read};

use super::{MAGIC, MAX_DEPTH, MAX_NAME_LEN, MAX_TARGET_LEN, NarError, padding};

/// The longest of the strings that make up the format.
const MAX_KEYWORD_LEN: usize = MAGIC.len();

/// What comes next in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A node. After a [`Node::Directory`] come its entries, then [`Event::Leave`]; after a [`Node::File`] its
    /// contents may be read from the reader.
    Entry(Entry),
    /// The end of the innermost open directory.
    Leave,
}

/// A node with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the innermost open directory; empty for the root of the archive.
    pub name: Vec<u8>,
    pub node: Node,
}

/// What an archive can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Directory,
    /// A regular file; `size` in bytes.
    File {
        executable: bool,
        size: u64,
    },
    Symlink {
        target: Vec<u8>,
    },
}

/// Where the reader stands.
enum State {
    Start,
    /// Among the entries of the innermost open directory.
    Directory,
    /// In the contents of a file.
    Contents {
        left: u64,
        padding: usize,
    },
    End,
}

/// Reads an archive. As [`io::Read`] it gives the contents of the file last announced.
pub struct NarReader<R> {
    input: R,
    offset: u64,
    state: State,
    /// The last name seen in each open directory.
    open: Vec<Vec<u8>>,
}

impl<R: Read> NarReader<R> {
    /// Reads from `input`, which should be buffered; nothing is read yet.
    pub fn new(input: R) -> Self {
        NarReader { input, offset: 0, state: State::Start, open: Vec::new() }
    }

    /// The next event, or `None` after the last. What is left of a file's contents is skipped.
    pub fn next_event(&mut self) -> Result<Option<Event>, NarError> {
        match self.state {
            State::Start => {
                self.expect(MAGIC)?;
                self.node(Vec::new()).map(Some)
            }
            State::Contents { .. } => {
                self.end_contents()?;
                self.end_node()?;
                self.next_event()
            }
            State::Directory => self.directory_item().map(Some),
            State::End => Ok(None),
        }
    }

    /// Refuses anything after the archive.
    pub fn expect_end(&mut self) -> Result<(), NarError> {
        match io::copy(&mut self.input.by_ref().take(1), &mut io::sink()).map_err(NarError::Read)? {
            0 => Ok(()),
            _ => Err(self.malformed("something follows the archive")),
        }
    }

    fn directory_item(&mut self) -> Result<Event, NarError> {
        match self.string(MAX_KEYWORD_LEN)?.as_slice() {
            b"entry" => {
                self.expect(b"(")?;
                self.expect(b"name")?;
                let name = self.string(MAX_NAME_LEN)?;
                self.check_name(&name)?;
                self.expect(b"node")?;
                self.node(name)
            }
            b")" => {
                self.open.pop();
                self.close_entry()?;
                Ok(Event::Leave)
            }
            _ => Err(self.malformed("neither an entry nor the end of a directory")),
        }
    }

    fn node(&mut self, name: Vec<u8>) -> Result<Event, NarError> {
        self.expect(b"(")?;
        self.expect(b"type")?;
        let node = match self.string(MAX_KEYWORD_LEN)?.as_slice() {
            b"directory" => {
                if self.open.len() == MAX_DEPTH {
                    return Err(self.malformed("directories lie too deep in each other"));
                }
                self.open.push(Vec::new());
                self.state = State::Directory;
                Node::Directory
            }
            b"regular" => self.file()?,
            b"symlink" => {
                self.expect(b"target")?;
                let target = self.string(MAX_TARGET_LEN)?;
                if target.is_empty() || target.contains(&0) {
                    return Err(self.malformed("a symbolic link has an impossible target"));
                }
                self.end_node()?;
                Node::Symlink { target }
            }
            _ => return Err(self.malformed("a node is of unknown type")),
        };
        Ok(Event::Entry(Entry { name, node }))
    }

    fn file(&mut self) -> Result<Node, NarError> {
        let executable = match self.string(MAX_KEYWORD_LEN)?.as_slice() {
            b"executable" => {
                self.expect(b"")?;
                self.expect(b"contents")?;
                true
            }
            b"contents" => false,
            _ => return Err(self.malformed("a file has no contents")),
        };
        let size = self.length()?;
        self.state = State::Contents { left: size, padding: padding(size) };
        Ok(Node::File { executable, size })
    }

    fn end_contents(&mut self) -> Result<(), NarError> {
        io::copy(self, &mut io::sink()).map_err(NarError::Read)?;
        let State::Contents { left, padding } = self.state else { return Ok(()) };
        if left > 0 {
            return Err(self.malformed("it ends within a file"));
        }
        self.padding(padding)
    }

    /// After the content of a node: its closing parenthesis, and that of its entry.
    fn end_node(&mut self) -> Result<(), NarError> {
        self.expect(b")")?;
        self.close_entry()
    }

    fn close_entry(&mut self) -> Result<(), NarError> {
        if self.open.is_empty() {
            self.state = State::End;
            return Ok(());
        }
        self.state = State::Directory;
        self.expect(b")")
    }

    fn check_name(&mut self, name: &[u8]) -> Result<(), NarError> {
        let harmless = !matches!(name, b"" | b"." | b"..") && !name.contains(&b'/') && !name.contains(&0);
        let previous = self.open.last().map_or(&[][..], Vec::as_slice);
        if !harmless {
            return Err(self.malformed("an entry has an impossible name"));
        }
        if name <= previous {
            return Err(self.malformed("the names in a directory are not in order"));
        }
        if let Some(previous) = self.open.last_mut() {
            *previous = name.to_owned();
        }
        Ok(())
    }

    fn expect(&mut self, keyword: &[u8]) -> Result<(), NarError> {
        if self.string(MAX_KEYWORD_LEN)? == keyword {
            return Ok(());
        }
        Err(self.malformed(&format!("`{}` was expected", String::from_utf8_lossy(keyword))))
    }

    fn string(&mut self, limit: usize) -> Result<Vec<u8>, NarError> {
        let len = self.length()?;
        let len = usize::try_from(len).ok().filter(|&len| len <= limit);
        let Some(len) = len else { return Err(self.malformed("a string is too long")) };
        let mut bytes = vec![0; len];
        self.exactly(&mut bytes)?;
        self.padding(padding(len as u64))?;
        Ok(bytes)
    }

    fn length(&mut self) -> Result<u64, NarError> {
        let mut bytes = [0; 8];
        self.exactly(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn padding(&mut self, count: usize) -> Result<(), NarError> {
        let mut bytes = [0; 8];
        self.exactly(&mut bytes[..count])?;
        if bytes != [0; 8] {
            return Err(self.malformed("padding is not zero"));
        }
        Ok(())
    }

    fn exactly(&mut self, bytes: &mut [u8]) -> Result<(), NarError> {
        match self.input.read_exact(bytes) {
            Ok(()) => {
                self.offset += bytes.len() as u64;
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(self.malformed("it ends")),
            Err(error) => Err(NarError::Read(error)),
        }
    }

    fn malformed(&self, problem: &str) -> NarError {
        NarError::Malformed { offset: self.offset, problem: problem.to_owned() }
    }
}

impl<R: Read> Read for NarReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let State::Contents { left, .. } = &mut self.state else { return Ok(0) };
        let count = self.input.by_ref().take(*left).read(buffer)?;
        *left -= count as u64;
        self.offset += count as u64;
        Ok(count)
    }
}
