//! Linux's filters of system calls, for those that say what is in one.

use std::collections::BTreeMap;

use nix::{errno::Errno, libc};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

use super::SysError;

/// What came of saying what is in a filter.
pub type Made<T> = Result<T, BackendError>;

/// Calls, each with the rules of which one has to hold for the call to count as named; without any it always does.
pub type Rules = BTreeMap<libc::c_long, Vec<SeccompRule>>;

/// The calls as they are, whatever their arguments.
pub fn whatever_the_arguments(calls: &[libc::c_long]) -> Rules {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

/// That something holds of each of these arguments: which one, how it compares, and with what.
pub fn rule(conditions: &[(u8, SeccompCmpOp, u64)]) -> Made<SeccompRule> {
    let condition = |(argument, how, value): &(u8, SeccompCmpOp, u64)| {
        SeccompCondition::new(*argument, SeccompCmpArgLen::Dword, how.clone(), *value)
    };
    SeccompRule::new(conditions.iter().map(condition).collect::<Made<_>>()?)
}

/// A filter by which only the named calls can be made; others are refused.
pub fn allow(rules: Rules) -> Made<BpfProgram> {
    program(rules, refusal(Errno::EPERM), SeccompAction::Allow)
}

/// A filter by which all calls can be made but the named ones.
pub fn refuse(rules: Rules, errno: Errno) -> Made<BpfProgram> {
    program(rules, SeccompAction::Allow, refusal(errno))
}

fn refusal(errno: Errno) -> SeccompAction {
    SeccompAction::Errno(errno as u32)
}

fn program(rules: Rules, other: SeccompAction, named: SeccompAction) -> Made<BpfProgram> {
    SeccompFilter::new(rules, other, named, std::env::consts::ARCH.try_into()?)?.try_into()
}

/// Puts this thread, and all that come from it, under a filter, besides those that it is under.
pub fn apply(filter: Made<BpfProgram>) -> Result<(), SysError> {
    let failed = |error| SysError::Io { what: "filter system calls", error: std::io::Error::other(error) };
    filter.map_err(Into::into).and_then(|filter| seccompiler::apply_filter(&filter)).map_err(failed)
}

#[cfg(test)]
pub mod tests {
    use std::{
        io::{self, ErrorKind},
        thread,
    };

    use crate::sys::SysError;

    /// What a thread under filters can and cannot do; the other threads of this program are left alone.
    pub fn restricted(
        restrict: impl FnOnce() -> Result<(), SysError> + Send + 'static,
        work: impl FnOnce() + Send + 'static,
    ) {
        let restricted = move || {
            restrict().unwrap();
            work();
        };
        thread::spawn(restricted).join().unwrap();
    }

    pub fn denied<T>(result: io::Result<T>) {
        assert_eq!(result.err().map(|error| error.kind()), Some(ErrorKind::PermissionDenied));
    }
}
