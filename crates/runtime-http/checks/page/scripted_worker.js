// A worker that counts what a script tells it to, over the same routes and documents as a real one: for counts that no test can
// record, labels that no client can send, and a stream that stops when it is told to.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

export class ScriptedWorker {
  #server;
  #viewers = new Set();
  #html;
  #policy;
  #timer;
  #started = performance.now();
  #startedAt = Date.now();
  #sequence = 0n;
  #window = { id: 1n, openedBy: 0n, startedAt: Date.now(), from: performance.now() };

  // Publishes a snapshot at each interval of milliseconds, or when it is told to. `age` is how many milliseconds ago it began.
  constructor({ html, policy, interval = null, age = 0 }) {
    this.skip(age);
    this.#startedAt -= age;
    this.#window.startedAt -= age;
    this.#html = html;
    this.#policy = policy;
    this.interval = interval;
    this.instance = randomUUID();
    this.paths = new Map();
    this.deliveries = new Map(); // by [endpoint, target, caller] as JSON: { responses, names: Map }
    this.overflow = { requests: 0n, requestLabels: [], responses: 0n, values: 0n, deliveryLabels: [] };
    this.callers = 'shown';
    this.requestLabel = 'path';
    this.silent = false;
    this.token = null;
    this.refusal = null; // { status, error } for the stream
    this.lastServedAt = null;
    this.beforeSnapshot = () => {};
  }

  request(path, count = 1n) {
    this.paths.set(path, (this.paths.get(path) ?? 0n) + count);
  }

  deliver(endpoint, target, caller, names, count = 1n) {
    const key = JSON.stringify([endpoint, target, caller]);
    let series = this.deliveries.get(key);
    if (series === undefined) this.deliveries.set(key, (series = { responses: 0n, names: new Map() }));
    series.responses += count;
    for (const name of names) series.names.set(name, (series.names.get(name) ?? 0n) + count);
    this.lastServedAt = Date.now();
  }

  reset() {
    this.#sequence++;
    this.#window = { id: this.#window.id + 1n, openedBy: this.#sequence, startedAt: Date.now(), from: performance.now() };
    this.paths.clear();
    this.deliveries.clear();
    this.lastServedAt = null;
    this.overflow = { requests: 0n, requestLabels: [], responses: 0n, values: 0n, deliveryLabels: [] };
  }

  // So many milliseconds pass, by its monotonic clock.
  skip(milliseconds) {
    this.#started -= milliseconds;
    this.#window.from -= milliseconds;
  }

  async start(port = 0) {
    this.#server = createServer((request, response) => this.#answer(request, response));
    await new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    if (this.interval !== null) this.#timer = setInterval(() => this.publish(), this.interval);
    this.port = this.#server.address().port;
    this.url = `http://127.0.0.1:${this.port}/`;
    return this;
  }

