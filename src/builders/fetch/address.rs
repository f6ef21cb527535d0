//! What an address names: a file of this machine, or something to be downloaded.

use std::path::Path;

use super::FetchError;

/// An address whose scheme is known.
#[derive(Debug, PartialEq, Eq)]
pub enum Address<'a> {
    /// The absolute path of a file of this machine.
    File(&'a Path),
    /// To be downloaded.
    Web,
}

impl<'a> Address<'a> {
    pub fn parse(url: &'a str) -> Result<Self, FetchError> {
        if url.starts_with("http://") || url.starts_with("https://") {
            return Ok(Self::Web);
        }
        let Some(rest) = url.strip_prefix("file://") else {
            return Err(FetchError::Scheme { url: url.to_owned() });
        };
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if !["", "localhost"].contains(&host) || path.is_empty() {
            return Err(FetchError::Elsewhere { url: url.to_owned() });
        }
        Ok(Self::File(Path::new(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_one_of_this_machine_by_its_absolute_path() {
        for url in ["file:///home/me/src.txz", "file://localhost/home/me/src.txz"] {
            assert_eq!(Address::parse(url).unwrap(), Address::File(Path::new("/home/me/src.txz")));
        }
        for url in
            ["file://localhostx/y", "file://home/me/src.txz", "file://src.txz", "file://", "file://localhost"]
        {
            assert!(matches!(Address::parse(url), Err(FetchError::Elsewhere { .. })), "{url}");
        }
        assert_eq!(Address::parse("https://x/y").unwrap(), Address::Web);
        for url in ["gopher://x", "/home/me/src.txz", "file:/x"] {
            assert!(matches!(Address::parse(url), Err(FetchError::Scheme { .. })), "{url}");
        }
    }
}
