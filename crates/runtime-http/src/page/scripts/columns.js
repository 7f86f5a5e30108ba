// The columns of a family's table: as it is, or as two moments compare.

import { showText } from './element.js';
import { labelText } from './label.js';
import { changeText, countText, rateText, ratio, shareText } from './numbers.js';
import { createSparkline, showSparkline } from './sparkline.js';

const TREND_LENGTH = 60;
const SORT_MARK = 3; // digits that the arrow in a head takes

// `family` is `{ name, title, measure, values }`: `measure` is what is counted, `values` whether values are counted beside it.
export function columnsOf(frame, family) {
  return frame.from === null ? liveColumns(frame, family) : comparedColumns(frame, family);
}

function liveColumns(frame, { name, title, measure, values }) {
  const { total } = frame.family(name);
  const columns = [
    labelColumn(title),
    countColumn('count', measure, 'In this window', total, (row) => row.count),
    rateColumn('rate', 'Rate', 'Per second, over the last 10 s', frame.rate('totals', measureKey(measure)), (row) => frame.rate(name, row.key)),
    shareColumn('share', 'Share', `Of all ${measure.toLowerCase()} in this window`, (row) => ratio(row.count, total)),
    trendColumn(frame, name),
    changeColumn('opened', sinceOpenedTitle(frame), 'Since this page was opened; since the window began, if that was later', total, (row) =>
      frame.change(frame.opened, name, row.key)),
  ];
  if (frame.mark !== null) {
    columns.push(changeColumn('mark', `Since ${frame.mark.name}`, 'Since the newest mark', total, (row) =>
      frame.change(frame.mark, name, row.key)));
  }
  if (values) {
    const most = frame.snapshot.totals.count('=values');
    columns.splice(2, 0, countColumn('values', 'Values', 'Values in these responses', most, (row) => row.values));
  }
  return columns;
}

function comparedColumns(frame, { name, title, measure }) {
  const [earlier, later] = [frame.from.snapshot, frame.snapshot].map((snapshot) => snapshot.families[name].total);
  const total = earlier > later ? earlier : later;
  const all = frame.change(frame.from, 'totals', measureKey(measure));
  const change = (row) => frame.change(frame.from, name, row.key);
  const before = (row) => {
    const grown = change(row);
    return grown === null ? null : row.count - grown;
  };
  return [
    labelColumn(title),
    changeColumn('change', 'Change', 'From the first moment to the second', total, change),
    countColumn('before', 'Before', 'At the first moment', total, before),
    countColumn('after', 'After', 'At the second moment', total, (row) => row.count),
    rateColumn('rate', 'Rate', 'Per second between the moments', frame.rateOfChange('totals', measureKey(measure)), (row) => frame.rateOfChange(name, row.key)),
    shareColumn('share', 'Share', 'Of the whole change', (row) => ratio(change(row), all ?? 0n)),
  ];
}

function sinceOpenedTitle(frame) {
  return frame.opened.fromWindowStart ? 'Since start' : 'Since opened';
}

function measureKey(measure) {
  return `=${measure.toLowerCase()}`;
}

function labelColumn(title) {
  return { id: 'label', title, hint: 'Sort by label', kind: 'label', value: (row) => (row.label === null ? null : labelText(row.label)) };
}

function countColumn(id, title, hint, most, value) {
  const width = Math.max(title.length + SORT_MARK, countText(most).length);
  return {
    id, title, hint, kind: 'number', width, value,
    show: (cell, row) => {
      const count = value(row);
      showText(cell, count === null ? changeText(null) : countText(count));
    },
  };
}

function changeColumn(id, title, hint, most, value) {
  const width = Math.max(title.length + SORT_MARK, countText(most).length + 1);
  return {
    id, title, hint, kind: 'number change', width, value,
    show: (cell, row) => {
      const change = value(row);
      showText(cell, changeText(change));
      cell.classList.toggle('nothing', change === 0n);
    },
  };
}

function rateColumn(id, title, hint, most, value) {
  return {
    id, title, hint, kind: 'number', width: Math.max(8, rateText(most).length), value,
    show: (cell, row) => {
      const rate = value(row);
      showText(cell, rateText(rate));
      cell.classList.toggle('nothing', rate === 0);
    },
  };
}

function shareColumn(id, title, hint, value) {
  return {
    id, title, hint, kind: 'number share', width: 7, value,
    show: (cell, row) => {
      const share = value(row);
      const text = shareText(share);
      if (cell.shownText === text) return;
      showText(cell, text);
      cell.style.setProperty('--share', String(share ?? 0));
    },
  };
}

function trendColumn(frame, name) {
  return {
    id: 'trend', title: 'Trend', hint: 'Rates of the last 60 snapshots, each line from zero to its own highest; sorts by the rate',
    kind: 'trend', width: 9, value: (row) => frame.rate(name, row.key),
    show: (cell, row) => {
      if (cell.firstChild === null) cell.append(createSparkline());
      const rates = frame.minute.rates(name, row.key).slice(-TREND_LENGTH);
      const known = rates.filter((rate) => rate !== null);
      const description = known.length === 0 ? 'not known yet' : `up to ${rateText(Math.max(...known))} per second`;
      showSparkline(cell.firstChild, rates, TREND_LENGTH, description);
    },
  };
}
