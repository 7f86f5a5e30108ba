//! The files by which a server finds processes, live and dead ones, forked ones, and what else may be in their folder.

#![cfg(feature = "discovery")]
#![allow(clippy::unwrap_used)] // a test fails by panicking
#![allow(unsafe_code)] // forks

#[allow(dead_code)] // other tests use all of it
#[path = "../../runtime-identity/tests/forked_child/mod.rs"]
mod forked_child;

use std::fs::{self, File, FileTimes};
use std::mem;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use forked_child::in_forked_child;
use runtime_exposition::discovery::{Announcement, RegisterError, Registration, Renewal, Target};
use runtime_identity::ProcessIdentity;
use tempfile::TempDir;

const TARGET: &str = "192.0.2.1:8080";

fn announcement() -> Announcement {
    Announcement::new("exp", TARGET.parse().unwrap())
}

fn register(folder: &TempDir) -> Registration {
    announcement().register(folder.path()).unwrap()
}

/// Names of what is in a folder, sorted.
fn list(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The file of a process that registered and died.
fn file_of_a_dead_process(folder: &TempDir) -> PathBuf {
    in_forked_child(|| {
        let registration = register(folder);
        let path = registration.path().to_str().unwrap().to_owned();
        mem::forget(registration);
        path
    })
    .into()
}

/// Our name for a file of nobody's.
fn made_up(number: u32) -> String {
    format!("exp.1.0193a6c0-0000-7000-8000-000000000001.{number}")
}

#[test]
fn the_file_is_what_a_server_reads_and_everybody_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let before = rustix::process::umask(rustix::fs::Mode::from(0o077));
    let registration = announcement()
        .label("zone", "b")
        .label("environment", "a \"b\"\n")
        .label("zone", "c")
        .register(folder.path());
    rustix::process::umask(before);
    let registration = registration.unwrap();
    let path = registration.path();
    let own = ProcessIdentity::current();
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with(&format!("exp.{}.{}.", std::process::id(), own.instance_id())), "{name}");
    assert_eq!(list(folder.path()), [name]);
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o7777, 0o644);
    assert_eq!(
        fs::read_to_string(path).unwrap(),
        "[{\"targets\":[\"192.0.2.1:8080\"],\"labels\":{\"environment\":\"a \\\"b\\\"\\n\",\"zone\":\"c\"}}]\n"
    );
}

#[test]
fn the_file_is_gone_when_the_registration_is_dropped_or_withdrawn() {
    let folder = tempfile::tempdir().unwrap();
    drop(register(&folder));
    assert!(list(folder.path()).is_empty());
    register(&folder).withdraw().unwrap();
    assert!(list(folder.path()).is_empty());
}

#[test]
fn a_file_that_somebody_else_removed_is_withdrawn_without_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let registration = register(&folder);
    fs::remove_file(registration.path()).unwrap();
    registration.withdraw().unwrap();
}

#[test]
fn a_file_that_somebody_else_removed_replaced_or_cut_short_is_written_again_and_locked_when_it_is_looked_for()
{
    let folder = tempfile::tempdir().unwrap();
    let mut registration = register(&folder);
    let path = registration.path().to_owned();
    let content = fs::read(&path).unwrap();
    // The reading gave up the lock, and a new file has one.
    fs::remove_file(&path).unwrap();
    assert_eq!(registration.renew().unwrap(), Renewal::Rewritten);
    let others = folder.path().join("others");
    let spoilers: [&dyn Fn(); 4] = [
        &|| fs::remove_file(&path).unwrap(),
        &|| _ = fs::write(&others, &content).and_then(|()| fs::rename(&others, &path)),
        &|| _ = fs::remove_file(&path).and_then(|()| symlink("nowhere", &path)),
        // By another process: to open it here and close it again would give up the lock.
        &|| _ = in_forked_child(|| File::create(&path).map(|_| String::new()).unwrap()),
    ];
    for spoil in spoilers {
        assert_eq!(registration.renew().unwrap(), Renewal::Untouched);
        spoil();
        assert_eq!(registration.renew().unwrap(), Renewal::Rewritten);
        assert_eq!(registration.renew().unwrap(), Renewal::Untouched);
        assert_eq!(in_forked_child(|| register(&folder).swept().len().to_string()), "0");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o644);
    }
    assert_eq!(fs::read(&path).unwrap(), content);
    drop(registration);
    assert!(list(folder.path()).is_empty());
}

