//! What is looked at, purpose by purpose.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    eval::{Evaluator, Value},
    util::{
        fs,
        host::{Host, Package},
    },
    vm::qemu::{
        Accelerator, FIRMWARE_PACKAGE, Firmware, QEMU, QEMU_IMG, QEMU_IMG_PACKAGE, QEMU_PACKAGE, SSH_PACKAGE,
        probe_accelerator,
    },
};

use super::report::{Finding, Purpose, State};

const GIT: Package = Package { debian: "git", freebsd: "git" };

/// Below this even the miniature system does not fit.
const LEAST_SPACE: u64 = 1 << 30;
/// What a world, its object tree, a kernel and an image take.
const SPACE_FOR_FREEBSD: u64 = 15 << 30;

/// What remains where builds cannot be isolated.
const WITHOUT_SANDBOX: &str =
    "with the store at /frx itself, build with --no-sandbox what needs no world or kernel built";

/// Every check, in the order in which they are shown.
pub fn all(host: &Host, store_root: &Path) -> miette::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if host.os == "freebsd" {
        let detail = "worlds and kernels are built on Linux; here, systems of an installed one can be made";
        findings.push(Finding::new(Purpose::Build, "tool chain", State::Optional, detail));
    } else {
        findings.push(toolchain(host, &toolchain_packages()?));
    }
    findings.push(git(host));
    findings.push(sandbox(host));
    findings.extend(boot(host));
    findings.push(program(host, Purpose::LogIn, "ssh", SSH_PACKAGE));
    findings.push(space(store_root));
    Ok(findings)
}

/// The packages that the modules for FreeBSD ask for when a declaration names none.
fn toolchain_packages() -> miette::Result<Vec<String>> {
    let evaluation = Evaluator::pure()
        .expression("(use-modules (fruix freebsd source))\n%freebsd-toolchain")
        .map_err(miette::Report::new)?;
    let Value::List(packages) = evaluation.value else {
        return Err(miette::miette!("%freebsd-toolchain is no list of packages"));
    };
    let name = |package| match package {
        Value::Text(name) => Some(name),
        _ => None,
    };
    Ok(packages.into_iter().filter_map(name).collect())
}

/// A world or kernel is built with a copy of these packages, so all of them must be installed.
fn toolchain(host: &Host, packages: &[String]) -> Finding {
    let Some(dpkg_query) = host.program("dpkg-query") else {
        let why = "this system has no Debian packages, and the tool chain is made of them";
        return Finding::new(Purpose::Build, "tool chain", State::Missing, why)
            .advice("build on Debian 12, or use a tool-chain item from there");
    };
    let missing = packages.iter().filter(|package| !is_installed(&dpkg_query, package));
    let missing = missing.map(String::as_str).collect::<Vec<_>>();
    if missing.is_empty() {
        return Finding::ok(Purpose::Build, "tool chain", format!("all {} packages", packages.len()));
    }
    let why = format!("not installed: {}", missing.join(", "));
    Finding::new(Purpose::Build, "tool chain", State::Missing, why).install(missing)
}

fn is_installed(dpkg_query: &Path, package: &str) -> bool {
    let output = Command::new(dpkg_query)
        .args(["-W", "-f", "${db:Status-Status}", package])
        .stderr(Stdio::null())
        .output();
    output.is_ok_and(|output| output.status.success() && output.stdout.starts_with(b"installed"))
}

fn git(host: &Host) -> Finding {
    let found = program(host, Purpose::Build, "git", GIT);
    if found.state == State::Ok {
        return found;
    }
    Finding {
        state: State::Optional,
        detail: "only sources that a declaration takes from git need it".into(),
        ..found
    }
}

/// User namespaces may be compiled in and forbidden, so one is made, of the kinds that a build uses.
fn sandbox(host: &Host) -> Finding {
    const WHAT: &str = "user namespaces";
    if host.os == "freebsd" {
        return jails(host);
    }
    if host.os != "linux" {
        let why = "builds are not isolated on this operating system";
        return Finding::new(Purpose::Isolate, WHAT, State::Missing, why)
            .advice(&format!("build on Linux or FreeBSD and bring the result here, or {WITHOUT_SANDBOX}"));
    }
    let Some(unshare) = host.program("unshare") else {
        return program(host, Purpose::Isolate, "unshare", Package { debian: "util-linux", freebsd: "" });
    };
    let tried = Command::new(unshare)
        .args(["--user", "--map-root-user", "--mount", "--pid", "--ipc", "--uts", "--net", "--fork", "true"])
        .stdin(Stdio::null())
        .output();
    match tried {
        Ok(output) if output.status.success() => Finding::ok(Purpose::Isolate, WHAT, "work"),
        Ok(output) => {
            let why = String::from_utf8_lossy(&output.stderr).trim().to_string();
            Finding::new(Purpose::Isolate, WHAT, State::Missing, why).advice(&format!(
                "sudo sysctl kernel.unprivileged_userns_clone=1 (where the kernel has it; in a container, \
                 allow them from outside), or {WITHOUT_SANDBOX}"
            ))
        }
        Err(error) => Finding::new(Purpose::Isolate, WHAT, State::Missing, error.to_string()),
    }
}

