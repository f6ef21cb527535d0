//! What a client may send to the daemon: requests and data, sound or nearly so, or whatever.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use arbitrary::{Arbitrary, Result, Unstructured};
use fruix::content_address::{ContentAddress, Method};
use fruix::daemon::messages::{Choices, Request};
use fruix::daemon::wire::VERSIONS;
use fruix::derivation::{Derivation, Output};
use fruix::hash::Sha256;
use fruix::store::{PathInfo, Text};
use fruix::store_path::StorePath;

use crate::archive::archive;

/// How both sides of this version begin.
pub fn greeting() -> Vec<u8> {
    let mut greeting = b"fruix-daemon".to_vec();
    greeting.extend(VERSIONS.start().to_le_bytes());
    greeting.extend(VERSIONS.end().to_le_bytes());
    greeting
}

/// Most requests of one connection.
const MAX_REQUESTS: usize = 8;

/// The bytes of a connection; `items` are some that the store has.
pub fn traffic(bytes: &mut Unstructured<'_>, items: &[StorePath]) -> Result<Vec<u8>> {
    let mut sent = Vec::new();
    match bytes.int_in_range(0..=31)? {
        0 => sent.extend(<[u8; 16]>::arbitrary(bytes)?),
        1 => {}
        _ => sent.extend(greeting()),
    }
    for _ in 0..bytes.int_in_range(1..=MAX_REQUESTS)? {
        if bytes.ratio(1, 32)? {
            let noise: &[u8] = bytes.arbitrary()?;
            sent.extend(noise);
        }
        let request = request(bytes, items)?;
        let mut message = serde_json::to_vec(&request).expect("a message");
        if bytes.ratio(1, 8)? {
            let place = bytes.choose_index(message.len())?;
            message[place] = bytes.arbitrary()?;
        }
        let length = if bytes.ratio(1, 32)? { bytes.arbitrary()? } else { message.len() as u32 };
        sent.extend(length.to_le_bytes());
        sent.extend(message);
        if matches!(request, Request::AddTree { .. } | Request::AddItem { .. }) {
            data(bytes, &mut sent)?;
        }
    }
    if bytes.ratio(1, 16)? {
        sent.truncate(bytes.choose_index(sent.len())?);
    }
    Ok(sent)
}

/// An archive in chunks.
fn data(bytes: &mut Unstructured<'_>, sent: &mut Vec<u8>) -> Result<()> {
    let archive = archive(bytes)?;
    let size = bytes.int_in_range(1..=300)?;
    for chunk in archive.chunks(size) {
        let length = if bytes.ratio(1, 256)? { bytes.arbitrary()? } else { chunk.len() as u32 };
        sent.extend(length.to_le_bytes());
        sent.extend(chunk);
    }
    sent.extend(match bytes.int_in_range(0..=15)? {
        0 => u32::MAX.to_le_bytes(),
        1 => u32::arbitrary(bytes)?.to_le_bytes(),
        _ => 0_u32.to_le_bytes(),
    });
    Ok(())
}

fn request(bytes: &mut Unstructured<'_>, items: &[StorePath]) -> Result<Request> {
    Ok(match bytes.int_in_range(0..=26)? {
        0 => Request::Valid { items: paths(bytes, items)? },
        1 => Request::Hold { items: paths(bytes, items)? },
        2 => {
            Request::AddRoot { link: bytes.choose(&["/tmp/none", "relative", "/a/../b", "", "/\0"])?.into() }
        }
        3 => Request::Whole { item: path(bytes, items)? },
        4 => Request::Info { item: path(bytes, items)? },
        5 => Request::Closure { items: paths(bytes, items)? },
        6 => Request::Referrers { item: path(bytes, items)? },
        7 => Request::Realisation { output: path(bytes, items)? },
        8 | 9 => Request::AddTree { name: name(bytes)? },
        10 | 11 => Request::AddTexts { texts: texts(bytes, items)? },
        12 => Request::AddItem { info: info(bytes, items)? },
        13 => Request::Collect { max_freed: bytes.arbitrary()? },
        14 | 15 => Request::Realise { wanted: wanted(bytes, items)?, choices: choices(bytes, items)? },
        16 => Request::Delete { items: paths(bytes, items)?.into_iter().collect() },
        17 => Request::DeleteGenerations { numbers: bytes.arbitrary()? },
        18 => Request::Roots { without: links(bytes)? },
        19 => Request::Live { without: links(bytes)? },
        20 => Request::Dead { without: links(bytes)? },
        21 => Request::Spares,
        22 => Request::WhyLive { item: path(bytes, items)? },
        23 => Request::Optimise,
        24 => Request::Override { settings: settings(bytes)? },
        25 => Request::Check {
            drvs: paths(bytes, items)?.into_iter().collect(),
            choices: choices(bytes, items)?,
        },
        _ => Request::Cancel,
    })
}

fn links(bytes: &mut Unstructured<'_>) -> Result<Vec<PathBuf>> {
    let link = |bytes: &mut Unstructured<'_>| {
        Ok(PathBuf::from(*bytes.choose(&["/tmp/none", "relative", "/", ""])?))
    };
    (0..bytes.int_in_range(0..=2)?).map(|_| link(bytes)).collect()
}

