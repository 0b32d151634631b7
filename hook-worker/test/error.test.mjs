import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callOnce, hook, soon, startWorker } from './harness.mjs';

const SYNC = 'Script generated an unhandled synchronous exception.';
const REJECTION = 'Script generated an unhandled rejection.';
const UNHANDLED = 'Script generated an unhandled exception.';
const ENDED = 'The worker ended before the Hook answered.';
const SERIALISING = 'Error when JSON serializing the result of the extension point';

for (const [given, code, message] of [
  ['new InvalidScopeError("no")', 'invalid_scope', 'no'],
  ['new InvalidRequestError("no")', 'invalid_request', 'no'],
  ['new ServerError("no")', 'server_error', 'no'],
  ['new ExtensibilityUserError("no")', 'server_error', 'no'],
  ['new Error("no")', 'server_error', 'no'],
  ['new TypeError("no")', 'server_error', 'no'],
  ['new Error()', 'server_error', 'Unknown error'],
  ['"no"', 'server_error', 'no'],
  ['42', 'server_error', '42'],
  ['Symbol("no")', 'server_error', 'Symbol(no)'],
  ['{ message: "no" }', 'server_error', 'no'],
  ['{ name: "InvalidScopeError", message: "no" }', 'server_error', 'no'],
  ['[]', 'server_error', 'Unknown error'],
  ['Object.create(null)', 'server_error', 'Unknown error'],
  ['{ get message() { throw 1; } }', 'server_error', 'Unknown error'],
  ['Object.assign(new Error("no"), { name: "InvalidScopeError" })', 'invalid_scope', 'no'],
  ['new (class InvalidRequestError extends Error { name = "InvalidRequestError" })("no")', 'invalid_request', 'no'],
  ['new (class Mine extends InvalidScopeError {})("no")', 'invalid_scope', 'no'],
  ['Object.defineProperty(new Error("no"), "name", { get() { throw 1; } })', 'server_error', 'no'],
]) {
  test(`cb(${given}) is ${code}`, async (t) => {
    const { error } = await callOnce(t, hook(`cb(${given}, { scope });`));
    assert.equal(error.code, code);
    assert.equal(error.message, message);
    assert.equal(typeof error.reason, 'string');
  });
}

test('the error classes have their names and are errors', async (t) => {
  const { claims } = await callOnce(t, hook(`cb(null, {
    names: [InvalidScopeError, InvalidRequestError, ServerError].map((c) => new c('m').name),
    all: [InvalidScopeError, InvalidRequestError, ServerError].every((c) =>
      new c('m') instanceof ExtensibilityUserError && new c('m') instanceof Error && new c('m').message === 'm'),
  });`));
  assert.deepEqual(claims, { names: ['InvalidScopeError', 'InvalidRequestError', 'ServerError'], all: true });
});

test('the reason has the stack, the message is bounded, and neither is endless', async (t) => {
  const worker = await startWorker(t, hook('\n  cb(new Error(client.name));'));
  const { error } = await worker.call();
  assert.match(error.reason, /^Error: Billing\n +at .*\(?hook\.js:2:6\)?$/);
  const long = (await worker.call({ client: { name: 'x'.repeat(5_000) } })).error;
  assert.equal(long.message.length, 2_000);
  assert.equal(long.reason.length, 2_000);
});

test('a throw before the callback', async (t) => {
  const worker = await startWorker(t, hook(`
    if (client.name === 'typed') throw new InvalidScopeError('not you');
    if (client.name === 'null') throw null;
    scope.first.second;`));
  const { error } = await worker.call();
  assert.deepEqual([error.code, error.message], ['server_error', SYNC]);
  assert.match(error.reason, /TypeError: Cannot read properties of undefined/);
  const typed = await worker.call({ client: { name: 'typed' } });
  assert.deepEqual([typed.error.code, typed.error.message], ['invalid_scope', 'not you']);
  const nothing = await worker.call({ client: { name: 'null' } });
  assert.deepEqual(nothing.error, { code: 'server_error', message: SYNC, reason: 'null', part: 0 });
});

test('a rejection before the callback', async (t) => {
  const worker = await startWorker(t, `module.exports = async (client) => {
    await null;
    if (client.name === 'typed') throw new InvalidRequestError('not so');
    throw new Error('database password is wrong');
  };`);
  const { error } = await worker.call();
  assert.deepEqual([error.code, error.message], ['server_error', REJECTION]);
  assert.match(error.reason, /^Error: database password is wrong/);
  const typed = await worker.call({ client: { name: 'typed' } });
  assert.deepEqual([typed.error.code, typed.error.message], ['invalid_request', 'not so']);
});

test('a promise of another library is followed too', async (t) => {
  const { error } = await callOnce(t, hook('return { then(resolve, reject) { reject(new ServerError("later")); } };'));
  assert.equal(error.message, 'later');
});

test('after the callback a throw, a rejection and a second callback are ignored, and logged', async (t) => {
  for (const [script, text] of [
    [hook('cb(null, { a: 1 }); throw new Error("late");'), /^Thrown after the answer was given, ignored: Error: late/],
    ['module.exports = async (a, b, c, d, cb) => { cb(null, { a: 1 }); throw new Error("late"); };',
      /^Thrown after the answer was given, ignored: Error: late/],
    [hook('cb(null, { a: 1 }); cb(new Error("late")); cb();'), /^The callback was called after the answer was given/],
  ]) {
    const worker = await startWorker(t, script);
    assert.deepEqual((await worker.call({}, 'x')).claims, { a: 1 });
    assert.match((await worker.texts(1))[0], text);
    await worker.call({}, 'y');
    assert.equal(worker.replies('x').length, 1);
    assert.equal(worker.logs.filter((line) => line.id === 'x').length, 1);
    assert.deepEqual([worker.logs[0].id, worker.logs[0].level], ['x', 'warn']);
  }
});

