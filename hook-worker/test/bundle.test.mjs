import assert from 'node:assert/strict';
import { test } from 'node:test';
import { action, actionInput, actionPart, answerOf, hook, hookPart, input, soon, startBundle } from './harness.mjs';

const NO_SCOPE = "The Hook's scope is not an array of scope names";

/** An Action that puts the token it sees under a name. */
const witness = (name) => action(`api.accessToken.setCustomClaim('${name}', event.accessToken);`);

// ---- One after the other --------------------------------------------------------------------------------------------

test('Actions run in order, and each sees the claims of those before', async (t) => {
  const worker = await startBundle(t, [
    action('api.accessToken.setCustomClaim("a", 1); api.accessToken.setCustomClaim("b", { deep: [1] });'),
    action(`await new Promise((resolve) => setTimeout(resolve, 5));
      api.accessToken.setCustomClaim("a", event.accessToken.customClaims.a + 1);
      api.accessToken.setCustomClaim("b", undefined);
      api.accessToken.setCustomClaim("before", event.accessToken.customClaims);`),
    witness('seen'),
  ]);
  assert.deepEqual((await soon(worker.call({}, 'x'))).claims, {
    a: 2,
    before: { a: 1, b: { deep: [1] } },
    seen: { customClaims: { a: 2, before: { a: 1, b: { deep: [1] } } }, scope: input.scope },
    scope: input.scope,
  });
  assert.equal(worker.durations('x').length, 3);
});

test('what a part does to what it is given ends with it', async (t) => {
  const spoil = `const spoil = (object) => {
    for (const key of Object.keys(object)) {
      if (typeof object[key] === 'object' && object[key] !== null) spoil(object[key]);
      object[key] = 'spoilt';
    }
    object.extra = 'spoilt';
  };`;
  const spoiling = (number) => action(`${spoil}
    const seen = JSON.stringify(event);
    api.accessToken.setCustomClaim('list', [1]);
    spoil(event);
    const own = api.accessToken.setCustomClaim;
    api.access.deny = api.accessToken.setCustomClaim = api.cache.set = () => { throw new Error('spoilt'); };
    own('seen${number}', seen);`);
  const worker = await startBundle(t, [
    hookPart(hook(`${spoil} const kept = [...scope];
      spoil(client); spoil(scope); spoil(context.webtask.secrets);
      cb(null, { scope: kept, list: [0] });`)),
    spoiling(1), spoiling(2),
  ]);
  for (let i = 0; i < 2; i++) {
    const { seen1, seen2 } = (await answerOf(worker)).claims;
    const [first, second] = [JSON.parse(seen1), JSON.parse(seen2)];
    assert.deepEqual(first.accessToken, { customClaims: { list: [0] }, scope: input.scope });
    assert.deepEqual(second.accessToken, { customClaims: { list: [1], seen1 }, scope: input.scope });
    assert.deepEqual({ ...first, accessToken: 0 }, { ...second, accessToken: 0 });
    assert.equal(first.client.name, 'Billing');
  }
});

test('after an Action that denies or fails none runs', async (t) => {
  const worker = await startBundle(t, [
    action(''),
    action(`if (event.client.name === 'deny') api.access.deny('invalid_request', 'no');
      if (event.client.name === 'fail') throw new Error('boom');`),
    action('console.log("ran");'),
  ]);
  for (const [name, code] of [['deny', 'invalid_request'], ['fail', 'server_error']]) {
    const { error } = await soon(worker.call({ client: { name } }, name));
    assert.deepEqual([error.code, error.part], [code, 1]);
    assert.equal(worker.durations(name).length, 2);
  }
  await soon(worker.call({}, 'ok'));
  assert.deepEqual(worker.logs.map((line) => line.id), ['ok']);
});

