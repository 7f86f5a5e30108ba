// The stream of snapshots, taken up again for as long as the page is open.
//
// `fetch` and not `EventSource`: a worker may ask for a token in a header, an answer that is an error should be told with its
// reason, and a page that was held up should skip to the newest snapshot.

import { EventText } from './event_text.js';

// In milliseconds. A worker that lives sends a snapshot each second; its heartbeat, after 15 s without one, is no reason to wait longer.
const SILENT_AFTER = 4000;
const GIVE_UP_AFTER = 12_000; // a connection that is silent for so long is not believed any more
const FIRST_WAIT = 250;
const LONGEST_WAIT = 4000;
const LONGEST_ASKED_WAIT = 60_000; // whatever `Retry-After` says: somebody looks at the page
const UNTAKEN_WAIT = 10_000; // after a snapshot that the page cannot take: the next one is seldom another matter
const ELSEWHERE = 'something else answers in the worker\'s place';
const SIGN_IN = 'maybe the sign-in of a proxy; remedy: reload the page, and sign in if you are asked to';
const HELD_BACK = 'It answers, but nothing comes through: something between may hold the stream back.';
const EVENT_STREAM = 'text/event-stream';
const SENDABLE = /^[\x21-\x7e]+$/; // in a header; `fetch` throws at others
const NOT_SENDABLE = 'What was given cannot be one: it holds a space, or a letter or sign beyond ASCII.';

export class Stream {
  #url;
  #token = null;
  #onSnapshot;
  #onState;
  #state = 'connecting';
  #reason = '';
  #attempt = null; // what aborts it
  #isHurried = false; // what is waited for is not waited for any more
  #wait = FIRST_WAIT;
  #wake = () => {};
  #grace = 0; // the timer of a connection that ended after it brought a snapshot

  // `onSnapshot(text)` gets the newest document of those that arrived together, and throws if it cannot take it. `onState(state,
  // reason)` gets 'live' (after the snapshot), 'silent', 'gone', 'refused' or 'unauthorised' when one of both changes.
  constructor(url, onSnapshot, onState) {
    this.#url = url;
    this.#onSnapshot = onSnapshot;
    this.#onState = onState;
  }

  get headers() {
    return this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
  }

  authorise(token) {
    const trimmed = token.trim(); // as a header is, on its way
    this.#state = 'connecting'; // a second refusal is news
    if (!SENDABLE.test(trimmed)) return this.#change('unauthorised', NOT_SENDABLE);
    this.#token = trimmed;
    this.retry();
  }

  // At once, whatever is waited for: an answer, or the time to ask again. What is live is left alone.
  retry() {
    if (this.#state === 'live') return;
    this.#isHurried = true;
    this.#wait = FIRST_WAIT;
    this.#attempt?.abort();
    this.#wake();
  }

  async run() {
    for (;;) {
      this.#isHurried = false;
      const end = await this.#follow();
      if (this.#isHurried) continue; // how that ended says nothing
      if (end.taken) this.#wait = FIRST_WAIT;
      const wait = Math.max(this.#wait, end.wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
      if (end.state === 'gone' && end.taken && this.#state === 'live') this.#beGoneSoon();
      else this.#change(end.state, end.reason);
      await this.#sleep(end.state === 'unauthorised' ? null : spread(wait));
    }
  }

  // Follows one connection to its end, and lets go of it whatever that is. What fails of the network is caught where it is waited
  // for: all else that is thrown is a mistake of the page, which must be seen, and not look like a worker that is gone.
  async #follow() {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const watch = new Watch(() => this.#fallSilent(), () => attempt.abort());
    try {
      const answer = await this.#fetch(attempt.signal);
      if (answer === null) return new End('gone');
      if (answer.status === 401) return new End('unauthorised', this.#token === null ? '' : 'It did not take the one that was given.');
      if (answer.type === 'opaqueredirect') return new End('refused', `${ELSEWHERE}, and sends the page to another address: ${SIGN_IN}`);
      if (answer.status !== 200) {
        const reason = `the worker answers ${answer.status} ${await reasonOf(answer)}`.trim();
        return new End('refused', reason, { wait: askedWait(answer) });
      }
      const type = typeOf(answer);
      if (type !== EVENT_STREAM) return new End('refused', `${ELSEWHERE}, with ${type || 'no type'}, not ${EVENT_STREAM}: ${SIGN_IN}`);
      watch.seen();
      return await this.#read(answer.body, watch, attempt.signal);
    } catch (error) {
      console.error(error);
      const remedy = 'remedy: reload the page, which may be older than the worker';
      return new End('refused', `this page cannot take its snapshots: ${error.message}; ${remedy}`, { wait: UNTAKEN_WAIT });
    } finally {
      watch.stop();
      attempt.abort();
    }
  }

  // None: no answer.
  #fetch(signal) {
    const headers = { Accept: EVENT_STREAM, ...this.headers };
    return fetch(this.#url, { headers, cache: 'no-store', redirect: 'manual', signal }).catch(() => null);
  }

  async #read(body, watch, signal) {
    const events = new EventText();
    const pieces = body.pipeThrough(new TextDecoderStream()).getReader();
    let came = false;
    let taken = false;
    for (;;) {
      const { done, value } = await pieces.read().catch(() => ({ done: true }));
      if (done && signal.aborted) return new End('silent', came ? '' : HELD_BACK, { taken });
      if (done) return new End('gone', '', { taken });
      came = true;
      watch.seen();
      const newest = events.push(value).filter((event) => event.type === 'snapshot').at(-1);
      if (newest === undefined) continue;
      this.#onSnapshot(newest.data);
      taken = true;
      this.#change('live', '');
    }
  }

  // In trouble, a connection that was taken up again is no news until it is given up.
  #fallSilent() {
    if (this.#state === 'live' || this.#state === 'connecting') this.#change('silent', '');
  }

  // A server, or a proxy, may end each connection that is live. It is no trouble if the next one brings a snapshot in time.
  #beGoneSoon() {
    this.#grace = setTimeout(() => this.#change('gone', ''), SILENT_AFTER);
  }

  #change(state, reason) {
    clearTimeout(this.#grace);
    if (state === this.#state && reason === this.#reason) return;
    this.#state = state;
    this.#reason = reason;
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

// How a connection ended: what is to be told of it, whether a snapshot of it was taken, and how long to wait at least.
class End {
  constructor(state, reason = '', { taken = false, wait = 0 } = {}) {
    Object.assign(this, { state, reason, taken, wait });
  }
}

// Calls when nothing was seen for a while since something was, and when for too long, be it from the beginning.
class Watch {
  #silent;
  #givingUp;
  #onSilent;
  #onGivingUp;

  constructor(onSilent, onGivingUp) {
    this.#onSilent = onSilent;
    this.#onGivingUp = onGivingUp;
    this.#givingUp = setTimeout(onGivingUp, GIVE_UP_AFTER);
  }

  // An answer, or a piece of it.
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

// Its media type, without parameters.
function typeOf(answer) {
  return (answer.headers.get('Content-Type') ?? '').split(';')[0].trim().toLowerCase();
}

// Of `Retry-After`, which holds seconds or a date (RFC 9110, section 10.2.3), in milliseconds.
function askedWait(answer) {
  const asked = answer.headers.get('Retry-After') ?? '';
  const wait = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now();
  return Number.isNaN(wait) ? 0 : Math.min(wait, LONGEST_ASKED_WAIT);
}

// Never sooner, but not all pages of a worker at the same time.
function spread(wait) {
  return wait * (1 + Math.random() / 4);
}
