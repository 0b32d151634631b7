/** Where a program uses what a worker hands over, what it requires, and the globals. */
import { isFunction, keyOf, namesIn } from './scope.mjs';

/**
 * @typedef {object} Use
 * @property {import('./paths.mjs').Path} path as long as it is known
 * @property {object} node
 * @property {object | null} call the call or `new` whose callee it is
 * @property {boolean} named whether it is only given a name, by which it is then used
 * @property {boolean} written whether it is assigned to or deleted
 * @property {boolean} tested whether the program asks if it is there
 * @property {boolean} [defaulted] whether it, or what it is taken from, has something in its place if it is not there
 * @property {boolean} further whether something unknown is read from it
 */

/** @returns {Use[]} in the order of the source */
export function usesIn(nodes, names, values) {
  const uses = [];
  for (const node of nodes) {
    if (node.type === 'VariableDeclarator' && node.id.type !== 'Identifier' && node.init !== null) {
      uses.push(...takenApart(node.id, values.pathOf(node.init)));
    } else if (node.type === 'AssignmentExpression' && /Pattern$/.test(node.left.type)) {
      uses.push(...takenApart(node.left, values.pathOf(node.right)));
    } else if (mayHavePath(node)) {
      const use = useOf(node, names, values);
      if (use !== null) uses.push(use);
    }
  }
  return uses;
}

/** The names of a pattern as uses of what they are taken from. */
export function takenApart(pattern, path) {
  if (path === null) return [];
  return namesIn(pattern).filter((name) => !name.path.includes(null)).map((name) => ({
    path: { root: path.root, keys: [...path.keys, ...name.path.map((key) => ({ name: key, optional: false }))] },
    node: name.id,
    call: null,
    named: true,
    written: false,
    tested: hasDefault(name.id, pattern),
    defaulted: hasDefault(name.id, pattern),
    further: false,
  }));
}

function hasDefault(id, pattern) {
  for (let node = id; node !== pattern.parent; node = node.parent) {
    if (node.type === 'AssignmentPattern') return true;
  }
  return false;
}

const mayHavePath = ({ type }) =>
  type === 'MemberExpression' || type === 'Identifier' || type === 'CallExpression' || type === 'ImportExpression';

function useOf(node, names, values) {
  if (node.type === 'Identifier' && !names.references.has(node)) return null;
  const path = values.pathOf(node);
  if (path === null) return null;
  let whole = node;
  while (values.pathOf(whole.parent) !== null && isAround(whole)) whole = whole.parent;
  const { parent } = whole;
  const isObject = parent.type === 'MemberExpression' && parent.object === whole;
  if (isObject && values.pathOf(parent) !== null) return null;
  if (parent.type === 'VariableDeclarator' && parent.id.type !== 'Identifier' && parent.init === whole) return null;
  const isCallee = /^(Call|New)Expression$/.test(parent.type) && parent.callee === whole;
  if (isCallee && values.required(parent) !== null) return null;
  return {
    path,
    node: whole,
    call: isCallee ? parent : null,
    named: parent.type === 'VariableDeclarator' && names.binding(parent.id)?.definitions.length === 1,
    written: isWritten(whole),
    tested: isTested(whole) || (isObject && parent.optional) || (isCallee && parent.optional === true),
    further: isObject || (parent.type === 'BinaryExpression' && parent.operator === 'in' && parent.right === whole),
  };
}

/** Whether what is around an expression has the same value. */
function isAround({ parent, end }) {
  switch (parent.type) {
    case 'AwaitExpression':
    case 'ChainExpression': return true;
    case 'SequenceExpression': return parent.expressions.at(-1).end === end;
    case 'CallExpression': return parent.arguments[0]?.end === end; // of a compiler's
    default: return false;
  }
}

function isWritten(node) {
  const { parent } = node;
  return (parent.type === 'AssignmentExpression' && parent.left === node)
    || parent.type === 'UpdateExpression'
    || (parent.type === 'UnaryExpression' && parent.operator === 'delete');
}

/** Whether the program only asks whether something is there, or what it is. */
export function isTested(start) {
  for (let node = start; ; node = node.parent) {
    const { parent } = node;
    switch (parent?.type) {
      case 'UnaryExpression': return parent.operator === '!' || parent.operator === 'typeof';
      case 'LogicalExpression':
        if (parent.left === node) return true;
        continue;
      case 'BinaryExpression': return /^([!=]==?|instanceof)$/.test(parent.operator);
      case 'IfStatement':
      case 'ConditionalExpression':
      case 'WhileStatement': return parent.test === node;
      case 'ChainExpression': continue;
      default: return false;
    }
  }
}

/** The function around a node; null at the top. */
export function functionAround(node) {
  let around = node.parent;
  while (around !== null && !isFunction(around)) around = around.parent;
  return around;
}

/** What is known already, as the way up from each of many nodes may be long. */
const caught = new WeakMap();

/** Whether what a node throws is caught in the same function. */
export function isCaught(node) {
  const passed = [];
  let answer = false;
  for (let inner = node; inner.parent !== null && !isFunction(inner); inner = inner.parent) {
    const { parent } = inner;
    passed.push(inner);
    const isTried = parent.type === 'TryStatement' && parent.handler !== null && parent.block === inner;
    if (isTried || caught.has(inner)) {
      answer = isTried || caught.get(inner);
      break;
    }
  }
  for (const each of passed) caught.set(each, answer);
  return answer;
}

/** Whether a promise has somebody who takes its failure: it is followed by `.catch(…)` or by `.then(…, …)`. */
export function isRejectionTaken(promise) {
  let inner = promise;
  for (;;) {
    const { parent: member } = inner;
    const call = member?.parent;
    if (member?.type !== 'MemberExpression' || member.object !== inner) return false;
    if (call.type !== 'CallExpression' || call.callee !== member) return false;
    const name = keyOf(member);
    if (name === 'catch' && call.arguments.length > 0) return true;
    if (name === 'then' && call.arguments.length > 1) return true;
    if (name !== 'then' && name !== 'finally') return false;
    inner = call;
  }
}

/** Whether the file goes on without a module that it cannot load. */
export const isTaken = (node) => isCaught(node) || (node.type === 'ImportExpression' && isRejectionTaken(node));

/** Whether a node runs when the file is loaded: at the top, or in functions that are called where they stand. */
export function runsAtLoad(node) {
  for (let around = functionAround(node); around !== null; around = functionAround(around)) {
    const { parent } = around;
    const isCalled = parent.type === 'CallExpression'
      && (parent.callee === around || (parent.callee.type === 'MemberExpression' && parent.callee.object === around));
    const isCalledByMember = parent.type === 'MemberExpression' && parent.object === around
      && parent.parent.type === 'CallExpression' && parent.parent.callee === parent;
    if (!isCalled && !isCalledByMember) return false;
  }
  return true;
}
