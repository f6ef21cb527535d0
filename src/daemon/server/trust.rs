//! Who may do what.

use std::ffi::CString;

use nix::unistd::{Gid, Group, Uid, User, geteuid, getgrouplist};

use crate::store::Settings;
use crate::sys::{sockets::Peer, user_name};
use crate::util::report::Report;

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing.
    Stranger,
    /// What changes nothing for others: ask, add what is named by its contents, build, and look after what is nobody's.
    Allowed,
    /// Everything: who is trusted is as good as the user whose store it is.
    Trusted,
}

/// A user, and what that one may do.
#[derive(Debug, Clone, Copy)]
pub struct Visitor {
    pub peer: Peer,
    pub standing: Standing,
}

impl Visitor {
    /// Refuses what only trusted users may do. `what` comes before “for trusted users alone”; `instead` is what the user
    /// can do.
    pub fn require_trust(self, what: &str, instead: &str) -> Result<(), Report> {
        if self.standing == Standing::Trusted {
            return Ok(());
        }
        Err(Report::new(
            format!("{what} for trusted users alone"),
            format!("{instead}; or have the operator name you among the `trusted-users` (docs/daemon.md)"),
        ))
    }
}

/// What the settings say of a user. Root, and whose daemon it is, are trusted whatever they say.
pub fn standing(peer: Peer, settings: &Settings) -> Standing {
    if peer.uid == 0 || peer.uid == geteuid().as_raw() || is_among(peer, &settings.trusted_users) {
        Standing::Trusted
    } else if is_among(peer, &settings.allowed_users) {
        Standing::Allowed
    } else {
        Standing::Stranger
    }
}

/// How messages name a user.
pub fn name(peer: Peer) -> String {
    user_name(Uid::from_raw(peer.uid))
}

/// Whether one of the patterns is for the user: `*`, a name or number, or `@` and the name or number of a group.
fn is_among(peer: Peer, patterns: &[String]) -> bool {
    let account = account(peer);
    let groups = groups(peer, account.as_ref());
    patterns.iter().any(|pattern| match pattern.strip_prefix('@') {
        _ if pattern == "*" => true,
        Some(group) => gid(group).is_some_and(|gid| groups.contains(&gid)),
        None => {
            let is_name = account.as_ref().is_some_and(|user| user.name == *pattern);
            is_name || pattern.parse() == Ok(peer.uid)
        }
    })
}

fn account(peer: Peer) -> Option<User> {
    User::from_uid(Uid::from_raw(peer.uid)).ok().flatten()
}

/// The groups of the user's account, and the one the connection was made with.
fn groups(peer: Peer, account: Option<&User>) -> Vec<Gid> {
    let listed = account.and_then(|user| {
        let name = CString::new(user.name.as_str()).ok()?;
        getgrouplist(&name, user.gid).ok()
    });
    [Gid::from_raw(peer.gid)].into_iter().chain(listed.unwrap_or_default()).collect()
}

fn gid(group: &str) -> Option<Gid> {
    let named = Group::from_name(group).ok().flatten().map(|group| group.gid);
    named.or_else(|| group.parse().ok().map(Gid::from_raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(allowed: &[&str], trusted: &[&str]) -> Settings {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Settings { allowed_users: list(allowed), trusted_users: list(trusted), ..Settings::default() }
    }

    /// Nobody's numbers.
    const PEER: Peer = Peer { uid: 1_987_654_321, gid: 1_987_654_322 };

    #[test]
    fn names_numbers_groups_and_all() {
        let of = |allowed: &[&str], trusted: &[&str]| standing(PEER, &settings(allowed, trusted));
        assert_eq!(of(&[], &[]), Standing::Stranger);
        assert_eq!(of(&["root", "@wheel", "1987654322", "@1987654321"], &["root"]), Standing::Stranger);
        assert_eq!(of(&["*"], &["root"]), Standing::Allowed);
        assert_eq!(of(&["1987654321"], &[]), Standing::Allowed);
        assert_eq!(of(&["@1987654322"], &[]), Standing::Allowed);
        assert_eq!(of(&["root"], &["@1987654322"]), Standing::Trusted);
    }

    #[test]
    fn root_and_the_owner_are_trusted_whatever_is_set() {
        for uid in [0, geteuid().as_raw()] {
            assert_eq!(standing(Peer { uid, gid: 5 }, &settings(&[], &[])), Standing::Trusted);
        }
        let daemon = User::from_name("daemon").unwrap().expect("every Unix has it");
        let peer = Peer { uid: daemon.uid.as_raw(), gid: PEER.gid };
        assert_eq!(standing(peer, &settings(&["daemon"], &[])), Standing::Allowed);
        let group = Group::from_gid(daemon.gid).unwrap().expect("a group");
        assert_eq!(standing(peer, &settings(&[&format!("@{}", group.name)], &[])), Standing::Allowed);
    }
}
