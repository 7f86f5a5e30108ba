// The page: takes snapshots from the stream, and shows one of them.

import { Banner } from './banner.js';
import { Busiest } from './busiest.js';
import { Chart } from './chart.js';
import { ComparisonBar } from './comparison_bar.js';
import { copyText } from './copy.js';
import { showText } from './element.js';
import { FamilyPanel } from './family_panel.js';
import { Frame } from './frame.js';
import { History } from './history.js';
import { IdentityPanel } from './identity_panel.js';
import { labelText } from './label.js';
import { LimitsPanel } from './limits_panel.js';
import { Minute } from './minute.js';
import { Moments } from './moments.js';
import { ageText, clockText } from './numbers.js';
import { PivotPanel } from './pivot_panel.js';
import { PromQl } from './promql.js';
import { routeBeside } from './route.js';
import { Shortcuts } from './shortcuts.js';
import { Snapshot } from './snapshot.js';
import { Stream } from './stream.js';
import { TotalsPanel } from './totals_panel.js';
import { Trends } from './trends.js';

const FAMILIES = [
  { name: 'paths', title: 'Path or route', many: 'Paths or routes', measure: 'Requests', values: false }, // of which, the worker decides
  { name: 'endpoints', title: 'Endpoint', many: 'Endpoints', measure: 'Responses', values: true },
  { name: 'targets', title: 'Target', many: 'Targets', measure: 'Responses', values: true },
  { name: 'callers', title: 'Caller', many: 'Callers', measure: 'Responses', values: true },
  { name: 'names', title: 'Name', many: 'Configuration names', measure: 'Values', values: false },
];
const AGE_EVERY = 200; // milliseconds

class Page {
  #newest = null;
  #trends = new Trends();
  #paused = null; // what was the newest, its trends, and what it had grown since
  #moments = new Moments();
  #trouble = 'connecting';
  #scale = 'seconds';
  #scheduled = false;
  #missed = 0; // snapshots since the pause
  #drawn = null; // the snapshot on the screen, which the newest may not be yet
  #requestLabel = null; // the last that was seen: after a reset there is none
  #stream;
  #history;
  #banner;
  #chart = new Chart(at('chart'), at('legend'));
  #busiest = new Busiest(at('busiest'));
  #identity = new IdentityPanel(at('identity'));
  #totals = new TotalsPanel(at('totals'));
  #limits = new LimitsPanel(at('limits'));
  #families;
  #pivot;
  #comparison;

