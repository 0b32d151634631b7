// A million clients beside a hundred: each asks by chance, and each has one grant.
import { statSync } from 'node:fs';
import { stop } from '../server.mjs';
import { FilledServer, of, progress, table, total } from './filled.mjs';

export async function million({ rounds, seconds, warmup, clients }) {
  const few = new FilledServer('few');
  const many = new FilledServer('many');
  await few.fill(100);
  await many.fill(clients);
  const sizes = [few, many].map((server) => statSync(server.database()).size);
  const before = [few, many].map((server) => ({ heap: server.heap(), rss: server.memory('VmRSS') }));

  const samples = [];
  for (const algorithm of ['RS256', 'ES256']) {
    for (const server of [few, many]) {
      await server.sign(algorithm);
      await server.measure(warmup);
    }
    for (let round = 0; round < rounds; round++) {
      const sample = { algorithm };
      for (const server of round % 2 ? [many, few] : [few, many]) {
        sample[server.name] = await server.measure(seconds);
      }
      samples.push(sample);
      progress(`million ${algorithm} ${round + 1} ratio ${(sample.many.rate / sample.few.rate).toFixed(3)}`
        + ` by cpu ${(sample.many.rateCpu / sample.few.rateCpu).toFixed(3)}`);
    }
  }
  const after = [few, many].map((server) => server.memory('VmRSS'));
  await Promise.all([few, many].map((server) => stop(server.child)));

  const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(0);
  const perClient = (difference) => (difference / (clients - 100)).toFixed(0);
  return `## ${clients.toLocaleString('en')} clients with a grant each, beside 100

${table(['algorithm', 'tokens/s, 100', 'tokens/s, all', 'ratio', 'ratio by CPU time', 'p50 ms', 'p99 ms', 'not 200'],
    ['RS256', 'ES256'].map((algorithm) => {
      const mine = samples.filter((sample) => sample.algorithm === algorithm);
      return [algorithm, of(mine, (s) => s.few.rate, 0), of(mine, (s) => s.many.rate, 0),
        of(mine, (s) => s.many.rate / s.few.rate), of(mine, (s) => s.many.rateCpu / s.few.rateCpu),
        of(mine, (s) => s.many.p50_us / 1000, 1), of(mine, (s) => s.many.p99_us / 1000, 1),
        total(mine, (s) => s.few.failed + s.many.failed)];
    }))}

${table(['clients', 'start s, to its ready line', 'CPU seconds until then', 'heap MB after a collection', 'RSS MB after the start', 'RSS MB after the load', 'database MB'],
    [few, many].map((server, i) => [server.clients, (server.startMs / 1000).toFixed(1), server.startCpu.toFixed(1), megabytes(before[i].heap),
      before[i].rss.toFixed(0), after[i].toFixed(0), (sizes[i] / 2 ** 20).toFixed(1)]))}

A client with its grant takes ${perClient(before[1].heap - before[0].heap)} bytes of heap,
${perClient((before[1].rss - before[0].rss) * 2 ** 20)} of the whole process after the start and
${perClient((after[1] - after[0]) * 2 ** 20)} after the load, with the room that the heap keeps free.
`;
}
