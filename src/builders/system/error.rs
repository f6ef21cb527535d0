//! Why a system could not be assembled.

use std::{io, path::PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::builders::freebsd::metalog::MetalogError;

/// A failure of the builder `system`. The declaration has been checked before; what is left are contradictions
/// that only show once the world is there, and faults of the derivation.
#[derive(Debug, Error, Diagnostic)]
pub enum SystemError {
    #[error("cannot read the specification of the system: {0}")]
    #[diagnostic(help(
        "the derivation was made by another version of fruix; evaluate the declaration again"
    ))]
    Spec(serde_json::Error),

    #[error("cannot write JSON: {0}")]
    #[diagnostic(help("this is a fault of fruix"))]
    Json(serde_json::Error),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Metalog(#[from] MetalogError),

    #[error("cannot read the directory `{}`: {source}", path.display())]
    #[diagnostic(help("the item is damaged; `fruix store verify --check-contents` says more"))]
    ReadDirectory { path: PathBuf, source: io::Error },

    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help("the item is damaged; `fruix store verify --check-contents` says more"))]
    Read { path: PathBuf, source: io::Error },

    #[error("cannot write `{}`: {source}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Write { path: PathBuf, source: io::Error },

    #[error("the name of `{}` is not valid UTF-8", path.display())]
    #[diagnostic(help(
        "a system is assembled from files with ordinary names; remove this one from the item"
    ))]
    FileName { path: PathBuf },

    #[error("`{missing}` is not in {item}")]
    #[diagnostic(help("{help}"))]
    Incomplete { item: String, missing: &'static str, help: &'static str },

    #[error("two parts of the system have a file `{path}`")]
    #[diagnostic(help("only one of them can be the system's: leave one out, or rename it"))]
    Conflict { path: String },

    #[error("`/{path}` is declared, and belongs to fruix")]
    #[diagnostic(help(
        "it tells whether the system is up; settings for rc have their place in `rc-conf`, and checks in a \
         `ready-check`"
    ))]
    OwnFile { path: String },

    #[error("the system has no root file system")]
    #[diagnostic(help("declare a file system with the mount point `/`"))]
    NoRoot,

    #[error("line {line} of the manifest is not one that fruix writes: `{text}`")]
    #[diagnostic(help("the closure is damaged, or was made by another version of fruix"))]
    ManifestLine { line: usize, text: String },

    #[error("`{path}` is no path below /etc that activation can take")]
    #[diagnostic(help(
        "name files and directories relative to /etc and without spaces, as in `ssh/sshd_config`"
    ))]
    EtcPath { path: String },

    #[error("the world has no time zone `{name}`")]
    #[diagnostic(help(
        "correct the field `timezone`: a name below the world's /usr/share/zoneinfo, such as \"Europe/Zurich\", or \
         \"UTC\"; a world built WITHOUT_ZONEINFO has none"
    ))]
    TimeZone { name: String },
    #[error("`/{path}` is a directory of the system, and a file is declared in its place")]
    #[diagnostic(help("give the file a path below it"))]
    DirectoryInPlace { path: String },

    #[error("`{path}` cannot be the path of a special file")]
    #[diagnostic(help("give an absolute path without `..`, outside of /etc"))]
    SpecialPath { path: String },

    #[error("the special file `{path}` would lie in `/{directory}`, which belongs to the world")]
    #[diagnostic(help(
        "choose a directory that is the machine's own, such as /usr/local, /opt, /var or /root"
    ))]
    SpecialInWorld { path: String, directory: String },

    #[error("the loader setting `{name}` cannot be used: {why}")]
    #[diagnostic(help("the loader silently ignores what it cannot take; shorten or reword the value"))]
    LoaderValue { name: String, why: String },

    #[error("the loader setting `{name}` belongs to the system itself")]
    #[diagnostic(help("remove it from the loader settings: it names a store item of this very system"))]
    LoaderReserved { name: String },

    #[error("the rc.conf setting `{name}` cannot be used: {why}")]
    #[diagnostic(help("rc.conf is read by sh: names are letters, digits and `_`, values printable ASCII"))]
    RcValue { name: String, why: String },

    #[error("`{name}` cannot be the name of an account")]
    #[diagnostic(help("use at most 32 letters, digits and `_-.`, with a letter or `_` first"))]
    AccountName { name: String },

    #[error("the account `{name}` has a colon or a line break in `{text}`")]
    #[diagnostic(help("master.passwd separates its fields by colons"))]
    AccountField { name: String, text: String },

    #[error("the account `{name}` has the shell `{shell}`, which the world does not have")]
    #[diagnostic(help(
        "correct the field `shell`: nobody can log in with a shell that is not there; those of packages lie below \
         /usr/local/bin, and /bin/sh is in every world"
    ))]
    Shell { name: String, shell: String },

    #[error("the account `{name}` has the uid {uid}, which is that of `{other}`")]
    #[diagnostic(help("choose another uid, or leave it out: then the machine takes the next free one"))]
    UserNumber { name: String, uid: u32, other: String },

    #[error("the group `{name}` has the gid {gid}, which is that of `{other}`")]
    #[diagnostic(help("choose another gid, or leave it out: then the machine takes the next free one"))]
    GroupNumber { name: String, gid: u32, other: String },

    #[error("`{name}` is an account of the base system with another number")]
    #[diagnostic(help("leave its number out, or give your account another name"))]
    BaseAccount { name: String },

    #[error("the account `{user}` is in the group `{group}`, which does not exist")]
    #[diagnostic(help("declare it with `user-group`, or name one of the base system's groups"))]
    UnknownGroup { user: String, group: String },

    #[error("`{}` has a line that is no account: `{line}`", path.display())]
    #[diagnostic(help("the world's account files must be in the form of passwd(5) and group(5)"))]
    AccountLine { path: PathBuf, line: String },

    #[error("the directory `{path}` is to belong to the {what} `{name}`, whose number is not known yet")]
    #[diagnostic(help("name an account of the base system, or declare one with a number"))]
    DirectoryOwner { path: String, what: &'static str, name: String },

    #[error("the directory `{path}` has the mode `{mode}`, which is not octal or too large")]
    #[diagnostic(help("write modes as in `0755`"))]
    DirectoryMode { path: String, mode: String },

    #[error("`{path}` cannot stand in a manifest of the root file system")]
    #[diagnostic(help("use printable ASCII without spaces, backslashes and wildcards"))]
    ManifestPath { path: String },

    #[error("`{name}` cannot be the name of an activation step")]
    #[diagnostic(help("use letters, digits and `-`, and no name of a step that every system has"))]
    SnippetName { name: String },

    #[error("the ready check `{name}` does not fit on a line")]
    #[diagnostic(help("its name is one word and its command one line"))]
    ReadyCheck { name: String },
}
