// What a table shows, as a value for JSON: exact, and with the snapshot that it is of.

export function exportOf(frame, what) {
  const { snapshot } = frame;
  const head = {
    instanceId: snapshot.instance,
    sequence: snapshot.sequence,
    takenAt: snapshot.document.takenAt,
    windowStartedAt: snapshot.document.window.startedAt,
  };
  if (frame.from !== null) head.comparedWith = momentOf(frame.from);
  return { ...head, ...what };
}

function momentOf({ name, snapshot, fromWindowStart }) {
  return fromWindowStart
    ? { moment: name, takenAt: snapshot.document.window.startedAt }
    : { moment: name, sequence: snapshot.sequence, takenAt: snapshot.document.takenAt };
}

// Rows of a family with what its columns are sorted by.
export function rowsOf(columns, rows) {
  return rows.map((row) => {
    const cells = columns.slice(1).filter(({ id }) => id !== 'trend').map(({ id, value }) => [id, value(row)]);
    return row.label === null ? { overflow: true, ...Object.fromEntries(cells) } : { label: row.label, ...Object.fromEntries(cells) };
  });
}
