/** What is said of Hooks and Actions alike. */
import { quoted } from './findings.mjs';
import { written } from './paths.mjs';
import { functionAround, runsAtLoad } from './uses.mjs';

const CHANGING = new Set([
  'add', 'clear', 'copyWithin', 'delete', 'fill', 'pop', 'push', 'reverse', 'set', 'shift', 'sort', 'splice', 'unshift',
]);
const BUILT_IN_TYPES = new Set(['Array', 'Map', 'Object', 'Set', 'WeakMap', 'WeakSet']);
const WORKERS = 'Several workers run the file, each with its own; a worker may be replaced at any time.';

export function checkGenerally(file) {
  environment(file);
  state(file);
  globals(file);
  process_(file);
  intervals(file);
}

function environment(file) {
  const isSet = new Set(file.uses.filter(({ written: isMade }) => isMade).map(({ path }) => written(path)));
  for (const use of file.uses) {
    const { root, keys } = use.path;
    if (root !== 'global:process' || keys[0]?.name !== 'env' || use.written || isSet.has(written(use.path))) continue;
    file.findings.add('differs', 'environment', use.node, `${quoted(written(use.path))} is empty`,
      'A worker has no environment variables.',
      file.kind === 'action' ? 'Make it a secret: event.secrets.' : 'Make it a secret: context.webtask.secrets.');
  }
}

/** Variables of the file that calls change. */
function state(file) {
  const { top } = file.names;
  for (const binding of top.names.values()) {
    if (binding.kind !== 'variable') continue;
    const change = binding.references.find((reference) => !runsAtLoad(reference) && isChange(file, binding, reference));
    if (change === undefined) continue;
    file.findings.add('differs', 'state', binding.definitions[0].node,
      `${quoted(binding.name)} is kept between calls`, WORKERS,
      'Good for a cache; keep at a service what has to last or to be the same everywhere.');
  }
}

function isChange(file, binding, reference) {
  const { parent } = reference;
  if (parent.type === 'UpdateExpression') return true;
  if (parent.type === 'AssignmentExpression' && parent.left === reference) return !loadsModule(file, parent.right);
  if (parent.type !== 'MemberExpression' || parent.object !== reference || !isOwnObject(file, binding)) return false;
  let member = parent;
  while (member.parent.type === 'MemberExpression' && member.parent.object === member) member = member.parent;
  const { parent: outer } = member;
  if (outer.type === 'AssignmentExpression') return outer.left === member;
  if (outer.type === 'UpdateExpression') return true;
  if (outer.type === 'UnaryExpression') return outer.operator === 'delete';
  return outer.type === 'CallExpression' && outer.callee === member && CHANGING.has(file.values.memberName(member));
}

/** `x = require('y')`, `x = x || require('y')`: loaded late, and the same everywhere. */
function loadsModule(file, value) {
  const found = value.type === 'LogicalExpression' ? value.right : value;
  return file.values.pathOf(found)?.root.startsWith('module:') ?? false;
}

/** Whether a variable holds an object that is made here, not one of a package that may do what it likes. */
function isOwnObject(file, binding) {
  const value = file.values.only(binding)?.value;
  if (value?.type === 'ObjectExpression' || value?.type === 'ArrayExpression') return true;
  if (value?.type !== 'NewExpression') return false;
  const path = file.values.pathOf(value.callee);
  return path?.keys.length === 0 && BUILT_IN_TYPES.has(path.root.replace('global:', ''));
}

/** Changes of what everything in the process shares. */
function globals(file) {
  const why = 'It stays for all calls of this worker, the ones under way too, and for the Actions that run with it; '
    + 'other workers do not see it.';
  for (const { path: { root, keys }, node, written: isMade } of file.uses) {
    if (!isMade || !root.startsWith('global:') || root === 'global:process') continue;
    const isGlobal = keys.length === 0 && node.type === 'MemberExpression';
    const isPatch = keys[0]?.name === 'prototype' || (keys.length === 1 && isBuiltIn(root));
    if (!isGlobal && !isPatch) continue;
    const name = written({ root, keys });
    file.findings.add('differs', 'global', node, `it sets ${quoted(isGlobal ? `global.${name}` : name)}`, why,
      'Use a variable of the file, or a function.');
  }
  const isStrict = file.module || file.program.body[0]?.directive === 'use strict';
  for (const identifier of file.names.unresolved) {
    const { parent } = identifier;
    const isWritten = parent.type === 'AssignmentExpression' && parent.left === identifier;
    if (!isWritten || isStrict || isInStrictFunction(identifier)) continue;
    file.findings.add('differs', 'global', identifier, `${quoted(identifier.name)} is set and declared nowhere`,
      'That makes it global: calls that run at the same time in one worker overwrite it for each other.',
      `Declare it: let ${quoted(identifier.name)}`);
  }
}

const isBuiltIn = (root) => /^global:[A-Z]/.test(root) && root.slice('global:'.length) in globalThis;

function isInStrictFunction(node) {
  for (let around = functionAround(node); around !== null; around = functionAround(around)) {
    if (around.body.body?.[0]?.directive === 'use strict') return true;
  }
  return false;
}

function process_(file) {
  for (const { path: { root, keys }, node, call } of file.uses) {
    const name = keys[0]?.name;
    if (root !== 'global:process' || call === null || !/^(exit|abort|reallyExit)$/.test(name)) continue;
    file.findings.add('differs', 'exit', node, `process.${name} ends the worker`,
      'Calls that it has not answered fail with 500, those of others too.', 'Call back with an error.');
  }
}

function intervals(file) {
  const isCleared = file.names.unresolved.some(({ name }) => name === 'clearInterval')
    || file.nodes.some((node) => node.type === 'MemberExpression' && file.values.memberName(node) === 'unref');
  if (isCleared) return;
  for (const { path: { root, keys }, node, call } of file.uses) {
    if (root !== 'global:setInterval' || keys.length > 0 || call === null) continue;
    const isPerCall = !runsAtLoad(node);
    file.findings.add('differs', 'interval', node, 'setInterval is never cleared',
      `It goes on in the worker after the answer${isPerCall ? ', once more for each call' : ''}.`,
      'Clear it with clearInterval.');
  }
}

