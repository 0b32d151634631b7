// What the benchmarks share: processes that end with them, the server on core 0, the load from core 1.
import { spawn, execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, loadavg, release } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const JAVA = join(process.env.JAVA_HOME, 'bin/java');
export const CLASS_PATH = [join(here, 'target/classes'), join(here, '../server/target/jeton-server.jar')].join(':');
export const QUIET = ['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow'];
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

const LOAD_BEFORE = loadavg()[0];

const started = [];
mkdirSync(join(here, 'target'), { recursive: true });
/** What this run writes; on a disk, which the system's folder for temporary files may not be. */
export const folder = mkdtempSync(join(here, 'target/run-'));
process.on('exit', () => {
  for (const child of started) signal(running(child) ? tree(child.pid) : [], 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const name of ['SIGINT', 'SIGTERM']) {
  process.on(name, () => endWith(1));
}
for (const fault of ['uncaughtException', 'unhandledRejection']) {
  process.on(fault, (error) => {
    console.error(error);
    endWith(1);
  });
}

/** Lets what was started end by itself, so that it can remove what it made; no longer than ten seconds. */
export async function endWith(status) {
  await Promise.race([Promise.all(started.map(stop)), sleep(10_000)]);
  process.exit(status);
}

export function start(command, args, spawnOptions) {
  const child = spawn(command, args, spawnOptions);
  child.ended = new Promise((end) => child.on('exit', end));
  started.push(child);
  return child;
}

export async function stop(child) {
  if (!running(child)) return;
  child.kill('SIGTERM');
  signal(tree(child.pid), 'SIGCONT'); // a paused process hears nothing else
  await child.ended;
}

const running = (child) => child.exitCode === null && child.signalCode === null;

function signal(pids, name) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // it has ended
    }
  }
}

/** The fields of /proc/<pid>/stat from the state on; zeros if the process has ended. */
function stat(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  } catch {
    return new Array(50).fill('0');
  }
}

/** A process, and all that it started and they started in turn. */
function tree(root) {
  const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    .map((pid) => [Number(pid), Number(stat(pid)[1])]));
  const isBelow = (pid) => pid > 0 && (pid === root || isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow);
}

export function freePort() {
  return new Promise((found, failed) => {
    const listener = createServer().on('error', failed).listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => found(port));
    });
  });
}

/** A server of any kind, which is kept on one core with all that it starts. */
export class Service {
  constructor(name, core = 0) {
    this.name = name;
    this.core = core;
    this.log = join(folder, `${name}.log`);
  }

  /** Milliseconds until it was ready. */
  async launch(command, args, isReady, spawnOptions = {}) {
    const began = Date.now();
    const log = openSync(this.log, 'w');
    this.child = start('taskset', ['-c', String(this.core), command, ...args],
      { stdio: ['ignore', log, log], ...spawnOptions });
    closeSync(log);
    while (!await isReady()) {
      if (!running(this.child) || Date.now() - began > 300_000) {
        const end = readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-30).join('\n');
        throw new Error(`${this.name} did not start.\nThe end of its log:\n${end}`);
      }
      await sleep(20);
    }
    return Date.now() - began;
  }

  /** Takes it off its core while another has its turn there. */
  pause() {
    signal(tree(this.child.pid), 'SIGSTOP');
  }

  resume() {
    signal(tree(this.child.pid), 'SIGCONT');
  }

  /** MB of the first process alone. */
  memory(name) {
    return memoryOf(this.child.pid, name);
  }

  /** MB of all its processes. */
  resident() {
    return tree(this.child.pid).reduce((sum, pid) => sum + memoryOf(pid, 'VmRSS'), 0);
  }

  /** The processes that it started and they started in turn. */
  below() {
    return tree(this.child.pid).filter((pid) => pid !== this.child.pid);
  }

  /** Seconds that it, and what it started, were on a processor. */
  cpu() {
    return tree(this.child.pid)
      .reduce((sum, pid) => sum + Number(stat(pid)[11]) + Number(stat(pid)[12]), 0) / TICKS;
  }

  /** Load from core 1, as one of the scripts beside this file writes the requests. */
  async wrk(script, url, seconds, connections, args) {
    const cpu = this.cpu();
    const wrk = start('taskset', ['-c', '1', 'wrk', '-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency',
      '--timeout', '10s', '-s', join(here, script), url, '--', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    wrk.stdout.on('data', (data) => { output += data; });
    await wrk.ended;
    const result = output.match(/^RESULT (.*)$/m);
    if (!result) throw new Error(`${this.name} could not be put under load: ${output}`);
    const counted = JSON.parse(result[1]);
    return { ...counted, wall: counted.us / 1e6, cpu: this.cpu() - cpu };
  }
}

function memoryOf(pid, name) {
  try {
    return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))[1]) / 1024;
  } catch {
    return 0; // it has ended
  }
}

/** The packaged server. */
export class Server extends Service {
  /** @param environment variables for the server */
  constructor(name, checkout, environment = {}) {
    super(name);
    this.checkout = resolve(checkout);
    this.environment = environment;
    this.data = join(folder, name);
  }

  start() {
    return this.launch(join(this.checkout, 'jeton'), ['serve', '--port', '0', '--data', this.data], () => {
      const ready = readFileSync(this.log, 'utf8').match(/^Jeton is ready at (\S+)$/m);
      if (ready) this.issuer = ready[1];
      return ready;
    }, { env: { ...process.env, ...this.environment } });
  }

