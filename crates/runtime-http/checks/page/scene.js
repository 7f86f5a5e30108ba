// What most tests look at: a scripted worker, a browser, a page; all gone at the end.

import { after, before } from 'node:test';

import { close, drawn, launch, open } from './browser.js';
import { servedPage } from './served_page.js';
import { ScriptedWorker } from './scripted_worker.js';

export function scene() {
  const scene = {
    // A worker that publishes when it is told to, after `script(worker)`.
    async worker(script = () => {}, { port, ...options } = {}) {
      const worker = new ScriptedWorker({ ...(await servedPage()), ...options });
      scene.workers.push(worker);
      script(worker);
      return worker.start(port);
    },
    open: (worker, options) => open(scene.browser, worker.url, options),
    // A page of it, at its first snapshot.
    async page(worker, options) {
      const page = await scene.open(worker, options);
      await scene.next(worker, page);
      return page;
    },
    // Publishes, and waits until that is shown.
    async next(worker, page, script = () => {}) {
      script(worker);
      await worker.viewed();
      worker.publish();
      await drawn(page, worker.sequence);
    },
    close,
    workers: [],
    browser: null,
  };
  before(async () => (scene.browser = await launch()));
  after(async () => {
    await scene.browser?.close();
    for (const worker of scene.workers) await worker.stop();
  });
  return scene;
}

// Three paths, two deliveries.
export function small(worker) {
  worker.request('/', 10n);
  worker.request('/api/v1/run-time', 30n);
  worker.request('/api/health', 5n);
  worker.deliver('run-time', 'api', 'local:api', ['LOG_LEVEL', 'REGION'], 20n);
  worker.deliver('build-time', 'web', 'local:web', ['BUILD_ID'], 4n);
}
