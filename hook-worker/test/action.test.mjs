import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { action, actionInput, actionPart, answerOf, hook, hookPart, soon, startBundle } from './harness.mjs';

const FAILED = 'An Action failed';
const LATE = 'The api was used after the Action had ended; that is ignored.';

/** Runs one Action once; resolves to the reply. */
const runOnce = async (t, body, change) => answerOf(await startBundle(t, [action(body)]), change);

/** The claims of one Action without the scope. */
async function claimsOf(t, body, change) {
  const { claims, error } = await runOnce(t, body, change);
  assert.equal(error, undefined, JSON.stringify(error));
  const { scope, ...others } = claims;
  assert.deepEqual(scope, actionInput.scope);
  return others;
}

// ---- What it is told ------------------------------------------------------------------------------------------------

test('the starter, untouched, changes nothing', async (t) => {
  const starter = await readFile(new URL('../starter-action.js', import.meta.url), 'utf8');
  assert.deepEqual((await answerOf(await startBundle(t, [actionPart(starter)]))).claims, { scope: actionInput.scope });
});

test('is given the event', async (t) => {
  const { event } = await claimsOf(t, 'api.accessToken.setCustomClaim("event", event);');
  assert.deepEqual(event, {
    accessToken: { customClaims: {}, scope: ['read:orders', 'write:orders'] },
    client: { client_id: 'client-1', name: 'Billing', metadata: { plan: 'full' } },
    request: {
      body: { grant_type: 'client_credentials', client_id: 'client-1' },
      geoip: {},
      hostname: 'issuer.example',
      ip: '192.0.2.7',
      language: 'en',
      method: 'POST',
      user_agent: 'curl/8',
    },
    resource_server: { identifier: 'https://orders.example' },
    tenant: { id: 'shop' },
    transaction: { requested_scopes: ['read:orders'] },
    secrets: {},
  });
});

test('what the request did not say is undefined', async (t) => {
  const change = { userAgent: null, request: { ...actionInput.request, language: null } };
  const { seen } = await claimsOf(t, `const { user_agent, language, geoip } = event.request;
    api.accessToken.setCustomClaim('seen', [typeof user_agent, typeof language, typeof geoip.countryCode]);`, change);
  assert.deepEqual(seen, ['undefined', 'undefined', 'undefined']);
});

test('the event of a rehearsal is the whole event, but for the secrets', async (t) => {
  const worker = await startBundle(t, [{ ...action('api.accessToken.setCustomClaim("event", event);'),
    secrets: { KEY: 'k' } }]);
  const event = {
    accessToken: { customClaims: { before: 1 }, scope: ['a'], extra: true },
    client: { client_id: 'x' },
    anything: [1],
    secrets: { FORGED: 'f' },
  };
  const { claims } = await soon(worker.call({ event }));
  const expected = { ...event, secrets: { KEY: 'k' } };
  assert.deepEqual(claims, { before: 1, event: expected, scope: ['a'] });
});

for (const [name, event] of [
  ['is empty', {}],
  ['is no object', 'text'],
  ['is null', null],
  ['is an array', [1]],
  ['has a token without members', { accessToken: {} }],
  ['has a token that is none', { accessToken: 7 }],
  ['has a scope and claims that are none', { accessToken: { scope: 'a b', customClaims: ['x'] } }],
  ['has a scope of other things than names', { accessToken: { scope: ['a', 1] } }],
]) {
  test(`a rehearsal whose event ${name} has no scope and no claims`, async (t) => {
    const { claims } = await runOnce(t, 'api.accessToken.setCustomClaim("token", event.accessToken);', { event });
    assert.deepEqual(claims, { token: { customClaims: {}, scope: [] }, scope: [] });
  });
}

test('a rehearsal needs nothing but the event', async (t) => {
  const worker = await startBundle(t, [action('api.accessToken.setCustomClaim("n", event.n);')], {});
  assert.deepEqual((await answerOf(worker, { event: { n: 1 } })).claims, { n: 1, scope: [] });
});

// ---- Claims ---------------------------------------------------------------------------------------------------------

