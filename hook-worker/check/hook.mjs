/** What is particular to Hooks. */
import { absent, presence } from './absent.mjs';
import { claimNamed } from './claims.mjs';
import { quoted } from './findings.mjs';
import { isFunction, keyOf } from './scope.mjs';
import { functionAround, isCaught } from './uses.mjs';

export const PARAMETERS = ['client', 'scope', 'audience', 'context', 'cb'];

/** The parts of `context.webtask` that are there, so that reading into them does not throw, and hold nothing. */
const EMPTY = new Set(['headers', 'params', 'query', 'body', 'meta', 'id', 'token']);
const CONTEXT = new Set(['body', 'ip', 'userAgent', 'webtask']);
const CLIENT = new Set(['id', 'name', 'tenant', 'metadata']);
const MANAGEMENT_API = /^https?:\/\/[^/]+\/api\/v2\/?$/;

/** Says what it finds in a file whose `entry` is the Hook, if that was seen. */
export function checkHook(file) {
  exportsOf(file);
  webtask(file);
  if (file.entry === null) return;
  fromContext(file);
  fromClient(file);
  scopeTests(file);
  audienceTests(file);
  callback(file);
  thisUses(file);
}

function exportsOf(file) {
  const { exported, findings } = file;
  const mend = 'Export it: module.exports = function (client, scope, audience, context, cb) { … }';
  const refuse = (place, what, why, how = mend) => findings.add('refused', 'exports', place, what, why, how);
  switch (exported.whole) {
    case 'function':
      if (exported.function.generator) {
        refuse(exported.function, 'it exports a generator',
          'Calling one runs nothing of it, so that it never calls back.');
      }
      break;
    case 'unknown':
      if (isWebApplication(file)) {
        refuse(exported.node, 'it exports a web application',
          'A Hook gets no HTTP request, and answers by its callback.');
        break;
      }
      findings.add('differs', 'exports', exported.node, 'what it exports is known only when it runs',
        'What the function does with its arguments was not looked at.', '');
      break;
    case 'value':
      refuse(exported.node, 'it exports something that is no function', 'A Hook is a function.');
      break;
    case 'members': {
      const handler = [...exported.members.keys()].find((name) => /^on(Execute|Continue)[A-Z]/.test(name));
      const isDefault = exported.members.has('default');
      refuse(exported.node ?? [...exported.members.values()][0].node,
        `it exports ${quoted([...exported.members.keys()].join(', '))}`,
        handler === undefined ? 'A Hook is module.exports itself, a function.' : 'That is an Action, not a Hook.',
        handler === undefined ? (isDefault ? 'Add: module.exports = exports.default;' : mend) : 'Make it an Action.');
      break;
    }
    default:
      if (exported.local.length > 0) {
        refuse(exported.local[0], 'it sets exports to something else',
          'That exports nothing: module.exports stays what it was.', 'Write module.exports = …');
      } else {
        refuse(null, 'it exports nothing', otherScript(file) ?? 'A Hook is what module.exports is.');
      }
  }
}

/** `module.exports = Webtask.fromExpress(app)` */
function isWebApplication({ exported: { value }, values }) {
  return value?.type === 'CallExpression' && values.pathOf(value.callee)?.root === 'module:webtask-tools';
}

/** A Rule or a script for a database is one function that is not exported. */
function otherScript({ program }) {
  const functions = program.body.filter(({ type }) => type === 'FunctionDeclaration');
  const first = functions.length === 1 ? functions[0].params[0]?.name : undefined;
  return first === 'user' || first === 'email'
    ? 'It looks like a Rule or a database script; here are only Hooks at credentials-exchange.'
    : undefined;
}

/** What is left of the way in which webtasks were written. */
function webtask(file) {
  for (const node of file.program.body) {
    if (node.directive === 'use latest') {
      file.findings.add('differs', 'directive', node, '"use latest" is ignored',
        'It had webtasks compiled by Babel; here the script runs as it is.', 'Leave it out.');
    } else if (node.directive === 'use npm') {
      file.findings.add('differs', 'directive', node, '"use npm" is ignored',
        'It had webtasks install what they require; here only what dependencies name is there.',
        'Name the packages in dependencies.');
    }
  }
  const isAsked = file.uses.some(({ path: { root, keys }, tested }) =>
    root === 'module' && keys.length === 1 && keys[0].name === 'webtask' && tested);
  for (const use of file.uses) {
    const { root, keys } = use.path;
    if (root !== 'module' || keys[0]?.name !== 'webtask' || use.written) continue;
    const throws = keys.length > 1 && !keys[1].optional && !isAsked && !isCaught(use.node);
    file.findings.add(throws ? 'refused' : 'differs', 'module-webtask', use.node, 'module.webtask is not there',
      throws ? 'Reading from it throws.' : 'It is undefined here.',
      'A Hook has its secrets in context.webtask.secrets.');
  }
}

