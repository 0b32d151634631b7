// Thousands of connections at once, all of which ask, beside 64.
import { setTimeout as sleep } from 'node:timers/promises';
import { stop } from '../server.mjs';
import { FilledServer, of, progress, table, total } from './filled.mjs';

export async function connections({ rounds, seconds, warmup, connections: many }) {
  const server = new FilledServer('connections');
  await server.fill(10_000);
  const length = Math.max(seconds * 2, 8); // each connection shall be answered more than once
  const samples = [];
  for (const algorithm of ['RS256', 'ES256']) {
    await server.sign(algorithm);
    await server.measure(warmup);
    await server.measure(length, { connections: many });
    for (let round = 0; round < rounds; round++) {
      const sample = { algorithm };
      for (const [name, count] of round % 2 ? [['all', many], ['few', 64]] : [['few', 64], ['all', many]]) {
        let rss;
        const meanwhile = async () => {
          await sleep((length - 1) * 1000);
          rss = server.memory('VmRSS');
        };
        sample[name] = { ...await server.measure(length, { connections: count, meanwhile }), rss };
      }
      samples.push(sample);
      progress(`connections ${algorithm} ${round + 1} ratio ${(sample.all.rate / sample.few.rate).toFixed(3)}`
        + ` by cpu ${(sample.all.rateCpu / sample.few.rateCpu).toFixed(3)} failed ${sample.all.failed}`);
    }
  }
  await stop(server.child);
  return `## ${many.toLocaleString('en')} connections at once

${table(['algorithm', 'tokens/s, 64', `tokens/s, ${many}`, 'ratio', 'ratio by CPU time', `p50 ms, ${many}`, `p99 ms, ${many}`,
    'RSS MB, 64', `RSS MB, ${many}`, 'kB per connection', 'not 200 or broken'],
    ['RS256', 'ES256'].map((algorithm) => {
      const mine = samples.filter((sample) => sample.algorithm === algorithm);
      return [algorithm, of(mine, (s) => s.few.rate, 0), of(mine, (s) => s.all.rate, 0), of(mine, (s) => s.all.rate / s.few.rate),
        of(mine, (s) => s.all.rateCpu / s.few.rateCpu), of(mine, (s) => s.all.p50_us / 1000, 0),
        of(mine, (s) => s.all.p99_us / 1000, 0), of(mine, (s) => s.few.rss, 0), of(mine, (s) => s.all.rss, 0),
        of(mine, (s) => (s.all.rss - s.few.rss) * 1024 / (many - 64), 1), total(mine, (s) => s.few.failed + s.all.failed)];
    }))}

Keep-alive connections over plain HTTP, each with one request at a time, ${length} s of each; memory a second before the end. With all
of them asking, each waits for all others: ${many} divided by the rate.
`;
}
