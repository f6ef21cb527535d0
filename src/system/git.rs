//! Trees of git commits.
//!
//! A commit names its tree by digest, so the declaration pins what it gets; where it comes from is of no account to
//! the result. The host's `git` does the transfer into a bare repository under the cache, with the configuration,
//! attributes and environment of user and host shut out, since line-ending or filter settings would change the files.

use std::env;
use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use miette::Diagnostic;
use nix::sys::signal::Signal;
use thiserror::Error;

use crate::hash::Sha256;
use crate::sys::interrupt;

/// Why a commit's tree cannot be had.
#[derive(Debug, Error, Diagnostic)]
pub enum GitError {
    #[error("`{commit}` is no full git commit")]
    #[diagnostic(help(
        "a commit is 40 hexadecimal digits: branches and short forms can change their meaning"
    ))]
    Commit { commit: String },
    #[error("cannot run git: {source}")]
    #[diagnostic(help("install it: apt-get install git (Debian), pkg install git (FreeBSD)"))]
    Run { source: std::io::Error },
    #[error("cannot make the directory {}: {source}", path.display())]
    Directory { path: PathBuf, source: std::io::Error },
    #[error("cannot {what} of {url}: {said}")]
    #[diagnostic(help("is the address right, and does the repository serve this commit?"))]
    Failed { what: String, url: String, said: String },
    #[error("interrupted while git worked on {url}")]
    #[diagnostic(help("what was transferred so far may have to be transferred again"))]
    Interrupted { url: String },
}

/// Variables of git's environment that say how to reach a server: these alone are passed on.
const ENVIRONMENT: &[&str] =
    &["GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"];

/// What servers and remote helpers say when they serve branches and tags, and not the one commit.
const NOT_SERVED: &[&str] = &["unadvertised object", "not our ref", "couldn't find remote ref"];

/// Makes sure that a commit is spelt in full.
///
/// # Errors
/// Anything but 40 hexadecimal digits.
pub fn check_commit(commit: &str) -> Result<(), GitError> {
    if commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(GitError::Commit { commit: commit.into() })
}

/// Writes the tree of `commit` from the repository at `url` into the empty directory `into`.
///
/// `cache` holds one bare repository for each address, so that a second commit transfers what is new.
///
/// # Errors
/// git is missing, the transfer fails, or the repository has no such commit.
pub fn export(url: &str, commit: &str, cache: &Path, into: &Path) -> Result<(), GitError> {
    check_commit(commit)?;
    let repository = cache.join(Sha256::of(url).hex());
    if !repository.join("HEAD").is_file() {
        std::fs::create_dir_all(&repository)
            .map_err(|source| GitError::Directory { path: repository.clone(), source })?;
        run(&repository, url, "prepare the copy", ["init", "--quiet", "--bare"])?;
    }
    let object = format!("{commit}^{{commit}}");
    if !succeeds(&repository, ["cat-file", "-e", &object])? {
        fetch(&repository, url, commit)?;
    }
    let mut prefix = into.as_os_str().to_owned();
    prefix.push("/");
    let index = into.with_extension("index");
    let indexed = |args: &[&OsStr], what: &str| {
        let mut command = git(&repository);
        command.env("GIT_INDEX_FILE", &index).env("GIT_WORK_TREE", into).args(args);
        finish(command, url, what)
    };
    indexed(&["read-tree".as_ref(), commit.as_ref()], &format!("read commit {commit}"))?;
    let mut to = std::ffi::OsString::from("--prefix=");
    to.push(&prefix);
    let written =
        indexed(&["checkout-index".as_ref(), "--all".as_ref(), &to], &format!("write commit {commit}"));
    // The index has served; what is left of it in the scratch directory harms nobody.
    let _ = std::fs::remove_file(&index);
    written
}