test('calls that are interleaved in one worker do not mix', async (t) => {
  const wait = 'await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));';
  const worker = await startBundle(t, [
    hookPart(`module.exports = async ({ name }, scope, audience, context, cb) => {
      ${wait} cb(null, { scope: [name], hook: name });
      ${wait} console.log(name);
    };`),
    action(`${wait} const { hook } = event.accessToken.customClaims;
      if (event.client.name.endsWith('7')) api.access.deny('invalid_scope', hook);
      api.accessToken.setCustomClaim('first', hook); ${wait} console.log(event.client.name);`),
    action(`${wait} api.accessToken.setCustomClaim('second', event.accessToken.customClaims.first);
      setTimeout(() => console.log(event.client.name), 5);`),
  ]);
  const names = Array.from({ length: 100 }, (_, i) => `n${i}`);
  const answers = await Promise.all(names.map((name) => worker.call({ client: { name, metadata: {} } }, name)));
  const denied = names.filter((name) => name.endsWith('7'));
  answers.forEach((answer, i) => {
    const name = names[i];
    if (denied.includes(name)) {
      assert.deepEqual(answer.error, { code: 'invalid_scope', message: name, reason: name, part: 1 });
    } else {
      assert.deepEqual(answer, { id: name, claims: { hook: name, first: name, second: name, scope: [name] } });
    }
  });
  await worker.texts(300 - denied.length);
  for (const { id, part, text } of worker.logs) assert.equal(text, id, `part ${part}`);
  for (const part of [0, 1, 2]) {
    assert.equal(worker.logs.filter((line) => line.part === part).length, part === 2 ? 90 : 100);
  }
});

test('ms has the time of each part that ran, in milliseconds', async (t) => {
  const worker = await startBundle(t, [
    hookPart(`module.exports = async (client, scope, audience, context, cb) => {
      cb(null, { scope });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    };`),
    action('await new Promise((resolve) => setTimeout(resolve, 60));'),
    action('if (event.client.name === "deny") api.access.deny("invalid_scope");'),
  ]);
  await soon(worker.call({ client: { name: 'deny', metadata: {} } }, 'x'));
  const [first, second, third, ...others] = worker.durations('x');
  assert.deepEqual(others, []);
  assert.ok(first >= 0 && first < 1_000, 'a Hook ends with its callback');
  assert.ok(second >= 59 && second < 1_000);
  assert.ok(third >= 0 && third < 1_000);
});

// ---- A Hook and then Actions ----------------------------------------------------------------------------------------

for (const [given, scope, customClaims] of [
  ['{ scope }', input.scope, {}],
  ['{ scope: [...scope, "extra"], "https://x.example/a": 1 }', [...input.scope, 'extra'], { 'https://x.example/a': 1 }],
  ['{ a: new Date(0), b: undefined, c: [null] }', [], { a: '1970-01-01T00:00:00.000Z', c: [null] }],
  ['{ scope: null }', [], {}],
  ['{ scope: new Set() , a: 1 }', undefined],
  ['{ scope: "read:orders" }', undefined],
  ['{ scope: [1] }', undefined],
  ['{ scope: ["a", undefined] }', undefined],
  ['', [], {}],
  ['"text"', [], {}],
  ['JSON.parse(\'{"__proto__": {"x": 1}, "constructor": 2}\')', [],
    JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}')],
]) {
  test(`Actions begin with what the Hook gave: ${given || 'nothing'}`, async (t) => {
    const worker = await startBundle(t, [hookPart(hook(`cb(null, ${given || undefined});`)), witness('seen')]);
    const { claims, error } = await answerOf(worker);
    if (scope === undefined) {
      assert.deepEqual(error, { code: 'server_error', message: NO_SCOPE, reason: NO_SCOPE, part: 0 });
    } else {
      const expected = Object.fromEntries([...Object.entries(customClaims), ['seen', { customClaims, scope }]]);
      assert.deepEqual(claims, Object.assign(expected, { scope }));
    }
  });
}

test('without Actions the scope of a Hook is the server\'s to judge', async (t) => {
  const worker = await startBundle(t, [hookPart(hook('cb(null, { scope: "text" });'))], input);
  assert.deepEqual((await answerOf(worker)).claims, { scope: 'text' });
});

