//! How systems start the daemon: an rc script for FreeBSD, and units for systemd.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A file that a system is to have, to start the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceFile {
    /// FreeBSD: `/usr/local/etc/rc.d/fruix_daemon`.
    Freebsd,
    /// Linux: `/etc/systemd/system/fruix-daemon.service`.
    SystemdService,
    /// Linux: `/etc/systemd/system/fruix-daemon.socket`.
    SystemdSocket,
}

/// What the file is about.
#[derive(Debug, Clone)]
pub struct Service<'a> {
    /// The fruix program.
    pub program: &'a Path,
    /// Where `/frx` lies, unless at `/`.
    pub root: Option<&'a Path>,
    /// Where the daemon listens.
    pub socket: PathBuf,
}

impl Service<'_> {
    /// The text of a file.
    pub fn file(&self, file: ServiceFile) -> String {
        match file {
            ServiceFile::Freebsd => self.rc_script(),
            ServiceFile::SystemdService => self.systemd_service(),
            ServiceFile::SystemdSocket => self.systemd_socket(),
        }
    }

    /// `daemon(8)` notes the process, takes its errors to the system's log, and starts it again when it dies.
    fn rc_script(&self) -> String {
        let mut arguments = shell_word(self.program);
        if let Some(root) = self.root {
            let _ = write!(arguments, " --root {}", shell_word(root));
        }
        format!(
            r#"#!/bin/sh

# PROVIDE: fruix_daemon
# REQUIRE: FILESYSTEMS NETWORKING syslogd
# BEFORE: LOGIN
# KEYWORD: shutdown

# In rc.conf: fruix_daemon_enable="YES"

. /etc/rc.subr

name="fruix_daemon"
desc="Owner of the store of Fruix"
rcvar="fruix_daemon_enable"
extra_commands="reload"

load_rc_config "$name"

: "${{fruix_daemon_enable:=NO}}"
: "${{fruix_daemon_env:=}}"

pidfile="/var/run/${{name}}.pid"
supervisor_pidfile="/var/run/${{name}}_supervisor.pid"
command="/usr/sbin/daemon"
command_args="-f -S -T $name -R 5 -P $supervisor_pidfile -p $pidfile {arguments} daemon"

start_precmd="${{name}}_prestart"
stop_cmd="${{name}}_stop"
status_cmd="${{name}}_status"
reload_cmd="${{name}}_reload"

fruix_daemon_prestart()
{{
    # Every result of a build has the same modes.
    umask 022
}}

fruix_daemon_supervisor()
{{
    check_pidfile "$supervisor_pidfile" "$command"
}}

fruix_daemon_stop()
{{
    # The supervisor passes the signal on, and starts nothing any more.
    supervisor=$(fruix_daemon_supervisor)
    if [ -z "$supervisor" ]; then
        echo "$name is not running."
        return 1
    fi
    echo "Stopping $name."
    kill -TERM "$supervisor"
    wait_for_pids "$supervisor"
}}

fruix_daemon_status()
{{
    supervisor=$(fruix_daemon_supervisor)
    if [ -z "$supervisor" ]; then
        echo "$name is not running."
        return 1
    fi
    echo "$name is running as pid $supervisor."
}}

fruix_daemon_reload()
{{
    kill -HUP "$(cat "$pidfile")"
}}

run_rc_command "$1"
"#
        )
    }

    fn systemd_service(&self) -> String {
        let mut arguments = systemd_word(self.program);
        if let Some(root) = self.root {
            let _ = write!(arguments, " --root {}", systemd_word(root));
        }
        format!(
            "[Unit]
Description=Owner of the store of Fruix
Documentation=man:fruix(1)
Requires=fruix-daemon.socket
After=fruix-daemon.socket local-fs.target network.target
RequiresMountsFor={mounts}

[Service]
ExecStart={arguments} daemon
ExecReload=/bin/kill -HUP $MAINPID
UMask=0022
LimitNOFILE=65536
# Builds end with the daemon; nothing else is to be killed.
KillMode=mixed
Restart=on-failure
RestartSec=2

[Install]
Also=fruix-daemon.socket
WantedBy=multi-user.target
",
            mounts = systemd_word(&self.root.unwrap_or(Path::new("/")).join("frx")),
        )
    }

    fn systemd_socket(&self) -> String {
        format!(
            "[Unit]
Description=Where users reach the owner of the store of Fruix
RequiresMountsFor={mounts}
Before=multi-user.target

[Socket]
ListenStream={socket}
SocketMode=0666
DirectoryMode=0755

[Install]
WantedBy=sockets.target
",
            mounts = systemd_word(&self.root.unwrap_or(Path::new("/")).join("frx")),
            socket = systemd_specifiers(&self.socket.display().to_string()),
        )
    }
}

/// The path as one word within a double-quoted string of the shell, which `rc.subr` evaluates once more.
fn shell_word(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "/._-+@%:,".contains(character);
    if path.chars().all(is_plain) {
        return path;
    }
    // Quoted for the evaluation, and then for the string.
    let quoted = format!("'{}'", path.replace('\'', r"'\''"));
    quoted.chars().fold(String::new(), |mut word, character| {
        if "\"\\$`".contains(character) {
            word.push('\\');
        }
        word.push(character);
        word
    })
}

/// The path as one word of a command in a unit.
fn systemd_word(path: &Path) -> String {
    let path = systemd_specifiers(&path.display().to_string());
    if path.chars().any(|character| character.is_whitespace() || "\"'\\;$".contains(character)) {
        let escaped = path.replace('\\', r"\\").replace('"', "\\\"").replace('$', "$$");
        return format!("\"{escaped}\"");
    }
    path
}

fn systemd_specifiers(text: &str) -> String {
    text.replace('%', "%%")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    fn service(root: Option<&str>) -> Service<'_> {
        let socket = Path::new(root.unwrap_or("/")).join("frx/var/fruix/daemon-socket/socket");
        Service { program: Path::new("/usr/local/bin/fruix"), root: root.map(Path::new), socket }
    }

    #[test]
    fn the_script_is_one_and_rcorder_finds_its_place() {
        for root in [None, Some("/tank/it's $HOME \"here\"")] {
            let script = service(root).file(ServiceFile::Freebsd);
            let mut shell = Command::new("sh").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
            shell.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
            assert!(shell.wait().unwrap().success(), "{script}");
            for keyword in ["PROVIDE", "REQUIRE", "BEFORE", "KEYWORD"] {
                let line = format!("# {keyword}: ");
                assert_eq!(script.lines().filter(|it| it.starts_with(&line)).count(), 1, "{keyword}");
            }
        }
    }

    #[test]
    fn the_shell_sees_the_root_as_it_is() {
        let root = "/tank/it's $HOME \\ `x` \"here\"";
        let script = service(Some(root)).file(ServiceFile::Freebsd);
        let line = script.lines().find(|line| line.starts_with("command_args=")).unwrap();
        // As `rc.subr` runs it: the variable is evaluated.
        let test = format!("name=n; {line}; eval \"printf '%s\\n' $command_args\"");
        let output = Command::new("sh").arg("-c").arg(test).output().unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        assert!(words.lines().any(|word| word == root), "{words}");
    }

    #[test]
    fn units_are_as_systemd_wants_them() {
        let service = service(Some("/tank/a b"));
        insta::assert_snapshot!(service.file(ServiceFile::SystemdService));
        insta::assert_snapshot!(service.file(ServiceFile::SystemdSocket));
    }
}
