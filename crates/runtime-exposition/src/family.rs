//! A family: the samples of one metric, under one help text and one type.

use crate::escape::{push_help, push_label_value};
use crate::format::TextFormat;
use crate::lines::Lines;
use crate::namespace::Namespace;
use crate::number::LONGEST_INTEGER;
use crate::sample::Sample;

/// What a value of the family means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Grows within one window, and starts again at a reset.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Always 1: its labels are what it says.
    Info,
}

impl Kind {
    /// The word after `# TYPE name`.
    fn word(self, format: TextFormat) -> &'static str {
        match (self, format) {
            (Self::Counter, _) => "counter",
            (Self::Gauge, _) | (Self::Info, TextFormat::Prometheus) => "gauge",
            (Self::Info, TextFormat::OpenMetrics) => "info",
        }
    }

    /// What the name of a sample has beyond that of its family.
    fn suffix(self) -> &'static str {
        match self {
            Self::Counter => "_total",
            Self::Gauge => "",
            Self::Info => "_info",
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
    /// The name without the namespace, and without what its kind adds to the name of a sample.
    pub(crate) stem: &'static str,
    pub(crate) kind: Kind,
    /// The last part of the stem, if that is a unit.
    pub(crate) unit: Option<&'static str>,
    /// One sentence.
    pub(crate) help: &'static str,
}

/// A family's constant text: rendered once, copied by every page.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    /// The name of its samples, in 0.0.4 also the family's: `exp_http_requests_total`.
    name: Box<str>,
    /// The name of the samples that say since when a counter counts: `exp_http_requests_created`.
    created: Box<str>,
    /// The lines before the samples, in each format.
    prometheus_header: Box<str>,
    openmetrics_header: Box<str>,
}

impl Family {
    /// Renders a definition under a namespace.
    pub(crate) fn new(namespace: &Namespace, definition: &Definition) -> Self {
        let Definition { scope, stem, kind, unit, help } = *definition;
        let family = match scope {
            Scope::Namespaced => format!("{}_{stem}", namespace.as_str()),
            Scope::Shared => stem.to_owned(),
        };
        let name = format!("{family}{}", kind.suffix());
        let header = |name: &str, format, unit: Option<&str>, push_help: fn(&mut String, &str)| {
            let mut header = format!("# HELP {name} ");
            push_help(&mut header, help);
            header.push_str(&format!("\n# TYPE {name} {}\n", kind.word(format)));
            if let Some(unit) = unit {
                header.push_str(&format!("# UNIT {name} {unit}\n"));
            }
            header.into_boxed_str()
        };
        Self {
            created: format!("{family}_created").into_boxed_str(),
            prometheus_header: header(&name, TextFormat::Prometheus, None, push_help),
            // A help text is escaped there as a label value is.
            openmetrics_header: header(&family, TextFormat::OpenMetrics, unit, push_label_value),
            name: name.into_boxed_str(),
        }
    }

    /// The name of its samples.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Writes the header. The samples hold the buffer until they are all written, so that families cannot interleave.
    pub(crate) fn begin<'s>(&'s self, format: TextFormat, out: &'s mut String) -> Samples<'s> {
        out.push_str(match format {
            TextFormat::Prometheus => &self.prometheus_header,
            TextFormat::OpenMetrics => &self.openmetrics_header,
        });
        Samples { family: self, format, out }
    }
}

/// The samples of one family, being written.
#[derive(Debug)]
pub(crate) struct Samples<'s> {
    family: &'s Family,
    format: TextFormat,
    out: &'s mut String,
}

