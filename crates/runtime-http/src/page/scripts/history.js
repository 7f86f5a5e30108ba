// What was counted before the page was opened, which the worker keeps.

import { parseJson } from './json.js';
import { instantOf } from './numbers.js';

// In the order of the worker's spans. `refresh` is in milliseconds; what comes within the last minute, the page sees itself.
const SCALES = {
  seconds: { title: 'The last 60 seconds', length: 60_000, refresh: Infinity },
  minutes: { title: 'The last 60 minutes', length: 3_600_000, refresh: 10_000 },
  hours: { title: 'The last 24 hours', length: 86_400_000, refresh: 60_000 },
};
const PATIENCE = 8_000; // milliseconds
const NOTHING = { times: [], points: [], requests: [], deliveries: [] };

export class History {
  #url;
  #headers;
  #spans = { seconds: NOTHING, minutes: NOTHING, hours: NOTHING };
  #asked = -Infinity;
  #asking = false;
  #onNews;

  // `headers()` authorise, `onNews()` is called when something else is known.
  constructor(url, headers, onNews) {
    this.#url = url;
    this.#headers = headers;
    this.#onNews = onNews;
  }

  // Asks the worker; if it does not answer, the stream tells that to the viewer.
  async ask() {
    if (this.#asking) return;
    this.#asking = true;
    this.#asked = performance.now();
    const text = await this.#answer().catch(() => null);
    this.#asking = false;
    if (text === null) return;
    const { spans } = parseJson(text);
    Object.keys(SCALES).forEach((scale, index) => (this.#spans[scale] = spanOf(spans[index])));
    this.#onNews();
  }

  async #answer() {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(this.#url, { headers: this.#headers(), cache: 'no-store', signal });
    return answer.ok ? answer.text() : null;
  }

  // Shows what was up to a snapshot. Of the last seconds, the page's own rates where it has them.
  show(chart, busiest, scale, { snapshot, trends }, markers) {
    const { title, length, refresh } = SCALES[scale];
    const span = this.#spans[scale];
    if (performance.now() - this.#asked > refresh) this.ask();
    const to = snapshot.takenAt;
    const own = scale === 'seconds' ? ownPoints(trends) : [];
    const first = own[0]?.time ?? Infinity;
    const points = [...span.points.filter(({ time }) => time < first), ...own].filter(({ time }) => time <= to && time >= to - length);
    chart.show({
      times: points.map(({ time }) => time),
      requests: points.map(({ requests }) => requests),
      responses: points.map(({ responses }) => responses),
    }, { from: to - length, to }, markers, title);
    if (scale === 'seconds') busiest.hide(); // the tables say it
    else busiest.show(span, chart.pointedTime);
  }
}

// A span of the worker's: when its intervals ended, the rates in them, and how much each listed series was counted in each.
function spanOf({ intervals, requests, deliveries }) {
  const points = intervals.map(({ endedAt, seconds, requests, responses }) => ({
    time: instantOf(endedAt), requests: Number(requests) / seconds, responses: Number(responses) / seconds,
  }));
  const counts = (listed) => listed.map((count) => BigInt(count ?? 0)); // not listed: no more than the least that is
  return {
    points,
    times: points.map(({ time }) => time),
    requests: requests.map((series) => ({ label: series.route ?? series.path, counts: counts(series.counts) })),
    deliveries: deliveries.map(({ endpoint, target, caller, responses }) => ({
      label: [endpoint, target, caller].filter((label) => label !== undefined).join(' › '), counts: counts(responses),
    })),
  };
}

function ownPoints(trends) {
  const requests = trends.rates('totals', '=requests');
  const responses = trends.rates('totals', '=responses');
  const points = trends.times().map((time, index) => ({ time, requests: requests[index], responses: responses[index] }));
  // The interval that the first snapshot ended is known to the worker alone.
  const known = points.findIndex((point) => point.requests !== null);
  return known === -1 ? [] : points.slice(known);
}
