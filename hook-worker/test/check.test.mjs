import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = new URL('../check/', import.meta.url);
assert.ok(existsSync(new URL('acorn.mjs', folder)), 'check/acorn.mjs is missing: ./mvnw test-compile puts it there');
const { reportOn } = await import('../check/report.mjs');

const here = '20.20.2'; // so that the tests say the same on every Node.js

const check = (text, options) => reportOn(Buffer.from(text), { here, ...options });
const hook = (body) => `module.exports = function (client, scope, audience, context, cb) { ${body} };`;
const action = (body) => `exports.onExecuteCredentialsExchange = async (event, api) => { ${body} };`;
const inWords = ({ level, code, lines }) => [level, code, ...lines].join(' ');
const found = (text, options) => check(text, options).findings.map(inWords);

// ---- Whole files ----------------------------------------------------------------------------------------------------

const samples = {
  'starter.js': { verdict: 'runs', kind: 'hook', needed: null, findings: [] },
  'async.js': { verdict: 'runs', kind: 'hook', needed: '18.0', findings: [] },
  'action.js': { verdict: 'runs', kind: 'action', needed: '14.0', findings: [] },
  'webtask-2017.js': {
    verdict: 'refused', kind: 'hook', needed: '6.0',
    findings: [
      'refused webtask-version 4', 'differs directive 1', 'differs directive 2', 'differs undeclared-package 5',
      'differs scope-test 8', 'differs tenant 12', 'differs storage 15', 'differs webtask-context 18',
    ],
  },
  'returns-only.js': { verdict: 'refused', kind: 'hook', needed: '7.6', findings: ['refused callback 1'] },
  'native.js': { verdict: 'refused', kind: 'hook', needed: null, findings: ['refused native-package 1'] },
  'es-module.js': {
    verdict: 'refused', kind: 'hook', needed: '7.6',
    findings: ['refused es-module 1', 'differs undeclared-package 1'],
  },
  'denied.js': {
    verdict: 'refused', kind: 'hook', needed: '11.7',
    findings: [
      'refused reads-files 5', 'refused writes-files 8', 'refused denied 14', 'refused denied 15',
      'differs writes-files 10',
    ],
  },
  'request-body.js': {
    verdict: 'differs', kind: 'hook', needed: '6.0',
    findings: ['differs undeclared-package 2', 'differs global 9', 'note dropped-claim 11'],
  },
  'caching.js': {
    verdict: 'differs', kind: 'hook', needed: '6.0',
    findings: [
      'differs state 2', 'differs state 3', 'differs interval 6', 'differs undeclared-package 9', 'differs global 11',
      'differs environment 13', 'note plain-claim 15', 'note dropped-claim 16',
    ],
  },
  'post-registration.js': {
    verdict: 'refused', kind: 'hook', needed: '6.0',
    findings: ['refused other-trigger 1', 'differs undeclared-package 2'],
  },
  'rule.js': { verdict: 'refused', kind: null, needed: null, findings: ['refused unreadable 1'] },
  'express.js': {
    verdict: 'refused', kind: 'hook', needed: '6.0',
    findings: ['refused exports 5', 'differs undeclared-package 1', 'differs undeclared-package 2'],
  },
  'newest.js': {
    verdict: 'refused', kind: 'hook', needed: '22.13',
    findings: ['refused newer-node 1', 'refused newer-node 4', 'refused newer-node 5'],
  },
  'bundled.js': { verdict: 'differs', kind: 'hook', needed: null, findings: ['differs exports 1'] },
  'old-crypto.js': {
    verdict: 'refused', kind: 'hook', needed: null,
    findings: ['refused openssl 7', 'differs gone 5', 'note second-callback 9'],
  },
  'action-post-login.js': {
    verdict: 'refused', kind: 'action', needed: '7.6', findings: ['refused other-trigger 1'],
  },
  'action-wrong-members.js': {
    verdict: 'refused', kind: 'action', needed: '7.6',
    findings: [
      'refused deny 12', 'refused event 13 17', 'refused api 14', 'differs api 5', 'differs event 9 10',
      'differs geoip 12', 'differs tenant 17', 'note scope-change 15', 'note dropped-claim 16',
    ],
  },
};

for (const [name, expected] of Object.entries(samples)) {
  test(`says of ${name} what is so`, async () => {
    const report = reportOn(await readFile(new URL(`samples/${name}`, folder)), { here });
    assert.deepEqual({
      verdict: report.verdict, kind: report.kind, needed: report.node.needed, findings: report.findings.map(inWords),
    }, expected, JSON.stringify(report.findings, null, 1));
  });
}

test('knows every sample', async () => {
  assert.deepEqual((await readdir(new URL('samples', folder))).sort(), Object.keys(samples).sort());
});

