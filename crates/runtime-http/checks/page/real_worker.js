// The real worker, as this workspace builds it, on a loopback port. Every request that is sent through it is counted in `asked`.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));
const AT_ONCE = 8; // connections

let binary = null;

export class RealWorker {
  asked = new Map(); // by path
  #process;
  #agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

  // On a free port, or on one that was free before. It believes the header that names the caller.
  static async start(port = 0) {
    binary ??= build();
    const child = spawn(await binary, ['--listen', `127.0.0.1:${port}`, '--trust-front-door'], {
      env: { ...process.env, EXP_LOG: 'warn' }, stdio: ['ignore', 'pipe', 'inherit'],
    });
    const worker = new RealWorker(child);
    for await (const line of createInterface(child.stdout)) {
      const address = / listens on (127\.0\.0\.1:(\d+))$/.exec(line);
      if (address === null) continue;
      [worker.url, worker.port] = [`http://${address[1]}/live`, Number(address[2])];
      return worker;
    }
    throw new Error('the worker ended before it listened; remedy: see its error above');
  }

  constructor(child) {
    this.#process = child;
  }

  get processId() {
    return this.#process.pid;
  }

  // Sends so many requests, a few at once. Returns the last answer, as JSON.
  async ask(target, { times = 1, caller = null } = {}) {
    let last = null;
    let left = times;
    const send = async () => {
      while (left-- > 0) last = await this.#send(target, caller);
    };
    await Promise.all(Array.from({ length: Math.min(times, AT_ONCE) }, send));
    const [path] = target.split('?');
    this.asked.set(path, (this.asked.get(path) ?? 0) + times);
    return JSON.parse(last);
  }

  async #send(path, caller) {
    const headers = caller === null ? {} : { 'X-MS-CLIENT-PRINCIPAL-ID': caller };
    const sent = request({ host: '127.0.0.1', port: this.port, path, headers, agent: this.#agent });
    sent.end();
    const [answer] = await once(sent, 'response');
    return Buffer.concat(await answer.toArray()).toString();
  }

  // Ends it by a signal. Returns its exit code, or null if the signal killed it.
  async end(signal) {
    this.#agent.destroy();
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return this.#process.exitCode;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    const [code] = await ended;
    return code;
  }

  stop() {
    return this.end('SIGKILL');
  }
}

async function build() {
  const command = ['build', '--quiet', '--workspace', '--bins', '--examples', '--message-format=json-render-diagnostics'];
  const { stdout } = await promisify(execFile)('cargo', command, { cwd: WORKSPACE, maxBuffer: 64 << 20 });
  const built = stdout.trim().split('\n').map((line) => JSON.parse(line));
  return built.find(({ executable, target }) => executable && target.name === 'exp-worker').executable;
}
