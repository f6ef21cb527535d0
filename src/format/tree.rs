//! Tokens as a tree whose nodes know what they mean and how much room they need.

use super::style::{self, Layout, Role};
use super::token::{Kind, Token};

/// How far a node stands from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    Beside,
    Below,
    /// With blank lines between.
    Apart,
}

#[derive(Debug)]
pub struct Node<'a> {
    pub shape: Shape<'a>,
    pub before: Gap,
    /// Its width on one line; `None` if it has to stand on several: because of a comment, a string with a line break,
    /// or because the author broke it.
    pub flat: Option<usize>,
    /// About the least width that it can be broken down to.
    pub narrow: usize,
}

#[derive(Debug)]
pub enum Shape<'a> {
    Atom(&'a str),
    LineComment(&'a str),
    BlockComment(&'a str),
    List {
        open: &'a str,
        items: Vec<Node<'a>>,
        close: &'a str,
        /// How it is broken, where it has to be.
        layout: Layout,
    },
    /// The last item is the expression that the prefix belongs to; before it there can only be comments.
    Prefixed {
        prefix: &'a str,
        items: Vec<Node<'a>>,
    },
}

/// What waits for its end.
struct Open<'a> {
    token: Token<'a>,
    items: Vec<Node<'a>>,
}

/// Builds the tree of a well-formed text. Whatever is open at the end of another is closed there.
pub fn read<'a>(tokens: &[Token<'a>]) -> Vec<Node<'a>> {
    let mut forms = parse(tokens);
    forms.iter_mut().for_each(|form| form.settle(Role::Code));
    forms
}

fn parse<'a>(tokens: &[Token<'a>]) -> Vec<Node<'a>> {
    let mut forms = Vec::new();
    let mut open: Vec<Open<'a>> = Vec::new();
    for &token in tokens {
        let shape = match token.kind {
            Kind::Open | Kind::Prefix => {
                open.push(Open { token, items: Vec::new() });
                continue;
            }
            Kind::Close => match open.pop() {
                Some(Open { token: opening, items }) => {
                    let layout = Layout::Elements { element: Role::Code };
                    let list = Shape::List { open: opening.text, items, close: token.text, layout };
                    add(Node::new(list, opening.lines_before), &mut open, &mut forms);
                    continue;
                }
                None => Shape::Atom(token.text),
            },
            Kind::Atom => Shape::Atom(token.text),
            Kind::LineComment => Shape::LineComment(token.text.trim_end()),
            Kind::BlockComment => Shape::BlockComment(token.text),
        };
        add(Node::new(shape, token.lines_before), &mut open, &mut forms);
    }
    while let Some(rest) = open.pop() {
        let shape = Shape::Prefixed { prefix: rest.token.text, items: rest.items };
        add(Node::new(shape, rest.token.lines_before), &mut open, &mut forms);
    }
    forms
}

/// Puts a node where it belongs, and with it ends the prefixes that waited for it.
fn add<'a>(mut node: Node<'a>, open: &mut Vec<Open<'a>>, forms: &mut Vec<Node<'a>>) {
    while let Some(top) = open.last_mut() {
        let discarded = matches!(&node.shape, Shape::Prefixed { prefix: "#;", .. });
        let ends_prefix = top.token.kind == Kind::Prefix && !node.is_comment() && !discarded;
        top.items.push(node);
        if !ends_prefix {
            return;
        }
        let Some(done) = open.pop() else { return };
        let shape = Shape::Prefixed { prefix: done.token.text, items: done.items };
        node = Node::new(shape, done.token.lines_before);
    }
    forms.push(node);
}

impl<'a> Node<'a> {
    fn new(shape: Shape<'a>, lines_before: usize) -> Self {
        let before = match lines_before {
            0 => Gap::Beside,
            1 => Gap::Below,
            _ => Gap::Apart,
        };
        Self { shape, before, flat: None, narrow: 0 }
    }

