//! Putting an image into an engine.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use steel::SteelVal;
use steel::compiler::code_gen::fresh_function_id;
use steel::compiler::constants::ConstantMap;
use steel::parser::interner::InternedString;
use steel::parser::parser::{SYNTAX_OBJECT_ID, SourceId};
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;

use super::code::Code;
use super::{Compiled, Image, Taken, facade};
use crate::eval::engine::{self, Texts};
use crate::eval::host::{Host, failure};
use crate::eval::lockdown::Purity;
use crate::eval::modules::Uses;
use crate::eval::reader::{Import, Rewritten};
use crate::eval::repairs;
use crate::eval::values;

/// What modules of the image can be loaded from.
pub struct Replay {
    image: Image,
    constants: ConstantMap,
}

impl Taken {
    /// Makes sure that nothing gets these numbers again.
    fn skip(self) {
        while fresh_function_id() < self.procedures {}
        while SourceId::fresh().0 < self.texts {}
        // Steel tells modules apart by the numbers of their names.
        for number in 0.. {
            if InternedString::from(format!("#%fruix-{number}")).as_u32() >= self.names {
                break;
            }
        }
        SYNTAX_OBJECT_ID.fetch_max(self.tokens, Ordering::Relaxed);
    }
}

impl Replay {
    /// An engine like that of [`engine::start`], for pure evaluations.
    ///
    /// # Errors
    /// The image is not one of this program.
    pub fn start(mut image: Image, texts: &Arc<Texts>, host: &Host) -> Result<(Engine, Self)> {
        image.taken.skip();
        let mut engine = engine::bare(Purity::Pure);
        // First of all: they have to get the numbers that they have in the image.
        let list = engine.compile_and_run_raw_program(std::mem::take(&mut image.constants))?.pop();
        let constants = list.as_ref().and_then(values::items).ok_or_else(|| failure("no constants"))?;
        let macros = std::mem::take(&mut image.macros);
        let replay = Self { constants: ConstantMap::from_vec(constants), image };
        replay.run(&mut engine, &replay.image.builtins)?;
        repairs::install(&mut engine, host)?;
        replay.run(&mut engine, &replay.image.prelude)?;
        engine.in_scope_macros_mut().extend(macros);
        engine::equip(&mut engine, texts, host);
        for code in &replay.image.standard {
            replay.run(&mut engine, code)?;
        }
        Ok((engine, replay))
    }

    /// Loads a module. Those that it uses are to be loaded before.
    ///
    /// # Errors
    /// There is none in the image.
    pub fn load(&self, engine: &mut Engine, key: &str) -> Result<()> {
        let module = self.image.module(key).ok_or_else(|| failure(format!("no image has {key}")))?;
        let Compiled { code, macros, variables, .. } = module;
        self.run(engine, code)?;
        engine.in_scope_macros_mut().extend(macros.iter().cloned());
        for (variable, global) in variables {
            let value = engine.extract_value(variable.resolve())?;
            engine.register_value(global.resolve(), value);
        }
        Ok(())
    }

    /// Gives a program the modules that it imports, which are to be loaded, and leaves the rest of its text.
    ///
    /// A `require` has Steel compile a definition of each name that the module provides, anew for each program, and look
    /// through the module for what might be inlined: more work than all else that a usual declaration makes. So the names
    /// that it mentions become global variables, their macros are known already, and where the `require` stood there are
    /// blanks. Later modules count more, so this ends at the first one that is Steel's to do: a part of one, a user's, or
    /// one whose names the program takes for its own.
    pub fn link(&self, engine: &mut Engine, program: &mut Rewritten) -> Result<()> {
        let Rewritten { text, imports, own, .. } = program;
        let mut linked = Vec::new();
        let words = words(text);
        for Import { at, whole } in imports {
            let module = whole.as_ref().and_then(|key| self.image.module(key));
            let free = |module: &&Compiled| !module.provided.iter().any(|name| own.contains(name));
            let Some(module) = module.filter(free) else { break };
            for name in module.provided.iter().filter(|name| words.contains(name.as_str())) {
                let global = facade::global(&module.key, name);
                if engine.global_exists(&global) {
                    let value = engine.extract_value(&global)?;
                    engine.register_value(name, value);
                }
            }
            linked.push(at.clone());
        }
        for at in linked {
            text.replace_range(at.clone(), &" ".repeat(at.len()));
        }
        Ok(())
    }

    /// Loads all modules.
    #[cfg(test)]
    pub fn load_all(&self, engine: &mut Engine) -> Result<()> {
        self.image.modules.iter().try_for_each(|module| self.load(engine, &module.key))
    }

    /// All modules, each after those it uses.
    pub fn keys(&self) -> Vec<String> {
        self.image.modules.iter().map(|module| module.key.clone()).collect()
    }

    /// What stands for modules that are loaded: their keys and texts.
    pub fn facades(&self) -> impl Iterator<Item = (String, String)> {
        self.image.modules.iter().map(|module| (module.key.clone(), module.facade.clone()))
    }

    /// See [`Image::uses`].
    pub fn uses(&self) -> &Uses {
        &self.image.uses
    }

    fn run(&self, engine: &mut Engine, code: &Code) -> Result<Vec<SteelVal>> {
        engine.run_raw_program(code.program(&self.image.names, &self.constants))
    }
}

/// Whatever in a text may be a name, and more.
fn words(text: &str) -> HashSet<&str> {
    let is_delimiter = |character: char| character.is_whitespace() || "()[]{}'`,\"|;".contains(character);
    let mut words = HashSet::new();
    for word in text.split(is_delimiter).filter(|word| !word.is_empty()) {
        words.insert(word);
        // Such as what follows `,@`.
        let bare = word.trim_start_matches(['@', '#']);
        if bare.len() < word.len() {
            words.insert(bare);
        }
    }
    words
}