/**
 * Whether a function is a Hook for credentials-exchange by its parameters. If it is not, that is said, and what it does
 * with them means something else.
 */
export function isForThisTrigger(entry, findings) {
  const names = entry.params.map((param) => (param.type === 'AssignmentPattern' ? param.left : param).name ?? '…');
  const shown = `it takes (${quoted(names.join(', '))})`;
  if (names[0] === 'user' || names[0] === 'recipient') {
    findings.add('refused', 'other-trigger', entry, shown,
      'That is a Hook for another trigger; here are only Hooks at credentials-exchange.', '');
    return false;
  }
  if (names.length < PARAMETERS.length && /^(cb|callback|done)$/.test(names.at(-1))) {
    findings.add('refused', 'webtask', entry, shown,
      `That is another kind of webtask. A Hook gets ${PARAMETERS.join(', ')}, so ${names.at(-1)} is no callback.`,
      'Take the five parameters of a Hook.');
    return false;
  }
  if (names.length > PARAMETERS.length) {
    findings.add('note', 'parameters', entry, `it takes ${names.length} parameters`,
      'A Hook is called with five: client, scope, audience, context, cb. The others are undefined.', '');
  }
  return true;
}

function fromContext(file) {
  for (const use of file.uses) {
    const { root, keys } = use.path;
    if (root !== 'context' || keys.length === 0) continue;
    const [{ name }, second] = keys;
    if (!CONTEXT.has(name)) notInContext(file, use, name);
    else if (name === 'webtask' && second !== undefined) fromWebtask(file, use, second.name, keys[2]?.name);
  }
}

function fromWebtask(file, use, name, third) {
  const { findings } = file;
  if (name === 'secrets' || name === 'data') {
    if (third === 'auth0-extension-secret') {
      findings.add('differs', 'internal-secret', use.node, 'the secret auth0-extension-secret is not there',
        'It was Auth0\'s own, to call the Hook with.', '');
    } else if (third !== undefined && !use.written) {
      file.secrets.add(third);
    }
  } else if (name === 'storage') {
    findings.add('differs', 'storage', use.node, 'context.webtask.storage keeps nothing',
      'get calls back with undefined, set with an error.', 'Keep it in a variable, or at a service.');
  } else if (EMPTY.has(name)) {
    findings.add('differs', 'webtask-context', use.node, `context.webtask.${name} is empty`,
      'It told of the HTTP request to a webtask, and there is none.',
      'Use context.ip and context.userAgent for what is known of the caller.');
  } else {
    absent(file, use, 1, { code: 'context', what: `context.webtask.${quoted(name)} is not there` });
  }
}

function notInContext(file, use, name) {
  absent(file, use, 0, {
    code: 'context',
    what: `context.${quoted(name)} is not there`,
    why: '',
    mend: 'context has body, ip, userAgent and webtask, and in that secrets.',
  });
}

function fromClient(file) {
  for (const { path: { root, keys }, node, written } of file.uses) {
    const name = root === 'client' ? keys[0]?.name : undefined;
    if (name === undefined || written) continue;
    if (name === 'tenant') {
      file.findings.add('differs', 'tenant', node, 'client.tenant is the host of the issuer',
        'There are no tenants; at Auth0 it was the name of one.',
        'Compare it with the issuer\'s host, or leave it out.');
    } else if (!CLIENT.has(name) && !presence(file, 'client', [name]).isSet) {
      file.findings.add('note', 'client', node, `client.${quoted(name)} is undefined`,
        'A client has id, name, tenant and metadata; at Auth0 too.', '');
    }
  }
}


function scopeTests(file) {
  for (const { path: { root, keys }, node } of file.uses) {
    if (root !== 'scope' || keys.length > 0) continue;
    const { parent } = node;
    if (isHarmless(parent)) continue;
    const isPresence = (parent.type === 'UnaryExpression' && (parent.operator === '!' || parent.operator === 'typeof'))
      || (/^(If|While)Statement$|^ConditionalExpression$/.test(parent.type) && parent.test === node)
      || (parent.type === 'BinaryExpression' && /^[!=]==?$/.test(parent.operator)
        && isNothing(parent.left === node ? parent.right : parent.left));
    if (isPresence) {
      file.findings.add('differs', 'scope-test', node, 'scope is always an array',
        'Where no scope is granted it is [] and not undefined, so the answer to this is always the same.',
        'Ask for scope.length.');
    }
  }
}

