/** The modules that a file requires, and what a worker makes of them. */
import { isBuiltin } from 'node:module';
import { presence } from './absent.mjs';
import {
  BUILTINS, FILE_READERS, FILE_THROWERS, FILE_WRITERS, GONE_CIPHERS, GONE_HASHES, NETWORK_GLOBALS, PREFIXED,
  PREFIX_SINCE, SERVERS,
} from './builtins.mjs';
import { quoted } from './findings.mjs';
import {
  EXACT_VERSION, inPlaceOf, LARGE, MAX_DEPENDENCIES, MAX_PACKAGE_NAME, NATIVE, NETWORKERS, PACKAGE_NAME,
  PREINSTALLED, STARTERS,
} from './packages.mjs';
import { written } from './paths.mjs';
import { isFunction } from './scope.mjs';
import { isCaught, isRejectionTaken, isTaken } from './uses.mjs';

/** `name`, `@scope/name`; a version as webtasks know it; what is in the package. */
const PACKAGE = /^(?<base>@[^/@]+\/[^/@]+|[^/@]+)(@(?<version>[^/]*))?(?<rest>\/.*)?$/;

/**
 * @typedef {object} Module
 * @property {string} name
 * @property {'builtin' | 'package' | 'file'} kind
 * @property {'fine' | 'network' | 'partly' | 'refused' | 'declare' | 'native'} use
 * @property {number | null} line where it is first required; null if it is declared and not required
 * @property {string} why
 * @property {string | null} [version] of a package: the one that is known to be asked for
 * @property {boolean} [optional] of a package: whether the file does without it, as every `require` of it is caught and
 *     nobody has declared it
 */

/**
 * @param {object} file
 * @param {Record<string, string>} declared the dependencies that it has, and their versions
 * @param {import('./installed.mjs').Installed | undefined} installed
 * @returns {{modules: Module[], needs: import('./needs.mjs').Need[]}}
 */
export function modulesOf(file, declared, installed) {
  const modules = new Map();
  const needs = [];
  for (const { name, node } of required(file)) {
    const line = node.loc.start.line;
    const builtin = builtinOf(name);
    if (builtin !== undefined) {
      if (builtin.since) needs.push({ what: `the module ${builtin.name}`, since: builtin.since, node });
      if (name.startsWith('node:')) needs.push({ what: `require('node:…')`, since: PREFIX_SINCE, node });
      const shown = { name: builtin.name, kind: 'builtin', use: builtin.use, line, why: builtin.why ?? '' };
      if (!modules.has(shown.name)) modules.set(shown.name, shown);
    } else if (name.startsWith('node:')) {
      unknownBuiltin(file, name, node, modules);
    } else if (/^(\.{0,2}\/|\.\.?$)/.test(name)) {
      const shown = { name: quoted(name), kind: 'file', use: 'refused', line, why: 'A Hook or an Action is one file.' };
      if (!modules.has(name)) modules.set(name, shown);
      localFile(file, name, node);
    } else {
      packageOf(file, name, node, declared, modules, installed);
    }
  }
  declaredOnly(file, declared, modules, installed);
  const packages = [...modules.values()].filter(({ kind, optional }) => kind === 'package' && !optional);
  if (packages.length > MAX_DEPENDENCIES) {
    file.findings.add('refused', 'too-many-dependencies', null,
      `it needs ${packages.length} packages`, `A Hook or an Action has at most ${MAX_DEPENDENCIES} dependencies.`,
      'Bundle some of them into the file.');
  }
  const undeclared = file.kind === 'action' // they had to name theirs at Auth0 too
    ? []
    : packages.filter(({ name, use, version }) => use === 'declare' && version === null && PREINSTALLED.has(name)
      && own(installed?.native, name) === undefined);
  for (const { name, line } of undeclared) {
    file.findings.add('differs', 'undeclared-package', line, `${name} has to be named in dependencies`,
      'A webtask had it without that; here only what dependencies name is there.',
      `Add "${name}" with an exact version to dependencies.`);
  }
  builtinUses(file, modules);
  return { modules: [...modules.values()], needs };
}

/** The value that an object, if there is one, has by a name from the file. */
const own = (object, name) => (object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined);

