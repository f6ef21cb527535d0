//! What stands where.
//!
//! Every decision follows from the tree, the author's line breaks in it, and the column where something starts; and it
//! only ever adds line breaks. So the second run finds the breaks of the first, decides the same, and adds none.

use super::WIDTH;
use super::style::{self, Layout};
use super::tree::{Gap, Node, Shape, needs_space, width};

/// The text of all forms of a file.
pub fn print(forms: &[Node<'_>]) -> String {
    let mut printer = Printer::default();
    for (index, form) in forms.iter().enumerate() {
        if index > 0 {
            // A form has a line of its own; a comment may stand behind one.
            if form.is_comment() && form.before == Gap::Beside && !forms[index - 1].ends_line() {
                printer.write(" ");
            } else {
                printer.line(0, form);
            }
        }
        printer.node(form, 0);
    }
    if !printer.out.is_empty() {
        printer.out.push('\n');
    }
    printer.out
}

#[derive(Default)]
struct Printer {
    out: String,
    column: usize,
}

impl Printer {
    fn write(&mut self, text: &str) {
        self.out.push_str(text);
        self.column = match text.rfind('\n') {
            Some(end) => width(&text[end + 1..]),
            None => self.column + width(text),
        };
    }

    /// Starts a line for a node, after a blank one if the author left any before it.
    fn line(&mut self, indent: usize, node: &Node<'_>) {
        if node.before == Gap::Apart {
            self.out.push('\n');
        }
        self.end_line(indent);
    }

    fn end_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    /// Whether a node fits on the line, if it starts at a column and so many closing parentheses follow.
    fn fits(node: &Node<'_>, column: usize, trail: usize) -> bool {
        node.flat.is_some_and(|flat| column + flat + trail <= WIDTH)
    }

    /// Writes a node here. So many closing parentheses follow it directly.
    fn node(&mut self, node: &Node<'_>, trail: usize) {
        match &node.shape {
            Shape::Atom(text) | Shape::LineComment(text) | Shape::BlockComment(text) => self.write(text),
            Shape::Prefixed { prefix, items } => self.prefixed(prefix, items, trail),
            Shape::List { .. } if Self::fits(node, self.column, trail) => self.flat(node),
            Shape::List { open, items, close, layout } => {
                let start = self.column;
                self.write(open);
                let inner = Inner { items, start, open: width(open), trail: trail + 1 };
                let column = match *layout {
                    Layout::Body { beside, .. } => self.body(&inner, beside),
                    Layout::Call => self.call(&inner, false),
                    Layout::Fill => self.call(&inner, true),
                    Layout::Clause { .. } => self.clause(&inner),
                    Layout::Elements { .. } => {
                        self.items(&inner, self.column, !style::all_lists(items), None)
                    }
                };
                if items.last().is_some_and(Node::ends_line) {
                    self.end_line(column);
                }
                self.write(close);
            }
        }
    }

    /// Writes a node that fits on one line.
    fn flat(&mut self, node: &Node<'_>) {
        match &node.shape {
            Shape::Atom(text) | Shape::LineComment(text) | Shape::BlockComment(text) => self.write(text),
            Shape::Prefixed { prefix, items } => self.prefixed(prefix, items, 0),
            Shape::List { open, items, close, .. } => {
                self.write(open);
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.write(" ");
                    }
                    self.flat(item);
                }
                self.write(close);
            }
        }
    }

    fn prefixed(&mut self, prefix: &str, items: &[Node<'_>], trail: usize) {
        self.write(prefix);
        let column = self.column;
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.end_line(column);
            } else if needs_space(prefix, item) {
                self.write(" ");
            }
            let trail = if index + 1 == items.len() { trail } else { 0 };
            self.node(item, trail);
        }
    }

    // What follows gives the column that a closing parenthesis has on a line of its own.

    /// A form with a body: `(let (…)` and then lines that are indented by two.
    fn body(&mut self, inner: &Inner<'_, '_>, beside: usize) -> usize {
        let (items, indent) = (inner.items, inner.start + 2);
        self.node(&items[0], inner.trail_of(0));
        let first_column = self.column + 1;
        let mut counted = 0;
        let mut whole = true;
        for (index, item) in items.iter().enumerate().skip(1) {
            let before = &items[index - 1];
            let trail = inner.trail_of(index);
            counted += usize::from(!item.is_comment());
            let is_argument = !item.is_comment() && counted <= beside;
            let on_line = if item.is_comment() {
                item.before == Gap::Beside
            } else {
                (is_argument && whole) || before.is_keyword()
            };
            if on_line && !before.ends_line() {
                self.write(" ");
            } else {
                let argument_follows = is_argument || counted < beside;
                self.line(if argument_follows { first_column } else { indent }, item);
            }
            whole = Self::fits(item, self.column, trail);
            self.node(item, trail);
        }
        indent
    }

    /// A call: arguments beside the head, if there is room and the author did not begin a line after it; else below.
    fn call(&mut self, inner: &Inner<'_, '_>, fill: bool) -> usize {
        let below = inner.start + inner.open;
        let [head, arguments @ ..] = inner.items else { return below };
        self.node(head, inner.trail_of(0));
        let Some(first) = arguments.first() else { return below };
        let beside = self.column + 1;
        let rest = Inner { items: arguments, ..*inner };
        let fits_beside =
            |(index, item): (usize, &Node<'_>)| beside + item.narrow + rest.trail_of(index) <= WIDTH;
        let author_broke = first.before != Gap::Beside || first.ends_line();
        if author_broke || !arguments.iter().enumerate().all(fits_beside) {
            self.items(&rest, below, fill, Some(head))
        } else if self.hangs(head, &rest, fill) {
            for (index, item) in arguments.iter().enumerate() {
                self.write(" ");
                self.node(item, rest.trail_of(index));
            }
            beside
        } else {
            self.write(" ");
            self.items(&rest, beside, fill, None)
        }
    }

    /// Whether all arguments of a call can start on its line, where the last one goes on below, because it has to.
    fn hangs(&self, head: &Node<'_>, arguments: &Inner<'_, '_>, fill: bool) -> bool {
        let Some((last, others)) = arguments.items.split_last() else { return false };
        let unbroken = arguments.items.iter().all(|item| item.before == Gap::Beside);
        if others.is_empty() {
            return true;
        }
        let widths = others.iter().map(|item| item.flat.map(|flat| flat + 1)).sum::<Option<usize>>();
        let has_room =
            widths.is_some_and(|widths| self.column + widths + 1 + last.narrow + arguments.trail <= WIDTH);
        let has_to = last.flat.is_none() && !last.is_comment();
        !fill && unbroken && has_room && has_to && head.atom().is_some_and(style::may_hang)
    }

    /// An alternative: its first expression, and below it its body.
    fn clause(&mut self, inner: &Inner<'_, '_>) -> usize {
        let column = self.column;
        let [head, body @ ..] = inner.items else { return column };
        self.node(head, inner.trail_of(0));
        self.items(&Inner { items: body, ..*inner }, column, false, Some(head))
    }

    /// Items in a column, which starts here, or, if something stands `above`, on the next line. With `fill`, as many of
    /// them on a line as the author put there and as fit.
    fn items(&mut self, inner: &Inner<'_, '_>, column: usize, fill: bool, above: Option<&Node<'_>>) -> usize {
        let mut before = above;
        let refill = fill && overflows(inner, column);
        // Whether what stands on the line so far is whole, so that something may stand beside it.
        let mut whole = false;
        for (index, item) in inner.items.iter().enumerate() {
            let trail = inner.trail_of(index);
            if let Some(before) = before {
                let on_line = refill || item.before == Gap::Beside;
                let fits = || Self::fits(item, self.column + 1, trail);
                let hangs = || item.flat.is_none() && self.column + 1 + item.narrow + trail <= WIDTH;
                let beside = if item.is_comment() {
                    on_line
                } else if matches!(before.shape, Shape::BlockComment(_)) {
                    on_line && fits()
                } else {
                    before.is_keyword() || (fill && whole && on_line && (fits() || hangs()))
                };
                if beside && !before.ends_line() {
                    self.write(" ");
                } else {
                    self.line(column, item);
                }
            }
            whole = Self::fits(item, self.column, trail);
            self.node(item, trail);
            before = Some(item);
        }
        column
    }
}

/// Whether these are words in lines as the author broke them, some of which are too long. Then they are set anew as a
/// whole: else a line of its own for the one word that does not fit would follow each.
fn overflows(inner: &Inner<'_, '_>, start: usize) -> bool {
    let mut column = start;
    let mut too_long = false;
    for (index, item) in inner.items.iter().enumerate() {
        let (Some(_), Some(flat)) = (item.atom(), item.flat) else { return false };
        if item.is_keyword() || (index > 0 && item.before == Gap::Apart) {
            return false;
        }
        if item.before != Gap::Beside {
            column = start;
        }
        column += flat + 1;
        too_long |= column - 1 + inner.trail_of(index) > WIDTH;
    }
    too_long
}

/// What stands between the parentheses of a list.
#[derive(Clone, Copy)]
struct Inner<'n, 'a> {
    items: &'n [Node<'a>],
    /// The column of the opening parenthesis.
    start: usize,
    /// How wide that is.
    open: usize,
    /// Closing parentheses after the last item.
    trail: usize,
}

impl Inner<'_, '_> {
    /// Closing parentheses right after an item.
    fn trail_of(&self, index: usize) -> usize {
        if index + 1 == self.items.len() { self.trail } else { 0 }
    }
}