/** `!scope || !scope.length`, `scope ? scope : []`: all the same whether it is empty or not there. */
function isHarmless(test) {
  if (test.type === 'ConditionalExpression') {
    return test.alternate.type === 'ArrayExpression' && test.alternate.elements.length === 0;
  }
  const { parent } = test;
  if (test.type !== 'UnaryExpression' || parent.type !== 'LogicalExpression' || parent.operator !== '||') return false;
  const length = parent.right.type === 'UnaryExpression' ? parent.right.argument : parent.right.left;
  return parent.left === test && length?.type === 'MemberExpression' && keyOf(length) === 'length';
}

/** `undefined`, `null`, `void 0` */
const isNothing = ({ type, name, value, operator }) =>
  (type === 'Identifier' && name === 'undefined') || (type === 'Literal' && value === null)
  || (type === 'UnaryExpression' && operator === 'void');

function audienceTests(file) {
  for (const { path: { root, keys }, node } of file.uses) {
    const { parent } = node;
    if (root !== 'audience' || keys.length > 0) continue;
    if (parent.type !== 'BinaryExpression' || !/^[!=]==?$/.test(parent.operator)) continue;
    const other = file.values.textOf(parent.left === node ? parent.right : parent.left);
    if (other !== null && MANAGEMENT_API.test(other)) {
      file.findings.add('differs', 'management-api', node, 'tokens for the Management API run no Hook',
        `${quoted(other)} would be that of Auth0's; here it is the issuer and then api/v2/.`, '');
    }
  }
}

// ---- The callback ---------------------------------------------------------------------------------------------------

function callback(file) {
  const { entry, names, findings } = file;
  const param = entry.params[4];
  const isSpread = entry.params.some(({ type }) => type === 'RestElement');
  if (param === undefined) {
    if (!isSpread && !names.dynamic && !usesArguments(file, entry)) neverCallsBack(file, 'it takes no callback');
    return;
  }
  const id = param.type === 'AssignmentPattern' ? param.left : param;
  if (id.type !== 'Identifier') return;
  const binding = names.binding(id);
  if (binding.references.length === 0) {
    if (!names.dynamic && !usesArguments(file, entry)) neverCallsBack(file, `it never calls ${id.name}`);
    return;
  }
  const calls = binding.references.map(callOf).filter((call) => call !== null);
  const all = new Set(calls);
  for (const call of calls) {
    result(file, call, all);
    afterwards(file, call, all, findings);
  }
}

/** A function that throws on every call answers too; one that only may is said to wait. */
function neverCallsBack(file, what) {
  const { entry, findings, nodes } = file;
  const mayThrow = nodes.some((node) => node.type === 'ThrowStatement' && functionAround(node) === entry);
  findings.add(mayThrow ? 'differs' : 'refused', 'callback', entry, what,
    `${mayThrow ? 'Unless it throws, each' : 'Each'} call waits for the callback until the deadline, and there is no `
      + 'token. What it returns is not looked at.',
    'Call cb(null, token), or cb(error).');
}

const callOf = (reference) =>
  reference.parent.type === 'CallExpression' && reference.parent.callee === reference ? reference.parent : null;

function usesArguments(file, entry) {
  return file.names.unresolved.some((node) => node.name === 'arguments' && ownerOf(node) === entry);
}

/** The function whose `this` and `arguments` those of a node are; null at the top. */
function ownerOf(node) {
  let owner = functionAround(node);
  while (owner?.type === 'ArrowFunctionExpression') owner = functionAround(owner);
  return owner;
}

/** What the second argument of the callback says about scopes and claims. */
function result(file, call, calls) {
  const [error, given] = call.arguments;
  const isSuccess = error === undefined || isNothing(error) || (error.type === 'Literal' && !error.value);
  if (!isSuccess || error?.type === 'SpreadElement') return;
  if (given === undefined || isNothing(given)) {
    noScope(file, call);
    return;
  }
  switch (given.type) {
    case 'ObjectExpression':
      if (!claimsOf(file, given)) noScope(file, call);
      break;
    case 'Identifier': resultByName(file, given, call, calls); break;
    case 'Literal':
    case 'TemplateLiteral':
    case 'ArrayExpression':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      file.findings.add('note', 'result', given, 'it calls back with something that is no object',
        'Nothing is taken from it: the token has no scopes and no claims of the Hook.', '');
      break;
    default:
  }
}

function noScope(file, node) {
  file.findings.add('note', 'no-scope', node, 'the token will have no scopes',
    'The result has no scope, which takes them all away, as at Auth0.', 'If it shall keep them: token.scope = scope');
}

