//! What can be said of a declaration's inputs before anything is built from them.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use crate::builders::freebsd::import::{self, Slice};
use crate::builders::freebsd::source_tree::SourceTree;
use crate::builders::freebsd::src_conf;
use crate::eval::{Fault, InputError, Question};
use crate::util::fs::{Operation, PathContext as _};
use crate::util::spelling;

/// Files of keys are small; of what claims to be one, no more than this is looked at.
const MOST_KEY_BYTES: u64 = 1024 * 1024;

/// So many unknown options are shown apart.
const MOST_UNKNOWN_OPTIONS: usize = 3;

/// How the line above a private key begins and ends, whatever its kind (RFC 7468).
const KEY_BEGINS: &str = "-----BEGIN ";
const PRIVATE_KEY: &str = "PRIVATE KEY-----";

/// Answers a question about a file or directory: what is wrong with it.
///
/// Where it cannot be read there is nothing to say: taking it into the store will fail, with the reason.
pub fn examine(path: &Path, question: &Question) -> Vec<Fault> {
    match question {
        Question::SourceTree => source_tree(path).into_iter().collect(),
        Question::KernelConfiguration { target, name } => {
            kernel_configuration(path, target, name).into_iter().collect()
        }
        Question::Options { names } => options(path, names),
        Question::Installed { slice } => installed(path, slice).into_iter().collect(),
        Question::PublicKeys => public_keys(path).into_iter().collect(),
    }
}

fn fault(error: &dyn Diagnostic, label: &str) -> Fault {
    let InputError { message, help } = InputError::from_diagnostic(error);
    Fault { message, label: label.to_string(), help, element: None, only_warning: false }
}

fn source_tree(path: &Path) -> Option<Fault> {
    if let Err(error) = fs::metadata(path).at(Operation::Open, path) {
        return Some(fault(&error, "declared here"));
    }
    SourceTree::open(path).err().map(|error| fault(&error, "expected the top of a source tree"))
}

fn kernel_configuration(path: &Path, target: &str, name: &str) -> Option<Fault> {
    let tree = SourceTree::open(path).ok()?;
    let directory = tree.kernel_configurations(target);
    let entries = fs::read_dir(&directory).ok()?;
    let names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    if names.iter().any(|known| known == name) {
        return None;
    }
    let known = names.iter().map(String::as_str).filter(|name| name.chars().all(|c| !c.is_lowercase()));
    let help = match spelling::nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "give one of its sys/*/conf, or a text of your own as `kernconf-text`".to_string(),
    };
    Some(Fault {
        message: format!("the source tree has no kernel configuration `{name}` for {target}"),
        label: format!("not in sys/{target}/conf of it"),
        help: Some(help),
        element: None,
        only_warning: false,
    })
}

fn options(path: &Path, names: &[String]) -> Vec<Fault> {
    let Ok(tree) = SourceTree::open(path) else { return Vec::new() };
    let unknown = names.iter().enumerate().filter_map(|(index, name)| {
        let error = src_conf::check(&tree, &format!("{name}=yes\n")).err()?;
        Some((name.as_str(), Fault { element: Some(index), ..fault(&error, "unknown option") }))
    });
    let (unknown, mut faults): (Vec<&str>, Vec<Fault>) = unknown.unzip();
    // Not so many slips of the fingers, but another tree than was thought of.
    if unknown.len() > MOST_UNKNOWN_OPTIONS {
        faults.truncate(1);
        faults[0].message = format!("the source tree has none of the options {}", unknown.join(", "));
        faults[0].label = "unknown options".into();
        faults[0].element = None;
    }
    faults
}

fn installed(path: &Path, slice: &str) -> Option<Fault> {
    let slice = Slice::from_name(slice).ok()?;
    import::check(path, slice).err().map(|error| fault(&error, "to be taken from here"))
}

fn public_keys(path: &Path) -> Option<Fault> {
    let text = beginning(path)?;
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let shown = file_name(path);
    match lines.iter().find(|line| !is_public_key(line)) {
        None if lines.is_empty() => Some(Fault {
            message: format!("`{shown}` holds no key"),
            label: "nobody can log in by it".into(),
            help: Some("put lines of .pub files into it".into()),
            element: None,
            only_warning: true,
        }),
        None => None,
        Some(line) => Some(Fault {
            message: format!("`{shown}` has a line that is no public key"),
            label: "expected lines of .pub files: a type, the key, and usually a comment".into(),
            help: Some(format!("the line begins with `{}`", line.chars().take(20).collect::<String>())),
            element: None,
            only_warning: false,
        }),
    }
}