for (const [how, body, code] of [
  ['refuses', 'cb(new InvalidScopeError("no"), { scope });', 'invalid_scope'],
  ['throws', 'throw new Error("no");', 'server_error'],
  ['rejects', 'return Promise.reject(new Error("no"));', 'server_error'],
  ['gives claims that are no JSON', 'cb(null, { n: 1n });', 'server_error'],
  ['gives too much', 'cb(null, { a: "x".repeat(262144) });', 'server_error'],
]) {
  test(`after a Hook that ${how} no Action runs`, async (t) => {
    const worker = await startBundle(t, [hookPart(hook(body)), action('console.log("ran");')]);
    for (const id of ['x', 'y']) {
      const { error } = await soon(worker.call({}, id));
      assert.deepEqual([error.code, error.part], [code, 0]);
      assert.equal(worker.durations(id).length, 1);
    }
    assert.deepEqual(worker.logs, []);
  });
}

test('a Hook that calls back more than once starts the Actions once', async (t) => {
  const worker = await startBundle(t, [
    hookPart(hook(`
      cb(null, { scope, get a() { cb(new Error('again')); return 1; } });
      cb(null, {}); cb(new Error('no')); throw new Error('late');`)),
    action('console.log("ran"); await null; api.accessToken.setCustomClaim("b", 2);'),
  ]);
  assert.deepEqual(await soon(worker.call({}, 'x')), { id: 'x', claims: { a: 1, b: 2, scope: input.scope } });
  await soon(worker.call({}, 'y'));
  assert.equal(worker.replies('x').length, 1);
  const texts = worker.logs.filter((line) => line.id === 'x').map(({ part, text }) => `${part} ${text.split('\n')[0]}`);
  assert.deepEqual(texts, [
    '0 The callback was called after the answer was given; that is ignored.',
    '1 ran',
    '0 Thrown after the answer was given, ignored: Error: late',
  ]);
});

test('an error of a Hook that calls back while it is looked at is the one answer', async (t) => {
  const worker = await startBundle(t, [
    hookPart(hook('cb({ get message() { cb(null, { scope }); return "no"; } });')),
    action('console.log("ran");'),
  ]);
  assert.equal((await soon(worker.call({}, 'x'))).error.message, 'no');
  await soon(worker.call({}, 'y'));
  assert.equal(worker.replies('x').length, 1);
  assert.ok(worker.logs.every((line) => line.text !== 'ran'));
});

test('what the Hook left behind ends the call as its fault, while an Action is at work', async (t) => {
  const worker = await startBundle(t, [
    hookPart(hook('cb(null, { scope }); setTimeout(() => { throw new Error("late"); }, 10);')),
    action('await new Promise(() => {});'),
  ]);
  const { error } = await soon(worker.call({}, 'x'));
  assert.deepEqual([error.message, error.part], ['Script generated an unhandled exception.', 0]);
  assert.equal(await soon(worker.exited), 1);
  assert.equal(worker.replies('x').length, 1);
});

// ---- Secrets, the log, the start ------------------------------------------------------------------------------------

test('each part has its own secrets and sees no other\'s', async (t) => {
  const look = (name) => ({
    ...action(`api.accessToken.setCustomClaim('${name}', event.secrets);
      event.secrets.KEY = 'spoilt';
      api.accessToken.setCustomClaim('all ${name}', JSON.stringify([event, Object.values(api)]));`),
    secrets: { KEY: `secret of ${name}`, [name]: 'only here' },
  });
  const worker = await startBundle(t, [
    { ...hookPart(hook('cb(null, { scope, hook: context.webtask.secrets });')), secrets: { KEY: 'secret of hook' } },
    look('one'), look('two'), witness('three'),
  ]);
  for (let i = 0; i < 2; i++) {
    const { claims } = await answerOf(worker);
    assert.deepEqual(claims.hook, { KEY: 'secret of hook' });
    assert.deepEqual(claims.one, { KEY: 'secret of one', one: 'only here' });
    assert.deepEqual(claims.two, { KEY: 'secret of two', two: 'only here' });
  }
});

