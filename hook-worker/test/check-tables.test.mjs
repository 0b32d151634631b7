/** The tables of the check, held against the Node.js that runs this. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { createRequire, isBuiltin } from 'node:module';
import { test } from 'node:test';
import vm from 'node:vm';
import { BUILTINS, FILE_READERS, FILE_WRITERS, GONE_CIPHERS, GONE_HASHES, PREFIXED } from '../check/builtins.mjs';
import { EDITIONS, GLOBALS, GONE, MEMBERS, METHODS, STATICS, SYNTAX } from '../check/features.mjs';
import { compare, has, inWords, lowest, OLDEST } from '../check/versions.mjs';

const require = createRequire(import.meta.url);
const here = process.versions.node;
/** What a Node.js brings that came after this was written need not be in the tables. */
const isKnown = compare(here, '26.0') < 0;

const valueAt = (path, start) => path.reduce((value, key) => value?.[key], start);
const member = ([module, ...path]) => valueAt(path, module === 'process' ? process : require(module));

function agree(what, since, isThere) {
  assert.equal(isThere, has(here, since), `${what} is ${isThere ? '' : 'not '}in ${here}`);
}

test('globals are there from the Node.js on that the table says', () => {
  for (const [name, since] of Object.entries(GLOBALS)) agree(name, since, name in globalThis);
});

test('functions of globals are there from the Node.js on that the table says', () => {
  for (const [name, since] of Object.entries(STATICS)) {
    agree(name, since, valueAt(name.split('.'), globalThis) !== undefined);
  }
});

test('methods are there from the Node.js on that the table says', () => {
  const prototypes = { array: Array.prototype, string: String.prototype, set: Set.prototype, map: Map.prototype };
  for (const [name, { of, since }] of Object.entries(METHODS)) {
    for (const kind of of) agree(`${kind}.${name}`, since, name in prototypes[kind]);
  }
});

test('members of modules are there from the Node.js on that the table says', () => {
  for (const [name, since] of Object.entries(MEMBERS)) agree(name, since, member(name.split('.')) !== undefined);
});

test('what is gone is gone from the Node.js on that the table says', () => {
  for (const [name, { gone }] of Object.entries(GONE)) {
    const value = name.includes('.') ? member(name.split('.')) : globalThis[name];
    assert.equal(value === undefined, has(here, [gone]), `${name} in ${here}`);
  }
});

test('syntax is read from the Node.js on that the table says', () => {
  for (const { name, example, since } of Object.values(SYNTAX)) {
    if (name === SYNTAX.importAttributes.name) continue; // was read before it did anything
    let isRead = true;
    try {
      new vm.Script(example);
    } catch {
      isRead = false;
    }
    agree(name, since, isRead);
  }
});

test('editions follow each other', () => {
  for (const [i, { since }] of EDITIONS.entries()) {
    if (i > 0) assert.ok(compare(since[0], EDITIONS[i - 1].since[0]) >= 0);
  }
  for (const { acorn } of Object.values(SYNTAX)) assert.ok(EDITIONS.some((edition) => edition.acorn === acorn));
});

test('every module of Node.js is in the table, and is there when the table says', () => {
  const { builtinModules } = require('node:module');
  const unknown = builtinModules.map((name) => name.replace(/^node:/, '')).filter((name) => !name.startsWith('_')
    && !Object.hasOwn(BUILTINS, name) && !Object.hasOwn(PREFIXED, name));
  if (isKnown) assert.deepEqual(unknown, []);
  for (const [name, { since = ['8.0'] }] of Object.entries(BUILTINS)) agree(name, since, isBuiltin(name));
  for (const [name, { since }] of Object.entries(PREFIXED)) {
    agree(`node:${name}`, since, isBuiltin(`node:${name}`));
    assert.equal(isBuiltin(name), false, `${name} without node:`);
  }
});

test('what the table says of members of modules is said of members that there are', () => {
  for (const [name, { denied = [], since = ['8.0'] }] of Object.entries(BUILTINS)) {
    if (!has(here, since)) continue;
    const module = require(name);
    for (const key of denied) if (key !== 'loadEnvFile') assert.equal(typeof module[key], 'function', `${name}.${key}`);
  }
});

test('every function of fs that takes a path is known to read or to write', { skip: !isKnown }, () => {
  const fs = require('node:fs');
  const others = new Set([
    'BigIntStats', 'Dir', 'Dirent', 'Stats', 'Utf8Stream', 'realpath', 'realpathSync', 'unwatchFile',
  ]);
  const unknown = Object.keys(fs).filter((name) => typeof fs[name] === 'function' && !name.startsWith('_')
    && !FILE_READERS.has(name) && !FILE_WRITERS.has(name) && !others.has(name)
    && !/^(f[a-z]+|read|readv|write|writev|close)(Sync)?$/.test(name) && !/^File(Read|Write)Stream$/.test(name));
  assert.deepEqual(unknown, []);
});

test('the ciphers and hashes that OpenSSL has put away are those of the table', () => {
  const fails = (run) => {
    try {
      run();
      return false;
    } catch (error) {
      assert.match(error.message, /unsupported|not supported/i);
      return true;
    }
  };
  for (const name of [...crypto.getHashes(), 'md4', 'whirlpool']) {
    assert.equal(fails(() => crypto.createHash(name)), GONE_HASHES.test(name), name);
  }
  const old = ['bf-cbc', 'rc4', 'des-cbc', 'cast5-ecb', 'idea-cfb', 'rc2-40-cbc', 'seed-ofb'];
  for (const name of [...crypto.getCiphers(), ...old]) {
    const info = crypto.getCipherInfo(name);
    if (info === undefined) {
      assert.ok(GONE_CIPHERS.test(name) || !/^[a-z]/.test(name), name);
      continue;
    }
    if (/^(wrap|ocb|ccm|xts)$/.test(info.mode)) continue; // these want more than a key and a vector
    const iv = info.ivLength === undefined ? null : Buffer.alloc(info.ivLength);
    const isGone = fails(() => crypto.createCipheriv(name, Buffer.alloc(info.keyLength, 1), iv));
    assert.equal(isGone, GONE_CIPHERS.test(name), name);
  }
});

test('compares versions, and knows what came to two lines', () => {
  assert.ok(compare('9.10', '10.2') < 0);
  assert.equal(compare('20.1.5', '20.1'), 0);
  const since = ['20.16', '22.3'];
  assert.deepEqual(['20.15.9', '20.16.0', '21.7.0', '22.2.0', '22.3.0', '24.0.0'].map((version) => has(version, since)),
    [false, true, false, false, true, true]);
  assert.equal(lowest([]), null);
  assert.equal(lowest([['18.0'], ['20.16', '22.3']]), '20.16');
  assert.equal(lowest([['21.0'], ['20.16', '22.3']]), '22.3');
  assert.equal(inWords(['18.0']), '18');
  assert.equal(inWords(since), '20.16 (or 22.3)');
  assert.equal(inWords([OLDEST]), '20.9');
});
