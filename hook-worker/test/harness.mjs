/** The server's side of the protocol, for the tests: runs worker.mjs under Node's permission model and talks to it. */
import assert from 'node:assert/strict';
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

/** What a Hook is told in the tests. */
export const input = {
  client: { name: 'Billing', id: 'client-1', tenant: 'shop', metadata: { plan: 'full' } },
  scope: ['read:orders', 'write:orders'],
  audience: 'https://orders.example',
  ip: '192.0.2.7',
  userAgent: 'curl/8',
};

/** What the server adds to it for Actions. */
export const actionInput = {
  ...input,
  requestedScope: ['read:orders'],
  request: {
    method: 'POST',
    hostname: 'issuer.example',
    language: 'en',
    body: { grant_type: 'client_credentials', client_id: 'client-1' },
  },
};

/**
 * Starts a worker with one Hook, in a new directory that holds `files`; `t` is the test, which stops it at its end.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} script
 * @param {{secrets?: Record<string, string>, files?: Record<string, string>}} [options]
 */
export function startWorker(t, script, options = {}) {
  return startBundle(t, [{ ...hookPart(script), ...options }], input);
}

/**
 * Starts a worker with these parts, each in a new directory that holds its `files`.
 *
 * @param {import('node:test').TestContext} t
 * @param {{kind: string, script: string, secrets?: Record<string, string>, files?: Record<string, string>}[]} bundle
 * @param {object} said what a call says unless the test changes it
 */
export async function startBundle(t, bundle, said = actionInput) {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'hook-worker-')));
  await writeFile(path.join(root, 'outside.txt'), 'not for the parts');
  const parts = [];
  for (const [i, { kind, script, secrets = {}, files = {} }] of bundle.entries()) {
    const directory = path.join(root, `part-${i}`);
    await mkdir(directory);
    parts.push({ kind, name: `part ${i}`, script, secrets, directory });
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
      await writeFile(path.join(directory, name), content);
    }
  }

  const server = createServer();
  const socketPath = path.join(root, 'worker.sock');
  server.listen(socketPath);
  await once(server, 'listening');
  const readable = [path.dirname(workerFile), ...parts.map((part) => part.directory)];
  const flags = [permission, '--no-warnings', ...readable.map((folder) => `--allow-fs-read=${folder}`)];
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
  const durations = new Map(); // id -> milliseconds of each part that ran
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
        // Durations are checked and taken out here, so that tests can state all the rest of a reply.
        assert.ok(message.ms.every((ms) => ms >= 0 && ms === Number(ms.toFixed(3))), line);
        durations.set(message.id, message.ms);
        delete message.ms;
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
    directory: parts[0].directory,
    first: undefined,
    output: () => output,
    replies: (id) => replies.get(id) ?? [],
    durations: (id) => durations.get(id),
    /** Sends a call; resolves to its reply. */
    call(change = {}, id = `call-${++calls}`) {
      const answer = reply(id);
      socket.write(JSON.stringify({ id, call: { ...said, ...change } }) + '\n');
      return answer;
    },
    /** The text of every log line, once there are `count`. */
    async texts(count) {
      for (const end = Date.now() + 5_000; logs.length < count && Date.now() < end;) await sleep(5);
      return logs.map((line) => line.text);
    },
  };
  socket.write(JSON.stringify({ start: { parts } }) + '\n');
  worker.first = await started;
  return worker;
}

/** Starts a worker and calls it once; resolves to the reply. */
export async function callOnce(t, script, options, change) {
  return answerOf(await startWorker(t, script, options), change);
}

/** Calls a worker that has just been started; resolves to the reply. */
export async function answerOf(worker, change) {
  if (!worker.first.ready) throw new Error(JSON.stringify(worker.first));
  return soon(worker.call(change));
}

/** A Hook with this body. */
export const hook = (body) => `module.exports = function (client, scope, audience, context, cb) { ${body} };`;

export const hookPart = (script) => ({ kind: 'hook', script });

export const actionPart = (script) => ({ kind: 'action', script });

/** An Action with this body. */
export const action = (body) => actionPart(`exports.onExecuteCredentialsExchange = async (event, api) => { ${body} };`);

/** Fails after some time instead of never. */
export async function soon(promise, ms = 5_000) {
  return Promise.race([
    promise,
    new Promise((_, reject) => setTimeout(reject, ms, new Error(`nothing within ${ms} ms`)).unref()),
  ]);
}
