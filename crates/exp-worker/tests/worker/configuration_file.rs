//! The configuration file, through the binary: what stops a start, and what a reload does.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::process::Signal;

use crate::harness::{CONFIGURATION, Command, VALUE_MARK};

/// Starts on `path`; returns the one message that a refused start writes.
fn refused(path: &Path) -> String {
    let verdict = Command::new().arg("--config").arg(path).arg("--listen").arg("127.0.0.1:0").verdict();
    assert_eq!((verdict.code, verdict.out.as_str()), (Some(2), ""), "{verdict:?}");
    assert_eq!(verdict.log.lines().count(), 1, "{verdict:?}");
    assert!(verdict.log.contains(path.to_str().unwrap()), "{verdict:?}");
    assert!(verdict.log.contains("remedy: "), "{verdict:?}");
    assert!(!verdict.log.contains(VALUE_MARK), "{verdict:?}");
    verdict.log
}

#[test]
fn a_faulty_file_ends_the_start_with_code_2_and_one_message_with_file_line_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faulty.json");
    for (text, line, cause) in [
        ("", "line 1,", "not JSON"),
        ("HUSH", "line 1,", "not JSON"),
        ("{\n\"targets\": {},\n\"values\": {\"a\": \"HUSH\"", "line 3,", "not JSON"),
        ("{\n\"targets\": {},\n\"values\": {\"a\": \"HUSH\",}\n}", "line 3,", "not JSON"),
        ("{\n\"targets\": {},\n\"values\": \"HUSH\"\n}", "line 3,", "found a string where an object"),
        ("{\n\"targets\": {},\n\"values\": {\"a\": [\"HUSH\"]}\n}", "line 3,", "found a list where a string"),
        ("{\n\"targets\": {},\n\"values\": {\"a b\": \"HUSH\"}\n}", "line 3,", "a name here is not allowed"),
        (
            "{\n\"targets\": {},\n\"values\": {\"a\": \"HUSH\",\n\"a\": \"HUSH\"}\n}",
            "line 4,",
            "a is there twice",
        ),
        ("{\n\"targets\": {\"t\": {}, \"t\": {}},\n\"values\": {}\n}", "line 2,", "t is there twice"),
        ("{\n\"targets\": {\"t\": {\n\"flags\": {}}},\n\"values\": {}\n}", "line 3,", "\"flags\" is unknown"),
        ("{\n\"values\": {\"a\": \"HUSH\"}\n}", "line 3,", "no field \"targets\""),
    ] {
        fs::write(&path, text).unwrap();
        let message = refused(&path);
        assert!(message.contains(line) && message.contains(cause), "{text}\n{message}");
    }
}

#[test]
fn a_missing_file_and_a_directory_end_the_start_with_code_2_and_one_message() {
    let folder = tempfile::tempdir().unwrap();
    assert!(refused(&folder.path().join("missing.json")).contains("no such file"));
    assert!(refused(folder.path()).contains("not a regular file"));
    assert!(refused(Path::new("/dev/null")).contains("not a regular file"));
}

#[test]
fn an_unreadable_file_ends_the_start_with_code_2_and_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("locked.json");
    fs::write(&path, CONFIGURATION).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser reads it all the same: then there is nothing to show.
    if fs::read(&path).is_err() {
        assert!(refused(&path).contains("cannot be read"));
    }
}

#[test]
fn sighup_reads_the_file_again() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), CONFIGURATION).unwrap();
    let worker = Command::new().arg("--config").arg(file.path()).serve();
    assert_eq!(worker.get("/api/v1/run-time?for=api").status, 200);
    fs::write(file.path(), r#"{"targets": {"other": {}}, "values": {"a": "HUSH-new"}}"#).unwrap();
    worker.signal(Signal::HUP);
    worker.wait_for_log("configuration reloaded");
    assert_eq!(worker.get("/api/v1/run-time?for=api").status, 400);
    assert_eq!(worker.get("/api/v1/run-time?for=other").status, 200);
    let health = worker.get("/api/health").json();
    assert_eq!((&health["configLoadCount"], &health["configKeysLoaded"]), (&2.into(), &1.into()));
    let verdict = worker.terminate();
    assert_eq!(verdict.code, Some(0));
    assert!(!verdict.log.contains(VALUE_MARK), "{verdict:?}");
}

#[test]
fn a_reload_that_fails_leaves_the_old_configuration_in_force_and_logs_the_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), CONFIGURATION).unwrap();
    let worker = Command::new().arg("--config").arg(file.path()).serve();
    fs::write(file.path(), "{\n\"targets\": {},\n\"values\": {\"a\": HUSH}\n}").unwrap();
    worker.signal(Signal::HUP);
    worker.wait_for_log("line 3");
    fs::remove_file(file.path()).unwrap();
    worker.signal(Signal::HUP);
    worker.wait_for_log("no such file");
    assert_eq!(worker.get("/api/v1/run-time?for=api").status, 200);
    assert_eq!(worker.get("/api/ready").status, 200);
    assert_eq!(worker.get("/api/health").json()["configLoadCount"], 1);
    let verdict = worker.terminate();
    assert_eq!(verdict.code, Some(0));
    assert_eq!(verdict.log.matches("the old configuration stays in force").count(), 2, "{verdict:?}");
    assert!(
        verdict.log.contains(file.path().to_str().unwrap()) && !verdict.log.contains(VALUE_MARK),
        "{verdict:?}"
    );
}

#[test]
fn a_document_that_lacks_required_keys_is_named_in_the_log_at_each_load() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), CONFIGURATION).unwrap();
    let worker = Command::new().arg("--config").arg(file.path()).serve();
    let warning = "the build-time document of broken cannot be given out: no value for the required \
                   Lacking:Two, Lacking:One";
    worker.wait_for_log(warning);
    worker.signal(Signal::HUP);
    worker.wait_for_log("configuration reloaded");
    assert_eq!(worker.get("/api/v1/run-time?for=api").status, 200);
    assert_eq!(worker.terminate().log.matches(warning).count(), 2);
}

#[test]
fn sighup_without_a_file_changes_nothing() {
    let worker = Command::new().serve();
    worker.signal(Signal::HUP);
    worker.wait_for_log("nothing to reload");
    assert_eq!(worker.get("/api/v1/run-time?for=api").status, 200);
}
