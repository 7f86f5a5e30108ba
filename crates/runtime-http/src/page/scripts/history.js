// What the worker keeps of the past, shown in the chart: what was counted before the page was opened, and while it did not see.

import { parseJson } from './json.js';
import { HOLE } from './minute.js';
import { Span } from './span.js';

// In the order of the worker's spans. `refresh` is in milliseconds; what comes within the last minute, the page sees itself.
const SCALES = {
  seconds: { title: 'The last 60 seconds', length: 60_000, refresh: Infinity },
  minutes: { title: 'The last 60 minutes', length: 3_600_000, refresh: 10_000 },
  hours: { title: 'The last 24 hours', length: 86_400_000, refresh: 60_000 },
};
const PATIENCE = 8_000; // milliseconds
const AGAIN = 10_000; // milliseconds, after which it is asked again for what it did not tell

export class History {
  #url;
  #headers;
  #spans = { seconds: new Span(), minutes: new Span(), hours: new Span() };
  #asked = -Infinity;
  #asking = false;
  #missing = null; // a snapshot before which something was not seen, and not told since
  #instances = new Set(); // that were seen: behind one address there may be many
  #onNews;

  // `headers()` authorise, `onNews()` is called when something else is known.
  constructor(url, headers, onNews) {
    this.#url = url;
    this.#headers = headers;
    this.#onNews = onNews;
  }

  // The worker's own of the last minute.
  get seconds() {
    return this.#spans.seconds;
  }

  // To be called with every snapshot that is received, and the one before it, or null.
  see(before, snapshot) {
    if (!this.#instances.has(snapshot.instance)) this.#asked = -Infinity;
    this.#instances.add(snapshot.instance);
    if (before === null || isHole(before, snapshot)) this.#missing = snapshot;
  }

  // Shows what was up to a snapshot, and asks the worker where it knows more. If it does not answer, the stream tells that to the viewer.
  show(chart, busiest, scale, { snapshot }, minute, markers) {
    const { title, length, refresh } = SCALES[scale];
    const age = performance.now() - this.#asked;
    if (age > refresh || (this.#missing !== null && age > AGAIN)) this.#ask();
    const to = snapshot.takenAt;
    const past = scale === 'seconds' ? minute : this.#spans[scale];
    const shown = past.times.flatMap((time, at) => (time <= to && time >= to - length ? [at] : []));
    const rates = (measure) => {
      const all = past.rates('totals', `=${measure}`);
      return shown.map((at) => all[at]);
    };
    const points = { times: shown.map((at) => past.times[at]), requests: rates('requests'), responses: rates('responses') };
    chart.show(points, { from: to - length, to }, markers, title);
    if (scale === 'seconds') busiest.hide(); // the tables say it
    else busiest.show(past, to, chart.pointedTime);
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    this.#asked = performance.now();
    const history = await this.#answer().catch(() => null);
    this.#asking = false;
    if (history === null) return;
    Object.keys(SCALES).forEach((scale, index) => (this.#spans[scale] = new Span(history.spans[index])));
    if (this.#missing?.instance === history.instanceId && BigInt(history.sequence) >= this.#missing.sequence) this.#missing = null;
    this.#onNews();
  }

  // None, if something else answers in the worker's place.
  async #answer() {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(this.#url, { headers: this.#headers(), cache: 'no-store', redirect: 'manual', signal });
    const history = answer.ok ? parseJson(await answer.text()) : null;
    return history?.schemaVersion === 1 ? history : null;
  }
}

// Others were missed between the two, or the worker's clock was set, by which its intervals stand in the chart.
function isHole(before, snapshot) {
  if (before.instance !== snapshot.instance) return true;
  const milliseconds = snapshot.takenAt - before.takenAt;
  return milliseconds < 0 || Math.max(milliseconds, snapshot.secondsSince(before) * 1000) > HOLE;
}