test('a claim is what its value was when it was set', async (t) => {
  assert.deepEqual(await claimsOf(t, `
    const value = { list: [1] };
    api.accessToken.setCustomClaim('a', value);
    value.list.push(2);
    await null;
    value.list.push(3);`), { a: { list: [1] } });
});

for (const [given, json] of [
  ['null', null],
  ['0', 0],
  ['""', ''],
  ['false', false],
  ['NaN', null],
  ['"ü\\ud800"', 'ü\ud800'],
  ['[undefined, () => 1]', [null, null]],
  ['{ a: undefined, b() {} }', {}],
  ['new Date(0)', '1970-01-01T00:00:00.000Z'],
  ['{ toJSON() { return { by: "toJSON" }; } }', { by: 'toJSON' }],
  ['new Map([[1, 2]])', {}],
  ['event.client', { client_id: 'client-1', name: 'Billing', metadata: { plan: 'full' } }],
]) {
  test(`a claim may be ${given}`, async (t) => {
    assert.deepEqual(await claimsOf(t, `api.accessToken.setCustomClaim('a', ${given});`), { a: json });
  });
}

for (const [given, why] of [
  ['(() => { const a = {}; a.a = a; return a; })()', /circular/],
  ['1n', /BigInt/],
  ['() => 1', /it is of type function/],
  ['Symbol("s")', /it is of type symbol/],
  ['{ toJSON() { return undefined; } }', /it is of type object/],
  ['{ toJSON() { throw new RangeError("no"); } }', /no/],
  ['{ get a() { throw null; } }', /null/],
]) {
  test(`a claim that cannot be JSON throws a TypeError, and leaves the claim as it was: ${given}`, async (t) => {
    const { a, thrown } = await claimsOf(t, `
      api.accessToken.setCustomClaim('a', 'before');
      try {
        api.accessToken.setCustomClaim('a', ${given});
      } catch (error) {
        api.accessToken.setCustomClaim('thrown', [error instanceof TypeError, error.message]);
      }`);
    assert.equal(a, 'before');
    assert.equal(thrown[0], true);
    assert.match(thrown[1], why);
  });
}

test('a claim set again is the later one, and undefined removes it', async (t) => {
  assert.deepEqual(await claimsOf(t, `
    const { setCustomClaim } = api.accessToken; // needs no this
    setCustomClaim('a', 1); setCustomClaim('b', 1); setCustomClaim('c', 1);
    setCustomClaim('a', 2); setCustomClaim('b', undefined); setCustomClaim('c');
    setCustomClaim('never there', undefined);`), { a: 2 });
});

test('a claim may have any name but scope, which is remarked on', async (t) => {
  const worker = await startBundle(t, [
    action(`for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '1', 'a"b\\\\'])
      api.accessToken.setCustomClaim(name, name);
      api.accessToken.setCustomClaim('scope', ['admin']);`),
    action(`const { customClaims } = event.accessToken;
      api.accessToken.setCustomClaim('seen', Object.keys(customClaims));
      api.accessToken.setCustomClaim('clean', Object.getPrototypeOf(customClaims) === Object.prototype);`),
  ]);
  const { claims } = await soon(worker.call({}, 'x'));
  const names = ['1', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'a"b\\'];
  assert.deepEqual(Object.keys(claims), [...names, 'seen', 'clean', 'scope']);
  assert.deepEqual(claims.seen, names);
  assert.equal(claims.clean, true);
  assert.deepEqual(claims.scope, actionInput.scope);
  assert.deepEqual(worker.logs, [{
    id: 'x', part: 0, level: 'warn', text: 'An Action cannot set the scope; the claim "scope" is ignored.',
  }]);
});

test('the name of a claim is a string', async (t) => {
  const { error } = await runOnce(t, 'api.accessToken.setCustomClaim(Symbol("s"), 1);');
  assert.match(error.reason, /^TypeError: api\.accessToken\.setCustomClaim: the name is not a string/);
});

