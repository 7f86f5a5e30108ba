// What a table shows, as a question to a Prometheus server that scrapes this worker (docs: names on the wire).

const RANGE = '5m'; // at least four scrapes, at the usual intervals

const LABELLED = 'otel_metric_overflow=""';

// Metric and label of each family, without the namespace.
const FAMILIES = {
  paths: { metric: 'http_requests_total', label: null }, // of the two labels for a path, the one that the worker uses
  endpoints: { metric: 'config_deliveries_total', label: 'config_endpoint' },
  targets: { metric: 'config_deliveries_total', label: 'config_target' },
  callers: { metric: 'config_deliveries_total', label: 'caller' },
  names: { metric: 'config_values_served_total', label: 'config_name' },
};

export class PromQl {
  #namespace;

  constructor(namespace) {
    this.#namespace = namespace;
  }

  // Rates of one family. `row` narrows it down to one series, else `filter` to labels that contain a text.
  rates(frame, family, row, filter) {
    const { metric, label: fixed } = FAMILIES[family];
    const label = fixed ?? pathLabel(frame.snapshot);
    const selector = `${this.#namespace}_${metric}${matcher(label, row, filter)}`;
    const by = row?.label === null ? '' : ` by (${label})`; // the overflow carries no such label
    return `sum${by} (${this.#over(selector, frame)} ${onlyThis(frame)})`;
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

function pathLabel({ document }) {
  return document.requests.series[0]?.path === undefined ? 'http_route' : 'url_path';
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

function quoted(text) {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

function escapedForRegex(text) {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
