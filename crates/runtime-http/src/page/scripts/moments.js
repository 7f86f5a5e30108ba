// Snapshots that are kept to be compared with: the first one, and those that the viewer marks.

const MARKS = 5; // a snapshot may be large

export class Moments {
  #opened = null;
  #marks = [];
  #numbered = 0;

  // Since what 'since opened' counts: a snapshot, or the beginning of its window if another one was open when the page was.
  get opened() {
    return this.#opened;
  }

  // The newest mark, or null.
  get mark() {
    return this.#marks.at(-1) ?? null;
  }

  // All, the oldest first.
  all() {
    return this.#opened === null ? this.#marks.slice() : [this.#opened, ...this.#marks];
  }

  // To be called with every snapshot that is received.
  see(snapshot) {
    if (this.#opened === null) {
      this.#opened = { name: 'opened', snapshot, fromWindowStart: false };
    } else if (!this.#opened.snapshot.sharesWindowWith(snapshot)) {
      this.#opened = { name: 'window start', snapshot, fromWindowStart: true };
    }
  }

  // Marks a snapshot, and returns the moment. The oldest mark goes when there are too many.
  add(snapshot) {
    const moment = { name: `mark ${++this.#numbered}`, snapshot, fromWindowStart: false };
    this.#marks.push(moment);
    if (this.#marks.length > MARKS) this.#marks.shift();
    return moment;
  }
}

// What a series grew by from a moment to a snapshot: exact, or null where it is not known.
export function changeSince(moment, snapshot, familyOf, key) {
  if (moment === null || !moment.snapshot.sharesWindowWith(snapshot)) return null;
  const before = moment.fromWindowStart ? 0n : familyOf(moment.snapshot).count(key);
  return familyOf(snapshot).count(key) - before;
}

// Over how many seconds.
export function secondsSince(moment, snapshot) {
  return moment.fromWindowStart ? snapshot.windowUptime : snapshot.secondsSince(moment.snapshot);
}