test('the claims may be 262144 bytes with the rest of the reply, and no more', async (t) => {
  const worker = await startBundle(t, [
    action('api.accessToken.setCustomClaim("a", event.client.name.repeat(event.client.metadata.times));'),
    action(''),
  ]);
  const room = 262_144 - '{"id":"x","claims":{"a":"","scope":[]}}'.length;
  const call = (times, id, name = 'x') => soon(worker.call({ scope: [], client: { name, metadata: { times } } }, id));
  assert.equal((await call(room, 'x')).claims.a.length, room);
  const { error } = await call(room + 1, 'y');
  assert.deepEqual(error, {
    code: 'server_error',
    message: 'The result of the Action is larger than 262144 bytes',
    reason: 'The result of the Action is larger than 262144 bytes',
    part: 0,
  });
  assert.equal((await call(room / 2 + 1, 'z', 'ü')).error.part, 0);
});

// ---- A denial -------------------------------------------------------------------------------------------------------

for (const code of ['invalid_scope', 'invalid_request', 'server_error']) {
  test(`denies with ${code}`, async (t) => {
    assert.deepEqual(await runOnce(t, `api.access.deny('${code}', 'not you');`), {
      id: 'call-1',
      error: { code, message: 'not you', reason: 'not you', part: 0 },
    });
  });
}

for (const [given, message] of [
  ['', 'Access denied'],
  ['null', 'Access denied'],
  ['""', 'Access denied'],
  ['new Error("no")', 'no'],
  ['42', '42'],
  ['{ get message() { throw 1; } }', 'Unknown error'],
]) {
  test(`the reason of a denial: ${given || 'none'}`, async (t) => {
    const { error } = await runOnce(t, `api.access.deny('invalid_scope', ${given || undefined});`);
    assert.equal(error.message, message);
  });
}

test('a reason is cut at 2000 characters', async (t) => {
  assert.equal((await runOnce(t, 'api.access.deny("invalid_scope", "x".repeat(5000));')).error.message.length, 2_000);
});

test('the first of two denials counts', async (t) => {
  const worker = await startBundle(t, [action(`
    api.access.deny('invalid_scope', 'first').access.deny('invalid_request', 'second');`)]);
  const { error } = await soon(worker.call());
  assert.deepEqual([error.code, error.message], ['invalid_scope', 'first']);
  assert.deepEqual(worker.logs.map((line) => line.text),
    ['The Action denied more than once; the first counts.']);
});

for (const code of ['undefined', '"access_denied"', '"INVALID_SCOPE"', '["invalid_scope"]', 'Object.create(null)']) {
  test(`a denial with the code ${code} throws a TypeError and denies nothing`, async (t) => {
    assert.deepEqual(await claimsOf(t, `
      try { api.access.deny(${code}, 'no'); }
      catch (error) { api.accessToken.setCustomClaim('thrown', error instanceof TypeError); }`), { thrown: true });
    const { error } = await runOnce(t, `api.access.deny(${code}, 'no');`);
    assert.deepEqual([error.code, error.message], ['server_error', FAILED]);
    assert.match(error.reason, /^TypeError: api\.access\.deny: the code is one of /);
  });
}

test('a denial takes effect when the Action ends', async (t) => {
  const worker = await startBundle(t, [action(`
    api.access.deny('invalid_scope', 'no');
    await new Promise((resolve) => setTimeout(resolve, 10));
    console.log('still here');`)]);
  assert.equal((await soon(worker.call())).error.message, 'no');
  assert.deepEqual(worker.logs.map((line) => line.text), ['still here']);
});

test('an Action that denies and then throws has failed, and the log has both', async (t) => {
  const worker = await startBundle(t, [action('api.access.deny("invalid_scope", "no"); throw new Error("boom");')]);
  const { error } = await soon(worker.call());
  assert.deepEqual([error.code, error.message], ['server_error', FAILED]);
  assert.match(error.reason, /^Error: boom/);
  assert.deepEqual(worker.logs.map((line) => line.text),
    ['The Action denied with invalid_scope, and failed after that.']);
});

// ---- How it ends ----------------------------------------------------------------------------------------------------

