//! Getting a file from a server that may be busy, slow, or gone.

use std::{
    fs::File,
    io::Write,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use ureq::tls::{RootCerts, TlsConfig};

use super::transfer::Transfer;
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
    /// Whether the user has lost it.
    pub give_up: fn() -> bool,
}

impl Patience {
    pub const USUAL: Self =
        Self { attempts: 3, silence: Duration::from_secs(60), most: u64::MAX, give_up: || false };
}

/// Where Debian and FreeBSD keep the certificates of authorities that the machine's owner trusts.
const HOST_CERTIFICATES: [&str; 2] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"];

/// How often it is looked whether the user has given up.
pub(super) const TICK: Duration = Duration::from_millis(50);

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
                pause(Duration::from_secs(u64::from(attempt)), url, patience)?;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Waits, unless the user gives up.
fn pause(time: Duration, url: &str, patience: Patience) -> Result<(), FetchError> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        if (patience.give_up)() {
            return Err(FetchError::Interrupted { url: url.to_owned() });
        }
        thread::sleep(TICK);
    }
    Ok(())
}

/// Copies what `url` names to a file, once.
fn try_once(url: &str, to: &Path, patience: Patience) -> Result<(), FetchError> {
    let agent = agent(url, patience.silence)?;
    let mut file = File::create(to).map_err(|error| FetchError::Write { path: to.to_owned(), error })?;
    let mut transfer = Transfer::begin(agent, (url, to), patience)?;
    while let Some(block) = transfer.next_block()? {
        file.write_all(&block).map_err(|error| FetchError::Write { path: to.to_owned(), error })?;
    }
    Ok(())
}

fn agent(url: &str, silence: Duration) -> Result<ureq::Agent, FetchError> {
    let host_trusts = HOST_CERTIFICATES.iter().any(|path| Path::new(path).exists());
    let roots = if host_trusts { RootCerts::PlatformVerifier } else { RootCerts::WebPki };
    let config = ureq::Agent::config_builder()
        .user_agent(concat!("fruix/", env!("CARGO_PKG_VERSION")))
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .proxy(proxy::choose(url, |name| std::env::var(name).ok())?)
        .timeout_connect(Some(silence))
        .timeout_recv_response(Some(silence));
    Ok(config.build().new_agent())
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

    const IMPATIENT: Patience =
        Patience { attempts: 2, silence: Duration::from_millis(300), ..Patience::USUAL };

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
    fn nothing_is_taken_for_which_there_is_no_room() {
        let giant = "HTTP/1.1 200 OK\r\ncontent-length: 1152921504606846976\r\nconnection: close\r\n\r\nte";
        let error = downloaded(&serve(&[giant])).unwrap_err();
        assert!(error.to_string().ends_with(": it has 1152921504606846976 bytes"), "{error}");
    }

    /// One who waits for the answer, for the rest of it, or for the next attempt.
    #[test]
    fn one_who_has_given_up_waits_for_no_server() {
        let half = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nte";
        let busy = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        for response in ["", half, busy] {
            let directory = tempfile::tempdir().unwrap();
            let patience = Patience { give_up: || true, ..Patience::USUAL };
            let error = download(&serve(&[response]), &directory.path().join("file"), patience, &|_| {});
            assert!(matches!(error, Err(FetchError::Interrupted { .. })), "{error:?}");
        }
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