/** @returns {boolean} whether there is a scope, or there may be one */
function claimsOf(file, object) {
  let hasScope = false;
  for (const property of object.properties) {
    const name = property.type === 'Property' ? nameOf(file, property) : null;
    if (name === null || name === 'scope') hasScope = true;
    else claimNamed(file, name, property);
  }
  return hasScope;
}

const nameOf = (file, property) =>
  keyOf(property) ?? (property.computed ? file.values.textOf(property.key) : null);

/** The result is in a variable: what it is made with, and what is added to it. */
function resultByName(file, identifier, call, calls) {
  const binding = file.names.binding(identifier);
  const only = binding && file.values.only(binding);
  if (only?.value.type !== 'ObjectExpression' || only.path.length > 0) return;
  let hasScope = claimsOf(file, only.value);
  for (const reference of binding.references) {
    const { parent } = reference;
    if (parent.type === 'MemberExpression' && parent.object === reference) {
      const name = file.values.memberName(parent);
      const isAssigned = parent.parent.type === 'AssignmentExpression' && parent.parent.left === parent;
      if (name === null || name === 'scope') hasScope = true;
      else if (isAssigned) claimNamed(file, name, parent);
    } else if (isMerge(file, parent, reference)) {
      for (const source of parent.arguments.slice(1)) {
        if (source.type !== 'ObjectExpression' || claimsOf(file, source)) hasScope = true;
      }
    } else if (!calls.has(parent) && !(parent.type === 'CallExpression' && isLogged(file, parent))) {
      hasScope = true; // it goes where it cannot be followed
    }
  }
  if (!hasScope) noScope(file, call);
}

function isMerge(file, call, target) {
  if (call.type !== 'CallExpression' || call.arguments[0] !== target) return false;
  const path = file.values.pathOf(call.callee);
  return path?.root === 'global:Object' && path.keys.length === 1 && path.keys[0].name === 'assign';
}

const isLogged = (file, call) => file.values.pathOf(call.callee)?.root === 'global:console';

/** What follows a call of the callback on the same way through the function. */
function afterwards(file, call, calls, findings) {
  let statement = call.parent;
  if (statement.type !== 'ExpressionStatement') return;
  if (statement.parent.type === 'BlockStatement' && statement.parent.parent.type === 'IfStatement') {
    const { body } = statement.parent;
    if (body.at(-1) !== statement) {
      nextIn(body, statement);
      return;
    }
    statement = statement.parent.parent;
    if (statement.consequent !== call.parent.parent || statement.alternate !== null) return;
  } else if (statement.parent.type === 'IfStatement') {
    if (statement.parent.consequent !== statement || statement.parent.alternate !== null) return;
    statement = statement.parent;
  }
  const block = statement.parent;
  if (block.type === 'BlockStatement' && isFunction(block.parent)) nextIn(block.body, statement);

  function nextIn(body, after) {
    for (const next of body.slice(body.indexOf(after) + 1)) {
      const second = next.type === 'ExpressionStatement' || next.type === 'ReturnStatement'
        ? next.expression ?? next.argument
        : null;
      if (calls.has(second)) {
        findings.add('note', 'second-callback', second, 'it calls back after it has called back',
          `The callback of line ${call.loc.start.line} counts; the log has a line about the other.`,
          `Write return before the callback of line ${call.loc.start.line}.`);
        return;
      }
      if (next.type === 'ThrowStatement') {
        findings.add('note', 'throws-afterwards', next, 'it throws after it has called back',
          `The callback of line ${call.loc.start.line} counts; what is thrown goes to the log.`, '');
        return;
      }
      if (next.type === 'ReturnStatement') return;
    }
  }
}

function thisUses(file) {
  if (file.entry.type === 'ArrowFunctionExpression') return;
  for (const node of file.nodes) {
    if (node.type !== 'ThisExpression' || ownerOf(node) !== file.entry || isClassPart(node)) continue;
    const { parent } = node;
    if (parent.type === 'CallExpression' && parent.arguments[0] === node) continue; // handler.apply(this, arguments)
    file.findings.add('differs', 'this', node, '`this` is nothing of the Hook\'s',
      'A Hook is called as a plain function: `this` is the global object, or undefined in strict mode.',
      'Use the parameters, or a variable.');
  }
}

/** In a class's own code `this` is another, though no function is between. */
function isClassPart(node) {
  for (let around = node.parent; around !== null && !isFunction(around); around = around.parent) {
    if (around.type === 'PropertyDefinition' || around.type === 'StaticBlock') return true;
  }
  return false;
}
