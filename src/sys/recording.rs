//! An [`Isolation`] that does nothing but remember what it was asked.

use std::path::Path;

use super::{Access, Ids, Isolation, Network, PseudoFileSystem, SysError};

/// The steps so far, one line each, as in `bind /frx/store/x -> /root/frx/store/x (ReadOnly)`.
#[derive(Debug, Default)]
pub struct Recorder {
    pub steps: Vec<String>,
}

impl Recorder {
    fn note(&mut self, step: String) -> Result<(), SysError> {
        self.steps.push(step);
        Ok(())
    }
}

impl Isolation for Recorder {
    fn leave_host(&mut self, network: Network, user: Option<Ids>, inside: Ids) -> Result<(), SysError> {
        self.note(format!("leave host (network {network:?}, as {user:?}, inside {inside:?})"))
    }

    fn set_host_name(&mut self, name: &str) -> Result<(), SysError> {
        self.note(format!("host name {name}"))
    }

    fn begin_root(&mut self, root: &Path) -> Result<(), SysError> {
        self.note(format!("begin {}", root.display()))
    }

    fn bind(&mut self, from: &Path, to: &Path, access: Access) -> Result<(), SysError> {
        self.note(format!("bind {} -> {} ({access:?})", from.display(), to.display()))
    }

    fn mount(&mut self, what: PseudoFileSystem, to: &Path) -> Result<(), SysError> {
        self.note(format!("mount {what:?} at {}", to.display()))
    }

    fn seal(&mut self, path: &Path) -> Result<(), SysError> {
        self.note(format!("seal {}", path.display()))
    }

    fn enter_root(&mut self, root: &Path) -> Result<(), SysError> {
        self.note(format!("enter {}", root.display()))
    }

    fn give_up_privileges(&mut self) -> Result<(), SysError> {
        self.note("give up privileges".to_owned())
    }
}