/** Every module that is named, with the node that names it. What cannot be known is said. */
function required(file) {
  const found = [];
  for (const node of file.nodes) {
    if (node.type === 'ImportExpression') {
      add(node, node.source, 'import');
    } else if (node.type === 'CallExpression' && file.values.isRequire(node) && node.arguments.length > 0) {
      add(node, node.arguments[0], 'require');
    } else if (node.type === 'ImportDeclaration' || /^Export(Named|All)Declaration$/.test(node.type)) {
      if (node.source) found.push({ name: node.source.value, node });
    }
  }
  return found;

  function add(node, argument, word) {
    const name = file.values.textOf(argument);
    if (name !== null) {
      found.push({ name, node });
      return;
    }
    file.findings.add('differs', 'unknown-module', node, `${word} of a name that is put together while it runs`,
      'Which module that is cannot be known without running it.', 'See that its package is in dependencies.');
  }
}

function builtinOf(name) {
  const plain = name.startsWith('node:') ? name.slice('node:'.length) : name;
  if (Object.hasOwn(BUILTINS, plain)) return { name: plain, ...BUILTINS[plain] };
  if (plain !== name && Object.hasOwn(PREFIXED, plain)) return { name, ...PREFIXED[plain] };
  return undefined;
}

/** A module of a Node.js that this table does not know, or of none. */
function unknownBuiltin(file, name, node, modules) {
  const isThere = isBuiltin(name);
  const why = isThere ? 'It is newer than this check.' : '';
  const use = isThere ? 'partly' : 'refused';
  const { line } = node.loc.start;
  if (!modules.has(name)) modules.set(name, { name: quoted(name), kind: 'builtin', use, line, why });
  if (isThere) return;
  file.findings.add(isTaken(node) ? 'differs' : 'refused', 'no-module', node,
    `there is no module ${quoted(name)} in Node.js ${process.versions.node}`, '', '');
}

function localFile(file, name, node) {
  file.findings.add(isTaken(node) ? 'differs' : 'refused', 'local-file', node, `it requires the file ${quoted(name)}`,
    'A Hook or an Action is one file; no other is there.',
    name.endsWith('.json')
      ? 'Write its content into the file.'
      : 'Put its code into the file, by hand or with a bundler.');
}

function packageOf(file, name, node, declared, modules, installed) {
  const { base, version, rest } = PACKAGE.exec(name)?.groups ?? {};
  if (base === undefined || base.length > MAX_PACKAGE_NAME || !PACKAGE_NAME.test(base)) {
    file.findings.add(isTaken(node) ? 'differs' : 'refused', 'no-package', node, `it requires ${quoted(name)}`,
      name.startsWith('actions:')
        ? 'There are no Action modules here.'
        : 'That is no module of Node.js and no name of a package.',
      name.startsWith('actions:') ? 'Put its code into the file.' : '');
    return;
  }
  const isExact = version !== undefined && EXACT_VERSION.test(version);
  if (version !== undefined) {
    file.findings.add(isTaken(node) ? 'differs' : 'refused', 'webtask-version', node, `it requires ${quoted(name)}`,
      'A version in the name is understood by webtasks only.',
      isExact
        ? `Add "${base}": "${version}" to dependencies and write require('${base}${rest ?? ''}').`
        : `Add "${base}" with an exact version to dependencies and write require('${base}${rest ?? ''}').`);
  }
  const wanted = own(declared, base) || (isExact ? version : null); // empty if it is declared without a version
  const isOptional = isTaken(node) && !Object.hasOwn(declared, base);
  const known = modules.get(base);
  if (known === undefined) {
    modules.set(base, packageModule(base, node.loc.start.line, wanted, isOptional, installed));
  } else {
    known.version ??= wanted;
    known.optional &&= isOptional;
  }
  aboutPackage(file, base, node, isOptional, installed);
}

function packageModule(name, line, version, optional, installed) {
  const isNative = own(NATIVE, name) !== undefined && !isInstalled(installed, name);
  return {
    name,
    kind: 'package',
    use: isNative ? 'native' : 'declare',
    line,
    why: isNative ? 'It has native code.' : '',
    version,
    optional,
  };
}

/** What was installed was looked at itself. */
const isInstalled = (installed, name) => installed?.failed === undefined && own(installed?.packages, name) !== undefined;