impl Samples<'_> {
    /// Begins the next sample.
    pub(crate) fn sample(&mut self) -> Sample<'_> {
        Sample::begin(self.out, &self.family.name)
    }

    /// Writes a counter, which was 0 at `created`, in seconds since 1970.
    pub(crate) fn counter<const N: usize>(&mut self, labels: [(&str, &str); N], count: u64, created: f64) {
        self.sample().labels(labels).integer(count);
        if self.format == TextFormat::OpenMetrics {
            Sample::begin(self.out, &self.family.created).labels(labels).float(created);
        }
    }

    /// Writes a counter of parts of a whole, which was 0 at `created`, in seconds since 1970.
    pub(crate) fn float_counter(&mut self, count: f64, created: f64) {
        self.sample().float(count);
        if self.format == TextFormat::OpenMetrics {
            Sample::begin(self.out, &self.family.created).float(created);
        }
    }

    /// Writes a counter for each of the family's lines that shows something of `counts`. They were 0 at `created`, in seconds
    /// since 1970.
    pub(crate) fn lines(self, lines: &Lines, counts: &[u64], created: f64) {
        let Self { family, format, out } = self;
        let (mut number, mut float) = (itoa::Buffer::new(), ryu::Buffer::new());
        let created =
            (format == TextFormat::OpenMetrics).then(|| (&*family.created, float.format_finite(created)));
        let beside = created.map_or(0, |(name, float)| name.len() + float.len() + 1);
        let copies = if created.is_some() { 2 } else { 1 };
        out.reserve(copies * lines.text_len() + lines.len() * (LONGEST_INTEGER + 1 + beside));
        for (line, count) in lines.shown(counts) {
            out.push_str(line);
            out.push_str(number.format(count));
            out.push('\n');
            if let Some((name, float)) = created {
                out.push_str(name);
                out.push_str(&line[family.name.len()..]);
                out.push_str(float);
                out.push('\n');
            }
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
        unit: None,
        help: "Events \\ \"all\"\nof them.",
    };
    const START: Definition = Definition {
        scope: Scope::Shared,
        stem: "start_seconds",
        kind: Kind::Gauge,
        unit: Some("seconds"),
        help: "Start.",
    };
    const BUILD: Definition =
        Definition { scope: Scope::Namespaced, stem: "build", kind: Kind::Info, unit: None, help: "Build." };

    fn text(definition: &Definition, format: TextFormat, write: impl FnOnce(Samples<'_>)) -> String {
        let mut out = String::new();
        write(Family::new(&Namespace::default(), definition).begin(format, &mut out));
        out
    }

    #[test]
    fn help_and_type_name_the_sample_in_0_0_4_and_the_family_in_openmetrics() {
        let counters = |mut samples: Samples<'_>| {
            samples.counter([("p", "a")], 1, 0.5);
            samples.counter([], 2, 0.5);
        };
        assert_eq!(
            text(&EVENTS, TextFormat::Prometheus, counters),
            "# HELP runtime_events_total Events \\\\ \"all\"\\nof them.\n\
             # TYPE runtime_events_total counter\n\
             runtime_events_total{p=\"a\"} 1\n\
             runtime_events_total 2\n"
        );
        assert_eq!(
            text(&EVENTS, TextFormat::OpenMetrics, counters),
            "# HELP runtime_events Events \\\\ \\\"all\\\"\\nof them.\n\
             # TYPE runtime_events counter\n\
             runtime_events_total{p=\"a\"} 1\n\
             runtime_events_created{p=\"a\"} 0.5\n\
             runtime_events_total 2\n\
             runtime_events_created 0.5\n"
        );
    }

    #[test]
    fn a_shared_family_carries_no_namespace_and_openmetrics_names_its_unit() {
        let gauge = |mut samples: Samples<'_>| samples.sample().float(1.5);
        assert_eq!(
            text(&START, TextFormat::Prometheus, gauge),
            "# HELP start_seconds Start.\n# TYPE start_seconds gauge\nstart_seconds 1.5\n"
        );
        assert_eq!(
            text(&START, TextFormat::OpenMetrics, gauge),
            "# HELP start_seconds Start.\n# TYPE start_seconds gauge\n# UNIT start_seconds seconds\nstart_seconds 1.5\n"
        );
    }

    #[test]
    fn an_info_is_a_gauge_in_0_0_4() {
        let info = |mut samples: Samples<'_>| samples.sample().label("v", "1").integer(1);
        assert_eq!(
            text(&BUILD, TextFormat::Prometheus, info),
            "# HELP runtime_build_info Build.\n# TYPE runtime_build_info gauge\nruntime_build_info{v=\"1\"} 1\n"
        );
        assert_eq!(
            text(&BUILD, TextFormat::OpenMetrics, info),
            "# HELP runtime_build Build.\n# TYPE runtime_build info\nruntime_build_info{v=\"1\"} 1\n"
        );
    }
}
