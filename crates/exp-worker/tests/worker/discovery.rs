//! The file by which a server finds the worker.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Command, Spawned, wait_until};

fn announced(folder: &TempDir) -> Command {
    Command::new().arg("--discovery-dir").arg(folder.path())
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// What is in the files of a folder.
fn files(folder: &Path) -> Vec<Value> {
    let read = |path: PathBuf| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    paths(folder).into_iter().map(read).collect()
}

fn file_of(worker: &Spawned) -> Value {
    json!([{"targets": [worker.address.to_string()], "labels": {"environment": "development"}}])
}

#[test]
fn a_worker_is_announced_where_it_listens_for_as_long_as_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (announced(&folder).serve(), announced(&folder).serve());
    let mut expected = [file_of(&first), file_of(&second)];
    let mut found = files(folder.path());
    expected.sort_by_key(Value::to_string);
    found.sort_by_key(Value::to_string);
    assert_eq!(found, expected);
    assert_eq!(first.terminate().code, Some(0));
    assert_eq!(files(folder.path()), [file_of(&second)]);
    assert_eq!(second.terminate().code, Some(0));
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_worker_that_stops_is_withdrawn_before_its_last_answer_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let worker = announced(&folder).serve();
    let mut client = worker.connect();
    client.send("GET /api/health HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhel");
    // Answered on another connection: by then the first is accepted, at least.
    assert_eq!(worker.get("/").status, 200);
    worker.signal(Signal::TERM);
    wait_until("the file is gone", || files(folder.path()).is_empty());
    client.send("lo");
    assert_eq!(client.answer().status, 200);
    drop(client);
    assert_eq!(worker.verdict().code, Some(0));
}

#[test]
fn the_start_message_says_where_the_worker_is_scraped_and_which_file_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let worker = announced(&folder).serve();
    let file = paths(folder.path()).remove(0);
    let line = format!("  announced      as {} by {}\n", worker.address, file.display());
    assert!(worker.start_message.contains(&line), "{line}{}", worker.start_message);
}

#[test]
fn a_file_that_somebody_else_removes_comes_back_and_the_log_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let worker = announced(&folder).serve();
    std::fs::remove_file(paths(folder.path()).remove(0)).unwrap();
    worker.wait_for_log("it was written again");
    assert_eq!(files(folder.path()), [file_of(&worker)]);
    assert_eq!(worker.terminate().code, Some(0));
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_folder_that_goes_and_comes_back_takes_two_lines_of_the_log() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("exp");
    std::fs::create_dir(&folder).unwrap();
    let worker = Command::new().arg("--discovery-dir").arg(&folder).serve();
    std::fs::remove_dir_all(&folder).unwrap();
    worker.wait_for_log("no server finds the worker any more: cannot write ");
    std::fs::create_dir(&folder).unwrap();
    worker.wait_for_log("the worker is announced again");
    assert_eq!(files(&folder), [file_of(&worker)]);
    let verdict = worker.terminate();
    assert_eq!((verdict.code, verdict.log.matches("WARN").count()), (Some(0), 1), "{}", verdict.log);
}

#[test]
fn the_file_of_a_killed_worker_stays_until_another_starts() {
    let folder = tempfile::tempdir().unwrap();
    let killed = announced(&folder).serve();
    let left = file_of(&killed);
    killed.signal(Signal::KILL);
    assert_eq!(killed.verdict().code, None);
    assert_eq!(files(folder.path()), [left]);
    let next = announced(&folder).serve();
    assert_eq!(files(folder.path()), [file_of(&next)]);
    assert!(next.terminate().log.contains("no longer announced"));
}

#[test]
fn the_target_and_the_folder_may_come_from_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let worker = Command::new()
        .env("EXP_DISCOVERY_DIR", folder.path())
        .env("EXP_DISCOVERY_TARGET", "worker-7.example.com:80")
        .env("EXP_ENVIRONMENT", "staging")
        .serve();
    let expected = json!([{"targets": ["worker-7.example.com:80"], "labels": {"environment": "staging"}}]);
    assert_eq!(files(folder.path()), [expected]);
    drop(worker);
}

#[test]
fn who_listens_everywhere_is_announced_by_the_name_of_the_host() {
    let folder = tempfile::tempdir().unwrap();
    let worker = announced(&folder).arg("--listen").arg("0.0.0.0:0").serve_as_told();
    let hostname = worker.get("/api/health").json()["hostname"].as_str().unwrap().to_owned();
    let target = files(folder.path())[0][0]["targets"][0].as_str().unwrap().to_owned();
    assert_eq!(target, format!("{hostname}:{}", worker.address.port()));
}

#[test]
fn a_folder_that_is_not_there_ends_the_start_with_code_2_and_names_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let verdict =
        Command::new().arg("--listen").arg("127.0.0.1:0").arg("--discovery-dir").arg(&missing).verdict();
    assert_eq!((verdict.code, verdict.out.as_str()), (Some(2), ""), "{verdict:?}");
    for text in [missing.to_str().unwrap(), "--discovery-dir", "; remedy: make the folder"] {
        assert!(verdict.log.contains(text), "{text}: {verdict:?}");
    }
}

#[test]
fn a_worker_that_cannot_listen_is_not_announced() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let verdict = announced(&folder).arg("--listen").arg(address).verdict();
    assert_eq!(verdict.code, Some(1), "{verdict:?}");
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_target_that_is_none_or_has_no_folder_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    for target in ["worker-7", "http://worker-7:80", "worker-7:0"] {
        let verdict = announced(&folder).arg("--discovery-target").arg(target).verdict();
        assert_eq!(verdict.code, Some(2), "{verdict:?}");
        assert!(verdict.log.contains("is not a host and a port; remedy: "), "{verdict:?}");
    }
    let verdict = Command::new().arg("--discovery-target").arg("worker-7:80").verdict();
    assert_eq!(verdict.code, Some(2), "{verdict:?}");
    assert!(verdict.log.contains("--discovery-dir"), "{verdict:?}");
}
