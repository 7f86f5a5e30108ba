// What each series grew by between the last snapshots, for rates and sparklines.

import { inOrder } from './timeline.js';

const LENGTH = 60; // snapshots: a minute at one a second
const RATE_SECONDS = 10; // long enough that one request in some seconds does not flicker
const SHORTEST_WINDOW_SECONDS = 0.1; // the rate of a window that has just begun says nothing

export class Trends {
  #seconds = new Float64Array(LENGTH); // of each interval; 0 where nothing is known
  #times = new Float64Array(LENGTH); // when each interval ended, in milliseconds since 1970
  #costs = new Float64Array(LENGTH); // seconds that taking each snapshot took
  #lives = new Uint8Array(LENGTH); // 1 where a process life begins: what stands before it was counted by another one
  #families = new Map(); // by name, then by key: increments in a ring
  #taken = 0;

  // Takes a snapshot and the one before it, or null if there is none.
  take(previous, snapshot) {
    const at = this.#taken++ % LENGTH;
    const continued = previous?.sharesWindowWith(snapshot) ?? false;
    // The end of a window that another one followed was not seen. What the new one holds since it began is known.
    const begun = previous !== null && !continued && snapshot.windowUptime >= SHORTEST_WINDOW_SECONDS;
    this.#seconds[at] = continued ? snapshot.secondsSince(previous) : begun ? snapshot.windowUptime : 0;
    this.#times[at] = snapshot.takenAt;
    this.#costs[at] = snapshot.document.durationSeconds;
    this.#lives[at] = previous?.instance === snapshot.instance ? 0 : 1;
    for (const family of [snapshot.totals, ...Object.values(snapshot.families)]) {
      this.#takeFamily(at, family, continued ? familyOf(previous, family.name) : null);
    }
  }

  #takeFamily(at, family, before) {
    let rings = this.#families.get(family.name);
    if (rings === undefined) this.#families.set(family.name, (rings = new Map()));
    for (const [key, ring] of rings) {
      ring[at] = 0;
      if (family.get(key) === undefined && ring.every((increment) => increment === 0)) rings.delete(key);
    }
    for (const { key, count } of family.rows()) {
      let ring = rings.get(key);
      if (ring === undefined) rings.set(key, (ring = new Float64Array(LENGTH)));
      ring[at] = Number(count - (before?.count(key) ?? 0n));
    }
  }

  // Per second over the last seconds of the present process life; null while nothing is known.
  rate(family, key) {
    const ring = this.#families.get(family)?.get(key);
    let seconds = 0;
    let increments = 0;
    for (let back = 1; back <= Math.min(this.#taken, LENGTH) && seconds < RATE_SECONDS - 0.5; back++) {
      const at = (this.#taken - back) % LENGTH;
      // Nothing is known, or it is of long before: the page slept, or the worker did not answer.
      if (this.#seconds[at] === 0 || (back > 1 && this.#seconds[at] > RATE_SECONDS)) break;
      seconds += this.#seconds[at];
      increments += ring?.[at] ?? 0;
      if (this.#lives[at] === 1) break;
    }
    return seconds === 0 ? null : increments / seconds;
  }

  // Per second in each interval, the oldest first; null where nothing is known.
  rates(family, key) {
    const ring = this.#families.get(family)?.get(key);
    return this.#intervals((at) => (this.#seconds[at] === 0 ? null : (ring?.[at] ?? 0) / this.#seconds[at]));
  }

  // Whether no more than one snapshot was taken yet.
  get isNew() {
    return this.#taken <= 1;
  }

  // When each of these intervals ended.
  times() {
    return inOrder(this.#intervals((at) => this.#times[at]), this.#intervals((at) => this.#seconds[at]));
  }

  // What taking each snapshot took, in seconds.
  costs() {
    return this.#intervals((at) => this.#costs[at]);
  }

  #intervals(value) {
    const known = Math.min(this.#taken, LENGTH);
    return Array.from({ length: known }, (_, index) => value((this.#taken - known + index) % LENGTH));
  }

  // As they are at this moment, for a page that is paused while snapshots go on.
  copy() {
    const copy = new Trends();
    copy.#seconds = this.#seconds.slice();
    copy.#times = this.#times.slice();
    copy.#costs = this.#costs.slice();
    copy.#lives = this.#lives.slice();
    copy.#taken = this.#taken;
    for (const [name, rings] of this.#families) {
      copy.#families.set(name, new Map(Array.from(rings, ([key, ring]) => [key, ring.slice()])));
    }
    return copy;
  }
}

function familyOf(snapshot, name) {
  return name === 'totals' ? snapshot.totals : snapshot.families[name];
}
