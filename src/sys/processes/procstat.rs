//! FreeBSD: what procstat(1) prints, which needs no `/proc` and shows paths whole.
//!
//! It keeps silent about processes that end meanwhile and those of other users, and its status is 0 whatever it meets.
//! So its tables are believed only if this process is in them, and if it complained of nothing else.

use super::{ProcessError, Trace};

/// The tables: the option that asks for one, and what it shows. Program, working and root directory stand among the files.
const TABLES: [(&str, &str); 3] = [("-f", "files"), ("-v", "maps"), ("-e", "environ")];

/// What procstat may complain of: a process that has ended, or one of another user.
const NO_FAULT: [&str; 2] = ["No such process", "Operation not permitted"];

/// Tells of each line of a table.
fn read_table(
    arguments: &str,
    what: &str,
    output: (&[u8], &[u8]),
    own: u32,
    each: &mut dyn FnMut(Trace<'_>),
) -> Result<(), ProcessError> {
    let (stdout, stderr) = output;
    let fault = |reason: String| ProcessError::Procstat { arguments: arguments.to_owned(), reason };
    let stderr = String::from_utf8_lossy(stderr);
    let is_fault = |line: &&str| !line.trim().is_empty() && !NO_FAULT.iter().any(|end| line.ends_with(end));
    if let Some(line) = stderr.lines().find(is_fault) {
        return Err(fault(line.to_owned()));
    }
    let mut process = None;
    let mut has_own = false;
    for line in stdout.split(|byte| *byte == b'\n') {
        // A line break in a text, such as a variable's value, makes a line that begins with no number.
        process = first_number(line).or(process);
        if let Some(process) = process {
            has_own |= process == own;
            each(Trace { process, what, text: line });
        }
    }
    if has_own { Ok(()) } else { Err(fault(format!("process {own}, which asked, is not in it"))) }
}

fn first_number(line: &[u8]) -> Option<u32> {
    std::str::from_utf8(line.trim_ascii_start().split(|byte| *byte == b' ').next()?).ok()?.parse().ok()
}

#[cfg(target_os = "freebsd")]
mod run {
    use std::process::{Command, Stdio};

    use super::super::{ProcessError, ProcessTable, Trace};
    use super::{TABLES, read_table};

    /// The processes that procstat shows.
    pub struct Procstat;

    impl ProcessTable for Procstat {
        fn read(&self, each: &mut dyn FnMut(Trace<'_>)) -> Result<(), ProcessError> {
            for (option, what) in TABLES {
                let mut command = Command::new("/usr/bin/procstat");
                command.args(["-a", "-h", option]).env("LC_ALL", "C").stdin(Stdio::null());
                let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
                // procstat shows itself and this process, which waits for it.
                let output =
                    child.and_then(|child| child.wait_with_output()).map_err(ProcessError::NotRun)?;
                let arguments = format!("-a -h {option}");
                if !output.status.success() {
                    let reason = format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
                    return Err(ProcessError::Procstat { arguments, reason });
                }
                let own = std::process::id();
                read_table(&arguments, what, (&output.stdout, &output.stderr), own, each)?;
            }
            Ok(())
        }
    }
}

#[cfg(target_os = "freebsd")]
pub use run::Procstat;

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &str = "\
  903 sh                text v r r-------   -       - -   /bin/sh
  903 sh                 cwd v d r-------   -       - -   /frx/store/4sb23qrd68rf8hsxc464fdqv72yrx5mc-a b/sub
  903 sh                root v d r-------   -       - -   /
  903 sh                   0 t - rw------  12    1337 -   /dev/pts/0
 1044 fruix                5 s - rw------   1       0 UDS 0 0 /var/run/logpriv
";
    const MAPS: &str = "\
 1044           0x200000           0x20f000 r--   15   40   3   1 CN--- vn /frx/store/x/bin/fruix
 1044     0x7fffdffdf000     0x7fffdffff000 rw-    2    2   1   0 C--D- df
";

    fn read(stdout: &str, stderr: &str) -> Result<Vec<(u32, String)>, ProcessError> {
        let mut traces = Vec::new();
        let output = (stdout.as_bytes(), stderr.as_bytes());
        let (option, what) = TABLES[0];
        read_table(option, what, output, 1044, &mut |trace| {
            traces.push((trace.process, String::from_utf8_lossy(trace.text).into_owned()));
        })?;
        Ok(traces)
    }

    #[test]
    fn every_line_is_told_with_its_process() {
        let traces = read(FILES, "").unwrap();
        let cwd = traces.iter().find(|(_, line)| line.contains(" cwd ")).unwrap();
        assert!(cwd.0 == 903 && cwd.1.ends_with("5mc-a b/sub"));
        assert_eq!(read(MAPS, "").unwrap()[0].0, 1044);
        let traces = read(" 1044 sh   A=1\n/frx/store/y\n", "").unwrap();
        assert_eq!(traces[1], (1044, "/frx/store/y".to_owned()), "a value of several lines");
    }

    #[test]
    fn a_table_that_may_lack_something_is_not_believed() {
        let other = " 903 sh text v r r------- - - - /bin/sh\n";
        assert!(read(other, "").is_err(), "this process is missing");
        assert!(read("", "").is_err());
        let ended = "procstat: sysctl: kern.proc.filedesc: 77: No such process\n";
        assert!(read(FILES, ended).is_ok());
        let error =
            read(FILES, &format!("{ended}procstat: malloc(100): Cannot allocate memory\n")).unwrap_err();
        assert!(error.to_string().ends_with("Cannot allocate memory"), "{error}");
    }
}
