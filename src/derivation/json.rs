//! A derivation as JSON, in the shape of `nix show-derivation`.

use serde_json::{Map, Value, json};

use super::{Derivation, Output};

impl Derivation {
    /// What `nix show-derivation` prints for one derivation.
    pub fn to_json(&self) -> Value {
        let outputs: Map<String, Value> =
            self.outputs.iter().map(|(name, output)| (name.clone(), output.to_json())).collect();
        let input_drvs: Map<String, Value> =
            self.input_drvs.iter().map(|(path, outputs)| (path.to_string(), json!(outputs))).collect();
        json!({
            "args": self.args,
            "builder": self.builder,
            "env": self.env,
            "inputDrvs": input_drvs,
            "inputSrcs": self.input_srcs,
            "outputs": outputs,
            "system": self.system,
        })
    }
}

impl Output {
    fn to_json(&self) -> Value {
        let mut fields = Map::new();
        if let Some(fixed) = &self.fixed {
            fields.insert("hash".into(), json!(fixed.digest.hex()));
            fields.insert("hashAlgo".into(), json!(format!("{}sha256", fixed.method.prefix())));
        }
        if let Some(path) = &self.path {
            fields.insert("path".into(), json!(path));
        }
        Value::Object(fields)
    }
}
