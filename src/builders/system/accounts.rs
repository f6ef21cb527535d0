//! The accounts of a system: those of the base, and those of the declaration merged into them.
//!
//! The result holds no password: activation merges it into the `master.passwd` of the machine, which keeps the
//! passwords, and makes the databases there.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    SystemError,
    spec::{Group, Spec, User},
};
use crate::store_path::STORE_DIR;

/// Users and groups in the order they will stand in.
#[derive(Debug)]
pub struct Accounts {
    users: Vec<Account>,
    groups: Vec<GroupLine>,
}

#[derive(Debug)]
struct Account {
    name: String,
    /// `None`: chosen on the machine.
    uid: Option<u32>,
    /// A number, or the name of a group whose number is chosen on the machine.
    group: String,
    class: String,
    comment: String,
    home: String,
    shell: String,
    create_home: bool,
}

#[derive(Debug)]
struct GroupLine {
    name: String,
    gid: Option<u32>,
    members: Vec<String>,
}

impl Accounts {
    /// Merges the declaration into the accounts of the world at `world` (as this process sees it).
    ///
    /// `has_program` says whether the world has a program at an absolute path: an account of the base whose
    /// shell the world was built without gets `/bin/sh`; a declared one is refused.
    pub fn merge(world: &Path, spec: &Spec, has_program: &dyn Fn(&str) -> bool) -> Result<Self, SystemError> {
        let mut accounts = Self {
            users: read(world, "etc/master.passwd", base_user)?,
            groups: read(world, "etc/group", base_group)?,
        };
        for user in accounts.users.iter_mut().filter(|user| user.shell.starts_with("/bin/")) {
            if !has_program(&user.shell) {
                user.shell = "/bin/sh".to_owned();
            }
        }
        for group in &spec.groups {
            accounts.add_group(group)?;
        }
        for user in &spec.users {
            if is_of_world(&user.shell) && !has_program(&user.shell) {
                return Err(SystemError::Shell { name: user.name.clone(), shell: user.shell.clone() });
            }
            accounts.add_user(user)?;
        }
        Ok(accounts)
    }

    /// The number of a user, if it is fixed before the system runs.
    pub fn uid(&self, name: &str) -> Option<u32> {
        self.users.iter().find(|user| user.name == name)?.uid
    }

    /// The number of a group, if it is fixed before the system runs.
    pub fn gid(&self, name: &str) -> Option<u32> {
        self.groups.iter().find(|group| group.name == name)?.gid
    }

    /// Lines `name:uid:group:class:comment:home:shell`, with an empty uid where the machine chooses.
    pub fn users_text(&self) -> String {
        let mut text = String::new();
        for Account { name, uid, group, class, comment, home, shell, .. } in &self.users {
            let uid = number(*uid);
            let _ = writeln!(text, "{name}:{uid}:{group}:{class}:{comment}:{home}:{shell}");
        }
        text
    }

    /// Lines `name:gid:members`, with an empty gid where the machine chooses.
    pub fn groups_text(&self) -> String {
        let mut text = String::new();
        for GroupLine { name, gid, members } in &self.groups {
            let _ = writeln!(text, "{name}:{}:{}", number(*gid), members.join(","));
        }
        text
    }

    /// Lines `name:home` for the users whose home directory activation makes.
    pub fn homes_text(&self) -> String {
        self.users.iter().filter(|user| user.create_home).fold(String::new(), |mut text, user| {
            let _ = writeln!(text, "{}:{}", user.name, user.home);
            text
        })
    }

    fn add_group(&mut self, declared: &Group) -> Result<(), SystemError> {
        check_name(&declared.name)?;
        let same_number = |group: &&GroupLine| declared.gid.is_some() && group.gid == declared.gid;
        if let Some(other) = self.groups.iter().filter(|g| g.name != declared.name).find(same_number) {
            return Err(SystemError::GroupNumber {
                name: declared.name.clone(),
                gid: declared.gid.unwrap_or_default(),
                other: other.name.clone(),
            });
        }
        match self.groups.iter_mut().find(|group| group.name == declared.name) {
            Some(base) => {
                if declared.gid.is_some_and(|gid| Some(gid) != base.gid) {
                    return Err(SystemError::BaseAccount { name: declared.name.clone() });
                }
                merge_members(&mut base.members, &declared.members);
            }
            None => self.groups.push(GroupLine {
                name: declared.name.clone(),
                gid: declared.gid,
                members: declared.members.clone(),
            }),
        }
        Ok(())
    }

