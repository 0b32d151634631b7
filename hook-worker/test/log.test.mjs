import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hook, startWorker } from './harness.mjs';

test('console writes to the log, with its level and formatted as Node does', async (t) => {
  const worker = await startWorker(t, hook(`
    console.log('%s has %d', 'a', 1, { deep: { er: [1] } });
    console.info('info'); console.warn('warn'); console.error(new RangeError('r').message); console.debug('debug');
    console.log();
    console.group('outer'); console.log('in\\nner'); console.groupEnd(); console.log('after');
    console.dir({ a: 1 }); console.assert(false, 'not so'); require('console').log('by require');
    cb();`));
  await worker.call({}, 'x');
  assert.deepEqual(worker.logs.map(({ id, level, text }) => `${id} ${level} ${text}`), [
    'x log a has 1 { deep: { er: [ 1 ] } }', 'x info info', 'x warn warn', 'x error r', 'x debug debug', 'x log ',
    'x log outer', 'x log   in\n  ner', 'x log after', 'x log { a: 1 }', 'x error Assertion failed: not so',
    'x log by require',
  ]);
});

test('a line belongs to the call it was written for', async (t) => {
  const worker = await startWorker(t, `
    console.log('loading');
    setTimeout(() => console.log('in the background'), 30);
    module.exports = async (client, scope, audience, context, cb) => {
      console.log('start', client.name);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      console.log('end', client.name);
      setTimeout(() => console.log('later', client.name), 10);
      cb(null, {});
    };`);
  await Promise.all(['a', 'b', 'c'].map((name) => worker.call({ client: { name } }, name)));
  await worker.texts(11);
  for (const id of ['a', 'b', 'c']) {
    assert.deepEqual(worker.logs.filter((line) => line.id === id).map((line) => line.text),
      [`start ${id}`, `end ${id}`, `later ${id}`]);
  }
  assert.deepEqual(worker.logs.filter((line) => line.id === null).map((line) => line.text),
    ['loading', 'in the background']);
});

test('a text is cut at 2000 characters', async (t) => {
  const worker = await startWorker(t, hook('console.log("x".repeat(5000)); cb();'));
  await worker.call();
  assert.equal(worker.logs[0].text, 'x'.repeat(2000));
});

test('a call has 50 lines, and one that says the rest is dropped', async (t) => {
  const worker = await startWorker(t, hook('for (let i = 0; i < 1000; i++) console.log(i); cb(); cb();'));
  await worker.call({}, 'x');
  await worker.call({}, 'y');
  const texts = worker.logs.filter((line) => line.id === 'x').map((line) => line.text);
  assert.equal(texts.length, 52);
  assert.equal(texts[49], '49');
  assert.equal(texts[50], '50 lines logged: the rest of what this call logs is dropped');
  assert.match(texts[51], /^The callback was called after/, 'a remark of the worker is not dropped');
});

test('outside of calls there are 50 lines a second', async (t) => {
  const worker = await startWorker(t, `
    const lines = (n) => { for (let i = 0; i < n; i++) console.log(i); };
    lines(1000);
    setTimeout(lines, 1100, 2);
    ${hook('cb();')}`);
  assert.equal((await worker.texts(53)).length, 53);
  assert.equal(worker.logs[50].text,
    '50 lines logged: the rest of what the Hook logs outside of calls in this second is dropped');
  assert.deepEqual(worker.logs.slice(51).map((line) => line.text), ['0', '1']);
});

test('what is written to stdout and stderr does not reach the socket', async (t) => {
  const worker = await startWorker(t, hook(`
    process.stdout.write('{"id":"x","claims":{"forged":1}}\\n');
    process.stderr.write('to stderr\\n', () => cb(null, {}));`));
  assert.deepEqual(await worker.call({}, 'x'), { id: 'x', claims: {} });
  assert.equal(worker.logs.length, 0);
  const wanted = [/forged/, /to stderr/];
  for (const end = Date.now() + 5_000; !wanted.every((text) => text.test(worker.output())) && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 5)); // the two pipes may be slower than the socket
  }
  for (const text of wanted) assert.match(worker.output(), text);
});
