//! Requests to a host, each over a TLS connection of its own.
//!
//! They are of HTTP/1.0, as those of the pool's own tools: nothing comes in chunks, and a connection ends with its answer.
//! The host answers an upload *before* it has read it, with a success that only means that it will read on, or with a
//! redirection to a host that sees the storage. So the answer is looked for first.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};

use super::XcpError;
use super::trust::Tls;

/// How long a host may take to accept a connection, and how long it may be silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a host may not take what is sent: storage that makes room or cleans up stops an upload for minutes.
const STALL: Duration = Duration::from_secs(600);

/// How long to wait for an answer before the body of an upload is sent.
const EARLY: Duration = Duration::from_secs(5);

/// Answers are lists of records; a larger one is not meant for us.
const LONGEST_ANSWER: usize = 64 << 20;

/// How much of a body is sent at a time.
const BLOCK: usize = 1 << 20;

/// A host, and how to reach it.
#[derive(Debug, Clone)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
}

/// What a host answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Where to ask instead.
    pub location: Option<String>,
    pub body: Vec<u8>,
}

impl Server {
    /// Sends a small body, and waits for the answer.
    pub fn post(&self, target: &str, body: &[u8]) -> Result<Answer, XcpError> {
        let mut exchange = self.connect()?;
        let head = self.head("POST", target, "content-type: application/json\r\n", body.len() as u64);
        let sent = exchange.send(head.as_bytes()).and_then(|()| exchange.send(body));
        sent.and_then(|()| exchange.answer()).map_err(|error| self.broken(error))
    }

    /// Sends `length` bytes of `body`, and waits for the answer; `progress` is told how many are sent, and may refuse to go
    /// on.
    pub fn put(
        &self,
        target: &str,
        body: &mut dyn Read,
        length: u64,
        progress: &mut dyn FnMut(u64) -> Result<(), XcpError>,
    ) -> Result<Answer, XcpError> {
        let mut exchange = self.connect()?;
        exchange.send(self.head("PUT", target, "", length).as_bytes()).map_err(|error| self.broken(error))?;
        let early = exchange.head_within(EARLY).map_err(|error| self.broken(error))?;
        if early.is_some_and(|head| !head.is_success()) {
            return exchange.answer().map_err(|error| self.broken(error));
        }
        let mut block = vec![0; BLOCK];
        let mut sent = 0;
        while sent < length {
            let size = block.len().min((length - sent) as usize);
            body.read_exact(&mut block[..size]).map_err(|source| XcpError::Image { source })?;
            if let Err(error) = exchange.send(&block[..size]) {
                // A host that has had enough may have said why.
                return match exchange.head_within(EARLY) {
                    Ok(Some(head)) if !head.is_success() => {
                        exchange.answer().map_err(|error| self.broken(error))
                    }
                    _ => Err(self.broken(error)),
                };
            }
            sent += size as u64;
            progress(sent)?;
        }
        exchange.answer().map_err(|error| self.broken(error))
    }

    fn head(&self, method: &str, target: &str, more: &str, length: u64) -> String {
        let (host, version) = (&self.host, env!("CARGO_PKG_VERSION"));
        format!(
            "{method} {target} HTTP/1.0\r\nhost: {host}\r\nuser-agent: fruix/{version}\r\n{more}\
             content-length: {length}\r\nconnection: close\r\n\r\n"
        )
    }

