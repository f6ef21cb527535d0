//! The last words of a service that failed, from wherever there are some: the console of this boot, what syslogd wrote, and
//! a log of the service's own.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::system::live::Machine;
use crate::vm::console::{Console, Sign, last_start};
use crate::vm::timeline::{Kind, Timeline};

/// So many lines are told of each place.
const MOST_LINES: usize = 5;

/// So much of the end of a file is looked at.
const MOST_BYTES: u64 = 256 << 10;

/// Where the console is told to come from.
const CONSOLE: &str = "console";

/// Where syslogd writes what daemons, and whoever uses logger(1), say.
const SYSLOGD: [&str; 2] = ["/var/log/messages", "/var/log/auth.log"];

/// Lines of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Excerpt {
    /// A file, or `console`.
    pub from: String,
    /// The last ones, the oldest first.
    pub lines: Vec<String>,
}

/// What is known of a script. `console`: what the kernel has kept of it.
pub fn of(place: &Machine, console: &str, script: &str) -> Vec<Excerpt> {
    let own = format!("/var/log/{script}.log");
    // The message buffer, and logs, may hold more than one boot.
    let mut places = vec![(CONSOLE, of_console(last_start(console), script))];
    for path in SYSLOGD {
        places.push((path, of_messages(last_start(tail(&place.file(path)).as_str()), script)));
    }
    places.push((own.as_str(), tail(&place.file(&own)).lines().map(str::to_owned).collect()));
    let excerpt = |(from, mut lines): (&str, Vec<String>)| {
        lines.retain(|line| !line.trim().is_empty());
        lines.drain(..lines.len().saturating_sub(MOST_LINES));
        (!lines.is_empty()).then(|| Excerpt { from: from.to_owned(), lines })
    };
    places.into_iter().filter_map(excerpt).collect()
}

/// What the console said between the beginning and the end of the script.
fn of_console(text: &str, script: &str) -> Vec<String> {
    let (mut console, mut timeline) = (Console::default(), Timeline::default());
    for sign in console.feed(text.as_bytes()) {
        if matches!(sign, Sign::Service(..) | Sign::Said(_)) {
            timeline.take(&sign, 0.0);
        }
    }
    let span = timeline.bad(Kind::Service).into_iter().find(|span| span.name == script);
    span.map(|span| span.lines.clone()).unwrap_or_default()
}

/// What syslogd wrote for it: `Nov 23 22:13:20 HOST TAG[NUMBER]: TEXT`.
fn of_messages(text: &str, script: &str) -> Vec<String> {
    let is_of_script = |line: &&str| {
        let rest = line.split_whitespace().nth(4).and_then(|tag| tag.strip_prefix(script));
        rest.is_some_and(|rest| rest == ":" || rest.starts_with('['))
    };
    text.lines().filter(is_of_script).map(str::to_owned).collect()
}

/// The end of a file; nothing where it cannot be read, for it is only one of several places.
fn tail(path: &Path) -> String {
    read_tail(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn read_tail(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Vec::new());
    }
    file.seek(SeekFrom::Start(metadata.len().saturating_sub(MOST_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
