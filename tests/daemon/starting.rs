//! How a daemon is started.

use std::{fs, os::unix::fs::MetadataExt, process::Command};

use super::fixture::{ALICE, Daemon, reachable, stderr, wait_until};

const FRUIX: &str = env!("CARGO_BIN_EXE_fruix");

#[test]
fn one_daemon_serves_a_store() {
    let Some(daemon) = Daemon::start("") else { return };
    let second = daemon.fruix(0, &["daemon"]).output().unwrap();
    assert!(!second.status.success() && stderr(&second).contains("runs already"), "{}", stderr(&second));
    daemon.output(ALICE, &["store", "add", "/etc/hostname"]);
    let database = fs::metadata(daemon.layout().db().parent().unwrap()).unwrap();
    assert_eq!(database.mode() & 0o777, 0o700, "whoever can open it could lock it");
}

#[test]
fn the_socket_can_be_elsewhere_and_asked_for_by_whoever_may_write() {
    let Some(daemon) = Daemon::start("") else { return };
    let socket = daemon.socket();
    let other = tempfile::tempdir().unwrap();
    let mut command = daemon.fruix(0, &["store", "add", "/etc/hostname"]);
    let output = command.env("FRUIX_DAEMON_SOCKET", &socket).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let none = other.path().join("none");
    let output = Command::new(FRUIX)
        .args(["--daemon-socket", none.to_str().unwrap(), "store", "add", "/etc/hostname"])
        .output()
        .unwrap();
    assert!(stderr(&output).contains("cannot reach the daemon"), "{}", stderr(&output));
}

#[test]
fn a_service_manager_may_have_made_the_socket() {
    if !nix::unistd::geteuid().is_root() {
        return eprintln!("skipped: only root may act as several users");
    }
    let root = tempfile::tempdir().unwrap();
    fruix::util::fs::set_mode(root.path(), 0o755).unwrap();
    let socket = root.path().join("socket");
    // As systemd does it: descriptor 3, and the process's own number in its environment.
    let script = "import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o666); listener.listen()
os.dup2(os.dup(os.dup(listener.fileno())), 3, inheritable=True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1')
os.execv(sys.argv[2], sys.argv[2:])";
    let mut daemon = Command::new("python3")
        .args([
            "-c",
            script,
            socket.to_str().unwrap(),
            FRUIX,
            "--root",
            root.path().to_str().unwrap(),
            "daemon",
        ])
        .spawn()
        .unwrap();
    wait_until("the socket is there", || socket.exists());
    let program = reachable(FRUIX.as_ref());
    let mut command = Command::new("setpriv");
    let user = ALICE.to_string();
    command.args(["--reuid", &user, "--regid", &user, "--clear-groups", "--"]).arg(program);
    command.args(["--daemon-socket", socket.to_str().unwrap(), "store", "add", "/etc/hostname"]);
    let output = command.current_dir("/").env("HOME", "/nonexistent").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(i32::try_from(daemon.id()).unwrap()),
        nix::sys::signal::Signal::SIGTERM,
    )
    .unwrap();
    assert!(daemon.wait().unwrap().success());
    assert!(socket.exists(), "it is the service manager's");
    fruix::util::fs::remove_tree(root.path()).unwrap();
}

#[test]
fn a_store_that_others_cannot_reach_is_not_served() {
    if !nix::unistd::geteuid().is_root() {
        return eprintln!("skipped: only root has users who cannot reach something");
    }
    let root = tempfile::tempdir().unwrap();
    fruix::util::fs::set_mode(root.path(), 0o700).unwrap();
    let output =
        Command::new(FRUIX).args(["--root", root.path().to_str().unwrap(), "daemon"]).output().unwrap();
    assert!(!output.status.success() && stderr(&output).contains("chmod go+x"), "{}", stderr(&output));
}

#[test]
fn the_files_of_service_managers_name_this_program() {
    let print = |kind| {
        let output = Command::new(FRUIX).args(["--root", "/tank", "daemon", "--print-rc", kind]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let (script, service, socket) = (print("freebsd"), print("systemd-service"), print("systemd-socket"));
    let command = format!("{FRUIX} --root /tank daemon");
    assert!(script.starts_with("#!/bin/sh\n") && script.contains(&command), "{script}");
    assert!(service.contains(&format!("ExecStart={command}\n")), "{service}");
    assert!(socket.contains("ListenStream=/tank/frx/var/fruix/daemon-socket/socket\n"), "{socket}");
    let directory = tempfile::tempdir().unwrap();
    let units = [("fruix-daemon.service", service), ("fruix-daemon.socket", socket)].map(|(name, text)| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path
    });
    match Command::new("systemd-analyze").args(["verify", "--man=no"]).args(units).output() {
        Ok(output) => assert!(output.status.success(), "{}", stderr(&output)),
        Err(_) => eprintln!("skipped: systemd-analyze is not installed"),
    }
}
