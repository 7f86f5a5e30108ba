// Server-sent events, cut out of a text that arrives in pieces (HTML standard, section 9.2.6; lines end with LF or CR LF, as the
// worker sends them).

export class EventText {
  #rest = '';
  #searched = 0; // in #rest, up to here, is no end of a line
  #data = [];
  #type = '';

  // Takes a piece and returns the events that it completes, each `{ type, data }`.
  push(piece) {
    this.#rest += piece;
    const events = [];
    let start = 0;
    for (;;) {
      const end = this.#rest.indexOf('\n', Math.max(start, this.#searched));
      if (end < 0) break;
      const line = this.#rest.slice(start, this.#rest[end - 1] === '\r' && end > start ? end - 1 : end);
      start = end + 1;
      if (line === '') this.#complete(events);
      else this.#field(line);
    }
    this.#rest = this.#rest.slice(start);
    this.#searched = this.#rest.length;
    return events;
  }

  #field(line) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#type = value;
  }

  #complete(events) {
    if (this.#data.length > 0) events.push({ type: this.#type || 'message', data: this.#data.join('\n') });
    this.#data = [];
    this.#type = '';
  }
}
