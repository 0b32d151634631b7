import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { callOnce, hook, input, soon, startWorker } from './harness.mjs';

test('the starter, untouched, keeps the scopes and adds nothing', async (t) => {
  const starter = await readFile(new URL('../starter.js', import.meta.url), 'utf8');
  const worker = await startWorker(t, starter);
  assert.deepEqual(worker.first, { ready: true });
  assert.deepEqual((await worker.call({}, 'a')), { id: 'a', claims: { scope: input.scope } });
  assert.deepEqual((await worker.call({ scope: [] }, 'b')), { id: 'b', claims: { scope: [] } });
});

test('gives the Hook the client, the scope, the audience and the context', async (t) => {
  const script = hook('cb(null, { client, scope, audience, context, size: arguments.length });');
  const { claims } = await callOnce(t, script, { secrets: { API_KEY: 'geheim', __proto__: null } });
  assert.deepEqual(claims.client, input.client);
  assert.deepEqual(claims.scope, input.scope);
  assert.equal(claims.audience, input.audience);
  assert.equal(claims.size, 5);
  assert.equal(claims.context.ip, '192.0.2.7');
  assert.equal(claims.context.userAgent, 'curl/8');
  assert.deepEqual(claims.context.webtask.secrets, { API_KEY: 'geheim' });
});

test('leaves nothing undefined that a Hook may read into', async (t) => {
  const { claims } = await callOnce(t, hook(`
    const { headers, params, query, body, meta, id, token, data, storage } = context.webtask;
    storage.get((getError, stored) => storage.set({ a: 1 }, (setError) => cb(null, {
      scope: scope.length, agent: context.userAgent.length, header: typeof headers.host, param: typeof params.a,
      query: typeof query.a, body: typeof body.a, meta: typeof meta.a, id, token, data: data.KEY,
      getError, stored: typeof stored, setError: setError.message,
    })));`), { secrets: { KEY: 'k' } }, { scope: undefined, userAgent: null });
  assert.deepEqual(claims, {
    scope: 0, agent: 0, header: 'undefined', param: 'undefined', query: 'undefined', body: 'undefined',
    meta: 'undefined', id: '', token: '', data: 'k', getError: null, stored: 'undefined',
    setError: 'context.webtask.storage cannot store anything here',
  });
});

test('what a Hook does to its arguments ends with the call', async (t) => {
  const worker = await startWorker(t, hook(`
    const seen = JSON.stringify([client.metadata, scope, context.webtask.secrets]);
    client.metadata.plan = 'changed'; scope.push('extra'); context.webtask.secrets.KEY = 'changed';
    context.webtask.headers.a = 1; context.extra = 1;
    cb(null, { seen });`), { secrets: { KEY: 'k' } });
  const first = await worker.call();
  const second = await worker.call();
  assert.equal(first.claims.seen, '[{"plan":"full"},["read:orders","write:orders"],{"KEY":"k"}]');
  assert.equal(second.claims.seen, first.claims.seen);
});

test('answers many calls at once, each by its id', async (t) => {
  const worker = await startWorker(t, hook('setTimeout(cb, Math.random() * 20, null, { ip: context.ip });'));
  const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => worker.call({ ip: `ip ${i}` }, `id ${i}`)));
  answers.forEach((answer, i) => assert.deepEqual(answer, { id: `id ${i}`, claims: { ip: `ip ${i}` } }));
});

test('reads lines that arrive in pieces, and characters too', async (t) => {
  const worker = await startWorker(t, hook('cb(null, { name: client.name });'));
  const line = Buffer.from(JSON.stringify({ id: 'x', call: { ...input, client: { name: 'Zoë 🚀' } } }) + '\n');
  for (const byte of line) {
    worker.socket.write(Buffer.of(byte));
    await new Promise(setImmediate);
  }
  const long = 'ü'.repeat(100_000);
  assert.deepEqual((await soon(worker.call({ client: { name: long } }))).claims, { name: long });
  assert.deepEqual(worker.replies('x'), [{ id: 'x', claims: { name: 'Zoë 🚀' } }]);
});

for (const [given, claims] of [
  ['', {}],
  ['null', {}],
  ['"text"', {}],
  ['7', {}],
  ['[1, 2]', {}],
  ['new Map([[1, 2]])', {}],
  ['new Date()', {}],
  ['() => 1', {}],
  ['new (class { a = 1 })', {}],
  ['Object.create({ inherited: 1 })', {}],
  ['{ toJSON() { return "text"; } }', {}],
  ['{ toJSON() { return undefined; } }', {}],
  ['Object.assign(Object.create(null), { a: 1 })', { a: 1 }],
  ['require("vm").runInNewContext("({ a: 1 })")', { a: 1 }],
  ['{ a: undefined, b() {}, c: [undefined], d: new Date(0), e: NaN }',
    { c: [null], d: '1970-01-01T00:00:00.000Z', e: null }],
  ['JSON.parse(\'{"__proto__": {"x": 1}, "a": 2}\')', JSON.parse('{"__proto__": {"x": 1}, "a": 2}')],
]) {
  test(`takes claims from a plain object only: ${given || 'nothing'}`, async (t) => {
    assert.deepEqual(await callOnce(t, hook(`cb(null, ${given || 'undefined'});`)), { id: 'call-1', claims });
  });
}

test('a second argument that is no plain object is remarked on', async (t) => {
  const worker = await startWorker(t, hook('cb(null, [1]);'));
  await worker.call({}, 'x');
  assert.deepEqual(worker.logs, [{
    id: 'x',
    part: 0,
    level: 'warn',
    text: 'The second argument of the callback is not a plain object; nothing is taken from it.',
  }]);
});

test('an async Hook calls back like any other', async (t) => {
  const worker = await startWorker(t, `
    module.exports = async (client, scope, audience, context, cb) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      cb(null, { scope });
    };`);
  assert.deepEqual((await worker.call()).claims, { scope: input.scope });
  assert.deepEqual(worker.logs, []);
});

test('exits when the server hangs up', async (t) => {
  const worker = await startWorker(t, hook('setInterval(() => {}, 1000); cb();'));
  await worker.call();
  worker.socket.end();
  assert.equal(await soon(worker.exited), 0);
});

test('a Hook may end its own process', async (t) => {
  const worker = await startWorker(t, hook('process.exit(7);'));
  await assert.rejects(worker.call(), /exited with 7/);
  assert.equal(await worker.exited, 7);
});