/// What a connection may set, and what it may not.
fn settings(bytes: &mut Unstructured<'_>) -> Result<Vec<(String, String)>> {
    let names =
        &["keep-outputs", "keep-derivations", "max-jobs", "allowed-users", "max-connections", "x", ""];
    let setting = |bytes: &mut Unstructured<'_>| {
        let value = *bytes.choose(&["true", "false", "3", "0", "99999999999999999999", ""])?;
        Ok(((*bytes.choose(names)?).to_owned(), value.to_owned()))
    };
    (0..bytes.int_in_range(0..=2)?).map(|_| setting(bytes)).collect()
}

/// Names of items, of which not all are allowed.
const NAMES: &[&str] =
    &["a", "tree", "x.drv", "a-dev", ".", "..", "", "a/b", "é", "a\0", "x.lock", "-", "a?b=c"];

fn name(bytes: &mut Unstructured<'_>) -> Result<String> {
    Ok((*bytes.choose(NAMES)?).to_owned())
}

/// Mostly one that the store has.
fn path(bytes: &mut Unstructured<'_>, items: &[StorePath]) -> Result<StorePath> {
    if bytes.ratio(3, 4)? {
        return Ok(bytes.choose(items)?.clone());
    }
    let name = *bytes.choose(&["x", "x.drv", "tree"])?;
    StorePath::new(&bytes.arbitrary()?, name).map_err(|_| arbitrary::Error::IncorrectFormat)
}

fn paths(bytes: &mut Unstructured<'_>, items: &[StorePath]) -> Result<Vec<StorePath>> {
    (0..bytes.int_in_range(0..=3)?).map(|_| path(bytes, items)).collect()
}

fn texts(bytes: &mut Unstructured<'_>, items: &[StorePath]) -> Result<Vec<Text>> {
    let text = |bytes: &mut Unstructured<'_>| {
        let references = paths(bytes, items)?.into_iter().collect();
        let derivation = bytes.arbitrary::<bool>()?;
        let contents = if derivation { derivation_text(bytes, items)? } else { bytes.arbitrary()? };
        let name = if derivation { "x.drv".to_owned() } else { name(bytes)? };
        Ok(Text { name, contents, references })
    };
    (0..bytes.int_in_range(0..=3)?).map(|_| text(bytes)).collect()
}

fn derivation_text(bytes: &mut Unstructured<'_>, items: &[StorePath]) -> Result<String> {
    let output = |bytes: &mut Unstructured<'_>| {
        let path = if bytes.arbitrary()? { Some(path(bytes, items)?) } else { None };
        Ok::<_, arbitrary::Error>(Output { path, ..Output::default() })
    };
    let derivation = Derivation {
        outputs: BTreeMap::from([("out".to_owned(), output(bytes)?)]),
        input_srcs: paths(bytes, items)?.into_iter().collect(),
        system: (*bytes.choose(&["x86_64-linux", "none", ""])?).to_owned(),
        builder: (*bytes.choose(&["/bin/sh", "builtin:text", "builtin:fetch", ""])?).to_owned(),
        args: bytes.arbitrary()?,
        env: bytes.arbitrary()?,
        ..Derivation::default()
    };
    Ok(derivation.to_aterm())
}

fn info(bytes: &mut Unstructured<'_>, items: &[StorePath]) -> Result<PathInfo> {
    let digest =
        |bytes: &mut Unstructured<'_>| Ok::<_, arbitrary::Error>(Sha256::of(<&[u8]>::arbitrary(bytes)?));
    let content_address = match bytes.int_in_range(0..=3)? {
        0 => None,
        1 => Some(ContentAddress::Text(digest(bytes)?)),
        2 => Some(ContentAddress::Fixed(Method::Flat, digest(bytes)?)),
        _ => Some(ContentAddress::Fixed(Method::Recursive, digest(bytes)?)),
    };
    let references: BTreeSet<StorePath> = paths(bytes, items)?.into_iter().collect();
    let named = content_address.and_then(|address| address.path("x", &references).ok());
    let path = if bytes.ratio(3, 4)? { named } else { None };
    Ok(PathInfo {
        path: match path {
            Some(path) => path,
            None => self::path(bytes, items)?,
        },
        nar_hash: digest(bytes)?,
        nar_size: bytes.arbitrary()?,
        references,
        deriver: if bytes.arbitrary()? { Some(self::path(bytes, items)?) } else { None },
        content_address,
        registration_time: bytes.arbitrary()?,
    })
}

fn wanted(
    bytes: &mut Unstructured<'_>,
    items: &[StorePath],
) -> Result<BTreeMap<StorePath, BTreeSet<String>>> {
    let outputs = BTreeSet::from([(*bytes.choose(&["out", "dev", "", "../x"])?).to_owned()]);
    Ok(paths(bytes, items)?.into_iter().map(|path| (path, outputs.clone())).collect())
}

fn choices(bytes: &mut Unstructured<'_>, items: &[StorePath]) -> Result<Choices> {
    Ok(Choices {
        max_jobs: bytes.arbitrary::<NonZeroUsize>()?,
        cores: bytes.arbitrary::<NonZeroUsize>()?,
        keep_failed: bytes.arbitrary()?,
        keep_going: bytes.arbitrary()?,
        isolated: bytes.ratio(3, 4)?,
        notes: if bytes.ratio(1, 4)? {
            BTreeMap::from([(path(bytes, items)?, bytes.arbitrary()?)])
        } else {
            BTreeMap::new()
        },
    })
}
