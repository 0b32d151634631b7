import assert from 'node:assert/strict';
import { test } from 'node:test';
import { action, actionPart, answerOf, hookPart, startBundle } from './harness.mjs';

/** Runs an Action with this body, in which `say(name, value)` is for the test; resolves to what it said. */
async function said(t, body) {
  const worker = await startBundle(t, [action(`
    const { get, set, delete: remove } = api.cache;
    const say = (name, value) => api.accessToken.setCustomClaim(name, value);
    ${body}`)]);
  const { claims, error } = await answerOf(worker);
  assert.equal(error, undefined, JSON.stringify(error));
  return claims;
}

test('what is set can be got until it is deleted, and lives for 15 minutes', async (t) => {
  const before = Date.now();
  const { outcome, got, removed, gone, again } = await said(t, `
    say('outcome', set('k', 'v'));
    say('got', get('k'));
    say('removed', remove('k'));
    say('gone', [typeof get('k'), typeof get('other')]);
    say('again', remove('k'));`);
  const { expires_at } = outcome.record;
  assert.ok(expires_at >= before + 900_000 && expires_at <= Date.now() + 900_000);
  assert.deepEqual(outcome, { type: 'success', record: { value: 'v', expires_at } });
  assert.deepEqual(got, { value: 'v', expires_at });
  assert.deepEqual(removed, { type: 'success', record: { value: 'v', expires_at } });
  assert.deepEqual(gone, ['undefined', 'undefined']);
  assert.deepEqual([again.type, again.code], ['error', 'CacheKeyDoesNotExist']);
});

test('all Actions and all calls of a worker share it', async (t) => {
  const worker = await startBundle(t, [
    action('api.cache.set("n", String(Number(api.cache.get("n")?.value ?? 0) + 1));'),
    action('api.accessToken.setCustomClaim("n", api.cache.get("n").value);'),
  ]);
  assert.equal((await answerOf(worker)).claims.n, '1');
  assert.equal((await answerOf(worker)).claims.n, '2');
});

test('changes of a record are not changes of the cache', async (t) => {
  const { got } = await said(t, `
    set('k', 'v').record.value = 'changed'; get('k').value = 'changed'; get('k').expires_at = 0;
    say('got', get('k').value);`);
  assert.equal(got, 'v');
});

test('a lifetime is given by ttl or expires_at, the earlier of both, and is at most a day', async (t) => {
  const { start, ...seconds } = await said(t, `
    const start = Date.now();
    const seconds = (options) => {
      const { record } = set('k', 'v', options);
      return Math.round((record.expires_at - start) / 1000);
    };
    say('ttl', seconds({ ttl: 60_000 }));
    say('expires_at', seconds({ expires_at: start + 30_000 }));
    say('both', seconds({ ttl: 60_000, expires_at: start + 30_000 }));
    say('both2', seconds({ ttl: 20_000, expires_at: start + 30_000 }));
    say('long', seconds({ ttl: 1e12 }));
    say('endless', seconds({ expires_at: Infinity }));
    say('late', seconds({ expires_at: start + 1e9 }));
    say('none', [undefined, null, {}, 7, 'x', { ttl: undefined, expires_at: null }].map(seconds));`);
  delete seconds.scope;
  assert.deepEqual(seconds, {
    ttl: 60, expires_at: 30, both: 30, both2: 20, long: 86_400, endless: 86_400, late: 86_400,
    none: [900, 900, 900, 900, 900, 900],
  });
});

test('an entry that has expired is gone and does not count', async (t) => {
  const { before, after, got, room } = await said(t, `
    for (let i = 0; i < 20; i++) set('k' + i, 'v', { ttl: 200 });
    say('before', set('new', 'v').code);
    const expired = get('k19').expires_at;
    while (Date.now() < expired) await new Promise((resolve) => setTimeout(resolve, 5));
    say('got', typeof get('k0'));
    say('after', set('new', 'v').type);
    say('room', [set('big', 'x'.repeat(4096)).type, set('big2', 'x'.repeat(4000)).type]);`);
  assert.deepEqual([before, after, got, room], ['ItemCountExceeded', 'success', 'undefined', ['success', 'success']]);
});

