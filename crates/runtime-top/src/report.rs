//! One snapshot as plain text, for scripts and for whoever has no terminal.

use std::cmp::Reverse;
use std::fmt::{Result, Write};

use crate::draw::name;
use crate::family::Key;
use crate::label;
use crate::numbers;
use crate::snapshot::{DROPPED, FamilyName, Limited, Measure, Snapshot};

/// Columns of a name.
const LONGEST_NAME: usize = 200;

pub(crate) fn write(out: &mut impl Write, snapshot: &Snapshot, environment: Option<&str>) -> Result {
    let Snapshot { process, window, .. } = snapshot;
    let quoted = |text: &str| label::quoted(text, LONGEST_NAME);
    writeln!(out, "{}", name(snapshot))?;
    if let Some(environment) = environment {
        writeln!(out, "  environment  {}", quoted(environment))?;
    }
    writeln!(out, "  host         {}", quoted(&process.hostname))?;
    writeln!(out, "  process      {}", process.process_id)?;
    writeln!(out, "  instance     {}", quoted(&process.instance_id))?;
    let uptime = numbers::duration(process.uptime_seconds);
    writeln!(out, "  started      {}, up {uptime}", numbers::day(process.started_at))?;
    let opened = match window.opened_by {
        0 => "from the start".to_owned(),
        sequence => format!("since the reset by #{sequence}"),
    };
    writeln!(out, "  window       {}, {opened}", numbers::duration(window.uptime_seconds))?;
    let (taken, cost) = (numbers::day(snapshot.taken_at), numbers::duration(snapshot.duration_seconds));
    writeln!(out, "  snapshot     #{}, taken {taken} in {cost}", snapshot.sequence)?;
    writeln!(out)?;
    for (what, measure) in
        [("requests", Measure::Requests), ("deliveries", Measure::Responses), ("values", Measure::Values)]
    {
        let total = snapshot.total(measure);
        let rate = (window.uptime_seconds > 0.0).then(|| total as f64 / window.uptime_seconds);
        let (total, rate) = (numbers::count(total), numbers::rate(rate));
        writeln!(out, "{what:<12} {total:>16}   {rate} /s on average of the window")?;
    }
    let last = snapshot.last_served_at.map_or_else(|| "none".to_owned(), numbers::day);
    writeln!(out, "last delivery {last}")?;
    for (title, family) in [
        ("Requests by path", FamilyName::Paths),
        ("Deliveries by endpoint", FamilyName::Endpoints),
        ("Deliveries by target", FamilyName::Targets),
        ("Deliveries by caller", FamilyName::Callers),
        ("Values by name", FamilyName::Names),
    ] {
        write_family(out, title, snapshot, family)?;
    }
    write_limits(out, "requests", &snapshot.requests)?;
    write_limits(out, "deliveries", &snapshot.deliveries)
}

fn write_family(out: &mut impl Write, title: &str, snapshot: &Snapshot, family: FamilyName) -> Result {
    let counted = snapshot.family(family);
    writeln!(out, "\n{title} ({})", numbers::count(counted.len() as u64))?;
    if snapshot.drops(family) {
        writeln!(out, "  {DROPPED}")?;
    }
    let mut rows: Vec<_> = counted.rows().collect();
    rows.sort_unstable_by_key(|(key, counts): &(&Key, _)| (Reverse(counts.count), *key));
    for (key, counts) in rows {
        let share = numbers::share(snapshot.share(family, counts.count));
        writeln!(out, "{:>16} {share:>7}  {}", numbers::count(counts.count), key.shown())?;
    }
    Ok(())
}

fn write_limits(out: &mut impl Write, what: &str, limited: &Limited) -> Result {
    let occupancy = limited.occupancy;
    let (series, limit) = (numbers::count(occupancy.series), numbers::count(occupancy.limit));
    let records = numbers::count(limited.records);
    writeln!(out, "\n{series} of {limit} series of {what} in use; over a limit: {records}")?;
    for rejected in limited.rejected_labels.iter().flatten() {
        writeln!(out, "  rejected: {}", label::shown(rejected))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_report_holds_all_of_a_snapshot_and_acts_on_no_terminal() {
        let mut report = String::new();
        write(&mut report, &sample::snapshot(), Some("test\u{1b}[2J")).unwrap();
        assert!(!report.chars().any(|character| character.is_control() && character != '\n'));
        insta::assert_snapshot!(report);
    }
}
