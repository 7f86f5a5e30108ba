import assert from 'node:assert/strict';
import { test } from 'node:test';

import { routeBeside } from '../../../src/page/scripts/route.js';

const beside = (page) => routeBeside(new URL(page), 'events').href;

test('a route is beside the page, whatever path both are below', () => {
  assert.equal(beside('http://host:8080/live'), 'http://host:8080/events');
  assert.equal(beside('https://host/teams/shop/live?a=b#c'), 'https://host/teams/shop/events');
});

test('a name and a password in the page\'s address are in no route\'s, which could not be asked for', () => {
  assert.equal(beside('http://ann:secret@host/live'), 'http://host/events');
});
