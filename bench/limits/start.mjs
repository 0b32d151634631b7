// The packaged server from the start of its process to its first token, and its first ten seconds under full load.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { start as startProcess, folder, stop } from '../server.mjs';
import { FilledServer, checkout, of, progress, request, table, total } from './filled.mjs';

const FIRST_SECONDS = 10;

export async function start({ starts }) {
  await train();
  const server = new FilledServer('start');
  await server.fill(100);
  await stop(server.child);
  const kinds = { 'with the cache': '', 'without it': '-XX:AOTMode=off' };
  const samples = [];
  for (let round = 0; round <= starts; round++) {
    for (const [kind, javaOptions] of Object.entries(kinds)) {
      const sample = await firstToken(server, javaOptions);
      progress(`start ${kind} ${sample.token.toFixed(0)} ms, ${sample.cpu.toFixed(2)} s of CPU time`);
      if (round > 0) samples.push({ kind, ...sample }); // before the first, files were not in the system's cache
    }
  }
  return `## From the start of the process to the first token

${table(['ahead-of-time cache', 'ready line, ms', 'first token, ms', 'CPU seconds until then'],
    Object.keys(kinds).map((kind) => {
      const mine = samples.filter((sample) => sample.kind === kind);
      return [kind, of(mine, (s) => s.ready, 0), of(mine, (s) => s.token, 0), of(mine, (s) => s.cpu)];
    }))}

\`./jeton serve\` on one core with a data folder that exists, 100 clients, ${starts} starts of each kind in turn; the token is asked for
when the ready line is out.
`;
}

/** What \`./jeton quickstart\` does at its first run: the cache of what a start loads. */
async function train() {
  const jar = join(checkout, 'server/target/jeton-server.jar');
  const target = join(checkout, 'target');
  const isThere = existsSync(target) && readdirSync(target)
    .some((name) => /^server-.*\.aot$/.test(name) && statSync(join(target, name)).mtimeMs > statSync(jar).mtimeMs);
  if (isThere) return;
  const child = startProcess(join(checkout, 'jeton'), ['quickstart', '--port', '0', '--data', join(folder, 'trained')],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('Jeton is ready at')) break;
  }
  child.stdout.resume();
  await stop(child);
}

async function firstToken(server, javaOptions) {
  const began = performance.now();
  const child = startProcess('taskset', ['-c', '0', join(checkout, 'jeton'), 'serve', '--port', '0', '--data', server.data],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, JETON_JAVA_OPTIONS: javaOptions } });
  let issuer;
  for await (const line of createInterface({ input: child.stdout })) {
    issuer = line.match(/^Jeton is ready at (\S+)$/)?.[1];
    if (issuer) break;
  }
  if (!issuer) throw new Error('the server did not start');
  const ready = performance.now() - began;
  const response = await fetch(`${issuer}oauth/token`,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: request(server) });
  const text = await response.text();
  const token = performance.now() - began;
  if (!text.includes('"access_token"')) throw new Error(`the first answer is ${response.status} ${text}`);
  server.child = child;
  const cpu = server.cpu();
  child.stdout.resume();
  await stop(child);
  return { ready, token, cpu };
}

/** A text and the panels of a plot. */
export async function firstSeconds({ rounds, seconds, warmup }) {
  await train();
  const samples = [];
  for (const algorithm of ['RS256', 'ES256']) {
    const server = new FilledServer(`seconds-${algorithm}`);
    await server.fill(10_000);
    await server.sign(algorithm);
    for (let round = 0; round < rounds; round++) {
      await stop(server.child);
      await server.start();
      const each = [];
      for (let second = 0; second < FIRST_SECONDS; second++) each.push(await server.measure(1));
      await server.measure(warmup);
      const warm = await server.measure(seconds);
      samples.push({ algorithm, each, warm });
      progress(`seconds ${algorithm} ${each.map((s) => (s.rate / warm.rate).toFixed(2)).join(' ')} of ${warm.rate.toFixed(0)}`);
    }
    await stop(server.child);
  }
  const second = [...Array(FIRST_SECONDS).keys()];
  const text = `## The first ten seconds

${table(['algorithm', 'warm, tokens/s', ...second.map((i) => `s ${i + 1}`), 'p99 ms in s 1', 'not 200'],
    ['RS256', 'ES256'].map((algorithm) => {
      const mine = samples.filter((sample) => sample.algorithm === algorithm);
      return [algorithm, of(mine, (s) => s.warm.rate, 0), ...second.map((i) => of(mine, (s) => s.each[i].rate / s.warm.rate)),
        of(mine, (s) => s.each[0].p99_us / 1000, 0),
        total(mine, (s) => total([...s.each, s.warm], (one) => one.failed))];
    }))}

Tokens in each second after the ready line of a fresh process, as a part of the rate of the same process later; 64 connections from
the first moment, 10,000 clients, the JIT compilers on the same core.
`;
  const panels = ['RS256', 'ES256'].map((algorithm) => ({
    name: `${algorithm}: part of the warm rate in each second after the start`,
    bars: second.map((i) => ({
      label: `second ${i + 1}`,
      values: samples.filter((sample) => sample.algorithm === algorithm).map((s) => s.each[i].rate / s.warm.rate),
    })),
  }));
  return { text, panels };
}
