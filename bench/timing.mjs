// The times of the answers to unknown clients and to wrong secrets, and whether they differ; timing.sh starts it.
import { randomBytes, randomInt } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Server, endWith, here, machine, report } from './server.mjs';

const HELP = `usage: bench/timing.sh [options]
  --samples 20000    requests of each of the three kinds
  --warmup 20000     requests before them, for the JIT compilers
  --clients 1000     registered clients, whose ids the wrong secrets come with
  --what NAME        writes results/<date>-NAME.md; otherwise the table goes to standard output only
`;
const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean' },
    samples: { type: 'string', default: '20000' },
    warmup: { type: 'string', default: '20000' },
    clients: { type: 'string', default: '1000' },
    what: { type: 'string' },
  },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

/** As the server makes ids and secrets. */
const word = (length) => randomBytes(length).toString('base64url').slice(0, length).replace(/[-_]/g, 'x');

/** One connection, one request after the other: the time from the last octet sent to the first that comes back. */
class Line {
  constructor(url) {
    this.socket = connect(Number(url.port), url.hostname);
    this.socket.setNoDelay(true);
    this.host = url.host;
    this.ready = new Promise((resolve) => this.socket.once('connect', resolve));
  }

  ask(id) {
    const body = `grant_type=client_credentials&client_id=${id}&client_secret=${word(64)}&audience=x`;
    const request = `POST /oauth/token HTTP/1.1\r\nHost: ${this.host}\r\n`
      + `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    return new Promise((resolve, reject) => {
      this.socket.once('close', () => reject(new Error('the server hung up')));
      const began = process.hrtime.bigint();
      this.socket.once('data', (data) => {
        const nanos = Number(process.hrtime.bigint() - began);
        this.socket.removeAllListeners('close');
        const answer = data.toString('latin1');
        if (!answer.startsWith('HTTP/1.1 401 ') || !answer.endsWith('}')) {
          reject(new Error(`not the answer that is measured: ${answer}`));
        } else {
          resolve(nanos / 1000);
        }
      });
      this.socket.write(request);
    });
  }
}

// Without the throttle, which counts both kinds alike, every answer is the same 401. The audit log writes the first ten a
// minute one by one and waits for the disk, and counts all the others: so the slowest of each minute are of either kind.
const server = new Server('timing', join(here, '..'), { JETON_THROTTLE_ENABLED: 'false' });
await server.start();
const admin = await server.admin();
const known = [];
for (let i = 0; i < Number(options.clients); i++) {
  const client = await server.post('api/v2/clients', { name: `Job ${i}`, app_type: 'non_interactive' }, admin);
  known.push(client.client_id);
}
const length = known[0].length;
const KINDS = {
  'wrong secret': () => known[randomInt(known.length)],
  'unknown client': () => word(length),
  'unknown client again': () => word(length),
};
const names = Object.keys(KINDS);

const line = new Line(new URL(server.issuer));
await line.ready;
for (let i = 0; i < Number(options.warmup); i++) {
  await line.ask(KINDS[names[randomInt(names.length)]]());
}
const times = Object.fromEntries(names.map((name) => [name, []]));
for (let left = Number(options.samples) * names.length; left > 0; left--) {
  const name = names[randomInt(names.length)];
  times[name].push(await line.ask(KINDS[name]()));
}
for (const name of names) times[name].sort((a, b) => a - b);

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];

/** The greatest distance of the two distribution functions, and the chance of such a one between two alike. */
function kolmogorovSmirnov(a, b) {
  let [i, j, distance] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j]);
    while (i < a.length && a[i] <= value) i++;
    while (j < b.length && b[j] <= value) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  const lambda = distance * Math.sqrt((a.length * b.length) / (a.length + b.length));
  let chance = 0;
  for (let k = 1; k <= 100; k++) chance += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return { distance, chance: lambda < 0.2 ? 1 : Math.min(1, Math.max(0, chance)) };
}

/** The difference of the medians, and where 95 of 100 such measurements would find it: by drawing anew from the samples. */
function differenceOfMedians(a, b, draws = 1000) {
  // The rank of the median of n draws from a sorted sample is nearly normal, with n/2 ± √n/2.
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const drawn = (sorted) => quantile(sorted, 0.5 + (normal() * 0.5) / Math.sqrt(sorted.length));
  const differences = Array.from({ length: draws }, () => drawn(a) - drawn(b)).sort((x, y) => x - y);
  return {
    difference: quantile(a, 0.5) - quantile(b, 0.5),
    from: quantile(differences, 0.025),
    to: quantile(differences, 0.975),
  };
}

const lines = [
  '| answered to | answers | p10 µs | p50 µs | p90 µs | p99 µs |',
  '| --- | --- | --- | --- | --- | --- |',
  ...names.map((name) => `| ${name} | ${times[name].length} | `
    + `${[0.1, 0.5, 0.9, 0.99].map((q) => quantile(times[name], q).toFixed(1)).join(' | ')} |`),
  '',
  '| compared | difference of the medians, µs | 95 % of such differences | Kolmogorov–Smirnov distance | chance of it between two alike |',
  '| --- | --- | --- | --- | --- |',
];
for (const [one, other] of [[names[0], names[1]], [names[1], names[2]]]) {
  const { difference, from, to } = differenceOfMedians(times[one], times[other]);
  const { distance, chance } = kolmogorovSmirnov(times[one], times[other]);
  lines.push(`| ${one} − ${other} | ${difference.toFixed(2)} | ${from.toFixed(2)} to ${to.toFixed(2)}`
    + ` | ${distance.toFixed(4)} | ${chance.toFixed(3)} |`);
}
report(`${lines.join('\n')}

One connection, one request at a time, the kinds by chance order; ${known.length} registered clients, \`throttle.enabled: false\`.
The second comparison is of one kind with itself: what the first has beyond it is what a stranger could learn. ${machine()}
`, options.what);
await endWith(0);
