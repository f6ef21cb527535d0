//! What can fail between here and a pool, and what to do about it.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use crate::builders::image::ImageError;
use crate::builders::image::container::SourceError;
use crate::hash::Sha256;
use crate::vm::qemu::VmError;

/// Why a system did not come into a machine of a pool.
#[derive(Debug, Error, Diagnostic)]
pub enum XcpError {
    #[error("no password for the pool")]
    #[diagnostic(help(
        "put it into the variable {} of the environment, or into a file of mode 600 for --password-file",
        super::PASSWORD_VARIABLE
    ))]
    NoPassword,
    #[error("cannot read the password file `{}`: {source}", path.display())]
    PasswordFile { path: PathBuf, source: io::Error },
    #[error("others may read the password file `{}`, whose mode is {mode:o}", path.display())]
    #[diagnostic(help("chmod 600 {}", path.display()))]
    OpenPasswordFile { path: PathBuf, mode: u32 },
    #[error("the first line of the password file `{}` is empty", path.display())]
    EmptyPasswordFile { path: PathBuf },
    #[error("cannot read certificates from `{}`: {reason}", path.display())]
    #[diagnostic(help("--ca names a file of certificates in PEM: -----BEGIN CERTIFICATE-----"))]
    Authorities { path: PathBuf, reason: String },
    #[error("cannot set up TLS: {source}")]
    Tls { source: rustls::Error },
    #[error("cannot reach `{host}` on port {port}: {source}")]
    #[diagnostic(help("check the address, and that the host is up"))]
    Connect { host: String, port: u16, source: io::Error },
    #[error("the certificate of `{host}` is not trusted: {reason}")]
    Certificate {
        host: String,
        reason: String,
        #[help]
        help: String,
    },
    #[error("the connection to `{host}` broke: {source}")]
    #[diagnostic(help("see whether the host is up and its toolstack runs: systemctl status xapi"))]
    Broken { host: String, source: io::Error },
    #[error("`{host}` refused the upload with status {status}")]
    #[diagnostic(help("/var/log/xensource.log on the host says why"))]
    Refused { host: String, status: u16 },
    #[error("the answer of `{host}` to {call} cannot be understood: {what}")]
    #[diagnostic(help("is it a host of XCP-ng or XenServer, of version 7.3 or later?"))]
    Answer { host: String, call: String, what: String },
    #[error("the hosts of the pool send one on to another; `{host}` was the last")]
    #[diagnostic(help("name the master of the pool with --on; `xe pool-list` on a host says which it is"))]
    NoMaster { host: String },
    #[error("{call} failed: {code}{}", parameters_of(parameters))]
    Api {
        call: String,
        code: String,
        parameters: Vec<String>,
        #[help]
        hint: Option<String>,
    },
    #[error("the pool has no virtual machine `{name}`")]
    #[diagnostic(help("name it as `xe vm-list` on a host does, or by its UUID"))]
    NoMachine { name: String },
    #[error("the pool has {number} virtual machines called `{name}`")]
    #[diagnostic(help("name one by its UUID: {}", uuids.join(", ")))]
    SeveralMachines { name: String, number: usize, uuids: Vec<String> },
    #[error("the VDI `{vdi}` is no disk of the virtual machine `{vm}`")]
    #[diagnostic(help("its disks are {disks}"))]
    NotItsDisk { vdi: String, vm: String, disks: String },
    #[error("the VDI `{vdi}` is {what}, so nothing can be imported into it")]
    Unfit { vdi: String, what: &'static str },
    #[error("another virtual machine, `{other}`, uses the VDI `{vdi}` now")]
    #[diagnostic(help("shut it down, or detach the disk from it"))]
    UsedElsewhere { vdi: String, other: String },
    #[error("the VDI `{vdi}` has {size} bytes, less than the {needed} of the image")]
    #[diagnostic(help("make it larger: xe vdi-resize uuid={vdi} disk-size={needed}; nothing was touched"))]
    TooSmall { vdi: String, size: u64, needed: u64 },
    #[error("`{}` is no disk to boot: it has no partition table", path.display())]
    #[diagnostic(help(
        "name an image that `fruix system image` wrote, or a declaration, whose name ends in .scm"
    ))]
    NoDisk { path: PathBuf },
    #[error("cannot read the image: {source}")]
    Image { source: io::Error },
    #[error("{what} took longer than {seconds} s")]
    TooLong { what: String, seconds: u64 },
    #[error("the import into the VDI `{vdi}` failed, and the virtual machine `{vm}` stays off: {cause}")]
    ImportFailed {
        vm: String,
        vdi: String,
        cause: Box<XcpError>,
        #[help]
        help: String,
    },
    #[error("interrupted{state}")]
    Interrupted { state: &'static str },
    #[error("{detail}")]
    Guest {
        detail: String,
        #[help]
        help: String,
    },
    #[error("cannot write `{}`: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Convert(#[from] ImageError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Vm(#[from] VmError),
}

