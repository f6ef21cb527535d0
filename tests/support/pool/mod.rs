//! A pool of XCP-ng as far as a deployment needs one: its hosts listen on loopback addresses, speak TLS, and answer calls
//! of XenAPI as JSON-RPC and as XML-RPC. What an upload puts on a disk is kept, over what was there before.
//!
//! It is strict where the real one is: a session is needed for all, references must be its own, a machine that runs keeps
//! its disk, and an upload is answered before it is read.

#![allow(dead_code, reason = "each test program uses its own part")]

mod vhd;
mod xml;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use fruix::hash::Sha256;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

pub const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/pool/certificate.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/pool/key.pem");

/// The SHA-256 of the certificate, as a user gives it.
pub fn fingerprint() -> String {
    Sha256::of(CertificateDer::from_pem_file(CERTIFICATE).unwrap()).hex()
}

pub const PASSWORD: &str = "a secret & a half";
pub const VM: &str = "11111111-2222-3333-4444-555555555555";
pub const VDI: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
/// A disk of another machine.
pub const OTHER_VDI: &str = "99999999-bbbb-cccc-dddd-eeeeeeeeeeee";

/// What a disk holds that was written before.
pub const OLD: u8 = 0xa5;

/// The session that its first login gets.
const SESSION: &str = "OpaqueRef:session";

/// How a machine answers the wish to shut down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shutdown {
    #[default]
    Works,
    /// It has no programs that could.
    Unable,
    /// It never gets done.
    Endless,
}

/// How an upload goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Import {
    #[default]
    Works,
    /// The host breaks off after so many bytes.
    BreaksOff(u64),
    /// The task fails at once with this error.
    Fails(&'static str),
    /// The host refuses with this status, reading nothing.
    Refused(u16),
    /// The host sends to another one, reading nothing.
    SentOn(&'static str),
}

/// How a call is answered, if not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// With this error.
    Error(&'static str),
    /// The answer is cut short.
    CutShort,
    /// The answer is no JSON.
    Nonsense,
    /// The answer comes bit by bit.
    Slow,
}

/// What the pool is like.
#[derive(Debug, Clone)]
pub struct Plan {
    pub disk_size: u64,
    pub state: &'static str,
    pub shutdown: Shutdown,
    pub import: Import,
    /// The address of the master, when asked under another one.
    pub master: &'static str,
    pub trouble: BTreeMap<&'static str, Trouble>,
    /// Whether the guest tells its address.
    pub tells_address: bool,
    /// Whether sessions end after the first call, once.
    pub forgets: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            disk_size: 160 << 20,
            state: "Running",
            shutdown: Shutdown::Works,
            import: Import::Works,
            master: "127.0.0.1",
            trouble: BTreeMap::new(),
            tells_address: true,
            forgets: false,
        }
    }
}

/// What became of the pool.
#[derive(Debug, Default)]
pub struct State {
    pub power: String,
    /// The calls that were answered, in order.
    pub calls: Vec<String>,
    pub disk: Vec<u8>,
    /// Bytes that uploads brought.
    pub received: u64,
    tasks: BTreeMap<String, (String, Vec<String>)>,
    forgot: bool,
}

/// The pool; its hosts are 127.0.0.1 and 127.0.0.2, on one port.
pub struct Pool {
    pub port: u16,
    plan: Plan,
    state: Mutex<State>,
    tls: Arc<ServerConfig>,
}

/// An error of XenAPI.
struct Failure(Vec<String>);

impl Failure {
    fn new(words: &[&str]) -> Self {
        Self(words.iter().map(ToString::to_string).collect())
    }
}

