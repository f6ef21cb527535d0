//! Files, for the form of a computed file while it is built.
//!
//! Everywhere else these procedures refuse: a declaration reads nothing but its inputs. What they do depends on
//! nothing but the files they name, and paths outside of the build are refused, also where no sandbox hides them.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use steel::SteelVal;
use steel::rvals::{IntoSteelVal, Result};

use super::{Args, Module};
use crate::eval::host::{Build, Host, failure};
use crate::eval::values;

/// The mode of what may be executed, before the store makes it read-only.
const EXECUTABLE: u32 = 0o755;

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%output-path", 1, |host, args| {
        let name = string("%output", &args[0])?;
        let build = build(host, "#$output")?;
        let path = build.outputs.get(name).ok_or_else(|| {
            let names: Vec<&str> = build.outputs.keys().map(String::as_str).collect();
            failure(format!("there is no output `{name}`\nthe outputs are: {}", names.join(", ")))
        })?;
        path.display().to_string().into_steelval()
    });
    change(module, "make-directory", 1, |path, _| fs::create_dir_all(path));
    change(module, "write-file", 2, |path, args| {
        make_parent(path)?;
        fs::write(path, text(&args[1])?)
    });
    change(module, "append-to-file", 2, |path, args| {
        make_parent(path)?;
        let mut file = fs::OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(text(&args[1])?.as_bytes())
    });
    change(module, "chmod-executable", 1, |path, _| {
        fs::set_permissions(path, fs::Permissions::from_mode(EXECUTABLE))
    });
    change(module, "delete-file", 1, |path, _| fs::remove_file(path));
    change(module, "copy-recursively", 2, |path, args| {
        let from = args.get(1).and_then(values::text).unwrap_or_default();
        make_parent(path)?;
        copy(Path::new(from), path)
    });
    change(module, "symlink", 2, |path, args| {
        make_parent(path)?;
        symlink(text(&args[1])?, path)
    });
    read(module, "read-file", |path| {
        let bytes = fs::read(path)?;
        let text = String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8 text"))?;
        Ok(SteelVal::StringV(text.into()))
    });
    read(module, "list-directory", |path| {
        let names = fs::read_dir(path)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names = names.collect::<io::Result<Vec<String>>>()?;
        // The order of a directory is that of its file system.
        names.sort();
        Ok(SteelVal::ListV(names.into_iter().map(|name| SteelVal::StringV(name.into())).collect()))
    });
    read(module, "file-exists?", |path| Ok(SteelVal::BoolV(fs::symlink_metadata(path).is_ok())));
    read(module, "directory?", |path| Ok(SteelVal::BoolV(path.is_dir())));
    module.procedure("%log-line", 1, |host, args| {
        build(host, "log-line")?;
        // A log that nobody reads any more is no reason to fail.
        let _ = writeln!(io::stderr(), "{}", string("log-line", &args[0])?);
        Ok(SteelVal::Void)
    });
}

/// Adds a primitive that changes the file its first argument names.
fn change(
    module: &mut Module<'_>,
    name: &'static str,
    arity: usize,
    run: impl Fn(&Path, Args<'_>) -> io::Result<()> + Send + Sync + 'static,
) {
    module.procedure(primitive(name), arity, move |host, args| {
        let path = place(host, name, &args[0])?;
        let build = build(host, name)?;
        if !build.writable(&path) {
            return Err(failure(format!(
                "{name}: `{}` cannot be changed\nwrite below #$output",
                path.display()
            )));
        }
        if name == "copy-recursively" {
            place(host, name, &args[1])?;
        }
        run(&path, args).map_err(|error| failed(name, &path, &error))?;
        Ok(SteelVal::Void)
    });
}

/// Adds a primitive that looks at the file its argument names.
fn read(
    module: &mut Module<'_>,
    name: &'static str,
    run: impl Fn(&Path) -> io::Result<SteelVal> + Send + Sync + 'static,
) {
    module.procedure(primitive(name), 1, move |host, args| {
        let path = place(host, name, &args[0])?;
        run(&path).map_err(|error| failed(name, &path, &error))
    });
}

/// How Scheme calls the primitive behind a procedure.
fn primitive(name: &'static str) -> &'static str {
    match name {
        "make-directory" => "%make-directory",
        "write-file" => "%write-file",
        "append-to-file" => "%append-to-file",
        "chmod-executable" => "%chmod-executable",
        "delete-file" => "%delete-file",
        "copy-recursively" => "%copy-recursively",
        "symlink" => "%symlink",
        "read-file" => "%read-file",
        "list-directory" => "%list-directory",
        "file-exists?" => "%file-exists?",
        _ => "%directory?",
    }
}

fn build(host: &Host, procedure: &str) -> Result<Arc<Build>> {
    host.state().build.clone().ok_or_else(|| {
        failure(format!(
            "{procedure}: there are no files while a declaration is evaluated\nuse it in the gexp of a `computed-file`"
        ))
    })
}

/// The path of a file of the build.
fn place(host: &Host, procedure: &str, value: &SteelVal) -> Result<PathBuf> {
    let text = string(procedure, value)?;
    let build = build(host, procedure)?;
    let path = build.directory.join(text);
    if path.components().any(|part| part == Component::ParentDir) || !build.visible(&path) {
        return Err(failure(format!(
            "{procedure}: `{text}` is no part of this build\nname #$output, the inputs that #$ inserts, or relative paths"
        )));
    }
    Ok(path)
}

fn string<'a>(procedure: &str, value: &'a SteelVal) -> Result<&'a str> {
    values::text(value)
        .ok_or_else(|| failure(format!("{procedure}: expected a string, got {}", values::describe(value))))
}

/// The text that is written; [`string`] has no place here, where errors are those of files.
fn text(value: &SteelVal) -> io::Result<&str> {
    values::text(value)
        .ok_or_else(|| io::Error::other(format!("expected a string, got {}", values::describe(value))))
}

fn failed(procedure: &str, path: &Path, error: &io::Error) -> steel::rerrs::SteelErr {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    failure(format!("{procedure}: `{}`: {}", path.display(), reason.to_lowercase()))
}

fn make_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Copies a file or a tree, with symlinks as they are. What is copied can be written, which an item of the store cannot.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(from)?;
    if metadata.is_symlink() {
        return symlink(fs::read_link(from)?, to);
    }
    if !metadata.is_dir() {
        fs::copy(from, to)?;
        let mode = if metadata.permissions().mode() & 0o111 == 0 { 0o644 } else { EXECUTABLE };
        return fs::set_permissions(to, fs::Permissions::from_mode(mode));
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