  constructor() {
    const promQl = new PromQl(document.querySelector('meta[name=metrics-namespace]').content);
    const page = { announce, copy: (text, what) => copyText(text, what, announce) };
    this.#stream = new Stream(routeBeside(location, 'events'), (text) => this.#take(text), (state, reason) => this.#onState(state, reason));
    this.#history = new History(routeBeside(location, 'history'), () => this.#stream.headers, () => this.#schedule());
    this.#banner = new Banner(at('banner'), this.#stream);
    this.#families = FAMILIES.map((family) => new FamilyPanel(at(family.name), family, promQl, page));
    this.#pivot = new PivotPanel(at('pivot'), promQl, page);
    this.#comparison = new ComparisonBar(at('comparison'), this.#moments, () => this.#schedule(), () => this.#compare());
    this.#bind(page);
    setInterval(() => this.#showAge(), AGE_EVERY);
    this.#stream.run();
  }

  #bind(page) {
    const copy = () => this.#drawn !== null && page.copy(this.#drawn.text, 'the snapshot as JSON');
    const help = () => at('help').showModal();
    const actions = {
      p: () => this.#pause(), m: () => this.#mark(), c: () => this.#compare(), j: copy, '?': help, '/': () => this.#families[0].filter.focus(),
    };
    for (const [id, key] of [['pause', 'p'], ['mark', 'm'], ['compare', 'c'], ['copy', 'j'], ['show-help', '?']]) {
      at(id).addEventListener('click', actions[key]);
    }
    new Shortcuts(actions, at('shortcuts'));
    this.#chart.onPoint = () => this.#schedule();
    // What was waited for may be there again. A stream that is live is left alone.
    window.addEventListener('online', () => this.#stream.retry());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#stream.retry();
    });
    for (const choice of document.querySelectorAll('input[name=scale]')) {
      choice.addEventListener('change', () => {
        this.#scale = choice.value;
        this.#schedule();
      });
    }
  }

  #take(text) {
    const snapshot = new Snapshot(text, performance.now());
    const before = this.#newest;
    // A worker that was taken up again may send the one that is here already.
    if (before !== null && before.instance === snapshot.instance && snapshot.sequence <= before.sequence) return this.#recover(before, before);
    this.#newest = snapshot;
    this.#trends.take(before, snapshot);
    this.#moments.see(snapshot);
    if (this.#paused !== null) this.#missed++;
    this.#history.see(before, snapshot);
    this.#requestLabel = snapshot.requestLabel ?? this.#requestLabel;
    this.#recover(before, snapshot);
    this.#schedule();
  }

  #recover(before, snapshot) {
    const change = before === null || before.sharesWindowWith(snapshot) ? 'none' : before.instance === snapshot.instance ? 'reset' : 'restarted';
    this.#banner.live(change, before, snapshot);
  }

  #onState(state, reason) {
    this.#trouble = state;
    // The end of trouble was told with the snapshot, which comes before the state.
    if (state !== 'live') this.#banner.trouble(state, reason, this.#drawn);
    this.#showState();
  }

  #pause() {
    if (this.#newest === null) return;
    this.#missed = 0;
    this.#paused = this.#paused === null ? { ...this.#now(), trends: this.#trends.copy() } : null;
    at('pause').setAttribute('aria-pressed', String(this.#paused !== null));
    announce(this.#paused === null ? 'Live again.' : `Paused at snapshot ${this.#paused.snapshot.sequence}.`);
    this.#schedule();
  }

  #mark() {
    if (this.#drawn === null) return;
    const moment = this.#moments.add(this.#drawn);
    announce(`Set ${moment.name} at snapshot ${moment.snapshot.sequence}.`);
    this.#schedule();
  }

  #compare() {
    if (this.#newest === null) return;
    this.#comparison.open = !this.#comparison.open;
    at('compare').setAttribute('aria-pressed', String(this.#comparison.open));
    announce(this.#comparison.open ? 'Comparing two moments.' : 'Not comparing.');
    if (!this.#comparison.open) at('compare').focus();
    this.#schedule();
  }

  #now() {
    return { snapshot: this.#newest, trends: this.#trends, opened: this.#moments.opened };
  }

  #frame() {
    const { snapshot, trends, opened } = this.#paused ?? this.#now();
    const from = this.#comparison.open ? this.#comparison.from : null;
    const to = this.#comparison.open ? this.#comparison.to : null;
    const minute = new Minute(trends, this.#history.seconds);
    return new Frame({
      snapshot: to?.snapshot ?? snapshot, trends, minute, opened, mark: this.#moments.mark, from, requestLabel: this.#requestLabel,
    });
  }

  // A tab that is not seen draws nothing, and then the newest.
  #schedule() {
    if (this.#scheduled || this.#newest === null) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw() {
    if (this.#comparison.open) this.#comparison.offer();
    const frame = this.#frame();
    this.#drawn = frame.snapshot;
    if (frame.from !== null) this.#comparison.show(frame);
    this.#showWho(frame.snapshot);
    this.#showState();
    this.#showAge();
    this.#identity.show(frame.snapshot);
    this.#totals.show(frame);
    this.#history.show(this.#chart, this.#busiest, this.#scale, this.#paused ?? this.#now(), frame.minute, this.#markers());
    for (const family of this.#families) family.show(frame);
    this.#pivot.show(frame);
    this.#limits.show(frame);
    document.documentElement.dataset.drawn = frame.snapshot.sequence;
  }

  #markers() {
    return this.#moments.all().filter(({ fromWindowStart }) => !fromWindowStart).map(({ name, snapshot }) => ({ time: snapshot.takenAt, text: name }));
  }

  #showWho({ document: { service, process } }) {
    const name = labelText([service.namespace, service.name].filter(Boolean).join('/') || 'Runtime metrics');
    showText(at('service'), name);
    showText(at('version'), service.version === undefined ? '' : labelText(service.version));
    const title = `${name} · ${process.hostname} · ${process.processId}`;
    if (document.title !== title) document.title = title;
  }

  #showState() {
    const state = this.#trouble !== 'live' ? this.#trouble : this.#paused !== null ? 'paused' : 'live';
    at('state').dataset.state = state;
    showText(at('state'), { unauthorised: 'no token' }[state] ?? state);
  }

  #showAge() {
    const snapshot = this.#drawn;
    if (snapshot === null) return;
    showText(at('sequence'), `#${snapshot.sequence}`);
    showText(at('taken'), `taken ${clockText(snapshot.takenAt)}`);
    const age = Math.max(performance.now() - snapshot.received, Date.now() - snapshot.receivedAt);
    showText(at('age'), `${ageText(age / 1000)} old`);
    showText(at('missed'), this.#paused === null || this.#missed === 0 ? '' : `${this.#missed} newer`);
  }
}

function at(id) {
  return document.getElementById(id);
}

// Tells those who listen instead of looking. Once for each event, never for each snapshot.
function announce(text) {
  at('announcement').textContent = text;
}

new Page();
