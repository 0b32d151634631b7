// The same request to Jeton and to its peers, in turn on one core; peers.sh starts it. Stops what it starts by process id.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { plot } from './plot.mjs';
import { JAVA, Server, Service, check, endWith, freePort, here, machine, report, spread } from './server.mjs';

const HELP = `usage: bench/peers.sh [options]
  --peers keycloak,spring,oidc-provider   beside Jeton
  --rounds 5         each: every server in turn
  --seconds 5        of load per server and round
  --warmup 30        seconds of load per server before the first round, for the JIT compilers
  --connections 64   but 4 for the client with a bcrypt secret
  --clients 100      that Jeton has, each with a grant; requests come from them by chance
  --what NAME        writes results/<date>-NAME.md; otherwise the table goes to standard output only
`;
const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean' },
    peers: { type: 'string', default: 'keycloak,spring,oidc-provider' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    warmup: { type: 'string', default: '30' },
    connections: { type: 'string', default: '64' },
    clients: { type: 'string', default: '100' },
    what: { type: 'string' },
  },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const AUDIENCE = 'https://api.example.com/timesheets';
const SCOPE = 'read:timesheets';
const SECRET = randomBytes(48).toString('base64url'); // as long as Jeton's
const SETTLING_SECONDS = 1;
const BCRYPT_CONNECTIONS = 4;

function form(client, secret, more = {}) {
  return new URLSearchParams({ grant_type: 'client_credentials', client_id: client, client_secret: secret, scope: SCOPE, ...more })
    .toString();
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false; // it does not listen yet
  }
}

/*
 * Each starts one server and gives what is measured of it: {name, service, tokenUrl, jwks, bodies, goal}, where the goal is how
 * many times its tokens per second Jeton should reach (design).
 */

async function jeton() {
  const service = new Server('jeton', join(here, '..'), { JETON_AUDIT_DURABILITY: 'commit' });
  const clients = Number(options.clients);
  await service.fill({ [AUDIENCE]: 'RS256' }, clients);
  const bodies = Array.from({ length: clients }, (_, i) =>
    form(`bench${String(i).padStart(27, '0')}`, service.client.client_secret, { audience: AUDIENCE }));
  return [{ name: 'Jeton', service, tokenUrl: `${service.issuer}oauth/token`, jwks: service.jwks, bodies }];
}

async function keycloak() {
  const folder = readdirSync(join(here, 'target/peers')).find((name) => /^keycloak-[\d.]+$/.test(name));
  const home = join(here, 'target/peers', folder);
  rmSync(join(home, 'data'), { recursive: true, force: true });
  const service = new Service('keycloak');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await service.launch(join(home, 'bin/kc.sh'), ['start', '--optimized', '--cache=local', '--http-enabled=true', '--hostname-strict=false',
    '--http-host=127.0.0.1', `--http-port=${port}`], () => answers(`${url}/realms/master`),
  { env: { ...process.env, KC_BOOTSTRAP_ADMIN_USERNAME: 'admin', KC_BOOTSTRAP_ADMIN_PASSWORD: SECRET } });

  const call = async (path, body, headers) => {
    const response = await fetch(url + path, { method: 'POST', body, headers });
    if (!response.ok) throw new Error(`Keycloak answered ${path} with ${response.status} ${await response.text()}`);
    return response;
  };
  const { access_token: admin } = await (await call('/realms/master/protocol/openid-connect/token',
    new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username: 'admin', password: SECRET }))).json();
  const create = (path, entity) => call(`/admin/realms${path}`, JSON.stringify(entity),
    { authorization: `Bearer ${admin}`, 'content-type': 'application/json' });
  await create('', { realm: 'bench', enabled: true });
  await create('/bench/client-scopes', { name: SCOPE, protocol: 'openid-connect', attributes: { 'include.in.token.scope': 'true' } });
  await create('/bench/clients', { clientId: 'import-job', secret: SECRET, serviceAccountsEnabled: true,
    standardFlowEnabled: false, optionalClientScopes: [SCOPE] });
  const protocol = `${url}/realms/bench/protocol/openid-connect`;
  return [{ name: `Keycloak ${folder.split('-')[1]}`, service, tokenUrl: `${protocol}/token`, jwks: `${protocol}/certs`,
    bodies: [form('import-job', SECRET)], goal: 10 }];
}

