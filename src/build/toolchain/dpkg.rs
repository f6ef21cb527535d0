//! Debian's package database, as far as a tool chain needs it: what is installed, what it depends on, and
//! which files it has (`/var/lib/dpkg`, see dpkg(1) and deb-control(5)).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::ToolchainError;

/// One installed package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub architecture: String,
    /// What it needs to work: of each group, one of the alternatives, the preferred one first.
    depends: Vec<Vec<String>>,
    /// The virtual packages it stands for.
    provides: Vec<String>,
}

/// The installed packages of a machine.
#[derive(Debug)]
pub struct Database {
    directory: PathBuf,
    packages: BTreeMap<String, Package>,
    /// By the name of a virtual package: those that stand for it, sorted.
    providers: BTreeMap<String, Vec<String>>,
}

impl Database {
    /// Reads the database in `directory`, which on Debian is `/var/lib/dpkg`.
    pub fn read(directory: &Path) -> Result<Self, ToolchainError> {
        let path = directory.join("status");
        let text = fs::read(&path).map_err(|error| ToolchainError::Database { path, error })?;
        Ok(Self::parse(directory, &String::from_utf8_lossy(&text)))
    }

    fn parse(directory: &Path, status: &str) -> Self {
        let mut packages = BTreeMap::new();
        for package in status.split("\n\n").filter_map(parse_stanza) {
            // With several architectures installed, the machine's own comes first in the file.
            packages.entry(package.name.clone()).or_insert(package);
        }
        let mut providers = BTreeMap::<String, Vec<String>>::new();
        for package in packages.values() {
            for name in &package.provides {
                providers.entry(name.clone()).or_default().push(package.name.clone());
            }
        }
        Self { directory: directory.to_owned(), packages, providers }
    }

    /// These packages and all they depend on, sorted by name.
    pub fn closure(&self, roots: &[String]) -> Result<Vec<&Package>, ToolchainError> {
        let mut missing = Vec::new();
        let mut seen = BTreeSet::new();
        let mut waiting = Vec::new();
        for root in roots {
            match self.resolve(root) {
                Some(package) => waiting.push(package),
                None => missing.push(root.clone()),
            }
        }
        while let Some(package) = waiting.pop() {
            if !seen.insert(package.name.as_str()) {
                continue;
            }
            for group in &package.depends {
                match group.iter().find_map(|name| self.resolve(name)) {
                    Some(dependency) => waiting.push(dependency),
                    None => missing.extend(group.first().cloned()),
                }
            }
        }
        if missing.is_empty() {
            Ok(seen.into_iter().filter_map(|name| self.packages.get(name)).collect())
        } else {
            missing.sort();
            missing.dedup();
            Err(ToolchainError::NotInstalled { names: missing })
        }
    }

    /// The file that says which files a package has.
    pub fn list_of(&self, package: &Package) -> PathBuf {
        let info = self.directory.join("info");
        let plain = info.join(format!("{}.list", package.name));
        let qualified = info.join(format!("{}:{}.list", package.name, package.architecture));
        if plain.exists() { plain } else { qualified }
    }

    /// The installed package of this name, or the first that stands for it.
    fn resolve(&self, name: &str) -> Option<&Package> {
        let provider = || self.packages.get(self.providers.get(name)?.first()?);
        self.packages.get(name).or_else(provider)
    }

    /// The absolute paths that a package put on the machine, directories included.
    pub fn files(&self, package: &Package) -> Result<Vec<PathBuf>, ToolchainError> {
        let path = self.list_of(package);
        let text = fs::read_to_string(&path).map_err(ToolchainError::io("read", &path))?;
        Ok(text.lines().filter(|line| *line != "/.").map(PathBuf::from).collect())
    }
}

fn parse_stanza(stanza: &str) -> Option<Package> {
    let field = |name: &str| {
        stanza.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim().to_owned()))
    };
    if field("Status")? != "install ok installed" && field("Status")? != "hold ok installed" {
        return None;
    }
    let relations = |name| field(name).map(|text| parse_relations(&text)).unwrap_or_default();
    Some(Package {
        name: field("Package")?,
        version: field("Version")?,
        architecture: field("Architecture")?,
        depends: [relations("Pre-Depends"), relations("Depends")].concat(),
        provides: relations("Provides").concat(),
    })
}

/// `a (>= 1) | b:any, c [amd64]` → `[[a, b], [c]]`. Versions do not matter: dpkg saw to them.
fn parse_relations(text: &str) -> Vec<Vec<String>> {
    let name = |alternative: &str| {
        let end = |c: char| c.is_whitespace() || matches!(c, '(' | ':' | '[');
        alternative.trim().split(end).next().unwrap_or_default().to_owned()
    };
    text.split(',').map(|group| group.split('|').map(name).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "\
Package: cc
Status: install ok installed
Architecture: amd64
Version: 14
Pre-Depends: libc (>= 2.36)
Depends: linker-ng | linker, awk, helper:any (= 1) [amd64]
Description: a compiler
 Depends: not this

Package: linker
Status: install ok installed
Architecture: amd64
Version: 1

Package: mawk
Status: install ok installed
Architecture: amd64
Version: 1.3
Provides: awk

Package: helper
Status: install ok installed
Architecture: all
Version: 2
Depends: cc

Package: libc
Status: install ok installed
Architecture: amd64
Version: 2.36

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
";

    fn closure(roots: &[&str]) -> Result<Vec<String>, ToolchainError> {
        let database = Database::parse(Path::new("/nowhere"), STATUS);
        let roots = roots.iter().map(|root| (*root).to_owned()).collect::<Vec<_>>();
        Ok(database.closure(&roots)?.into_iter().map(|package| package.name.clone()).collect())
    }

    #[test]
    fn the_closure_follows_alternatives_virtual_packages_and_circles() {
        assert_eq!(closure(&["cc"]).unwrap(), ["cc", "helper", "libc", "linker", "mawk"]);
        assert_eq!(closure(&["awk", "linker"]).unwrap(), ["linker", "mawk"]);
    }

    #[test]
    fn what_is_missing_is_named_with_the_command_that_installs_it() {
        let error = closure(&["gone", "linker", "absent"]).unwrap_err();
        assert_eq!(error.to_string(), "the tool chain lacks absent, gone: not installed");
        let help = miette::Diagnostic::help(&error).unwrap().to_string();
        assert!(help.ends_with("apt-get install absent gone"), "{help}");
    }

    #[test]
    fn a_machine_without_the_database_is_told_so() {
        let error = Database::read(Path::new("/nonexistent")).unwrap_err();
        assert!(matches!(error, ToolchainError::Database { .. }));
    }
}
