//! Threads that outlive an input: starting six of them for each would take longer than what they do.

use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};

use crate::schedule::{MOST_WRITERS, OBSERVERS};

type Job = Box<dyn FnOnce() + Send>;

/// Runs all jobs at once, each on a thread of its own, and gives back what they return, in their order.
pub(crate) fn run<T: Send + 'static>(jobs: Vec<Box<dyn FnOnce() -> T + Send>>) -> Vec<T> {
    static CREW: OnceLock<[Sender<Job>; MOST_WRITERS + OBSERVERS]> = OnceLock::new();
    let crew = CREW.get_or_init(|| std::array::from_fn(|_| hire()));
    assert!(jobs.len() <= crew.len(), "a job would wait for another");
    let answers: Vec<_> = jobs
        .into_iter()
        .zip(crew)
        .map(|(job, thread)| {
            let (sender, answer) = channel();
            // Neither end is dropped early: a panic on any thread ends the process.
            let job: Job = Box::new(move || drop(sender.send(job())));
            assert!(thread.send(job).is_ok(), "the thread has ended");
            answer
        })
        .collect();
    answers.into_iter().filter_map(|answer| answer.recv().ok()).collect()
}

fn hire() -> Sender<Job> {
    let (sender, jobs) = channel::<Job>();
    std::thread::spawn(move || jobs.into_iter().for_each(|job| job()));
    sender
}