/// When a commit of the repository at `url` was made, in seconds since 1970; `None` if `cache` does not have it.
pub fn commit_time(url: &str, commit: &str, cache: &Path) -> Option<i64> {
    check_commit(commit).ok()?;
    let mut command = git(&cache.join(Sha256::of(url).hex()));
    command.args(["show", "--no-patch", "--format=%ct", commit]);
    let output = output(command).ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// The commit of the repository that a file lies in, with `-dirty` where something there differs from it; `None` where
/// there is no repository, no commit or no git.
pub fn revision_at(file: &Path) -> Option<String> {
    let directory = file.canonicalize().ok()?.parent()?.to_owned();
    let said = |args: &[&str]| {
        let mut command = isolated();
        command.arg("-C").arg(&directory).args(args);
        let output = output(command).ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = said(&["rev-parse", "--verify", "HEAD"])?;
    let clean = said(&["status", "--porcelain"])?.is_empty();
    Some(if clean { commit } else { commit + "-dirty" })
}

/// Asks for the one commit; a server that serves no single commits is asked for all of its branches and tags.
fn fetch(repository: &Path, url: &str, commit: &str) -> Result<(), GitError> {
    let what = format!("fetch commit {commit}");
    match run(repository, url, &what, ["fetch", "--quiet", "--depth=1", "--", url, commit]) {
        Err(GitError::Failed { said, .. }) if NOT_SERVED.iter().any(|words| said.contains(words)) => {}
        other => return other,
    }
    run(repository, url, &what, ["fetch", "--quiet", "--tags", "--", url, "+refs/*:refs/fetched/*"])?;
    let object = format!("{commit}^{{commit}}");
    run(repository, url, &format!("find commit {commit}"), ["cat-file", "-e", &object])
}

/// git on one repository, without what user and host have set, and never asking for a password.
fn git(repository: &Path) -> Command {
    let mut command = isolated();
    command.args(["-c", "core.attributesFile=/dev/null", "--git-dir"]).arg(repository);
    command
}

/// git without what user and host have set, and never asking for a password.
fn isolated() -> Command {
    let mut command = Command::new("git");
    let own = |name: &OsStr| {
        name.as_encoded_bytes().starts_with(b"GIT_") && !ENVIRONMENT.iter().any(|passed| name == *passed)
    };
    env::vars_os().filter(|(name, _)| own(name)).for_each(|(name, _)| {
        command.env_remove(name);
    });
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_ATTR_NOSYSTEM", "1");
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh");
    // What it says is looked into.
    command.env("LC_ALL", "C");
    command.stdin(Stdio::null());
    command
}

fn output(mut command: Command) -> Result<Output, GitError> {
    command.output().map_err(|source| GitError::Run { source })
}

fn succeeds<const N: usize>(repository: &Path, args: [&str; N]) -> Result<bool, GitError> {
    let mut command = git(repository);
    command.args(args);
    Ok(output(command)?.status.success())
}

fn run<const N: usize>(repository: &Path, url: &str, what: &str, args: [&str; N]) -> Result<(), GitError> {
    let mut command = git(repository);
    command.args(args);
    finish(command, url, what)
}

fn finish(command: Command, url: &str, what: &str) -> Result<(), GitError> {
    let output = output(command)?;
    if output.status.success() {
        return Ok(());
    }
    // Ctrl-C reaches git as well: that it failed then says nothing about the server.
    if interrupt::requested() || output.status.signal() == Some(Signal::SIGINT as i32) {
        return Err(GitError::Interrupted { url: url.into() });
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
    Err(GitError::Failed { what: what.into(), url: url.into(), said })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(dir: &Path) -> (String, String) {
        let sh = |script: &str| {
            let mut command = Command::new("sh");
            command.current_dir(dir).env("GIT_CONFIG_GLOBAL", "/dev/null").args(["-ec", script]);
            let output = command.output().expect("sh");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("text").trim().to_string()
        };
        sh("git init -q . && mkdir d && echo one > d/file && ln -s d/file link && printf 'a\\r\\n' > crlf");
        sh("printf '* text=auto\\n' > .gitattributes && chmod +x d/file && git add .");
        sh("git -c user.name=t -c user.email=t@example.org commit -qm first");
        (format!("file://{}", dir.display()), sh("git rev-parse HEAD"))
    }

    #[test]
    fn a_commit_becomes_its_tree() {
        let dir = tempfile::tempdir().expect("tempdir");
        let (source, cache, into) = (dir.path().join("s"), dir.path().join("c"), dir.path().join("tree"));
        std::fs::create_dir_all(&source).expect("mkdir");
        std::fs::create_dir_all(&into).expect("mkdir");
        let (url, commit) = repository(&source);
        export(&url, &commit, &cache, &into).expect("export");
        assert_eq!(std::fs::read_to_string(into.join("d/file")).expect("read"), "one\n");
        assert_eq!(std::fs::read_link(into.join("link")).expect("link"), Path::new("d/file"));
        assert!(!into.join(".git").exists());
        assert!(commit_time(&url, &commit, &cache).is_some_and(|time| time > 1_000_000_000));
        assert_eq!(commit_time(&url, &"0".repeat(40), &cache), None);
    }

    #[test]
    fn what_the_user_has_set_for_git_changes_no_tree() {
        const INNER: &str = "FRUIX_TEST_GIT";
        let name = "system::git::tests::what_the_user_has_set_for_git_changes_no_tree";
        if let Some(dir) = env::var_os(INNER) {
            let dir = Path::new(&dir);
            let commit = std::fs::read_to_string(dir.join("commit")).expect("commit");
            let url = format!("file://{}", dir.join("source").display());
            export(&url, &commit, &dir.join("cache"), &dir.join("tree")).expect("export");
            assert_eq!(std::fs::read(dir.join("tree/crlf")).expect("read"), b"a\n");
            return;
        }
        let dir = tempfile::tempdir().expect("tempdir");
        let at = |name: &str| dir.path().join(name);
        for directory in ["source", "tree", "config/git"] {
            std::fs::create_dir_all(at(directory)).expect("mkdir");
        }
        std::fs::write(at("commit"), repository(&at("source")).1).expect("write");
        std::fs::write(at("config/git/attributes"), "crlf eol=crlf\n").expect("write");
        let status = Command::new(env::current_exe().expect("program"))
            .args(["--exact", name])
            .env(INNER, dir.path())
            .env("XDG_CONFIG_HOME", at("config"))
            .env("GIT_OBJECT_DIRECTORY", at("nowhere"))
            .envs([
                ("GIT_CONFIG_COUNT", "1"),
                ("GIT_CONFIG_KEY_0", "core.autocrlf"),
                ("GIT_CONFIG_VALUE_0", "true"),
            ])
            .status()
            .expect("run");
        assert!(status.success());
    }

    #[test]
    fn only_a_server_without_single_commits_is_asked_for_all() {
        let dir = tempfile::tempdir().expect("tempdir");
        let source = dir.path().join("source");
        std::fs::create_dir_all(&source).expect("mkdir");
        let (url, first) = repository(&source);
        let commit = |what: &str| {
            let mut git = Command::new("git");
            git.current_dir(&source).args([
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org",
                "commit",
                "-q",
            ]);
            assert!(git.args(["--allow-empty", "-m", what]).status().expect("git").success());
        };
        commit("second");
        // By the old protocol a server gives only what its branches and tags name.
        let set = |name: &str, value: &str| {
            let mut git = Command::new("git");
            assert!(git.current_dir(&source).args(["config", name, value]).status().expect("git").success());
        };
        set("uploadpack.allowAnySHA1InWant", "false");
        let into = dir.path().join("tree");
        std::fs::create_dir_all(&into).expect("mkdir");
        export(&url, &first, &dir.path().join("cache"), &into).expect("export");
        // No server at all: nothing more is asked for.
        let gone = format!("file://{}", dir.path().join("gone").display());
        let error = export(&gone, &first, &dir.path().join("other"), &into).expect_err("gone");
        assert!(
            matches!(&error, GitError::Failed { what, .. } if what.starts_with("fetch commit")),
            "{error}"
        );
        let refs = dir.path().join("other").join(Sha256::of(&gone).hex()).join("refs/fetched");
        assert!(!refs.exists());
    }

    #[test]
    fn an_unknown_commit_and_a_short_one_are_refused() {
        let dir = tempfile::tempdir().expect("tempdir");
        let (source, cache, into) = (dir.path().join("s"), dir.path().join("c"), dir.path().join("tree"));
        std::fs::create_dir_all(&source).expect("mkdir");
        std::fs::create_dir_all(&into).expect("mkdir");
        let (url, _) = repository(&source);
        let unknown = export(&url, &"0123456789".repeat(4), &cache, &into).expect_err("unknown");
        assert!(matches!(unknown, GitError::Failed { .. }), "{unknown}");
        assert!(matches!(export(&url, "main", &cache, &into), Err(GitError::Commit { .. })));
    }
}
