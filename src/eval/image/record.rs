//! Making an image: everything is compiled and run once, and what was compiled is taken down.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};
use steel::compiler::code_gen::fresh_function_id;
use steel::core::instructions::Instruction;
use steel::parser::interner::InternedString;
use steel::parser::parser::{SYNTAX_OBJECT_ID, SourceId};
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;
use steel::steel_vm::primitives::ALL_MODULES;

use super::code::{Code, Names};
use super::facade::{self, Facade};
use super::{Compiled, Image, Macros, Taken};
use crate::eval::engine::{self, STANDARD, Texts};
use crate::eval::host::{Host, failure};
use crate::eval::inputs::NoInputs;
use crate::eval::lockdown::Purity;
use crate::eval::modules::{self, Module};
use crate::eval::outside::{Asking, Machine};
use crate::eval::repairs;

/// Makes an image.
///
/// # Errors
/// The interpreter is not the one this was written for, or a module of Fruix's is at fault.
pub fn record() -> Result<Image> {
    let outside = Asking::new(Arc::new(Machine(Arc::new(NoInputs))));
    let program = modules::embedded(&outside).map_err(|_| failure("a module is malformed"))?;
    let host = Host::new(Arc::new(outside), Purity::Pure);
    let texts: Arc<Texts> = Arc::default();
    texts.add(&program.modules);
    let mut recorder = Recorder {
        engine: engine::bare(Purity::Pure),
        names: Names::default(),
        constants: Vec::new(),
        macros: BTreeSet::new(),
    };
    let builtins = recorder.run(ALL_MODULES.into())?;
    repairs::install(&mut recorder.engine, &host)?;
    let prelude = recorder.run(steel::PRELUDE.into())?;
    engine::equip(&mut recorder.engine, &texts, &host);
    let standard = STANDARD.iter().map(|(part, _)| recorder.run(require(&format!("fruix-std/{part}"))));
    let standard = standard.collect::<Result<_>>()?;
    let macros = recorder.new_macros();
    let modules = program.modules.iter().map(|module| recorder.module(module)).collect::<Result<_>>()?;
    let constants = recorder.constants()?;
    let uses = program.modules.into_iter().map(|module| (module.key, module.uses)).collect();
    Ok(Image {
        names: recorder.names.into_all(),
        constants,
        builtins,
        prelude,
        macros,
        uses,
        standard,
        modules,
        taken: Taken {
            procedures: fresh_function_id(),
            names: InternedString::from_static("#%fruix-latest-name").as_u32(),
            texts: SourceId::fresh().0,
            tokens: SYNTAX_OBJECT_ID.load(Ordering::Relaxed),
        },
    })
}

/// A program that loads a module.
fn require(key: &str) -> String {
    format!("(require {key:?})")
}

struct Recorder {
    engine: Engine,
    names: Names,
    /// All constants so far, as Scheme.
    constants: Vec<String>,
    /// The names of the macros so far.
    macros: BTreeSet<InternedString>,
}

/// What Steel writes of a compiled program: the same fields in the same order as its own.
#[derive(Serialize, Deserialize)]
struct Written {
    instructions: Vec<Vec<Instruction>>,
    constants: Vec<u8>,
    version: String,
}

impl Recorder {
    /// Compiles and runs a program.
    fn run(&mut self, text: String) -> Result<Code> {
        let program = self.engine.emit_raw_program_no_path(text)?;
        let written = bincode::serialize(&program.clone().into_serializable_program()?).map_err(cannot)?;
        let Written { instructions, constants, .. } = bincode::deserialize(&written).map_err(cannot)?;
        self.engine.run_raw_program(program)?;
        self.constants = bincode::deserialize(&constants).map_err(cannot)?;
        Ok(Code::new(&instructions, &mut self.names))
    }

    fn module(&mut self, module: &Module) -> Result<Compiled> {
        let code = self.run(require(&module.key))?;
        let prefix = self.prefix(&module.key)?;
        let facade = facade::of(module, |name| self.engine.global_exists(&format!("{prefix}{name}")))?;
        let pair =
            |name: &String| (format!("{prefix}{name}").into(), facade::global(&module.key, name).into());
        let variables = facade.variables.iter().map(pair).collect();
        let macros = self.new_macros();
        let Facade { text: facade, provided, .. } = facade;
        Ok(Compiled { key: module.key.clone(), code, macros, variables, provided, facade })
    }

    /// Those that the latest program has added.
    fn new_macros(&mut self) -> Macros {
        let Self { engine, macros, .. } = self;
        let all = engine.in_scope_macros();
        let new = all.iter().filter(|(name, _)| macros.insert(**name));
        new.map(|(name, it)| (*name, it.clone())).collect()
    }

    /// What Steel puts before the names of a module's variables.
    fn prefix(&self, key: &str) -> Result<String> {
        let modules = self.engine.modules();
        let module = modules.iter().find(|(path, _)| path.as_os_str() == key).map(|(_, module)| module);
        module
            .map(|module| module.prefix().to_string())
            .ok_or_else(|| failure(format!("{key} is not loaded")))
    }

    /// The constants as a list, which gives an engine the same constants with the same numbers.
    fn constants(&self) -> Result<String> {
        let list =
            format!("'({})", self.constants.iter().map(|it| written(it)).collect::<Vec<_>>().join(" "));
        let program = engine::bare(Purity::Pure).emit_raw_program_no_path(list.clone())?;
        let written = bincode::serialize(&program.into_serializable_program()?).map_err(cannot)?;
        let Written { constants, .. } = bincode::deserialize(&written).map_err(cannot)?;
        let constants: Vec<String> = bincode::deserialize(&constants).map_err(cannot)?;
        match constants.split_last() {
            Some((_, same)) if same == self.constants => Ok(list),
            _ => {
                let differing = self.constants.iter().zip(&constants).find(|(one, other)| one != other);
                Err(failure(format!("a constant is not read as it is written: {differing:?}")))
            }
        }
    }
}

/// A constant as Steel reads it, which is not how it shows characters, and symbols that it has made itself.
fn written(constant: &str) -> String {
    let mut rest = constant.strip_prefix("#\\").unwrap_or_default().chars();
    if let (Some(character), None) = (rest.next(), rest.next()) {
        return format!("#\\x{:x}", u32::from(character));
    }
    if !constant.starts_with(['"', '(', '#']) && constant.contains(' ') {
        return format!("|{constant}|");
    }
    let mut written = String::new();
    for word in constant.split_inclusive([' ', '(', ')']) {
        let name = word.trim_end_matches([' ', '(', ')']);
        match name.starts_with("##") {
            true => written += &format!("|{name}|{}", &word[name.len()..]),
            false => written += word,
        }
    }
    written
}

fn cannot(error: bincode::Error) -> steel::rerrs::SteelErr {
    failure(format!("cannot take down a program: {error}"))
}