test('runs the starter of this project as it is', async () => {
  const report = reportOn(await readFile(new URL('../starter.js', import.meta.url)), { here });
  assert.deepEqual([report.verdict, report.findings], ['runs', []]);
});

// ---- What a file needs ----------------------------------------------------------------------------------------------

for (const [text, needed, ...because] of [
  ['var a = 1;', null],
  ['let a = (b) => b;', '6.0', 'ECMAScript 2015'],
  ['var a = 2 ** 3;', '7.0', 'ECMAScript 2016'],
  ['async function a() {}', '7.6', 'async functions'],
  ['function a(b, c,) {}', '8.0', 'ECMAScript 2017'],
  ['var a = {...b};', '8.3', '{...object}'],
  ['a?.b; c ?? d', '14.0', '??', '?.'],
  ['/a/v.test(b); class A { #b() {} }', '20.0', 'the v flag of a regular expression', 'private methods'],
  ['/(?i:a)/.test("A")', '23.0', 'a regular expression of ECMAScript 2025'],
  ['{ using a = b(); }', '24.0', 'using'],
  ['structuredClone({})', '17.0', 'structuredClone'],
  ['globalThis.fetch("https://a.example")', '18.0', 'fetch'],
  ['typeof fetch === "function" && fetch("https://a.example")', null],
  ['var fetch = require("node-fetch"); fetch("https://a.example")', null],
  ['if (Object.hasOwn) Object.hasOwn({}, "a")', null],
  ['Array.prototype.toSorted = function () {}; [1].toSorted()', null],
  ['[1].toSorted()', '20.0', '.toSorted()'],
  ['new Set([1]).union(new Set([2]))', '22.0', '.union()'],
  ['require("lodash").union([1], [2])', null],
  ['var _ = require("lodash"); _.flatMap(_.at([], 0)).at(0)', null],
  ['var crypto = require("crypto"); crypto.randomUUID()', '14.17', 'crypto.randomUUID'],
  ['var { randomUUID } = require("crypto"); randomUUID()', '14.17', 'crypto.randomUUID'],
  ['var { randomUUID } = require("crypto");', '6.0'],
  ['require("node:fs")', '14.18', "require('node:…')"],
  ['require("timers/promises")', '15.0', 'the module timers/promises'],
  ['try { require("node:sqlite") } catch (e) {}', null],
  ['process.getBuiltinModule("fs")', '20.16', 'process.getBuiltinModule'],
]) {
  test(`finds out the lowest Node.js for ${text}`, () => {
    const { node } = check(text);
    assert.equal(node.needed, needed);
    const names = node.because.map(({ what }) => what);
    for (const name of because) assert.ok(names.includes(name), `${name} in ${names}`);
  });
}

test('says "probably" of methods of what is not known', () => {
  const text = hook('cb(null, { scope, tags: client.metadata.tags.toSorted() });');
  const { node, findings } = check(text, { here: '18.0.0' });
  assert.equal(node.needed, '6.0');
  assert.deepEqual([node.probable, node.probably[0].what], ['20.0', '.toSorted()']);
  assert.deepEqual(findings.map(inWords), ['note plain-claim 1']);
});

test('knows that the scope is an array', () => {
  assert.equal(check(hook('cb(null, { scope: scope.toSorted() });')).node.needed, '20.0');
});

test('refuses what this Node.js has not', () => {
  assert.deepEqual(found(hook('cb(null, { scope: scope.toSorted() });'), { here: '18.20.0' }),
    ['refused newer-node 1']);
  assert.deepEqual(found(hook('process.getBuiltinModule("fs"); cb(null, { scope });'), { here: '21.7.0' }),
    ['refused newer-node 1']);
});

for (const [text, ...findings] of [
  ['var tmp = os.tmpdir || os.tmpDir; tmp();'],
  ['var tmp = os.tmpdir ? os.tmpdir() : os.tmpDir();', 'differs gone 1'],
  ['os.tmpDir();', 'refused gone 1'],
  ['var tmp = os.tmpDir; tmp();', 'refused gone 1'],
  ['if (client.id) os.tmpDir();', 'refused gone 1'],
  ['client.id && os.tmpDir();', 'refused gone 1'],
  ['typeof GLOBAL !== "undefined" ? GLOBAL : global;'],
  ['var root_ = typeof self === "object" && self || GLOBAL;'],
  ['var all = GLOBAL;', 'refused gone 1'],
  ['global.GLOBAL;', 'differs gone 1'],
  ['global.GLOBAL.a;', 'refused gone 1'],
  ['try { GLOBAL.a } catch (e) {}', 'differs gone 1'],
  ['if (crypto.createCipher) crypto.createCipher("a", "b");', 'differs gone 1'],
  ['if (process.version < "v22") crypto.createCipher("a", "b");', 'differs gone 1'],
  ['crypto.createCipher("a", "b");', 'refused gone 1'],
  ['if (process.env) crypto.createCipher("a", "b");', 'differs environment 1', 'refused gone 1'],
  ['module.exports.is = { isString: util.isString };', 'differs gone 1'],
  ['util.isString = function () {}; util.isString("a");'],
]) {
  test(`says of what is gone in ${text} what is so`, () => {
    const names = 'var crypto = require("crypto"), os = require("os"), util = require("util");';
    assert.deepEqual(found(hook(`${names} ${text} cb(null, { scope });`), { here: '24.0.0' }).sort(), findings);
  });
}

