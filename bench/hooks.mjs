// The rate with users' code to the rate without, in the same rounds; hooks.sh starts it. Stops what it starts by process id.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plot } from './plot.mjs';
import { Server, endWith, here, machine, median, report, spread } from './server.mjs';

const HELP = `usage: bench/hooks.sh [options]
  --algorithm RS256  of the API
  --rounds 5         each: every server in turn, under load and then with one connection
  --seconds 4        of load per server and round
  --warmup 30        seconds of load per server before the first round, for the JIT compilers
  --connections 64
  --no-network       hooks.network: false
  --what NAME        writes results/<date>-NAME.md; otherwise the table goes to standard output only
`;
const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean' },
    algorithm: { type: 'string', default: 'RS256' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '30' },
    connections: { type: 'string', default: '64' },
    'no-network': { type: 'boolean', default: false },
    what: { type: 'string' },
  },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const AUDIENCE = 'https://api.example.com/timesheets';
const TRIGGER = 'credentials-exchange';
const CLAIM = `module.exports = function (client, scope, audience, context, cb) {
  cb(null, { scope, 'https://example.com/plan': client.metadata.plan || 'free' });
};`;
const WAITING = `module.exports = function (client, scope, audience, context, cb) {
  setTimeout(() => cb(null, { scope, 'https://example.com/plan': 'free' }), 50);
};`;
const action = (name) => `exports.onExecuteCredentialsExchange = async (event, api) => {
  api.accessToken.setCustomClaim('https://example.com/${name}', event.client.name);
};`;

/** What runs in each server before a token is signed. */
const CODE = {
  nothing: async () => {},
  'a Hook that adds a claim': (server, admin) => hook(server, admin, CLAIM),
  'two Actions that add a claim each': async (server, admin) => {
    for (const name of ['first', 'second']) {
      await server.post('api/v2/actions/actions',
        { name, supported_triggers: [{ id: TRIGGER, version: 'v2' }], code: action(name), deploy: true }, admin);
    }
    await server.call('PATCH', `api/v2/actions/triggers/${TRIGGER}/bindings`,
      { bindings: ['first', 'second'].map((value) => ({ ref: { type: 'action_name', value }, display_name: value })) }, admin);
  },
  'a Hook that waits 50 ms': (server, admin) => hook(server, admin, WAITING),
};

function hook(server, admin, script) {
  return server.post('api/v2/hooks', { name: 'benchmark', triggerId: TRIGGER, enabled: true, script }, admin);
}

async function fill(server) {
  await server.fill({ [AUDIENCE]: options.algorithm });
  await CODE[server.name](server, await server.admin());
  const token = await server.token(AUDIENCE);
  const claims = Object.keys(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')));
  if (claims.some((name) => name.startsWith('https://example.com/')) !== (server.name !== 'nothing')) {
    throw new Error(`${server.name}: the token has the claims ${claims}`);
  }
}

/** Resident memory of each worker, and the part that it shares with nobody, in MB. */
function workers(server) {
  return server.below().flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('jeton ')) return [];
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      const mb = (name) => [...rollup.matchAll(new RegExp(`^${name}:\\s+(\\d+) kB`, 'gm'))]
        .reduce((sum, match) => sum + Number(match[1]), 0) / 1024;
      return [{ resident: mb('Rss'), own: mb('Private_(?:Clean|Dirty)') }];
    } catch {
      return []; // it has ended
    }
  });
}

const environment = { JETON_HOOKS_NETWORK: String(!options['no-network']) };
const servers = Object.keys(CODE).map((name) => new Server(name, join(here, '..'), environment));
for (const server of servers) {
  await fill(server);
}
const seconds = Number(options.seconds);
const full = { connections: options.connections };
for (const server of servers) {
  if (Number(options.warmup) > 0) await server.load(AUDIENCE, Number(options.warmup), full);
}

const rounds = [];
for (let round = 0; round < Number(options.rounds); round++) {
  const samples = {};
  for (const server of round % 2 ? [...servers].reverse() : servers) {
    const loaded = await server.load(AUDIENCE, seconds, full);
    const found = workers(server);
    const alone = await server.load(AUDIENCE, 1, { connections: 1 });
    samples[server.name] = {
      rate: loaded.requests / loaded.wall,
      rateCpu: loaded.requests / loaded.cpu,
      p50: loaded.p50_us / 1000, p99: loaded.p99_us / 1000,
      alone50: alone.p50_us / 1000,
      failed: loaded.refused + loaded.broken + alone.refused + alone.broken,
      workers: found.length,
      resident: found.map((worker) => worker.resident),
      own: found.map((worker) => worker.own),
    };
    process.stderr.write(`${round + 1} ${server.name}: ${samples[server.name].rate.toFixed(0)} tokens/s,`
      + ` ${found.length} workers, not 200: ${samples[server.name].failed}\n`);
  }
  rounds.push(samples);
}

const lines = [
  `| ${options.algorithm}, with | tokens/s | ratio | ratio by CPU time | p50 ms | p99 ms | added p50 | added p99 | added p50 with one connection | not 200 |`,
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];
const memory = [
  '| with | workers under load | MB each, resident | MB each, shared with nobody |',
  '| --- | --- | --- | --- |',
];
for (const { name } of servers) {
  const all = (value, digits) => spread(rounds.map((round) => value(round[name], round.nothing)), digits);
  const added = (value) => (name === 'nothing' ? '–' : all((s, without) => s[value] - without[value], 2));
  const ratio = (value) => (name === 'nothing' ? '1' : all((s, without) => s[value] / without[value], 2));
  lines.push(`| ${name} | ${all((s) => s.rate, 0)} | ${ratio('rate')} | ${ratio('rateCpu')}`
    + ` | ${all((s) => s.p50, 1)} | ${all((s) => s.p99, 1)} | ${added('p50')} | ${added('p99')} | ${added('alone50')}`
    + ` | ${rounds.reduce((sum, round) => sum + round[name].failed, 0)} |`);
  if (name !== 'nothing') {
    const each = (value) => median(rounds.flatMap((round) => round[name][value])).toFixed(0);
    memory.push(`| ${name} | ${all((s) => s.workers, 0)} | ${each('resident')} | ${each('own')} |`);
  }
}
report(`${[...lines, '', ...memory].join('\n')}

Medians of ${rounds.length} interleaved rounds, in brackets the least and the greatest; ratios and what is added are to the server
without code in the same round. ${seconds} s of load each over ${options.connections} keep-alive connections, after ${options.warmup} s of warm-up. Server and workers
share one core. ${machine()}
`, options.what, plot(`Tokens per second with users' code, ${options.algorithm}, on one core`, [{
  name: 'Server and workers share the core',
  bars: servers.map(({ name }) => ({
    label: name === 'nothing' ? 'no code' : name, values: rounds.map((round) => round[name].rate), reference: name === 'nothing',
  })),
}]));
await endWith(0);
