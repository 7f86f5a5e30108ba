// The last minute, snapshot by snapshot: as the page saw it, and as the worker's history has it where the page did not look: before it
// was opened, while the machine slept or the connection was lost.

const SAME = 100; // milliseconds: no two snapshots are so close

// Milliseconds between two snapshots, in which others were missed: one that is only late comes sooner.
export const HOLE = 2500;

export class Minute {
  #own;
  #worker;
  #places; // of each interval: `[whose, at]`

  // `trends` are the page's own, `worker` is the span of the worker's history.
  constructor(trends, worker) {
    this.#own = trends;
    this.#worker = worker;
    const times = trends.times();
    const [first] = trends.rates('totals', '=requests');
    this.#places = placesOf(times, first !== null, worker.times);
    this.times = this.#places.map(([whose, at]) => (whose === 'own' ? times : worker.times)[at]);
  }

  // Per second in each interval, the oldest first; null where it is not known.
  rates(family, key) {
    const rates = { own: this.#own.rates(family, key), worker: this.#worker.rates(family, key) };
    return this.#places.map(([whose, at]) => rates[whose][at]);
  }
}

// The page's own intervals; but where one is a hole, as is what was before the first, those of the worker that lie in it. The interval
// that the very first snapshot ended is known to the worker alone.
function placesOf(own, isFirstKnown, worker) {
  const places = [];
  let start = -Infinity;
  own.forEach((end, at) => {
    const inHole = end - start > HOLE ? worker.flatMap((time, place) => (time > start + SAME && time <= end ? [place] : [])) : [];
    places.push(...inHole.map((place) => ['worker', place]));
    const isFilled = inHole.length > 0 && worker[inHole.at(-1)] > end - HOLE; // the worker's last interval may be in progress still
    if (!isFilled && (at > 0 || isFirstKnown)) places.push(['own', at]);
    start = end;
  });
  return places;
}
