// The load and its bookkeeping; run.sh starts it. Whatever it starts it stops by process id.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { CLASS_PATH, JAVA, QUIET, Server, endWith, here, machine, median, report, spread, start, stop } from './server.mjs';

const HELP = `usage: bench/run.sh [options]
  --algorithms RS256,ES256,EdDSA   in this order in each round
  --rounds 5         each: the raw signer, the server, the raw signer, per algorithm
  --seconds 4        of load per algorithm and round; the raw signer signs a quarter of it before and after
  --warmup 15        seconds of load per algorithm before the first round, for the JIT compilers
  --clients 10000    registered clients; requests come from them by chance
  --active N         requests come from the first N only
  --connections 64
  --server NAME=DIR  a checkout or a copy of one (jeton, .mvn, server/target, cli/target); repeat to compare in
                     the same rounds; default is this checkout
  --async            audit.durability: async instead of commit
  --what NAME        writes results/<date>-NAME.md; otherwise the table goes to standard output only
`;
const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean' },
    algorithms: { type: 'string', default: 'RS256,ES256,EdDSA' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '15' },
    clients: { type: 'string', default: '10000' },
    active: { type: 'string' },
    connections: { type: 'string', default: '64' },
    server: { type: 'string', multiple: true },
    async: { type: 'boolean', default: false },
    what: { type: 'string' },
  },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const algorithms = options.algorithms.split(',');
const rounds = Number(options.rounds);
const clients = Number(options.clients);
const active = Number(options.active ?? options.clients);

/** The raw signer on the server's core: asks it to sign for a while. */
function rawSigner() {
  const child = start('taskset', ['-c', '0', JAVA, ...QUIET, '-XX:+UseSerialGC', '-Xmx64m', '-cp', CLASS_PATH,
    'dev.jeton.bench.RawSigning'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async measure(algorithm, bytes, ms) {
      child.stdin.write(`${algorithm} ${bytes} ${ms}\n`);
      const [signatures, wall, cpu] = (await answers.next()).value.split(' ').map(Number);
      return { signatures, wall: wall / 1e9, cpu: cpu / 1e9 };
    },
  };
}

class LoadedServer extends Server {
  /** An API per algorithm, one client with a grant for each, and copies of that client. */
  async fill() {
    await this.start();
    const admin = await this.admin();
    const client = await this.post('api/v2/clients',
      { name: 'Import job', app_type: 'non_interactive', grant_types: ['client_credentials'] }, admin);
    this.client = { client_id: client.client_id, client_secret: client.client_secret };
    this.inputBytes = {};
    for (const algorithm of algorithms) {
      const identifier = audience(algorithm);
      await this.post('api/v2/resource-servers',
        { identifier, signing_alg: algorithm, scopes: [{ value: 'read:timesheets' }, { value: 'create:timesheets' }] }, admin);
      await this.post('api/v2/client-grants',
        { client_id: client.client_id, audience: identifier, scope: ['read:timesheets', 'create:timesheets'] }, admin);
      const { access_token: token } = await this.post('oauth/token',
        { grant_type: 'client_credentials', ...this.client, audience: identifier });
      this.inputBytes[algorithm] = token.lastIndexOf('.');
    }
    await stop(this.child);
    execFileSync(JAVA, [...QUIET, '-cp', CLASS_PATH, 'dev.jeton.bench.ClientCopies', join(this.data, 'jeton.db'),
      client.client_id, String(clients)]);
    this.startMs = await this.start();
    this.idleRss = this.memory('VmRSS');
  }
}

function audience(algorithm) {
  return `https://api.example.com/${algorithm.toLowerCase()}`;
}

const environment = { JETON_AUDIT_DURABILITY: options.async ? 'async' : 'commit' };
const servers = (options.server ?? [`jeton=${join(here, '..')}`])
  .map((text) => new LoadedServer(...text.split('='), environment));
for (const server of servers) {
  await server.fill();
}
const raw = rawSigner();
const inputBytes = servers[0].inputBytes;
const seconds = Number(options.seconds);
const load = { connections: options.connections, clients: active };
for (const algorithm of algorithms) {
  await raw.measure(algorithm, inputBytes[algorithm], 2000);
  for (const server of servers) {
    if (Number(options.warmup) > 0) await server.load(audience(algorithm), Number(options.warmup), load);
  }
}

const samples = [];
for (let round = 0; round < rounds; round++) {
  for (const algorithm of algorithms) {
    const sign = () => raw.measure(algorithm, inputBytes[algorithm], seconds * 250);
    let before = await sign();
    const order = round % 2 ? [...servers].reverse() : servers;
    for (const server of order) {
      const loaded = await server.load(audience(algorithm), seconds, load);
      const after = await sign();
      const signatures = before.signatures + after.signatures;
      const sample = {
        server, algorithm,
        raw: signatures / (before.wall + after.wall),
        rawCpu: signatures / (before.cpu + after.cpu),
        rate: loaded.requests / loaded.wall,
        rateCpu: loaded.requests / loaded.cpu,
        busy: loaded.cpu / loaded.wall,
        p50: loaded.p50_us / 1000, p99: loaded.p99_us / 1000,
        refused: loaded.refused, broken: loaded.broken,
      };
      samples.push(sample);
      process.stderr.write(`${round + 1} ${server.name} ${algorithm} raw ${sample.raw.toFixed(0)} rate ${sample.rate.toFixed(0)}`
        + ` ratio ${(sample.rate / sample.raw).toFixed(3)} by cpu ${(sample.rateCpu / sample.rawCpu).toFixed(3)}`
        + ` busy ${sample.busy.toFixed(2)} not 200 ${loaded.refused + loaded.broken}\n`);
      before = after;
    }
  }
}

const lines = [
  '| server | algorithm | raw signatures/s | tokens/s | ratio | ratio by CPU time | core used | p50 ms | p99 ms | not 200 |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];
for (const algorithm of algorithms) {
  for (const server of servers) {
    const of = samples.filter((sample) => sample.server === server && sample.algorithm === algorithm);
    const all = (value, digits) => spread(of.map(value), digits);
    const sum = (value) => of.map(value).reduce((a, b) => a + b, 0);
    lines.push(`| ${server.name} | ${algorithm} | ${all((s) => s.raw, 0)} | ${all((s) => s.rate, 0)}`
      + ` | ${all((s) => s.rate / s.raw, 2)} | ${all((s) => s.rateCpu / s.rawCpu, 2)} | ${all((s) => s.busy, 2)}`
      + ` | ${all((s) => s.p50, 1)} | ${all((s) => s.p99, 1)} | ${sum((s) => s.refused + s.broken)} |`);
  }
}
lines.push('', '| server | clients | start ms, to its ready line | RSS before load, MB | RSS after load, MB | highest RSS, MB |',
  '| --- | --- | --- | --- | --- | --- |');
for (const server of servers) {
  lines.push(`| ${server.name} | ${clients} | ${server.startMs} | ${server.idleRss.toFixed(0)}`
    + ` | ${server.memory('VmRSS').toFixed(0)} | ${server.memory('VmHWM').toFixed(0)} |`);
}
const text = `${lines.join('\n')}

Medians of ${rounds} interleaved rounds, in brackets the least and the greatest. ${seconds} s of load each, ${options.connections}
keep-alive connections, after ${options.warmup} s of warm-up per algorithm; ${clients} clients, ${active} of them asking;
\`audit.durability: ${options.async ? 'async' : 'commit'}\`, request lines written to a file. ${machine()}
`;
report(text, options.what);
await endWith(0);
