//! What most commands begin with: the store, and the items that arguments name.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::Diagnostic;
use thiserror::Error;

use crate::build::Realise;
use crate::cli::args::Global;
use crate::daemon::{self, Client};
use crate::store::{Layout, Settings, Store, StoreAccess, StoreError, Upkeep, Workplace, link_root};
use crate::store_path::StorePath;
use crate::util::report::Report;

/// An argument that names nothing in the store.
#[derive(Debug, Error, Diagnostic)]
pub enum ItemError {
    #[error("`{}` does not exist", argument.display())]
    #[diagnostic(help(
        "give a store path such as /frx/store/…-name, its base name, or a file below the store at `{}`",
        store.display()
    ))]
    Missing { argument: PathBuf, store: PathBuf },
    #[error("`{}` is not in the store", argument.display())]
    #[diagnostic(help("the store is at `{}`; `fruix store add` puts files into it", store.display()))]
    Outside { argument: PathBuf, store: PathBuf },
    #[error("{item} is not in the store")]
    #[diagnostic(help("what a build would have made is found by its derivation: give the .drv"))]
    Invalid { item: StorePath },
    #[error("{item} was not built")]
    #[diagnostic(help(
        "only what a derivation made belongs to one: give an output of a derivation, or a .drv"
    ))]
    NotBuilt { item: StorePath },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
}

/// The store that the global options choose, from whichever side, and made where there is none: for commands that put
/// something into it.
pub fn access(global: &Global) -> Result<Arc<dyn Realise>, StoreError> {
    Ok(match daemon(global)? {
        Some(client) => Arc::new(client),
        None => Arc::new(with_options(Store::open(layout(global)?)?, global)?),
    })
}

/// The store that the global options choose, from whichever side, for commands that only look.
pub fn access_to_read(global: &Global) -> Result<Arc<dyn Realise>, StoreError> {
    Ok(match daemon(global)? {
        Some(client) => Arc::new(client),
        None => Arc::new(with_options(Store::open_to_read(layout(global)?)?, global)?),
    })
}

/// The daemon to ask: the one that was asked for, or that of a store which this user may not write.
pub fn daemon(global: &Global) -> Result<Option<Client>, StoreError> {
    let workplace = || Ok::<_, StoreError>(Workplace::new(Layout::own()?));
    let client = match &global.daemon_socket {
        Some(socket) => Some(Client::connect(socket, workplace()?)?),
        None => match foreign_socket(global)? {
            Some(socket) => Client::find(&socket, workplace()?)?,
            None => None,
        },
    };
    if let Some(client) = &client {
        override_settings(client, &global.option)?;
    }
    Ok(client)
}

/// Has the options of the command count for what the daemon does for it.
fn override_settings(client: &Client, options: &[String]) -> Result<(), StoreError> {
    if options.is_empty() {
        return Ok(());
    }
    // What is misspelt is shown where it stands.
    set_options(&mut Settings::default(), options)?;
    let settings = options.chunks_exact(2).map(|option| (option[0].clone(), option[1].clone()));
    client.override_settings(settings.collect())
}

/// Where the store of the global options lies.
pub fn layout(global: &Global) -> Result<Layout, StoreError> {
    Layout::discover(global.root.as_deref())
}

/// The socket of the daemon of a store that this user may not write.
fn foreign_socket(global: &Global) -> Result<Option<PathBuf>, StoreError> {
    let layout = Layout::new(global.root.as_deref().unwrap_or(Path::new("/")))?;
    let socket = daemon::socket(&layout);
    Ok((!layout.is_writable() && socket.exists()).then_some(socket))
}

/// Refuses, for a command that a daemon does for nobody.
pub fn require_own(global: &Global) -> Result<(), StoreError> {
    if global.daemon_socket.is_none() && foreign_socket(global)?.is_none() {
        return Ok(());
    }
    Err(StoreError::Daemon(Report::new(
        "this is for the user alone whose store it is, and not done by the daemon",
        "run it as that user, mostly root; or use a store of your own: --root DIR",
    )))
}

/// The store that the global options choose, from whichever side, to look after it. Whoever may write it opens it with
/// `open`.
pub fn upkeep(
    global: &Global,
    open: fn(Layout) -> Result<Store, StoreError>,
) -> Result<Box<dyn Upkeep>, StoreError> {
    Ok(match daemon(global)? {
        Some(client) => Box::new(client),
        None => Box::new(with_options(open(layout(global)?)?, global)?),
    })
}

/// What the operator has chosen for the store at `layout`, and this command.
pub fn settings(global: &Global, layout: &Layout) -> Result<Settings, StoreError> {
    let mut settings = Settings::load(layout)?;
    set_options(&mut settings, &global.option)?;
    Ok(settings)
}

/// Has the options of the command override the settings of the store.
fn with_options(store: Store, global: &Global) -> Result<Store, StoreError> {
    let mut settings = store.settings().clone();
    set_options(&mut settings, &global.option)?;
    Ok(store.with_settings(settings))
}

/// Sets what `--option NAME VALUE` says, each time it is given.
fn set_options(settings: &mut Settings, options: &[String]) -> Result<(), StoreError> {
    options.chunks_exact(2).try_for_each(|option| settings.set(&option[0], &option[1]))
}

/// The item an argument names: by logical path, by physical path (also of something in the item, or of a link
/// to it), or by base name.
pub fn item(store: &dyn StoreAccess, argument: &Path) -> Result<StorePath, ItemError> {
    let layout = store.layout();
    let base_name = || StorePath::from_base_name(argument.to_str()?).ok();
    if let Some(path) = layout.item_of(argument).or_else(base_name) {
        return Ok(path);
    }
    let store = layout.store_dir();
    let resolved = argument
        .canonicalize()
        .map_err(|_| ItemError::Missing { argument: argument.to_owned(), store: store.clone() })?;
    let canonical_store = store.canonicalize().unwrap_or_else(|_| store.clone());
    let inside = resolved.strip_prefix(canonical_store).ok().map(|below| store.join(below));
    inside
        .and_then(|path| layout.item_of(&path))
        .ok_or_else(|| ItemError::Outside { argument: argument.to_owned(), store })
}

/// Makes links that keep items: `link`, and for further ones `link-2` and so on.
pub fn link_outputs<'a>(
    store: &dyn StoreAccess,
    link: &Path,
    items: impl Iterator<Item = &'a StorePath>,
) -> Result<(), StoreError> {
    for (item, number) in items.zip(1..) {
        match number {
            1 => link_root(store, link, item)?,
            number => {
                let mut numbered = link.as_os_str().to_owned();
                numbered.push(format!("-{number}"));
                link_root(store, Path::new(&numbered), item)?;
            }
        }
    }
    Ok(())
}

/// The derivation that the item is, or that made it.
pub fn deriver(store: &dyn StoreAccess, item: StorePath) -> Result<StorePath, ItemError> {
    if item.is_derivation() {
        return Ok(item);
    }
    if !store.is_valid(&item)? {
        return Err(ItemError::Invalid { item });
    }
    store.path_info(&item)?.deriver.ok_or(ItemError::NotBuilt { item })
}
