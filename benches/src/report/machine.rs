//! What a benchmark ran on.

use std::fs;

use serde::{Deserialize, Serialize};

use crate::processor::processors;

/// A machine and what compiles for it, without a name of its owner's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// For file names: its processor and how many of them.
    pub name: String,
    /// The processor's model, as the kernel has it.
    pub processor: String,
    /// Processors that the benchmark could use.
    pub processors: usize,
    /// The kernel's release.
    pub kernel: String,
    /// When the kernel backs memory by huge pages, which resident memory depends on.
    pub huge_pages: String,
    /// The compiler's version.
    pub toolchain: String,
}

impl Machine {
    /// This machine; `name` replaces the name that it would be given.
    #[must_use]
    pub fn this(name: Option<String>) -> Self {
        let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = model(&information).unwrap_or("unknown processor").to_owned();
        let processors = processors();
        let name = name.unwrap_or_else(|| format!("{}-{processors}cpu", slug(&processor)));
        let huge_pages = read_line("/sys/kernel/mm/transparent_hugepage/enabled");
        Self {
            name: slug(&name),
            processor,
            processors,
            kernel: read_line("/proc/sys/kernel/osrelease"),
            huge_pages: chosen(&huge_pages).to_owned(),
            toolchain: env!("BENCHES_TOOLCHAIN").to_owned(),
        }
    }
}

fn read_line(path: &str) -> String {
    fs::read_to_string(path).map_or_else(|_| "unknown".to_owned(), |line| line.trim().to_owned())
}

/// The model in the text of `/proc/cpuinfo` (proc(5)).
fn model(information: &str) -> Option<&str> {
    let line = information.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
}

/// The choice in brackets among those that the kernel lists.
fn chosen(choices: &str) -> &str {
    choices.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or(choices, |(chosen, _)| chosen)
}

/// Letters and digits in lower case, everything between them a hyphen.
fn slug(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_named_by_its_processor_and_never_empty() {
        let machine = Machine::this(None);
        assert!(machine.name.ends_with("cpu") && machine.name.len() > 6, "{machine:?}");
        assert!(machine.toolchain.starts_with("rustc "), "{machine:?}");
        assert_eq!(Machine::this(Some("My Laptop (new)".to_owned())).name, "my-laptop-new");
    }

    #[test]
    fn the_model_and_the_chosen_setting_are_picked_out() {
        let information = "processor\t: 0\nmodel name\t: AMD EPYC 9V74\nflags\t: fpu\n";
        assert_eq!(model(information), Some("AMD EPYC 9V74"));
        assert_eq!(chosen("always [madvise] never"), "madvise");
        assert_eq!(chosen("unknown"), "unknown");
    }
}