for (const [how, script] of [
  ['throws', 'exports.onExecuteCredentialsExchange = () => {\n  throw new Error("boom");\n};'],
  ['rejects', 'exports.onExecuteCredentialsExchange = async () => {\n  throw new Error("boom");\n};'],
  ['rejects later', `exports.onExecuteCredentialsExchange = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new Error("boom");
  };`],
  ['throws when asked for its then', `exports.onExecuteCredentialsExchange = () => ({
    get then() { throw new Error("boom"); } });`],
  ['rejects by the promise of another library', `exports.onExecuteCredentialsExchange = () => ({
    then(resolve, reject) { setTimeout(reject, 5, new Error("boom")); } });`],
]) {
  test(`an Action that ${how} has failed, and the worker goes on`, async (t) => {
    const worker = await startBundle(t, [actionPart(script)]);
    for (const id of ['a', 'b']) {
      const { error } = await soon(worker.call({}, id));
      assert.deepEqual([error.code, error.message, error.part], ['server_error', FAILED, 0]);
      assert.match(error.reason, /^Error: boom\n/);
      assert.ok(!error.reason.includes(worker.directory));
    }
  });
}

test('the error classes of Hooks say nothing when an Action throws one', async (t) => {
  const { error } = await runOnce(t, 'throw new InvalidScopeError("no");');
  assert.deepEqual([error.code, error.message], ['server_error', FAILED]);
});

test('an Action may throw anything', async (t) => {
  for (const [given, reason] of [['null', 'null'], ['"text"', 'text'], ['{ get stack() { throw 1; } }', FAILED]]) {
    assert.deepEqual((await runOnce(t, `throw ${given};`)).error,
      { code: 'server_error', message: FAILED, reason, part: 0 });
  }
});

for (const [what, returned] of [['nothing', ''], ['a value', '{ scope: ["admin"] }'], ['a function', '() => 1'],
  ['a promise', 'Promise.resolve(7)'], ['what has a then that is none', '{ then: 1 }']]) {
  test(`an Action that is not async may return ${what}`, async (t) => {
    const worker = await startBundle(t, [actionPart(`exports.onExecuteCredentialsExchange = function (event, api) {
      api.accessToken.setCustomClaim('a', 1); return ${returned}; };`)]);
    assert.deepEqual((await answerOf(worker)).claims, { a: 1, scope: actionInput.scope });
  });
}

test('what an Action left behind may do nothing any more, and that is remarked on once', async (t) => {
  const worker = await startBundle(t, [
    action(`setTimeout(() => {
      const refused = [
        api.accessToken.setCustomClaim('late', 1n) === api, api.access.deny('nonsense') === api,
        api.cache.set('late', 'v').code, api.cache.delete('early').code, typeof api.cache.get('early'),
      ];
      console.log(refused.join(' '));
    }, 10);
    api.cache.set('early', 'v');`),
    action(`await new Promise((resolve) => setTimeout(resolve, 30));
      api.accessToken.setCustomClaim('cached', [typeof api.cache.get('late'), api.cache.get('early').value]);`),
  ]);
  assert.deepEqual((await soon(worker.call({}, 'x'))).claims,
    { cached: ['undefined', 'v'], scope: actionInput.scope });
  assert.deepEqual(worker.logs, [
    { id: 'x', part: 0, level: 'warn', text: LATE },
    { id: 'x', part: 0, level: 'log', text: 'true true ActionEnded ActionEnded undefined' },
  ]);
});

test('an Action that never ends is not answered', async (t) => {
  const worker = await startBundle(t, [action('if (event.client.name === "slow") await new Promise(() => {});')]);
  worker.call({ client: { name: 'slow', metadata: {} } }, 'slow').catch(() => {});
  await soon(worker.call({}, 'quick'));
  assert.deepEqual(worker.replies('slow'), []);
});

for (const [how, body] of [
  ['a timer', 'setTimeout(() => { throw new Error("boom"); }, 10);'],
  ['a lost promise', 'Promise.reject(new Error("boom"));'],
]) {
  test(`what nobody catches in ${how} of an Action at work answers its call and stops the worker`, async (t) => {
    const worker = await startBundle(t, [action(''),
      action(`if (event.client.name === 'bad') { ${body} } await new Promise(() => {});`)]);
    const other = worker.call({}, 'other');
    const bad = worker.call({ client: { name: 'bad', metadata: {} } }, 'bad');
    const { error } = await soon(bad);
    assert.deepEqual([error.code, error.message, error.part], ['server_error', FAILED, 1]);
    assert.match(error.reason, /^Error: boom/);
    assert.deepEqual((({ code, message, part }) => ({ code, message, part }))((await soon(other)).error),
      { code: 'server_error', message: 'The worker ended before the Action answered.', part: 1 });
    assert.equal(await soon(worker.exited), 1);
    assert.deepEqual([worker.logs[0].id, worker.logs[0].part], ['bad', 1]);
    assert.equal(worker.replies('bad').length, 1);
  });
}

