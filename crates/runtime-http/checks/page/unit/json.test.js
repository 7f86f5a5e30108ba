import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseJson, writeJson } from '../../../src/page/scripts/json.js';

test('a count beyond 2^53 keeps every digit', () => {
  const { count, small } = parseJson('{"count":18446744073709551615,"small":7}');
  assert.equal(BigInt(count), 18446744073709551615n);
  assert.equal(small, 7);
});

test('digits in a text are no number', () => {
  const label = 'a "12345678901234567890", \\ and 12345678901234567890';
  assert.deepEqual(parseJson(JSON.stringify({ label, count: 1 }).replace('1}', '9007199254740993}')), { label, count: '9007199254740993' });
});

test('a fraction of many digits stays a number', () => {
  assert.equal(parseJson('[0.1234567890123456789, 1e21]')[0], 0.1234567890123456789);
});

test('what is written is read again with every digit', () => {
  const value = { rows: [{ label: '"\n', count: 18446744073709551615n, share: 0.5, gone: null }], none: [], nothing: {} };
  const read = parseJson(writeJson(value));
  assert.deepEqual(read, { ...value, rows: [{ ...value.rows[0], count: '18446744073709551615' }] });
});