async function spring() {
  const jar = join(here, 'peers/spring-authorization-server/target/peer.jar');
  const [, version] = execFileSync(join(JAVA, '../jar'), ['tf', jar], { encoding: 'utf8' })
    .match(/spring-security-oauth2-authorization-server-(\S+)\.jar/);
  const service = new Service('spring');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const jwks = `${url}/oauth2/jwks`;
  await service.launch(JAVA, ['-jar', jar, '--server.address=127.0.0.1', `--server.port=${port}`], () => answers(jwks),
    { env: { ...process.env, CLIENT_SECRET: SECRET, SCOPE } });
  const named = (name, client, more) => ({ name: `Spring Auth. Server ${version}, ${name}`, service, tokenUrl: `${url}/oauth2/token`, jwks,
    bodies: [form(client, SECRET)], ...more });
  return [named('plain', 'plain', { goal: 5 }), named('bcrypt', 'bcrypt', { connections: BCRYPT_CONNECTIONS })];
}

async function oidcProvider() {
  const project = join(here, 'peers/oidc-provider');
  const { version } = JSON.parse(readFileSync(join(project, 'node_modules/oidc-provider/package.json'), 'utf8'));
  const service = new Service('oidc-provider');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await service.launch(process.execPath, [join(project, 'server.mjs')], () => answers(`${url}/jwks`), { env: { ...process.env,
    NODE_ENV: 'production', PORT: String(port), CLIENT_ID: 'import-job', CLIENT_SECRET: SECRET, AUDIENCE, SCOPE } });
  return [{ name: `oidc-provider ${version}`, service, tokenUrl: `${url}/token`, jwks: `${url}/jwks`,
    bodies: [form('import-job', SECRET, { resource: AUDIENCE })], goal: 2 }];
}

const PEERS = { keycloak, spring, 'oidc-provider': oidcProvider };

/** Waits until a server that was paused answers again, and checks the token that it gives. */
async function checkToken({ name, tokenUrl, jwks, bodies }) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const response = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(bodies[0]) });
    const text = await response.text();
    if (response.ok) {
      const { access_token: token, scope } = JSON.parse(text);
      if (!scope.split(' ').includes(SCOPE)) throw new Error(`${name} gave the scope ${scope}`);
      return check(token, 'RS256', jwks);
    }
    if (Date.now() > deadline) throw new Error(`${name} answered ${response.status} ${text}`);
    await sleep(100);
  }
}

/** Waits for the answers that nobody waits for any more: at 200 a second, those of 64 connections take a third of one. */
async function load({ service, tokenUrl, bodies, connections = options.connections }, seconds) {
  const loaded = await service.wrk('peers.lua', tokenUrl, seconds, connections, bodies);
  for (let looks = 0; looks < 50; looks++) {
    const before = service.cpu();
    await sleep(100);
    if (service.cpu() - before < 0.03) break;
  }
  return loaded;
}

const failures = [];
let contenders = [];

/** What cannot be measured is told and left out; the others are measured all the same. */
async function attempt(name, work) {
  try {
    return await work();
  } catch (fault) {
    process.stderr.write(`${fault.stack}\n`);
    failures.push(`${name}: ${fault.message.split('\n')[0]}`);
    contenders = contenders.filter((contender) => contender.name !== name);
    return undefined;
  }
}

async function inTurn(contender, work) {
  contender.service.resume();
  try {
    await checkToken(contender);
    return await work();
  } finally {
    contender.service.pause();
  }
}

for (const peer of ['jeton', ...options.peers.split(',')]) {
  if (peer !== 'jeton' && !PEERS[peer]) throw new Error(`--peers ${peer} is none of ${Object.keys(PEERS)}`);
  const started = peer === 'jeton' ? await jeton() : await attempt(peer, PEERS[peer]);
  for (const contender of started ?? []) {
    contenders.push(contender);
    const seconds = contender.connections ? Math.min(10, Number(options.warmup)) : Number(options.warmup);
    const warm = await attempt(contender.name, () => inTurn(contender, () => (seconds > 0 ? load(contender, seconds) : undefined)));
    if (warm) process.stderr.write(`${contender.name} is warm: ${(warm.requests / warm.wall).toFixed(0)} tokens/s on the way\n`);
  }
}

