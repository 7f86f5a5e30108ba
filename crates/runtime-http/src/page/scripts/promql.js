// What a table shows, as a question to a Prometheus server that scrapes this worker (docs: names on the wire).

const RANGE = '1m';

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
    return `sum${by} (${this.#over(selector, frame)} ${onlyThis(frame.snapshot)})`;
  }

  // Growth by two labels of a delivery, as the pivot shows it; `third` is `{ label, value }` or null.
  pivot(frame, rows, columns, third, values) {
    const metric = values ? 'config_values_served_total' : 'config_deliveries_total';
    const narrowed = third === null ? '' : `{${labelOf(third.label)}=${quoted(third.value)}}`;
    const selector = `${this.#namespace}_${metric}${narrowed}`;
    return `sum by (${labelOf(rows)}, ${labelOf(columns)}) (${this.#over(selector, frame)} ${onlyThis(frame.snapshot)})`;
  }

  // A rate; or, of two moments, what was between them.
  #over(selector, { from, snapshot }) {
    if (from === null) return `rate(${selector}[${RANGE}])`;
    const at = (taken) => `@ ${(taken / 1000).toFixed(3)}`;
    const start = from.fromWindowStart ? snapshot.takenAt - snapshot.windowUptime * 1000 : from.snapshot.takenAt;
    return `(${selector} ${at(snapshot.takenAt)} - (${selector} ${at(start)} or ${selector} ${at(snapshot.takenAt)} * 0))`;
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
  if (row !== null) return `{${label}=${quoted(row.label)}}`;
  return filter === '' ? '' : `{${label}=~${quoted(`(?i).*${escapedForRegex(filter)}.*`)}}`;
}

// Series of this process alone, wherever else the service runs.
function onlyThis({ instance }) {
  return `and on (job, instance) target_info{service_instance_id=${quoted(instance)}}`;
}

function quoted(text) {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

function escapedForRegex(text) {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