    fn connect(&self) -> Result<Exchange, XcpError> {
        let failed = |source| XcpError::Connect { host: self.host.clone(), port: self.port, source };
        let name = ServerName::try_from(self.host.clone())
            .map_err(|error| failed(io::Error::new(ErrorKind::InvalidInput, error)))?;
        let socket = self.reach().map_err(failed)?;
        socket.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
        socket.set_write_timeout(Some(STALL)).map_err(failed)?;
        let connection = ClientConnection::new(self.tls.config.clone(), name)
            .map_err(|source| XcpError::Tls { source })?;
        let mut stream = StreamOwned::new(connection, socket);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).map_err(|error| self.rejected(error))?;
        }
        Ok(Exchange { stream, received: Vec::new() })
    }

    fn reach(&self) -> io::Result<TcpStream> {
        let mut failure = io::Error::new(ErrorKind::NotFound, "the name has no address");
        for address in (self.host.as_str(), self.port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// The error of a handshake that did not succeed.
    fn rejected(&self, error: io::Error) -> XcpError {
        let is_certificate = |error: &rustls::Error| matches!(error, rustls::Error::InvalidCertificate(_));
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match (inner.filter(|inner| is_certificate(inner)), self.tls.seen()) {
            (Some(reason), Some(fingerprint)) => {
                XcpError::certificate(&self.host, fingerprint, &reason.to_string())
            }
            _ => XcpError::Connect { host: self.host.clone(), port: self.port, source: error },
        }
    }

    fn broken(&self, source: io::Error) -> XcpError {
        XcpError::Broken { host: self.host.clone(), source: readable(source) }
    }
}

/// A time limit in words: the system calls it "resource temporarily unavailable".
fn readable(error: io::Error) -> io::Error {
    if is_timeout(&error) {
        return io::Error::new(ErrorKind::TimedOut, "the host neither answers nor takes what is sent");
    }
    error
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// The first lines of an answer.
#[derive(Debug, Clone)]
struct Head {
    status: u16,
    location: Option<String>,
    length: Option<usize>,
    /// How many bytes they take.
    size: usize,
}

impl Head {
    fn is_success(&self) -> bool {
        self.status / 100 == 2
    }
}

/// One request and its answer.
struct Exchange {
    stream: StreamOwned<ClientConnection, TcpStream>,
    received: Vec<u8>,
}

impl Exchange {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)?;
        self.stream.flush()
    }

    /// The first lines of the answer, if they come in time.
    fn head_within(&mut self, limit: Duration) -> io::Result<Option<Head>> {
        self.stream.sock.set_read_timeout(Some(limit))?;
        let head = match self.head() {
            Ok(head) => Some(head),
            Err(error) if is_timeout(&error) => None,
            Err(error) => return Err(error),
        };
        self.stream.sock.set_read_timeout(Some(PATIENCE))?;
        Ok(head)
    }

    /// Reads as far as the first lines of the answer go.
    fn head(&mut self) -> io::Result<Head> {
        loop {
            if let Some(head) = parse(&self.received)? {
                return Ok(head);
            }
            if !self.receive()? {
                return Err(cut_short());
            }
        }
    }

    /// Reads the whole answer.
    fn answer(&mut self) -> io::Result<Answer> {
        let head = self.head()?;
        let wanted = head.length.map(|length| head.size.saturating_add(length));
        while wanted.is_none_or(|wanted| self.received.len() < wanted) {
            match self.receive() {
                Ok(true) => {}
                // Without a length, the end of the connection is that of the answer, however it comes.
                Ok(false) | Err(_) if wanted.is_none() => break,
                Ok(false) => return Err(cut_short()),
                Err(error) => return Err(error),
            }
        }
        let end = wanted.unwrap_or(self.received.len());
        let body = self.received[head.size..end].to_vec();
        Ok(Answer { status: head.status, location: head.location, body })
    }

    /// Reads once; `false` at the end.
    fn receive(&mut self) -> io::Result<bool> {
        if self.received.len() > LONGEST_ANSWER {
            return Err(io::Error::new(ErrorKind::InvalidData, "the answer is too long"));
        }
        let mut buffer = [0; 16384];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(size) => {
                    self.received.extend_from_slice(&buffer[..size]);
                    return Ok(size > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn cut_short() -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, "the answer was cut short")
}

/// The first lines, once they are all there.
fn parse(received: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let size = match response.parse(received) {
        Ok(httparse::Status::Complete(size)) => size,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => {
            return Err(io::Error::new(ErrorKind::InvalidData, format!("no answer of HTTP: {error}")));
        }
    };
    let header = |name: &str| {
        let found = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(found.value).ok().map(str::trim)
    };
    Ok(Some(Head {
        status: response.code.unwrap_or_default(),
        location: header("location").map(str::to_owned),
        length: header("content-length").and_then(|value| value.parse().ok()),
        size,
    }))
}
