//! One line of a text page: a name, its labels, a value.

use std::collections::BTreeMap;

use crate::escape::push_label_value;
use crate::number::{push_float, push_integer};

/// A sample being written. Labels first, in the order of the calls, then one value, which ends the line.
///
/// Cost: appends to the buffer and allocates nothing else.
#[must_use = "a sample without a value is half a line"]
#[derive(Debug)]
pub(crate) struct Sample<'o> {
    out: &'o mut String,
    // '{' before the first label, ',' after it
    separator: char,
}

impl<'o> Sample<'o> {
    /// Begins a line with the name of its metric.
    pub(crate) fn begin(out: &'o mut String, name: &str) -> Self {
        out.push_str(name);
        Self { out, separator: '{' }
    }

    /// Adds a label with any value: it is escaped, and may be empty.
    pub(crate) fn label(self, name: &str, value: &str) -> Self {
        self.write_label(name, |out| push_label_value(out, value))
    }

    /// Adds labels.
    pub(crate) fn labels<const N: usize>(self, labels: [(&str, &str); N]) -> Self {
        labels.into_iter().fold(self, |sample, (name, value)| sample.label(name, value))
    }

    /// Adds labels in the order of their names.
    pub(crate) fn each_label(self, labels: &BTreeMap<Box<str>, Box<str>>) -> Self {
        labels.iter().fold(self, |sample, (name, value)| sample.label(name, value))
    }

    /// Adds a label, if there is a value for it.
    pub(crate) fn optional_label(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.label(name, value),
            None => self,
        }
    }

    /// Adds a label whose value is written in place. `write` appends nothing that needs an escape.
    pub(crate) fn write_label(self, name: &str, write: impl FnOnce(&mut String)) -> Self {
        self.out.push(self.separator);
        self.out.push_str(name);
        self.out.push_str("=\"");
        write(self.out);
        self.out.push('"');
        Self { separator: ',', ..self }
    }

    /// Ends the line with an integer.
    pub(crate) fn integer(self, value: u64) {
        self.end(|out| push_integer(out, value));
    }

    /// Ends the line with a float.
    pub(crate) fn float(self, value: f64) {
        self.end(|out| push_float(out, value));
    }

    /// Ends the labels, and leaves the value out.
    pub(crate) fn close(self) -> &'o mut String {
        if self.separator == ',' {
            self.out.push('}');
        }
        self.out
    }

    fn end(self, write: impl FnOnce(&mut String)) {
        let out = self.close();
        out.push(' ');
        write(out);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_without_labels_has_no_braces() {
        let mut out = String::new();
        Sample::begin(&mut out, "up").integer(1);
        assert_eq!(out, "up 1\n");
    }

    #[test]
    fn labels_keep_the_order_in_which_they_were_added() {
        let mut out = String::from("before\n");
        Sample::begin(&mut out, "a_total")
            .label("z", "1")
            .label("a", "")
            .optional_label("n", None)
            .integer(7);
        Sample::begin(&mut out, "b")
            .optional_label("n", Some("\"x\""))
            .write_label("p", |out| out.push('9'))
            .float(0.5);
        assert_eq!(out, "before\na_total{z=\"1\",a=\"\"} 7\nb{n=\"\\\"x\\\"\",p=\"9\"} 0.5\n");
    }
}