/// Whether a line of an authorized_keys file has the type of a key and, behind it, one. Options may come before.
fn is_public_key(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.windows(2).any(|pair| {
        let [kind, key] = pair else { return false };
        ["ssh-", "ecdsa-", "sk-"].iter().any(|prefix| kind.starts_with(prefix)) && key.starts_with("AAAA")
    })
}

/// Refuses a file with a private key: everybody may read what is in the store.
///
/// # Errors
/// It is one.
pub(super) fn refuse_secrets(path: &Path) -> Result<(), InputError> {
    if !beginning(path).is_some_and(|text| holds_private_key(&text)) {
        return Ok(());
    }
    let help = match PathBuf::from(format!("{}.pub", path.display())) {
        public if public.is_file() => format!("did you mean `{}`?", file_name(&public)),
        _ => "name the file of the public key: its name ends in .pub".to_string(),
    };
    Err(InputError {
        message: format!(
            "`{}` holds a private key, and everybody may read what is in the store",
            file_name(path)
        ),
        help: Some(help),
    })
}

/// Whether a text has a key in it, alone or among certificates. A program that reads keys has the same words in it, and is
/// no text.
fn holds_private_key(text: &str) -> bool {
    let begins_key = |line: &str| line.starts_with(KEY_BEGINS) && line.trim_end().ends_with(PRIVATE_KEY);
    !text.contains('\0') && text.lines().any(begins_key)
}

/// The declaration has the whole path.
fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The text of a small file.
fn beginning(path: &Path) -> Option<String> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST_KEY_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiny() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tiny-src")
    }

    fn one(path: &Path, question: &Question) -> Fault {
        let mut faults = examine(path, question);
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.remove(0)
    }

    #[test]
    fn trees_are_known() {
        assert!(examine(&tiny(), &Question::SourceTree).is_empty());
        let fault = one(&tiny().join("sys"), &Question::SourceTree);
        assert!(fault.message.contains("is not a FreeBSD source tree"), "{fault:?}");
        let missing = tempfile::tempdir().unwrap().path().join("missing");
        let expected = format!("cannot open `{}`: No such file or directory", missing.display());
        assert_eq!(one(&missing, &Question::SourceTree).message, expected);
    }

    #[test]
    fn what_a_tree_lacks_is_named_with_what_is_near() {
        let kernel = |name: &str| Question::KernelConfiguration { target: "amd64".into(), name: name.into() };
        assert!(examine(&tiny(), &kernel("TINY")).is_empty());
        assert_eq!(one(&tiny(), &kernel("TIMY")).help.unwrap(), "did you mean `TINY`?");
        let names = ["WITHOUT_RESCUE", "WITHOUT_RESCUES", "CPUTYPE"].map(str::to_owned).to_vec();
        let fault = one(&tiny(), &Question::Options { names });
        assert_eq!((fault.element, fault.help.as_deref()), (Some(1), Some("did you mean `WITHOUT_RESCUE`?")));
    }

    #[test]
    fn keys_are_public() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("id");
        let faults = |text: &str| {
            fs::write(&path, text).unwrap();
            examine(&path, &Question::PublicKeys)
        };
        assert!(faults("# mine\nssh-ed25519 AAAAC3 me\nfrom=\"a b\" ssh-rsa AAAAB3 x\n").is_empty());
        assert!(faults("# none\n")[0].only_warning);
        assert!(!faults("hello world\n")[0].only_warning);
        fs::write(&path, "-----BEGIN OPENSSH PRIVATE KEY-----\n").unwrap();
        assert!(refuse_secrets(&path).unwrap_err().help.unwrap().contains(".pub"));
        fs::write(directory.path().join("id.pub"), "").unwrap();
        assert!(refuse_secrets(&path).unwrap_err().help.unwrap().starts_with("did you mean"));
        fs::write(&path, "certificate\n-----BEGIN RSA PRIVATE KEY-----\r\nMII\n").unwrap();
        assert!(refuse_secrets(&path).is_err(), "among certificates");
        fs::write(&path, "\x7fELF\0\n-----BEGIN RSA PRIVATE KEY-----\n").unwrap();
        assert!(refuse_secrets(&path).is_ok(), "a program that reads keys");
    }
}
