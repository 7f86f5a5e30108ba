// The panel of the pivot: which labels make rows and columns, what is counted, and the table of it.

import { copyButton } from './copy.js';
import { element, setOptions, showText } from './element.js';
import { exportOf } from './export.js';
import { Frame } from './frame.js';
import { writeJson } from './json.js';
import { labelText } from './label.js';
import { countText, ratio, shareText } from './numbers.js';
import { growth, largest, pivotOf } from './pivot.js';
import { DIMENSIONS } from './snapshot.js';
import { Table } from './table.js';

const MEASURES = [
  ['responses', 'Responses'],
  ['values', 'Values'],
];
const ALL = '';
const MOST_OFFERED = 200; // labels to narrow down to

export class PivotPanel {
  #frame = null;
  #pivot = null;
  #table = null;
  #promQl;
  #page;
  #place;
  #thirdLabels = '';
  #rows = select('Rows');
  #columns = select('Columns');
  #third = select('Only');
  #measure = select('Count');
  #span = select('Since');
  #summary = element('p', { className: 'summary' });
  #foot = element('p', { className: 'foot' });

  constructor(place, promQl, page) {
    this.#place = place;
    this.#promQl = promQl;
    this.#page = page;
    setOptions(this.#measure, MEASURES);
    setOptions(this.#span, [['window', 'the window began'], ['opened', 'opened'], ['mark', 'the newest mark']]);
    for (const control of [this.#rows, this.#columns]) control.addEventListener('change', () => this.#onDimension(control));
    for (const control of [this.#third, this.#measure, this.#span]) control.addEventListener('change', () => this.#refresh([]));
    const heading = element('h2', { id: 'pivot-title', textContent: 'Endpoint × target × caller' });
    place.setAttribute('aria-labelledby', heading.id);
    const controls = [this.#rows, this.#columns, this.#third, this.#measure, this.#span].map(labelled);
    const copies = element('div', { className: 'copies' },
      copyButton('JSON', 'Copy the pivot as JSON', () => this.#copyJson()),
      copyButton('PromQL', 'Copy the pivot as PromQL', () => this.#copyPromQl()));
    place.append(element('header', {}, heading, this.#summary, copies), element('div', { className: 'controls' }, ...controls));
  }

  show(frame) {
    const dropped = frame.snapshot.callers === 'dropped';
    let held = this.#held;
    if (this.#frame === null || dropped !== (this.#frame.snapshot.callers === 'dropped')) {
      held = [];
      const shown = dropped ? DIMENSIONS.filter((dimension) => dimension !== 'caller') : DIMENSIONS;
      for (const control of [this.#rows, this.#columns]) setOptions(control, shown.map((name) => [name, capital(name)]));
      this.#rows.value = shown.at(-1);
      this.#columns.value = shown.at(-2);
    }
    this.#frame = frame;
    this.#span.parentElement.hidden = frame.from !== null; // two moments are compared: it counts from the first
    this.#refresh(held);
  }

  // The columns that keep their places.
  get #held() {
    return this.#table?.holdsColumns ? this.#pivot.columns : [];
  }

  // Rows and columns are never by the same label: the other one gives way.
  #onDimension(changed) {
    const other = changed === this.#rows ? this.#columns : this.#rows;
    if (other.value === changed.value) other.value = DIMENSIONS.find((name) => name !== changed.value && this.#offers(name));
    this.#third.value = ALL;
    this.#refresh([]);
  }

  #offers(dimension) {
    return Array.from(this.#rows.options).some(({ value }) => value === dimension);
  }

  #refresh(held) {
    if (this.#frame === null) return;
    const counts = this.#counts();
    this.#offerThird(counts ?? []);
    this.#pivot = pivotOf(counts ?? [], this.#rows.value, this.#columns.value, this.#narrowed(), held);
    const columns = this.#tableColumns();
    if (this.#table === null) {
      this.#table = new Table('Pivot', columns, 'total');
      this.#table.onLeave = () => this.#refresh(this.#held);
      this.#place.append(this.#table.element, this.#foot);
    } else {
      this.#table.setColumns(columns, !this.#pivot.areSorted);
    }
    this.#table.setRows(this.#pivot.rows);
    const { rows, columns: heads } = this.#pivot;
    showText(this.#summary, `${countText(rows.length)} × ${countText(heads.length)} · ${countText(sumOf(rows))} ${this.#measure.value}`);
    showText(this.#foot, this.#note(counts));
  }

  // The moment that is counted from, or null for the window's beginning.
  get #from() {
    if (this.#frame.from !== null) return this.#frame.from;
    return { window: null, opened: this.#frame.opened, mark: this.#frame.mark }[this.#span.value];
  }

  // Null where it is not known.
  #counts() {
    const of = (snapshot) => (this.#measure.value === 'values' ? snapshot.values : snapshot.deliveries);
    const from = this.#from;
    if (from === null || from.fromWindowStart) {
      return this.#span.value === 'mark' && this.#frame.from === null ? null : growth(null, of(this.#frame.snapshot));
    }
    return from.snapshot.sharesWindowWith(this.#frame.snapshot) ? growth(of(from.snapshot), of(this.#frame.snapshot)) : null;
  }

  #note(counts) {
    if (counts === null) return this.#from === null ? 'There is no mark yet.' : 'The moment is of another window: its counts do not compare.';
    const { overflow } = this.#frame.snapshot.document.deliveries;
    const over = BigInt(this.#measure.value === 'values' ? overflow.values : overflow.responses);
    return over === 0n ? '' : `${countText(over)} ${this.#measure.value} of this window are over a limit and in no cell.`;
  }

  get #thirdDimension() {
    return DIMENSIONS.find((name) => name !== this.#rows.value && name !== this.#columns.value && this.#offers(name)) ?? null;
  }

  #narrowed() {
    return this.#third.value === ALL ? null : { label: this.#thirdDimension, value: this.#third.value.slice(1) };
  }

  #offerThird(counts) {
    const dimension = this.#thirdDimension;
    const labels = dimension === null ? [] : largest(counts, dimension).slice(0, MOST_OFFERED).map(({ label }) => label);
    const chosen = this.#narrowed();
    if (chosen !== null && !labels.includes(chosen.value)) labels.push(chosen.value); // it stays chosen while nothing has it
    labels.sort();
    const offered = JSON.stringify([dimension, labels]);
    if (offered === this.#thirdLabels || document.activeElement === this.#third) return; // an open list stays as it is
    this.#thirdLabels = offered;
    const before = this.#third.value;
    // '=' before a label: an empty label is not the same as all of them.
    setOptions(this.#third, [[ALL, dimension === null ? 'all' : `all ${dimension}s`], ...labels.map((label) => [`=${label}`, labelText(label)])]);
    this.#third.value = labels.includes(before.slice(1)) && before !== ALL ? before : ALL;
  }

  #tableColumns() {
    const all = sumOf(this.#pivot.rows);
    return [
      { id: 'label', title: capital(this.#rows.value), hint: 'Sort by label', kind: 'label', value: (row) => labelText(row.label) },
      this.#column('total', 'All', `All ${this.#columns.value}s`, (row) => row.total, all),
      {
        id: 'share', title: 'Share', hint: 'Of all that is shown', kind: 'number share', width: 7, value: (row) => ratio(row.total, all),
        show: (cell, row) => {
          showText(cell, shareText(ratio(row.total, all)));
          cell.style.setProperty('--share', String(ratio(row.total, all) ?? 0));
        },
      },
      ...this.#pivot.columns.map(({ key, label, others, total }) => {
        const title = label === undefined ? `${others} others` : labelText(label);
        return this.#column(`cell ${key}`, title, `${this.#columns.value} ${title}`, (row) => row.cells.get(key) ?? 0n, total);
      }),
    ];
  }

  #column(id, title, hint, value, most) {
    return {
      id, title, hint, kind: 'number', value,
      width: Math.max(Math.min(title.length + 2, 18), countText(most).length),
      show: (cell, row) => {
        const count = value(row);
        showText(cell, count === 0n ? '·' : countText(count));
        cell.classList.toggle('nothing', count === 0n);
      },
    };
  }

  #copyJson() {
    if (this.#frame === null) return;
    const { columns } = this.#pivot;
    const pivot = {
      rows: this.#rows.value,
      columns: this.#columns.value,
      measure: this.#measure.value,
      ...(this.#narrowed() === null ? {} : { [this.#thirdDimension]: this.#narrowed().value }),
      cells: this.#table.rows.flatMap((row) => columns.filter(({ key }) => row.cells.has(key)).map(({ key, label }) => ({
        [this.#rows.value]: row.label,
        [this.#columns.value]: label ?? null,
        count: row.cells.get(key),
      }))),
    };
    this.#page.copy(writeJson(exportOf(this.#spanned(), { pivot })), 'the pivot as JSON');
  }

  // What is shown, from the moment that is counted from: copies say so.
  #spanned() {
    return new Frame({ ...this.#frame, from: this.#from });
  }

  #copyPromQl() {
    if (this.#frame === null) return;
    const expression = this.#promQl.pivot(this.#spanned(), this.#rows.value, this.#columns.value, this.#narrowed(), this.#measure.value === 'values');
    this.#page.copy(expression, 'a PromQL expression');
  }
}

function select(name) {
  return element('select', { name: name.toLowerCase() });
}

function labelled(control) {
  return element('label', {}, element('span', { textContent: capital(control.name) }), control);
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function sumOf(rows) {
  return rows.reduce((sum, row) => sum + row.total, 0n);
}