  async stop() {
    clearInterval(this.#timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  publish() {
    if (this.silent) return;
    this.beforeSnapshot(this);
    this.#sequence++;
    const message = `event: snapshot\nid: ${this.#sequence}\ndata: ${this.document()}\n\n`;
    for (const viewer of this.#viewers) viewer.write(message);
  }

  // Ends each stream in good order, as a proxy may.
  endStreams() {
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
  }

  // Until somebody follows the stream.
  async viewed() {
    while (this.#viewers.size === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  get viewers() {
    return this.#viewers.size;
  }

  get sequence() {
    return this.#sequence;
  }

  #answer(request, response) {
    const path = new URL(request.url, this.url).pathname;
    if (path === '/') return this.#send(response, 200, 'text/html; charset=utf-8', this.#html, { 'Content-Security-Policy': this.#policy });
    if (this.token !== null && request.headers.authorization !== `Bearer ${this.token}`) return this.#fail(response, 401, 'a bearer token is needed');
    if (path === '/events') return this.#follow(response);
    if (path === '/history') return this.#send(response, 200, 'application/json', JSON.stringify(this.history()));
    return this.#fail(response, 404, 'there is no such page');
  }

  #follow(response) {
    if (this.refusal !== null) return this.#fail(response, this.refusal.status, this.refusal.error);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.flushHeaders();
    this.#viewers.add(response);
    response.on('close', () => this.#viewers.delete(response));
    if (this.#sequence > 0n && !this.silent) response.write(`event: snapshot\nid: ${this.#sequence}\ndata: ${this.document()}\n\n`);
  }

  #fail(response, status, error) {
    this.#send(response, status, 'application/json', JSON.stringify({ error }));
  }

  #send(response, status, type, body, headers = {}) {
    response.writeHead(status, { 'Content-Type': type, ...headers });
    response.end(body);
  }

  // Written by hand where a count stands: they are integers to the last digit.
  document() {
    const requests = [...this.paths].sort().map(([path, count]) => `{"${this.requestLabel}":${JSON.stringify(path)},"count":${count}}`);
    const series = [];
    const values = [];
    for (const [key, { responses, names }] of [...this.deliveries].sort()) {
      const [endpoint, target, caller] = JSON.parse(key);
      const labels = JSON.stringify({ endpoint, target, ...(this.callers === 'dropped' ? {} : { caller }) }).slice(0, -1);
      series.push(`${labels},"responses":${responses}}`);
      for (const [name, count] of names) values.push(`${labels},"configName":${JSON.stringify(name)},"count":${count}}`);
    }
    const sum = (counts) => counts.reduce((all, count) => all + count, 0n);
    const { overflow } = this;
    const responsesTotal = sum([...this.deliveries.values()].map(({ responses }) => responses)) + overflow.responses;
    const valuesTotal = sum([...this.deliveries.values()].flatMap(({ names }) => [...names.values()])) + overflow.values;
    const now = performance.now();
    const rejected = this.callers === 'shown' ? `,"rejectedLabels":${JSON.stringify(overflow.deliveryLabels)}` : '';
    return `{"schemaVersion":1,"service":{"name":"exp","namespace":"shop","version":"4.2.0","revision":"a80726a"},` +
      `"process":{"hostname":"host-1","processId":4242,"instanceId":"${this.instance}","parentInstanceId":null,` +
      `"startedAt":"${iso(this.#startedAt)}","uptimeSeconds":${(now - this.#started) / 1000}},` +
      `"sequence":${this.#sequence},"takenAt":"${iso(Date.now())}","durationSeconds":${(4e-5 + 2e-5 * Math.random()).toFixed(9)},` +
      `"window":{"id":${this.#window.id},"openedBy":${this.#window.openedBy},"startedAt":"${iso(this.#window.startedAt)}","uptimeSeconds":${(now - this.#window.from) / 1000}},` +
      `"requests":{"total":${sum([...this.paths.values()]) + overflow.requests},"series":[${requests}],` +
      `"overflow":{"count":${overflow.requests},"records":${overflow.requests},"rejectedLabels":${JSON.stringify(overflow.requestLabels)}},` +
      `"occupancy":{"series":${this.paths.size},"limit":10000}},` +
      `"deliveries":{"responsesTotal":${responsesTotal},"valuesTotal":${valuesTotal},"callers":"${this.callers}","series":[${series}],"values":[${values}],` +
      `"lastServedAt":${this.lastServedAt === null ? null : `"${iso(this.lastServedAt)}"`},` +
      `"overflow":{"responses":${overflow.responses},"values":${overflow.values},"records":${overflow.responses}${rejected}},` +
      `"occupancy":{"series":${this.deliveries.size},"limit":10000}}}`;
  }

  // An incident half an hour ago, which a page that is opened later shows.
  history() {
    const now = Date.now();
    const span = (intervalSeconds, capacity) => {
      const intervals = Array.from({ length: capacity }, (_, index) => {
        const ago = (capacity - index) * intervalSeconds;
        const busy = Math.abs(ago - 1800) < 300 ? 6 : 1;
        const requests = Math.round((120 + 30 * Math.sin(ago / 40)) * intervalSeconds * busy);
        return { endedAt: iso(now - ago * 1000), seconds: intervalSeconds, requests, responses: Math.round(requests / 3), values: requests, resets: 0 };
      });
      const counts = intervals.map(({ requests }) => Math.round(requests / 2));
      return {
        intervalSeconds, capacity, intervals,
        requests: [{ path: '/api/v1/run-time', counts }],
        deliveries: [{ endpoint: 'run-time', target: 'api', caller: 'local:api', responses: counts.map((count) => Math.round(count / 2)) }],
      };
    };
    return {
      schemaVersion: 1, instanceId: this.instance, sequence: Number(this.#sequence), takenAt: iso(now), callers: this.callers, busiest: 10,
      spans: [span(1, 60), span(60, 60), span(600, 144)],
    };
  }
}

function iso(milliseconds) {
  return new Date(milliseconds).toISOString().replace('Z', '000+00:00');
}
