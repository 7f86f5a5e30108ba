//! What a table shows, as JSON: exact, and with the snapshot that it is of. The live page copies the same, but for white space, which costs length.

use jiff::Timestamp;
use serde_json::{Map, Number, Value, json};

use super::{Clip, CopyError, MOST_ENTRIES};
use crate::family::Key;
use crate::moments::Since;
use crate::pivot::{From, Head, PivotView};
use crate::scene::Scene;
use crate::snapshot::FamilyName;
use crate::table::{Column, Table};

pub(super) fn table(table: &Table, scene: &Scene<'_>) -> Clip {
    let keys = table.keys(scene);
    let selected = table.selection.place(keys.iter().copied());
    let chosen = selected.map_or(&keys[..], |place| &keys[place..=place]);
    let columns = table.columns(scene.mark.is_some());
    let rows = chosen.iter().take(MOST_ENTRIES).map(|key| row(table, &columns, key, scene));
    let mut export = head(scene);
    export.insert("family".to_owned(), name(table.family()).into());
    export.insert("rows".to_owned(), rows.collect());
    Clip::of_rows(Value::Object(export).to_string(), chosen.len(), scene)
}

/// # Errors
///
/// [`CopyError::Unknown`] if there is nothing to count from.
pub(super) fn pivot(view: &PivotView, scene: &Scene<'_>) -> Result<Clip, CopyError> {
    let pivot = view.pivot(scene);
    if !pivot.is_known {
        return Err(CopyError::Unknown);
    }
    let [rows_by, columns_by, third] = view.axes().map(|axis| axis.name());
    let selected = view.selection.place(pivot.rows.iter().map(|row| &row.label));
    let chosen = selected.map_or(&pivot.rows[..], |place| &pivot.rows[place..=place]);
    let cells = chosen.iter().flat_map(|row| {
        let grown = pivot.columns.iter().zip(&row.cells).filter(|(_, count)| **count > 0);
        grown.map(|(column, count)| {
            let column = match &column.head {
                Head::Label(label) => label.as_deref(),
                Head::Others(_) => None,
            };
            json!({ (rows_by): row.label.as_deref(), (columns_by): column, "count": count })
        })
    });
    let measure = if view.counts_values { "values" } else { "responses" };
    let mut table = Map::from_iter([
        ("rows".to_owned(), rows_by.into()),
        ("columns".to_owned(), columns_by.into()),
        ("measure".to_owned(), measure.into()),
        ("cells".to_owned(), cells.take(MOST_ENTRIES).collect()),
    ]);
    if let Some(only) = view.only() {
        table.insert(third.to_owned(), only.as_deref().into());
    }
    let mut export = head(scene);
    if let Some(since) = view.since(scene) {
        export.insert("comparedWith".to_owned(), moment(view.from, since));
    }
    export.insert("pivot".to_owned(), table.into());
    Ok(Clip::of_rows(Value::Object(export).to_string(), chosen.len(), scene))
}

/// Whose numbers these are.
fn head(scene: &Scene<'_>) -> Map<String, Value> {
    let snapshot = scene.snapshot;
    Map::from_iter([
        ("instanceId".to_owned(), snapshot.process.instance_id.as_str().into()),
        ("sequence".to_owned(), snapshot.sequence.into()),
        ("takenAt".to_owned(), as_sent(snapshot.taken_at).into()),
        ("windowStartedAt".to_owned(), as_sent(snapshot.window.started_at).into()),
    ])
}

/// What is counted from.
fn moment(from: From, Since { snapshot, from_window_start }: &Since) -> Value {
    if *from_window_start {
        return json!({ "moment": "window start", "takenAt": as_sent(snapshot.window.started_at) });
    }
    let name = if from == From::Mark { "mark" } else { "opened" };
    json!({ "moment": name, "sequence": snapshot.sequence, "takenAt": as_sent(snapshot.taken_at) })
}

fn row(table: &Table, columns: &[Column], key: &Key, scene: &Scene<'_>) -> Value {
    let row = table.row(key, scene);
    // What is not known, or beyond the 64 bits of a JSON number here, is null.
    let exact = |number: Option<i128>| number.and_then(Number::from_i128).into();
    let cells = columns.iter().filter_map(|column| {
        Some(match column {
            Column::Label => match key {
                Key::Overflow => ("overflow", true.into()),
                Key::Label(label) => ("label", label.as_ref().into()),
            },
            Column::Count => ("count", row.counts.count.into()),
            Column::Values => ("values", row.counts.values.into()),
            Column::Rate => ("rate", row.rate.into()),
            Column::Share => ("share", row.share.into()),
            Column::Trend => return None,
            Column::Opened => ("opened", exact(row.opened)),
            Column::Mark => ("mark", exact(row.mark)),
        })
    });
    cells.map(|(column, value)| (column.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn name(family: FamilyName) -> &'static str {
    match family {
        FamilyName::Paths => "paths",
        FamilyName::Endpoints => "endpoints",
        FamilyName::Targets => "targets",
        FamilyName::Callers => "callers",
        FamilyName::Names => "names",
    }
}

/// As documents have it.
fn as_sent(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}
