import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EventText } from '../../../src/page/scripts/event_text.js';

const STREAM = ': hello\n\nevent: snapshot\nid: 1\ndata: {"a":1}\n\nevent: snapshot\r\ndata:two\r\ndata: lines\r\n\r\nretry: 5\n\ndata\n\n';
const EVENTS = [
  { type: 'snapshot', data: '{"a":1}' },
  { type: 'snapshot', data: 'two\nlines' },
  { type: 'message', data: '' },
];

test('events are the same wherever the stream is cut', () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const text = new EventText();
    const events = [];
    for (let at = 0; at < STREAM.length; at += size) events.push(...text.push(STREAM.slice(at, at + size)));
    assert.deepEqual(events, EVENTS, `pieces of ${size}`);
  }
});

test('an event that is not complete is not there', () => {
  assert.deepEqual(new EventText().push('data: half\n'), []);
});
