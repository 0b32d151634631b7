/** Which Node.js the names in a file need, and which of them a newer one has no more. */
import { presence } from './absent.mjs';
import { GLOBALS, GONE, MEMBERS, METHODS, STATICS } from './features.mjs';
import { quoted } from './findings.mjs';
import { isFunction } from './scope.mjs';
import { isCaught, isTested } from './uses.mjs';
import { compare, has, inWords, OLDEST } from './versions.mjs';

/** Classes of errors that the worker gives a Hook. */
const ERROR_CLASSES = ['ExtensibilityUserError', 'InvalidScopeError', 'InvalidRequestError', 'ServerError'];

const VERSION = 'version';
/** Which way is taken is asked near by; and what is nested more deeply was written to be. */
const MAX_STEPS = 100;

/**
 * @typedef {{what: string, since: string[], node: object | null}} Need something that a newer Node.js is needed for
 *
 * @returns {{certain: Need[], probable: Need[]}}
 */
export function needsOf(file) {
  const certain = [];
  const probable = [];
  const made = madeByTheFile(file);
  for (const use of file.uses) {
    const { root, keys } = use.path;
    const { node } = use;
    if (use.named || use.tested || use.written) continue;
    if (root.startsWith('global:')) {
      const name = root.slice('global:'.length);
      if (made.has(name)) continue;
      if (Object.hasOwn(GLOBALS, name)) certain.push({ what: name, since: GLOBALS[name], node });
      const member = keys[0] && `${name}.${keys[0].name}`;
      if (member && !made.has(member) && Object.hasOwn(STATICS, member)) {
        certain.push({ what: member, since: STATICS[member], node });
      }
    } else if (root.startsWith('module:') && keys.length > 0) {
      const member = `${root.slice('module:'.length)}.${keys[0].name}`;
      if (Object.hasOwn(MEMBERS, member)) certain.push({ what: member, since: MEMBERS[member], node });
    }
  }
  for (const node of file.nodes) {
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      methodNeed(file, node.callee, made, certain, probable);
    }
  }
  return { certain, probable };
}

function methodNeed(file, callee, made, certain, probable) {
  const name = file.values.memberName(callee);
  if (name === null || !Object.hasOwn(METHODS, name) || made.has(`.${name}`) || callee.optional) return;
  const { of, since, own } = METHODS[name];
  const kind = file.values.kindOf(callee.object);
  const need = { what: `.${name}()`, since, node: callee.property };
  if (kind !== null && of.includes(kind)) certain.push(need);
  else if (kind === null && own === true) probable.push(need);
}

/** What the file brings itself, or asks for before it uses it: `fetch`, `Object.hasOwn`, `.toSorted`. */
function madeByTheFile(file) {
  const made = new Set();
  for (const { path: { root, keys }, tested, written: isMade } of file.uses) {
    if (!root.startsWith('global:') || !(tested || isMade)) continue;
    const name = root.slice('global:'.length);
    if (keys.length === 0) made.add(name);
    else if (keys[0].name === 'prototype') made.add(`.${keys[1]?.name}`);
    else made.add(`${name}.${keys[0].name}`);
  }
  for (const node of file.nodes) { // 'toSorted' in []
    if (node.type === 'BinaryExpression' && node.operator === 'in') {
      const name = node.left.type === 'PrivateIdentifier' ? null : file.values.textOf(node.left);
      if (name !== null) made.add(`.${name}`).add(name);
    } else if (node.type === 'MemberExpression' && isTested(node)) { // if (list.toSorted)
      const name = file.values.memberName(node);
      if (name !== null && Object.hasOwn(METHODS, name)) made.add(`.${name}`);
    }
  }
  return made;
}

/** What this Node.js, or a newer one, has no more: refused where that throws, and the file does not ask first. */
export function goneUses(file, here) {
  const questions = questionsOf(file);
  for (const use of file.uses) {
    if (use.tested || use.written) continue;
    const { root, keys } = use.path;
    const isMember = root.startsWith('module:') || root === 'global:process';
    const name = isMember ? `${root.replace(/^\w+:/, '')}.${keys[0]?.name}` : root.replace(/^global:/, '');
    if (!(isMember || root.startsWith('global:')) || !Object.hasOwn(GONE, name)) continue;
    const index = isMember ? 0 : -1;
    const isName = !isMember && use.node.type === 'Identifier' && keys.length === 0; // which nobody declares
    const throws = isName || keys.length > index + 1 || use.further || use.call !== null;
    if (use.named && !isName) continue;
    const there = presence(file, root, keys.slice(0, index + 1).map((key) => key.name));
    const isAsked = there.isAsked || isGuarded(use, questions);
    if (there.isSet || (isAsked && use.call === null)) continue;
    const { gone, instead } = GONE[name];
    const isGone = has(here, [gone]);
    const isRefused = isGone && throws && !isAsked && !isCaught(use.node);
    file.findings.add(isRefused ? 'refused' : 'differs', 'gone', use.node,
      `${name} is not in Node.js ${inWords([gone])} and newer`,
      `This machine has ${here}${isGone ? '' : ', where it still is'}.`, `In its place: ${instead}.`);
  }
}