/// A jail sees the inputs of a build through nullfs, which a kernel may lack; jails themselves all kernels have.
fn jails(host: &Host) -> Finding {
    const WHAT: &str = "jails";
    if !nix::unistd::geteuid().is_root() {
        return Finding::new(Purpose::Isolate, WHAT, State::Missing, "only root can make them")
            .advice(&format!("build as root, or {WITHOUT_SANDBOX}"));
    }
    let kldstat = host.program("kldstat").unwrap_or_else(|| "/sbin/kldstat".into());
    match Command::new(kldstat).args(["-q", "-m", "nullfs"]).stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Finding::ok(Purpose::Isolate, WHAT, "work"),
        Ok(_) => Finding::new(Purpose::Isolate, WHAT, State::Missing, "the kernel has no nullfs")
            .advice(&format!("kldload nullfs, or {WITHOUT_SANDBOX}")),
        Err(error) => Finding::new(Purpose::Isolate, WHAT, State::Missing, error.to_string()),
    }
}

fn boot(host: &Host) -> Vec<Finding> {
    let qemu = program(host, Purpose::Boot, QEMU, QEMU_PACKAGE);
    let firmware = match Firmware::find(host) {
        Ok(firmware) => Finding::ok(Purpose::Boot, "UEFI firmware", firmware.code.display().to_string()),
        Err(_) => Finding::new(Purpose::Boot, "UEFI firmware", State::Missing, "not installed")
            .install(host.package_names(&[FIRMWARE_PACKAGE])),
    };
    let qemu_img = program(host, Purpose::Boot, QEMU_IMG, QEMU_IMG_PACKAGE);
    let qemu_img = match qemu_img.state {
        State::Missing => {
            Finding { state: State::Optional, detail: "only --disk-size needs it".into(), ..qemu_img }
        }
        _ => qemu_img,
    };
    let kvm = host.program(QEMU).map(|qemu| match probe_accelerator(&qemu) {
        Accelerator::Kvm => Finding::ok(Purpose::Boot, "KVM", "works"),
        Accelerator::Tcg { why } => Finding::new(
            Purpose::Boot,
            "KVM",
            State::Optional,
            format!("{why}; guests run some ten times slower"),
        ),
    });
    [Some(qemu), Some(firmware), Some(qemu_img), kvm].into_iter().flatten().collect()
}

fn program(host: &Host, purpose: Purpose, name: &str, package: Package) -> Finding {
    match host.program(name) {
        Some(path) => Finding::ok(purpose, name, path.display().to_string()),
        None => Finding::new(purpose, name, State::Missing, "not in the directories of PATH")
            .install(host.package_names(&[package])),
    }
}

/// The free space where the store is, or will be made.
fn space(store_root: &Path) -> Finding {
    let what = "disk space";
    let Some(existing) = store_root.ancestors().find(|path| path.exists()) else {
        return Finding::new(Purpose::Store, what, State::Missing, format!("no {}", store_root.display()));
    };
    let free = match fs::free(existing) {
        Ok(free) => free,
        Err(error) => return Finding::new(Purpose::Store, what, State::Missing, error.to_string()),
    };
    let detail = format!("{:.1} GiB free in {}", free as f64 / f64::from(1 << 30), existing.display());
    if free < LEAST_SPACE {
        return Finding::new(Purpose::Store, what, State::Missing, detail)
            .advice("free some, or choose another place with --root DIR");
    }
    if free < SPACE_FOR_FREEBSD {
        let detail = format!("{detail}; a world and a kernel built from source take about 15");
        return Finding::new(Purpose::Store, what, State::Optional, detail);
    }
    Finding::ok(Purpose::Store, what, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_programs_is_told_what_to_install() {
        let root = tempfile::tempdir().unwrap();
        let host = Host { path: "".into(), root: root.path().into(), os: "linux" };
        let missing = |findings: &[Finding]| {
            let names = findings.iter().filter(|finding| finding.state == State::Missing);
            names.map(|finding| finding.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(missing(&boot(&host)), [QEMU, "UEFI firmware"]);
        assert_eq!(sandbox(&host).packages, ["util-linux"]);
        assert_eq!(git(&host).state, State::Optional);
        let freebsd = Host { os: "freebsd", ..host };
        assert_eq!(boot(&freebsd)[1].packages, ["edk2-qemu-x64"]);
        let elsewhere = Host { os: "netbsd", ..freebsd };
        let advice = sandbox(&elsewhere).advice.unwrap();
        assert!(advice.contains("on Linux") && advice.contains("--no-sandbox"), "{advice}");
    }

    #[test]
    fn packages_that_are_not_installed_are_named() {
        let host = Host::this();
        let packages = ["dpkg".to_string(), "no-such-package".to_string()];
        let finding = toolchain(&host, &packages);
        assert_eq!(
            (finding.state, finding.packages.as_slice()),
            (State::Missing, &["no-such-package".to_string()][..])
        );
        assert_eq!(toolchain(&host, &packages[..1]).state, State::Ok);
    }

    #[test]
    fn the_tool_chain_is_the_one_of_the_declarations() {
        let packages = toolchain_packages().unwrap();
        assert!(packages.iter().any(|name| name == "clang-14"), "{packages:?}");
    }

    #[test]
    fn space_is_measured_where_the_store_will_be() {
        let root = tempfile::tempdir().unwrap();
        let finding = space(&root.path().join("not/yet/there"));
        assert!(finding.detail.contains(&root.path().display().to_string()), "{}", finding.detail);
    }
}
