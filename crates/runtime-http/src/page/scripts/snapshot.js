// One snapshot of the worker: the document that it sent, and the sums over it that are shown.

import { Family } from './family.js';
import { parseJson } from './json.js';
import { instantOf } from './numbers.js';

export const DIMENSIONS = ['endpoint', 'target', 'caller'];

export class Snapshot {
  // `text` is a snapshot document (docs/snapshot.schema.json), `received` a reading of the monotonic clock in milliseconds.
  constructor(text, received) {
    const document = parseJson(text);
    if (document.schemaVersion !== 1) throw new Error(`a snapshot document of version ${document.schemaVersion}, not 1`);
    this.text = text;
    this.received = received;
    this.receivedAt = Date.now(); // the monotonic clock may stand still while the machine sleeps
    this.document = document;
    this.sequence = BigInt(document.sequence);
    this.takenAt = instantOf(document.takenAt);
    this.instance = document.process.instanceId;
    this.window = `${this.instance} ${document.window.id}`;
    this.uptime = document.process.uptimeSeconds;
    this.windowUptime = document.window.uptimeSeconds;
    this.callers = document.deliveries.callers;
    this.requestLabel = ['path', 'route'].find((label) => label in (document.requests.series[0] ?? {})) ?? null;
    this.totals = totalsOf(document);
    this.families = familiesOf(document);
    this.deliveries = joint(document.deliveries.series, 'responses');
    this.values = joint(document.deliveries.values, 'count');
  }

  // Counts of two snapshots can be compared, and only then: they are of one window.
  sharesWindowWith(other) {
    return this.window === other.window;
  }

  // By the process's monotonic clock.
  secondsSince(earlier) {
    return this.uptime - earlier.uptime;
  }
}

function totalsOf({ requests, deliveries }) {
  const totals = new Family('totals');
  totals.add('requests', BigInt(requests.total));
  totals.add('responses', BigInt(deliveries.responsesTotal));
  totals.add('values', BigInt(deliveries.valuesTotal));
  return totals;
}

function familiesOf({ requests, deliveries }) {
  const paths = new Family('paths');
  for (const series of requests.series) paths.add(series.route ?? series.path, BigInt(series.count));
  paths.addOverflow(BigInt(requests.overflow.count), 0n);

  const endpoints = new Family('endpoints');
  const targets = new Family('targets');
  const callers = new Family('callers');
  const names = new Family('names');
  const hasCallers = deliveries.callers !== 'dropped';
  for (const { endpoint, target, caller, responses } of deliveries.series) {
    const count = BigInt(responses);
    endpoints.add(endpoint, count);
    targets.add(target, count);
    if (hasCallers) callers.add(caller, count);
  }
  for (const { endpoint, target, caller, configName, count } of deliveries.values) {
    const values = BigInt(count);
    endpoints.addValues(endpoint, values);
    targets.addValues(target, values);
    if (hasCallers) callers.addValues(caller, values);
    names.add(configName, values);
  }
  const responses = BigInt(deliveries.overflow.responses);
  const values = BigInt(deliveries.overflow.values);
  for (const family of [endpoints, targets, callers]) family.addOverflow(responses, values);
  names.addOverflow(values, 0n);
  return { paths, endpoints, targets, callers, names };
}

// Counts by (endpoint, target, caller): a map of `{ endpoint, target, caller, count }` by a text of the three.
function joint(series, measure) {
  const tuples = new Map();
  for (const { endpoint, target, caller, [measure]: count } of series) {
    const key = JSON.stringify([endpoint, target, caller]);
    const tuple = tuples.get(key);
    if (tuple === undefined) tuples.set(key, { endpoint, target, caller, count: BigInt(count) });
    else tuple.count += BigInt(count);
  }
  return tuples;
}
