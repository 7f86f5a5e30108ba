//! Figures for a terminal.

use std::fmt::Write;

use crate::report::Report;
use crate::report::finding::{Finding, Line};
use crate::report::machine::Machine;
use crate::sample::quantity;

/// The part of the time that threads have a processor on a machine that does nothing else.
const QUIET: f64 = 0.9;

/// The whole report as text.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut text = heading(&report.machine);
    for finding in &report.findings {
        text += &of_finding(finding);
    }
    let shares = report.findings.iter().flat_map(|finding| &finding.on_processor);
    let least = shares.fold(1.0, |least, share| share.min(least));
    if least < QUIET {
        _ = writeln!(
            text,
            "THE MACHINE WAS NOT QUIET: in one race the threads had a processor {:.0} % of the time; trust nothing\n",
            least * 100.0
        );
    }
    text += "goals\n";
    let mut rows = vec![["", "goal", "measured", ""].map(str::to_owned).to_vec()];
    rows.extend(report.goals.iter().map(|goal| {
        let met = if goal.met { "met" } else { "NOT met" };
        vec![goal.what.clone(), goal.bound.to_string(), figure(goal.measured), met.to_owned()]
    }));
    text + &aligned(&rows)
}

fn heading(machine: &Machine) -> String {
    let Machine { processor, processors, kernel, huge_pages, toolchain, .. } = machine;
    format!("{processor}, {processors} processors; Linux {kernel}, huge pages: {huge_pages}; {toolchain}\n\n")
}

/// A heading, a line for each contestant, and an empty line.
#[must_use]
pub fn of_finding(finding: &Finding) -> String {
    let mut text = format!("{}\n", finding.title);
    if let Some(empty) = finding.empty_loop {
        let shares = finding.on_processor.iter().map(|share| format!("{:.0} %", share * 100.0));
        let shares = shares.collect::<Vec<_>>().join(", ");
        _ = writeln!(
            text,
            "  loop of {} ns subtracted; the threads had a processor {shares} of the time",
            figure(empty)
        );
    }
    let is_race = finding.lines.iter().all(|line| line.quantity == quantity::RECORD);
    text += &aligned(&if is_race { race(&finding.lines) } else { quantities(&finding.lines) });
    text.push('\n');
    text
}

/// A row for each contestant: one quantity and its spread.
fn race(lines: &[Line]) -> Vec<Vec<String>> {
    let headings = ["", quantity::RECORD, "quartiles", "by process", "by ours"];
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().map(|line| {
        let processes: Vec<_> = line.processes.iter().map(|median| figure(*median)).collect();
        vec![
            line.contestant.clone(),
            figure(line.spread.median),
            format!("{} to {}", figure(line.spread.lower), figure(line.spread.upper)),
            processes.join(" "),
            line.ratio.map(figure).unwrap_or_default(),
        ]
    }));
    rows
}

/// A row for each contestant: the medians of several quantities.
fn quantities(lines: &[Line]) -> Vec<Vec<String>> {
    let mut headings: Vec<&str> = Vec::new();
    let mut contestants: Vec<&str> = Vec::new();
    for line in lines {
        if !headings.contains(&&*line.quantity) {
            headings.push(&line.quantity);
        }
        if !contestants.contains(&&*line.contestant) {
            contestants.push(&line.contestant);
        }
    }
    let median = |contestant: &str, quantity: &str| {
        let line = lines.iter().find(|line| line.contestant == contestant && line.quantity == quantity);
        line.map_or_else(|| "–".to_owned(), |line| figure(line.spread.median))
    };
    let mut rows =
        vec![[""].iter().chain(&headings).map(|heading| (*heading).to_owned()).collect::<Vec<_>>()];
    rows.extend(contestants.iter().map(|contestant| {
        let medians = headings.iter().map(|quantity| median(contestant, quantity));
        [(*contestant).to_owned()].into_iter().chain(medians).collect()
    }));
    rows
}

/// Three digits or more, thousands grouped.
#[must_use]
pub fn figure(value: f64) -> String {
    match value.abs() {
        size if size < 0.005 => "0.00".to_owned(),
        size if size < 9.995 => format!("{value:.2}"),
        size if size < 99.95 => format!("{value:.1}"),
        _ => {
            let mut digits = format!("{value:.0}");
            let mut end = digits.len();
            while end > 3 + usize::from(value < 0.0) {
                end -= 3;
                digits.insert(end, ',');
            }
            digits
        }
    }
}

/// Columns as wide as their widest cell, the first to the left, the rest to the right.
#[must_use]
pub fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = "  ".to_owned();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            _ = if column == 0 { write!(line, "{cell:<width$}") } else { write!(line, "  {cell:>width$}") };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::goals::{Bound, Goal};
    use crate::report::program::quick;

    #[test]
    fn figures_have_three_digits_or_grouped_thousands() {
        let figures = [-0.001, 1.234, 9.999, 12.34, 123.4, 1_234.5, 1_234_567.0, -0.5, -1_234.0].map(figure);
        assert_eq!(figures, ["0.00", "1.23", "10.0", "12.3", "123", "1,234", "1,234,567", "-0.50", "-1,234"]);
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["", "ns"], ["ours", "7.25"], ["prometheus", "31.4"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(&rows), "                ns\n  ours        7.25\n  prometheus  31.4\n");
    }

    #[test]
    fn a_report_survives_json_and_its_text_names_what_was_not_met() {
        let machine = Machine::this(None);
        let goal = Goal { what: "speed".to_owned(), bound: Bound::AtLeast(2.0), measured: 1.5, met: false };
        let began_at = "2026-01-02T03:04:05Z".to_owned();
        let report = Report {
            began_at,
            revision: None,
            machine,
            program: quick(),
            findings: Vec::new(),
            goals: vec![goal],
        };
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["goals"][0]["at_least"], 2.0);
        assert_eq!(json["program"]["name"], "quick");
        let read: Report = serde_json::from_value(json).unwrap();
        assert_eq!((&read.machine, &read.goals), (&report.machine, &report.goals));
        let text = text(&report);
        assert!(!text.contains("NOT QUIET"));
        assert!(text.contains("  speed  at least 2      1.50  NOT met\n"), "{text}");
    }
}
