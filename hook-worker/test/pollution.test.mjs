import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionInput, actionPart, hook, hookPart, input, soon, startBundle, startWorker } from './harness.mjs';

/** What a part changes in the objects all code shares, and must not spoil any answer with. */
const changes = {
  'JSON': 'JSON.stringify = () => "{}"; JSON.parse = () => ({}); globalThis.JSON = {};',
  'Object.prototype.toJSON': 'Object.prototype.toJSON = () => "spoilt";',
  'Array.prototype.toJSON': 'Array.prototype.toJSON = () => "spoilt";',
  'String.prototype.toJSON': 'String.prototype.toJSON = Number.prototype.toJSON = () => "spoilt";',
  'Object.prototype properties': `Object.assign(Object.prototype, { scope: 'x', start: 1, call: 1, id: 'x', error: 1,
    claims: 1, message: 'x', answered: true, stream: false, encoding: 'hex', value: 1, then: undefined, level: 'x' });`,
  'Object.prototype.get and set': 'Object.prototype.get = Object.prototype.set = () => 1;',
  'Array.prototype': `for (const name of Object.getOwnPropertyNames(Array.prototype))
    if (typeof Array.prototype[name] === 'function' && name !== 'constructor') Array.prototype[name] = () => 'spoilt';
    Array.prototype[Symbol.iterator] = () => ({ next: () => ({ done: true }) }); Array.isArray = () => false;`,
  'String.prototype': `for (const name of Object.getOwnPropertyNames(String.prototype))
    if (typeof String.prototype[name] === 'function' && name !== 'constructor') String.prototype[name] = () => 'spoilt';
    globalThis.String = () => 'spoilt';`,
  'Map and Set': `for (const { prototype } of [Map, Set, WeakMap]) for (const name of ['get', 'set', 'has', 'delete',
    'add', 'forEach']) prototype[name] = () => { throw new Error('spoilt'); };`,
  'Promise': `Promise.prototype.then = function () { return this; }; Promise.prototype.catch = () => {};
    Promise.resolve = () => {}; globalThis.Promise = class {};`,
  'Promise and its constructor': `Promise.prototype.then = function () { return this; };
    Promise.prototype[Symbol.species] = null;`,
  'the constructor of promises': `Promise.prototype.then = function () { return this; };
    Object.defineProperty(Promise.prototype, 'constructor', { get() { throw new Error('spoilt'); } });`,
  'Function.prototype': `Function.prototype.call = Function.prototype.bind = () => 'spoilt';
    Reflect.apply = () => 'spoilt';`,
  'Object': `for (const name of Object.getOwnPropertyNames(Object))
    if (typeof Object[name] === 'function') Object[name] = () => { throw new Error('spoilt'); };`,
  'Buffer and typed arrays': `Buffer.byteLength = () => 1e9; Buffer.from = Buffer.concat = () => { throw 1; };
    for (const name of ['toString', 'utf8Slice', 'subarray', 'slice', 'write', 'utf8Write'])
      Buffer.prototype[name] = () => 'spoilt'; globalThis.Uint8Array = globalThis.Buffer = class {};
    TextDecoder.prototype.decode = () => 'spoilt';`,
  'timers': `globalThis.setTimeout = globalThis.setImmediate = globalThis.queueMicrotask = () => {};
    Date.now = () => 'spoilt'; globalThis.Date = undefined;`,
  'streams and events': `const { EventEmitter } = require('events'); const net = require('net');
    const stream = require('stream');
    for (const { prototype } of [EventEmitter, net.Socket, stream.Duplex, stream.Writable, stream.Readable])
      for (const name of ['emit', 'on', 'write', '_write', '_writeGeneric', 'end', 'push', 'read', 'cork', 'destroy'])
        prototype[name] = () => { throw new Error('spoilt'); };`,
  'AsyncLocalStorage': `const { AsyncLocalStorage } = require('async_hooks');
    for (const name of ['run', 'getStore', '_enable', '_propagate', 'enterWith', 'exit', 'disable'])
      AsyncLocalStorage.prototype[name] = () => { throw new Error('spoilt'); };`,
  'console': 'console.log = console.warn = () => { throw 1; }; globalThis.console = undefined;',
  'util, vm and module': `const util = require('util'); util.format = util.inspect = () => { throw 1; };
    util.types.isNativeError = () => false; require('vm').compileFunction = null;`,
  'errors': `Error.prepareStackTrace = () => ({}); Error.stackTraceLimit = 0; globalThis.Error = class {};
    globalThis.InvalidScopeError = globalThis.ServerError = undefined;`,
  'process': `process.exit = process.reallyExit = process.nextTick = process.emitWarning = () => {};
    process.argv = undefined; globalThis.process = { env: {} };`,
  'RegExp and Symbol': `RegExp.prototype.exec = () => { throw 1; }; RegExp.prototype[Symbol.replace] = () => 'spoilt';
    globalThis.Symbol = undefined; Math.floor = Math.min = () => NaN;`,
};

/** `InvalidScopeError` is kept, because one change removes the global. */
const answers = `
  const { InvalidScopeError: Refusal } = globalThis;
  module.exports = function (client, scope, audience, context, cb) {
    if (client.name === 'error') return cb(new Refusal('not you'));
    if (client.name === 'throw') throw new Refusal('not you either');
    if (client.name === 'async') return (async () => { throw new Refusal('nor you'); })();
    cb(null, { scope, nested: { deep: [1, { a: 'ü' }] } });
  };`;

