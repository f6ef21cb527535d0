use super::*;
use crate::eval::lockdown::Purity;
use crate::eval::modules::Declaration;
use crate::eval::{SourceText, Value};

fn entry(text: &str) -> Entry {
    let evaluation = Evaluation {
        value: Value::Text(text.into()),
        roots: Vec::new(),
        derivations: Default::default(),
        texts: Vec::new(),
        forms: Vec::new(),
        files: Vec::new(),
        result_at: None,
        declaration: SourceText { name: "a.scm".into(), text: text.into() },
        caveats: Vec::new(),
        sources: Vec::new(),
    };
    let request = Request::Module { path: "/b.scm".into() };
    Entry { asked: vec![(request, Sha256::of("answer"))], evaluation }
}

fn key(text: &str) -> Key {
    let declaration = Declaration::expression(text).unwrap();
    Key::of(&Job { declaration, search: Vec::new(), purity: Purity::Pure }).unwrap()
}

#[test]
fn an_entry_is_found_by_its_key_alone() {
    let directory = tempfile::tempdir().unwrap();
    let cache = Cache::new(directory.path().join("evaluations"));
    assert_eq!(cache.find(&key("1")), None);
    cache.keep(&key("1"), &entry("one")).unwrap();
    assert_eq!(cache.find(&key("1")), Some(entry("one")));
    assert_eq!(cache.find(&key("2")), None);
    cache.keep(&key("1"), &entry("other")).unwrap();
    assert_eq!(cache.find(&key("1")), Some(entry("other")));
}

#[test]
fn the_key_holds_all_that_is_known_before() {
    let declaration = |text| Declaration::expression(text).unwrap();
    let job = |search: &[&str], purity| Job {
        declaration: declaration("1"),
        search: search.iter().map(PathBuf::from).collect(),
        purity,
    };
    let keys = [
        Key::of(&job(&[], Purity::Pure)),
        Key::of(&job(&[], Purity::Impure)),
        Key::of(&job(&["/a"], Purity::Pure)),
        Key::of(&job(&["/a", "/b"], Purity::Pure)),
        Key::of(&Job { declaration: declaration("2"), ..job(&[], Purity::Pure) }),
    ];
    for (index, key) in keys.iter().enumerate() {
        assert!(key.is_some() && !keys[..index].contains(key), "{index}");
    }
}

#[test]
fn damaged_and_foreign_files_count_as_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let cache = Cache::new(directory.path().to_owned());
    cache.keep(&key("1"), &entry("one")).unwrap();
    let path = cache.path(&key("1"));
    let whole = fs::read(&path).unwrap();
    for length in [0, 1, 31, 32, 33, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(cache.find(&key("1")), None, "{length} bytes");
    }
    let at = whole.windows(3).position(|bytes| bytes == b"one").unwrap();
    let mut changed = whole.clone();
    changed[at] = b'0';
    fs::write(&path, &changed).unwrap();
    assert_eq!(cache.find(&key("1")), None, "another text");
    // Another version of this program may write other things, with a right digest.
    let foreign = b"{\"version\":2}";
    fs::write(&path, [Sha256::of(foreign).as_bytes().as_slice(), foreign].concat()).unwrap();
    assert_eq!(cache.find(&key("1")), None, "foreign");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(cache.find(&key("1")), None, "a directory");
    assert!(cache.keep(&key("1"), &entry("one")).is_err());
}

#[test]
fn what_was_used_longest_ago_goes_first() {
    let directory = tempfile::tempdir().unwrap();
    let cache = Cache::new(directory.path().to_owned());
    cache.keep(&key("old"), &entry("old")).unwrap();
    let long_ago = SystemTime::now() - std::time::Duration::from_secs(1000);
    for number in 0..MAX_ENTRIES {
        let path = directory.path().join(format!("entry-{number}"));
        fs::write(&path, "x").unwrap();
        File::open(&path).unwrap().set_modified(long_ago).unwrap();
    }
    // Its use makes the old entry a young one.
    File::open(cache.path(&key("old"))).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    assert!(cache.find(&key("old")).is_some());
    cache.keep(&key("new"), &entry("new")).unwrap();
    cache.trim().unwrap();
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), MAX_ENTRIES);
    assert!(cache.find(&key("old")).is_some() && cache.find(&key("new")).is_some());
    let large = directory.path().join("large");
    File::create(&large).unwrap().set_len(MAX_BYTES).unwrap();
    cache.trim().unwrap();
    assert!(fs::read_dir(directory.path()).unwrap().count() <= 2);
}
