//! Whatever a client sends, the daemon answers it in the words of the protocol, or ends the connection; it serves others
//! afterwards, and leaves nothing behind.
#![no_main]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use arbitrary::Unstructured;
use fruix::daemon::messages::{Answer, Request, Welcome};
use fruix::daemon::server::{Listener, Server, Setup};
use fruix::daemon::socket;
use fruix::derivation::{Derivation, Hashes, Output};
use fruix::store::{Layout, Store, Text};
use fruix::store_path::StorePath;
use fruix::util::frames;
use fruix_fuzz::traffic::{greeting, traffic};
use libfuzzer_sys::{Corpus, fuzz_target};
use nix::sys::signal::{SigHandler, Signal, signal};

/// An answer comes before this time.
const PATIENCE: Duration = Duration::from_secs(60);

/// After so many connections garbage is collected: what they add would fill the disk.
const ROUND: u32 = 256;

/// A daemon in a thread of this process, and a store of its own.
struct Daemon {
    _root: tempfile::TempDir,
    layout: Layout,
    /// Of the store.
    items: Vec<StorePath>,
    connections: AtomicU32,
}

static DAEMON: LazyLock<Daemon> = LazyLock::new(|| {
    // SAFETY: no handler is set. A client that is gone ends this process otherwise: libFuzzer's `main` is not Rust's, which
    // ignores this signal.
    unsafe { signal(Signal::SIGPIPE, SigHandler::SigIgn) }.expect("no signal");
    let root = tempfile::tempdir().expect("a directory");
    // Users of builds have to get in.
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
    let layout = Layout::new(root.path()).expect("a store");
    let items = fill(&Store::open(layout.clone()).expect("a store"), root.path());
    // Builds are begun, and fail: what they do otherwise is not of the protocol.
    let setup = Setup { layout: layout.clone(), launcher: "/bin/false".into(), proxies: Default::default() };
    let path = socket(&layout);
    let listener = Listener::new(&layout, None, &path).expect("a socket");
    let server = Server::new(setup, listener).expect("a server");
    thread::spawn(move || server.run(&|| false, &|| false));
    Daemon { _root: root, layout, items, connections: AtomicU32::new(0) }
});

/// A tree, a text that refers to it, and a derivation; kept by a root each.
fn fill(store: &Store, place: &Path) -> Vec<StorePath> {
    let tree = store.add_tree("tree", Path::new("/etc/hostname")).expect("a tree");
    let text =
        Text { name: "text".into(), contents: tree.to_string(), references: BTreeSet::from([tree.clone()]) };
    let path = text.path().expect("a path");
    store.add_texts(vec![text]).expect("a text");
    let mut derivation = Derivation {
        outputs: [("out".to_owned(), Output::default())].into(),
        input_srcs: BTreeSet::from([tree.clone()]),
        system: "x86_64-linux".to_owned(),
        builder: "/bin/sh".to_owned(),
        ..Derivation::default()
    };
    let drv = derivation.instantiate("x", &mut Hashes::new()).expect("a derivation");
    store.add_derivation(&derivation, "x").expect("a derivation");
    let items = vec![tree, path, drv];
    for (number, item) in items.iter().enumerate() {
        let link = place.join(format!("root-{number}"));
        std::os::unix::fs::symlink(store.layout().physical(item), &link).expect("a link");
        store.register_root(&link).expect("a root");
    }
    items
}

/// Where identical files are shared, beside the items.
const POOL: &str = ".links";

impl Daemon {
    /// Sends bytes, and gives what is answered until the connection ends.
    fn say(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = UnixStream::connect(socket(&self.layout)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        let mut answers = stream.try_clone().expect("a socket");
        // Both at once: neither side waits for the other to make room.
        let listening = thread::spawn(move || {
            let mut answer = Vec::new();
            answers.read_to_end(&mut answer).map(|_| answer)
        });
        // It may have had enough before the end.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        match listening.join().expect("a thread") {
            Ok(answer) => answer,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Vec::new(),
            Err(error) => panic!("no end in time: {error}"),
        }
    }

    /// All answers, which have to be in the words of the protocol.
    fn answers(&self, bytes: &[u8]) -> Vec<Answer> {
        let said = self.say(bytes);
        let Some(mut rest) = said.strip_prefix(greeting().as_slice()) else {
            assert!(said.is_empty(), "no greeting: {said:?}");
            return Vec::new();
        };
        let Some(welcome) = frames::receive::<Welcome>(&mut rest).expect("a welcome") else {
            return Vec::new();
        };
        assert!(matches!(welcome, Welcome::Welcome { .. }), "{welcome:?}");
        let mut answers = Vec::new();
        while let Some(answer) = frames::receive::<Answer>(&mut rest).expect("an answer") {
            answers.push(answer);
        }
        answers
    }

    /// Asks as everybody does, and stays for the answer: what is done for one who has gone is given up.
    fn ask(&self, request: &Request) -> Option<Answer> {
        let mut stream = UnixStream::connect(socket(&self.layout)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        stream.write_all(&greeting()).expect("a daemon that listens");
        frames::send(&mut stream, request).expect("a message");
        let mut theirs = greeting();
        stream.read_exact(&mut theirs).expect("a greeting");
        let welcome = frames::receive::<Welcome>(&mut stream).expect("a welcome");
        assert!(matches!(welcome, Some(Welcome::Welcome { .. })), "{welcome:?}");
        frames::receive(&mut stream).expect("an answer")
    }

    /// Nothing but what it was filled with is there when garbage has been collected.
    fn tidy(&self) {
        let answer = self.ask(&Request::Collect { max_freed: None });
        assert!(matches!(answer, Some(Answer::Collected(_))), "{answer:?}");
        let names = fs::read_dir(self.layout.store_dir()).expect("a store");
        let names = names.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
        let left: Vec<String> = names
            .filter(|name| name != POOL && !self.items.iter().any(|item| item.base_name() == name))
            .collect();
        let items = left.iter().filter(|name| StorePath::from_base_name(name).is_ok()).count();
        assert_eq!((left.len(), items), (0, 0), "left behind: {left:?}");
    }
}

fuzz_target!(init: { LazyLock::force(&DAEMON); }, |bytes: &[u8]| -> Corpus {
    let daemon = &*DAEMON;
    let Ok(sent) = traffic(&mut Unstructured::new(bytes), &daemon.items) else { return Corpus::Reject };
    daemon.answers(&sent);
    let all = daemon.ask(&Request::Valid { items: daemon.items.clone() });
    assert_eq!(all, Some(Answer::Items(daemon.items.iter().cloned().collect())));
    if daemon.connections.fetch_add(1, Ordering::Relaxed) % ROUND == ROUND - 1 {
        daemon.tidy();
    }
    Corpus::Keep
});
