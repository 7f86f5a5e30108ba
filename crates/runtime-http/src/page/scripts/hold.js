// Whether somebody works in an element: points into it or has the focus in it, and did something there lately. As long as that is so,
// nothing should move there by itself.

const STILL_AFTER = 20_000; // milliseconds: a pointer that was left lying there, or the focus, holds nothing up for ever

export class Hold {
  #place;
  #isPointed = false;
  #position = '';
  #acted = -Infinity;

  constructor(place) {
    this.#place = place;
    place.addEventListener('pointermove', (event) => this.#onPointer(event));
    place.addEventListener('pointerleave', () => (this.#isPointed = false));
    for (const type of ['pointerdown', 'wheel', 'keydown', 'focusin']) place.addEventListener(type, () => this.#act(), { passive: true });
  }

  get isOn() {
    const isThere = this.#isPointed || this.#place.contains(document.activeElement);
    return isThere && performance.now() - this.#acted < STILL_AFTER;
  }

  // Some browsers tell of a move when it was the page that moved.
  #onPointer({ screenX, screenY }) {
    const position = `${screenX} ${screenY}`;
    this.#isPointed = true;
    if (position !== this.#position) this.#act();
    this.#position = position;
  }

  #act() {
    this.#acted = performance.now();
  }
}
