// The stream of snapshots, taken up again for as long as the page is open.
//
// `fetch` and not `EventSource`: a worker may ask for a token in a header, an answer that is an error should be told with its
// reason, and a page that was held up should skip to the newest snapshot.

import { EventText } from './event_text.js';

const SILENT_AFTER = 4000; // milliseconds; a snapshot or a heartbeat comes each second
const GIVE_UP_AFTER = 12000; // a connection that is silent for so long is not believed any more
const FIRST_WAIT = 250;
const LONGEST_WAIT = 4000;

export class Stream {
  #url;
  #token = null;
  #onSnapshot;
  #onState;
  #state = 'connecting';
  #attempt = null;
  #wake = () => {};

  // `onSnapshot(text)` gets the newest document of those that arrived together. `onState(state, reason)` gets 'live', 'silent',
  // 'gone', 'refused' or 'unauthorised' when that changes.
  constructor(url, onSnapshot, onState) {
    this.#url = url;
    this.#onSnapshot = onSnapshot;
    this.#onState = onState;
  }

  get headers() {
    return this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
  }

  authorise(token) {
    this.#token = token;
    this.#state = 'connecting'; // a second refusal is news
    this.retry();
  }

  // At once, whatever is waited for.
  retry() {
    this.#wake();
  }

  async run() {
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      const answered = await this.#follow();
      if (answered) wait = FIRST_WAIT;
      if (this.#state === 'unauthorised') await this.#sleep(null);
      else await this.#sleep(wait);
    }
  }

  // Reads one connection to its end. True if it brought anything.
  async #follow() {
    this.#attempt = new AbortController();
    const watch = new Watch(() => this.#change('silent', ''), () => this.#attempt.abort());
    let answered = false;
    try {
      const answer = await fetch(this.#url, {
        headers: { Accept: 'text/event-stream', ...this.headers },
        cache: 'no-store',
        signal: this.#attempt.signal,
      });
      if (answer.status === 401) return this.#end('unauthorised', this.#token === null ? '' : 'It did not take the one that was given.');
      if (!answer.ok) return this.#end('refused', `${answer.status} ${await reasonOf(answer)}`.trim());
      const events = new EventText();
      const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await pieces.read();
        if (done) break;
        watch.seen();
        const newest = events.push(value).filter((event) => event.type === 'snapshot').at(-1);
        if (newest === undefined) continue;
        answered = true;
        this.#change('live', '');
        this.#onSnapshot(newest.data);
      }
    } catch (error) {
      // An end of the connection. A mistake of ours must be seen: it would look like a worker that is gone.
      if (!(error instanceof TypeError) && error.name !== 'AbortError') console.error(error);
    } finally {
      watch.stop();
    }
    this.#change('gone', '');
    return answered;
  }

  #end(state, reason) {
    this.#change(state, reason);
    return false;
  }

  #change(state, reason) {
    if (state === this.#state) return;
    this.#state = state;
    this.#onState(state, reason);
  }

  // Until `retry`, or for so many milliseconds.
  #sleep(milliseconds) {
    return new Promise((resolve) => {
      const timer = milliseconds === null ? 0 : setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

// Calls when nothing was seen for a while, and when for too long.
class Watch {
  #silent;
  #givingUp;
  #onSilent;
  #onGivingUp;

  constructor(onSilent, onGivingUp) {
    this.#onSilent = onSilent;
    this.#onGivingUp = onGivingUp;
    this.seen();
  }

  seen() {
    this.stop();
    this.#silent = setTimeout(this.#onSilent, SILENT_AFTER);
    this.#givingUp = setTimeout(this.#onGivingUp, GIVE_UP_AFTER);
  }

  stop() {
    clearTimeout(this.#silent);
    clearTimeout(this.#givingUp);
  }
}

// Errors of the routes are `{"error": "…"}`.
async function reasonOf(answer) {
  try {
    return (await answer.json()).error ?? '';
  } catch {
    return answer.statusText;
  }
}
