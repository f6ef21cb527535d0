//! Numbers for the names of users and groups, from FreeBSD's account files.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{Account, MetalogError};

/// Which number each name of a user and of a group has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts {
    users: BTreeMap<String, u32>,
    groups: BTreeMap<String, u32>,
}

impl Accounts {
    /// Reads `etc/master.passwd` and `etc/group` of the trees. A name keeps the number of the first tree that
    /// knows it; a file that a tree does not have is passed over.
    pub fn of_trees(trees: &[&Path]) -> Result<Accounts, MetalogError> {
        let mut accounts = Accounts::default();
        for tree in trees {
            read_ids(&tree.join("etc/master.passwd"), &mut accounts.users)?;
            read_ids(&tree.join("etc/group"), &mut accounts.groups)?;
        }
        Ok(accounts)
    }

    /// The user of that name. `root` is 0 even where no file says so.
    pub(super) fn user(&self, name: &str) -> Option<Account> {
        find(&self.users, name, "root")
    }

    /// The group of that name. `wheel` is 0 even where no file says so.
    pub(super) fn group(&self, name: &str) -> Option<Account> {
        find(&self.groups, name, "wheel")
    }

    /// The user with that number. One that no account file knows is taken for `root`: the tree was unpacked by
    /// an ordinary user, to whom its files now belong.
    pub(super) fn user_with_id(&self, id: u32) -> Account {
        find_id(&self.users, id, "root")
    }

    /// The group with that number; `wheel` for one that no account file knows, as with users.
    pub(super) fn group_with_id(&self, id: u32) -> Account {
        find_id(&self.groups, id, "wheel")
    }
}

fn find(table: &BTreeMap<String, u32>, name: &str, zero: &str) -> Option<Account> {
    let id = table.get(name).copied().or_else(|| (name == zero).then_some(0))?;
    Some(Account { name: name.to_owned(), id })
}

fn find_id(table: &BTreeMap<String, u32>, id: u32, zero: &str) -> Account {
    // 0 has several names (root and toor): the usual one is meant.
    let named = table.iter().find(|&(_, &number)| number == id && id != 0);
    named.map_or_else(
        || Account { name: zero.to_owned(), id: 0 },
        |(name, _)| Account { name: name.clone(), id },
    )
}

/// Adds the names and numbers of a file in the form `name:password:number:…`, comments and NIS lines passed
/// over.
fn read_ids(path: &Path, table: &mut BTreeMap<String, u32>) -> Result<(), MetalogError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(MetalogError::Read { path: PathBuf::from(path), source }),
    };
    for line in String::from_utf8_lossy(&text).lines() {
        let mut fields = line.split(':');
        let (Some(name), Some(id)) = (fields.next(), fields.nth(1)) else { continue };
        if name.starts_with(['#', '+', '-']) {
            continue;
        }
        if let Ok(id) = id.trim().parse() {
            table.entry(name.trim().to_owned()).or_insert(id);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(passwd: &str, group: &str) -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        fs::create_dir(tree.path().join("etc")).unwrap();
        fs::write(tree.path().join("etc/master.passwd"), passwd).unwrap();
        fs::write(tree.path().join("etc/group"), group).unwrap();
        tree
    }

    #[test]
    fn the_first_tree_that_knows_a_name_decides() {
        let first = tree("# $FreeBSD$\nroot:*:0:0::0:0::/root:/bin/sh\nman:*:9:9::0:0::/:/x\n", "+:*::\n");
        let second = tree("man:*:1009:9::0:0::/:/x\nbuild:*:99:99::0:0::/:/x\n", "operator:*:5:root\n");
        let accounts = Accounts::of_trees(&[first.path(), second.path()]).unwrap();
        assert_eq!(accounts.user("man").unwrap().id, 9);
        assert_eq!(accounts.user("build").unwrap().id, 99);
        assert_eq!(accounts.group("operator").unwrap().id, 5);
        assert_eq!(accounts.user("nobody-knows"), None);
        assert_eq!(accounts.user_with_id(9).name, "man");
        assert_eq!(accounts.user_with_id(12345).name, "root");
    }

    #[test]
    fn root_and_wheel_need_no_file() {
        let accounts = Accounts::of_trees(&[Path::new("/nonexistent")]).unwrap();
        assert_eq!(accounts.user("root").unwrap().id, 0);
        assert_eq!(accounts.group("wheel").unwrap().id, 0);
        assert_eq!(accounts.group_with_id(0).name, "wheel");
    }
}
