//! What a host does while others wait: tasks, which are asked about until they end.

use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::XcpError;
use super::session::Session;
use crate::sys::interrupt;

/// Between two questions: the first soon, later ones less often.
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

/// How the pool writes that a task goes on.
const PENDING: [&str; 2] = ["pending", "cancelling"];

#[derive(Deserialize)]
struct Record {
    status: String,
    error_info: Vec<String>,
}

/// How long to wait for a task, and what it is called when that was too long.
#[derive(Debug, Clone, Copy)]
pub struct Wait<'a> {
    pub what: &'a str,
    pub limit: Duration,
}

/// Makes a task that an upload reports to.
pub fn create(session: &mut Session, name: &str) -> Result<String, XcpError> {
    session.call("task.create", &[json!(name), json!("")])
}

/// Calls a method as a task, and waits until it is done. One that takes too long is cancelled.
pub fn run(
    session: &mut Session,
    method: &str,
    parameters: &[Value],
    wait: Wait<'_>,
) -> Result<(), XcpError> {
    let task: String = session.call(&format!("Async.{method}"), parameters)?;
    finish(session, &task, method, wait)
}

/// Waits until the task of a method is done.
pub fn finish(session: &mut Session, task: &str, method: &str, wait: Wait<'_>) -> Result<(), XcpError> {
    let outcome = follow(session, task, method, wait);
    if matches!(outcome, Err(XcpError::TooLong { .. } | XcpError::Interrupted { .. })) {
        cancel(session, task);
    }
    // One that stays is removed by the pool in time.
    let _: Result<Value, XcpError> = session.call("task.destroy", &[json!(task)]);
    outcome
}

fn follow(session: &mut Session, task: &str, method: &str, wait: Wait<'_>) -> Result<(), XcpError> {
    let started = Instant::now();
    let mut interval = FIRST;
    loop {
        let record: Record = session.call("task.get_record", &[json!(task)])?;
        if record.status == "success" {
            return Ok(());
        }
        if !PENDING.contains(&record.status.as_str()) {
            let mut error = record.error_info.into_iter();
            let code = error.next().unwrap_or_else(|| record.status.clone());
            return Err(XcpError::api(method, code, error.collect()));
        }
        if started.elapsed() > wait.limit {
            return Err(XcpError::TooLong { what: wait.what.to_owned(), seconds: wait.limit.as_secs() });
        }
        if interrupt::requested() {
            return Err(XcpError::Interrupted { state: "" });
        }
        thread::sleep(interval);
        interval = (interval * 2).min(LONGEST);
    }
}

/// Asks the pool to give up a task.
pub fn cancel(session: &mut Session, task: &str) {
    // What cannot be cancelled goes on, and is not waited for.
    let _: Result<Value, XcpError> = session.call("task.cancel", &[json!(task)]);
}
