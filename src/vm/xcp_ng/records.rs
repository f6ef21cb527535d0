//! The machine and its disk, as the pool knows them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::XcpError;
use super::session::Session;

/// A virtual machine.
#[derive(Debug, Clone, Deserialize)]
pub struct Machine {
    #[serde(skip)]
    pub reference: String,
    pub uuid: String,
    pub name_label: String,
    pub is_a_template: bool,
    pub is_a_snapshot: bool,
    pub is_control_domain: bool,
    #[serde(rename = "VBDs")]
    attachments: Vec<String>,
}

/// A disk.
#[derive(Debug, Clone, Deserialize)]
pub struct Disk {
    #[serde(skip)]
    pub reference: String,
    pub uuid: String,
    #[serde(deserialize_with = "number")]
    pub virtual_size: u64,
    read_only: bool,
    is_a_snapshot: bool,
    #[serde(rename = "VBDs")]
    attachments: Vec<String>,
}

/// That a disk is attached to a machine.
#[derive(Debug, Deserialize)]
struct Attachment {
    #[serde(rename = "VM")]
    machine: String,
    #[serde(rename = "VDI")]
    disk: String,
    currently_attached: bool,
    userdevice: String,
}

/// The machine that is called so, or has this UUID.
pub fn machine(session: &mut Session, name: &str) -> Result<Machine, XcpError> {
    let mut references: Vec<String> = session.call("VM.get_by_name_label", &[json!(name)])?;
    if references.is_empty() && is_uuid(name) {
        references.push(session.call("VM.get_by_uuid", &[json!(name)])?);
    }
    let mut machines = Vec::new();
    for reference in references {
        let machine: Machine = session.call("VM.get_record", &[json!(reference)])?;
        if !(machine.is_a_template || machine.is_a_snapshot || machine.is_control_domain) {
            machines.push(Machine { reference, ..machine });
        }
    }
    match machines.len() {
        1 => Ok(machines.remove(0)),
        0 => Err(XcpError::NoMachine { name: name.to_owned() }),
        number => {
            let uuids = machines.into_iter().map(|machine| machine.uuid).collect();
            Err(XcpError::SeveralMachines { name: name.to_owned(), number, uuids })
        }
    }
}

/// The disk with this UUID, which is to be one of the machine's that an import may write to.
pub fn disk(session: &mut Session, machine: &Machine, uuid: &str) -> Result<Disk, XcpError> {
    let reference: String = session.call("VDI.get_by_uuid", &[json!(uuid)])?;
    let disk: Disk = session.call("VDI.get_record", &[json!(reference)])?;
    let unfit = |what| XcpError::Unfit { vdi: uuid.to_owned(), what };
    if disk.is_a_snapshot {
        return Err(unfit("a snapshot"));
    }
    if disk.read_only {
        return Err(unfit("read-only"));
    }
    let mut is_its_own = false;
    for attachment in &disk.attachments {
        let attachment: Attachment = session.call("VBD.get_record", &[json!(attachment)])?;
        if attachment.machine == machine.reference {
            is_its_own = true;
        } else if attachment.currently_attached {
            let other: Machine = session.call("VM.get_record", &[json!(attachment.machine)])?;
            return Err(XcpError::UsedElsewhere { vdi: uuid.to_owned(), other: other.name_label });
        }
    }
    if !is_its_own {
        let disks = disks(session, machine)?;
        return Err(XcpError::NotItsDisk { vdi: uuid.to_owned(), vm: machine.name_label.clone(), disks });
    }
    Ok(Disk { reference, ..disk })
}

/// The disks of a machine, for a user who named another.
fn disks(session: &mut Session, machine: &Machine) -> Result<String, XcpError> {
    let mut disks = Vec::new();
    for attachment in &machine.attachments {
        let attachment: Attachment = session.call("VBD.get_record", &[json!(attachment)])?;
        if attachment.disk == NULL {
            continue;
        }
        let disk: Disk = session.call("VDI.get_record", &[json!(attachment.disk)])?;
        disks.push(format!(
            "{} (device {}, {} MiB)",
            disk.uuid,
            attachment.userdevice,
            disk.virtual_size >> 20
        ));
    }
    Ok(if disks.is_empty() { "none".to_owned() } else { disks.join(", ") })
}

/// What stands where there is nothing to refer to.
pub const NULL: &str = "OpaqueRef:NULL";

/// The addresses that programs in the guest report, if it has such programs.
pub fn addresses(session: &mut Session, machine: &Machine) -> Result<Vec<String>, XcpError> {
    let metrics: String = session.call("VM.get_guest_metrics", &[json!(machine.reference)])?;
    if metrics == NULL {
        return Ok(Vec::new());
    }
    let networks: BTreeMap<String, String> =
        session.call("VM_guest_metrics.get_networks", &[json!(metrics)])?;
    // `0/ip` and `0/ipv4/0` are the first of the first card; IPv6 comes after.
    Ok(networks.into_iter().filter(|(key, _)| !key.contains("ipv6")).map(|(_, address)| address).collect())
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// A number, which some versions write as a text.
fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}