test('a setter that a part gives to all objects is handed no secret of another', async (t) => {
  const worker = await startBundle(t, [
    hookPart(`const caught = [];
      for (const name of ['secrets', 'KEY', 'event', 'accessToken', 'scope', 'customClaims', 'line', 'run', 'denial'])
        Object.defineProperty(Object.prototype, name, { set(value) { caught.push(name); }, configurable: true });
      module.exports = (client, scope, audience, context, cb) => cb(null, { scope: ['a'], caught });`),
    { ...action('api.accessToken.setCustomClaim("KEY", event.secrets.KEY);'), secrets: { KEY: 'k' } },
  ]);
  for (const change of [{}, { event: { accessToken: {} } }, {}]) {
    const { caught, ...others } = (await answerOf(worker, change)).claims;
    assert.deepEqual(caught, []);
    assert.equal(others.KEY, 'k');
  }
});

test('console output belongs to the call and the part it was written for, also by what was left behind', async (t) => {
  const later = (text) => `setTimeout(() => console.log('${text} later'), 5);`;
  const worker = await startBundle(t, [
    hookPart(`console.log('loading hook'); ${later('loading hook')}
      ${hook(`console.log('hook'); ${later('hook')} cb(null, { scope });`)}`),
    actionPart(`console.log('loading one'); ${later('loading one')}
      exports.onExecuteCredentialsExchange = async () => { await null; console.warn('one'); ${later('one')} };`),
    action(`console.error('two'); ${later('two')}`),
  ]);
  await soon(worker.call({}, 'x'));
  await worker.texts(10);
  const lines = worker.logs.map(({ id, part, level, text }) => `${id} ${part} ${level} ${text}`).sort();
  assert.deepEqual(lines, [
    'null 0 log loading hook', 'null 0 log loading hook later', 'null 1 log loading one',
    'null 1 log loading one later', 'x 0 log hook', 'x 0 log hook later', 'x 1 log one later', 'x 1 warn one',
    'x 2 error two', 'x 2 log two later',
  ]);
});

test('the parts of a call share its 50 lines', async (t) => {
  const chatty = action('for (let i = 0; i < 30; i++) console.log(i);');
  const worker = await startBundle(t, [chatty, chatty, chatty]);
  await soon(worker.call());
  assert.deepEqual([0, 1, 2].map((part) => worker.logs.filter((line) => line.part === part).length), [30, 21, 0]);
  assert.equal(worker.logs[50].text, '50 lines logged: the rest of what this call logs is dropped');
});

test('outside of calls each part has lines of its own', async (t) => {
  const chatty = (script) => `for (let i = 0; i < 60; i++) console.log(i); ${script}`;
  const worker = await startBundle(t, [hookPart(chatty(hook('cb();'))), actionPart(chatty(action('').script))]);
  assert.deepEqual([0, 1].map((part) => worker.logs.filter((line) => line.part === part).length), [51, 51]);
  assert.equal(worker.logs[101].text,
    '50 lines logged: the rest of what the Action logs outside of calls in this second is dropped');
});

for (const [kind, script, message] of [
  ['compile', 'exports.a = async () => { let 1a; };', /^action\.js:1\n[^]*SyntaxError/],
  ['load', 'require("left-pad");', /Cannot find module 'left-pad'/],
  ['load', 'throw new Error("no");', /^Error: no\n +at .*action\.js:1/],
  ['export', 'module.exports = () => {};', /exports\.onExecuteCredentialsExchange is not a function/],
]) {
  test(`names the part that fails to ${kind}: ${script}`, async (t) => {
    const worker = await startBundle(t, [hookPart(hook('cb();')), actionPart(script), action('')]);
    assert.deepEqual([worker.first.failed.part, worker.first.failed.kind], [1, kind]);
    assert.match(worker.first.failed.message, message);
    assert.ok(!worker.first.failed.message.includes('part-1'), 'names no directory');
    assert.equal(await soon(worker.exited), 1);
  });
}

test('no part is loaded if one does not compile', async (t) => {
  const worker = await startBundle(t, [hookPart(`console.log('loaded'); ${hook('cb();')}`), actionPart('1a')]);
  assert.equal(worker.first.failed.kind, 'compile');
  await soon(worker.exited);
  assert.deepEqual(worker.logs, []);
});
