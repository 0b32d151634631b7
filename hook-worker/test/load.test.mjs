import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOnce, hook, soon, startWorker } from './harness.mjs';

async function refused(t, script, kind, message, options) {
  const worker = await startWorker(t, script, options);
  assert.equal(worker.first.failed?.kind, kind, JSON.stringify(worker.first));
  assert.match(worker.first.failed.message, message);
  assert.ok(!worker.first.failed.message.includes(worker.directory), 'names no directory');
  assert.equal(await soon(worker.exited), 1);
}

test('refuses a script that is no JavaScript', (t) =>
  refused(t, 'module.exports = function () {\n  let 1a;\n};', 'compile', /^hook\.js:2\n[^]*SyntaxError: /));
test('refuses an ES module', (t) => refused(t, 'export default 1;', 'compile', /SyntaxError: .*export/));
test('refuses a script that closes the wrapper', (t) => refused(t, '}); (function () {', 'compile', /SyntaxError/));
test('refuses a script that throws when loaded', (t) =>
  refused(t, '\nthrow new TypeError("no luck");', 'load', /^(hook\.js:2|TypeError: no luck)[^]*hook\.js:2:7/));
test('refuses a script that throws something odd', (t) =>
  refused(t, 'throw { get stack() { throw 1; }, toString: null };', 'load', /^Unknown error$/));
test('refuses a script with an unknown require', (t) =>
  refused(t, 'require("left-pad");', 'load', /Cannot find module 'left-pad'/));
test('refuses a script that exports no function', (t) =>
  refused(t, 'exports.hook = () => {};', 'export', /module\.exports is not a function/));
test('refuses an empty script', (t) => refused(t, '', 'export', /not a function/));

test('requires packages of the directory and built-ins', async (t) => {
  const files = {
    'node_modules/greet/package.json': '{"name": "greet", "version": "1.0.0", "main": "lib/main.js"}',
    'node_modules/greet/lib/main.js': 'exports.greet = (name) => "hello " + name;',
    'node_modules/@scope/esm/package.json': '{"name": "@scope/esm", "type": "module", "exports": "./index.js"}',
    'node_modules/@scope/esm/index.js': 'export default "esm";',
  };
  const { claims } = await callOnce(t, `
    const { greet } = require('greet');
    const { createHash } = require('crypto');
    module.exports = async (client, scope, audience, context, cb) => cb(null, {
      greeting: greet('you'), hash: createHash('sha256').update('').digest('hex').slice(0, 6),
      esm: (await import('@scope/esm')).default, file: __filename.endsWith('/hook.js'),
      directory: __filename === __dirname + '/hook.js', resolved: require.resolve('greet').endsWith('main.js'),
    });`, { files });
  assert.deepEqual(claims,
    { greeting: 'hello you', hash: 'e3b0c4', esm: 'esm', file: true, directory: true, resolved: true });
});

test('has no permission beyond its directory', async (t) => {
  const worker = await startWorker(t, `
    const fs = require('fs');
    module.exports = (client, scope, audience, context, cb) => {
      if (client.name === 'read') fs.readFileSync(__dirname + '/../outside.txt');
      if (client.name === 'write') fs.writeFileSync(__dirname + '/new.txt', 'x');
      require('child_process').execSync('true');
    };`);
  for (const name of ['read', 'write', 'run']) {
    const { error } = await worker.call({ client: { name } });
    assert.equal(error.message, 'Script generated an unhandled synchronous exception.');
    assert.match(error.reason, /^no permission: (FileSystemRead|FileSystemWrite|ChildProcess) /);
  }
});

test('is loaded as CommonJS: sloppy, with a byte order mark or a first line for a shell', async (t) => {
  const script = '\uFEFF#!/usr/bin/env node\n"use latest";\n'
    + 'var self = this === exports && exports === module.exports;\n'
    + hook('cb(null, { self, sloppy: (function () { return this === globalThis; })() });');
  assert.deepEqual((await callOnce(t, script)).claims, { self: true, sloppy: true });
});

test('keeps state of the script between calls', async (t) => {
  const worker = await startWorker(t, 'let n = 0;' + hook('cb(null, { n: ++n });'));
  await worker.call();
  assert.deepEqual((await worker.call()).claims, { n: 2 });
});