test('a throw in the callback of a call already refused stays ignored', async (t) => {
  const worker = await startWorker(t, hook('setTimeout(cb, 10); throw new Error("first");'));
  assert.equal((await worker.call({}, 'x')).error.message, SYNC);
  assert.match((await worker.texts(1))[0], /^The callback was called after/);
  assert.equal(worker.replies('x').length, 1);
});

test('an async Hook that ends without calling back is remarked on once and may still call back', async (t) => {
  const worker = await startWorker(t, `
    module.exports = async (client, scope, audience, context, cb) => { setTimeout(cb, 100, null, { late: true }); };`);
  const answer = worker.call({}, 'x');
  assert.deepEqual(await worker.texts(1), ['The promise of the Hook was resolved before the callback was called.']);
  assert.deepEqual(worker.replies('x'), []);
  assert.deepEqual((await answer).claims, { late: true });
  assert.equal(worker.logs.length, 1);
});

for (const [how, script] of [
  ['a timer', hook('if (client.name === "bad") setTimeout(() => { throw new Error("boom"); }, 20);')],
  ['a lost promise', hook('if (client.name === "bad") setTimeout(() => Promise.reject(new Error("boom")), 20);')],
  ['an async function nobody awaits',
    hook('const f = async () => { await null; throw new Error("boom"); }; if (client.name === "bad") f();')],
]) {
  test(`what nobody catches in ${how} answers its call and stops the worker`, async (t) => {
    const worker = await startWorker(t, script);
    const other = worker.call({}, 'other');
    const bad = worker.call({ client: { name: 'bad' } }, 'bad');
    const error = (await soon(bad)).error;
    assert.deepEqual([error.code, error.message], ['server_error', UNHANDLED]);
    assert.match(error.reason, /^Error: boom/);
    assert.deepEqual([(await soon(other)).error.code, (await other).error.message], ['server_error', ENDED]);
    assert.equal(await soon(worker.exited), 1);
    assert.equal(worker.logs[0].id, 'bad');
    assert.match(worker.logs[0].text, /^Nobody caught this, the worker stops: Error: boom/);
    assert.equal(worker.replies('bad').length, 1);
  });
}

test('what nobody catches outside of calls stops the worker', async (t) => {
  const worker = await startWorker(t, 'setTimeout(() => { throw new Error("boom"); }, 50);' + hook(''));
  assert.equal((await soon(worker.call())).error.message, ENDED);
  assert.equal(await soon(worker.exited), 1);
  assert.equal(worker.logs[0].id, null);
});

test('what nobody catches after the answer stops the worker, but a rejection does not', async (t) => {
  const worker = await startWorker(t, hook(`
    cb(null, {});
    if (client.name === 'reject') Promise.reject(new Error('late'));
    if (client.name === 'throw') setTimeout(() => { throw new Error('late'); });`));
  await worker.call({ client: { name: 'reject' } });
  assert.match((await worker.texts(1))[0], /^Rejected after the answer was given, ignored: Error: late/);
  assert.deepEqual((await worker.call({ client: { name: 'throw' } }, 'x')).claims, {});
  assert.equal(await soon(worker.exited), 1);
  assert.equal(worker.replies('x').length, 1);
});

for (const claims of [
  'const claims = {}; claims.self = claims;',
  'const claims = { n: 1n };',
  'const claims = { toJSON() { throw new Error("no"); } };',
  'const claims = { get a() { throw new Error("no"); } };',
  'let claims = {}; for (let i = 0; i < 1e5; i++) claims = { claims };',
]) {
  test(`claims that are no JSON: ${claims}`, async (t) => {
    const { error } = await callOnce(t, hook(`${claims} cb(null, claims);`));
    assert.deepEqual([error.code, error.message], ['server_error', SERIALISING]);
  });
}

test('a callback from within the claims is a second callback', async (t) => {
  const worker = await startWorker(t, hook('cb(null, { get a() { cb(new Error("again")); return 1; } });'));
  assert.deepEqual((await worker.call({}, 'x')).claims, { a: 1 });
  await sleep(20);
  assert.equal(worker.replies('x').length, 1);
});

test('a reply may have 262144 bytes and no more', async (t) => {
  const worker = await startWorker(t, hook('cb(null, { a: client.name.repeat(audience) });'));
  const room = 262_144 - '{"id":"x","claims":{"a":""}}'.length;
  const fits = await worker.call({ client: { name: 'x' }, audience: room }, 'x');
  assert.equal(fits.claims.a.length, room);
  const over = await worker.call({ client: { name: 'x' }, audience: room + 1 }, 'y');
  assert.deepEqual([over.error.code, over.error.message],
    ['server_error', 'The result of the Hook is larger than 262144 bytes']);
  const wide = await worker.call({ client: { name: 'ü' }, audience: room / 2 }, 'x');
  assert.equal(wide.claims.a.length, room / 2);
  const wider = await worker.call({ client: { name: 'ü' }, audience: room / 2 + 1 }, 'z');
  assert.match(wider.error.message, /larger/);
});
