import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scene, small } from '../scene.js';

const at = scene();

// Contrast of two opaque colours: WCAG 2.2, "contrast ratio" and "relative luminance".
function contrast(one, other) {
  const luminance = (color) => {
    const [r, g, b] = color.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

for (const scheme of ['light', 'dark']) {
  test(`every text has a contrast of 4.5 to 1 at least, ${scheme}`, async () => {
    const worker = await at.worker((worker) => {
      small(worker);
      worker.overflow.requests = 1n;
      worker.overflow.requestLabels = ['/\u202e'];
    });
    const page = await at.page(worker, { scheme });
    const texts = await page.evaluate(() => {
      const opaque = (color) => !/, 0\)$|transparent/.test(color);
      return Array.from(document.querySelectorAll('body *'))
        .filter((element) => Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== ''))
        .filter((element) => element.checkVisibility() && element.closest('.unseen, script, style, .skip, option') === null)
        .map((element) => {
          let ground = element;
          while (ground.parentElement !== null && !opaque(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
          return [element.className || element.tagName, element.textContent.slice(0, 30), getComputedStyle(element).color, getComputedStyle(ground).backgroundColor];
        });
    });
    assert.ok(texts.length > 100);
    const faint = texts.map(([name, text, color, ground]) => [contrast(color, ground).toFixed(2), name, text]).filter(([ratio]) => Number(ratio) < 4.5);
    assert.deepEqual(faint, []);
    await at.close(page);
  });
}

test('the page is told by names and roles', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  for (const name of ['Paths or routes', 'Endpoints', 'Targets', 'Callers', 'Configuration names', 'Endpoint × target × caller', 'Limits and cost', 'Rates']) {
    assert.equal(await page.getByRole('region', { name, exact: true }).count(), 1, name);
  }
  for (const name of ['Paths or routes', 'Endpoints', 'Targets', 'Callers', 'Configuration names', 'Pivot']) {
    const table = page.getByRole('table', { name, exact: true });
    assert.equal(await table.count(), 1, name);
    assert.ok((await table.getByRole('rowheader').count()) > 0, name);
    assert.equal(await table.locator('[aria-sort]').count(), 1, name);
  }
  const unnamed = await page.evaluate(() => Array.from(document.querySelectorAll('button, input, select, meter'))
    .filter((element) => !(element.ariaLabel || element.textContent.trim() || element.closest('label') || element.title)).map(({ outerHTML }) => outerHTML));
  assert.deepEqual(unnamed, []);
  assert.equal(await page.getByRole('status').count(), 1);
  await at.close(page);
});

test('focus can be seen wherever the tab key stops', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const seen = new Set();
  for (let stops = 0; stops < 70; stops++) {
    await page.keyboard.press('Tab');
    const [name, outlined] = await page.evaluate(() => {
      const focused = document.activeElement;
      const shown = focused.matches('input[type=radio]') ? focused.nextElementSibling : focused;
      const { outlineStyle, outlineWidth } = getComputedStyle(shown);
      return [focused.id || focused.ariaLabel || focused.textContent || focused.name, outlineStyle !== 'none' && outlineWidth !== '0px'];
    });
    if (name === '' || (await page.evaluate(() => document.activeElement === document.body))) break;
    assert.ok(outlined, name);
    seen.add(name);
  }
  for (const name of ['pause', 'mark', 'compare', 'copy', 'Filter paths or routes', '/api/v1/run-time', 'Copy callers as PromQL']) assert.ok(seen.has(name), name);
  await at.close(page);
});

test('who asks for less motion gets none', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker, { reducedMotion: 'reduce' });
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  assert.equal(await page.locator('#pause').evaluate((element) => getComputedStyle(element).transitionDuration), '0s');
  await at.close(page);
});