/** What is known of a package by its name; `place` is null if it is not required. */
function aboutPackage(file, name, place, isOptional, installed) {
  const level = isOptional ? 'differs' : 'refused';
  if (own(NATIVE, name) !== undefined && !isInstalled(installed, name)) {
    file.findings.add(level, 'native-package', place, `${name} has native code`,
      isOptional
        ? 'Native code is not run; without the package its require throws, which the file catches.'
        : 'Native code is not run, and the server refuses the package.',
      isOptional ? 'Leave it out of dependencies.' : inPlaceOf(name));
  }
  if (STARTERS.has(name)) {
    file.findings.add(level, 'starts-processes', place, `${name} starts processes or threads`,
      'A worker may start none.', '');
  }
  if (LARGE.has(name) && !isInstalled(installed, name)) {
    file.findings.add('note', 'large-package', place, `${name} is large`,
      'All packages together may have 50 MB, which recent versions of it alone come near or go beyond.',
      '--install tells for certain.');
  }
}

/** Packages that are installed because they are declared: by the file itself they are not required. */
function declaredOnly(file, declared, modules, installed) {
  for (const [name, version] of Object.entries(declared)) {
    if (modules.has(name)) continue;
    modules.set(name, packageModule(name, null, version || null, false, installed));
    file.findings.add('note', 'unrequired-package', null, `${quoted(name)} is declared, not required`,
      'It is installed all the same; packages may require it of each other.', '');
    aboutPackage(file, name, null, false, installed);
  }
}

/** What the file does with built-in modules that a worker denies, or does otherwise. */
function builtinUses(file, modules) {
  const touched = new Set();
  for (const use of file.uses) {
    const { root, keys } = use.path;
    if (root === 'global:process') {
      denied(file, use, 'process', keys, BUILTINS.process);
    } else if (root.startsWith('module:')) {
      const name = root.slice('module:'.length);
      const builtin = own(BUILTINS, name);
      if (builtin?.denied !== undefined && denied(file, use, name, keys, builtin)) touched.add(name);
      if (name === 'fs') files(file, use, keys);
      if (name === 'crypto') openssl(file, use, keys);
      if (SERVERS.has(name)) servers(file, use, name, keys);
    }
  }
  for (const [name, module] of modules) {
    if (module.use !== 'refused' || !Object.hasOwn(BUILTINS, name) || touched.has(name)) continue;
    module.use = 'partly'; // what is denied of it is not used
    if (!isUsed(file, name)) {
      file.findings.add('note', 'unused-module', module.line, `${name} is required, and nothing of it is used`,
        module.why, 'Leave it out.');
    }
  }
}

const isUsed = (file, name) => file.uses.some(({ path, node }) =>
  path.root === 'module:' + name && (path.keys.length > 0 || !isOnlyNamed(node)));

/** `const x = require('y')` and a lone `require('y')`. */
const isOnlyNamed = ({ parent }) => parent.type === 'VariableDeclarator' || parent.type === 'ExpressionStatement';

const isArgument = (node) => /^(Call|New)Expression$/.test(node.parent.type) && node.parent.callee !== node;

/** @returns {boolean} whether it is, or may be */
function denied(file, use, name, keys, { denied: members, lately = [], why }) {
  const member = keys[0]?.name;
  if (member === undefined) {
    if (name === 'process' || !isArgument(use.node)) return false;
    file.findings.add('differs', 'denied', use.node, `${name} is handed on`, why, '');
    return true;
  }
  const isLately = lately.includes(member);
  if (!(isLately || members.includes(member)) || use.named || use.tested || use.written) return false;
  file.findings.add(isLately || isCaught(use.node) ? 'differs' : 'refused', 'denied', use.node,
    `${name}.${member} is denied`, isLately ? `${why} Not every release of Node.js does that.` : why, '');
  return true;
}

function files(file, use, allKeys) {
  const keys = allKeys[0]?.name === 'promises' ? allKeys.slice(1) : allKeys;
  const name = keys[0]?.name;
  if (name === undefined || use.named || use.tested || use.written) return;
  const level = isCaught(use.node) || takesFailure(file, use, name) ? 'differs' : 'refused';
  const shown = written(use.path);
  const argument = use.call?.arguments[0];
  if (argument?.type === 'Literal' && typeof argument.value === 'number') return; // a file that is open already
  if (FILE_WRITERS.has(name) || (/^open(Sync)?$/.test(name) && opensToWrite(file, use.call))) {
    file.findings.add(level, 'writes-files', use.node, `${shown} is denied`,
      'A worker may write no file, in /tmp neither.',
      'Keep it in a variable, which lasts as long as the worker, or send it to a service.');
  } else if (FILE_READERS.has(name) && use.call !== null) {
    reads(file, use, level, shown, argument);
  }
}