#[test]
fn a_folder_that_is_gone_is_an_error_and_the_file_comes_back_with_it() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let mut registration = announcement().register(&folder).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    for _ in 0..2 {
        let error = registration.renew().unwrap_err();
        assert!(
            matches!(&error, RegisterError::Write { path, .. } if path == registration.path()),
            "{error:?}"
        );
        assert!(error.to_string().contains("; remedy: make the folder"), "{error}");
    }
    fs::create_dir(&folder).unwrap();
    assert_eq!(registration.renew().unwrap(), Renewal::Rewritten);
    assert!(registration.path().exists());
}

#[test]
fn a_forked_child_does_not_write_its_parents_file_again() {
    let folder = tempfile::tempdir().unwrap();
    let parent = register(&folder);
    fs::remove_file(parent.path()).unwrap();
    let inherited = Mutex::new(parent);
    let renewal = in_forked_child(|| format!("{:?}", inherited.lock().unwrap().renew().unwrap()));
    assert_eq!((renewal.as_str(), list(folder.path()).len()), ("Untouched", 0));
}

#[test]
fn a_relative_folder_is_the_one_that_it_was_when_the_process_registered() {
    let folder = tempfile::tempdir().unwrap();
    // In a process of its own: the working folder is every thread's.
    let found = in_forked_child(|| {
        std::env::set_current_dir(folder.path()).unwrap();
        let mut registration = announcement().register(".").unwrap();
        std::env::set_current_dir("/").unwrap();
        fs::remove_file(registration.path()).unwrap();
        let renewal = registration.renew().unwrap();
        let written = list(folder.path()).len();
        registration.withdraw().unwrap();
        format!("{renewal:?} {written} {}", list(folder.path()).len())
    });
    assert_eq!(found, "Rewritten 1 0");
}

#[test]
fn one_process_may_register_several_times_and_each_has_its_own_file() {
    let folder = tempfile::tempdir().unwrap();
    let first = register(&folder);
    let others: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| register(&folder))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(others.iter().all(|other| other.swept().is_empty()));
    assert_eq!(list(folder.path()).len(), 9);
    // The locks stand: another process removes none of them.
    in_forked_child(|| {
        drop(register(&folder));
        String::new()
    });
    assert_eq!(list(folder.path()).len(), 9);
    drop(others);
    assert_eq!(list(folder.path()), [first.path().file_name().unwrap().to_str().unwrap()]);
}

#[test]
fn a_reader_finds_whole_files_only() {
    let folder = tempfile::tempdir().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..300 {
                drop(register(&folder));
            }
            done.store(true, Ordering::Release);
        });
        while !done.load(Ordering::Acquire) {
            for name in list(folder.path()).iter().filter(|name| name.ends_with(".json")) {
                let Ok(text) = fs::read_to_string(folder.path().join(name)) else { continue };
                assert_eq!(text, "[{\"targets\":[\"192.0.2.1:8080\"],\"labels\":{}}]\n");
            }
        }
    });
}

#[test]
fn the_file_of_a_dead_process_is_removed_by_the_next_of_its_service() {
    let folder = tempfile::tempdir().unwrap();
    let dead = file_of_a_dead_process(&folder);
    assert!(dead.exists());
    let other = Announcement::new("other", TARGET.parse().unwrap()).register(folder.path()).unwrap();
    assert!(other.swept().is_empty() && dead.exists(), "another service's");
    assert_eq!(register(&folder).swept(), [dead]);
    assert_eq!(list(folder.path()).len(), 1);
}

#[test]
fn a_forked_child_registers_itself_and_leaves_its_parents_file_and_lock() {
    let folder = tempfile::tempdir().unwrap();
    let parent = register(&folder);
    let path = parent.path().to_owned();
    let inherited = Mutex::new(Some(parent));
    for is_withdrawn in [false, true] {
        let child = in_forked_child(|| {
            let inherited = inherited.lock().unwrap().take().unwrap();
            if is_withdrawn {
                inherited.withdraw().unwrap()
            } else {
                drop(inherited)
            }
            let own = register(&folder);
            let files = list(folder.path()).len();
            format!("{files} {} {}", own.swept().len(), own.path().display())
        });
        let own = child.strip_prefix("2 0 ").unwrap_or_else(|| panic!("{child}"));
        assert_ne!(Path::new(own), path);
        assert!(path.exists() && !Path::new(own).exists());
    }
    // The lock stood all the while.
    assert_eq!(in_forked_child(|| register(&folder).swept().len().to_string()), "0");
    drop(inherited);
    assert!(list(folder.path()).is_empty());
}

