// The load and its bookkeeping; run.sh starts it. Whatever it starts it stops by process id.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, existsSync, mkdirSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
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
const JAVA = join(process.env.JAVA_HOME, 'bin/java');
const CLASS_PATH = [join(here, 'target/classes'), join(here, '../server/target/jeton-server.jar')].join(':');
const QUIET = ['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow'];
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

const started = [];
const folder = mkdtempSync(join(tmpdir(), 'jeton-bench-'));
process.on('exit', () => {
  for (const child of started) {
    try { process.kill(child.pid, 'SIGKILL'); } catch { /* it has ended */ }
  }
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(1));
}

function start(command, args, spawnOptions) {
  const child = spawn(command, args, spawnOptions);
  child.ended = new Promise((end) => child.on('exit', end));
  started.push(child);
  return child;
}

async function stop(child) {
  child.kill('SIGTERM');
  await child.ended;
}

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

class Server {
  constructor(name, checkout) {
    this.name = name;
    this.checkout = resolve(checkout);
    this.data = join(folder, name);
    this.log = join(folder, `${name}.log`);
  }

  async start() {
    const began = Date.now();
    const log = openSync(this.log, 'w');
    this.child = start('taskset', ['-c', '0', join(this.checkout, 'jeton'), 'serve', '--port', '0', '--data', this.data], {
      stdio: ['ignore', log, log],
      env: { ...process.env, JETON_AUDIT_DURABILITY: options.async ? 'async' : 'commit' },
    });
    for (;;) {
      const ready = readFileSync(this.log, 'utf8').match(/^Jeton is ready at (\S+)$/m);
      if (ready) {
        this.issuer = ready[1];
        return Date.now() - began;
      }
      if (this.child.exitCode !== null || Date.now() - began > 120_000) {
        throw new Error(`${this.name} did not start:\n${readFileSync(this.log, 'utf8')}`);
      }
      await sleep(20);
    }
  }

  async post(path, body, token) {
    const response = await fetch(this.issuer + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /** An API per algorithm, one client with a grant for each, and copies of that client. */
  async fill() {
    await this.start();
    const cli = JSON.parse(readFileSync(join(this.data, 'cli.json'), 'utf8'));
    const credentials = { grant_type: 'client_credentials', client_id: cli.client_id, client_secret: cli.client_secret };
    const { access_token: admin } = await this.post('oauth/token', { ...credentials, audience: `${this.issuer}api/v2/` });
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

  memory(name) {
    return Number(readFileSync(`/proc/${this.child.pid}/status`, 'utf8').match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))[1]) / 1024;
  }

  /** Seconds the process was on a processor. */
  cpu() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  }

  async load(algorithm, seconds) {
    const cpu = this.cpu();
    const wrk = start('taskset', ['-c', '1', 'wrk', '-t', '1', '-c', options.connections, '-d', `${seconds}s`, '--latency',
      '--timeout', '10s', '-s', join(here, 'token.lua'), this.issuer, '--', audience(algorithm), this.client.client_secret,
      String(active), this.client.client_id], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    wrk.stdout.on('data', (data) => { output += data; });
    await wrk.ended;
    const result = JSON.parse(output.match(/^RESULT (.*)$/m)[1]);
    return { ...result, wall: result.us / 1e6, cpu: this.cpu() - cpu };
  }
}

function audience(algorithm) {
  return `https://api.example.com/${algorithm.toLowerCase()}`;
}

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const spread = (numbers, digits) =>
  `${median(numbers).toFixed(digits)} (${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)})`;

const servers = (options.server ?? [`jeton=${join(here, '..')}`]).map((text) => new Server(...text.split('=')));
for (const server of servers) {
  await server.fill();
}
const raw = rawSigner();
const inputBytes = servers[0].inputBytes;
const seconds = Number(options.seconds);
for (const algorithm of algorithms) {
  await raw.measure(algorithm, inputBytes[algorithm], 2000);
  for (const server of servers) {
    if (Number(options.warmup) > 0) await server.load(algorithm, Number(options.warmup));
  }
}

const samples = [];
for (let round = 0; round < rounds; round++) {
  for (const algorithm of algorithms) {
    const sign = () => raw.measure(algorithm, inputBytes[algorithm], seconds * 250);
    let before = await sign();
    const order = round % 2 ? [...servers].reverse() : servers;
    for (const server of order) {
      const load = await server.load(algorithm, seconds);
      const after = await sign();
      const signatures = before.signatures + after.signatures;
      const sample = {
        server, algorithm,
        raw: signatures / (before.wall + after.wall),
        rawCpu: signatures / (before.cpu + after.cpu),
        rate: load.requests / load.wall,
        rateCpu: load.requests / load.cpu,
        busy: load.cpu / load.wall,
        p50: load.p50_us / 1000, p99: load.p99_us / 1000,
        refused: load.refused, broken: load.broken,
      };
      samples.push(sample);
      process.stderr.write(`${round + 1} ${server.name} ${algorithm} raw ${sample.raw.toFixed(0)} rate ${sample.rate.toFixed(0)}`
        + ` ratio ${(sample.rate / sample.raw).toFixed(3)} by cpu ${(sample.rateCpu / sample.rawCpu).toFixed(3)}`
        + ` busy ${sample.busy.toFixed(2)} not 200 ${load.refused + load.broken}\n`);
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
const version = (command, args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n')[0];
const wrkVersion = spawnVersion();
function spawnVersion() {
  try { return version('wrk', ['-v']); } catch (e) { return String(e.stdout).split('\n')[0]; }
}
const text = `${lines.join('\n')}

Medians of ${rounds} interleaved rounds, in brackets the least and the greatest. ${seconds} s of load each, ${options.connections}
keep-alive connections, after ${options.warmup} s of warm-up per algorithm; ${clients} clients, ${active} of them asking;
\`audit.durability: ${options.async ? 'async' : 'commit'}\`, request lines written to a file. ${cpus()[0].model}, ${cpus().length} cores of which the
server has one; Linux ${release()}; ${version(JAVA, ['--version'])}; ${wrkVersion.replace(/ Copyright.*/, '')}.
`;
process.stdout.write(text);
if (options.what) {
  mkdirSync(join(here, 'results'), { recursive: true });
  const file = join(here, 'results', `${new Date().toISOString().slice(0, 10)}-${options.what}.md`);
  writeFileSync(file, `# ${options.what}\n\n${text}`, { flag: existsSync(file) ? 'a' : 'w' });
}
raw.child.stdin.end();
for (const server of servers) {
  await stop(server.child);
}
process.exit(0);