    fn add_user(&mut self, declared: &User) -> Result<(), SystemError> {
        check_name(&declared.name)?;
        for field in [&declared.comment, &declared.home, &declared.shell] {
            if field.contains([':', '\n']) {
                return Err(SystemError::AccountField { name: declared.name.clone(), text: field.clone() });
            }
        }
        // An account of the base may share its number with another one of the base, as root does with toor.
        let is_new = self.users.iter().all(|user| user.name != declared.name);
        let same_number = |user: &&Account| declared.uid.is_some() && user.uid == declared.uid;
        if let Some(other) = self.users.iter().find(same_number).filter(|_| is_new) {
            return Err(SystemError::UserNumber {
                name: declared.name.clone(),
                uid: declared.uid.unwrap_or_default(),
                other: other.name.clone(),
            });
        }
        for group in &declared.supplementary_groups {
            let line = self.group_mut(&declared.name, group)?;
            merge_members(&mut line.members, std::slice::from_ref(&declared.name));
        }
        let group = match self.group_mut(&declared.name, &declared.group)?.gid {
            Some(gid) => gid.to_string(),
            None => declared.group.clone(),
        };
        let mut account = Account {
            name: declared.name.clone(),
            uid: declared.uid,
            group,
            class: String::new(),
            comment: declared.comment.clone(),
            home: declared.home.clone(),
            shell: declared.shell.clone(),
            create_home: declared.create_home,
        };
        match self.users.iter_mut().find(|user| user.name == declared.name) {
            Some(base) => {
                if declared.uid.is_some_and(|uid| Some(uid) != base.uid) {
                    return Err(SystemError::BaseAccount { name: declared.name.clone() });
                }
                account.uid = base.uid;
                account.class.clone_from(&base.class);
                *base = account;
            }
            None => self.users.push(account),
        }
        Ok(())
    }

    fn group_mut(&mut self, user: &str, group: &str) -> Result<&mut GroupLine, SystemError> {
        self.groups
            .iter_mut()
            .find(|line| line.name == group)
            .ok_or_else(|| SystemError::UnknownGroup { user: user.to_owned(), group: group.to_owned() })
    }
}

/// Whether nothing but the world can put a program at the path. Packages bring their own to `/usr/local`.
fn is_of_world(program: &str) -> bool {
    ["/bin/", "/sbin/", "/rescue/", "/libexec/", "/usr/bin/", "/usr/sbin/", "/usr/libexec/"]
        .iter()
        .any(|directory| program.starts_with(directory))
}

fn number(number: Option<u32>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn merge_members(members: &mut Vec<String>, more: &[String]) {
    for name in more {
        if !members.contains(name) {
            members.push(name.clone());
        }
    }
}

/// What FreeBSD and a shell script both take without quoting.
fn check_name(name: &str) -> Result<(), SystemError> {
    let fits = name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    if fits { Ok(()) } else { Err(SystemError::AccountName { name: name.to_owned() }) }
}

/// Reads the lines of a colon-separated file of the world; one that is absent has none.
fn read<T>(world: &Path, file: &str, parse: impl Fn(&[&str]) -> Option<T>) -> Result<Vec<T>, SystemError> {
    let path = world.join(file);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(SystemError::Read { path, source }),
    };
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<_> = line.split(':').collect();
            parse(&fields)
                .ok_or_else(|| SystemError::AccountLine { path: path.clone(), line: line.to_owned() })
        })
        .collect()
}

fn base_user(fields: &[&str]) -> Option<Account> {
    let [name, _password, uid, gid, class, _change, _expire, comment, home, shell] = fields else {
        return None;
    };
    Some(Account {
        name: (*name).to_owned(),
        uid: Some(uid.parse().ok()?),
        group: (*gid).to_owned(),
        class: (*class).to_owned(),
        comment: (*comment).to_owned(),
        home: (*home).to_owned(),
        shell: (*shell).to_owned(),
        create_home: false,
    })
}

fn base_group(fields: &[&str]) -> Option<GroupLine> {
    let [name, _password, gid, members] = fields else { return None };
    Some(GroupLine {
        name: (*name).to_owned(),
        gid: Some(gid.parse().ok()?),
        members: members.split(',').filter(|member| !member.is_empty()).map(str::to_owned).collect(),
    })
}

/// The `authorized_keys` files of the declaration, by user name. `physical` says where a store path lies.
pub fn authorized_keys(
    spec: &Spec,
    physical: &dyn Fn(&str) -> PathBuf,
) -> Result<BTreeMap<String, String>, SystemError> {
    let mut files = BTreeMap::new();
    for user in spec.users.iter().filter(|user| !user.authorized_keys.is_empty()) {
        let mut text = String::new();
        for key in &user.authorized_keys {
            let lines = if key.starts_with(STORE_DIR) {
                let path = physical(key);
                fs::read_to_string(&path).map_err(|source| SystemError::Read { path, source })?
            } else {
                key.clone()
            };
            text.push_str(lines.trim_end());
            text.push('\n');
        }
        files.insert(user.name.clone(), text);
    }
    Ok(files)
}
