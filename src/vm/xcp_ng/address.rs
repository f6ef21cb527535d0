//! The host of a pool, as a user names it.

use std::fmt;
use std::str::FromStr;

/// The scheme of such addresses.
const SCHEME: &str = "xcp-ng://";

/// Who logs in where nobody is named.
const USUAL_USER: &str = "root";

/// Where XenAPI is served.
const USUAL_PORT: u16 = 443;

/// `xcp-ng://[USER@]HOST[:PORT]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub user: String,
    /// A name or an IP address, the latter without brackets.
    pub host: String,
    pub port: u16,
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no address of a pool: write xcp-ng://HOST or xcp-ng://USER@HOST:PORT");
        let rest = text.strip_prefix(SCHEME).ok_or_else(wrong)?.trim_end_matches('/');
        let (user, place) = rest.rsplit_once('@').unwrap_or((USUAL_USER, rest));
        if user.contains(':') {
            return Err(
                "a password does not belong into an address, which every user of the machine can read: \
                        use --password-file"
                    .to_owned(),
            );
        }
        let (host, port) = split_port(place).ok_or_else(wrong)?;
        if user.is_empty() || host.is_empty() || host.contains(['/', '?', '#', ' ']) {
            return Err(wrong());
        }
        Ok(Self { user: user.to_owned(), host: host.to_owned(), port })
    }
}

/// Host and port of `HOST`, `HOST:PORT`, `[IPv6]` or `[IPv6]:PORT`.
pub fn split_port(place: &str) -> Option<(&str, u16)> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            (host, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    Some((host, port.map_or(Some(USUAL_PORT), |port| port.parse().ok())?))
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{SCHEME}{}@{}:{}", self.user, self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_host_and_perhaps_more() {
        let parsed = |text: &str| {
            let Address { user, host, port } = text.parse().unwrap();
            (user, host, port)
        };
        assert_eq!(parsed("xcp-ng://tower"), ("root".into(), "tower".into(), 443));
        assert_eq!(parsed("xcp-ng://ada@10.0.0.1:8443/"), ("ada".into(), "10.0.0.1".into(), 8443));
        assert_eq!(parsed("xcp-ng://[::1]:8443"), ("root".into(), "::1".into(), 8443));
        assert_eq!(parsed("xcp-ng://[fd00::1]"), ("root".into(), "fd00::1".into(), 443));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["tower", "https://tower", "xcp-ng://", "xcp-ng://@tower", "xcp-ng://tower:x", "xcp-ng://a/b"]
        {
            assert!(text.parse::<Address>().unwrap_err().contains("xcp-ng://HOST"), "{text}");
        }
        assert!("xcp-ng://root:secret@tower".parse::<Address>().unwrap_err().contains("--password-file"));
    }
}
