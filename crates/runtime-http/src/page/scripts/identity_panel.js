// Who counted: the process life, its service, and the window.

import { element, showText } from './element.js';
import { labelText } from './label.js';
import { dayText, durationText, instantOf } from './numbers.js';

export class IdentityPanel {
  #values = new Map();
  #place;

  constructor(place) {
    this.#place = place;
  }

  show({ document: { service, process, window, deliveries } }) {
    this.#item('Host', process.hostname);
    this.#item('Process ID', String(process.processId));
    this.#item('Instance', process.instanceId);
    this.#item('Forked from', process.parentInstanceId);
    this.#item('Revision', service.revision);
    this.#item('Started', dayText(instantOf(process.startedAt)), process.startedAt);
    this.#item('Uptime', durationText(process.uptimeSeconds));
    this.#item('Window began', dayText(instantOf(window.startedAt)), window.startedAt);
    const opened = BigInt(window.openedBy);
    this.#item('Window', `${durationText(window.uptimeSeconds)}, ${opened === 0n ? 'from the start' : `since the reset by #${opened}`}`);
    this.#item('Callers', deliveries.callers === 'shown' ? null : deliveries.callers);
  }

  // An item that is not there is not shown.
  #item(name, text, title = '') {
    let item = this.#values.get(name);
    if (item === undefined) {
      item = { group: element('div'), value: element('dd') };
      item.group.append(element('dt', { textContent: name }), item.value);
      this.#values.set(name, item);
      this.#place.append(item.group);
    }
    item.group.hidden = text === null || text === undefined;
    if (item.group.hidden) return;
    showText(item.value, labelText(text));
    if (item.value.title !== title) item.value.title = title;
  }
}