const rounds = [];
for (let round = 0; round < Number(options.rounds); round++) {
  const samples = {};
  for (const contender of round % 2 ? [...contenders].reverse() : contenders) {
    await attempt(contender.name, () => inTurn(contender, async () => {
      await load(contender, SETTLING_SECONDS);
      const loaded = await load(contender, Number(options.seconds));
      const tokens = loaded.requests - loaded.wrong;
      if (tokens === 0) throw new Error(`none of ${loaded.requests} answers in ${options.seconds} s held a token`);
      samples[contender.name] = {
        rate: tokens / loaded.wall,
        cpuMs: (loaded.cpu * 1000) / tokens,
        busy: loaded.cpu / loaded.wall,
        p50: loaded.p50_us / 1000, p99: loaded.p99_us / 1000,
        rss: contender.service.resident(),
        failed: loaded.wrong + loaded.broken,
      };
      const { rate, cpuMs, busy, failed } = samples[contender.name];
      process.stderr.write(`${round + 1} ${contender.name}: ${rate.toFixed(0)} tokens/s, ${cpuMs.toFixed(2)} ms of CPU each,`
        + ` core used ${busy.toFixed(2)}, wrong answers ${failed}\n`);
    }));
  }
  if (!samples.Jeton) throw new Error('without Jeton there is nothing to compare with');
  rounds.push(samples);
}

const lines = [
  '| server | tokens/s | Jeton is so many times faster | by CPU time | to reach | CPU per token, ms | core used | p50 ms | p99 ms | RSS, MB | wrong answers |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];
for (const { name, goal } of contenders) {
  const all = (value, digits) => spread(rounds.map((round) => value(round[name], round.Jeton)), digits);
  const ratio = (value) => (name === 'Jeton' ? '1' : all(value, 1));
  lines.push(`| ${name} | ${all((s) => s.rate, 0)} | ${ratio((s, jeton) => jeton.rate / s.rate)}`
    + ` | ${ratio((s, jeton) => s.cpuMs / jeton.cpuMs)} | ${goal ?? '–'} | ${all((s) => s.cpuMs, 2)} | ${all((s) => s.busy, 2)}`
    + ` | ${all((s) => s.p50, 1)} | ${all((s) => s.p99, 1)} | ${all((s) => s.rss, 0)}`
    + ` | ${rounds.reduce((sum, round) => sum + round[name].failed, 0)} |`);
}
const bars = (value) => contenders.map(({ name }) => ({
  label: name, values: rounds.map((round) => value(round[name])), reference: name !== 'Jeton',
}));
report(`${lines.join('\n')}
${failures.map((failure) => `\nNot measured: ${failure}\n`).join('')}
Medians of ${rounds.length} interleaved rounds, in brackets the least and the greatest; a ratio is of two loads in one round. ${options.seconds} s of load
each over ${options.connections} keep-alive connections (bcrypt: ${BCRYPT_CONNECTIONS}, so its p50 and p99 are not like the others), after ${options.warmup} s of warm-up and, in each turn,
${SETTLING_SECONDS} s that is not counted. Every server has core 0 to itself while it is measured, with all its threads: the others are stopped
(SIGSTOP) meanwhile; the load comes from core 1. All get the same form post with the secret in it, and answer with a JWT signed by
RS256 with a 2048-bit key; that each answer is 200 and holds a token is checked while it is counted, and in each turn one token is
verified with the server's JWKS. Jeton has ${options.clients} clients and syncs an audit record before it answers; the others have one client each and
record nothing. Keycloak: production mode, H2 in its process, local caches, its own JVM options. Spring Authorization Server: as
Spring Boot starts it, with clients and authorizations in memory, where they stay: its RSS grows. oidc-provider: in-memory adapter.
${machine()}
`, options.what, plot('RS256 tokens from one core', [
  { name: 'Tokens per second: more is better', bars: bars((s) => s.rate) },
  { name: 'CPU per token, ms: less is better', bars: bars((s) => s.cpuMs).filter(({ label }) => !label.endsWith('bcrypt')) },
]));
await endWith(failures.length > 0 ? 1 : 0);
