//! XML-RPC, as far as the Python client of XenAPI speaks it.

use serde_json::{Value, json};

/// Method and parameters of a call.
pub fn call(text: &str) -> (String, Vec<Value>) {
    let method = between(text, "<methodName>", "</methodName>").expect("a method").0;
    let mut parameters = Vec::new();
    let mut rest = text;
    while let Some((parameter, after)) = between(rest, "<param>", "</param>") {
        let value = between(parameter, "<value>", "</value>").expect("a value").0;
        parameters.push(match between(value, "<boolean>", "</boolean>") {
            Some((digit, _)) => json!(digit == "1"),
            None => json!(unescaped(between(value, "<string>", "</string>").map_or(value, |(text, _)| text))),
        });
        rest = after;
    }
    (method.to_owned(), parameters)
}

/// What lies between two marks, and what comes after.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<(&'t str, &'t str)> {
    text.split_once(start)?.1.split_once(end)
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

pub fn response(value: &Value) -> String {
    format!(
        "<?xml version=\"1.0\"?><methodResponse><params><param>{}</param></params></methodResponse>",
        xml(value)
    )
}

/// A value; numbers are texts, as the real one has them.
fn xml(value: &Value) -> String {
    let inner = match value {
        Value::Object(fields) => {
            let member = |(name, value): (&String, &Value)| {
                format!("<member><name>{name}</name>{}</member>", xml(value))
            };
            format!("<struct>{}</struct>", fields.iter().map(member).collect::<String>())
        }
        Value::Array(values) => {
            format!("<array><data>{}</data></array>", values.iter().map(xml).collect::<String>())
        }
        Value::Bool(value) => format!("<boolean>{}</boolean>", u8::from(*value)),
        Value::String(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
        Value::Number(number) => number.to_string(),
        Value::Null => String::new(),
    };
    format!("<value>{inner}</value>")
}
