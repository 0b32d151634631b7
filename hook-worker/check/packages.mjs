/** What is known of npm packages without asking a registry. Anything about packages that are not here is not known. */

/**
 * Packages with native code, which is not run, and what does the same in JavaScript; `''` if nothing is known that
 * does. Where only some versions have it, it is those of the last years.
 */
export const NATIVE = {
  '@mongodb-js/zstd': 'the zlib of Node.js 22.15',
  '@node-rs/argon2': 'hash-wasm',
  '@node-rs/bcrypt': 'bcryptjs',
  '@tensorflow/tfjs-node': '@tensorflow/tfjs',
  aerospike: '',
  argon2: 'hash-wasm',
  bcrypt: 'bcryptjs, which reads the same hashes',
  'better-sqlite3': 'a database that is reached over the network',
  bufferutil: 'nothing: ws works without it',
  canvas: '',
  'classic-level': '',
  couchbase: '',
  'cpu-features': '',
  deasync: 'async functions',
  'dtrace-provider': 'nothing: it is a dependency that can be left out',
  edge: '',
  'edge-js': '',
  farmhash: '',
  ffi: '',
  'ffi-napi': '',
  fibers: 'async functions',
  fsevents: '',
  grpc: '@grpc/grpc-js',
  hiredis: 'redis',
  ibm_db: '',
  iconv: 'iconv-lite',
  'isolated-vm': '',
  java: '',
  kerberos: '',
  leveldown: '',
  libpq: 'pg',
  libxmljs: 'fast-xml-parser',
  libxmljs2: 'fast-xml-parser',
  microtime: 'process.hrtime.bigint()',
  msnodesqlv8: 'mssql, with its driver tedious',
  'node-expat': 'sax',
  'node-hid': '',
  'node-pty': '',
  'node-rdkafka': 'kafkajs',
  'node-sass': 'sass',
  nodegit: 'isomorphic-git',
  odbc: '',
  'pg-native': 'pg',
  posix: '',
  re2: 'the regular expressions of the language',
  realm: '',
  ref: '',
  'ref-napi': '',
  robotjs: '',
  rocksdb: '',
  scrypt: 'crypto.scrypt',
  serialport: '',
  sharp: '',
  snappy: 'snappyjs',
  sodium: 'libsodium-wrappers',
  'sodium-native': 'libsodium-wrappers',
  sqlite3: 'a database that is reached over the network',
  ursa: 'crypto',
  'ursa-optional': 'crypto',
  usb: '',
  'utf-8-validate': 'nothing: ws works without it',
  'v8-profiler': '',
  xxhash: 'xxhashjs',
  zeromq: '',
};

/** What to do without a package of native code; empty if nothing is known. */
export const inPlaceOf = (name) =>
  (Object.hasOwn(NATIVE, name) && NATIVE[name] !== '' ? `In its place: ${NATIVE[name]}.` : '');

/** Packages that a webtask could require without naming them as dependencies; there were many more than these. */
export const PREINSTALLED = new Set([
  'async', 'auth0', 'aws-sdk', 'axios', 'azure-storage', 'babel', 'bcrypt', 'bluebird', 'body-parser', 'boom',
  'compression', 'couchbase', 'debug', 'dockerode', 'dotenv', 'easy-pbkdf2', 'edge', 'ejs', 'express', 'express-jwt',
  'good', 'good-console', 'hapi', 'hapi-auth-jwt2', 'iconv-lite', 'ip', 'jade', 'joi', 'jsonwebtoken', 'jwks-rsa',
  'knex', 'lodash', 'lru-cache', 'mime-types', 'mocha', 'moment', 'mongo-getdb', 'mongodb', 'morgan', 'ms', 'mysql',
  'nconf', 'node-cassandra-cql', 'node-etcd', 'node-fetch', 'node-uuid', 'oauth', 'pg', 'posix', 'pubnub', 'q', 'qs',
  'range_check', 'raw-body', 'request', 'rethinkdb', 'sandboxjs', 'superagent', 'tedious', 'tripwire', 'uuid',
  'webtask-tools', 'winston', 'xml2js', 'xmldom', 'xpath', 'xtend',
]);

/** Packages that are there to start processes or threads. */
export const STARTERS = new Set([
  'child-process-promise', 'cross-spawn', 'execa', 'piscina', 'playwright', 'puppeteer', 'simple-git', 'threads',
]);

/** Packages that are there to reach other machines. */
export const NETWORKERS = new Set([
  'auth0', 'aws-sdk', 'axios', 'azure-storage', 'dockerode', 'got', 'ioredis', 'jwks-rsa', 'ky', 'mongodb', 'mongoose',
  'mssql', 'mysql', 'mysql2', 'needle', 'node-fetch', 'nodemailer', 'pg', 'pubnub', 'redis', 'request',
  'request-promise', 'request-promise-native', 'rethinkdb', 'stripe', 'superagent', 'tedious', 'twilio', 'undici',
]);

/** Packages that nearly fill, or overfill, what the packages of one Hook may have. */
export const LARGE = new Set(['aws-sdk', 'googleapis']);

/** What goes with a Hook or an Action; the server's limits. */
export const MAX_DEPENDENCIES = 10;
export const MAX_PACKAGE_NAME = 214;

/** As the server tells an exact version, and a package's name. */
const NUMBER = '(0|[1-9][0-9]*)';
const IDENTIFIERS = '[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*';
export const EXACT_VERSION =
  new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}(-${IDENTIFIERS})?(\\+${IDENTIFIERS})?$`);
export const PACKAGE_NAME = /^(@[a-zA-Z0-9~-][a-zA-Z0-9._~-]*\/)?[a-zA-Z0-9~][a-zA-Z0-9._~-]*$/;