test('names the secrets that are read', () => {
  assert.deepEqual(check(hook(`
    const { A, B: b } = context.webtask.secrets;
    const wt = context.webtask;
    cb(null, { scope, c: wt.secrets['C'], d: wt.data.D, e: wt.secrets[client.id] });`)).secrets.sort(),
    ['A', 'B', 'C', 'D']);
  assert.deepEqual(check(action('const { secrets: { A } } = event; return A + event.secrets.B')).secrets.sort(),
    ['A', 'B']);
});

test('names what reaches other machines', () => {
  assert.deepEqual(check(hook(`require('https').get('https://a.example'); fetch('https://a.example'); require('pg');
    require('lodash'); cb();`)).network.map(({ name }) => name), ['https', 'pg', 'fetch']);
});

// ---- Modules --------------------------------------------------------------------------------------------------------

for (const [text, ...findings] of [
  ['require("lodash")', 'differs undeclared-package 1'],
  ['require("left-pad/lib/pad"); require("@scope/name/sub")'],
  ['require(`lodash`)', 'differs undeclared-package 1'],
  ['const lib = "lod" + "ash"; require(lib)', 'differs undeclared-package 1'],
  ['require(process.argv[2])', 'differs unknown-module 1'],
  ['require("./data.json")', 'refused local-file 1'],
  ['require("../lib")', 'refused local-file 1'],
  ['require("/opt/lib")', 'refused local-file 1'],
  ['try { require("./local") } catch (e) {}', 'differs local-file 1'],
  ['try { require("bufferutil") } catch (e) {}', 'differs native-package 1'],
  ['try { require("bufferutil") } catch (e) {}\nrequire("bufferutil")', 'refused native-package 1 2'],
  ['import("sharp").catch(() => null)', 'differs native-package 1'],
  ['import("sharp").then((sharp) => sharp())', 'refused native-package 1'],
  ['try { require("execa") } catch (e) {}', 'differs starts-processes 1'],
  ['try { require("lodash") } catch (e) {}'],
  [Array.from({ length: 11 }, (_, i) => `try { require("p${i}") } catch (e) {}`).join('')],
  ['require("constructor"); require("toString"); require("__proto__")', 'refused no-package 1'],
  ['import("chalk").then(() => {})'],
  ['import("./chalk.mjs")', 'refused local-file 1'],
  ['require("request@2.81.0")', 'refused webtask-version 1'],
  ['require("@scope/name@1.0.0/sub")', 'refused webtask-version 1'],
  ['require("no such package")', 'refused no-package 1'],
  ['require("actions:shared")', 'refused no-package 1'],
  ['module.require("./data.json")', 'refused local-file 1'],
  ['function require(name) { return name; } require("./data.json")'],
  ['require.resolve("lodash")'],
  ['require("sqlite3")', 'refused native-package 1'],
  ['require("execa")', 'refused starts-processes 1'],
  ['require("aws-sdk")', 'differs undeclared-package 1', 'note large-package 1'],
  [Array.from({ length: 11 }, (_, i) => `require("p${i}");`).join(''), 'refused too-many-dependencies'],
  ['require("crypto/"); require("punycode/")'],
  ['require("child_process")', 'note unused-module 1'],
  ['var cp = require("child_process");', 'note unused-module 1'],
  ['var { exec } = require("child_process");'],
  ['require("util").promisify(require("child_process").exec)', 'refused denied 1'],
  ['require("bluebird").promisifyAll(require("child_process"))', 'differs undeclared-package 1', 'differs denied 1'],
  ['require("cluster").isMaster'],
  ['require("worker_threads").isMainThread'],
  ['require("v8").getHeapStatistics()'],
  ['new (require("wasi").WASI)({})', 'differs denied 1'],
  ['process.chdir("/")', 'differs denied 1'],
  ['require("node:no-such-module")', 'refused no-module 1'],
  ['process.binding("fs")', 'refused denied 1'],
  ['process.nextTick(function () {})'],
  ['require("fs").promises.writeFile("/tmp/a", "")', 'refused writes-files 1'],
  ['require("fs/promises").mkdir("/tmp/a")', 'refused writes-files 1'],
  ['require("fs").open("/tmp/a", "w", function () {})', 'refused writes-files 1'],
  ['require("fs").readFileSync(__dirname + "/node_modules/a/b")'],
  ['require("fs").readFileSync(require.resolve("a"))'],
  ['require("fs").readFileSync(require("path").join(__dirname, "a"))'],
  ['require("fs").readFileSync(name())', 'differs reads-files 1', 'differs undeclared 1'],
  ['require("fs").constants.R_OK'],
  ['require("fs").promises.readFile("/tmp/c").catch(() => null)', 'differs reads-files 1'],
  ['require("fs/promises").writeFile("/tmp/c", "").then(f).finally(f).catch(f); function f() {}',
    'differs writes-files 1'],
  ['require("fs").promises.readFile("/tmp/c").then(f, f); function f() {}', 'differs reads-files 1'],
  ['require("fs").promises.readFile("/tmp/c").then(f); function f() {}', 'refused reads-files 1'],
  ['require("fs").promises.readFile("/tmp/c", f); function f(error) {}', 'refused reads-files 1'],
  ['require("fs").readFile("/tmp/c", (err, data) => { if (err) return; })', 'differs reads-files 1'],
  ['require("fs").writeFile("/tmp/c", "", done); function done(err) {}', 'differs writes-files 1'],
  ['require("fs").writeFile("/tmp/c", "", () => {})', 'refused writes-files 1'],
  ['require("fs").mkdir("/tmp/c", (err) => {})', 'refused writes-files 1'],
  ['require("fs").readFileSync("/tmp/c", (err) => {})', 'refused reads-files 1'],
  ['var fs_1 = __importDefault(require("fs")); function __importDefault(m) { return m; } fs_1.default.rmSync("/tmp/a")',
    'refused writes-files 1'],
  ['var cp = require("child_process"); (0, cp.exec)("id")', 'refused denied 1'],
  ['require("http").createServer().listen(80)', 'differs opens-port 1'],
  ['require("http").get("http://a.example")'],
  ['require("crypto").createHash("sha256"); require("crypto").createHash(name)', 'differs undeclared 1'],
  ['require("crypto").createCipheriv("rc4", k, null); var k', 'refused openssl 1'],
  ['require("crypto").createCipheriv("des-ede3-cbc", k, k); var k'],
]) {
  test(`says of the modules of ${text.slice(0, 60)} what is so`, () => {
    const findings_ = found(`${text};\n${hook('cb(null, { scope });').replace('module.exports', '\nmodule.exports')}`);
    assert.deepEqual(findings_, findings);
  });
}

