//! A timeline as an SVG: one row for each part, with its name on the left and how long it took beside its bar.
//!
//! The picture needs nothing but itself. Every text has a place that no other one has: names a column, what stands beside
//! a bar a row and a margin, the numbers of the axis a distance.

use std::fmt::Write;

use super::scale::{Scale, cut, seconds};
use super::{Ending, Kind, Span, Timeline};

/// In pixels. A character of a font with one width is 0.6 of its size wide.
const FONT: f64 = 12.0;
const CHARACTER: f64 = 0.6 * FONT;
const ROW: f64 = 18.0;
const MARGIN: f64 = 12.0;
const PLOT: f64 = 720.0;
/// The title, what is said of the ready line, and the numbers of the axis.
const HEAD: f64 = 3.0 * ROW + MARGIN;
/// The numbers of the axis are at least so far apart.
const APART: f64 = 70.0;

/// In characters.
const LONGEST_NAME: usize = 28;
const LONGEST_NOTE: usize = 40;

/// The picture, under this title.
pub fn draw(timeline: &Timeline, title: &str) -> String {
    let rows = timeline.rows();
    let names = rows.iter().map(|span| label(span).chars().count()).max().unwrap_or(0) as f64 * CHARACTER;
    let left = MARGIN + names + MARGIN;
    let height = HEAD + rows.len() as f64 * ROW + MARGIN;
    let width = left + PLOT + LONGEST_NOTE as f64 * CHARACTER + MARGIN;
    let drawing = Drawing { left, height, scale: Scale::new(timeline.end(), PLOT), text: String::new() };
    let body = drawing.all(timeline, &rows, &cut(title, (width / CHARACTER) as usize - 4));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" font-family=\"monospace\" font-size=\"{FONT}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{body}</svg>\n"
    )
}

struct Drawing {
    /// Where the bars begin.
    left: f64,
    height: f64,
    scale: Scale,
    text: String,
}

impl Drawing {
    fn all(mut self, timeline: &Timeline, rows: &[&Span], title: &str) -> String {
        self.write(MARGIN, ROW, title, "font-weight=\"bold\"");
        self.axis();
        for (number, span) in rows.iter().enumerate() {
            self.row(HEAD + number as f64 * ROW, span);
        }
        if let Some(ready) = timeline.ready {
            self.ready(ready);
        }
        self.text
    }

    fn axis(&mut self) {
        for mark in self.scale.marks(APART) {
            let x = self.left + self.scale.at(mark);
            self.line(x, "#dddddd");
            // Without the rest that binary fractions leave.
            let number = (mark * 1000.0).round() / 1000.0;
            self.write(x + 2.0, 3.0 * ROW, &format!("{number}"), "fill=\"#666666\"");
        }
    }

    fn ready(&mut self, at: f64) {
        let x = self.left + self.scale.at(at);
        self.line(x, "#1a7f37");
        let text = format!("ready after {}", seconds(at));
        // On the left of its line, where it has room whenever that is.
        let x = (x - text.chars().count() as f64 * CHARACTER).max(MARGIN);
        self.write(x, 2.0 * ROW, &text, "fill=\"#1a7f37\"");
    }

    fn row(&mut self, top: f64, span: &Span) {
        let (from, to) = (self.scale.at(span.start), self.scale.at(span.end));
        let base = top + ROW - 5.0;
        let weight = if span.kind == Kind::Stage { "font-weight=\"bold\"" } else { "" };
        self.write(MARGIN, base, &label(span), weight);
        let _ = writeln!(
            self.text,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"><title>{}</title></rect>",
            self.left + from,
            top + 3.0,
            // What took no time is seen all the same.
            (to - from).max(1.0),
            ROW - 6.0,
            color(span),
            escape(&format!("{}: {}", span.name, note(span, usize::MAX))),
        );
        let fill = if span.ending == Ending::Good { "fill=\"#444444\"" } else { "fill=\"#b00020\"" };
        self.write(self.left + to.max(from + 1.0) + 4.0, base, &note(span, LONGEST_NOTE), fill);
    }

    fn line(&mut self, x: f64, color: &str) {
        let (top, bottom) = (HEAD - MARGIN, self.height - MARGIN);
        let _ = writeln!(
            self.text,
            "<line x1=\"{x:.1}\" y1=\"{top:.1}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\" stroke=\"{color}\"/>"
        );
    }

    fn write(&mut self, x: f64, y: f64, text: &str, more: &str) {
        let _ = writeln!(self.text, "<text x=\"{x:.1}\" y=\"{y:.1}\" {more}>{}</text>", escape(text));
    }
}

/// The name of a part; what belongs to a stage is indented.
fn label(span: &Span) -> String {
    let indent = if span.kind == Kind::Stage { "" } else { "\u{a0}\u{a0}" };
    cut(&format!("{indent}{}", span.name), LONGEST_NAME)
}

/// How long it took, and how it ended if not well.
fn note(span: &Span, most: usize) -> String {
    let time = seconds(span.seconds());
    let text = match span.ending {
        Ending::Good => time,
        Ending::Failed => format!("{time}, FAILED {}", span.message),
        Ending::Unfinished => format!("{time}, not over"),
    };
    cut(text.trim_end(), most)
}

fn color(span: &Span) -> &'static str {
    match (span.ending, span.kind) {
        (Ending::Failed, _) => "#d1242f",
        (Ending::Unfinished, _) => "#e8912d",
        (Ending::Good, Kind::Stage) => "#1f4e79",
        (Ending::Good, Kind::Activation) => "#5b9bd5",
        (Ending::Good, Kind::Service) => "#8db96e",
    }
}

/// A text as XML has it: names are those of services, and what a console says may be anything.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
