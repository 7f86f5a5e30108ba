// What the viewer must know about the worker before believing a number: that it is gone, silent, refusing; that it is back, or another
// one; that the counts began afresh.

import { element, showText } from './element.js';
import { ageText, clockText } from './numbers.js';

const SHORT_NOTICE = 15000; // milliseconds, for one that changes no number

export class Banner {
  #place;
  #text = element('p');
  #detail = element('p', { className: 'detail' });
  #retry = element('button', { type: 'button', textContent: 'Try now' });
  #dismiss = element('button', { type: 'button', textContent: 'Dismiss' });
  #token = element('input', { type: 'password', autocomplete: 'current-password', required: true, 'aria-label': 'Bearer token' });
  #form = element('form', {}, this.#token, element('button', { type: 'submit', textContent: 'Use token' }));
  #since = null; // when the trouble began
  #told = new Set(); // kinds of it since then, or since the viewer did something about it: each is said aloud once
  #timer = 0;

  constructor(place, stream) {
    this.#place = place;
    place.append(element('div', {}, this.#text, this.#detail), this.#form, this.#retry, this.#dismiss);
    this.#retry.addEventListener('click', () => {
      this.#told.clear();
      stream.retry();
    });
    this.#dismiss.addEventListener('click', () => this.#hide());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#told.clear();
      showText(this.#text, 'The token is being tried.'); // so that a second refusal is another text
      stream.authorise(this.#token.value);
      this.#token.value = '';
    });
  }

  // The stream is in trouble: 'gone', 'silent', 'refused', 'unauthorised'.
  trouble(state, reason, shown) {
    this.#since ??= new Moment();
    const at = clockText(this.#since.wall);
    const texts = {
      gone: `The worker does not answer, since ${at}. Trying again.`,
      silent: `The worker is connected but silent, since ${at}. ${reason}`,
      refused: `No new snapshots are shown, since ${at}: ${reason}. Trying again.`,
      unauthorised: `The worker asks for its bearer token. ${reason}`,
    };
    const last = shown === null ? 'No snapshot has come yet.' : `What is shown is snapshot #${shown.sequence}, taken at ${clockText(shown.takenAt)}.`;
    const isNews = !this.#told.has(state);
    this.#told.add(state);
    this.#show(state, texts[state].trim(), last, isNews);
  }

  // Snapshots come (again). `change` is 'none', 'reset' or 'restarted', compared with the snapshot before.
  live(change, before, snapshot) {
    const since = this.#since;
    this.#since = null;
    this.#told.clear();
    if (change === 'restarted') {
      const { process } = snapshot.document;
      this.#show('restarted', `The worker is back, and was restarted: process ${process.processId} took the place of ${before.document.process.processId}.`,
        `Counts start afresh. The last snapshot of the one before was #${before.sequence}, taken at ${clockText(before.takenAt)}.`);
    } else if (change === 'reset') {
      this.#show('reset', `The counts were reset by snapshot #${snapshot.document.window.openedBy}; they start afresh.`,
        'What was counted between the last snapshot before and the reset was not seen here.');
    } else if (since !== null && before !== null) {
      this.#show('back', `The worker is back, the same process, after ${ageText(since.age / 1000)}.`, 'It went on counting: nothing is missing.');
      this.#timer = setTimeout(() => this.#hide(), SHORT_NOTICE);
    } else if (since !== null) {
      this.#hide();
    }
  }

  #show(kind, text, detail, isNews = true) {
    const isOver = ['restarted', 'reset', 'back'].includes(kind);
    clearTimeout(this.#timer);
    this.#place.setAttribute('aria-live', isNews ? 'assertive' : 'off');
    this.#place.dataset.kind = kind;
    this.#place.hidden = false;
    // A refusal for want of a token may be of a sign-in that stands between, which is mended elsewhere.
    this.#retry.hidden = isOver;
    this.#form.hidden = kind !== 'unauthorised';
    this.#dismiss.hidden = !isOver;
    showText(this.#text, text);
    showText(this.#detail, detail);
  }

  #hide() {
    clearTimeout(this.#timer);
    this.#place.hidden = true;
  }
}

// By two clocks: the monotonic one may stand still while the machine sleeps, the other one may be set back.
class Moment {
  wall = Date.now();
  #monotonic = performance.now();

  // In milliseconds.
  get age() {
    return Math.max(Date.now() - this.wall, performance.now() - this.#monotonic);
  }
}