impl Pool {
    /// Starts it. It ends with the process.
    pub fn start(plan: Plan) -> Arc<Self> {
        let certificates = CertificateDer::pem_file_iter(CERTIFICATE).unwrap().map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_file(KEY).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(certificates, key)
            .unwrap();
        let (first, second) = loop {
            let first = TcpListener::bind("127.0.0.1:0").unwrap();
            // The same port of the other address may be taken.
            if let Ok(second) = TcpListener::bind(("127.0.0.2", first.local_addr().unwrap().port())) {
                break (first, second);
            }
        };
        let disk = vec![OLD; plan.disk_size as usize];
        let state = State { power: plan.state.to_owned(), disk, ..State::default() };
        let port = first.local_addr().unwrap().port();
        let pool = Arc::new(Self { port, plan, state: Mutex::new(state), tls: Arc::new(tls) });
        for (listener, host) in [(first, "127.0.0.1"), (second, "127.0.0.2")] {
            let pool = pool.clone();
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let pool = pool.clone();
                    thread::spawn(move || pool.serve(stream, host));
                }
            });
        }
        pool
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Gives back the memory of the disk; nothing is asked any more.
    pub fn retire(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.disk = Vec::new();
        }
    }

    /// Answers the requests of one connection. One that breaks is the other side's affair.
    fn serve(&self, stream: TcpStream, host: &str) {
        let connection = ServerConnection::new(self.tls.clone()).unwrap();
        let mut stream = BufReader::new(StreamOwned::new(connection, stream));
        while let Some(request) = Request::read(&mut stream) {
            if request.target.starts_with("/import_raw_vdi?") {
                self.import(&request, host, &mut stream);
                break;
            }
            let mut body = vec![0; request.length as usize];
            if stream.read_exact(&mut body).is_err() {
                break;
            }
            let answer = self.answer(&request, &body, host);
            let (piece, pause) = if self.plan.trouble.values().any(|trouble| *trouble == Trouble::Slow) {
                (answer.len().div_ceil(20), Duration::from_millis(10))
            } else {
                (answer.len(), Duration::ZERO)
            };
            let sent = answer.chunks(piece).try_for_each(|piece| {
                thread::sleep(pause);
                stream.get_mut().write_all(piece).and_then(|()| stream.get_mut().flush())
            });
            if sent.is_err() || !request.keeps_connection {
                break;
            }
        }
        stream.get_mut().conn.send_close_notify();
        let _ = stream.get_mut().flush();
    }

    fn answer(&self, request: &Request, body: &[u8], host: &str) -> Vec<u8> {
        let is_json = request.target == "/jsonrpc";
        let (method, parameters) = if is_json {
            let call: Value = serde_json::from_slice(body).expect("a call");
            (call["method"].as_str().unwrap().to_owned(), call["params"].as_array().unwrap().clone())
        } else {
            xml::call(std::str::from_utf8(body).unwrap())
        };
        let trouble = self.plan.trouble.get(method.as_str());
        let outcome = match trouble {
            Some(Trouble::Error(code)) => Err(Failure::new(&[code, "for a test"])),
            _ => self.call(&method, &parameters, host),
        };
        self.state().calls.push(method);
        let text = match (is_json, outcome) {
            (true, Ok(value)) => json!({ "jsonrpc": "2.0", "result": value, "id": 1 }).to_string(),
            (true, Err(Failure(words))) => {
                let error = json!({ "code": 1, "message": words[0], "data": words[1..] });
                json!({ "jsonrpc": "2.0", "error": error, "id": 1 }).to_string()
            }
            (false, Ok(value)) => xml::response(&json!({ "Status": "Success", "Value": value })),
            (false, Err(Failure(words))) => {
                xml::response(&json!({ "Status": "Failure", "ErrorDescription": words }))
            }
        };
        let text = if trouble == Some(&Trouble::Nonsense) { "<html>".to_owned() } else { text };
        let mut answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: {}\r\n\r\n{text}",
            text.len()
        );
        if trouble == Some(&Trouble::CutShort) {
            answer.truncate(answer.len() - 10);
        }
        answer.into_bytes()
    }

    fn call(&self, method: &str, parameters: &[Value], host: &str) -> Result<Value, Failure> {
        let text = |index: usize| parameters.get(index).and_then(Value::as_str).unwrap_or_default();
        if method == "session.login_with_password" {
            if host != self.plan.master {
                return Err(Failure::new(&["HOST_IS_SLAVE", self.plan.master]));
            }
            return match (text(0), text(1)) {
                ("root", PASSWORD) => Ok(json!(SESSION)),
                (user, _) => {
                    Err(Failure::new(&["SESSION_AUTHENTICATION_FAILED", user, "Authentication failure"]))
                }
            };
        }
        let mut state = self.state();
        if self.plan.forgets && !state.forgot {
            state.forgot = true;
            return Err(Failure::new(&["SESSION_INVALID", text(0)]));
        }
        if text(0) != SESSION {
            return Err(Failure::new(&["SESSION_INVALID", text(0)]));
        }
        let handle = |kind: &str, expected: &str| {
            if text(1) == expected { Ok(()) } else { Err(Failure::new(&["HANDLE_INVALID", kind, text(1)])) }
        };
        match method {
            "session.logout" => Ok(json!("")),
            "VM.get_by_name_label" => Ok(json!(match text(1) {
                "web" => vec!["OpaqueRef:template", "OpaqueRef:vm"],
                "twin" => vec!["OpaqueRef:vm", "OpaqueRef:other"],
                _ => Vec::new(),
            })),
            "VM.get_by_uuid" if text(1) == VM => Ok(json!("OpaqueRef:vm")),
            "VDI.get_by_uuid" if text(1) == VDI => Ok(json!("OpaqueRef:vdi")),
            "VDI.get_by_uuid" if text(1) == OTHER_VDI => Ok(json!("OpaqueRef:other-vdi")),
            "VM.get_by_uuid" | "VDI.get_by_uuid" => {
                Err(Failure::new(&["UUID_INVALID", &method[..3], text(1)]))
            }
            "VM.get_record" => Ok(json!({
                "uuid": if text(1) == "OpaqueRef:vm" { VM } else { "66666666-2222-3333-4444-555555555555" },
                "name_label": text(1).trim_start_matches("OpaqueRef:"),
                "is_a_template": text(1) == "OpaqueRef:template",
                "is_a_snapshot": false, "is_control_domain": false, "power_state": state.power,
                "VBDs": ["OpaqueRef:drive", "OpaqueRef:vbd"],
            })),
            "VDI.get_record" => {
                let is_ours = text(1) == "OpaqueRef:vdi";
                let (uuid, attached) =
                    if is_ours { (VDI, "OpaqueRef:vbd") } else { (OTHER_VDI, "OpaqueRef:far-vbd") };
                let size = self.plan.disk_size;
                // Some versions write numbers as texts.
                let size = if is_ours { json!(size.to_string()) } else { json!(size) };
                Ok(json!({ "uuid": uuid, "name_label": "disk", "virtual_size": size, "read_only": false,
                           "is_a_snapshot": false, "VBDs": [attached] }))
            }
            "VBD.get_record" => Ok(match text(1) {
                "OpaqueRef:vbd" => json!({ "VM": "OpaqueRef:vm", "VDI": "OpaqueRef:vdi", "userdevice": "0",
                                           "currently_attached": state.power == "Running" }),
                "OpaqueRef:drive" => {
                    json!({ "VM": "OpaqueRef:vm", "VDI": "OpaqueRef:NULL", "userdevice": "3",
                                             "currently_attached": false })
                }
                _ => json!({ "VM": "OpaqueRef:other", "VDI": "OpaqueRef:other-vdi", "userdevice": "0",
                             "currently_attached": false }),
            }),
            "VM.get_power_state" => handle("VM", "OpaqueRef:vm").map(|()| json!(state.power)),
            "VM.get_guest_metrics" => {
                Ok(json!(if self.plan.tells_address { "OpaqueRef:metrics" } else { "OpaqueRef:NULL" }))
            }
            "VM_guest_metrics.get_networks" => {
                handle("VM_guest_metrics", "OpaqueRef:metrics")?;
                Ok(json!({ "0/ipv6/0": "fe80::1", "0/ip": "127.0.0.9" }))
            }
            "task.create" => Ok(json!(state.add_task("pending", &[]))),
            "task.get_record" => match state.tasks.get(text(1)) {
                Some((status, error)) => {
                    Ok(json!({ "status": status, "error_info": error, "progress": 0.5 }))
                }
                None => Err(Failure::new(&["HANDLE_INVALID", "task", text(1)])),
            },
            "task.cancel" => {
                state.tasks.insert(text(1).to_owned(), ("cancelled".into(), Vec::new()));
                Ok(json!(""))
            }
            "task.destroy" => Ok(json!(state.tasks.remove(text(1)).map(|_| ""))),
            _ => match method.strip_prefix("Async.") {
                Some(method) => {
                    handle("VM", "OpaqueRef:vm")?;
                    Ok(json!(self.start_task(&mut state, method)))
                }
                None => {
                    let task = self.start_task(&mut state, method);
                    match state.tasks.remove(&task) {
                        Some((_, error)) if !error.is_empty() => Err(Failure(error)),
                        _ => Ok(json!("")),
                    }
                }
            },
        }
    }

    /// Does what a task is to do, and gives the task.
    fn start_task(&self, state: &mut State, method: &str) -> String {
        let halted = state.power == "Halted";
        let (status, error, power) = match (method, self.plan.shutdown) {
            ("VM.clean_shutdown", Shutdown::Endless) => ("pending", vec![], None),
            ("VM.clean_shutdown", Shutdown::Unable) => {
                ("failure", vec!["VM_LACKS_FEATURE_SHUTDOWN", "OpaqueRef:vm"], None)
            }
            ("VM.clean_shutdown" | "VM.hard_shutdown", _) if !halted => ("success", vec![], Some("Halted")),
            ("VM.start", _) if halted => ("success", vec![], Some("Running")),
            _ => ("failure", vec!["VM_BAD_POWER_STATE", "OpaqueRef:vm", "x", "y"], None),
        };
        if let Some(power) = power {
            state.power = power.to_owned();
        }
        state.add_task(status, &error)
    }

    /// Takes an upload as the real one does: checks it, answers, attaches the disk, then reads.
    fn import(&self, request: &Request, host: &str, stream: &mut (impl Read + HasTls)) {
        let query = |name: &str| request.query(name).unwrap_or_default();
        let task = query("task_id");
        let answer = |stream: &mut dyn HasTls, text: &str| {
            let _ = stream.tls().write_all(text.as_bytes());
            let _ = stream.tls().flush();
        };
        let is_sound = request.method == "PUT" && request.length > 0 && query("format") == "vhd";
        if query("session_id") != SESSION || !is_sound {
            return answer(stream, "HTTP/1.1 403 Forbidden\r\n\r\n");
        }
        match self.plan.import {
            Import::Refused(status) => {
                self.state().end_task(&task, "failure", &["INTERNAL_ERROR", "for a test"]);
                return answer(stream, &format!("HTTP/1.1 {status} Refused\r\ncontent-length: 0\r\n\r\n"));
            }
            Import::SentOn(other) if other != host => {
                let target = &request.target;
                let place = format!("https://{other}:{}{target}", self.port);
                return answer(stream, &format!("HTTP/1.1 302 Found\r\nlocation: {place}\r\n\r\n"));
            }
            _ => {}
        }
        if self.state().power != "Halted" || !["OpaqueRef:vdi", VDI].contains(&query("vdi").as_str()) {
            self.state().end_task(&task, "failure", &["VDI_IN_USE", "OpaqueRef:vdi", "attach"]);
            return answer(stream, "HTTP/1.1 400 Bad request\r\n\r\n");
        }
        if let Import::Fails(code) = self.plan.import {
            self.state().end_task(&task, "failure", &[code, "for a test"]);
            return answer(stream, "HTTP/1.1 500 Internal error\r\n\r\n");
        }
        answer(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
        let length = match self.plan.import {
            Import::BreaksOff(length) => length,
            _ => request.length,
        };
        let mut state = self.state();
        let mut body = vhd::Counted::new(stream.take(length));
        let result = vhd::receive(&mut body, &mut state.disk);
        state.received += body.count;
        match result {
            Ok(()) if body.count == request.length => state.end_task(&task, "success", &[]),
            _ => state.end_task(&task, "failure", &["VDI_IO_ERROR", "Device I/O errors"]),
        }
    }
}

