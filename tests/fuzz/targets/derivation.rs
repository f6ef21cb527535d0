//! A text is no derivation, or the one text of it; and what names it is as well-formed.
#![no_main]

use fruix::content_address::ContentAddress;
use fruix::derivation::Derivation;
use fruix::hash::Sha256;
use fruix::store_path::StorePath;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(derivation) = Derivation::parse(text) {
        assert_eq!(derivation.to_aterm(), text);
        let _ = (derivation.references(), derivation.to_json(), derivation.fixed_output());
        let json = serde_json::to_string(&derivation.to_json()).expect("JSON");
        assert!(!json.is_empty());
    }
    if let Ok(path) = StorePath::from_absolute(text) {
        assert_eq!(path.to_string(), text);
        assert_eq!(StorePath::from_base_name(path.base_name()).as_ref(), Ok(&path));
    }
    if let Ok(digest) = Sha256::parse(text) {
        assert_eq!(Sha256::parse(&digest.sri()).ok(), Some(digest));
    }
    if let Ok(address) = text.parse::<ContentAddress>() {
        assert_eq!(address.to_string().parse::<ContentAddress>().ok(), Some(address));
    }
});
