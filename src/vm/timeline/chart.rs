//! A timeline in characters, for a terminal.

use std::fmt::Write;

use super::scale::{Scale, cut, seconds};
use super::{Ending, Kind, Span, Timeline};

/// In characters.
const LONGEST_NAME: usize = 20;
const LEAST_BARS: usize = 20;
/// What stands beside a bar: how long it took.
const TIMES: usize = 12;

/// What belongs to a stage and took a smaller part of the whole is left out, unless it did not end well.
const LEAST_SHARE: f64 = 0.01;

/// The chart, at most so many characters wide, but for what is said of parts that failed.
pub fn draw(timeline: &Timeline, width: usize) -> String {
    let bars = width.saturating_sub(LONGEST_NAME + 2 + TIMES).max(LEAST_BARS);
    let end = timeline.end();
    let scale = Scale::new(end, bars as f64);
    let is_shown = |span: &Span| {
        span.kind == Kind::Stage || span.ending != Ending::Good || span.seconds() >= LEAST_SHARE * end
    };
    let (shown, short): (Vec<&Span>, Vec<&Span>) =
        timeline.rows().into_iter().partition(|span| is_shown(span));
    let mut text = String::new();
    for span in shown {
        let _ = writeln!(text, "{}", row(span, &scale, bars));
    }
    if !short.is_empty() {
        let total: f64 = short.iter().map(|span| span.seconds()).sum();
        let _ = writeln!(text, "{} shorter ones took {} together", short.len(), seconds(total));
    }
    if let Some(ready) = timeline.ready {
        let _ = writeln!(text, "ready after {}", seconds(ready));
    }
    text
}

fn row(span: &Span, scale: &Scale, bars: usize) -> String {
    let indent = if span.kind == Kind::Stage { "" } else { "  " };
    let name = cut(&format!("{indent}{}", span.name), LONGEST_NAME);
    let place = |at: f64| (scale.at(at).round() as usize).min(bars);
    let from = place(span.start).min(bars - 1);
    // What took no time is seen all the same.
    let long = place(span.end).saturating_sub(from).max(1);
    let fill = match (span.ending, span.kind) {
        (Ending::Failed, _) => "x",
        (Ending::Unfinished, _) => "?",
        (Ending::Good, Kind::Stage) => "=",
        (Ending::Good, _) => "-",
    };
    let bar = format!("{}{}", " ".repeat(from), fill.repeat(long));
    let ending = match span.ending {
        Ending::Good => String::new(),
        Ending::Failed => format!(", FAILED {}", span.message).trim_end().to_owned(),
        Ending::Unfinished => ", not over".to_owned(),
    };
    format!("{name:LONGEST_NAME$} |{bar:bars$} {:>9}{ending}", seconds(span.seconds()))
}