test('a throw of what an ended Action left behind is its fault, a rejection is ignored', async (t) => {
  const worker = await startBundle(t, [
    action(`if (event.client.name === 'throw') setTimeout(() => { throw new Error('late'); }, 10);
      if (event.client.name === 'reject') setTimeout(() => Promise.reject(new Error('late')), 1);`),
    action('await new Promise((resolve) => setTimeout(resolve, 50));'),
  ]);
  const call = (name) => soon(worker.call({ client: { name, metadata: {} } }, name));
  assert.deepEqual((await call('reject')).claims, { scope: actionInput.scope });
  assert.deepEqual([worker.logs[0].id, worker.logs[0].part], ['reject', 0]);
  assert.match(worker.logs[0].text, /^Rejected after the Action had ended, ignored: Error: late/);
  const { error } = await call('throw');
  assert.deepEqual([error.message, error.part], [FAILED, 0]);
  assert.equal(worker.durations('throw').length, 2);
  assert.equal(await soon(worker.exited), 1);
});

test('an Action may end its own process', async (t) => {
  const worker = await startBundle(t, [action('process.exit(7);')]);
  await assert.rejects(worker.call(), /exited with 7/);
});

// ---- Its script -----------------------------------------------------------------------------------------------------

for (const script of ['', 'exports.onExecutePostLogin = async () => {};', 'module.exports = null;',
  'exports.onExecuteCredentialsExchange = {};', hook('cb();'),
  'Object.defineProperty(exports, "onExecuteCredentialsExchange", { get() { throw 1; } });']) {
  test(`refuses a script that exports no Action: ${script}`, async (t) => {
    const { first, exited } = await startBundle(t, [actionPart(script)]);
    assert.deepEqual([first.failed.part, first.failed.kind], [0, 'export']);
    assert.match(first.failed.message, /^exports\.onExecuteCredentialsExchange is not a function/);
    assert.equal(await soon(exited), 1);
  });
}

test('the Action is what was exported when the script was loaded', async (t) => {
  const worker = await startBundle(t, [actionPart(`module.exports = {
    onExecuteCredentialsExchange(event, api) {
      api.accessToken.setCustomClaim('first', true);
      module.exports.onExecuteCredentialsExchange = null;
    },
  };`)]);
  for (let i = 0; i < 2; i++) assert.equal((await answerOf(worker)).claims.first, true);
});

test('requires packages of its own directory only', async (t) => {
  const packages = (name) => ({
    [`node_modules/${name}/index.js`]: `module.exports = '${name}';`,
    'node_modules/both/index.js': `module.exports = 'both of ${name}';`,
  });
  const script = (mine, others) => `
    const mine = [require('${mine}'), require('both'), __filename === __dirname + '/action.js'];
    try { require('${others}'); } catch (error) { mine.push(error.code); }
    exports.onExecuteCredentialsExchange = async (event, api) => { api.accessToken.setCustomClaim('${mine}', mine); };`;
  const worker = await startBundle(t, [
    { ...actionPart(script('a', 'b')), files: packages('a') },
    { ...actionPart(script('b', 'a')), files: packages('b') },
  ]);
  const { a, b } = (await answerOf(worker)).claims;
  assert.deepEqual(a, ['a', 'both of a', true, 'MODULE_NOT_FOUND']);
  assert.deepEqual(b, ['b', 'both of b', true, 'MODULE_NOT_FOUND']);
});

test('a Hook script as an Action, and an Action script as a Hook, are refused', async (t) => {
  const { first } = await startBundle(t, [hookPart(action('').script)]);
  assert.equal(first.failed.kind, 'export');
});
