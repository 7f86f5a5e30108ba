//! *Identity* in the contract: what one process life shows of itself, and what a forked child shows.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod forked_child;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use forked_child::{in_forked_child, in_threads};
use runtime_identity::ProcessIdentity;

/// What a child tells of itself: process ID, instance ID, parent's instance ID, start and uptime in
/// microseconds.
fn describe(identity: &ProcessIdentity) -> String {
    format!(
        "{} {} {} {} {}",
        identity.process_id(),
        identity.instance_id(),
        identity.parent_instance_id().map_or_else(|| "none".to_owned(), |id| id.to_string()),
        microseconds(identity.started_at()),
        identity.uptime().as_micros(),
    )
}

fn microseconds(at: SystemTime) -> u128 {
    at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_micros()
}

#[test]
fn the_identity_is_the_same_everywhere_in_one_process_life() {
    let here = ProcessIdentity::current();
    let there = std::thread::spawn(ProcessIdentity::current).join().unwrap();
    assert_eq!(here, there);
    assert_eq!(here.process_id(), std::process::id());
    assert_eq!(here.started_at(), there.started_at());
    assert!(!here.hostname().is_empty());
}

#[test]
fn threads_that_race_for_the_first_call_agree_on_one_identity() {
    let threads: Vec<_> = (0..8).map(|_| std::thread::spawn(ProcessIdentity::current)).collect();
    let ids: HashSet<_> = threads.into_iter().map(|thread| thread.join().unwrap().instance_id()).collect();
    assert_eq!(ids.len(), 1);
}

#[test]
fn the_instance_id_is_a_version_7_uuid() {
    assert_eq!(ProcessIdentity::current().instance_id().get_version_num(), 7);
}

#[test]
fn a_process_that_was_not_forked_has_no_parent_instance() {
    assert_eq!(ProcessIdentity::current().parent_instance_id(), None);
}

#[test]
fn the_process_started_before_now_and_its_uptime_grows() {
    let identity = ProcessIdentity::current();
    assert!(identity.started_at() <= SystemTime::now());
    let earlier = identity.uptime();
    std::thread::sleep(Duration::from_millis(2));
    assert!(identity.uptime() >= earlier + Duration::from_millis(2));
}

#[test]
fn a_forked_child_has_its_own_process_id_instance_id_and_start_and_knows_its_parent() {
    let parent = ProcessIdentity::current();
    let before = microseconds(SystemTime::now());
    let answer = in_forked_child(|| describe(&ProcessIdentity::current()));
    let after = microseconds(SystemTime::now());
    let fields: Vec<&str> = answer.split(' ').collect();

    assert_ne!(fields[0], parent.process_id().to_string());
    assert_ne!(fields[1], parent.instance_id().to_string());
    assert_eq!(fields[2], parent.instance_id().to_string());
    let started: u128 = fields[3].parse().unwrap();
    assert!((before..=after).contains(&started), "{before} <= {started} <= {after}");
    let uptime: u128 = fields[4].parse().unwrap();
    assert!(uptime <= after - before, "the child's uptime starts at the fork");
}

#[test]
fn the_parent_keeps_its_identity_after_a_fork() {
    let before = ProcessIdentity::current();
    in_forked_child(|| describe(&ProcessIdentity::current()));
    assert_eq!(ProcessIdentity::current(), before);
    assert_eq!(ProcessIdentity::current().parent_instance_id(), None);
}

#[test]
fn the_identity_is_the_same_everywhere_in_a_childs_life() {
    let answer = in_forked_child(|| {
        let first = ProcessIdentity::current();
        let is_same = AtomicBool::new(false);
        in_threads(&[&|| is_same.store(first == ProcessIdentity::current(), Ordering::Relaxed)]);
        is_same.into_inner().to_string()
    });
    assert_eq!(answer, "true");
}

#[test]
fn a_grandchild_names_the_child_as_its_parent_even_if_the_child_never_asked_who_it_is() {
    let parent = ProcessIdentity::current().instance_id().to_string();
    let answer = in_forked_child(|| {
        let grandchild = in_forked_child(|| describe(&ProcessIdentity::current()));
        format!("{} {grandchild}", describe(&ProcessIdentity::current()))
    });
    let fields: Vec<&str> = answer.split(' ').collect();
    let (child, grandchild) = fields.split_at(5);
    assert_eq!(child[2], parent);
    assert_eq!(grandchild[2], child[1]);
    assert_ne!(grandchild[1], child[1]);
    assert_ne!(grandchild[0], child[0]);
}
