// Numbers and times as text. One locale, so that a screenshot reads the same everywhere and digits align.

const GROUPED = new Intl.NumberFormat('en');
const ONE_DECIMAL = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY_AND_CLOCK = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

export const UNKNOWN = '–';

export function countText(count) {
  return GROUPED.format(count);
}

// With its sign, a true minus.
export function changeText(change) {
  if (change === null) return UNKNOWN;
  if (change > 0n) return `+${GROUPED.format(change)}`;
  return change < 0n ? `−${GROUPED.format(-change)}` : '0';
}

// Per second. What is not nothing does not look like nothing.
export function rateText(rate) {
  if (rate === null || Number.isNaN(rate)) return UNKNOWN;
  return rate > 0 && rate < 0.05 ? '<0.1' : ONE_DECIMAL.format(rate);
}

export function ratio(part, whole) {
  return whole === 0n || part === null ? null : Number(part) / Number(whole);
}

export function shareText(share) {
  if (share === null) return UNKNOWN;
  return share > 0 && share < 0.0005 ? '<0.1%' : `${ONE_DECIMAL.format(share * 100)}%`;
}

// Two units at most: 43 µs, 1.2 ms, 4.0 s, 2 min 3 s, 3 d 4 h.
export function durationText(seconds) {
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${ONE_DECIMAL.format(seconds * 1e3)} ms`;
  if (seconds < 60) return `${ONE_DECIMAL.format(seconds)} s`;
  const whole = Math.floor(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${GROUPED.format(Math.floor(whole / 86400))} d ${Math.floor((whole % 86400) / 3600)} h`;
}

// An age in steps that an eye can follow.
export function ageText(seconds) {
  return seconds < 60 ? `${ONE_DECIMAL.format(Math.max(0, seconds))} s` : durationText(seconds);
}

// Milliseconds since 1970 of a time of the worker, which has microseconds that not every browser parses.
export function instantOf(iso) {
  return Date.parse(iso.replace(/(\.\d{3})\d*\+00:00$/, '$1Z'));
}

export function clockText(milliseconds) {
  return CLOCK.format(milliseconds);
}

export function dayText(milliseconds) {
  return DAY_AND_CLOCK.format(milliseconds);
}
