//! A family: the samples of one metric, under one help text and one type.

use crate::escape::push_help;
use crate::lines::Lines;
use crate::namespace::Namespace;
use crate::number::{LONGEST_INTEGER, push_integer};
use crate::sample::Sample;

/// What a value of the family means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Grows within one window, and starts again at a reset.
    Counter,
    /// Goes up and down.
    Gauge,
}

impl Kind {
    /// The word after `# TYPE name`.
    fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
        }
    }
}

/// Who names the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// We do: its name starts with the namespace.
    Namespaced,
    /// A convention that all programs share: its name is always the same.
    Shared,
}

/// What a family is, in no format's spelling.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Definition {
    pub(crate) scope: Scope,
    /// The name without the namespace, and without the `_total` of a counter.
    pub(crate) stem: &'static str,
    pub(crate) kind: Kind,
    /// One sentence.
    pub(crate) help: &'static str,
}

/// A family's constant text in format 0.0.4: rendered once, copied by every page.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    /// The name of its samples, in 0.0.4 also the family's: `exp_http_requests_total`.
    name: Box<str>,
    /// The `# HELP` and `# TYPE` lines.
    header: Box<str>,
}

impl Family {
    /// Renders a definition under a namespace.
    pub(crate) fn new(namespace: &Namespace, definition: &Definition) -> Self {
        let mut name = String::new();
        if definition.scope == Scope::Namespaced {
            name.push_str(namespace.as_str());
            name.push('_');
        }
        name.push_str(definition.stem);
        if definition.kind == Kind::Counter {
            name.push_str("_total");
        }

        let mut header = String::new();
        header.push_str("# HELP ");
        header.push_str(&name);
        header.push(' ');
        push_help(&mut header, definition.help);
        header.push_str("\n# TYPE ");
        header.push_str(&name);
        header.push(' ');
        header.push_str(definition.kind.as_str());
        header.push('\n');

        Self { name: name.into_boxed_str(), header: header.into_boxed_str() }
    }

    /// The name of its samples.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Writes the header. The samples hold the buffer until they are all written, so that families cannot interleave.
    pub(crate) fn begin<'s>(&'s self, out: &'s mut String) -> Samples<'s> {
        out.push_str(&self.header);
        Samples { name: &self.name, out }
    }
}

/// The samples of one family, being written.
#[derive(Debug)]
pub(crate) struct Samples<'s> {
    name: &'s str,
    out: &'s mut String,
}

impl Samples<'_> {
    /// Begins the next sample.
    pub(crate) fn sample(&mut self) -> Sample<'_> {
        Sample::begin(self.out, self.name)
    }

    /// Writes a sample for each of the family's lines that shows something of `counts`.
    pub(crate) fn lines(self, lines: &Lines, counts: &[u64]) {
        self.out.reserve(lines.text_len() + lines.len() * (LONGEST_INTEGER + 1));
        for (line, count) in lines.shown(counts) {
            self.out.push_str(line);
            push_integer(self.out, count);
            self.out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: Definition = Definition {
        scope: Scope::Namespaced,
        stem: "events",
        kind: Kind::Counter,
        help: "Events \\ all\nof them.",
    };
    const START: Definition =
        Definition { scope: Scope::Shared, stem: "start_seconds", kind: Kind::Gauge, help: "Start." };

    #[test]
    fn help_and_type_name_the_sample_and_a_counter_ends_in_total() {
        let family = Family::new(&Namespace::default(), &EVENTS);
        let mut out = String::new();
        let mut samples = family.begin(&mut out);
        samples.sample().label("p", "a").integer(1);
        samples.sample().label("p", "b").integer(2);
        assert_eq!(
            out,
            "# HELP runtime_events_total Events \\\\ all\\nof them.\n\
             # TYPE runtime_events_total counter\n\
             runtime_events_total{p=\"a\"} 1\n\
             runtime_events_total{p=\"b\"} 2\n"
        );
    }

    #[test]
    fn a_shared_family_carries_no_namespace() {
        let mut out = String::new();
        Family::new(&Namespace::default(), &START).begin(&mut out).sample().float(1.5);
        assert_eq!(out, "# HELP start_seconds Start.\n# TYPE start_seconds gauge\nstart_seconds 1.5\n");
    }
}