  /**
   * Starts it with an API for each identifier, a client with a grant for each of them, and copies of that client.
   *
   * @param algorithms by the APIs' identifiers
   */
  async fill(algorithms, copies = 0) {
    await this.start();
    const admin = await this.admin();
    const client = await this.post('api/v2/clients',
      { name: 'Import job', app_type: 'non_interactive', grant_types: ['client_credentials'] }, admin);
    this.client = { client_id: client.client_id, client_secret: client.client_secret };
    for (const [identifier, algorithm] of Object.entries(algorithms)) {
      await this.post('api/v2/resource-servers',
        { identifier, signing_alg: algorithm, scopes: [{ value: 'read:timesheets' }, { value: 'create:timesheets' }] }, admin);
      await this.post('api/v2/client-grants',
        { client_id: client.client_id, audience: identifier, scope: ['read:timesheets', 'create:timesheets'] }, admin);
    }
    if (copies > 0) {
      await stop(this.child);
      execFileSync(JAVA, [...QUIET, '-cp', CLASS_PATH, 'dev.jeton.bench.ClientCopies',
        this.environment.JETON_DB_URL ?? `jdbc:sqlite:${join(this.data, 'jeton.db')}`, client.client_id, String(copies)]);
      this.startMs = await this.start();
    }
  }

  async call(method, path, body, token) {
    const response = await fetch(this.issuer + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status} ${text}`);
    return JSON.parse(text);
  }

  post(path, body, token) {
    return this.call('POST', path, body, token);
  }

  /** A token for the Management API. */
  async admin() {
    const cli = JSON.parse(readFileSync(join(this.data, 'cli.json'), 'utf8'));
    const { access_token: token } = await this.post('oauth/token', { grant_type: 'client_credentials',
      client_id: cli.client_id, client_secret: cli.client_secret, audience: `${this.issuer}api/v2/` });
    return token;
  }

  async token(audience) {
    const { access_token: token } = await this.post('oauth/token',
      { grant_type: 'client_credentials', ...this.client, audience });
    return token;
  }

  get jwks() {
    return `${this.issuer}.well-known/jwks.json`;
  }

  /** The seed's request for that audience, by one of so many clients (0: by the one client). */
  load(audience, seconds, { connections, clients = 0 }) {
    return this.wrk('token.lua', this.issuer, seconds, connections,
      [audience, this.client.client_secret, String(clients), this.client.client_id]);
  }
}

const CHECKS = {
  RS256: (key) => ['sha256', key],
  ES256: (key) => ['sha256', { key, dsaEncoding: 'ieee-p1363' }],
  EdDSA: (key) => [null, key],
};

/** Fails unless the token is a JWT, signed by that algorithm with a key of that JWKS; RSA keys have 2048 bits. */
export async function check(token, algorithm, jwks) {
  const [header, claims, signature] = token.split('.').map((part) => Buffer.from(part, 'base64url'));
  const { alg, kid } = JSON.parse(header);
  if (alg !== algorithm) throw new Error(`a token signed by ${alg} instead of ${algorithm}`);
  if (!(JSON.parse(claims).exp * 1000 > Date.now())) throw new Error('a token that is no longer valid');
  const { keys } = await (await fetch(jwks)).json();
  const key = createPublicKey({ key: keys.find((jwk) => jwk.kid === kid), format: 'jwk' });
  if (algorithm === 'RS256' && key.asymmetricKeyDetails.modulusLength !== 2048) throw new Error('an RSA key of another size');
  const [digest, options] = CHECKS[algorithm](key);
  if (!verify(digest, token.slice(0, token.lastIndexOf('.')), options, signature)) throw new Error('a token with a wrong signature');
}

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
export const spread = (numbers, digits) =>
  `${median(numbers).toFixed(digits)} (${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)})`;

/** The first line that a command prints. */
export function version(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n')[0];
  } catch (e) {
    return String(e.stdout).split('\n')[0]; // wrk -v ends with 1
  }
}

/** The machine and what ran on it, for the last line of a report. */
export function machine() {
  return `${cpus()[0].model}, ${cpus().length} cores of which the server has one; load average ${LOAD_BEFORE.toFixed(2)} before`
    + ` the run; Linux ${release()}; ${version(JAVA, ['--version'])}; Node.js ${process.version};`
    + ` ${version('wrk', ['-v']).replace(/ Copyright.*/, '')}.`;
}

/**
 * Prints a report; with a name, that is also results/<date>-<name>.md with the plots of plot.mjs beside it. A second run of
 * a day takes the place of the first.
 *
 * @param plots SVG documents
 */
export function report(text, what, ...plots) {
  process.stdout.write(text);
  if (what) {
    const name = `${new Date().toISOString().slice(0, 10)}-${what}`;
    const results = join(here, 'results');
    mkdirSync(results, { recursive: true });
    const images = plots.map((svg, i) => {
      const file = `${name}${i === 0 ? '' : `-${i + 1}`}.svg`;
      writeFileSync(join(results, file), svg);
      return `![${svg.match(/<title>(.*?)<\/title>/)[1]}](${file})\n\n`;
    });
    const command = ['bench/' + basename(process.argv[1], '.mjs') + '.sh', ...process.argv.slice(2)].join(' ');
    writeFileSync(join(results, `${name}.md`), `# ${what}\n\n\`./${command}\`\n\n${images.join('')}${text}`);
  }
}
