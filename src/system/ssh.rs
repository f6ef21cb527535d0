//! Where the SSH server of a system listens.

use std::{fs, path::Path};

/// Where a server listens that is told nothing else.
const DEFAULT: u16 = 22;

/// The port of the system whose closure lies at `system`, by its configuration of sshd.
pub fn port(system: &Path) -> u16 {
    let configuration = fs::read_to_string(system.join("etc/ssh/sshd_config")).unwrap_or_default();
    configured_port(&configuration).unwrap_or(DEFAULT)
}

/// The first `Port` of a configuration, outside what holds for some connections only.
fn configured_port(configuration: &str) -> Option<u16> {
    let settings = configuration.lines().map(|line| {
        let mut words = line.split(|c: char| c.is_whitespace() || c == '=').filter(|word| !word.is_empty());
        (words.next().unwrap_or_default().to_ascii_lowercase(), words.next())
    });
    let mut general = settings.take_while(|(name, _)| name != "match");
    general.find(|(name, _)| name == "port")?.1?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_the_first_that_holds_for_all() {
        assert_eq!(configured_port("# Port 1\nUsePAM yes\n  port\t2022\nPort 3\n"), Some(2022));
        assert_eq!(configured_port("Port=2222\n"), Some(2222));
        assert_eq!(configured_port("Match User ada\nPort 3\n"), None);
        let nothing = tempfile::tempdir().unwrap();
        assert_eq!(port(nothing.path()), 22);
    }
}
