//! Disks of a small closure.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::*;

const SYSTEM: &str = "33333333333333333333333333333333-system";
const BOOT: &str = "22222222222222222222222222222222-boot";

struct Fixture {
    directory: tempfile::TempDir,
    system: StorePath,
}

impl Fixture {
    fn new(parameters: &str, manifest: &str) -> Self {
        let system = StorePath::from_base_name(SYSTEM).unwrap();
        let fixture = Self { directory: tempfile::tempdir().unwrap(), system };
        fixture.put(SYSTEM, "parameters.json", parameters);
        fixture.put(SYSTEM, ROOT_MANIFEST, manifest);
        for asset in ["loader.efi", "lua/loader.lua", "defaults/loader.conf", "kernel/kernel"] {
            fixture.put(BOOT, &format!("boot/{asset}"), asset);
        }
        fixture
    }

    /// A closure whose root is on the device.
    fn on(device: &str) -> Self {
        let parameters = serde_json::json!({
            "version": 1, "boot": format!("/frx/store/{BOOT}"), "label": "", "hostName": "", "timezone": "UTC",
            "kernel": "", "world": "", "loader": [], "init": "other fields are ignored",
            "fileSystems": [{"device": device, "mountPoint": "/", "type": "ufs", "pass": 0}],
        });
        let manifest = "#mtree\n./boot type=dir uid=0 gid=0 mode=0755\n\
            ./bin type=link link=/run/current-system/profile/bin uid=0 gid=0 mode=0755\n\
            ./var/empty type=dir uid=0 gid=0 mode=0555 flags=schg\n";
        Self::new(&parameters.to_string(), manifest)
    }

    fn put(&self, item: &str, path: &str, contents: &str) {
        let path = self.directory.path().join(item).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    fn closure(&self) -> Closure<'_> {
        let item = |name: &str| {
            let info = PathInfo {
                path: StorePath::from_base_name(name).unwrap(),
                nar_hash: Sha256::of(name),
                nar_size: 1,
                references: [].into(),
                deriver: Some(StorePath::from_base_name(&format!("{BOOT}.drv")).unwrap()),
                content_address: None,
                registration_time: 1_700_000_000,
            };
            (info, self.directory.path().join(name))
        };
        Closure { system: &self.system, items: vec![item(SYSTEM), item(BOOT)] }
    }
}

#[test]
fn the_root_holds_the_closure_its_profile_and_the_loaders_directory() {
    let fixture = Fixture::on("/dev/gpt/tower-root");
    let spec = spec(&fixture.closure(), Parameters::default()).unwrap();
    assert_eq!(spec.partition_label, "tower-root");
    for path in [
        "/frx/store/33333333333333333333333333333333-system/parameters.json",
        "/frx/store/22222222222222222222222222222222-boot/boot/loader.efi",
        "/frx/var/fruix/profiles/system-1-link",
        "/frx/var/fruix/db/items/33333333333333333333333333333333-system.json",
        "/frx/var/fruix/profiles/system",
        "/boot/lua",
        "/boot/defaults",
        "/boot/loader.conf",
        "/bin",
        "/var/empty",
    ] {
        assert!(spec.root.contains(path), "{path}");
    }
    assert!(!spec.root.contains("/boot/kernel") && !spec.root.contains("/boot/loader.efi"));
    assert!(spec.esp.contains("/EFI/BOOT/BOOTX64.EFI"));
}

#[test]
fn a_root_that_no_partition_carries_is_named() {
    let fixture = Fixture::on("/dev/ada0p2");
    let error = spec(&fixture.closure(), Parameters::default()).unwrap_err();
    assert_eq!(error.to_string(), "no partition of an image carries the root file system `/dev/ada0p2`");
}

#[test]
fn another_version_of_the_description_is_refused() {
    let fixture = Fixture::new("{\"version\": 2, \"boot\": \"\", \"fileSystems\": []}", "#mtree\n");
    let error = spec(&fixture.closure(), Parameters::default()).unwrap_err();
    assert!(matches!(error, SystemImageError::Description(DescriptionError::Version { found: 2, .. })));
}

#[test]
fn an_incomplete_closure_is_refused() {
    let fixture = Fixture::on("/dev/gpt/root");
    let mut closure = fixture.closure();
    closure.items.pop();
    let error = spec(&closure, Parameters::default()).unwrap_err();
    assert!(matches!(error, SystemImageError::NotInClosure { item } if item.ends_with(BOOT)));
}

#[test]
fn an_image_is_written_once_for_each_key_and_again_when_it_is_cut_off() {
    let fixture = Fixture::on("/dev/gpt/root");
    let images = fixture.directory.path().join("cache/images");
    let cached = |parameters| cached(&fixture.closure(), parameters, &images, &|| false).unwrap();
    let small = cached(Parameters::default());
    let made = |path: &Path| fs::metadata(path).unwrap().ino();
    let first = made(&small);
    assert_eq!((cached(Parameters::default()), made(&small)), (small.clone(), first));
    let large = cached(Parameters { size: Some(1 << 30), ..Parameters::default() });
    assert_ne!(small, large);
    assert_eq!(fs::metadata(large).unwrap().len(), 1 << 30);
    assert_eq!(fs::metadata(&small).unwrap().mode() & 0o777, 0o444);

    let length = fs::metadata(&small).unwrap().len();
    fs::set_permissions(&small, fs::Permissions::from_mode(0o644)).unwrap();
    fs::File::options().write(true).open(&small).unwrap().set_len(length / 2).unwrap();
    fs::write(images.join(".fruix-image-left"), "").unwrap();
    cached(Parameters::default());
    assert_eq!(fs::metadata(&small).unwrap().len(), length);
    assert!(!images.join(".fruix-image-left").exists());
}

#[test]
fn flags_are_numbers_and_others_are_named() {
    assert_eq!(flags("x", "").unwrap(), 0);
    assert_eq!(flags("x", "schg,uarch").unwrap(), 0x2_0800);
    assert!(matches!(flags("x", "arch"), Err(SystemImageError::Flag { .. })));
}
