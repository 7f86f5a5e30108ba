// A span of the worker's history: what was counted in each of its intervals. Totals are there; of series, each interval lists its
// busiest ones only.

import { keyOf } from './family.js';
import { instantOf } from './numbers.js';
import { inOrder } from './timeline.js';

const DIMENSIONS = { endpoints: 'endpoint', targets: 'target', callers: 'caller' };
const LONGEST_LABEL = 256; // bytes; a longer one stands there cut, and is not found

export class Span {
  #totals;
  #known = new Map(); // by family: counts by key

  // As it is in the worker's document; nothing, if it is not known yet.
  constructor({ intervals, requests, deliveries } = { intervals: [], requests: [], deliveries: [] }) {
    this.seconds = intervals.map(({ seconds }) => seconds);
    this.times = inOrder(intervals.map(({ endedAt }) => instantOf(endedAt)), this.seconds);
    this.#totals = Object.fromEntries(['requests', 'responses', 'values'].map((measure) =>
      [measure, intervals.map((interval) => BigInt(interval[measure]))]));
    this.requests = requests.map((series) => ({ label: series.route ?? series.path, counts: exact(series.counts) }));
    this.deliveries = deliveries.map(({ responses, ...labels }) => ({
      label: [labels.endpoint, labels.target, labels.caller].filter((label) => label !== undefined).join(' › '), labels, counts: exact(responses),
    }));
  }

  // Per second in each interval, the oldest first; null where it is not known, and before that: a busy time that is left out between quiet
  // ones would look quiet itself.
  rates(family, key) {
    const counts = this.#counts(family, key);
    const known = 1 + this.seconds.findLastIndex((seconds, at) => seconds === 0 || (counts[at] ?? null) === null);
    return this.seconds.map((seconds, at) => (at < known ? null : Number(counts[at]) / seconds));
  }

  #counts(family, key) {
    if (family === 'totals') return this.#totals[key.slice(1)];
    if (new TextEncoder().encode(key.slice(1)).length > LONGEST_LABEL) return [];
    if (!this.#known.has(family)) this.#known.set(family, this.#countsOf(family));
    const { series, unlisted } = this.#known.get(family);
    return series.get(key) ?? unlisted;
  }

  #countsOf(family) {
    if (family === 'paths') {
      const unlisted = unlistedIn(this.requests, this.#totals.requests);
      const series = new Map(this.requests.map(({ label, counts }) => [keyOf(label), counts.map((count, at) => count ?? unlisted[at])]));
      return { series, unlisted };
    }
    const dimension = DIMENSIONS[family];
    const series = new Map();
    if (dimension === undefined) return { series, unlisted: [] };
    // The sum of some is not known if one of them is not.
    const unlisted = unlistedIn(this.deliveries, this.#totals.responses);
    for (const { labels, counts } of this.deliveries) {
      const key = keyOf(labels[dimension]);
      const before = series.get(key) ?? unlisted;
      series.set(key, before.map((sum, at) => (sum === null ? null : sum + (counts[at] ?? 0n))));
    }
    return { series, unlisted };
  }
}

function exact(counts) {
  return counts.map((count) => (count === null ? null : BigInt(count)));
}

// What a series has that an interval does not list: nothing, if those that it lists are all that was counted, else it is not known.
function unlistedIn(series, totals) {
  return totals.map((total, at) => (series.reduce((sum, { counts }) => sum + (counts[at] ?? 0n), 0n) === total ? 0n : null));
}
