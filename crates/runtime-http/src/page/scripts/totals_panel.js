// The totals, how fast they grow, and when something was last delivered.

import { element, showText } from './element.js';
import { changeText, countText, durationText, instantOf, rateText, UNKNOWN } from './numbers.js';

const TOTALS = [
  ['requests', 'Requests'],
  ['responses', 'Configuration responses'],
  ['values', 'Configuration values'],
];

export class TotalsPanel {
  #tiles;
  #delivery;

  constructor(place) {
    this.#tiles = TOTALS.map(([key, title]) => ({ key: `=${key}`, ...tile(place, key, title) }));
    this.#delivery = tile(place, 'delivery', 'Last delivery');
  }

  show(frame) {
    for (const { key, figure, note } of this.#tiles) {
      showText(figure, countText(frame.family('totals').count(key)));
      showText(note, frame.from === null ? liveNote(frame, key) : comparedNote(frame, key));
    }
    const { lastServedAt } = frame.snapshot.document.deliveries;
    const seconds = lastServedAt === null ? null : (frame.snapshot.takenAt - instantOf(lastServedAt)) / 1000;
    showText(this.#delivery.figure, seconds === null ? 'none' : durationText(Math.max(0, seconds)));
    showText(this.#delivery.note, seconds === null ? 'in this window' : 'before this snapshot');
  }
}

function tile(place, key, title) {
  const figure = element('dd', { className: 'figure' });
  const note = element('dd', { className: 'note' });
  place.append(element('div', { 'data-total': key }, element('dt', { textContent: title }), figure, note));
  return { figure, note };
}

function liveNote(frame, key) {
  const rate = frame.rateOfTotal(key);
  return `${rateText(rate)} /s · ${changeText(frame.change(frame.opened, 'totals', key))} since ${frame.opened.fromWindowStart ? 'the window began' : 'opened'}`;
}

function comparedNote(frame, key) {
  const change = frame.change(frame.from, 'totals', key);
  return change === null ? UNKNOWN : `${changeText(change)} · ${rateText(frame.rateOfChange('totals', key))} /s between`;
}
