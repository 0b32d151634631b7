// Latency at half of full load: requests leave at a steady rate, whether the server answers or not.
import { createInterface } from 'node:readline';
import { CLASS_PATH, JAVA, start, stop } from '../server.mjs';
import { AUDIENCE, FilledServer, of, progress, table, total } from './filled.mjs';

const CONNECTIONS = 256;

export async function latency({ rounds, seconds, warmup }) {
  const server = new FilledServer('latency');
  await server.fill(10_000);
  const samples = [];
  for (const algorithm of ['RS256', 'ES256']) {
    await server.sign(algorithm);
    const { rate } = await server.measure(warmup);
    const steady = steadyLoad(server); // afterwards: what is idle for a minute is cut off
    await steady.measure(rate / 2, 5);
    for (let round = 0; round < rounds; round++) {
      const full = await server.measure(seconds);
      const cpu = server.cpu();
      const half = await steady.measure(full.rate / 2, seconds * 2);
      samples.push({ algorithm, full, half, busy: (server.cpu() - cpu) / (half.us / 1e6) });
      progress(`latency ${algorithm} at ${(full.rate / 2).toFixed(0)}/s p50 ${half.p50} p99 ${half.p99} µs, late p99 ${half.late_p99} max ${half.late_max}`);
    }
    await stop(steady.child);
  }
  await stop(server.child);
  const columns = ['p50', 'p90', 'p99', 'p999', 'max'];
  const mine = (algorithm) => samples.filter((sample) => sample.algorithm === algorithm);
  return `## Latency at half of full load

${table(['algorithm', 'full, tokens/s', 'p50 ms, full', 'p99 ms, full', 'half, tokens/s', 'core used', ...columns.map((name) => `${name.replace('p999', 'p99.9')} ms`), 'not 200'],
    ['RS256', 'ES256'].map((algorithm) => [algorithm, of(mine(algorithm), (s) => s.full.rate, 0),
      of(mine(algorithm), (s) => s.full.p50_us / 1000, 1), of(mine(algorithm), (s) => s.full.p99_us / 1000, 1),
      of(mine(algorithm), (s) => s.half.requests / (s.half.us / 1e6), 0), of(mine(algorithm), (s) => s.busy),
      ...columns.map((name) => of(mine(algorithm), (s) => s.half[name] / 1000, 1)),
      total(mine(algorithm), (s) => s.full.failed + s.half.refused + s.half.unanswered)]))}

The load's own lag:

${table(['algorithm', 'late p99 ms', 'late at most ms', 'longest turn ms', 'waited for a connection'],
    ['RS256', 'ES256'].map((algorithm) => [algorithm, ...['late_p99', 'late_max', 'turn_max']
      .map((name) => of(mine(algorithm), (s) => s.half[name] / 1000)), total(mine(algorithm), (s) => s.half.waited)]))}

Full load is 64 connections that ask again as soon as they have an answer. At half, each request has its time, evenly spaced, and its
latency counts from that time on, also if it had to wait for one of ${CONNECTIONS} connections. An answer leaves after its record is
synced: at most one commit in 5 ms.
`;
}

function steadyLoad(server) {
  const child = start('taskset', ['-c', '1', JAVA, '-XX:+UseSerialGC', '-Xms96m', '-Xmn64m', '-Xmx256m', '-cp', CLASS_PATH,
    'dev.jeton.bench.SteadyLoad', server.issuer, AUDIENCE, server.client.client_secret, String(server.clients), String(CONNECTIONS)],
  { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async measure(perSecond, seconds) {
      child.stdin.write(`${perSecond.toFixed(1)} ${seconds}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('the steady load has ended');
      return JSON.parse(value);
    },
  };
}
