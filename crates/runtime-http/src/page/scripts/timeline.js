// When intervals ended, by the worker's wall clock, which may be set back while it counts.

// `ends` are in milliseconds since 1970, the oldest first; `seconds` is how long each interval was. Returns them in order: an interval
// ended no later than the next one began, and the newest is right.
export function inOrder(ends, seconds) {
  const times = ends.slice();
  for (let at = times.length - 2; at >= 0; at--) {
    times[at] = Math.min(times[at], times[at + 1] - Math.max(1, seconds[at + 1] * 1000));
  }
  return times;
}