test('takes dependencies that are declared, or asked for in the name, at their word', () => {
  const text = `require('lodash'); require('request@2.81.0'); require('request'); ${hook('cb(null, { scope });')}`;
  const { modules, findings } = check(text, { dependencies: { lodash: '4.17.21' } });
  assert.deepEqual(modules.map(({ name, version }) => `${name} ${version}`), ['lodash 4.17.21', 'request 2.81.0']);
  assert.deepEqual(findings.map(inWords), ['refused webtask-version 1']);
});

test('names dependencies that are declared and not required, which are installed too', () => {
  const text = `try { require('bufferutil') } catch (e) {} try { require('ms') } catch (e) {} ${hook('cb(null, { scope });')}`;
  const { modules, findings } = check(text, { dependencies: { lodash: '4.17.21', sharp: '', bufferutil: '4.0.0' } });
  assert.deepEqual(modules.map(({ name, line, version, optional }) => [name, line, version, optional]), [
    ['bufferutil', 1, '4.0.0', false], ['ms', 1, null, true], ['lodash', null, '4.17.21', false],
    ['sharp', null, null, false],
  ]);
  assert.deepEqual(findings.map(inWords), [
    'refused native-package', 'refused native-package 1', 'note unrequired-package', 'note unrequired-package',
  ]);
});

test('believes an installation more than its table', () => {
  const text = `require('bcrypt'); require('sharp'); ${hook('cb(null, { scope });')}`;
  const installed = {
    packages: { bcrypt: '9.0.0', sharp: '1.0.0' }, native: { sharp: 'sharp/binding.gyp', deep: 'deep/a.node' },
    engines: { bcrypt: '>= 24', sharp: '>=18.0.0', deep: '^30' }, bytes: 60 << 20, packed: 1,
  };
  const { modules, findings } = check(text, { installed, dependencies: { bcrypt: '9.0.0', sharp: '1.0.0' } });
  assert.deepEqual(modules.map(({ use }) => use), ['declare', 'native']);
  assert.deepEqual(findings.map(inWords), [
    'refused native-package', 'refused large-packages', 'refused native-package 1', 'differs package-engine 1',
  ]);
});

test('says when packages could not be installed, and refuses only what does not exist', () => {
  const text = `require('nothing'); ${hook('cb(null, { scope });')}`;
  assert.deepEqual(found(text, { installed: { failed: 'no network' } }), ['differs not-installed']);
  assert.deepEqual(found(text, { installed: { failed: '404', absent: true } }), ['refused not-installed']);
});