fn parameters_of(parameters: &[String]) -> String {
    if parameters.is_empty() { String::new() } else { format!(" ({})", parameters.join(", ")) }
}

impl XcpError {
    /// An error that XenAPI names.
    pub(super) fn api(call: &str, code: String, parameters: Vec<String>) -> Self {
        let hint = hint(&code).map(str::to_owned);
        Self::Api { call: call.to_owned(), code, parameters, hint }
    }

    pub(super) fn certificate(host: &str, fingerprint: Sha256, reason: &str) -> Self {
        let fingerprint = fingerprint.hex();
        let help = format!(
            "a host signs its certificate itself unless you give it another; compare what `openssl x509 -noout \
             -fingerprint -sha256 -in /etc/xensource/xapi-ssl.pem` prints on the host with what was seen, and if \
             they are the same, give\n    --fingerprint {fingerprint}\n(again for each host of a pool); or name the \
             certificate of an authority with --ca"
        );
        Self::Certificate { host: host.to_owned(), reason: reason.to_owned(), help }
    }

    pub(super) fn import_failed(vm: &str, vdi: &str, cause: XcpError) -> Self {
        let hint = cause.help().map(|help| format!("{help}\n")).unwrap_or_default();
        let help = format!(
            "{hint}what was on the VDI is lost, in part at least; run the command again, which starts the machine once \
             the import has succeeded"
        );
        Self::ImportFailed { vm: vm.to_owned(), vdi: vdi.to_owned(), cause: Box::new(cause), help }
    }

    /// Whether XenAPI calls it so.
    pub(super) fn is_api(&self, expected: &str) -> bool {
        matches!(self, Self::Api { code, .. } if code == expected)
    }

    /// Whom to ask instead, if a member of a pool said that it is not the master.
    pub(super) fn master(&self) -> Option<&str> {
        match self {
            Self::Api { code, parameters, .. } if code == "HOST_IS_SLAVE" => {
                parameters.first().map(String::as_str)
            }
            _ => None,
        }
    }
}

/// What to do about an error of XenAPI.
fn hint(code: &str) -> Option<&'static str> {
    let hint = match code {
        "SESSION_AUTHENTICATION_FAILED" => {
            "check the user of the address (root, if none is named) and the password"
        }
        "RBAC_PERMISSION_DENIED" => {
            "this user may not do that; one with the role vm-power-admin or pool-admin may"
        }
        "HOST_IS_SLAVE" => "the host does not say who the master of its pool is; name it with --on",
        "UUID_INVALID" => {
            "there is nothing with this UUID; `xe vdi-list` and `xe vm-list` on a host list what there is"
        }
        "HANDLE_INVALID" => "it was removed meanwhile; run the command again",
        "VDI_IN_USE" => {
            "something else uses the disk: another machine, a backup or a snapshot; see xe task-list"
        }
        "VDI_IO_ERROR" => {
            "the storage failed, or the image did not arrive whole; /var/log/SMlog and \
                           /var/log/xensource.log on the host say more. Storage of the type lvm without VHDs takes no import"
        }
        "VM_BAD_POWER_STATE" => {
            "someone else started or stopped the machine meanwhile; run the command again"
        }
        "OTHER_OPERATION_IN_PROGRESS" | "OPERATION_NOT_ALLOWED" => {
            "something else is being done to it, or it is blocked; see xe task-list and run the command again"
        }
        "HOST_NOT_ENOUGH_FREE_MEMORY" | "NO_HOSTS_AVAILABLE" => {
            "no host of the pool can run the machine now: too little memory is free, or storage or network is missing"
        }
        "HOST_IN_EMERGENCY_MODE" | "HOST_STILL_BOOTING" => {
            "the host is not up yet, or has lost its pool; see xe pool-list"
        }
        "TASK_CANCELLED" => "someone cancelled it",
        _ if code.starts_with("SR_BACKEND_FAILURE") => {
            "the storage failed, or is full; /var/log/SMlog on the host says more"
        }
        _ => return None,
    };
    Some(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_pool_come_with_hints() {
        let error = XcpError::api("VM.start", "SR_BACKEND_FAILURE_44".into(), vec!["no space".into()]);
        assert_eq!(error.to_string(), "VM.start failed: SR_BACKEND_FAILURE_44 (no space)");
        assert!(error.help().unwrap().to_string().contains("SMlog"));
        let failed = XcpError::import_failed("web", "1-2", error);
        let help = failed.help().unwrap().to_string();
        assert!(failed.to_string().contains("`web` stays off") && help.contains("SMlog"), "{failed} {help}");
        assert!(XcpError::api("x", "SOMETHING_NEW".into(), Vec::new()).help().is_none());
    }
}
