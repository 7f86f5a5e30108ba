import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PromQl } from '../../../src/page/scripts/promql.js';

const snapshot = {
  instance: 'i-1', takenAt: 20_000, windowUptime: 15,
};
const live = { from: null, snapshot, requestLabel: 'path' };
const only = 'and on (job, instance) target_info{service_instance_id="i-1"}';
const promQl = new PromQl('exp');

test('a family is a sum of rates by its label', () => {
  assert.equal(promQl.rates(live, 'callers', null, ''), `sum by (caller) (rate(exp_config_deliveries_total[5m]) ${only})`);
});

test('a row is one series, its label escaped', () => {
  assert.equal(promQl.rates(live, 'paths', { label: '/"\\\n' }, ''),
    `sum by (url_path) (rate(exp_http_requests_total{url_path="/\\"\\\\\\n"}[5m]) ${only})`);
  assert.equal(promQl.rates(live, 'paths', { label: '/\r\u001b[2J\u009b' }, ''),
    `sum by (url_path) (rate(exp_http_requests_total{url_path="/\\u000d\\u001b[2J\\u009b"}[5m]) ${only})`);
});

test('a filter is an expression that matches the same text', () => {
  assert.match(promQl.rates(live, 'names', null, 'a.b'), /config_name=~"\(\?i\)\.\*a\\\\\.b\.\*"/);
});

test('the overflow has no label of its family', () => {
  assert.equal(promQl.rates(live, 'targets', { label: null }, ''),
    `sum (rate(exp_config_deliveries_total{otel_metric_overflow="true"}[5m]) ${only})`);
});

test('a route is asked for by the label that the worker uses', () => {
  assert.match(promQl.rates({ ...live, requestLabel: 'route' }, 'paths', null, ''), /sum by \(http_route\)/);
});

test('as long as no request was seen, either label is asked for', () => {
  const unseen = { ...live, requestLabel: null };
  assert.equal(promQl.rates(unseen, 'paths', null, ''), `sum by (url_path, http_route) (rate(exp_http_requests_total[5m]) ${only})`);
  assert.equal(promQl.rates(unseen, 'paths', null, 'api'),
    `sum by (url_path, http_route) ((rate(exp_http_requests_total{url_path=~"(?i).*api.*"}[5m]) or ` +
    `rate(exp_http_requests_total{http_route=~"(?i).*api.*"}[5m])) ${only})`);
});

test('two moments are a difference at their times', () => {
  const compared = { ...live, from: { snapshot: { ...snapshot, takenAt: 10_000 }, fromWindowStart: false } };
  const metric = 'exp_config_deliveries_total';
  assert.equal(promQl.rates(compared, 'targets', null, ''),
    `sum by (config_target) ((${metric} @ 20.000 - (${metric} @ 10.000 or ${metric} @ 20.000 * 0)) ${only} @ 20.000)`);
});

test('since the window began it is the count itself: a reset is no fall from the window before', () => {
  const compared = { ...live, from: { snapshot, fromWindowStart: true } };
  assert.equal(promQl.rates(compared, 'targets', null, ''),
    `sum by (config_target) ((exp_config_deliveries_total @ 20.000) ${only} @ 20.000)`);
});

test('an empty label is not the overflow, which has none', () => {
  assert.match(promQl.rates(live, 'callers', { label: '' }, ''), /\{caller="",otel_metric_overflow=""\}/);
});

test('what is over a limit is in no cell of a pivot', () => {
  assert.equal(promQl.pivot(live, 'caller', 'target', { label: 'endpoint', value: 'config' }, false),
    `sum by (caller, config_target) (rate(exp_config_deliveries_total{config_endpoint="config",otel_metric_overflow=""}[5m]) ${only})`);
});
