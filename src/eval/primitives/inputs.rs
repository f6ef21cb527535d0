//! Things from outside of the declaration.

use std::path::{Path, PathBuf};

use steel::SteelVal;
use steel::rerrs::SteelErr;
use steel::rvals::{IntoSteelVal, Result};

use super::{Args, Module};
use crate::eval::code::Code;
use crate::eval::host::{Host, Place, RawProblem, failure, reported};
use crate::eval::inputs::{InputError, ReleaseSets};
use crate::eval::lockdown::Purity;
use crate::eval::store_object::StoreObject;
use crate::eval::values;
use crate::hash::Sha256;
use crate::store_path::StorePath;
use crate::util::spelling;

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%local-file", 3, |host, args| {
        let path = path(host, &args[0], &args[1])?;
        let name = name(&path, &args[2])?;
        let item = host.inputs.local_file(&name, &path);
        if let Ok(item) = &item {
            host.state().sources.insert(item.clone(), path);
        }
        source(item)
    });
    module.procedure("%local-tree", 3, |host, args| {
        let path = path(host, &args[0], &args[1])?;
        let name = name(&path, &args[2])?;
        source(host.inputs.local_tree(&name, &path))
    });
    module.procedure("%installed-tree", 3, |host, args| {
        let slice = values::text(&args[2]).ok_or_else(|| failure("installed-tree: expected a slice"))?;
        source(host.inputs.installed_tree(&path(host, &args[0], &args[1])?, slice))
    });
    module.procedure("%host-toolchain", 1, |host, args| {
        let packages = values::items(&args[0]).unwrap_or_default();
        let packages: Option<Vec<String>> =
            packages.iter().map(|p| values::text(p).map(ToString::to_string)).collect();
        let packages = packages.ok_or_else(|| failure("host-toolchain: expected a list of package names"))?;
        source(host.inputs.host_toolchain(&packages))
    });
    module.procedure("%listed-file", 3, listed_file);
    module.procedure("%git-tree", 2, git_tree);
    module.procedure("%listed-set", 6, listed_set);
    module.procedure("%commit?", 1, |_, args| {
        Ok(SteelVal::BoolV(values::text(&args[0]).is_some_and(is_commit)))
    });
    module.procedure("%digest?", 1, |_, args| {
        Ok(SteelVal::BoolV(values::text(&args[0]).is_some_and(|text| Sha256::parse(text).is_ok())))
    });
    module.procedure("%impure?", 0, |host, _| Ok(SteelVal::BoolV(host.purity == Purity::Impure)));
}

/// `(%listed-file path place index)`: the file that an element of the list at a place names
fn listed_file(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let path = path(host, &args[0], &SteelVal::BoolV(false))?;
    let name = name(&path, &SteelVal::BoolV(false))?;
    let index = match args[2] {
        SteelVal::IntV(index) => usize::try_from(index).ok(),
        _ => None,
    };
    host.inputs.local_file(&name, &path).map_or_else(
        |error| {
            let problem = RawProblem::at(Code::MissingInput, Place::read(&args[1]), error.message);
            let problem = problem.inside(index.into_iter().collect()).label("named here");
            host.report([RawProblem { help: error.help, ..problem }]);
            Err(reported())
        },
        |item| StoreObject::Source(item).into_steelval(),
    )
}

/// `(%listed-set path url sha256 name manifest-place name-place)`: the address beside that of the MANIFEST, and the digest,
/// of a set that the MANIFEST lists. PATH is a file that holds it, or `#f`.
fn listed_set(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let text =
        |index: usize| values::text(&args[index]).ok_or_else(|| failure("release-set: expected strings"));
    let (url, sha256, name) = (text(1)?, text(2)?, text(3)?);
    let file = values::text(&args[0]).map(|path| format!("file://{path}"));
    let sets = host.inputs.release_manifest(file.as_deref().unwrap_or(url), sha256).map_err(|error| {
        let problem = RawProblem::at(Code::MissingInput, Place::read(&args[4]), error.message);
        host.report([RawProblem { help: error.help, ..problem.label("named here") }]);
        reported()
    })?;
    let digest = match &sets {
        Some(sets) => sets.get(name).cloned().ok_or_else(|| {
            host.report([unlisted(name, sets, Place::read(&args[5]))]);
            reported()
        })?,
        // What is only checked gets a stand-in.
        None => Sha256::of(name.as_bytes()).hex(),
    };
    let beside = url.rfind('/').map_or("", |slash| &url[..=slash]);
    let pin = [format!("{beside}{name}"), digest];
    Ok(SteelVal::ListV(pin.into_iter().map(|text| SteelVal::StringV(text.into())).collect()))
}

fn unlisted(name: &str, sets: &ReleaseSets, place: Place) -> RawProblem {
    let message = format!("the MANIFEST lists no set `{name}`");
    let problem = RawProblem::at(Code::Inconsistent, place, message).label("not in it");
    let names = || sets.keys().map(String::as_str);
    // Sets are spoken of without what their names end with.
    let meant = names().find(|listed| listed.split('.').next() == Some(name));
    match meant.or_else(|| spelling::nearest(name, names())) {
        Some(near) => problem.did_you_mean(&format!("{near:?}")),
        None => problem.help(format!("it lists {}", names().collect::<Vec<_>>().join(", "))),
    }
}

fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn git_tree(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let (Some(url), Some(commit)) = (values::text(&args[0]), values::text(&args[1])) else {
        return Err(failure("git-tree: expected a URL and a commit, both strings"));
    };
    // A branch or tag may move; then the same declaration would mean another tree tomorrow.
    if !is_commit(commit) {
        return Err(failure(format!("git-tree: expected a commit of 40 hexadecimal digits, got {commit:?}")));
    }
    source(host.inputs.git_tree(url, commit))
}

/// The path a user wrote, made absolute from the directory of the file it stands in.
pub(super) fn path(host: &Host, path: &SteelVal, directory: &SteelVal) -> Result<PathBuf> {
    let text = values::text(path)
        .ok_or_else(|| failure(format!("expected a path, got {}", values::describe(path))))?;
    if text.is_empty() {
        return Err(failure("expected a path, got the empty string"));
    }
    let directory =
        values::text(directory).map_or_else(|| host.state().directory.clone(), ToString::to_string);
    let joined = Path::new(&directory).join(text);
    // `..` is left alone, since it may cross a symbolic link; `.` and repeated slashes go.
    Ok(joined.components().collect())
}

/// The name of the item: given, or the last part of the path, with what a store path cannot hold replaced.
fn name(path: &Path, given: &SteelVal) -> Result<String> {
    if let Some(name) = values::text(given) {
        return Ok(name.to_string());
    }
    let last =
        path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| "source".into());
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "+-._?=".contains(c) { c } else { '-' };
    let name: String = last.trim_start_matches('.').chars().map(allowed).collect();
    Ok(if name.is_empty() { "source".into() } else { name })
}

fn source(result: std::result::Result<StorePath, InputError>) -> Result<SteelVal> {
    result.map_err(input_failure).and_then(|path| StoreObject::Source(path).into_steelval())
}

/// The help travels behind a line break; [`super::super::blame`] takes it off again.
fn input_failure(error: InputError) -> SteelErr {
    match error.help {
        Some(help) => failure(format!("{}\n{help}", error.message)),
        None => failure(error.message),
    }
}
