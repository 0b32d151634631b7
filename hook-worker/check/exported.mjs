/** What a file exports, as far as that can be seen. */
import { isFunction, keyOf } from './scope.mjs';
import { runsAtLoad } from './uses.mjs';

/** The function that an Action may export, and what those for other triggers are called. */
export const ACTION_HANDLER = 'onExecuteCredentialsExchange';
const HANDLER_NAME = /^on(Execute|Continue)[A-Z]\w*$/;

/**
 * @typedef {object} Exported
 * @property {'function' | 'members' | 'value' | 'unknown' | 'nothing'} whole what `module.exports` is: a function, an
 *     object with members, something that cannot be called, something that only running tells, or never set
 * @property {object | null} function the function that it is, if it is seen
 * @property {Map<string, {node: object, function: object | null}>} members
 * @property {object | null} node where it is set
 * @property {object | null} value what it is set to, where that is not followed any further
 * @property {object[]} local assignments to `exports` alone, which export nothing
 */

/** @returns {Exported} */
export function exportedBy({ program, nodes, values, names, uses, module }) {
  return module ? exportedByModule(program, names) : exportedByScript({ nodes, values, names, uses });
}

function exportedByScript({ nodes, values, names, uses }) {
  const exported = { whole: 'nothing', function: null, members: new Map(), node: null, value: null, local: [] };
  for (const { node, path, written, call } of uses) {
    const keys = path.root === 'module' && path.keys[0]?.name === 'exports' ? path.keys.slice(1) : path.keys;
    const isWhole = path.root === 'module' && path.keys.length === 1 && path.keys[0].name === 'exports';
    const isMember = keys.length === 1 && (path.root === 'exports' || keys !== path.keys);
    const value = node.parent.type === 'AssignmentExpression' && written ? lastValue(node.parent) : null;
    if (isWhole && value !== null) {
      setWhole(exported, node, runsAtLoad(node) ? value : null, values, names);
    } else if (isMember && value !== null) {
      exported.members.set(keys[0].name, { node, function: functionOf(value, values, names) });
    } else if (exported.whole === 'nothing' && isHandedOn(node, path, keys, call)) {
      exported.whole = 'unknown'; // another function may set what it likes
      exported.node = node;
    }
  }
  exported.local = nodes.filter((node) => isLocal(node, names));
  if (exported.local.length > 0 && exported.whole === 'unknown') exported.whole = 'nothing';
  if (exported.whole === 'nothing' && exported.members.size > 0) exported.whole = 'members';
  return exported;
}

/** `a = b = value` */
function lastValue(assignment) {
  let { right } = assignment;
  while (right.type === 'AssignmentExpression' && right.operator === '=') right = right.right;
  return right;
}

/** Whether `module` or `exports` as a whole goes where it cannot be followed; `Object.defineProperty` only marks it. */
function isHandedOn(node, path, keys, call) {
  const isObject = (path.root === 'module' && path.keys.length === 0) || (path.root === 'exports' && keys.length === 0)
    || (path.root === 'module' && path.keys.length === 1 && path.keys[0].name === 'exports');
  if (!isObject || call !== null) return false;
  const { parent } = node;
  if (parent.type === 'CallExpression') {
    return !(parent.callee.type === 'MemberExpression' && keyOf(parent.callee) === 'defineProperty');
  }
  return parent.type === 'MemberExpression' || parent.type === 'VariableDeclarator' || parent.type === 'Property';
}

/** `exports = …`, not beside `module.exports = …`. */
function isLocal(node, names) {
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'Identifier') return false;
  if (node.left.name !== 'exports') return false;
  const binding = names.binding(node.left);
  if (binding?.scope !== names.top || node.right.type === 'AssignmentExpression') return false;
  return node.parent.type !== 'AssignmentExpression' && node.right.type !== 'MemberExpression';
}

function setWhole(exported, node, assigned, values, names) {
  const value = assigned === null ? null : meant(assigned, values, names);
  exported.node = node;
  exported.function = isFunction(value) ? value : null;
  switch (value?.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      exported.whole = 'function';
      break;
    case 'ObjectExpression':
      exported.whole = 'members';
      for (const property of value.properties) {
        const name = property.type === 'Property' ? keyOf(property) : null;
        if (name === null) continue;
        exported.members.set(name, { node: property, function: functionOf(property.value, values, names) });
      }
      break;
    case 'ArrayExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'Literal':
    case 'TemplateLiteral':
      exported.whole = 'value';
      break;
    default:
      exported.whole = 'unknown';
      exported.value = value;
  }
}

/** What an expression stands for, by names that have one value. */
function meant(value, values, names) {
  let current = value;
  for (let step = 0; step < 20 && current.type === 'Identifier'; step++) {
    const binding = names.binding(current);
    const only = binding && values.only(binding);
    if (only === undefined || only.path.length > 0) break;
    current = only.value;
  }
  return current;
}

/** The function that an expression is, directly or by a name; null if that is not seen. */
function functionOf(value, values, names) {
  const found = meant(value, values, names);
  return isFunction(found) ? found : null;
}

function exportedByModule(program, names) {
  const exported = { whole: 'nothing', function: null, members: new Map(), node: null, value: null, local: [] };
  for (const node of program.body) {
    if (node.type === 'ExportDefaultDeclaration') {
      exported.node = node;
      exported.function = isFunction(node.declaration) ? node.declaration : null;
      exported.whole = exported.function === null ? 'unknown' : 'function';
    } else if (node.type === 'ExportNamedDeclaration') {
      const { declaration } = node;
      if (isFunction(declaration)) exported.members.set(declaration.id.name, { node, function: declaration });
      for (const { id, init } of declaration?.declarations ?? []) {
        if (id.type === 'Identifier') {
          exported.members.set(id.name, { node, function: isFunction(init) ? init : null });
        }
      }
      for (const { exported: name } of node.specifiers) {
        exported.members.set(name.name ?? name.value, { node, function: null });
      }
    }
  }
  if (exported.whole === 'nothing' && exported.members.size > 0) exported.whole = 'members';
  return exported;
}

export const handlersIn = (exported) => [...exported.members.keys()].filter((name) => HANDLER_NAME.test(name));

/** @returns {'hook' | 'action' | null} null if the exports do not tell */
export function kindOf(exported) {
  if (exported.whole !== 'function' && handlersIn(exported).length > 0) return 'action';
  return exported.whole === 'function' || exported.whole === 'value' ? 'hook' : null;
}
