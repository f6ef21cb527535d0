//! Many processes at once.

use std::hash::{BuildHasher as _, RandomState};
use std::process::{Child, Output};
use std::time::Duration;

use super::place::Place;

/// How many processes there are at a time.
pub const PROCESSES: usize = 50;

/// No one is killed later than so many milliseconds after he was started: by then all are at work.
const LATEST_DEATH: u64 = 250;

/// How many rounds there are.
pub fn rounds() -> usize {
    std::env::var("FRUIX_STRESS_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

/// Numbers nobody foresees.
pub fn random(below: u64) -> u64 {
    RandomState::new().hash_one(0) % below
}

/// Waits for a process, or ends it after a while; `None` if it was ended.
fn wait(mut child: Child, death: Option<Duration>) -> Option<Output> {
    let Some(death) = death else { return Some(child.wait_with_output().expect("ends")) };
    std::thread::sleep(death);
    // It may have ended by itself.
    let alive = child.try_wait().expect("asks").is_none();
    child.kill().expect("kills");
    let output = child.wait_with_output().expect("ends");
    (!alive).then_some(output)
}

/// Runs commands at the same time, and gives what became of each; nothing of those who were killed, as some are if it is
/// `deadly`.
pub fn stampede(place: &Place, commands: &[Vec<String>], deadly: bool) -> Vec<Option<Output>> {
    let outputs: Vec<Option<Output>> = std::thread::scope(|scope| {
        let work = |(number, command): (usize, &Vec<String>)| {
            let is_doomed = deadly && [2, 5, 6].contains(&(number % 7));
            let death = is_doomed.then(|| Duration::from_millis(random(LATEST_DEATH)));
            let child = place.start(command);
            scope.spawn(move || wait(child, death))
        };
        let workers: Vec<_> = commands.iter().enumerate().map(work).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker")).collect()
    });
    let killed = outputs.iter().filter(|output| output.is_none()).count();
    eprintln!("{killed} of {} were killed", commands.len());
    outputs
}
