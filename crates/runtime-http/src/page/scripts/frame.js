// What the screen shows: one snapshot, with what is needed to say how it came about.

import { changeSince, secondsSince } from './moments.js';

export class Frame {
  // `from` is the moment that the snapshot is compared with, or null; `requestLabel` is what the worker counts requests by, 'path' or
  // 'route', or null as long as none was seen.
  constructor({ snapshot, trends, minute, opened, mark, from, requestLabel }) {
    this.snapshot = snapshot;
    this.trends = trends;
    this.minute = minute;
    this.opened = opened;
    this.mark = mark;
    this.from = from;
    this.requestLabel = requestLabel;
  }

  family(name) {
    return familyOf(this.snapshot, name);
  }

  // What a series grew by since a moment; null where that is not known.
  change(moment, name, key) {
    return changeSince(moment, this.snapshot, (snapshot) => familyOf(snapshot, name), key);
  }

  rate(name, key) {
    return this.trends.rate(name, key);
  }

  // Of a total; of a page that was just opened it is what the worker's history has.
  rateOfTotal(key) {
    return this.rate('totals', key) ?? (this.trends.isNew ? (this.minute.rates('totals', key).at(-1) ?? null) : null);
  }

  // Per second between the two compared snapshots.
  rateOfChange(name, key) {
    const change = this.change(this.from, name, key);
    const seconds = this.secondsCompared;
    return change === null || seconds <= 0 ? null : Number(change) / seconds;
  }

  get secondsCompared() {
    return secondsSince(this.from, this.snapshot);
  }

  get comparable() {
    return this.from.snapshot.sharesWindowWith(this.snapshot);
  }
}

function familyOf(snapshot, name) {
  return name === 'totals' ? snapshot.totals : snapshot.families[name];
}
