//! The configuration file, through the binary: what stops a start, and what a reload does.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::process::Signal;

use crate::harness::{CONFIGURATION, Command, VALUE_MARK, Worker};

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
        ("", "line 1,", "the file is empty"),
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
fn only_a_file_that_may_not_be_read_is_told_to_be_made_readable() {
    let folder = tempfile::tempdir().unwrap();
    let (loop_, file) = (folder.path().join("loop.json"), folder.path().join("file"));
    std::os::unix::fs::symlink(&loop_, &loop_).unwrap();
    fs::write(&file, CONFIGURATION).unwrap();
    for path in [loop_, file.join("below-a-file.json"), folder.path().join("x".repeat(300))] {
        let message = refused(&path);
        assert!(message.contains("cannot be read") && !message.contains("let the user"), "{message}");
    }
}

#[test]
fn a_path_with_control_characters_is_shown_escaped_on_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a\nb\u{1b}.json");
    for text in [None, Some("{")] {
        if let Some(text) = text {
            fs::write(&path, text).unwrap();
        }
        let verdict = Command::new().arg("--config").arg(&path).verdict();
        assert_eq!((verdict.code, verdict.log.lines().count()), (Some(2), 1), "{verdict:?}");
        assert!(verdict.log.contains(r"a\nb\u{1b}.json"), "{verdict:?}");
    }
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
                   keys Lacking:Two, Lacking:One; remedy: add them to the values and reload";
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

#[test]
fn the_example_of_the_readme_is_a_configuration_whose_every_document_is_served() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```json\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let worker = Worker::builder().configuration(example).start();
    assert_eq!(worker.get("/api/ready").json()["keysLoaded"], 3);
    for route in ["build-time?for=api", "run-time?for=api", "config?name=Database:Host"] {
        assert_eq!(worker.get(&format!("/api/v1/{route}")).status, 200, "{route}");
    }
    assert_eq!(worker.app.in_force().incomplete_documents().count(), 0);
}

#[test]
fn the_readme_names_every_option_and_variable_of_the_help() {
    let help = Command::new().arg("--help").verdict().out;
    let readme = include_str!("../../README.md");
    let words = help.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let mut met = 0;
    for word in words.filter(|word| word.starts_with("--") && word.len() > 2 || word.starts_with("EXP_")) {
        assert!(readme.contains(word), "{word}");
        met += 1;
    }
    assert!(met > 15, "{help}");
}

#[test]
fn the_limits_of_the_readme_are_those_of_the_worker() {
    let limits = exp_worker::limits::Limits::default();
    let readme = include_str!("../../README.md");
    let seconds = |time: std::time::Duration| time.as_secs();
    for text in [
        format!("path and query over {} bytes", grouped(limits.max_uri_bytes)),
        format!("header names and values over {} bytes", grouped(limits.max_header_bytes)),
        format!(
            "over {} bytes, takes over {} s",
            grouped(limits.max_body_bytes as usize),
            seconds(limits.body_read_timeout)
        ),
        format!("the answer took over {} s", seconds(limits.request_timeout)),
        format!(
            "does not fit {} KiB or has over {} headers",
            limits.max_head_buffer_bytes / 1_024,
            grouped(exp_worker::limits::MAX_HEADERS)
        ),
        format!("A head that takes over {} s", seconds(limits.header_read_timeout)),
        format!("connections at once | {};", limits.max_connections),
        format!("cut after {} s", seconds(limits.write_stall_timeout)),
        format!("read from for {} s more", seconds(limits.linger_timeout)),
        format!("if it has none {} s later", seconds(limits.crowded_answer_timeout)),
        format!("answers in flight at a stop | {} s", seconds(limits.drain_timeout)),
    ] {
        assert!(readme.contains(&text), "{text}");
    }
}

/// A number below a million, its thousands set apart.
fn grouped(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}
