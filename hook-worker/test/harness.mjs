/** The server's side of the protocol, for the tests: runs worker.mjs under Node's permission model and talks to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const workerFile = fileURLToPath(new URL('../worker.mjs', import.meta.url));
const allowed = process.allowedNodeEnvironmentFlags;
const permission = allowed.has('--permission') ? '--permission' : '--experimental-permission';

export const input = {
  client: { name: 'Billing', id: 'client-1', tenant: 'shop', metadata: { plan: 'full' } },
  scope: ['read:orders', 'write:orders'],
  audience: 'https://orders.example',
  ip: '192.0.2.7',
  userAgent: 'curl/8',
};

/**
 * Starts a worker with a script, in a new directory that holds `files`; `t` is the test, which stops it at its end.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} script
 * @param {{secrets?: Record<string, string>, files?: Record<string, string>}} [options]
 */
export async function startWorker(t, script, { secrets = {}, files = {} } = {}) {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'hook-worker-')));
  const directory = path.join(root, 'bundle');
  await mkdir(directory);
  await writeFile(path.join(root, 'outside.txt'), 'not for the Hook');
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), content);
  }

  const server = createServer();
  const socketPath = path.join(root, 'worker.sock');
  server.listen(socketPath);
  await once(server, 'listening');
  const flags = [permission, '--no-warnings', `--allow-fs-read=${workerFile}`, `--allow-fs-read=${directory}`];
  if (allowed.has('--allow-net')) flags.push('--allow-net');
  const child = spawn(process.execPath, [...flags, workerFile, socketPath], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {},
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const exited = once(child, 'exit').then(([code]) => code);
  const [socket] = await Promise.race([
    once(server, 'connection'),
    exited.then((code) => Promise.reject(new Error(`worker exited with ${code}: ${output}`))),
  ]);

  const replies = new Map(); // id -> list of replies
  const logs = [];
  const waiting = new Map(); // id, or 'first' -> resolve
  let first;
  let text = '';
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      if (message.log) {
        logs.push(message.log);
      } else if (message.ready || message.failed) {
        first = message;
        waiting.get('first')(message);
      } else {
        replies.set(message.id, [...(replies.get(message.id) ?? []), message]);
        waiting.get(message.id)?.(message);
      }
    }
  });
  const ended = exited.then(async (code) => {
    await sleep(50); // what it sent at last may still be on its way
    throw new Error(`worker exited with ${code}: ${output}`);
  });
  ended.catch(() => {});
  const reply = (id) => Promise.race([new Promise((resolve) => waiting.set(id, resolve)), ended]);
  t.after(async () => {
    socket.destroy();
    server.close(); // kept open until now, so that a test that waits for nothing fails by its time
    child.kill('SIGKILL');
    await exited;
    await rm(root, { recursive: true, force: true });
  });

  const started = reply('first');
  let calls = 0;
  const worker = {
    socket,
    exited,
    logs,
    directory,
    first: undefined,
    output: () => output,
    replies: (id) => replies.get(id) ?? [],
    /** Sends a call; resolves to its reply. */
    call(change = {}, id = `call-${++calls}`) {
      const answer = reply(id);
      socket.write(JSON.stringify({ id, call: { ...input, ...change } }) + '\n');
      return answer;
    },
    /** The text of every log line, once there are `count`. */
    async texts(count) {
      for (const end = Date.now() + 5_000; logs.length < count && Date.now() < end;) await sleep(5);
      return logs.map((line) => line.text);
    },
  };
  socket.write(JSON.stringify({ start: { directory, name: 'a hook', script, secrets } }) + '\n');
  worker.first = await started;
  return worker;
}

/** Starts a worker and calls it once; resolves to the reply. */
export async function callOnce(t, script, options, change) {
  const worker = await startWorker(t, script, options);
  if (!worker.first.ready) throw new Error(JSON.stringify(worker.first));
  return worker.call(change);
}

/** A Hook with this body. */
export const hook = (body) => `module.exports = function (client, scope, audience, context, cb) { ${body} };`;

/** Fails after some time instead of never. */
export async function soon(promise, ms = 5_000) {
  return Promise.race([
    promise,
    new Promise((_, reject) => setTimeout(reject, ms, new Error(`nothing within ${ms} ms`)).unref()),
  ]);
}