    /// Finds out what the node means in its place, and from that how it is broken and how wide it is.
    fn settle(&mut self, role: Role) {
        match &mut self.shape {
            Shape::List { items, layout, .. } => {
                *layout = Layout::of(items, role);
                ignore_accidents(items, *layout);
                let mut counted = 0;
                for item in items {
                    item.settle(layout.role_of(counted));
                    counted += usize::from(!item.is_comment());
                }
            }
            Shape::Prefixed { prefix, items } => {
                items.iter_mut().for_each(|item| item.settle(style::behind(prefix, role)));
            }
            _ => {}
        }
        self.flat = flat(&self.shape);
        self.narrow = narrow(&self.shape);
    }

    pub fn is_comment(&self) -> bool {
        matches!(self.shape, Shape::LineComment(_) | Shape::BlockComment(_))
    }

    /// After which nothing can stand on the same line.
    pub fn ends_line(&self) -> bool {
        matches!(self.shape, Shape::LineComment(_))
    }

    pub fn is_list(&self) -> bool {
        match &self.shape {
            Shape::List { .. } => true,
            Shape::Prefixed { items, .. } => items.last().is_some_and(Self::is_list),
            _ => false,
        }
    }

    /// The text of a symbol or another atom.
    pub fn atom(&self) -> Option<&'a str> {
        match self.shape {
            Shape::Atom(text) => Some(text),
            _ => None,
        }
    }

    /// A keyword, or something else that is read together with what follows.
    pub fn is_keyword(&self) -> bool {
        match &self.shape {
            Shape::Atom(text) => text.starts_with("#:") || *text == "=>",
            Shape::Prefixed { prefix: "'", items } => matches!(items.as_slice(), [item] if item.is_keyword()),
            _ => false,
        }
    }
}

/// The width of text without line breaks.
pub fn width(text: &str) -> usize {
    text.chars().count()
}

/// Whether a prefix and an atom would be read as something else when written together: `,` or `#$` and `@x`.
pub fn needs_space(prefix: &str, item: &Node<'_>) -> bool {
    prefix.ends_with([',', '$']) && item.atom().is_some_and(|text| text.starts_with('@'))
}

fn flat(shape: &Shape<'_>) -> Option<usize> {
    match shape {
        Shape::Atom(text) | Shape::BlockComment(text) => (!text.contains('\n')).then(|| width(text)),
        Shape::LineComment(_) => None,
        Shape::Prefixed { prefix, items } => match items.as_slice() {
            [item] => Some(width(prefix) + usize::from(needs_space(prefix, item)) + item.flat?),
            _ => None,
        },
        Shape::List { open, items, close, .. } => {
            if items.iter().skip(1).any(|item| item.before != Gap::Beside) {
                return None;
            }
            let widths = items.iter().map(|item| item.flat).sum::<Option<usize>>()?;
            Some(width(open) + widths + items.len().saturating_sub(1) + width(close))
        }
    }
}

/// Forgets line breaks that mean nothing: between a name and a plain value, behind a keyword, and before what stands
/// beside the name of a form.
fn ignore_accidents(items: &mut [Node<'_>], layout: Layout) {
    let plain = items.len() == 2 && items.iter().all(|item| item.atom().is_some());
    let mut beside = if let Layout::Body { beside, .. } = layout { beside } else { 0 };
    for index in 1..items.len() {
        let behind_keyword = items[index - 1].is_keyword() && !items[index].is_comment();
        if items[index].is_comment() {
            beside = 0;
        }
        if plain || behind_keyword || index <= beside {
            items[index].before = Gap::Beside;
        }
    }
}

fn narrow(shape: &Shape<'_>) -> usize {
    match shape {
        Shape::Atom(text) | Shape::BlockComment(text) => text.lines().map(width).max().unwrap_or_default(),
        Shape::LineComment(_) => 0,
        Shape::Prefixed { prefix, items } => {
            width(prefix) + items.iter().map(|item| item.narrow).max().unwrap_or_default()
        }
        Shape::List { open, items, close, .. } => {
            let head = items.first().map_or(0, |head| head.narrow);
            let rest = items.iter().skip(1).map(|item| 2 + item.narrow).max().unwrap_or_default();
            (width(open) + head).max(rest) + width(close)
        }
    }
}
