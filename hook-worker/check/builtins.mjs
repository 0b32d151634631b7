/**
 * The modules that Node.js brings, and what becomes of them in a worker, whose permissions are: to read the Hook's own
 * folder, which holds its packages, and to use the network.
 */

const FINE = { use: 'fine' };
const NETWORK = { use: 'network' };
/** Loads; the members named are denied. */
const denying = (why, ...denied) => ({ use: 'partly', why, denied });

const NO_PROCESS = 'A worker may start no process.';
const NO_THREAD = 'A worker may start no thread.';
const NO_INSPECTOR = 'A worker cannot be debugged.';

/** `lately` are members that only later releases deny; `since` where not every Node.js 8 has it. */
export const BUILTINS = {
  assert: FINE,
  'assert/strict': { ...FINE, since: ['15.0'] },
  async_hooks: FINE,
  buffer: FINE,
  child_process: {
    ...denying(NO_PROCESS, 'exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'),
    use: 'refused',
  },
  cluster: { ...denying(NO_PROCESS, 'fork'), use: 'refused' },
  console: FINE,
  constants: FINE,
  crypto: FINE,
  dgram: NETWORK,
  diagnostics_channel: { ...FINE, since: ['14.17', '15.1'] },
  dns: NETWORK,
  'dns/promises': { ...NETWORK, since: ['15.0'] },
  domain: FINE,
  events: FINE,
  fs: { use: 'partly', why: 'A Hook reads its own packages, and writes nothing.', denied: [] },
  'fs/promises': {
    use: 'partly', why: 'A Hook reads its own packages, and writes nothing.', denied: [], since: ['14.0'],
  },
  http: NETWORK,
  http2: { ...NETWORK, since: ['8.8'] },
  https: NETWORK,
  inspector: { ...denying(NO_INSPECTOR, 'open', 'Session'), use: 'refused' },
  'inspector/promises': { ...denying(NO_INSPECTOR, 'open', 'Session'), use: 'refused', since: ['19.0'] },
  module: FINE,
  net: NETWORK,
  os: FINE,
  path: FINE,
  'path/posix': { ...FINE, since: ['15.3'] },
  'path/win32': { ...FINE, since: ['15.3'] },
  perf_hooks: { ...FINE, since: ['8.5'] },
  process: {
    ...denying('A worker loads no native code and keeps to its folder.', 'binding', 'dlopen', 'loadEnvFile'),
    lately: ['chdir'],
  },
  punycode: FINE,
  querystring: FINE,
  readline: FINE,
  'readline/promises': { ...FINE, since: ['17.0'] },
  repl: FINE,
  stream: FINE,
  'stream/consumers': { ...FINE, since: ['16.7'] },
  'stream/promises': { ...FINE, since: ['15.0'] },
  'stream/web': { ...FINE, since: ['16.5'] },
  string_decoder: FINE,
  sys: FINE,
  timers: FINE,
  'timers/promises': { ...FINE, since: ['15.0'] },
  tls: NETWORK,
  trace_events: {
    ...denying('It writes a file, which a worker may not.', 'createTracing'), use: 'refused', since: ['10.0'],
  },
  tty: FINE,
  url: FINE,
  util: FINE,
  'util/types': { ...FINE, since: ['15.3'] },
  v8: denying('It writes a file, which a worker may not.', 'writeHeapSnapshot'),
  vm: FINE,
  wasi: {
    use: 'partly', why: 'A worker may not run it.', denied: [], lately: ['WASI'], since: ['20.0'],
  },
  worker_threads: { ...denying(NO_THREAD, 'Worker'), use: 'refused', since: ['11.7'] },
  zlib: FINE,
};

/** Those that are found by their whole name only, `node:` and all. */
export const PREFIXED = {
  sea: { ...FINE, since: ['20.12', '21.7'] },
  sqlite: {
    use: 'refused', why: 'It would reach every file, whatever the permissions say, so that workers have it switched off.',
    denied: [], since: ['22.13', '23.4'],
  },
  test: { ...FINE, since: ['18.0'] },
  'test/reporters': { ...FINE, since: ['18.17', '19.9'] },
};

/** From which Node.js on `require('node:fs')` is understood. */
export const PREFIX_SINCE = ['14.18', '16.0'];

const WRITERS = [
  'appendFile', 'chmod', 'chown', 'copyFile', 'cp', 'lchmod', 'lchown', 'link', 'lutimes', 'mkdir', 'mkdtemp',
  'mkdtempDisposable', 'rename', 'rm', 'rmdir', 'symlink', 'truncate', 'unlink', 'utimes', 'writeFile',
];
const READERS = [
  'access', 'exists', 'lstat', 'open', 'opendir', 'readFile', 'readdir', 'readlink', 'stat', 'statfs',
];
const alsoSync = (names) => names.flatMap((name) => [name, name + 'Sync']);

/** Functions of `fs` that change what is on disk. */
export const FILE_WRITERS = new Set([...alsoSync(WRITERS), 'createWriteStream', 'WriteStream']);
/** Functions of `fs` whose first argument is what they read; `open` may be told to write. */
export const FILE_READERS = new Set([
  ...alsoSync(READERS), 'createReadStream', 'ReadStream', 'watch', 'watchFile', 'openAsBlob', 'openAsBlobSync', 'glob',
  'globSync',
]);

/** Functions of `fs` whose callback is not told that they are denied: they throw, in some releases at least. */
export const FILE_THROWERS = new Set([
  'chmod', 'glob', 'lchmod', 'lutimes', 'mkdir', 'readlink', 'rmdir', 'utimes', 'watch', 'watchFile',
]);

/** Modules whose `createServer` opens a port. */
export const SERVERS = new Set(['http', 'http2', 'https', 'net', 'tls']);

/** Globals that reach other machines. */
export const NETWORK_GLOBALS = new Set(['fetch', 'WebSocket']);

/** Hashes and ciphers that OpenSSL 3, so Node.js from 17 on, has put away. */
export const GONE_HASHES = /^(md4|whirlpool|rsa-md4)$/i;
export const GONE_CIPHERS =
  /^(bf|blowfish|cast|cast5|des|idea|rc2|rc4|seed)(-(40|64))?(-(cbc|cfb|cfb1|cfb8|ecb|ofb))?$/i;
