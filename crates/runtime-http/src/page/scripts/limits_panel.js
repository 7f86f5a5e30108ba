// What the limits did: how full the tables are, what overflowed, and some of the labels that were rejected. And what a snapshot costs.

import { element, showText } from './element.js';
import { showLabel } from './label.js';
import { countText, durationText, ratio, shareText } from './numbers.js';

export class LimitsPanel {
  #families;
  #cost = element('p', { className: 'cost' });

  constructor(place) {
    const heading = element('h2', { id: 'limits-title', textContent: 'Limits and cost' });
    place.setAttribute('aria-labelledby', heading.id);
    this.#families = ['requests', 'deliveries'].map((name) => new FamilyLimits(name));
    place.append(element('header', {}, heading, this.#cost), ...this.#families.map((family) => family.element));
  }

  show({ snapshot: { document, sequence }, trends }) {
    const { requests, deliveries } = document;
    const highest = Math.max(...trends.costs());
    showText(this.#cost, `Snapshot #${sequence} took ${durationText(document.durationSeconds)}; ` +
      `the most of the last minute was ${durationText(Math.max(highest, document.durationSeconds))}`);
    this.#families[0].show(requests.occupancy, requests.overflow, BigInt(requests.total));
    this.#families[1].show(deliveries.occupancy, deliveries.overflow, BigInt(deliveries.responsesTotal));
  }
}

class FamilyLimits {
  #occupancy = element('p');
  #meter = element('meter', { min: 0, low: 0.75, high: 0.95, optimum: 0 });
  #overflow = element('p', { className: 'overflowed' });
  #labels = element('ul', { className: 'rejected' });
  #name;
  #shownLabels = null;

  constructor(name) {
    this.#name = name;
    this.#meter.setAttribute('aria-label', `Series in use by ${name}`);
    const heading = element('h3', { textContent: name[0].toUpperCase() + name.slice(1) });
    this.element = element('div', { className: 'limits', 'data-limits': name }, heading, this.#occupancy, this.#meter, this.#overflow, this.#labels);
  }

  show({ series, limit }, overflow, total) {
    showText(this.#occupancy, `${countText(series)} of ${countText(limit)} series in use`);
    const used = series / limit;
    if (this.#meter.value !== used) this.#meter.value = used;
    const records = BigInt(overflow.records);
    this.element.classList.toggle('overflowing', records > 0n);
    showText(this.#overflow, records === 0n
      ? 'Nothing was over a limit.'
      : `${countText(records)} ${this.#name} (${shareText(ratio(records, total))}) had a label over a limit. ${sampleNote(overflow.rejectedLabels)}`);
    this.#showLabels(overflow.rejectedLabels ?? []);
  }

  #showLabels(labels) {
    const identity = JSON.stringify(labels);
    if (identity === this.#shownLabels) return;
    this.#shownLabels = identity;
    this.#labels.hidden = labels.length === 0;
    this.#labels.replaceChildren(...labels.map((label) => {
      const item = element('li');
      showLabel(item, label);
      return item;
    }));
  }
}

function sampleNote(labels) {
  if (labels === undefined) return 'Which, is not shown: they may be callers, which this worker hides.';
  return labels.length === 1 ? 'The rejected label:' : `The first ${labels.length} rejected labels:`;
}
