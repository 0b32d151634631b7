// What the benchmarks share: processes that end with them, the server on core 0, the load from core 1.
import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const JAVA = join(process.env.JAVA_HOME, 'bin/java');
export const CLASS_PATH = [join(here, 'target/classes'), join(here, '../server/target/jeton-server.jar')].join(':');
export const QUIET = ['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow'];
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

const started = [];
export const folder = mkdtempSync(join(tmpdir(), 'jeton-bench-'));
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL'); // which does nothing to one that has ended
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => endWith(1));
}
for (const fault of ['uncaughtException', 'unhandledRejection']) {
  process.on(fault, (error) => {
    console.error(error);
    endWith(1);
  });
}

/** Lets what was started end by itself, so that it can remove what it made; no longer than ten seconds. */
export async function endWith(status) {
  const running = started.filter((child) => child.exitCode === null && child.signalCode === null);
  for (const child of running) child.kill('SIGTERM');
  await Promise.race([Promise.all(running.map((child) => child.ended)), sleep(10_000)]);
  process.exit(status);
}

export function start(command, args, spawnOptions) {
  const child = spawn(command, args, spawnOptions);
  child.ended = new Promise((end) => child.on('exit', end));
  started.push(child);
  return child;
}

export async function stop(child) {
  child.kill('SIGTERM');
  await child.ended;
}

/** The fields of /proc/<pid>/stat from the state on; zeros if the process has ended. */
function stat(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  } catch {
    return new Array(50).fill('0');
  }
}

/** The packaged server, which is kept on core 0 with all that it starts. */
export class Server {
  /** @param environment variables for the server */
  constructor(name, checkout, environment = {}) {
    this.name = name;
    this.checkout = resolve(checkout);
    this.environment = environment;
    this.data = join(folder, name);
    this.log = join(folder, `${name}.log`);
  }

  async start() {
    const began = Date.now();
    const log = openSync(this.log, 'w');
    this.child = start('taskset', ['-c', '0', join(this.checkout, 'jeton'), 'serve', '--port', '0', '--data', this.data], {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.environment },
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

  memory(name) {
    return Number(readFileSync(`/proc/${this.child.pid}/status`, 'utf8').match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))[1]) / 1024;
  }

  /** The processes that it started and they started in turn. */
  below() {
    const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name))
      .map((pid) => [Number(pid), Number(stat(pid)[1])]));
    const isBelow = (pid) => pid > 0 && (pid === this.child.pid || isBelow(parents.get(pid)));
    return [...parents.keys()].filter((pid) => pid !== this.child.pid && isBelow(pid));
  }

  /** Seconds that it, and what it started, were on a processor. */
  cpu() {
    return [this.child.pid, ...this.below()]
      .reduce((sum, pid) => sum + Number(stat(pid)[11]) + Number(stat(pid)[12]), 0) / TICKS;
  }

  /** Load from core 1: the seed's request for that audience, by one of so many clients (0: by the one client). */
  async load(audience, seconds, { connections, clients = 0 }) {
    const cpu = this.cpu();
    const wrk = start('taskset', ['-c', '1', 'wrk', '-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency',
      '--timeout', '10s', '-s', join(here, 'token.lua'), this.issuer, '--', audience, this.client.client_secret,
      String(clients), this.client.client_id], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    wrk.stdout.on('data', (data) => { output += data; });
    await wrk.ended;
    const result = JSON.parse(output.match(/^RESULT (.*)$/m)[1]);
    return { ...result, wall: result.us / 1e6, cpu: this.cpu() - cpu };
  }
}

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
export const spread = (numbers, digits) =>
  `${median(numbers).toFixed(digits)} (${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)})`;

/** The machine and what ran on it, for the last line of a report. */
export function machine() {
  const version = (command, args) => {
    try {
      return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n')[0];
    } catch (e) {
      return String(e.stdout).split('\n')[0]; // wrk -v ends with 1
    }
  };
  return `${cpus()[0].model}, ${cpus().length} cores of which the server has one; Linux ${release()}; `
    + `${version(JAVA, ['--version'])}; Node.js ${process.version}; ${version('wrk', ['-v']).replace(/ Copyright.*/, '')}.`;
}

/** Prints a report, and with a name adds it to a dated file in results/. */
export function report(text, what) {
  process.stdout.write(text);
  if (what) {
    mkdirSync(join(here, 'results'), { recursive: true });
    const file = join(here, 'results', `${new Date().toISOString().slice(0, 10)}-${what}.md`);
    writeFileSync(file, `# ${what}\n\n${text}`, { flag: existsSync(file) ? 'a' : 'w' });
  }
}