// ---- Hooks ----------------------------------------------------------------------------------------------------------

for (const [text, ...findings] of [
  [hook('cb(null, { scope });')],
  [hook('cb(null, { scope }); return;')],
  ['module.exports = (client, scope, audience, context, cb) => cb(null, { scope });'],
  ['const run = function (a, b, c, d, e) { e(null, { scope: b }); }; module.exports = run;'],
  ['module.exports = run; function run(a, b, c, d, e) { e(null, { scope: b }); }'],
  ['exports = module.exports = function (a, b, c, d, e) { e(null, { scope: b }); };'],
  ['module.exports = exports = function (a, b, c, d, e) { e(null, { scope: b }); };'],
  ["module['exports'] = function (a, b, c, d, e) { e(null, { scope: b }); };"],
  ['module.exports = function (...all) { all[4](null, { scope: all[1] }); };'],
  ['module.exports = function () { arguments[4](null, { scope: arguments[1] }); };'],
  ['module.exports = function (client, scope) { return other.apply(this, arguments); }; var other = require("other");'],
  ['module.exports = async ({ id }, scope, audience, { webtask: { secrets } }, cb) => cb(null, { scope, a: secrets });',
    'note plain-claim 1'],
  ['module.exports = async (client, scope, audience, { request: { a } }, cb) => cb(null, { scope: [a] });',
    'refused context 1'],
  ['module.exports = async (client, scope, audience, { request: { a } = {} }, cb) => cb(null, { scope: [a] });',
    'differs context 1'],
  ['', 'refused exports'],
  ['exports = function (a, b, c, d, e) { e(); };', 'refused exports 1'],
  ['exports.default = function (a, b, c, d, e) { e(); };', 'refused exports 1'],
  ['module.exports = { run: function () {} };', 'refused exports 1'],
  ['module.exports = 7;', 'refused exports 1'],
  ['module.exports = class {};', 'refused exports 1'],
  ['module.exports = function* (client, scope, audience, context, cb) { cb(null, { scope }); };', 'refused exports 1'],
  ['module.exports = require("other");', 'differs exports 1'],
  ['function hook(user, context, callback) { callback(null, user, context); }', 'refused exports'],
  ['module.exports = function (ctx, cb) { cb(null, ctx.data); };', 'refused webtask 1'],
  ['module.exports = function (user, client, scope, audience, context, cb) { cb(); };', 'refused other-trigger 1'],
  ['module.exports = function (client, scope, audience, context, cb, more) { cb(null, { scope }); };',
    'note parameters 1'],
  ['module.exports = function (number, text, context, cb) { cb(); };', 'refused webtask 1'],
  ['module.exports = function (client, scope, audience, context) { console.log(client); };', 'refused callback 1'],
  [hook('return { scope };'), 'refused callback 1'],
  [hook('throw new InvalidScopeError("none");'), 'differs callback 1'],
  [hook('setTimeout(cb, 10, null, { scope });')],
  [hook('help(cb); function help(done) { done(null, { scope }); }')],
  [hook('try { cb(null, { scope }); } catch (e) { cb(e); }')],
  [hook('if (!audience) { cb(new Error("no")); } cb(null, { scope });'), 'note second-callback 1'],
  [hook('if (!audience) cb(new Error("no")); else cb(null, { scope });')],
  [hook('if (!audience) return cb(new Error("no")); cb(null, { scope });')],
  [hook('if (!audience) { cb(new Error("no")); return; } cb(null, { scope });')],
  [hook('cb(null, { scope }); throw new Error("late");'), 'note throws-afterwards 1'],
  [hook('cb(null);'), 'note no-scope 1'],
  [hook('cb();'), 'note no-scope 1'],
  [hook('cb(null, {});'), 'note no-scope 1'],
  [hook('cb(new Error("no"));')],
  [hook('cb("no");')],
  [hook('cb(null, [scope]);'), 'note result 1'],
  [hook('cb(null, { ...client.metadata });')],
  [hook('var t = {}; t["https://a.example/b"] = 1; cb(null, t);'), 'note no-scope 1'],
  [hook('var t = {}; fill(t); cb(null, t); function fill(u) { u.scope = scope; }')],
  [hook('var t = Object.assign({}, { scope }); cb(null, t);')],
  [hook('var t = {}; Object.assign(t, { scope, sub: "a" }); cb(null, t);'), 'note dropped-claim 1'],
  [hook('const NS = "https://a.auth0.com/"; cb(null, { scope, [NS + "b"]: 1, [`${NS}c`]: 1 });'),
    'note dropped-claim 1', 'note dropped-claim 1'],
  [hook('cb(null, { scope, "https://notauth0.com/b": 1, "http://a.example": { sub: 1 } });')],
  [hook('cb(null, { scope, "urn:auth0:a": 1, "x5t#S256": 1, "": 1 });'),
    'note dropped-claim 1', 'note dropped-claim 1', 'note dropped-claim 1'],
  [hook('var other = { sub: 1 }; other.iss = 2; cb(null, { scope });')],
  [hook('if (scope === undefined) scope = []; cb(null, { scope });')],
  [hook('if (scope === undefined) return cb(new Error()); cb(null, { scope });'), 'differs scope-test 1'],
  [hook('if (typeof scope === "undefined") return cb(new Error()); cb(null, { scope });'), 'differs scope-test 1'],
  [hook('cb(null, { scope: scope ? scope : [] });')],
  [hook('cb(null, { scope: (scope || []).concat("a") });')],
  [hook('if (!scope || !scope.length) return cb(new Error()); cb(null, { scope });')],
  [hook('if (scope && scope.indexOf("a") < 0) return cb(new Error()); cb(null, { scope });')],
  [hook('if (audience === "https://a.eu.auth0.com/api/v2/") return cb(new Error()); cb(null, { scope });'),
    'differs management-api 1'],
  [hook('cb(null, { scope, "https://a.example/b": client.metadata.tenant });')],
  [hook('cb(null, { scope, "https://a.example/b": client.app_type });'), 'note client 1'],
  [hook('context.seen = 1; cb(null, { scope, "https://a.example/b": context.seen.c });')],
  [hook('cb(null, { scope, "https://a.example/b": context.ip + context.userAgent });')],
  [hook('cb(null, { scope, "https://a.example/b": context.body.purpose });')],
  [hook('cb(null, { scope: context.request && context.request.scope });'), 'differs context 1'],
  [hook('cb(null, { scope: context.request?.scope });'), 'differs context 1'],
  [hook('var body = context.request || {}; cb(null, { scope: body.scope });'), 'differs context 1'],
  [hook('var body = context.request; cb(null, { scope: body.scope });'), 'refused context 1'],
  [hook('if ("a" in context.request) cb(null, { scope }); else cb();'), 'refused context 1', 'note no-scope 1'],
  [hook('try { context.request.a } catch (e) {} cb(null, { scope });'), 'differs context 1'],
  [hook('function helper(context) { return context.request.a; } helper({ request: {} }); cb(null, { scope });')],
  [hook('cb(null, { scope: context.webtask.secrets["auth0-extension-secret"] });'), 'differs internal-secret 1'],
  [hook('cb(null, { scope: context.webtask.query.a });'), 'differs webtask-context 1'],
  [hook('cb(null, { scope: context.webtask.script.a });'), 'refused context 1'],
  [`const s = module.webtask ? module.webtask.secrets : {}; ${hook('cb(null, { scope });')}`,
    'differs module-webtask 1'],
  [`const s = module.webtask.secrets; ${hook('cb(null, { scope });')}`, 'refused module-webtask 1'],
  [hook('this.a = 1; cb(null, { scope });'), 'differs this 1'],
  [hook('class A { a = this; b() { return this; } } ({ c: function () { return this; } }).c(A); cb(null, { scope });')],
  [`const a = 1; ${hook('const b = {}; b.c = a; cb(null, { scope });')}`],
  [`let a = 1; a = 2; const b = {}; b.c = 1; ${hook('cb(null, { scope });')}`],
  [`let a; (function () { a = 1; })(); ${hook('cb(null, { scope: [a] });')}`],
  [`let a; ${hook('a = a || require("other"); cb(null, { scope: a(scope) });')}`],
  [`const db = require('db')(); ${hook('db.set(1); db.x = 2; cb(null, { scope });')}`],
  [`const seen = []; ${hook('seen.push(client.id); cb(null, { scope });')}`, 'differs state 1'],
  [`const seen = { a: {} }; ${hook('delete seen.a[client.id]; cb(null, { scope });')}`, 'differs state 1'],
  [`'use strict'; ${hook('misspelt = 1; cb(null, { scope });')}`],
  [hook('String.prototype.a = function () {}; cb(null, { scope });'), 'differs global 1'],
  [hook('process.env.A = "b"; cb(null, { scope: [process.env.A] });')],
  [hook('cb(null, { scope: [process.env.A] });'), 'differs environment 1'],
  [hook('process.exit(1); cb();'), 'differs exit 1', 'note no-scope 1'],
  [hook('const t = setInterval(function () { clearInterval(t); }, 1); cb(null, { scope });')],
  [hook('setInterval(function () {}, 1); cb(null, { scope });'), 'differs interval 1'],
  [hook('cb(new UnauthorizedError("no"));'), 'differs undeclared 1'],
  [hook('cb(new InvalidRequestError("no"));')],
  [hook('if (typeof configuration === "undefined") cb(null, { scope });')],
  [hook('var a = typeof define === "function" && define.amd ? define : global || self; cb(null, { scope: [a] });')],
  [hook('try { configuration.a; } catch (e) {} cb(null, { scope });')],
  [hook('with (client) { cb(null, { scope: [tenant] }); }')],
  [hook('eval("var a = 1"); cb(null, { scope: [a] });')],
]) {
  test(`says of ${text.slice(0, 110)} what is so`, () => {
    const report = check(text);
    assert.deepEqual(report.findings.map(inWords), findings, JSON.stringify(report.findings, null, 1));
  });
}

