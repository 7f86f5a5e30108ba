//! The lines that the series of a family take on a page: the text of their labels, rendered once for all pages that show
//! snapshots of one table.
//!
//! The Prometheus formats write labels alike, so the lines serve all of them.

use runtime_metrics::{DeliveryTable, OVERFLOW_LABEL, RequestTable};

use crate::caller::CallerLabels;
use crate::joint::{self, Caller, Joint, Place};
use crate::number::push_hexadecimal;
use crate::request::RequestLabel;
use crate::sample::Sample;

/// The only label of an overflow sample, and its value.
const OVERFLOW: (&str, &str) = ("otel_metric_overflow", "true");

/// The lines of one family: sorted by labels, the overflow line last.
#[derive(Debug)]
pub(crate) struct Lines {
    /// The name of the samples.
    name: Box<str>,
    /// What all lines begin with, one behind the other: `name{label="value"} `.
    text: String,
    /// The places of all lines, one line's behind the other's.
    places: Vec<Place>,
    ends: Vec<Ends>,
}

/// Where a line's share ends, and the next one's begins.
#[derive(Debug, Clone, Copy)]
struct Ends {
    text: usize,
    places: usize,
}

impl Lines {
    /// The lines of requests.
    pub(crate) fn of_requests(name: &str, label: RequestLabel, table: &RequestTable) -> Self {
        let mut lines = Self::new(name);
        let mut overflow = Vec::new();
        for (place, path) in (0..).zip(table.paths()) {
            if path == OVERFLOW_LABEL {
                overflow.push(place);
            } else {
                lines.push(&[place], |labels| labels.label(label.name(), path));
            }
        }
        lines.ended(&overflow)
    }

    /// The lines of deliveries.
    pub(crate) fn of_deliveries(name: &str, callers: CallerLabels, table: &DeliveryTable) -> Self {
        Self::of_joints(name, callers, joint::deliveries(table))
    }

    /// The lines of values served.
    pub(crate) fn of_values(name: &str, callers: CallerLabels, table: &DeliveryTable) -> Self {
        Self::of_joints(name, callers, joint::values(table))
    }

    fn of_joints<'a>(
        name: &str,
        callers: CallerLabels,
        recorded: impl Iterator<Item = Joint<'a, &'a str>>,
    ) -> Self {
        let mut lines = Self::new(name);
        let overflow = joint::show(callers, recorded, |joint, places| {
            lines.push(places, |labels| {
                let labels =
                    labels.label("config_endpoint", joint.endpoint).label("config_target", joint.target);
                match joint.caller {
                    Caller::Shown(caller) => labels.label("caller", caller),
                    Caller::Hashed(hash) => labels.write_label("caller", |out| push_hexadecimal(out, hash)),
                    Caller::Dropped => labels,
                }
                .optional_label("config_name", joint.config_name)
            });
        });
        lines.ended(&overflow)
    }

    fn new(name: &str) -> Self {
        Self { name: name.into(), text: String::new(), places: Vec::new(), ends: Vec::new() }
    }

    /// Ends the lines with that of the overflow. They may be kept for long, and take no more memory than they need.
    fn ended(mut self, overflow: &[Place]) -> Self {
        self.push(overflow, |labels| labels.label(OVERFLOW.0, OVERFLOW.1));
        self.text.shrink_to_fit();
        self.places.shrink_to_fit();
        self.ends.shrink_to_fit();
        self
    }

    fn push(&mut self, places: &[Place], label: impl FnOnce(Sample<'_>) -> Sample<'_>) {
        label(Sample::begin(&mut self.text, &self.name)).close().push(' ');
        self.places.extend(places);
        self.ends.push(Ends { text: self.text.len(), places: self.places.len() });
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of all that lines begin with.
    pub(crate) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// The lines that show something of `counts`, which are by place: what they begin with, up to a space, and the count.
    pub(crate) fn shown<'s>(&'s self, counts: &'s [u64]) -> impl Iterator<Item = (&'s str, u64)> {
        let begins = [Ends { text: 0, places: 0 }].into_iter().chain(self.ends.iter().copied());
        begins.zip(&self.ends).filter_map(|(begin, end)| {
            let places = &self.places[begin.places..end.places];
            let counts = places.iter().filter_map(|place| counts.get(*place as usize));
            let count = counts.fold(0, |sum: u64, count| sum.saturating_add(*count));
            (count > 0).then(|| (&self.text[begin.text..end.text], count))
        })
    }
}
