// What a table shows, as a question to a Prometheus server that scrapes this worker (docs: names on the wire).

const RANGE = '5m'; // at least four scrapes, at the usual intervals

const LABELLED = 'otel_metric_overflow=""';

// Metric and label of each family, without the namespace.
const FAMILIES = {
  paths: { metric: 'http_requests_total', label: null }, // one of the next two
  endpoints: { metric: 'config_deliveries_total', label: 'config_endpoint' },
  targets: { metric: 'config_deliveries_total', label: 'config_target' },
  callers: { metric: 'config_deliveries_total', label: 'caller' },
  names: { metric: 'config_values_served_total', label: 'config_name' },
};

const REQUEST_LABELS = { path: 'url_path', route: 'http_route' };

export class PromQl {
  #namespace;

  constructor(namespace) {
    this.#namespace = namespace;
  }

  // Rates of one family. `row` narrows it down to one series, else `filter` to labels that contain a text.
  rates(frame, family, row, filter) {
    const { metric, label: fixed } = FAMILIES[family];
    const labels = fixed === null ? requestLabels(frame) : [fixed];
    const selectors = new Set(labels.map((label) => `${this.#namespace}_${metric}${matcher(label, row, filter)}`));
    const series = Array.from(selectors, (selector) => this.#over(selector, frame)).join(' or ');
    const by = row?.label === null ? '' : ` by (${labels.join(', ')})`; // the overflow carries no such label
    return `sum${by} (${selectors.size > 1 ? `(${series})` : series} ${onlyThis(frame)})`;
  }

  // Growth by two labels of a delivery, as the pivot shows it; `third` is `{ label, value }` or null.
  pivot(frame, rows, columns, third, values) {
    const metric = values ? 'config_values_served_total' : 'config_deliveries_total';
    const narrowed = third === null ? '' : `${labelOf(third.label)}=${quoted(third.value)},`;
    const selector = `${this.#namespace}_${metric}{${narrowed}${LABELLED}}`; // what is over a limit is in no cell
    return `sum by (${labelOf(rows)}, ${labelOf(columns)}) (${this.#over(selector, frame)} ${onlyThis(frame)})`;
  }

  // A rate; or, of two moments, what was between them.
  #over(selector, { from, snapshot }) {
    if (from === null) return `rate(${selector}[${RANGE}])`;
    const end = `${selector} ${at(snapshot.takenAt)}`;
    if (from.fromWindowStart) return `(${end})`; // counters begin with the window
    return `(${end} - (${selector} ${at(from.snapshot.takenAt)} or ${end} * 0))`;
  }
}

function labelOf(dimension) {
  return dimension === 'caller' ? 'caller' : `config_${dimension}`;
}

// The label that the worker counts requests by; each that it may be, as long as no request was seen. Of a label that is not there,
// Prometheus makes an empty one.
function requestLabels({ requestLabel }) {
  return requestLabel === null ? Object.values(REQUEST_LABELS) : [REQUEST_LABELS[requestLabel]];
}

function matcher(label, row, filter) {
  if (row?.label === null) return '{otel_metric_overflow="true"}';
  if (row?.label === '') return `{${label}="",${LABELLED}}`; // the overflow has no such label, which is the same to Prometheus
  if (row !== null) return `{${label}=${quoted(row.label)}}`;
  return filter === '' ? '' : `{${label}=~${quoted(`(?i).*${escapedForRegex(filter)}.*`)}}`;
}

// Series of this process alone, wherever else the service runs.
function onlyThis({ from, snapshot }) {
  const when = from === null ? '' : ` ${at(snapshot.takenAt)}`;
  return `and on (job, instance) target_info{service_instance_id=${quoted(snapshot.instance)}}${when}`;
}

function at(taken) {
  return `@ ${(taken / 1000).toFixed(3)}`;
}

// Control characters are written as escapes: none acts where the question is pasted.
function quoted(text) {
  const escaped = text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  return `"${escaped.replace(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}

function escapedForRegex(text) {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
