//! A strict reader of Prometheus text 0.0.4, written from the format's description and sharing nothing with the encoder.
//!
//! It refuses what the format forbids (a family in two places, two headers, a sample before its header, a series twice,
//! an unknown escape, a label name out of its alphabet) and what our pages never have (comments, blank lines, white
//! space to spare, timestamps).

use std::collections::{BTreeMap, BTreeSet};

pub(crate) type Labels = BTreeMap<String, String>;

#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) labels: Labels,
    /// As it stands on the page.
    pub(crate) value: String,
}

impl Sample {
    pub(crate) fn label(&self, name: &str) -> Option<&str> {
        self.labels.get(name).map(String::as_str)
    }

    pub(crate) fn integer(&self) -> u64 {
        self.value.parse().expect("an integer value")
    }

    pub(crate) fn float(&self) -> f64 {
        self.value.parse().expect("a float value")
    }
}

#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) name: String,
    pub(crate) help: String,
    pub(crate) kind: String,
    pub(crate) samples: Vec<Sample>,
}

impl Family {
    /// Σ of the samples.
    pub(crate) fn sum(&self) -> u64 {
        self.samples.iter().map(Sample::integer).sum()
    }

    /// The samples by their labels.
    pub(crate) fn series(&self) -> BTreeMap<Labels, u64> {
        self.samples.iter().map(|sample| (sample.labels.clone(), sample.integer())).collect()
    }
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) families: Vec<Family>,
}

impl Page {
    /// Reads a page, or panics with the line that the format forbids.
    pub(crate) fn read(text: &str) -> Self {
        let body = text.strip_suffix('\n').expect("a page ends with a line feed");
        let mut families: Vec<Family> = Vec::new();
        let mut lines = body.split('\n').peekable();
        while let Some(line) = lines.next() {
            let (name, help) =
                line.strip_prefix("# HELP ").and_then(|rest| rest.split_once(' ')).expect("a HELP line");
            let (typed, kind) = lines
                .next()
                .and_then(|line| line.strip_prefix("# TYPE "))
                .and_then(|rest| rest.split_once(' '))
                .expect("a TYPE line after each HELP line");
            assert_eq!(typed, name, "HELP and TYPE name the same family");
            assert!(["counter", "gauge"].contains(&kind), "type {kind:?}");
            assert!(families.iter().all(|family| family.name != name), "family {name} comes twice");
            let mut samples: Vec<Sample> = Vec::new();
            let mut seen = BTreeSet::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
                let sample = read_sample(name, line);
                assert!(seen.insert(sample.labels.clone()), "series twice: {line:?}");
                samples.push(sample);
            }
            families.push(Family {
                name: name.to_owned(),
                help: unescape(&mut help.chars(), &['\\'], None),
                kind: kind.to_owned(),
                samples,
            });
        }
        Self { families }
    }

    pub(crate) fn family(&self, name: &str) -> &Family {
        self.families.iter().find(|family| family.name == name).unwrap_or_else(|| panic!("family {name}"))
    }

    /// The only sample of a family.
    pub(crate) fn only(&self, name: &str) -> &Sample {
        match &self.family(name).samples[..] {
            [sample] => sample,
            samples => panic!("{name} has {} samples", samples.len()),
        }
    }
}

fn read_sample(name: &str, line: &str) -> Sample {
    let rest = line.strip_prefix(name).unwrap_or_else(|| panic!("not a sample of {name}: {line:?}"));
    let mut labels = Labels::new();
    let value = if let Some(rest) = rest.strip_prefix('{') {
        let mut characters = rest.chars();
        loop {
            let label: String = characters.by_ref().take_while(|character| *character != '=').collect();
            assert!(
                label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                    && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                    && !label.starts_with("__"),
                "label name {label:?} in {line:?}"
            );
            assert_eq!(characters.next(), Some('"'), "{line:?}");
            let value = unescape(&mut characters, &['\\', '"'], Some('"'));
            assert!(labels.insert(label, value).is_none(), "label twice in {line:?}");
            match characters.next() {
                Some(',') => {}
                Some('}') => break characters.as_str(),
                other => panic!("{other:?} after a label in {line:?}"),
            }
        }
    } else {
        rest
    };
    let value = value.strip_prefix(' ').unwrap_or_else(|| panic!("no value in {line:?}"));
    assert!(value.parse::<f64>().is_ok(), "value {value:?} in {line:?}");
    Sample { labels, value: value.to_owned() }
}

/// Reads up to `end`, or to the end of the text. A backslash must precede `n` or one of `escapable`.
fn unescape(characters: &mut std::str::Chars<'_>, escapable: &[char], end: Option<char>) -> String {
    let mut text = String::new();
    loop {
        match characters.next() {
            character if character == end => return text,
            None => panic!("{text:?} does not end"),
            Some('\\') => match characters.next() {
                Some('n') => text.push('\n'),
                Some(character) if escapable.contains(&character) => text.push(character),
                other => panic!("escape of {other:?}"),
            },
            Some(character) => text.push(character),
        }
    }
}
