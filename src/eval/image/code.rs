//! Compiled code, small: names by their numbers, and of the text only the places.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use steel::compiler::constants::ConstantMap;
use steel::compiler::program::RawProgramWithSymbols;
use steel::core::instructions::{Instruction, u24};
use steel::core::labels::Expr;
use steel::core::opcode::OpCode;
use steel::parser::interner::InternedString;
use steel::parser::parser::{SourceId, SyntaxObject};
use steel::parser::span::Span;
use steel::parser::span_visitor::get_span;
use steel::parser::tokens::TokenType;

/// The instructions of each expression of a program.
#[derive(Debug, Serialize, Deserialize)]
pub struct Code(Vec<Vec<Op>>);

/// An instruction.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Op {
    code: OpCode,
    payload: u32,
    from: Origin,
}

/// What an instruction was made of.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Origin {
    Nothing,
    /// A variable: the number of its name.
    Name(u32, At),
    /// Anything else: its place is for messages.
    Place(At),
}

/// Start, end, and number of the text.
type At = (u32, u32, Option<u32>);

/// Numbers for names.
#[derive(Default)]
pub struct Names {
    all: Vec<InternedString>,
    numbers: HashMap<InternedString, u32>,
}

impl Names {
    fn number(&mut self, name: InternedString) -> u32 {
        let Self { all, numbers } = self;
        *numbers.entry(name).or_insert_with(|| {
            all.push(name);
            (all.len() - 1) as u32
        })
    }

    /// The names in the order of their numbers.
    pub fn into_all(self) -> Vec<InternedString> {
        self.all
    }
}

impl Code {
    pub fn new(program: &[Vec<Instruction>], names: &mut Names) -> Self {
        let mut op = |instruction: &Instruction| Op {
            code: instruction.op_code,
            payload: instruction.payload_size.to_u32(),
            from: match &instruction.contents {
                None => Origin::Nothing,
                Some(Expr::Atom(token)) => match token.ty {
                    TokenType::Identifier(name) => Origin::Name(names.number(name), at(token.span)),
                    _ => Origin::Place(at(token.span)),
                },
                Some(Expr::List(list)) => Origin::Place(at(get_span(list))),
            },
        };
        Self(program.iter().map(|expression| expression.iter().map(&mut op).collect()).collect())
    }

    /// The program again, for an engine to link and run.
    pub fn program(&self, names: &[InternedString], constants: &ConstantMap) -> RawProgramWithSymbols {
        // Of what is no variable, nothing but the place is looked at any more. Linking leaves a name alone there.
        let nameless = InternedString::from_static("");
        let instruction = |op: &Op| {
            let (name, at) = match op.from {
                Origin::Nothing => (None, (0, 0, None)),
                Origin::Name(number, at) => (names.get(number as usize).copied(), at),
                Origin::Place(at) => (Some(nameless), at),
            };
            let token = name.map(|name| SyntaxObject::new(TokenType::Identifier(name), span(at)));
            Instruction::new_from_parts(op.code, u24::from_u32(op.payload), token.map(Expr::Atom))
        };
        let expressions = self.0.iter().map(|expression| expression.iter().map(instruction).collect());
        RawProgramWithSymbols::new(expressions.collect(), constants.clone(), String::new())
    }
}

fn at(span: Span) -> At {
    (span.start, span.end, span.source_id.map(|id| id.0))
}

fn span((start, end, text): At) -> Span {
    Span::new(start, end, text.map(SourceId))
}
