//! What the files are named.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use runtime_identity::ProcessIdentity;
use uuid::Uuid;

const LONGEST_SERVICE: usize = 64;

/// A name that no other registration has, on whatever machine: `SERVICE.PID.INSTANCE.NUMBER`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileName<'a> {
    pub(super) service: &'a str,
    /// For whoever reads the folder's list.
    process_id: u32,
    pub(super) instance_id: Uuid,
    /// Tells the registrations of one process life from each other.
    number: u64,
}

impl<'a> FileName<'a> {
    /// The name of the next registration of this process.
    pub(super) fn next(service: &'a str, own: &ProcessIdentity) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            service,
            process_id: own.process_id(),
            instance_id: own.instance_id(),
            // Relaxed: each number is given once, in whatever order.
            number: NEXT.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// The name behind that of a file, published or temporary.
    pub(super) fn parse(file: &'a str) -> Option<Self> {
        let name = match file.strip_prefix('.') {
            Some(hidden) => hidden.strip_suffix(".tmp"),
            None => file.strip_suffix(".json"),
        }?;
        let mut parts = name.rsplitn(4, '.');
        let number = parts.next()?.parse().ok()?;
        let instance_id = parts.next()?.parse().ok()?;
        let process_id = parts.next()?.parse().ok()?;
        let parsed = Self { service: parts.next()?, process_id, instance_id, number };
        // Numbers and IDs can be written in several ways; we write one.
        (parsed.to_string() == name).then_some(parsed)
    }

    /// What the server reads.
    pub(super) fn published(&self) -> String {
        format!("{self}.json")
    }

    /// What it is named while it is written: not matched by `*.json`.
    pub(super) fn temporary(&self) -> String {
        format!(".{self}.tmp")
    }

    /// Whether a service's name can be part of a file's.
    pub(super) fn is_service(name: &str) -> bool {
        (1..=LONGEST_SERVICE).contains(&name.len())
            && name.starts_with(|first: char| first.is_ascii_alphanumeric())
            && name.chars().all(|character| character.is_ascii_alphanumeric() || "_-.".contains(character))
    }
}

impl fmt::Display for FileName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, process_id, instance_id, number } = self;
        write!(f, "{service}.{process_id}.{}.{number}", instance_id.hyphenated())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0193a6c0-0000-7000-8000-000000000001";

    #[test]
    fn a_name_reads_back_as_it_was_written_dots_in_the_service_included() {
        let own = ProcessIdentity::current();
        for service in ["exp", "exp.v2", "a-b_c.1.2"] {
            let name = FileName::next(service, &own);
            assert_eq!(FileName::parse(&name.published()), Some(name));
            assert_eq!(FileName::parse(&name.temporary()), Some(name));
        }
    }

    #[test]
    fn no_other_name_is_taken_for_one() {
        for other in [
            format!("exp.1.{ID}.json"),
            format!("exp.1.{ID}.0.json.bak"),
            format!("exp.1.{ID}.0.yml"),
            format!(".exp.1.{ID}.0.json"),
            format!("exp.1.{ID}.0.tmp"),
            format!("exp.+1.{ID}.0.json"),
            format!("exp.1.{ID}.00.json"),
            format!("exp.1.{}.0.json", ID.to_uppercase()),
            format!("exp.1.{}.0.json", ID.replace('-', "")),
            format!("1.{ID}.0.json"),
            "exp.json".to_owned(),
            ".".to_owned(),
            String::new(),
        ] {
            assert_eq!(FileName::parse(&other), None, "{other}");
        }
    }

    #[test]
    fn a_service_that_could_lead_out_of_the_folder_is_none() {
        for name in ["", ".", "..", ".hidden", "a/b", "a b", "-a", "ä", "a\0", &"x".repeat(65)] {
            assert!(!FileName::is_service(name), "{name:?}");
        }
        assert!(FileName::is_service(&"x".repeat(64)));
    }
}
