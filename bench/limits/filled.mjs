// A server with an API and clients that have a grant for it, and the arithmetic that the measurements share.
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { CLASS_PATH, JAVA, QUIET, Server, here, spread, stop } from '../server.mjs';

export const checkout = join(here, '..');
export const AUDIENCE = 'https://api.example.com/timesheets';
const SCOPES = ['read:timesheets', 'create:timesheets'];

export class FilledServer extends Server {
  constructor(name, environment = {}) {
    super(name, checkout, environment);
  }

  /** One API, one client with a grant for it, and so many copies of both; the server is then started anew. */
  async fill(clients) {
    await this.start();
    const admin = await this.admin();
    const client = await this.post('api/v2/clients',
      { name: 'Import job', app_type: 'non_interactive', grant_types: ['client_credentials'] }, admin);
    this.client = { client_id: client.client_id, client_secret: client.client_secret };
    const api = await this.post('api/v2/resource-servers',
      { identifier: AUDIENCE, signing_alg: 'RS256', scopes: SCOPES.map((value) => ({ value })) }, admin);
    this.api = api.id;
    await this.post('api/v2/client-grants', { client_id: client.client_id, audience: AUDIENCE, scope: SCOPES }, admin);
    await stop(this.child);
    this.clients = clients;
    execFileSync(JAVA, [...QUIET, '-cp', CLASS_PATH, 'dev.jeton.bench.ClientCopies', `jdbc:sqlite:${this.database()}`,
      client.client_id, String(clients)]);
    this.startMs = await this.start();
    this.startCpu = this.cpu();
  }

  database() {
    return join(this.data, 'jeton.db');
  }

  /** Takes a copy of that stopped server's data. */
  copy(other) {
    cpSync(other.data, this.data, { recursive: true });
    this.client = other.client;
    this.clients = other.clients;
    this.api = other.api;
  }

  /** Has its API's tokens signed by that algorithm from now on. */
  async sign(algorithm) {
    await this.call('PATCH', `api/v2/resource-servers/${this.api}`, { signing_alg: algorithm }, await this.admin());
  }

  /** Load by all its clients, with what follows from the counts. */
  async measure(seconds, { connections = 64, meanwhile } = {}) {
    const [loaded] = await Promise.all([this.load(AUDIENCE, seconds, { connections, clients: this.clients }), meanwhile?.()]);
    return { ...loaded, rate: loaded.requests / loaded.wall, rateCpu: loaded.requests / loaded.cpu,
      failed: loaded.refused + loaded.broken };
  }

  /** Bytes of the heap that are in use after a collection. */
  heap() {
    const jcmd = (command) => execFileSync(join(process.env.JAVA_HOME, 'bin/jcmd'), [String(this.child.pid), command],
      { encoding: 'utf8' });
    jcmd('GC.run');
    return [...jcmd('GC.heap_info').matchAll(/^ ?(?:DefNew|Tenured).* used (\d+)K/gim)]
      .reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0);
  }
}

export const request = (server) => JSON.stringify({ grant_type: 'client_credentials', ...server.client, audience: AUDIENCE });

/** Medians of what a list of samples gives, with the least and the greatest. */
export const of = (samples, value, digits = 2) => spread(samples.map(value), digits);
export const total = (samples, value) => samples.map(value).reduce((a, b) => a + b, 0);
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
export const progress = (text) => process.stderr.write(`${text}\n`);