// ---- Actions --------------------------------------------------------------------------------------------------------

for (const [text, ...findings] of [
  [action('')],
  ['module.exports = { onExecuteCredentialsExchange: async (event, api) => {} };'],
  ['module.exports = { async onExecuteCredentialsExchange(event, api) {} };'],
  ['const onExecuteCredentialsExchange = () => {}; module.exports = { onExecuteCredentialsExchange };'],
  ['Object.defineProperty(exports, "__esModule", {}); exports.onExecuteCredentialsExchange = a; function a() {}'],
  ['exports.onExecuteCredentialsExchange = require("other").run;', 'differs exports 1'],
  ['exports.onExecuteCredentialsExchange = void 0; const a = () => {}; exports.onExecuteCredentialsExchange = a;'],
  [`${action('')} exports.helper = 1;`],
  [`${action('')} exports.onContinuePostLogin = async () => {};`, 'note other-trigger 1'],
  ['exports.onExecutePreUserRegistration = async () => {};', 'refused other-trigger 1'],
  ['export const onExecuteCredentialsExchange = async (event, api) => {};', 'refused es-module 1'],
  ['export async function onExecuteCredentialsExchange(event, api) {}', 'refused es-module 1'],
  [action('api.access.deny("invalid_request", "no");')],
  [action('api.access.deny(event.secrets.CODE, "no");')],
  [action('api.access.deny("access_denied", "no");'), 'refused deny 1'],
  [action('api.access.deny();'), 'refused deny 1'],
  [action('const { access } = api; access.deny("server_error", "no");')],
  [action('api.user.setAppMetadata("a", 1);'), 'refused api 1'],
  [action('if (api.transaction) api.transaction.addTargetScope("a");'), 'differs api 1'],
  [action('api.cache.get("a");'), 'note cache 1'],
  [action('api.accessToken.setCustomClaim("plan", 1);')],
  [action('api.accessToken.setCustomClaim("scope", []);'), 'note scope-change 1'],
  [action('if (event.request.body.a) console.log(event.request.hostname, event.transaction.requested_scopes.length);')],
  [action('console.log(event.request.query.a);'), 'refused event 1'],
  [action('console.log(event.request.geoip.countryCode);'), 'differs geoip 1'],
  [action('console.log(event.custom_domain);'), 'differs event 1'],
  [action('console.log(event.organization?.id);'), 'differs event 1'],
  [action('console.log(event.authorization.roles);'), 'refused event 1'],
  ['exports.onExecuteCredentialsExchange = async ({ user: { id } }, { accessToken }) => accessToken.addScope(id);',
    'refused event 1', 'refused api 1'],
  ['const axios = require("axios"); exports.onExecuteCredentialsExchange = async () => axios.get("https://a");'],
]) {
  test(`says of the Action ${text.slice(0, 110)} what is so`, () => {
    const report = check(text);
    assert.deepEqual(report.findings.map(inWords), findings, JSON.stringify(report.findings, null, 1));
    assert.equal(report.kind, 'action');
  });
}

