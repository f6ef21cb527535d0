//! A declared system on the disk of a virtual machine of a pool.

use std::fs;

use super::place::{Place, Run};
use super::pool::{PASSWORD, Plan, Pool, VDI, fingerprint};

#[test]
fn a_declared_system_comes_to_the_disk_of_a_machine() {
    let (place, _) = Place::shared();
    let declaration = place.declaration("deployed", &[]);
    let size = 300 << 20;
    let deploy = |pool: &Pool, more: &[&str]| {
        let address = format!("xcp-ng://127.0.0.1:{}", pool.port);
        let mut command = place.fruix(&["vm", "deploy", "--on", &address, "--vm", "web", "--vdi", VDI]);
        command.args(["--fingerprint", &fingerprint()]).args(more).arg(&declaration);
        Run::of(command.env("FRUIX_XCP_NG_PASSWORD", PASSWORD))
    };
    let pool = Pool::start(Plan { disk_size: size, ..Plan::default() });
    let run = deploy(&pool, &["--no-wait", "--json"]);
    let report: serde_json::Value = serde_json::from_str(run.success()).unwrap();
    assert_eq!(report["outcome"], "started");

    let image = place.file("deployed.img");
    let arguments = ["--size", "300M", "-o", image.to_str().unwrap()];
    place.system("image", &declaration, &arguments).success();
    assert!(pool.state().disk == fs::read(image).unwrap(), "the disk is no image of the system");

    pool.retire();

    let small = Pool::start(Plan { disk_size: 64 << 20, ..Plan::default() });
    deploy(&small, &["--no-wait"]).assert_fails("disk too small for the closure", "at least");
    assert_eq!(small.state().power, "Running");
}
