//! The commands of the REPL: what begins with a comma.

use std::ops::Range;

use miette::miette;

use crate::eval::session;
use crate::util::spelling;

/// A command, as it is typed and as `,help` lists it.
#[derive(Debug, PartialEq, Eq)]
pub struct Command {
    pub name: &'static str,
    /// What follows the name.
    pub arguments: &'static str,
    pub help: &'static str,
    pub verb: Verb,
}

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Help,
    Describe,
    Source,
    Type,
    Print,
    Lower,
    Build,
    Diff,
    Use,
    Reload,
    Quit,
}

/// All commands, in the order of `,help`.
pub const COMMANDS: &[Command] = &[
    command("help", "[NAME]", "say what commands there are, or what NAME means", Verb::Help),
    command("describe", "NAME", "say what NAME means; of a record type, its fields", Verb::Describe),
    command("source", "NAME", "show the definition of NAME", Verb::Source),
    command("type", "EXPR", "say what kind of value EXPR has", Verb::Type),
    command("print", "EXPR", "show the value of EXPR to its end, however long it is", Verb::Print),
    command("lower", "EXPR", "show the derivations that EXPR stands for", Verb::Lower),
    command("build", "EXPR", "build what EXPR stands for, and show its store paths", Verb::Build),
    command("diff", "A B", "show what differs between two systems, derivations or values", Verb::Diff),
    command("use", "MODULE …", "use modules, such as (fruix lists)", Verb::Use),
    command("reload", "", "read the declaration and all modules again; definitions stay", Verb::Reload),
    command("quit", "", "leave (so does Ctrl-D)", Verb::Quit),
];

const fn command(name: &'static str, arguments: &'static str, help: &'static str, verb: Verb) -> Command {
    Command { name, arguments, help, verb }
}

/// A command as it was typed.
#[derive(Debug, PartialEq, Eq)]
pub struct Call<'a> {
    pub command: &'static Command,
    /// The whole input.
    pub text: &'a str,
    /// What follows the name, without blanks around it.
    pub argument: &'a str,
}

/// Reads a command; `None` for an input that is none. A name may be cut short as long as it is clear.
pub fn parse(text: &str) -> Option<miette::Result<Call<'_>>> {
    let rest = text.trim_start().strip_prefix(',')?;
    let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some(find(name).map(|command| Call { command, text, argument: argument.trim() }))
}

fn find(name: &str) -> miette::Result<&'static Command> {
    if let Some(command) = COMMANDS.iter().find(|command| command.name == name) {
        return Ok(command);
    }
    let begins: Vec<&Command> =
        COMMANDS.iter().filter(|command| !name.is_empty() && command.name.starts_with(name)).collect();
    match begins.as_slice() {
        [command] => Ok(command),
        [] => {
            let near = spelling::nearest(name, COMMANDS.iter().map(|command| command.name));
            let help =
                near.map_or("`,help` lists the commands".into(), |near| format!("did you mean `,{near}`?"));
            Err(miette!(help = help, "there is no command `,{name}`"))
        }
        several => {
            let names: Vec<String> = several.iter().map(|command| format!("`,{}`", command.name)).collect();
            Err(miette!("`,{name}` could be {}", names.join(" or ")))
        }
    }
}

impl Call<'_> {
    /// Where the one word stands that the command takes.
    ///
    /// # Errors
    /// There is none, or another number.
    pub fn word(&self) -> miette::Result<&str> {
        let mut words = self.argument.split_whitespace();
        match (words.next(), words.next()) {
            (Some(word), None) => Ok(word),
            _ => Err(self.wrong()),
        }
    }

    /// Where the expressions stand that the command takes.
    ///
    /// # Errors
    /// There are not `count` of them.
    pub fn expressions(&self, count: usize) -> miette::Result<Vec<Range<usize>>> {
        let start = self.text.len() - self.text.trim_end().len();
        let start = self.text.len() - start - self.argument.len();
        let found = session::expressions(self.argument);
        if found.len() != count {
            return Err(self.wrong());
        }
        Ok(found.into_iter().map(|at| start + at.start..start + at.end).collect())
    }

    fn wrong(&self) -> miette::Report {
        let Command { name, arguments, help, .. } = self.command;
        miette!(help = format!("it is there to {help}"), "write `,{name} {arguments}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(text: &str) -> Call<'_> {
        parse(text).expect("a command").expect("one that exists")
    }

    #[test]
    fn commands_are_told_from_expressions() {
        assert!(parse("(list 1)").is_none());
        assert_eq!(call(" ,describe  list ").argument, "list");
        assert_eq!(call(",q").command.verb, Verb::Quit);
        assert!(parse(",d x").unwrap().unwrap_err().to_string().contains("`,describe` or `,diff`"));
        let unknown = parse(",qiut").unwrap().unwrap_err();
        assert_eq!(unknown.help().unwrap().to_string(), "did you mean `,quit`?");
        assert!(parse(",").unwrap().is_err());
    }

    #[test]
    fn arguments_are_counted_and_placed() {
        let text = ",diff (f 1)\n  b ";
        let places = call(text).expressions(2).unwrap();
        assert_eq!(places.iter().map(|at| &text[at.clone()]).collect::<Vec<_>>(), ["(f 1)", "b"]);
        assert!(call(",diff a").expressions(2).unwrap_err().to_string().contains(",diff A B"));
        assert_eq!(call(",describe list").word().unwrap(), "list");
        assert!(call(",describe").word().is_err());
        assert!(call(",describe a b").word().is_err());
    }
}
