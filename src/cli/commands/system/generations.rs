//! What the verbs of generations have in common: how generations are shown, and what is said when another is current.

use std::time::SystemTime;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};

use crate::profile::Generation;
use crate::system::generations::Installed;

/// A moment, in the time zone of whoever looks.
pub fn local_time(time: SystemTime) -> String {
    match Timestamp::try_from(time) {
        Ok(time) => Zoned::new(time, TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        // Beyond the year 9999, or before our calendar.
        Err(_) => "at no time".to_owned(),
    }
}

/// A moment for programs: RFC 3339, in UTC.
fn utc(time: SystemTime) -> Value {
    Timestamp::try_from(time).map_or(Value::Null, |time| {
        let seconds = Timestamp::from_second(time.as_second()).unwrap_or(time);
        json!(seconds.to_string())
    })
}

/// A generation for programs.
pub fn as_json(installed: &Installed) -> Value {
    let Installed { generation, system, description } = installed;
    json!({
        "generation": generation.number,
        "current": generation.is_current,
        "created": utc(generation.created),
        "link": generation.link,
        "system": system,
        "parameters": description,
    })
}

/// The same, as far as it is known of one that is damaged.
pub fn damaged_as_json(number: u32, why: &str) -> Value {
    json!({ "generation": number, "damaged": why })
}

/// `generation 3`, and whether it is the current one.
pub fn title(generation: &Generation) -> String {
    let current = if generation.is_current { ", the current one" } else { "" };
    format!("generation {}{current}", generation.number)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn programs_get_seconds_in_utc() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_900);
        assert_eq!(utc(time), json!("2023-11-14T22:13:20Z"));
    }
}
