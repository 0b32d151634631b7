/** What the check says, held against a worker that runs the same file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOn } from '../check/report.mjs';
import { action, hook, startBundle, startWorker } from './harness.mjs';

const isRefused = (text) => reportOn(Buffer.from(text)).verdict === 'refused';

const key = 'Buffer.alloc(16)';
const statements = [
  "require('child_process').exec('id')",
  "require('child_process').execSync('id')",
  "require('child_process').execFile('id')",
  "require('child_process').execFileSync('id')",
  "require('child_process').fork('id')",
  "require('child_process').spawn('id')",
  "require('child_process').spawnSync('id')",
  "require('cluster').fork()",
  "require('cluster').isMaster",
  "new (require('worker_threads').Worker)('1', { eval: true })",
  "require('worker_threads').isMainThread",
  "require('node:no-such-module')",
  "require('inspector').open(0)",
  "new (require('inspector').Session)().connect()",
  "require('inspector').url()",
  "require('v8').writeHeapSnapshot()",
  "require('v8').getHeapStatistics()",
  "require('vm').runInNewContext('1')",
  "require('os').hostname()",
  "require('os').networkInterfaces()",
  "process.binding('fs')",
  "process.cwd()",
  "process.dlopen({ exports: {} }, '/lib/a.node')",
  "process.env.A",
  "require('fs').writeFileSync('/tmp/a', '')",
  "require('fs').appendFileSync('/tmp/a', '')",
  "require('fs').mkdirSync('/tmp/a')",
  "require('fs').mkdtempSync('/tmp/a')",
  "require('fs').rmSync('/tmp/a')",
  "require('fs').unlinkSync('/tmp/a')",
  "require('fs').renameSync('/tmp/a', '/tmp/b')",
  "require('fs').copyFileSync('/tmp/a', '/tmp/b')",
  "require('fs').symlinkSync('/tmp/a', '/tmp/b')",
  "require('fs').chmodSync('/tmp', 511)",
  "require('fs').truncateSync('/tmp/a')",
  "require('fs').utimesSync('/tmp', 1, 1)",
  "require('fs').openSync('/tmp/a', 'w')",
  "await require('fs').promises.writeFile('/tmp/a', '')",
  "await require('fs/promises').mkdir('/tmp/a')",
  "require('fs').writeSync(2, '')",
  "require('fs').readFileSync('/etc/hosts')",
  "require('fs').readFileSync('./hosts')",
  "require('fs').readdirSync('/')",
  "require('fs').existsSync('/etc')",
  "require('fs').statSync('/')",
  "require('fs').accessSync('/')",
  "await new Promise((done) => require('fs').readFile('/etc/hosts', (error) => done()))",
  "await new Promise((done) => require('fs').stat('/etc', (error) => done()))",
  "await new Promise((done) => require('fs').writeFile('/tmp/a', '', (error) => done()))",
  "await new Promise((done) => require('fs').unlink('/tmp/a', (error) => done()))",
  "await new Promise((done) => require('fs').exists('/etc', (there) => done()))",
  "await require('fs').promises.readFile('/etc/hosts').catch(() => null)",
  "await require('fs').promises.mkdir('/tmp/a').then(() => 1, () => 2)",
  "await require('fs/promises').readdir('/etc').then(() => 1).finally(() => 2).catch(() => 3)",
  "require('fs').openSync('/etc/hosts', 'r')",
  "await require('fs').promises.readFile('/etc/hosts')",
  "require('fs').readdirSync(__dirname)",
  "require('fs').existsSync(require('path').join(__dirname, 'a'))",
  "require('crypto').createHash('md4')",
  "require('crypto').createHash('sha1')",
  `require('crypto').createCipheriv('rc4', ${key}, null)`,
  `require('crypto').createCipheriv('aes-128-ecb', ${key}, null)`,
  "require('crypto').createCipher('aes-128-ecb', 'a')",
  "require('util').isString('a')",
  "require('util').isArray([])",
  "new Buffer('a')",
  "GLOBAL.a",
  "typeof GLOBAL === 'undefined' ? global : GLOBAL",
  "(require('os').tmpdir || require('os').tmpDir)()",
  "require('os').tmpDir()",
  "({ tmpDir: require('os').tmpDir })",
  "try { require('sharp') } catch (error) {}",
  "await import('sharp').catch(() => null)",
  "require('node:test')",
  "require('node:sqlite')",
  "[1].toSorted()",
  "Object.groupBy([1], String)",
  "new Set([1]).union(new Set([2]))",
  "structuredClone({})",
  "RegExp.escape('a')",
  "context.body.scope",
  "context.body",
  "context.ip.length + context.userAgent.length",
  "context.webtask.headers.host",
  "context.webtask.script.length",
  "context.webtask.secrets.A",
  "context.webtask.storage.get(() => {})",
  "module.webtask.secrets",
  "client.metadata.plan.length",
  "client.app_type",
  "require('left-pad')(1)",
  "require('./local')",
  "require('left-pad@1.0.0')",
];

test('what is refused fails in a worker, and nothing else does', async (t) => {
  const inAWorker = await startWorker(t, `
    const tried = {
      ${statements.map((statement, i) => `async s${i}(client, scope, audience, context) { ${statement}; }`).join(',\n')}
    };
    module.exports = async (client, scope, audience, context, cb) => {
      try {
        await tried[client.name]({ metadata: { plan: 'full' } }, scope, audience, context);
        cb(null, { outcome: 'done' });
      } catch (error) {
        cb(null, { outcome: String(error.code) + ' ' + error.message });
      }
    };`, {
    files: {
      'node_modules/left-pad/package.json': '{"name": "left-pad", "version": "1.0.0", "main": "index.js"}',
      'node_modules/left-pad/index.js': 'module.exports = (text) => text;',
    },
  });
  assert.deepEqual(inAWorker.first, { ready: true });
  for (const [i, statement] of statements.entries()) {
    const { claims } = await inAWorker.call({ client: { name: `s${i}` } });
    const says = isRefused(`module.exports = async function (client, scope, audience, context, cb) { ${statement};
      cb(null, { scope }); };`);
    assert.equal(claims.outcome !== 'done', says, `${statement}: ${claims.outcome}`);
  }
});

for (const [name, text] of Object.entries({
  'nothing': '',
  'a function': hook('cb();'),
  'a local name for exports': 'exports = function () {};',
  'a default': 'exports.default = function () {};',
  'an object': 'module.exports = {};',
  'a text': 'module.exports = "a";',
  'an ES module': 'export default function (client, scope, audience, context, cb) { cb(); }',
  'await at the top': `await 1; ${hook('cb();')}`,
  'a name of the wrapper\'s': `let module = 1; ${hook('cb();')}`,
  'a file beside it': `require('./other'); ${hook('cb();')}`,
  'a file beside it that may be missing': `try { require('./other') } catch (e) {} ${hook('cb();')}`,
  'a version in a name': `require('left-pad@1.0.0'); ${hook('cb();')}`,
  'a return at the top': `if (typeof fetch === 'undefined') return; ${hook('cb();')}`,
  'a mark and an interpreter': `\ufeff#!/usr/bin/env node\n${hook('cb();')}`,
  'an HTML comment': `<!-- a\n${hook('cb();')}`,
  'using': `function a() { using b = null; } ${hook('cb();')}`,
  'a regular expression of 2025': `/(?i:a)/.test('A'); ${hook('cb();')}`,
  'sloppy mode': `with ({}) {} var a = 010; ${hook('cb();')}`,
  'a duplicate in strict mode': `'use strict'; var a = 010; ${hook('cb();')}`,
})) {
  test(`a file with ${name} is loaded just if that is not refused`, async (t) => {
    const { first } = await startWorker(t, text);
    assert.equal(first.ready !== true, isRefused(text), JSON.stringify(first));
  });
}

test('what a member of the context is said to be is what it is', async (t) => {
  const worker = await startWorker(t, hook(`cb(null, {
    ...Object.fromEntries(['body', 'connection', 'clientID'].map((name) => [name, typeof context[name]])),
    ...Object.fromEntries(Object.entries(context.webtask)
      .map(([name, value]) => ['webtask.' + name, JSON.stringify(value)])),
    webtask: typeof module.webtask, scope: Array.isArray(scope), members: Object.keys(client),
    extra: typeof arguments[5], that: this === globalThis,
  });`), { secrets: { A: 'a' } });
  const { claims } = await worker.call({ scope: undefined });
  assert.deepEqual(claims, {
    body: 'object', connection: 'undefined', clientID: 'undefined',
    'webtask.secrets': '{"A":"a"}', 'webtask.data': '{"A":"a"}', 'webtask.headers': '{}', 'webtask.params': '{}',
    'webtask.query': '{}', 'webtask.body': '{}', 'webtask.meta': '{}', 'webtask.id': '""', 'webtask.token': '""',
    'webtask.storage': '{}',
    webtask: 'undefined', scope: true, members: ['name', 'id', 'tenant', 'metadata'], extra: 'undefined', that: true,
  });
});

for (const statement of [
  "api.user.setAppMetadata('a', 1)",
  "api.idToken.setCustomClaim('a', 1)",
  "api.accessToken.addScope('a')",
  "api.accessToken.setCustomClaim('a', 1)",
  "api.transaction?.addTargetScope('a')",
  "api.access.deny('no', 'no')",
  "api.access.deny('invalid_request', 'no')",
  "api.cache.get('a')",
  'event.user.email',
  'event.organization?.id',
  'event.authorization.roles',
  'event.stats.logins_count',
  'event.request.query.a',
  'event.request.geoip.countryCode',
  'event.request.method.length + event.request.ip.length + event.request.hostname.length',
  'event.request.body.grant_type.length',
  'event.client.client_id.length + event.client.metadata.plan.length',
  'event.resource_server.identifier.length + event.tenant.id.length',
  'event.transaction.requested_scopes.length + event.accessToken.scope.length',
  'event.secrets.A',
]) {
  test(`an Action with ${statement} fails just if that is refused`, async (t) => {
    const part = action(`${statement};`);
    const worker = await startBundle(t, [part]);
    const { error } = await worker.call();
    assert.equal(error?.message === 'An Action failed', isRefused(part.script), JSON.stringify(error));
  });
}
