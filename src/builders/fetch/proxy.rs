//! Which proxy a download goes through: what curl, apt and their like understand by the same variables.

use ureq::Proxy;

use super::FetchError;

/// The variables that say so, in the writing that every program knows.
pub const VARIABLES: [&str; 4] = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];

/// The proxy for `url`, by the variables that `variable` knows; none where the address is to be reached directly.
pub fn choose(url: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Proxy>, FetchError> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let own = if url.starts_with("https:") { "https_proxy" } else { "http_proxy" };
    let Some((name, value)) = [own, "all_proxy"].into_iter().find_map(|name| Some((name, set(name)?))) else {
        return Ok(None);
    };
    if set("no_proxy").is_some_and(|list| is_exempt(host(url), &list)) {
        return Ok(None);
    }
    match Proxy::new(&value) {
        Ok(proxy) => Ok(Some(proxy)),
        Err(error) => Err(FetchError::Proxy { name, value, error: Box::new(error) }),
    }
}

/// The host that an address names, without user and port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// Whether the list names the host or a domain that it is in.
fn is_exempt(host: &str, list: &str) -> bool {
    let host = host.to_ascii_lowercase();
    list.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        let domain = entry.trim_start_matches('*').trim_start_matches('.').to_ascii_lowercase();
        let below = || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
        entry == "*" || host == domain || below()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(url: &str, variables: &[(&str, &str)]) -> Option<String> {
        let look_up =
            |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
        choose(url, look_up).unwrap().map(|proxy| proxy.host().to_owned())
    }

    #[test]
    fn the_variable_of_the_scheme_comes_before_that_for_all() {
        let variables =
            [("http_proxy", "http://plain:1"), ("all_proxy", "http://all:3"), ("https_proxy", "")];
        assert_eq!(chosen("http://example.org/x", &variables).as_deref(), Some("plain"));
        assert_eq!(chosen("https://example.org/x", &variables).as_deref(), Some("all"));
        assert_eq!(chosen("http://example.org/x", &[("https_proxy", "http://tls:2")]), None);
    }

    #[test]
    fn hosts_and_their_domains_can_be_exempt() {
        let exempt = |url: &str, list: &str| {
            chosen(url, &[("all_proxy", "http://proxy:1"), ("no_proxy", list)]).is_none()
        };
        for list in ["*", "example.org", ".example.org", "localhost, Example.ORG", "*.example.org"] {
            assert!(exempt("http://user@src.example.org:8080/x", list), "{list}");
        }
        assert!(exempt("http://[::1]:80/x", "::1"));
        for list in ["ample.org", "localhost", ",", "rc.example.org"] {
            assert!(!exempt("http://src.example.org/x", list), "{list}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_named() {
        let error = choose("http://x/y", |name| (name == "http_proxy").then(|| "teleport://x".to_owned()));
        assert!(error.unwrap_err().to_string().contains("http_proxy"));
    }
}
