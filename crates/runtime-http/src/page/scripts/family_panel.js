// The panel of one family: its table, a filter, and copies of it.

import { columnsOf } from './columns.js';
import { copyButton } from './copy.js';
import { element, showText } from './element.js';
import { exportOf, rowsOf } from './export.js';
import { writeJson } from './json.js';
import { labelText } from './label.js';
import { countText, ratio, shareText } from './numbers.js';
import { Table } from './table.js';

export class FamilyPanel {
  #family;
  #frame = null;
  #table = null;
  #promQl;
  #page;
  #summary = element('p', { className: 'summary' });
  #foot = element('p', { className: 'foot' });
  #filter;
  #place;

  // `family` is `{ name, title, many, measure, values }`; `page` announces and copies.
  constructor(place, family, promQl, page) {
    this.#family = family;
    this.#promQl = promQl;
    this.#page = page;
    this.#place = place;
    const { many } = family;
    const heading = element('h2', { id: `${family.name}-title`, textContent: many });
    this.#filter = element('input', {
      type: 'search', placeholder: 'Filter', autocomplete: 'off', spellcheck: false, 'aria-label': `Filter ${many.toLowerCase()}`,
    });
    this.#filter.addEventListener('input', () => this.#showRows());
    const json = copyButton('JSON', `Copy ${many.toLowerCase()} as JSON`, () => this.#copyJson());
    const promql = copyButton('PromQL', `Copy ${many.toLowerCase()} as PromQL`, () => this.#copyPromQl());
    place.setAttribute('aria-labelledby', heading.id);
    place.append(element('header', {}, heading, this.#summary, this.#filter, element('div', { className: 'copies' }, json, promql)));
  }

  get filter() {
    return this.#filter;
  }

  show(frame) {
    this.#frame = frame;
    const hidden = this.#family.name === 'callers' && frame.snapshot.callers === 'dropped';
    this.#place.classList.toggle('without-rows', hidden);
    const columns = columnsOf(frame, this.#family);
    if (this.#table === null) this.#createTable(columns);
    else this.#table.setColumns(columns);
    this.#showRows();
  }

  #createTable(columns) {
    this.#table = new Table(this.#family.many, columns, 'count');
    this.#table.onSelect = () => this.#showFoot();
    this.#table.onLeave = () => this.#showRows();
    this.#table.onSort = (column, descending) =>
      this.#page.announce(`${this.#family.many} sorted by ${column.title}, ${descending ? 'descending' : 'ascending'}.`);
    this.#place.append(this.#table.element, this.#foot);
  }

  #showRows() {
    if (this.#frame === null) return;
    const wanted = this.#filter.value.toLowerCase();
    const all = Array.from(this.#frame.family(this.#family.name).rows());
    const rows = wanted === '' ? all : all.filter((row) => matches(row, wanted));
    this.#table.setRows(rows);
    this.#showSummary(rows, all.length);
    this.#showFoot();
  }

  #showSummary(rows, of) {
    const { total } = this.#frame.family(this.#family.name);
    const measure = this.#family.measure.toLowerCase();
    if (rows.length === of) {
      showText(this.#summary, `${countText(of)} · ${countText(total)} ${measure}`);
    } else {
      const sum = rows.reduce((sum, row) => sum + row.count, 0n);
      showText(this.#summary, `${countText(rows.length)} of ${countText(of)} · ${countText(sum)} ${measure}, ${shareText(ratio(sum, total))}`);
    }
  }

  #showFoot() {
    const { callers } = this.#frame.snapshot;
    const row = this.#table.selected;
    let text = '';
    if (row !== null) text = `Copies are of the selected row: ${row.label === null ? 'over a limit' : labelText(row.label)}`;
    else if (this.#family.name === 'callers' && callers === 'dropped') text = 'This worker does not show its callers.';
    else if (this.#family.name === 'callers' && callers === 'hashed') text = 'Callers are hashed by this worker.';
    showText(this.#foot, text);
  }

  #copyJson() {
    if (this.#frame === null) return;
    const row = this.#table.selected;
    const rows = rowsOf(this.#table.columns, row === null ? this.#table.rows : [row]);
    this.#page.copy(writeJson(exportOf(this.#frame, { family: this.#family.name, rows })), `${this.#family.many.toLowerCase()} as JSON`);
  }

  #copyPromQl() {
    if (this.#frame === null) return;
    const expression = this.#promQl.rates(this.#frame, this.#family.name, this.#table.selected, this.#filter.value);
    this.#page.copy(expression, 'a PromQL expression');
  }
}

function matches({ label }, wanted) {
  return label === null ? 'over a limit'.includes(wanted) : label.toLowerCase().includes(wanted) || labelText(label).toLowerCase().includes(wanted);
}
