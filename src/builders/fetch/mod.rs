//! `builtin:fetch`: a file or an archive from `http(s)://` or `file://`.
//!
//! Always a fixed-output derivation: what it makes is checked against the declared digest afterwards, so
//! nothing here has to trust the server, and only this builder's sandbox has a network.
//!
//! Environment: `url`; `unpack`, `1` to unpack an archive (see [`unpack`]) or empty to take the file as it is.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use miette::Diagnostic;
use thiserror::Error;
use ureq::tls::{RootCerts, TlsConfig};

use super::{Builder, BuilderContext, BuilderError, phase};

mod unpack;

/// See [`Builder::version`].
const VERSION: &str = "1";

/// The builder's row in the table.
pub(super) const BUILDER: Builder = Builder { name: "fetch", version: VERSION, run };

/// How often a download is tried before its last error counts.
const ATTEMPTS: u32 = 3;

/// How long a server may stay silent.
const SILENCE: Duration = Duration::from_secs(60);

/// Where Debian and FreeBSD keep the certificates of authorities that the machine's owner trusts.
const HOST_CERTIFICATES: [&str; 2] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"];

/// Why nothing was fetched.
#[derive(Debug, Error, Diagnostic)]
pub enum FetchError {
    #[error("cannot fetch `{url}`: the scheme is none of http, https and file")]
    #[diagnostic(help(
        "write the whole address, as in https://example.org/src.txz or file:///home/me/src.txz"
    ))]
    Scheme { url: String },

    #[error("cannot download `{url}`: {error}")]
    #[diagnostic(help(
        "check the address and this machine's network; http_proxy and https_proxy are honoured"
    ))]
    Download { url: String, error: Box<ureq::Error> },

    #[error("the download of `{url}` broke off: {error}")]
    #[diagnostic(help("run the command again"))]
    Transfer { url: String, error: io::Error },

    #[error("cannot read `{}`: {error}", path.display())]
    #[diagnostic(help("a file:// address names a file of this machine that its user may read"))]
    Open { path: PathBuf, error: io::Error },

    #[error("cannot write `{}`: {error}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Write { path: PathBuf, error: io::Error },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Unpack(#[from] unpack::UnpackError),
}

/// The file a `file://` address names, for those who have to make it visible to the builder.
pub fn local_file(url: &str) -> Option<&Path> {
    url.strip_prefix("file://").map(|rest| rest.strip_prefix("localhost").unwrap_or(rest)).map(Path::new)
}

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let url = context.required("url")?;
    let out = context.output("out")?;
    phase("fetch");
    if context.optional("unpack").is_some() {
        let archive = context.build_dir.join("archive");
        fetch(url, &archive)?;
        phase("unpack");
        unpack::unpack(&archive, &context.build_dir.join("tree"), out).map_err(FetchError::from)?;
    } else {
        fetch(url, out)?;
    }
    Ok(())
}

/// Writes what `url` names to the file `to`.
fn fetch(url: &str, to: &Path) -> Result<(), FetchError> {
    if let Some(path) = local_file(url) {
        let from = File::open(path).map_err(|error| FetchError::Open { path: path.to_owned(), error })?;
        return save(from, to, |error| FetchError::Open { path: path.to_owned(), error });
    }
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(FetchError::Scheme { url: url.to_owned() });
    }
    let mut attempt = 1;
    loop {
        match download(url, to) {
            Err(error) if attempt < ATTEMPTS && is_transient(&error) => {
                eprintln!("{error}; trying again");
                std::thread::sleep(Duration::from_secs(u64::from(attempt)));
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

fn download(url: &str, to: &Path) -> Result<(), FetchError> {
    eprintln!("downloading {url}");
    let host_trusts = HOST_CERTIFICATES.iter().any(|path| Path::new(path).exists());
    let roots = if host_trusts { RootCerts::PlatformVerifier } else { RootCerts::WebPki };
    let agent = ureq::Agent::config_builder()
        .user_agent(concat!("fruix/", env!("CARGO_PKG_VERSION")))
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .timeout_connect(Some(SILENCE))
        .timeout_recv_response(Some(SILENCE))
        .build()
        .new_agent();
    let response = agent
        .get(url)
        .call()
        .map_err(|error| FetchError::Download { url: url.to_owned(), error: Box::new(error) })?;
    save(response.into_body().into_reader(), to, |error| FetchError::Transfer { url: url.to_owned(), error })
}

/// Copies the stream to the file; `unreadable` names the failure of its reading side.
fn save(
    mut from: impl Read,
    to: &Path,
    unreadable: impl FnOnce(io::Error) -> FetchError,
) -> Result<(), FetchError> {
    use std::io::Write;

    let unwritable = |error| FetchError::Write { path: to.to_owned(), error };
    let mut file = File::create(to).map_err(unwritable)?;
    let mut buffer = vec![0; 1 << 17];
    loop {
        let length = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error)),
        };
        file.write_all(&buffer[..length]).map_err(unwritable)?;
    }
}

/// Whether another attempt may fare better: the server's or the network's fault, not the address's.
fn is_transient(error: &FetchError) -> bool {
    match error {
        FetchError::Transfer { .. } => true,
        FetchError::Download { error, .. } => match **error {
            ureq::Error::StatusCode(status) => status >= 500 || status == 429,
            ureq::Error::BadUri(_) | ureq::Error::HostNotFound => false,
            _ => true,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        fs,
        io::{BufRead, BufReader, Write},
        net::TcpListener,
        thread,
    };

    use super::*;

    fn context(directory: &Path, url: &str, unpack: &str) -> BuilderContext {
        let build_dir = directory.join("build");
        fs::create_dir_all(&build_dir).unwrap();
        BuilderContext {
            env: BTreeMap::from([
                ("url".to_owned(), url.to_owned()),
                ("unpack".to_owned(), unpack.to_owned()),
            ]),
            outputs: BTreeMap::from([("out".to_owned(), directory.join("out"))]),
            build_dir,
            cores: 1,
        }
    }

    /// Answers one connection after the other with these responses; gives the address.
    fn serve(responses: Vec<String>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/file", listener.local_addr().unwrap());
        thread::spawn(move || {
            for response in responses {
                let (mut stream, _) = listener.accept().unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
                stream.write_all(response.as_bytes()).unwrap();
            }
        });
        address
    }

    #[test]
    fn a_local_file_is_copied() {
        let directory = tempfile::tempdir().unwrap();
        let from = directory.path().join("from");
        fs::write(&from, "text").unwrap();
        run(&context(directory.path(), &format!("file://{}", from.display()), "")).unwrap();
        assert_eq!(fs::read_to_string(directory.path().join("out")).unwrap(), "text");
    }

    #[test]
    fn a_download_survives_a_server_that_is_busy_once() {
        let url = serve(vec![
            "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ntext".to_owned(),
        ]);
        let directory = tempfile::tempdir().unwrap();
        run(&context(directory.path(), &url, "")).unwrap();
        assert_eq!(fs::read_to_string(directory.path().join("out")).unwrap(), "text");
    }

    #[test]
    fn an_absent_page_and_a_foreign_scheme_are_errors_at_once() {
        let url = serve(vec!["HTTP/1.1 404 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()]);
        let directory = tempfile::tempdir().unwrap();
        let error = run(&context(directory.path(), &url, "")).unwrap_err();
        assert!(matches!(error, BuilderError::Fetch(FetchError::Download { .. })), "{error}");
        let error = run(&context(directory.path(), "gopher://x", "")).unwrap_err();
        assert!(matches!(error, BuilderError::Fetch(FetchError::Scheme { .. })), "{error}");
    }
}