test('takes a file for what it is told to', () => {
  assert.deepEqual(found(action(''), { kind: 'hook' }), ['refused exports 1']);
  assert.deepEqual(found(hook('cb(null, { scope });'), { kind: 'action' }), ['refused exports 1']);
  assert.equal(check('', { otherwise: 'action' }).kind, 'action');
  assert.equal(check(hook(''), { otherwise: 'action' }).kind, 'hook');
});

// ---- Files that are none --------------------------------------------------------------------------------------------

const MOST = 100_000;
const most = (text) => text.repeat(Math.floor(MOST / text.length));

for (const [name, bytes, verdict, line, message] of [
  ['more than the most', Buffer.alloc(MOST + 1, ' '), 'refused', undefined, /larger than 100000 bytes/],
  ['invalid UTF-8', Buffer.from([0x0a, 0x0a, 0x27, 0xc3, 0x28, 0x27]), 'refused', 3, /not UTF-8/],
  ['UTF-16', Buffer.from('\ufeffvar a;', 'utf16le'), 'refused', undefined, /UTF-16/],
  ['no JavaScript', 'const a = 1;\nlet 1b;', 'refused', 2, /not JavaScript/],
  ['TypeScript', 'module.exports = (client: object) => {};', 'refused', 1, /not JavaScript/],
  ['zeros', '\0'.repeat(1000), 'refused', 1, /not JavaScript/],
  ['opened parentheses', most('('), 'refused', undefined, /nested too deeply/],
  ['opened templates', most('`${'), 'refused', undefined, /nested too deeply/],
  ['opened groups', `/${'('.repeat(90_000)}/`, 'refused', undefined, /nested too deeply/],
  ['arrows', most('()=>'), 'refused', undefined, /nested too deeply/],
  ['negations', most('!'), 'refused', undefined, /nested too deeply/],
  ['a long sum', 'a' + most('+a').slice(2), 'unknown', undefined, /nested too deeply/],
]) {
  test(`says clearly what is wrong with ${name}`, () => {
    const report = reportOn(Buffer.from(bytes), { here });
    assert.equal(report.verdict, verdict);
    assert.equal(report.findings.length, 1);
    assert.match(report.findings[0].what, message);
    assert.deepEqual(report.findings[0].lines, line === undefined ? [] : [line]);
  });
}

