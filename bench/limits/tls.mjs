// A new TLS 1.3 connection with a full handshake for each request, beside openssl s_server on the same core with the same
// certificate. Asked by this process, since wrk resumes sessions and ab speaks HTTP/1.0.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { folder, start, stop } from '../server.mjs';
import { FilledServer, of, progress, request, table, total } from './filled.mjs';

const CERTIFICATES = { 'RSA 2048': ['-newkey', 'rsa:2048'], 'ECDSA P-256': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] };
const ENGINES = {
  BoringSSL: '',
  JDK: '-Dio.netty.handler.ssl.noOpenSsl=true',
  // its library is then looked for where it is not
  'JDK without ACCP': '-Dio.netty.handler.ssl.noOpenSsl=true -Dcom.amazon.corretto.crypto.provider.useExternalLib=true',
};
const AT_ONCE = 16;
const PAGE = 'page.txt';

export async function tls({ rounds, seconds, warmup, engines }) {
  const origin = new FilledServer('origin');
  await origin.fill(100);
  await stop(origin.child);
  const body = request(origin);

  const rows = [];
  let most = 0;
  for (const [name, keyOptions] of Object.entries(CERTIFICATES)) {
    const pair = certificate(name, keyOptions);
    const reference = await openssl(pair);
    const servers = [];
    for (const engine of engines) {
      const server = new FilledServer(`${name} ${engine}`.replaceAll(' ', '-'),
        { JETON_TLS: `${pair.certificate},${pair.key}`, JETON_JAVA_OPTIONS: ENGINES[engine] });
      server.copy(origin);
      await server.start();
      server.engine = engine;
      servers.push(server);
      await token(server, warmup, body);
      await page(server, warmup / 3);
    }
    await page(reference, 1);

    const samples = [];
    for (let round = 0; round < rounds; round++) {
      for (const server of round % 2 ? [...servers].reverse() : servers) {
        const before = await page(reference, seconds / 2);
        const handshakes = await page(server, seconds);
        const tokens = await token(server, seconds, body);
        const after = await page(reference, seconds / 2);
        const openssl = { rate: (before.requests + after.requests) / (before.wall + after.wall),
          rateCpu: (before.requests + after.requests) / (before.cpu + after.cpu) };
        most = Math.max(most, tokens.client, handshakes.client);
        samples.push({ server, openssl, handshakes, tokens });
        progress(`tls ${name} ${server.engine} openssl ${openssl.rateCpu.toFixed(0)} page ${handshakes.rateCpu.toFixed(0)}`
          + ` token ${tokens.rateCpu.toFixed(0)} a second of CPU time`);
      }
    }
    for (const server of servers) {
      const mine = samples.filter((sample) => sample.server === server);
      rows.push([name, server.engine,
        of(mine, (s) => s.openssl.rateCpu, 0), of(mine, (s) => s.handshakes.rateCpu, 0), of(mine, (s) => s.tokens.rateCpu, 0),
        of(mine, (s) => s.handshakes.rateCpu / s.openssl.rateCpu), of(mine, (s) => s.tokens.rateCpu / s.openssl.rateCpu),
        of(mine, (s) => s.tokens.rate, 0), of(mine, (s) => s.tokens.busy), total(mine, (s) => s.handshakes.failed + s.tokens.failed), server.memory('VmRSS').toFixed(0)]);
      await stop(server.child);
    }
    await stop(reference.child);
  }
  return `## A new TLS 1.3 connection for each request

${table(['certificate', 'engine', 's_server, pages per CPU second', 'pages per CPU second', 'tokens per CPU second', 'ratio of pages',
    'ratio of tokens', 'tokens/s', 'core used', 'failed', 'RSS MB'], rows)}

Full handshakes (X25519, TLS_AES_128_GCM_SHA256) from core 1, ${AT_ONCE} connections at once; the client uses up to ${most.toFixed(2)} of its core. A page is \`GET /health/live\`, and a
file of two lines from \`openssl s_server -WWW\` (${execFileSync('openssl', ['version'], { encoding: 'utf8' }).split(' (')[0]}); a token is
signed with RS256. s_server serves one connection after the other, so it waits between them: the ratios are of processor time.
`;
}

function certificate(name, keyOptions) {
  const at = join(folder, name.replaceAll(' ', '-'));
  mkdirSync(at);
  const pair = { at, certificate: join(at, 'cert.pem'), key: join(at, 'key.pem') };
  execFileSync('openssl', ['req', '-x509', ...keyOptions, '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext',
    'subjectAltName=IP:127.0.0.1', '-keyout', pair.key, '-out', pair.certificate], { stdio: 'ignore' });
  return pair;
}

/** The reference, as far as it needs to look like a Server to be loaded. */
async function openssl(pair) {
  const port = await freePort();
  writeFileSync(join(pair.at, PAGE), '{"status":"ok"}\n\n');
  const child = start('taskset', ['-c', '0', 'openssl', 's_server', '-accept', `127.0.0.1:${port}`, '-cert', pair.certificate,
    '-key', pair.key, '-tls1_3', '-groups', 'X25519', '-num_tickets', '1', '-quiet', '-WWW'], { cwd: pair.at, stdio: 'ignore' });
  await sleep(500);
  return { child, issuer: `https://127.0.0.1:${port}/`, page: `/${PAGE}`, cpu: () => cpu(child.pid) };
}

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const page = (server, seconds) => load(server, seconds, (host) => `GET ${server.page ?? '/health/live'} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  /^HTTP\/1\.[01] 200 /);
const token = (server, seconds, body) => load(server, seconds, (host) => `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n`
  + `Connection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
/^HTTP\/1\.1 200 [^]*"access_token":"/);

/** Asks for so long, by so many connections at once, each of them new. */
async function load(server, seconds, write, right) {
  const { host, hostname, port } = new URL(server.issuer);
  const bytes = write(host);
  let requests = 0;
  let failed = 0;
  const cpu = server.cpu();
  const began = performance.now();
  const client = process.cpuUsage();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (performance.now() - began < seconds * 1000) {
      if (right.test(await answer({ host: hostname, port }, bytes))) requests++;
      else failed++;
    }
  }));
  const wall = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(client);
  const used = server.cpu() - cpu;
  return { requests, failed, wall, cpu: used, rate: requests / wall, rateCpu: requests / used, busy: used / wall,
    client: (user + system) / 1e6 / wall };
}

/** All that comes back over a connection of its own, or what went wrong. */
function answer(address, bytes) {
  return new Promise((whole) => {
    let text = '';
    const socket = connect({ ...address, rejectUnauthorized: false, minVersion: 'TLSv1.3', ecdhCurve: 'X25519',
      ciphers: 'TLS_AES_128_GCM_SHA256', timeout: 10_000 }, () => {
      if (socket.isSessionReused()) socket.destroy(new Error('not a full handshake'));
      else socket.write(bytes);
    });
    socket.setEncoding('latin1');
    socket.on('data', (data) => { text += data; });
    socket.on('timeout', () => socket.destroy(new Error('no answer')));
    socket.on('error', (error) => { text = error.message; });
    socket.on('close', () => whole(text));
  });
}
