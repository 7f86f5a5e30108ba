// The busiest series of the past: of a whole span of the worker's history, or of the interval that the viewer points at. So a page that
// is opened after an incident shows who made it.

import { element, showText } from './element.js';
import { showLabel } from './label.js';
import { clockText, countText } from './numbers.js';

const MOST = 5;

export class Busiest {
  #place;
  #title = element('h3');
  #requests = element('ol', { 'aria-label': 'Busiest paths or routes' });
  #deliveries = element('ol', { 'aria-label': 'Busiest deliveries' });
  #shown = null;

  constructor(place) {
    this.#place = place;
    place.append(this.#title, this.#requests, this.#deliveries);
  }

  hide() {
    this.#place.hidden = true;
  }

  // `span` is one of the worker's history, shown up to a time in milliseconds since 1970; `time` is of an interval's end, or null for
  // all of it.
  show(span, to, time) {
    const known = span.times.filter((end) => end <= to).length;
    const at = time === null ? -1 : span.times.indexOf(time);
    const all = at < 0;
    const identity = `${span.times.at(-1)} ${known} ${at}`;
    this.#place.hidden = span.requests.length === 0 && span.deliveries.length === 0;
    if (identity === this.#shown) return;
    this.#shown = identity;
    // An interval lists its busiest series only, so a sum over many may lack some.
    showText(this.#title, all ? 'Busiest in this time, at least' : `Busiest until ${clockText(time).slice(0, 5)}`);
    for (const [list, series] of [[this.#requests, span.requests], [this.#deliveries, span.deliveries]]) {
      list.replaceChildren(...largest(series, all ? 0 : at, all ? known : at + 1).map(({ label, count }) => item(label, count)));
    }
  }
}

// Of the intervals from the first to before the last place.
function largest(series, first, end) {
  return series
    .map(({ label, counts }) => ({ label, count: counts.slice(first, end).reduce((sum, count) => sum + (count ?? 0n), 0n) }))
    .filter(({ count }) => count > 0n)
    .sort((a, b) => (a.count === b.count ? 0 : a.count < b.count ? 1 : -1))
    .slice(0, MOST);
}

function item(label, count) {
  const text = element('span', { className: 'name' });
  showLabel(text, label);
  return element('li', {}, text, element('b', { textContent: countText(count) }));
}