/** Whether a call that answers later has somebody who is told that it was denied. */
function takesFailure(file, { call, path }, name) {
  if (call === null || name.endsWith('Sync')) return false;
  if (path.keys[0].name === 'promises') return isRejectionTaken(call);
  if (FILE_THROWERS.has(name)) return false;
  const last = call.arguments.at(-1);
  const binding = last?.type === 'Identifier' ? file.names.binding(last) : undefined;
  const callback = binding === undefined ? last : file.values.only(binding)?.value;
  return isFunction(callback) && callback.params.length > 0;
}

function opensToWrite(file, call) {
  const flags = call?.arguments[1] && file.values.textOf(call.arguments[1]);
  return typeof flags === 'string' && /[wa+]/.test(flags);
}

function reads(file, use, level, shown, argument) {
  const mend = 'Write what it reads into the file, or give it as a secret.';
  const why = 'A worker may read its packages and nothing else.';
  const place = argument === undefined ? null : file.values.textOf(argument);
  if (place !== null) {
    file.findings.add(level, 'reads-files', use.node, `${shown} of ${quoted(place)} is denied`, why, mend);
  } else if (!isOwnFolder(file, argument)) {
    file.findings.add('differs', 'reads-files', use.node, `${shown} reads only files of the packages`, why, mend);
  }
}

/** Whether a path is put together from the folder that a worker may read. */
function isOwnFolder(file, argument) {
  const pending = argument === undefined ? [] : [argument];
  for (let steps = 0; pending.length > 0 && steps < 100; steps++) {
    const node = pending.pop();
    const root = file.values.pathOf(node)?.root;
    if (root === '__dirname' || root === '__filename') return true;
    if (node.type === 'CallExpression') {
      if (file.values.pathOf(node.callee)?.root === 'require') return true; // require.resolve
      pending.push(...node.arguments);
    } else if (node.type === 'BinaryExpression') {
      pending.push(node.left, node.right);
    } else if (node.type === 'TemplateLiteral') {
      pending.push(...node.expressions);
    } else if (node.type === 'Identifier') {
      const binding = file.names.binding(node);
      const only = binding && file.values.only(binding);
      if (only?.path.length === 0) pending.push(only.value);
    }
  }
  return false;
}

function openssl(file, use, keys) {
  const name = keys[0]?.name;
  const first = use.call?.arguments[0];
  const algorithm = first === undefined ? null : file.values.textOf(first);
  if (algorithm === null) return;
  const isHash = (name === 'createHash' || name === 'createHmac') && GONE_HASHES.test(algorithm);
  const isCipher = /^create(Cipher|Decipher)(iv)?$/.test(name) && GONE_CIPHERS.test(algorithm);
  if (isHash || isCipher) {
    file.findings.add(isCaught(use.node) ? 'differs' : 'refused', 'openssl', use.node,
      `${algorithm} is not supported`, 'OpenSSL 3, in Node.js 17 and newer, has put it away.',
      `Use ${isHash ? 'sha256' : 'aes-256-gcm'}, or a package that has it in JavaScript.`);
  }
}

function servers(file, use, name, keys) {
  const member = keys[0]?.name;
  if (use.call === null || !(/^create(Secure)?Server$/.test(member) || member === 'Server')) return;
  file.findings.add('differs', 'opens-port', use.node, `${name}.${member} in a Hook`,
    'Several workers run the file, some on one machine: a port that one of them has open is taken for the next.',
    'A Hook answers by its callback alone.');
}

/** Where the file, or a package that is known for it, reaches other machines. */
export function networkUses(file, modules) {
  const found = modules
    .filter(({ name, use, kind }) => use === 'network' || (kind === 'package' && NETWORKERS.has(name)))
    .map(({ name, line }) => ({ name, line }));
  for (const { path, node, tested } of file.uses) {
    const name = path.root.startsWith('global:') ? path.root.slice('global:'.length) : '';
    if (!NETWORK_GLOBALS.has(name) || tested || found.some((other) => other.name === name)) continue;
    if (!presence(file, path.root, []).isAsked) found.push({ name, line: node.loc.start.line });
  }
  return found;
}
