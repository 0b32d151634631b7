/**
 * What the names in a program stand for. Works on a flat list of the tree's nodes with a parent each, without
 * recursion, so that deep nesting costs no stack.
 */

/** The names that a worker gives a script. */
export const WRAPPER = ['exports', 'require', 'module', '__filename', '__dirname'];

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const BLOCKS = new Set([
  'BlockStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement', 'SwitchStatement', 'CatchClause', 'StaticBlock',
]);

export const isFunction = (node) => FUNCTIONS.has(node?.type);

/**
 * All nodes in the order of the source. Each is given its `parent`.
 *
 * @returns {object[]}
 */
export function nodesOf(program) {
  const nodes = [];
  const pending = [program];
  program.parent = null;
  while (pending.length > 0) {
    const node = pending.pop();
    nodes.push(node);
    const children = [];
    for (const key of Object.keys(node)) {
      if (key === 'parent' || key === 'loc') continue;
      for (const child of Array.isArray(node[key]) ? node[key] : [node[key]]) {
        if (typeof child?.type === 'string') children.push(child);
      }
    }
    for (const child of children.reverse()) {
      child.parent = node;
      pending.push(child);
    }
  }
  return nodes;
}

/**
 * A name that the program declares, or that the worker gives.
 *
 * @typedef {object} Binding
 * @property {string} name
 * @property {'wrapper' | 'param' | 'variable' | 'function' | 'class' | 'catch' | 'import'} kind
 * @property {Scope} scope
 * @property {{node: object, value: object | null, path: (string | null)[]}[]} definitions the values it is given;
 *     `path` leads from the value to what the name gets, null where that cannot be said
 * @property {object[]} references identifiers that read it, write it or both
 *
 * @typedef {{node: object, function: object, names: Map<string, Binding>, outer: Scope | null}} Scope
 */

/** The scopes and bindings of a program. */
export class Names {
  /** @type {object[]} identifiers that no declaration in the program explains */
  unresolved = [];
  /** Identifiers that mean a variable, declared or not, and are no declaration themselves. */
  references = new Set();
  /** Whether code can make names that cannot be seen: direct `eval`, `with`. */
  dynamic = false;
  #of = new Map();

  /** @param {object[]} nodes */
  constructor(nodes) {
    this.program = nodes[0];
    this.top = this.#scope(nodes[0], null);
    for (const name of WRAPPER) this.#bind(this.top, name, 'wrapper');
    for (const node of nodes) this.#enter(node);
    for (const node of nodes) this.#declare(node);
    for (const node of nodes) if (node.type === 'Identifier' && isReference(node)) this.#refer(node);
  }

  /** The binding that an identifier means; undefined if it is a global. */
  binding(identifier) {
    return this.#of.get(identifier);
  }

  #scope(node, outer) {
    const isWhole = node.type === 'Program' || isFunction(node) || node.type === 'StaticBlock';
    const scope = { node, function: isWhole ? node : outer.function, names: new Map(), outer };
    node.scope = scope;
    return scope;
  }

  #enter(node) {
    if (node.parent === null) return;
    const outer = node.parent.scope;
    const isBody = node.type === 'BlockStatement' && isFunction(node.parent);
    if (!isBody && (isFunction(node) || BLOCKS.has(node.type) || node.type.startsWith('Class'))) {
      this.#scope(node, outer);
    } else {
      node.scope = outer;
    }
    if (node.type === 'WithStatement') this.dynamic = true;
  }

  #bind(scope, name, kind) {
    let binding = scope.names.get(name);
    if (binding === undefined) {
      binding = { name, kind, scope, definitions: [], references: [] };
      scope.names.set(name, binding);
    } else if (binding.kind === 'wrapper') {
      binding.kind = kind; // `var module` and the like are the worker's name still, and may be given another value
    }
    return binding;
  }

  #declare(node) {
    switch (node.type) {
      case 'VariableDeclaration': {
        const scope = node.kind === 'var' ? this.#functionScope(node.scope) : node.scope;
        const isLoop = /^For(In|Of)/.test(node.parent.type) && node.parent.left === node;
        for (const { id, init } of node.declarations) this.#pattern(id, scope, 'variable', init ?? null, isLoop);
        break;
      }
      case 'FunctionDeclaration':
        if (node.id !== null) {
          this.#name(node.id, node.scope.outer, 'function', node);
          const whole = this.#functionScope(node.scope.outer); // in sloppy mode a block's function is seen outside too
          if (whole !== node.scope.outer) this.#name(node.id, whole, 'function', node);
        }
        this.#params(node);
        break;
      case 'FunctionExpression':
        if (node.id !== null) this.#name(node.id, node.scope, 'function', node);
        this.#params(node);
        break;
      case 'ArrowFunctionExpression': this.#params(node); break;
      case 'ClassDeclaration':
        if (node.id !== null) this.#name(node.id, node.scope.outer, 'class', node);
        break;
      case 'ClassExpression':
        if (node.id !== null) this.#name(node.id, node.scope, 'class', node);
        break;
      case 'CatchClause':
        if (node.param !== null) this.#pattern(node.param, node.scope, 'catch', null, true);
        break;
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        this.#name(node.local, node.scope, 'import', node);
        break;
      default:
    }
  }

  #params(node) {
    for (const param of node.params) this.#pattern(param, node.scope, 'param', null, true);
  }

  #functionScope(scope) {
    let found = scope;
    while (found.node !== found.function) found = found.outer;
    return found;
  }

  #name(id, scope, kind, value) {
    const binding = this.#bind(scope, id.name, kind);
    if (!binding.definitions.some((definition) => definition.node === id)) {
      binding.definitions.push({ node: id, value, path: [] });
    }
    this.#of.set(id, binding);
  }

  /** Declares every name in a pattern; `unseen` if its value cannot be told from the declaration. */
  #pattern(pattern, scope, kind, value, unseen) {
    for (const { id, path } of namesIn(pattern)) {
      const binding = this.#bind(scope, id.name, kind);
      this.#of.set(id, binding);
      if (value !== null || unseen) binding.definitions.push({ node: id, value, path });
    }
  }

  #refer(identifier) {
    let scope = identifier.scope;
    this.references.add(identifier);
    if (identifier.name === 'eval' && identifier.parent.type === 'CallExpression') this.dynamic = true;
    while (scope !== null && !scope.names.has(identifier.name)) scope = scope.outer;
    if (scope === null) {
      this.unresolved.push(identifier);
      return;
    }
    const binding = scope.names.get(identifier.name);
    this.#of.set(identifier, binding);
    binding.references.push(identifier);
    const definition = writtenTo(identifier);
    if (definition !== undefined) binding.definitions.push(definition);
  }
}

