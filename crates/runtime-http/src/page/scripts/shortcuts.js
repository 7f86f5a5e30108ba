// Single keys, which the viewer can turn off: who speaks to the machine would set them off by accident.

export class Shortcuts {
  #actions;
  #switch;

  // `actions` by key; `toggle` is the checkbox that turns them off.
  constructor(actions, toggle) {
    this.#actions = actions;
    this.#switch = toggle;
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  #onKey(event) {
    if (!this.#switch.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest('input:not([type=checkbox]), select, textarea, dialog')) return;
    const action = this.#actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }
}
