// The chart of rates: requests and deliveries per second on one axis from zero. Two axes would let any two lines look alike.

import { element, showText } from './element.js';
import { clockText, dayText, rateText } from './numbers.js';

const HEIGHT = 190;
const SERIES = [
  { key: 'requests', title: 'Requests', color: '--requests' },
  { key: 'responses', title: 'Deliveries', color: '--deliveries' },
];

export class Chart {
  #place;
  #plot = null;
  #width = 0;
  #points = { times: [], requests: [], responses: [] };
  #span = { from: 0, to: 1 };
  #markers = [];
  #legend;
  #when = element('span', { className: 'when' });
  #pointed = null; // index of the point under the pointer

  constructor(place, legend) {
    this.#place = place;
    this.onPoint = () => {}; // when the viewer points at another instant
    place.setAttribute('role', 'img');
    this.#legend = SERIES.map(({ key, title }) => {
      const value = element('b');
      legend.append(element('span', { className: `key ${key}` }, `${title} `, value, ' /s'));
      return value;
    });
    legend.append(this.#when);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#build());
    new ResizeObserver(([entry]) => this.#resize(Math.floor(entry.contentRect.width))).observe(place);
  }

  // `points` are lists of one length: `times` in milliseconds since 1970, rates per second or null. `span` is what the axis shows.
  // `markers` are `{ time, text }`.
  show(points, span, markers, title) {
    this.#points = points;
    this.#span = span;
    this.#markers = markers;
    if (this.#plot !== null) {
      this.#plot.setData(this.#data(), false);
      this.#plot.setScale('x', { min: span.from / 1000, max: span.to / 1000 });
    }
    this.#showLegend();
    const highest = SERIES.map(({ key, title: name }) => `${name.toLowerCase()} up to ${rateText(highestOf(points[key]))}`);
    const description = `${title}, per second: ${highest.join(', ')}`;
    if (this.#place.getAttribute('aria-label') !== description) this.#place.setAttribute('aria-label', description);
  }

  // The point that the viewer points at, as its time in milliseconds since 1970; null if there is none.
  get pointedTime() {
    return this.#points.times[this.#pointed] ?? null;
  }

  #data() {
    return [this.#points.times.map((time) => time / 1000), ...SERIES.map(({ key }) => this.#points[key])];
  }

  #resize(width) {
    if (width === this.#width || width === 0) return;
    this.#width = width;
    if (this.#plot === null) this.#build();
    else this.#plot.setSize({ width, height: HEIGHT });
  }

  // Anew for each theme: a canvas does not follow style sheets.
  #build() {
    if (this.#width === 0) return;
    this.#plot?.destroy();
    const style = getComputedStyle(this.#place);
    const color = (name) => style.getPropertyValue(name).trim();
    const font = `11px ${style.fontFamily}`;
    const axis = { stroke: color('--muted'), font, grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
    this.#plot = new uPlot({
      width: this.#width,
      height: HEIGHT,
      padding: [8, 26, 0, 0], // the newest time's text has room
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { setScale: false, x: false, y: false } },
      scales: {
        x: { auto: false, range: () => [this.#span.from / 1000, this.#span.to / 1000] },
        y: { range: (_, __, highest) => [0, Math.max(1, (highest ?? 0) * 1.05)] },
      },
      axes: [
        { ...axis, space: 70, size: 26, values: (_, splits) => splits.map((seconds) => this.#timeText(seconds)) },
        { ...axis, space: 32, size: (_, values) => 14 + 7 * Math.max(3, ...(values ?? []).map((text) => text.length)),
          values: (_, splits) => splits.map((rate) => axisText(rate)) },
      ],
      series: [{}, ...SERIES.map((series) => ({ stroke: color(series.color), width: 1.75, points: { show: false }, spanGaps: false }))],
      hooks: {
        setCursor: [({ cursor }) => this.#point(cursor.idx ?? null)],
        drawAxes: [(plot) => this.#drawMarkers(plot, color('--muted'), font)],
      },
    }, this.#data(), this.#place);
  }

  #timeText(seconds) {
    const text = clockText(seconds * 1000);
    return this.#span.to - this.#span.from > 600_000 ? text.slice(0, 5) : text;
  }

  #point(index) {
    if (index === this.#pointed) return;
    this.#pointed = index;
    this.#showLegend();
    this.onPoint();
  }

  // Under the pointer, or of the newest point.
  #showLegend() {
    const { times } = this.#points;
    const index = this.#pointed !== null && this.#pointed < times.length ? this.#pointed : times.length - 1;
    SERIES.forEach(({ key }, at) => showText(this.#legend[at], rateText(this.#points[key][index] ?? null)));
    showText(this.#when, index < 0 ? '' : `at ${this.#span.to - this.#span.from > 7_200_000 ? dayText(times[index]) : clockText(times[index])}`);
  }

  #drawMarkers({ ctx, bbox, valToPos }, color, font) {
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = color;
    ctx.font = font.replace('11px', `${11 * devicePixelRatio}px`);
    ctx.textAlign = 'right';
    ctx.textBaseline = 'top';
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    let free = bbox.left; // left of here stands a text already
    for (const { time, text } of this.#markers) {
      if (time < this.#span.from || time > this.#span.to) continue;
      const x = valToPos(time / 1000, 'x', true);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const end = x - 4 * devicePixelRatio;
      if (end - ctx.measureText(text).width < free) continue;
      ctx.fillText(text, end, bbox.top);
      free = end;
    }
    ctx.restore();
  }
}

function highestOf(rates) {
  const known = rates.filter((rate) => rate !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function axisText(rate) {
  if (rate >= 1e6) return `${rate / 1e6} M`;
  return rate >= 1e4 ? `${rate / 1e3} k` : String(Math.round(rate * 1000) / 1000);
}
