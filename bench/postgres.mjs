// A PostgreSQL of the benchmark's own, beside the load on core 1; run.sh unpacks its programs.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Service, folder, freePort, here, version } from './server.mjs';

const PROGRAMS = join(here, 'target/postgresql/bin');

/** As root it takes a namespace in which we are nobody: PostgreSQL runs as anybody but root. */
const asNobody = (command) => (process.getuid() === 0 ? ['unshare', '-U', ...command] : command);

/** A fresh cluster as it comes: every commit is synced. */
export class PostgreSql extends Service {
  constructor(name) {
    super(name, 1);
    this.data = join(folder, `${name}-data`);
  }

  async start() {
    const [initdb, ...options] = asNobody([join(PROGRAMS, 'initdb'), '-D', this.data, '-U', 'postgres', '-A', 'trust',
      '-E', 'UTF8', '--no-locale']);
    execFileSync(initdb, options, { stdio: ['ignore', 'ignore', 'inherit'] });
    this.port = await freePort();
    const [postgres, ...settings] = asNobody([join(PROGRAMS, 'postgres'), '-D', this.data, '-p', String(this.port),
      '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']);
    await this.launch(postgres, settings, () => readFileSync(this.log, 'utf8').includes('ready to accept connections'));
  }

  /** Variables for a server that keeps its data here. */
  environment() {
    return {
      JETON_DB_URL: `jdbc:postgresql://127.0.0.1:${this.port}/postgres?user=postgres`,
      JETON_DB_USER: 'postgres',
      JETON_MASTER_KEY: randomBytes(32).toString('base64'),
    };
  }

  static version() {
    return version(join(PROGRAMS, 'postgres'), ['--version']);
  }
}