for (const [name, change] of Object.entries(changes)) {
  for (const when of ['when loaded', 'in a call']) {
    test(`answers are right after a change of ${name} ${when}`, async (t) => {
      const script = when === 'when loaded'
        ? `${answers} ${change}`
        : `${answers} const hook = module.exports; let done = false;
           module.exports = function (client, scope, audience, context, cb) {
             if (!done) { done = true; ${change} }
             return hook(client, scope, audience, context, cb);
           };`;
      const worker = await startWorker(t, script);
      assert.deepEqual(worker.first, { ready: true });
      const claims = { scope: input.scope, nested: { deep: [1, { a: 'ü' }] } };
      for (const id of ['a', 'b']) assert.deepEqual(await soon(worker.call({}, id)), { id, claims });
      for (const [kind, message] of [['error', 'not you'], ['throw', 'not you either'], ['async', 'nor you']]) {
        const { error } = await soon(worker.call({ client: { ...input.client, name: kind } }));
        assert.deepEqual([error.code, error.message], ['invalid_scope', message]);
      }
      assert.deepEqual((await soon(worker.call({ client: { name: 'Zoë', id: 'x', metadata: {} } }))).claims, claims);
      worker.socket.end();
      await soon(worker.exited);
    });
  }
}

/** The code of the other parts asks nothing of what is changed; the Hook changes it when loaded, an Action in a call. */
for (const [name, change] of Object.entries(changes)) {
  for (const changer of ['the Hook', 'an Action']) {
    test(`Actions are right after ${changer} changed ${name}`, async (t) => {
      const worker = await startBundle(t, [
        hookPart(`module.exports = function (client, scope, audience, context, cb) {
            cb(null, { scope, hook: { deep: [1, { a: 'ü' }] } });
          };
          ${changer === 'the Hook' ? change : ''}`),
        actionPart(`let done = false;
          exports.onExecuteCredentialsExchange = async (event, api) => {
            ${changer === 'an Action' ? `if (!done) { done = true; ${change} }` : ''}
            await null;
            api.accessToken.setCustomClaim('one', { given: event.accessToken, list: [1, { a: 'ü' }] });
            api.cache.set('key', 'ü');
          };`),
        { ...actionPart(`
          exports.onExecuteCredentialsExchange = (event, api) => {
            api.accessToken.setCustomClaim('two', event);
            api.accessToken.setCustomClaim('cached', api.cache.get('key').value);
            if (event.client.name === 'deny') api.access.deny('invalid_scope', 'not you');
            if (event.client.name === 'throw') throw 'not you either';
            if (event.client.name === 'async') return (async () => { await null; throw 'nor you'; })();
          };`), secrets: { KEY: 'k' } },
      ]);
      assert.deepEqual(worker.first, { ready: true });
      const hookClaims = { hook: { deep: [1, { a: 'ü' }] } };
      const one = { given: { customClaims: hookClaims, scope: input.scope }, list: [1, { a: 'ü' }] };
      const expected = {
        ...hookClaims,
        one,
        two: {
          accessToken: { customClaims: { ...hookClaims, one }, scope: input.scope },
          client: { client_id: 'client-1', name: 'Billing', metadata: { plan: 'full' } },
          request: { ...actionInput.request, geoip: {}, ip: input.ip, user_agent: input.userAgent },
          resource_server: { identifier: input.audience },
          tenant: { id: 'shop' },
          transaction: { requested_scopes: actionInput.requestedScope },
          secrets: { KEY: 'k' },
        },
        cached: 'ü',
        scope: input.scope,
      };
      for (const id of ['a', 'b']) assert.deepEqual(await soon(worker.call({}, id)), { id, claims: expected });
      for (const [kind, code, message] of [
        ['deny', 'invalid_scope', 'not you'],
        ['throw', 'server_error', 'An Action failed'],
        ['async', 'server_error', 'An Action failed'],
      ]) {
        const { error } = await soon(worker.call({ client: { ...input.client, name: kind } }));
        assert.deepEqual([error.code, error.message, error.part], [code, message, 2]);
      }
      assert.deepEqual((await soon(worker.call({}, 'c'))).claims, expected);
      worker.socket.end();
      await soon(worker.exited);
    });
  }
}

test('inherited properties never reach the claims', async (t) => {
  const worker = await startWorker(t, hook(`
    Object.prototype.scope = ['admin'];
    Object.defineProperty(Object.prototype, 'https://x.example/role', { value: 'admin', enumerable: true });
    cb(null, client.name === 'plain' ? {} : { own: 1, nested: {} });`));
  assert.deepEqual((await worker.call({ client: { name: 'plain' } })).claims, {});
  assert.deepEqual((await worker.call()).claims, { own: 1, nested: {} });
});

test('a scope that the server left out is none, whatever objects inherit', async (t) => {
  const worker = await startWorker(t, 'Object.prototype.scope = ["admin"];' + hook('cb(null, { scope });'));
  assert.deepEqual((await worker.call({ scope: undefined })).claims, { scope: [] });
});

test('a toJSON that claims have of their own, or by their class, is still asked', async (t) => {
  const worker = await startWorker(t, `Object.prototype.toJSON = () => 'spoilt';` + hook(`
    cb(null, { date: new Date(0), own: { toJSON: () => 'own' }, kept: typeof Object.prototype.toJSON });`));
  for (let i = 0; i < 2; i++) {
    assert.deepEqual((await worker.call()).claims, { date: '1970-01-01T00:00:00.000Z', own: 'own', kept: 'function' });
  }
});

test('what nobody catches still ends the process when the Hook replaced the ways to end it', async (t) => {
  const worker = await startWorker(t, `
    process.exit = process.reallyExit = process.abort = process.kill = () => {};
    process.on('exit', () => { for (;;); });` + hook('setTimeout(() => { throw new Error("boom"); });'));
  assert.equal((await soon(worker.call())).error.message, 'Script generated an unhandled exception.');
  assert.equal(await soon(worker.exited), 1);
});