/** The names in a pattern, each with the way to it from the value that is taken apart. */
export function namesIn(pattern) {
  const names = [];
  const pending = [{ node: pattern, path: [] }];
  while (pending.length > 0) {
    const { node, path } = pending.pop();
    switch (node?.type) {
      case 'Identifier': names.push({ id: node, path }); break;
      case 'AssignmentPattern': pending.push({ node: node.left, path }); break;
      case 'RestElement':
        pending.push({ node: node.argument, path: node.parent.type === 'ObjectPattern' ? path : [...path, null] });
        break;
      case 'ArrayPattern':
        for (const element of node.elements) pending.push({ node: element, path: [...path, null] });
        break;
      case 'ObjectPattern':
        for (const property of node.properties) {
          if (property.type === 'RestElement') pending.push({ node: property, path });
          else pending.push({ node: property.value, path: [...path, keyOf(property)] });
        }
        break;
      default: // a hole, or a member that is assigned to
    }
  }
  return names;
}

/** The name of a property or of a member, if it is written out; null if it is computed. */
export function keyOf({ key, property = key, computed }) {
  if (!computed && property.type === 'Identifier') return property.name;
  if (property.type === 'Literal') return String(property.value);
  if (property.type === 'TemplateLiteral' && property.expressions.length === 0) return property.quasis[0].value.cooked;
  return null;
}

/** The definition that an identifier which is written to makes; undefined if it is only read. */
function writtenTo(identifier) {
  const { parent } = identifier;
  if (parent.type === 'UpdateExpression') return { node: identifier, value: null, path: [null] };
  let pattern = identifier;
  while (isPatternPart(pattern)) pattern = pattern.parent;
  const holder = pattern.parent;
  if (holder.type === 'AssignmentExpression' && holder.left === pattern) {
    const path = namesIn(pattern).find(({ id }) => id === identifier)?.path;
    if (path === undefined) return undefined;
    return holder.operator === '='
      ? { node: identifier, value: holder.right, path }
      : { node: identifier, value: null, path: [null] };
  }
  const isLoop = /^For(In|Of)/.test(holder.type) && holder.left === pattern;
  return isLoop ? { node: identifier, value: null, path: [null] } : undefined;
}

function isPatternPart(node) {
  const { parent } = node;
  switch (parent?.type) {
    case 'ArrayPattern':
    case 'ObjectPattern':
    case 'RestElement': return true;
    case 'AssignmentPattern': return parent.left === node;
    case 'Property': return parent.value === node && parent.parent.type === 'ObjectPattern';
    default: return false;
  }
}

/** Whether an identifier means a variable, and is no declaration of one. */
function isReference(node) {
  const { parent } = node;
  switch (parent.type) {
    case 'MemberExpression': return parent.object === node || parent.computed;
    case 'Property':
      if (parent.shorthand) return parent.value === node && !isDeclared(node);
      return parent.value === node ? !isDeclared(node) : parent.computed;
    case 'MethodDefinition':
    case 'PropertyDefinition': return parent.value === node || parent.computed;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'ImportAttribute':
    case 'ExportAllDeclaration': return false;
    case 'ExportSpecifier': return parent.local === node && parent.parent.source === null;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': return parent.body === node;
    case 'ClassDeclaration':
    case 'ClassExpression': return parent.superClass === node;
    default: return !isDeclared(node);
  }
}

/** Whether an identifier is, or is in, the pattern of a declaration. */
function isDeclared(node) {
  let pattern = node;
  while (isPatternPart(pattern)) pattern = pattern.parent;
  const { parent } = pattern;
  switch (parent.type) {
    case 'VariableDeclarator': return parent.id === pattern;
    case 'CatchClause': return parent.param === pattern;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': return parent.params.includes(pattern);
    default: return false;
  }
}