#[test]
fn the_file_of_a_dead_parent_is_removed_though_its_child_lives() {
    let folder = tempfile::tempdir().unwrap();
    let notes = tempfile::tempdir().unwrap();
    let note = notes.path().join("grandchild");
    // SAFETY: both processes end by `_exit` or a signal, and run no destructor of the test's.
    let parent = unsafe { libc::fork() };
    assert!(parent >= 0);
    if parent == 0 {
        mem::forget(register(&folder));
        // SAFETY: as above.
        let child = unsafe { libc::fork() };
        if child == 0 {
            std::thread::sleep(Duration::from_secs(20));
        } else {
            let _ = fs::write(&note, child.to_string());
        }
        // SAFETY: `_exit` ends the process at once.
        unsafe { libc::_exit(0) };
    }
    // SAFETY: `parent` is a child of this process that was not waited for.
    assert_eq!(unsafe { libc::waitpid(parent, std::ptr::null_mut(), 0) }, parent);
    let grandchild: i32 = fs::read_to_string(&note).unwrap().parse().unwrap();
    // SAFETY: signal 0 is only a question.
    let lives = unsafe { libc::kill(grandchild, 0) } == 0;
    let swept = register(&folder).swept().len();
    // SAFETY: that process sleeps, longer than this test takes.
    unsafe { libc::kill(grandchild, libc::SIGKILL) };
    assert_eq!((lives, swept), (true, 1));
}

#[test]
fn whatever_else_is_in_the_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::NamedTempFile::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["exp.json", "README", ".hidden", "exp.1.json", &format!("{}.json.bak", made_up(0))] {
        fs::write(at(name), "theirs").unwrap();
    }
    fs::create_dir(at(&format!("{}.json", made_up(1)))).unwrap();
    symlink(outside.path(), at(&format!("{}.json", made_up(2)))).unwrap();
    symlink("nowhere", at(&format!("{}.json", made_up(3)))).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        at(&format!("{}.json", made_up(4))),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from(0o644),
        0,
    )
    .unwrap();
    // About to be locked, for all that one can know.
    fs::write(at(&format!(".{}.tmp", made_up(5))), "").unwrap();
    if rustix::process::geteuid().is_root() {
        fs::write(at(&format!("{}.json", made_up(6))), "").unwrap();
        chown(at(&format!("{}.json", made_up(6))), Some(65_534), None).unwrap();
    }
    let before = list(folder.path());
    let registration = register(&folder);
    assert!(registration.swept().is_empty(), "{:?}", registration.swept());
    drop(registration);
    assert_eq!(list(folder.path()), before);
    assert!(outside.path().exists());
}

#[test]
fn a_temporary_file_is_removed_when_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!(".{}.tmp", made_up(0)));
    let file = File::create(&path).unwrap();
    file.set_times(FileTimes::new().set_modified(SystemTime::now() - Duration::from_secs(120))).unwrap();
    assert_eq!(register(&folder).swept(), [path]);
}

#[test]
fn a_folder_that_is_not_there_or_is_none_is_an_error_that_names_the_file_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for bad in [folder.path().join("missing"), file] {
        let error = announcement().register(&bad).unwrap_err();
        assert!(matches!(&error, RegisterError::Write { path, .. } if path.starts_with(&bad)), "{error:?}");
        let text = error.to_string();
        assert!(text.contains(bad.to_str().unwrap()) && text.contains("remedy"), "{text}");
    }
    assert_eq!(list(folder.path()), ["file"]);
}

#[test]
fn names_that_servers_do_not_accept_or_overwrite_are_refused_and_handed_back() {
    let folder = tempfile::tempdir().unwrap();
    for label in ["endpoint", "instance", "job", "service", "type"] {
        let error = announcement().label(label, "x").register(folder.path()).unwrap_err();
        assert!(matches!(&error, RegisterError::ReservedLabel { name } if name == label), "{error}");
    }
    for label in ["", "1st", "a-b", "a b", "ä", "a:b"] {
        let error = announcement().label(label, "x").register(folder.path()).unwrap_err();
        assert!(matches!(&error, RegisterError::LabelName { name } if name == label), "{error}");
    }
    for bad in ["", "..", "../exp", "a b"] {
        let error = Announcement::new(bad, TARGET.parse().unwrap()).register(folder.path()).unwrap_err();
        assert!(matches!(&error, RegisterError::Service { service } if service == bad), "{error}");
    }
    assert!(list(folder.path()).is_empty());
}

#[test]
fn every_error_about_a_name_says_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |announcement: Announcement| announcement.register(folder.path()).unwrap_err().to_string();
    for text in [
        "worker-7".parse::<Target>().unwrap_err().to_string(),
        refused(Announcement::new("a b", TARGET.parse().unwrap())),
        refused(announcement().label("1st", "x")),
        refused(announcement().label("job", "x")),
    ] {
        assert!(text.contains("; remedy: "), "{text}");
    }
}