test('what does not fit is refused with a code, and what was there stays', async (t) => {
  const codes = await said(t, `
    const code = (...given) => {
      const { type, code, message } = set(...given);
      return [type, code, typeof message];
    };
    const expiry = (options) => code('k', 'v', options);
    say('key', [code('x'.repeat(65), 'v'), code('ü'.repeat(33), 'v')]);
    say('value', [code('k', 'x'.repeat(4097)), code('k', 'ü'.repeat(2049))]);
    say('arguments', [code(), code('', 'v'), code(1, 'v'), code('k', 1), code('k', {}), code(Symbol(), '')]);
    say('expiry', [{ ttl: '5' }, { ttl: NaN }, { ttl: -Infinity }, { ttl: 1n }, { get ttl() { throw 1; } },
      { expires_at: new Date(9e12) }].map(expiry));
    say('past', [{ ttl: 0 }, { ttl: -1 }, { expires_at: Date.now() - 1 }].map(expiry));
    say('fits', [set('x'.repeat(64), 'v').type, set('k', 'x'.repeat(4096)).type]);
    say('size', code('k2', 'x'.repeat(4096)));
    say('again', [set('k', 'y'.repeat(4096)).type, get('k').value[0], typeof get('k2')]);
    say('oddGet', [typeof get(), typeof get({}), remove().code, remove({}).code]);`);
  const error = (code) => ['error', code, 'string'];
  const many = (code, count) => Array(count).fill(error(code));
  assert.deepEqual(codes.key, many('CacheKeySizeExceeded', 2));
  assert.deepEqual(codes.value, many('CacheValueSizeExceeded', 2));
  assert.deepEqual(codes.arguments, many('InvalidArgument', 6));
  assert.deepEqual(codes.expiry, many('InvalidExpiry', 6));
  assert.deepEqual(codes.past, many('ItemAlreadyExpired', 3));
  assert.deepEqual(codes.fits, ['success', 'success']);
  assert.deepEqual(codes.size, error('CacheSizeExceeded'));
  assert.deepEqual(codes.again, ['success', 'y', 'undefined']);
  assert.deepEqual(codes.oddGet, ['undefined', 'undefined', 'CacheKeyDoesNotExist', 'CacheKeyDoesNotExist']);
});

test('has 20 entries and 8192 bytes with the keys, to the byte', async (t) => {
  const { count, replaced, full, over } = await said(t, `
    for (let i = 0; i < 20; i++) set('k' + i, 'v');
    say('count', set('k20', 'v').code);
    say('replaced', set('k0', 'w').type);
    for (let i = 0; i < 20; i++) remove('k' + i);
    set('a', 'x'.repeat(4095));
    say('full', set('b', 'x'.repeat(4095)).type);
    say('over', set('b', 'x'.repeat(4096)).code);`);
  assert.deepEqual([count, replaced, full, over], ['ItemCountExceeded', 'success', 'success', 'CacheSizeExceeded']);
});

test('keys may be names that objects have', async (t) => {
  const { none, got } = await said(t, `
    const names = ['__proto__', 'constructor', 'toString', 'value'];
    say('none', names.map((name) => typeof get(name)));
    names.forEach((name) => set(name, name));
    say('got', names.map((name) => get(name).value));`);
  assert.deepEqual(none, ['undefined', 'undefined', 'undefined', 'undefined']);
  assert.deepEqual(got, ['__proto__', 'constructor', 'toString', 'value']);
});

test('is not spoilt by what objects inherit', async (t) => {
  const worker = await startBundle(t, [
    hookPart(`
      Object.assign(Object.prototype, { ttl: 1, expires_at: 1, k: 'forged', value: 'forged', code: 'forged' });
      Object.defineProperty(Object.prototype, 'k2',
        { __proto__: null, set() { throw new Error('set'); }, get: () => 'forged' });
      Date.now = () => 0; Math.min = () => 0; Number.isFinite = () => false; Buffer.byteLength = () => 1e9;
      module.exports = (client, scope, audience, context, cb) => cb(null, { scope });`),
    actionPart(`exports.onExecuteCredentialsExchange = (event, api) => {
      const before = api.cache.get('k');
      const outcomes = [api.cache.set('k', 'v', {}).type, api.cache.set('k2', 'v2').type];
      api.accessToken.setCustomClaim('seen', [before === undefined, ...outcomes, api.cache.get('k').value,
        api.cache.get('k2').value, api.cache.delete('k2').type]);
    };`),
  ]);
  assert.deepEqual((await answerOf(worker)).claims.seen, [true, 'success', 'success', 'v', 'v2', 'success']);
});