test('reads a file with a mark of its byte order, an interpreter and the lines of Windows', () => {
  const text = `\ufeff#!/usr/bin/env node\r\n// a\r\n${hook('\r\nmodule.webtask.a; cb(null, { scope });')}\r\n`;
  assert.deepEqual(found(text), ['refused module-webtask 4']);
});

for (const [name, text] of Object.entries({
  'members of members': 'a' + most('.b').slice(2),
  'uses of the context': hook('context.a.b;'.repeat(8_000) + 'cb();'),
  'names that nobody declares': Array.from({ length: 14_000 }, (_, i) => `z${i}`).join(';'),
  'constants of constants':
    `const z0='';${Array.from({ length: 4_000 }, (_, i) => `const z${i + 1}=z${i}+'';`).join('')}require(z4000)`,
  'constants that are twice the one before': `const z0='zzzzzzzzzz';${
    Array.from({ length: 60 }, (_, i) => `const z${i + 1}=z${i}+z${i},y${i}=\`${'${'}z${i}}${'${'}z${i}}\`;`).join('')
  }require(z60);require(y59)`,
  'promises of promises': 'import("a")' + '.then(b)'.repeat(12_000),
  'requests of one name': 'fetch();'.repeat(12_000),
  'guards of what is gone': 'var o=require("os");' + 'o.a?o.tmpDir():'.repeat(6_000) + '0',
  'constants in a circle': 'const a = b, b = a; require(a); module.exports = a; a.b.c;',
  'regular expressions': most('/(a)/v;'),
  'long names': `require('${'a'.repeat(50_000)}'); ${'b'.repeat(40_000)}()`,
})) {
  test(`gets to the end of many ${name}, and stays brief`, () => {
    const report = check(text);
    assert.ok(['refused', 'differs', 'unknown'].includes(report.verdict));
    assert.ok(JSON.stringify(report).length < 100_000);
  });
}

// ---- The program ----------------------------------------------------------------------------------------------------

const program = fileURLToPath(new URL('check.mjs', folder));
const isSettled = process.allowedNodeEnvironmentFlags.has('--permission');
const permission = isSettled ? '--permission' : '--experimental-permission';

function run(input, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath,
    [permission, `--allow-fs-read=${fileURLToPath(folder)}`, '--no-addons', '--no-warnings', program, ...args],
    { input, env: {}, encoding: 'utf8' });
  return { status, report: stdout === '' ? null : JSON.parse(stdout), stderr, lines: stdout.split('\n').length };
}

test('needs no more than to read its own folder', () => {
  const { status, report, lines, stderr } = run(hook('cb(null, { scope });'));
  assert.deepEqual([status, lines, stderr], [0, 2, '']);
  assert.equal(report.verdict, 'runs');
  assert.equal(report.node.here, process.versions.node);
});

test('is told by its arguments what is known of a file', () => {
  const { report } = run(`require('lodash'); require('@a/b'); ${action('')}`, '--kind', 'action', '--dependency',
    '@a/b@1.0.0', '--installed', '{"packages":{"lodash":"4.0.0"},"native":{},"engines":{},"bytes":1,"packed":1}');
  assert.deepEqual(report.modules.map(({ name, version, installed }) => [name, version, installed ?? null]),
    [['lodash', null, '4.0.0'], ['@a/b', '1.0.0', null]]);
});

test('reads no more than it has to', () => {
  const { status, report } = run('('.repeat(5_000_000));
  assert.equal(status, 0);
  assert.match(report.findings[0].what, /larger than/);
});

test('does not run the file', () => {
  const { status, report } = run('process.exit(7); throw new Error("ran");');
  assert.equal(status, 0);
  assert.equal(report.verdict, 'refused');
});
