// The load and its bookkeeping; run.sh starts it. Whatever it starts it stops by process id.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { plot } from './plot.mjs';
import { PostgreSql } from './postgres.mjs';
import { CLASS_PATH, JAVA, QUIET, Server, check, endWith, here, machine, report, spread, start } from './server.mjs';

const HELP = `usage: bench/run.sh [options]
  --algorithms RS256,ES256,EdDSA   in this order in each round
  --audit sqlite,postgresql,async  where a server's data is and when an answer leaves: a server for each of them, the
                     first two with audit.durability: commit, async on SQLite
  --rounds 5         each: the raw signer, a server, the raw signer, the next server, and so on, per algorithm
  --seconds 4        of load per server, algorithm and round; the raw signer signs a quarter of it before and after
  --warmup 40        seconds of load per server and algorithm before the first round, for the JIT compilers
  --clients 10000    registered clients; requests come from them by chance
  --active N         requests come from the first N only
  --connections 64
  --server NAME=DIR  a checkout or a copy of one (jeton, .mvn, server/target, cli/target); repeat to compare in
                     the same rounds; default is this checkout
  --what NAME        writes results/<date>-NAME.md; otherwise the table goes to standard output only
`;
const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean' },
    algorithms: { type: 'string', default: 'RS256,ES256,EdDSA' },
    audit: { type: 'string', default: 'sqlite,postgresql,async' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '40' },
    clients: { type: 'string', default: '10000' },
    active: { type: 'string' },
    connections: { type: 'string', default: '64' },
    server: { type: 'string', multiple: true },
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

function audience(algorithm) {
  return `https://api.example.com/${algorithm.toLowerCase()}`;
}

/** What the words of --audit mean. */
const AUDITS = {
  sqlite: { label: 'commit, SQLite', durability: 'commit' },
  postgresql: { label: 'commit, PostgreSQL', durability: 'commit' },
  async: { label: 'async, SQLite', durability: 'async' },
};

async function startServer(name, checkout, audit) {
  if (!AUDITS[audit]) throw new Error(`--audit ${audit} is none of ${Object.keys(AUDITS)}`);
  const database = audit === 'postgresql' ? new PostgreSql(`${name}-database`) : undefined;
  await database?.start();
  const server = new Server(`${name}-${audit}`, checkout,
    { JETON_AUDIT_DURABILITY: AUDITS[audit].durability, ...database?.environment() });
  await server.fill(Object.fromEntries(algorithms.map((algorithm) => [audience(algorithm), algorithm])), clients);
  const label = `${options.server ? `${name}: ` : ''}${AUDITS[audit].label}`;
  return Object.assign(server, { label, database, idleRss: server.memory('VmRSS') });
}

const servers = [];
for (const text of options.server ?? [`jeton=${join(here, '..')}`]) {
  for (const audit of options.audit.split(',')) {
    servers.push(await startServer(...text.split('='), audit));
  }
}
const raw = rawSigner();
const inputBytes = {};
for (const algorithm of algorithms) {
  inputBytes[algorithm] = (await servers[0].token(audience(algorithm))).lastIndexOf('.');
}
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
      await check(await server.token(audience(algorithm)), algorithm, server.jwks);
      const databaseCpu = server.database?.cpu();
      const loaded = await server.load(audience(algorithm), seconds, load);
      if (loaded.requests === 0) throw new Error(`${server.label} gave no answer in ${seconds} s`);
      const databaseTook = server.database?.cpu() - databaseCpu;
      const after = await sign();
      const signatures = before.signatures + after.signatures;
      const sample = {
        server, algorithm,
        raw: signatures / (before.wall + after.wall),
        rawCpu: signatures / (before.cpu + after.cpu),
        rate: loaded.requests / loaded.wall,
        rateCpu: loaded.requests / loaded.cpu,
        databaseCpu: databaseTook / loaded.requests,
        busy: loaded.cpu / loaded.wall,
        p50: loaded.p50_us / 1000, p99: loaded.p99_us / 1000,
        failed: loaded.refused + loaded.broken,
      };
      samples.push(sample);
      process.stderr.write(`${round + 1} ${algorithm} ${server.label}: raw ${sample.raw.toFixed(0)} rate ${sample.rate.toFixed(0)}`
        + ` ratio ${(sample.rate / sample.raw).toFixed(3)} by cpu ${(sample.rateCpu / sample.rawCpu).toFixed(3)}`
        + ` busy ${sample.busy.toFixed(2)} not 200 ${sample.failed}\n`);
      before = after;
    }
  }
}

const lines = [
  '| algorithm | audit | raw signatures/s | tokens/s | ratio | ratio by CPU time | CPU per token, µs | core used | p50 ms | p99 ms | not 200 |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];
const panels = [];
for (const algorithm of algorithms) {
  const all = samples.filter((sample) => sample.algorithm === algorithm);
  const bars = [{ label: 'raw signatures', values: all.map((s) => s.raw), reference: true }];
  for (const server of servers) {
    const own = all.filter((sample) => sample.server === server);
    const values = (value, digits) => spread(own.map(value), digits);
    lines.push(`| ${algorithm} | ${server.label} | ${values((s) => s.raw, 0)} | ${values((s) => s.rate, 0)}`
      + ` | ${values((s) => s.rate / s.raw, 2)} | ${values((s) => s.rateCpu / s.rawCpu, 2)}`
      + ` | ${values((s) => 1e6 / s.rateCpu, 0)} | ${values((s) => s.busy, 2)}`
      + ` | ${values((s) => s.p50, 1)} | ${values((s) => s.p99, 1)} | ${own.reduce((sum, s) => sum + s.failed, 0)} |`);
    bars.push({ label: server.label, values: own.map((s) => s.rate) });
  }
  panels.push({ name: algorithm, bars });
}
lines.push('', '| audit | clients | start ms, to its ready line | RSS before load, MB | RSS after load, MB | highest RSS, MB | PostgreSQL\'s own CPU per token, µs |',
  '| --- | --- | --- | --- | --- | --- | --- |');
for (const server of servers) {
  const databaseCpu = samples.filter((sample) => sample.server === server).map((s) => s.databaseCpu * 1e6);
  lines.push(`| ${server.label} | ${clients} | ${server.startMs} | ${server.idleRss.toFixed(0)}`
    + ` | ${server.memory('VmRSS').toFixed(0)} | ${server.memory('VmHWM').toFixed(0)}`
    + ` | ${server.database ? spread(databaseCpu, 0) : '–'} |`);
}
const text = `${lines.join('\n')}

Medians of ${rounds} interleaved rounds, in brackets the least and the greatest. ${seconds} s of load each, ${options.connections}
keep-alive connections, after ${options.warmup} s of warm-up per algorithm; ${clients} clients, ${active} of them asking; request lines
written to a file. In each round one token of each server was checked with the server's JWKS. PostgreSQL has its files on the same disk
and runs on the load's core, so its work is in the tokens per second, not in the CPU per token.
${machine()}${servers.some((server) => server.database) ? ` ${PostgreSql.version()}.` : ''}
`;
report(text, options.what, plot('Tokens per second on one core beside raw signatures', panels));
await endWith(0);
