//! Getting a file from a server that may be busy, slow, or gone.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
    sync::mpsc::{self, RecvTimeoutError, SyncSender},
    thread,
    time::Duration,
};

use ureq::tls::{RootCerts, TlsConfig};

use super::{FetchError, proxy};

/// How long to put up with a server.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How often a download is tried before its last error counts.
    pub attempts: u32,
    /// How long a server may stay silent.
    pub silence: Duration,
    /// How many bytes a server may send.
    pub most: u64,
}

impl Patience {
    pub const USUAL: Self = Self { attempts: 3, silence: Duration::from_secs(60), most: u64::MAX };
}

/// Where Debian and FreeBSD keep the certificates of authorities that the machine's owner trusts.
const HOST_CERTIFICATES: [&str; 2] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"];

/// How much is read at a time.
const BLOCK: usize = 1 << 17;

/// How many blocks may wait to be written.
const BLOCKS: usize = 4;

/// What Rust's standard library says first when a host's address cannot be found; it has no other mark.
const LOOKUP_FAILED: &str = "failed to lookup address information";

/// Writes what `url` names to the file `to`; `say` is told what goes on.
pub fn download(url: &str, to: &Path, patience: Patience, say: &dyn Fn(&str)) -> Result<(), FetchError> {
    let mut attempt = 1;
    loop {
        say(&format!("downloading {url}"));
        match try_once(url, to, patience) {
            Err(error) if attempt < patience.attempts && is_transient(&error) => {
                say(&format!("{error}; trying again"));
                thread::sleep(Duration::from_secs(u64::from(attempt)));
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

fn try_once(url: &str, to: &Path, patience: Patience) -> Result<(), FetchError> {
    let silence = patience.silence;
    let host_trusts = HOST_CERTIFICATES.iter().any(|path| Path::new(path).exists());
    let roots = if host_trusts { RootCerts::PlatformVerifier } else { RootCerts::WebPki };
    let agent = ureq::Agent::config_builder()
        .user_agent(concat!("fruix/", env!("CARGO_PKG_VERSION")))
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .proxy(proxy::choose(url, |name| std::env::var(name).ok())?)
        .timeout_connect(Some(silence))
        .timeout_recv_response(Some(silence))
        .build()
        .new_agent();
    let response = agent
        .get(url)
        .call()
        .map_err(|error| FetchError::Download { url: url.to_owned(), error: Box::new(error) })?;
    receive(response.into_body().into_reader(), to, patience, url)
}

/// Copies a stream that may fall silent, and is what `url` names, to a file.
///
/// The client's own time limits are for whole downloads, and a large one over a slow line may take hours. So a
/// thread reads, and this one counts the time since it last had something.
fn receive(
    from: impl Read + Send + 'static,
    to: &Path,
    patience: Patience,
    url: &str,
) -> Result<(), FetchError> {
    let Patience { silence, most, .. } = patience;
    let broke_off = |error| FetchError::Transfer { url: url.to_owned(), error };
    let unwritable = |error| FetchError::Write { path: to.to_owned(), error };
    let mut file = File::create(to).map_err(unwritable)?;
    let (sender, receiver) = mpsc::sync_channel(BLOCKS);
    // Ends with the stream, with the receiver, or with this process.
    thread::spawn(move || read_blocks(from, &sender));
    let mut received: u64 = 0;
    loop {
        match receiver.recv_timeout(silence) {
            Ok(Ok(block)) if block.is_empty() => return Ok(()),
            Ok(Ok(block)) => {
                received += block.len() as u64;
                if received > most {
                    return Err(FetchError::TooLong { url: url.to_owned(), most });
                }
                file.write_all(&block).map_err(unwritable)?;
            }
            Ok(Err(error)) => return Err(broke_off(error)),
            Err(RecvTimeoutError::Timeout) => {
                let what = format!("the server has sent nothing for {} s", silence.as_secs_f32());
                return Err(broke_off(io::Error::new(io::ErrorKind::TimedOut, what)));
            }
            Err(RecvTimeoutError::Disconnected) => return Err(broke_off(io::ErrorKind::BrokenPipe.into())),
        }
    }
}

/// Sends what is read in blocks; an empty one is the end.
fn read_blocks(mut from: impl Read, to: &SyncSender<io::Result<Vec<u8>>>) {
    let mut buffer = vec![0; BLOCK];
    loop {
        let block = match from.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map(|length| buffer[..length].to_vec()),
        };
        let is_last = !block.as_ref().is_ok_and(|block| !block.is_empty());
        if to.send(block).is_err() || is_last {
            return;
        }
    }
}

/// Whether another attempt may fare better: the server's or the network's fault, not the address's.
fn is_transient(error: &FetchError) -> bool {
    match error {
        FetchError::Transfer { .. } => true,
        FetchError::Download { error, .. } => match &**error {
            ureq::Error::StatusCode(status) => *status >= 500 || *status == 429,
            ureq::Error::BadUri(_)
            | ureq::Error::HostNotFound
            | ureq::Error::RedirectFailed
            | ureq::Error::TooManyRedirects => false,
            // The resolver has been patient already.
            ureq::Error::Io(error) => !error.to_string().starts_with(LOOKUP_FAILED),
            _ => true,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::{BufRead, BufReader},
        net::TcpListener,
    };

    use super::*;

    const IMPATIENT: Patience = Patience { attempts: 2, silence: Duration::from_millis(300), most: u64::MAX };

    /// Answers one connection after the other with these responses, and keeps all open; gives the address.
    fn serve(responses: &[&'static str]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/file", listener.local_addr().unwrap());
        let responses = responses.to_vec();
        thread::spawn(move || {
            let mut open = Vec::new();
            for response in responses {
                let (mut stream, _) = listener.accept().unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
                stream.write_all(response.as_bytes()).unwrap();
                open.push(stream);
            }
            thread::park();
        });
        address
    }

    fn downloaded(url: &str) -> Result<String, FetchError> {
        let directory = tempfile::tempdir().unwrap();
        let to = directory.path().join("file");
        download(url, &to, IMPATIENT, &|_| {}).map(|()| fs::read_to_string(&to).unwrap())
    }

    const WHOLE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ntext";

    #[test]
    fn a_download_survives_a_server_that_is_busy_once() {
        let busy = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        assert_eq!(downloaded(&serve(&[busy, WHOLE])).unwrap(), "text");
    }

    #[test]
    fn a_server_that_falls_silent_is_left_and_tried_again() {
        let half = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nte";
        assert_eq!(downloaded(&serve(&[half, WHOLE])).unwrap(), "text");
        let error = downloaded(&serve(&[half, half])).unwrap_err();
        assert!(error.to_string().contains("nothing for 0.3 s"), "{error}");
    }

    #[test]
    fn a_server_that_only_sends_elsewhere_is_left_at_once() {
        let around =
            "HTTP/1.1 302 Found\r\nlocation: /file\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let error = downloaded(&serve(&[around; 12])).unwrap_err();
        assert!(matches!(error, FetchError::Download { .. }) && !is_transient(&error), "{error}");
    }

    #[test]
    fn no_more_is_taken_than_is_wanted() {
        let directory = tempfile::tempdir().unwrap();
        let to = directory.path().join("file");
        let take = |most| download(&serve(&[WHOLE]), &to, Patience { most, ..IMPATIENT }, &|_| {});
        take(4).unwrap();
        assert!(matches!(take(3), Err(FetchError::TooLong { most: 3, .. })));
    }

    #[test]
    fn an_absent_page_is_an_error_at_once() {
        let absent = "HTTP/1.1 404 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let error = downloaded(&serve(&[absent, WHOLE])).unwrap_err();
        assert!(matches!(error, FetchError::Download { .. }) && !is_transient(&error), "{error}");
    }

    #[test]
    fn a_host_that_is_not_known_is_not_asked_for_again() {
        let directory = tempfile::tempdir().unwrap();
        let error = try_once("http://host.invalid/x", &directory.path().join("x"), IMPATIENT).unwrap_err();
        let text = error.to_string();
        // Where the resolver itself is slow, the time limit comes first: that is another error.
        assert!(!is_transient(&error) || text.contains("timeout"), "{text}");
    }
}
