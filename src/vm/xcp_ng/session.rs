//! Calls of XenAPI, as JSON-RPC.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::http::Server;
use super::trust::{Tls, Trust};
use super::{Address, Password, XcpError};

/// How many hosts may send us on to another: members of a pool know their master.
const HOPS: usize = 3;

/// Someone who is logged in. The session ends with it.
#[derive(Debug)]
pub struct Session {
    server: Server,
    user: String,
    password: Password,
    /// Empty before the first login.
    id: String,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    result: Value,
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    message: String,
    #[serde(default)]
    data: Value,
}

impl Session {
    /// Logs in at the host, or at the master of its pool.
    pub fn login(address: &Address, trust: &Trust, password: Password) -> Result<Self, XcpError> {
        let server = Server { host: address.host.clone(), port: address.port, tls: Tls::new(trust)? };
        let mut session = Self { server, user: address.user.clone(), password, id: String::new() };
        session.renew()?;
        Ok(session)
    }

    /// The host that is spoken to.
    pub fn server(&self) -> &Server {
        &self.server
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    fn renew(&mut self) -> Result<(), XcpError> {
        let parameters = json!([self.user, self.password.reveal(), "1.0", "fruix"]);
        for _ in 0..HOPS {
            match self.ask("session.login_with_password", &parameters) {
                Ok(id) => {
                    self.id = id;
                    return Ok(());
                }
                Err(error) => match error.master() {
                    Some(master) => self.server.host = master.to_owned(),
                    None => return Err(error),
                },
            }
        }
        Err(XcpError::NoMaster { host: self.server.host.clone() })
    }

    /// Calls a method with these parameters behind the session. A session that has ended meanwhile is renewed once.
    pub fn call<T: DeserializeOwned>(&mut self, method: &str, parameters: &[Value]) -> Result<T, XcpError> {
        let with = |id: &str| Value::Array([&[json!(id)], parameters].concat());
        match self.ask(method, &with(&self.id)) {
            Err(error) if error.is_api("SESSION_INVALID") => {
                self.renew()?;
                self.ask(method, &with(&self.id))
            }
            outcome => outcome,
        }
    }

    fn ask<T: DeserializeOwned>(&self, method: &str, parameters: &Value) -> Result<T, XcpError> {
        let request = json!({ "jsonrpc": "2.0", "method": method, "params": parameters, "id": 1 });
        let answer = self.server.post("/jsonrpc", request.to_string().as_bytes())?;
        let strange =
            |what: String| XcpError::Answer { host: self.server.host.clone(), call: method.to_owned(), what };
        if answer.status != 200 {
            return Err(strange(format!("status {}", answer.status)));
        }
        let answer: Answer =
            serde_json::from_slice(&answer.body).map_err(|error| strange(error.to_string()))?;
        match answer.error {
            Some(failure) => Err(XcpError::api(method, failure.message, texts(failure.data))),
            None => serde_json::from_value(answer.result).map_err(|error| strange(error.to_string())),
        }
    }

    /// Uploads a file. Where the host sees the storage only through another, that one is asked.
    pub fn upload(
        &self,
        target: &str,
        file: &Path,
        progress: &mut dyn FnMut(u64) -> Result<(), XcpError>,
    ) -> Result<(), XcpError> {
        let mut server = self.server.clone();
        for _ in 0..HOPS {
            let mut body = std::fs::File::open(file).map_err(|source| XcpError::Image { source })?;
            let length = body.metadata().map_err(|source| XcpError::Image { source })?.len();
            let answer = server.put(target, &mut body, length, progress)?;
            match (answer.status, answer.location.as_deref().and_then(place)) {
                (200..=299, _) => return Ok(()),
                (301 | 302 | 307 | 308, Some((host, port))) => {
                    server.host = host;
                    server.port = port;
                }
                (status, _) => return Err(XcpError::Refused { host: server.host, status }),
            }
        }
        Err(XcpError::NoMaster { host: server.host })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.id.is_empty() {
            return;
        }
        // One that stays ends by itself after a day.
        let _: Result<Value, XcpError> = self.ask("session.logout", &json!([self.id]));
    }
}

/// Host and port of an address to which an upload is sent on. The rest of it is what was asked for.
fn place(location: &str) -> Option<(String, u16)> {
    let rest = location.strip_prefix("https://")?;
    let authority = rest.split(['/', '?']).next()?;
    let (host, port) = super::address::split_port(authority)?;
    Some((host.to_owned(), port))
}

/// The parameters of an error, which are texts.
fn texts(data: Value) -> Vec<String> {
    match data {
        Value::Array(parts) => parts
            .into_iter()
            .map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_are_sent_on_by_tls_only() {
        assert_eq!(place("https://10.0.0.2/import_raw_vdi?vdi=x"), Some(("10.0.0.2".into(), 443)));
        assert_eq!(place("https://b:8443/x"), Some(("b".into(), 8443)));
        assert_eq!(place("http://b/x"), None);
    }
}
