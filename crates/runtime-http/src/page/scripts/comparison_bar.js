// Which two moments are compared.

import { element, setOptions, showText } from './element.js';
import { ageText, clockText } from './numbers.js';

const NOW = 'now';

export class ComparisonBar {
  #place;
  #moments;
  #from = element('select', { 'aria-label': 'First moment' });
  #to = element('select', { 'aria-label': 'Second moment' });
  #note = element('span', { className: 'note' });
  #offered = '';

  // `onChange()` after another choice; `onClose()` when the viewer is done.
  constructor(place, moments, onChange, onClose) {
    this.#place = place;
    this.#moments = moments;
    const close = element('button', { type: 'button', textContent: 'Stop comparing' });
    close.addEventListener('click', onClose);
    for (const control of [this.#from, this.#to]) control.addEventListener('change', onChange);
    place.append(
      element('label', {}, element('span', { textContent: 'From' }), this.#from),
      element('label', {}, element('span', { textContent: 'to' }), this.#to),
      this.#note, close,
    );
  }

  get open() {
    return !this.#place.hidden;
  }

  set open(open) {
    this.#place.hidden = !open;
    if (!open) return;
    this.offer();
    this.#from.value = this.#moments.all().at(-1).name;
    this.#to.value = NOW;
    this.#from.focus();
  }

  // The moments that there are.
  offer() {
    const moments = this.#moments.all();
    const options = moments.map((moment) => [moment.name, describe(moment)]);
    const offered = JSON.stringify(options);
    if (offered === this.#offered) return;
    this.#offered = offered;
    for (const [control, last] of [[this.#from, []], [this.#to, [[NOW, 'now']]]]) {
      const before = control.value;
      setOptions(control, [...options, ...last]);
      const kept = moments.some(({ name }) => name === before) || (before === NOW && last.length > 0);
      control.value = kept ? before : (last[0]?.[0] ?? moments[0].name);
    }
  }

  get from() {
    return this.#moment(this.#from);
  }

  // Null for now.
  get to() {
    return this.#moment(this.#to);
  }

  #moment(control) {
    return this.#moments.all().find(({ name }) => name === control.value) ?? null;
  }

  show(frame) {
    const seconds = frame.secondsCompared;
    if (!frame.comparable) showText(this.#note, 'Not comparable: the moments are of different windows.');
    else if (seconds < 0) showText(this.#note, `${ageText(-seconds)} back in time`);
    else showText(this.#note, `${ageText(seconds)} apart`);
  }
}

function describe({ name, snapshot, fromWindowStart }) {
  return fromWindowStart ? name : `${name} · #${snapshot.sequence} · ${clockText(snapshot.takenAt)}`;
}
