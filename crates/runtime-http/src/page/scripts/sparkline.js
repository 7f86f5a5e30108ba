// A small line of rates, from zero to its own highest, as an SVG path.

const WIDTH = 64;
const HEIGHT = 18;
const SVG = 'http://www.w3.org/2000/svg';

export function createSparkline() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'sparkline');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('role', 'img');
  svg.append(document.createElementNS(SVG, 'path'));
  return svg;
}

// `rates` are per second, the oldest first, null where nothing is known; the newest stands at the right edge of `length` places.
export function showSparkline(svg, rates, length, description) {
  const line = lineThrough(rates, length);
  if (svg.firstChild.getAttribute('d') !== line) svg.firstChild.setAttribute('d', line);
  if (svg.getAttribute('aria-label') !== description) svg.setAttribute('aria-label', description);
}

function lineThrough(rates, length) {
  const highest = Math.max(0, ...rates);
  let line = '';
  let connected = false;
  rates.forEach((rate, index) => {
    if (rate === null) {
      connected = false;
      return;
    }
    const x = ((length - rates.length + index) / (length - 1)) * (WIDTH - 2) + 1;
    const y = HEIGHT - 1.5 - (highest === 0 ? 0 : rate / highest) * (HEIGHT - 3);
    line += `${connected ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    connected = true;
  });
  return line;
}