/**
 * Questions on which it depends which way the file takes, and what they are about: members that may be there, the
 * Node.js that runs it.
 *
 * @returns {Map<object, Set<string>>}
 */
function questionsOf(file) {
  const questions = new Map();
  for (const { node, tested, path: { root, keys } } of file.uses) {
    const isVersion = root === 'global:process' && /^versions?$/.test(keys[0]?.name);
    if (!tested && !isVersion) continue;
    const topic = isVersion ? VERSION : topicOf(root);
    let inner = node;
    for (let step = 0; step < MAX_STEPS && inner.parent !== null && !isFunction(inner); step++, inner = inner.parent) {
      if (!isQuestion(inner)) continue;
      if (!questions.has(inner)) questions.set(inner, new Set());
      questions.get(inner).add(topic);
    }
  }
  return questions;
}

/** Members of a module are asked for in place of each other, and so are the names of the global object. */
const topicOf = (root) => (root.startsWith('module:') || root === 'global:process' ? root : 'global');

function isQuestion(node) {
  const { parent } = node;
  return parent.test === node || (parent.type === 'LogicalExpression' && parent.left === node);
}

/** Whether a use is on one way of several, taken after a question about what it is part of, or about the Node.js. */
function isGuarded({ node, path: { root } }, questions) {
  let inner = node;
  for (let step = 0; step < MAX_STEPS && inner.parent !== null && !isFunction(inner); step++, inner = inner.parent) {
    const { parent } = inner;
    const question = parent.type === 'LogicalExpression' ? parent.left : parent.test;
    if (question === inner) continue;
    const topics = questions.get(question);
    if (topics?.has(topicOf(root)) || topics?.has(VERSION)) return true;
  }
  return false;
}

/** What is needed and this Node.js has not. */
export function missing(file, needs, here) {
  for (const { what, since, node } of needs) {
    if (has(here, since)) continue;
    const newest = compare(since.at(-1), OLDEST) > 0 ? inWords(since) : OLDEST;
    file.findings.add(isCaught(node) ? 'differs' : 'refused', 'newer-node', node, `${what} needs Node.js ${newest}`,
      `This machine has ${here}.`, 'Install that one or a newer one on the server.');
  }
}

/** Names that nobody declares. */
export function undeclaredNames(file) {
  if (file.names.dynamic) return;
  // A name that is assigned to comes to be; one that is asked for with typeof may be somebody else's.
  const isExplaining = (node) => isAssigned(node) || isAskedFor(node);
  const explained = new Set(file.names.unresolved.filter(isExplaining).map(({ name }) => name));
  for (const identifier of file.names.unresolved) {
    const { name } = identifier;
    if (explained.has(name) || isKnownGlobal(name, file.kind) || isAlternative(identifier)) continue;
    file.findings.add('differs', 'undeclared', identifier, `${quoted(name)} is declared nowhere`,
      'Node.js has no such global, so this line throws, unless a package brings it.', hint(name));
  }
}

function isAssigned(node) {
  const { parent } = node;
  if (parent.type === 'AssignmentExpression') return parent.operator === '=' && parent.left === node;
  return /^For(In|Of)/.test(parent.type) && parent.left === node;
}

const isAskedFor = ({ parent }) => parent.type === 'UnaryExpression' && parent.operator === 'typeof';

/** `global || self`, `x ? a : b`: what is there in one place and not in the other; or what throws is caught. */
function isAlternative(node) {
  let inner = node;
  for (let step = 0; step < MAX_STEPS && inner.parent !== null && !isFunction(inner); step++, inner = inner.parent) {
    const { parent } = inner;
    if (parent.type === 'LogicalExpression' && parent.right === inner) return true;
    if (parent.type === 'ConditionalExpression' && parent.test !== inner) return true;
  }
  return isCaught(node);
}

function isKnownGlobal(name, kind) {
  return name in globalThis || Object.hasOwn(GLOBALS, name) || Object.hasOwn(GONE, name) || name === 'arguments'
    || (kind !== 'action' && ERROR_CLASSES.includes(name));
}

function hint(name) {
  switch (name) {
    case 'configuration': return 'Rules have it; in a Hook the secrets are in context.webtask.secrets.';
    case 'user': return 'There are no users: a token is for an application.';
    case 'regeneratorRuntime': return 'The file was compiled for an old Node.js: take the source it was made of.';
    default: return /Error$/.test(name)
      ? 'The errors of a Hook are InvalidScopeError, InvalidRequestError and ServerError.'
      : '';
  }
}
