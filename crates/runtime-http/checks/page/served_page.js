// The page as the crate gives it, with its policy.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../../../target/page/served/', import.meta.url));

let served = null;

export function servedPage() {
  served ??= write();
  return served;
}

async function write() {
  await promisify(execFile)('cargo', ['run', '--quiet', '-p', 'runtime-http', '--example', 'page', '--', FOLDER], { cwd: WORKSPACE });
  const [html, policy] = await Promise.all(['page.html', 'content-security-policy'].map((name) => readFile(FOLDER + name, 'utf8')));
  return { html, policy };
}