/// A stream whose reading side may be wrapped.
trait HasTls {
    fn tls(&mut self) -> &mut StreamOwned<ServerConnection, TcpStream>;
}

impl HasTls for BufReader<StreamOwned<ServerConnection, TcpStream>> {
    fn tls(&mut self) -> &mut StreamOwned<ServerConnection, TcpStream> {
        self.get_mut()
    }
}

impl State {
    fn add_task(&mut self, status: &str, error: &[&str]) -> String {
        let task = format!("OpaqueRef:task-{}", self.calls.len());
        self.end_task(&task, status, error);
        task
    }

    fn end_task(&mut self, task: &str, status: &str, error: &[&str]) {
        let error = error.iter().map(ToString::to_string).collect();
        self.tasks.insert(task.to_owned(), (status.to_owned(), error));
    }

    /// The tasks that nobody cleared away.
    pub fn tasks(&self) -> usize {
        self.tasks.len()
    }
}

/// The first lines of a request.
struct Request {
    method: String,
    target: String,
    length: u64,
    keeps_connection: bool,
}

impl Request {
    fn read(stream: &mut impl BufRead) -> Option<Self> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let mut words = lines.first()?.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        let header = |name: &str| {
            let found = lines
                .iter()
                .find_map(|line| line.split_once(": ").filter(|(own, _)| own.eq_ignore_ascii_case(name)));
            found.map(|(_, value)| value.to_owned())
        };
        Some(Self {
            method: method.to_owned(),
            target: target.to_owned(),
            length: header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0),
            keeps_connection: version == "HTTP/1.1" && header("connection").as_deref() != Some("close"),
        })
    }

    fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        let value = query.split('&').find_map(|part| part.split_once('=').filter(|(own, _)| *own == name))?.1;
        Some(value.replace("%3A", ":"))
    }
}
