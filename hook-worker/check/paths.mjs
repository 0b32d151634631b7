/**
 * Follows values through a program as far as that can be done without running it: what a name was given, what was taken
 * out of it, and what texts are put together from constants. Where there is doubt the answer is that nothing is known.
 */
import { isFunction, keyOf } from './scope.mjs';

/**
 * Where a value comes from: `root` is a parameter (`context`), a built-in or a package (`module:fs`), a global
 * (`global:process`), `module` or `exports`; `keys` lead on from there.
 *
 * @typedef {{root: string, keys: {name: string, optional: boolean}[]}} Path
 */

const GLOBAL_OBJECTS = new Set(['global', 'globalThis']);
const MAX_STEPS = 200;
/** No name is longer; and a few constants, each twice the one before, would fill the memory. */
const MAX_TEXT = 10_000;
/** What compilers put around a `require`. */
const INTEROP = new Set(['__importDefault', '__importStar', '_interopRequireDefault', '_interopRequireWildcard']);

export class Values {
  #names;
  #roots = new Map();
  #paths = new Map();
  #texts = new Map();

  /** @param {import('./scope.mjs').Names} names */
  constructor(names) {
    this.#names = names;
  }

  /**
   * Says that a name stands for something that a worker hands over.
   *
   * @param {import('./scope.mjs').Binding} binding
   * @param {Path | null} path null for what nothing is known about
   */
  setRoot(binding, path) {
    this.#roots.set(binding, path);
    this.#paths.clear();
  }

  /**
   * The one value that a name ever has; undefined if it may have several, or none that can be seen.
   *
   * @returns {{value: object, path: string[]} | undefined}
   */
  only(binding) {
    if (binding.definitions.length !== 1 || binding.kind === 'param') return undefined;
    const [{ value, path }] = binding.definitions;
    return value === null || path.includes(null) ? undefined : { value, path };
  }

  /** @returns {Path | null} */
  pathOf(node) {
    if (!this.#paths.has(node)) {
      this.#paths.set(node, null); // for what refers to itself
      this.#paths.set(node, this.#find(node));
    }
    return this.#paths.get(node);
  }

  #find(node) {
    const keys = [];
    let current = node;
    for (let step = 0; step < MAX_STEPS; step++) {
      switch (current.type) {
        case 'ChainExpression':
        case 'AwaitExpression':
          current = current.expression ?? current.argument;
          if (node.type === 'AwaitExpression' && current.type !== 'ImportExpression') return null;
          continue;
        case 'MemberExpression': {
          const name = this.memberName(current);
          if (name === null) return null;
          keys.unshift({ name, optional: current.optional });
          current = current.object;
          continue;
        }
        case 'SequenceExpression': // (0, fs.readFile)(…), as compilers write it
          current = current.expressions.at(-1);
          continue;
        case 'CallExpression':
        case 'ImportExpression': {
          if (INTEROP.has(current.callee?.name) && current.arguments.length > 0) {
            current = current.arguments[0];
            continue;
          }
          const name = this.required(current);
          return name === null ? null : finished('module:' + name, keys);
        }
        case 'Identifier': {
          const binding = this.#names.binding(current);
          if (binding === undefined) return this.#global(current.name, keys);
          const outer = this.#ofBinding(binding);
          if (outer !== null) return finished(outer.root, [...outer.keys, ...keys]);
          const only = this.only(binding);
          if (only === undefined) return null;
          keys.unshift(...only.path.map((name) => ({ name, optional: false })));
          current = only.value;
          continue;
        }
        default: return null;
      }
    }
    return null;
  }

  #ofBinding(binding) {
    if (this.#roots.has(binding)) return this.#roots.get(binding);
    if (binding.kind === 'wrapper' && binding.definitions.length === 0) return { root: binding.name, keys: [] };
    if (binding.kind === 'import') {
      const { value: specifier } = binding.definitions[0];
      const name = specifier.parent.source.value;
      const imported = specifier.imported?.name ?? specifier.imported?.value;
      const isMember = imported !== undefined && imported !== 'default';
      return { root: 'module:' + bare(name), keys: isMember ? [{ name: imported, optional: false }] : [] };
    }
    return null;
  }

  #global(name, keys) {
    if (GLOBAL_OBJECTS.has(name) && keys.length > 0) return finished('global:' + keys[0].name, keys.slice(1));
    return finished('global:' + name, keys);
  }

  /** The name of a member, also if it is computed from constants; null if it is not known. */
  memberName(member) {
    const written = keyOf(member);
    if (written !== null || !member.computed) return written;
    return this.textOf(member.property);
  }

  /** The module that a call of `require` or an `import()` names, without `node:`; null if it is none or not known. */
  required(call) {
    if (call.type === 'ImportExpression') return bare(this.textOf(call.source));
    if (!this.isRequire(call) || call.arguments.length === 0) return null;
    return bare(this.textOf(call.arguments[0]));
  }

  isRequire(node) {
    if (node.type !== 'CallExpression') return false;
    const { callee } = node;
    if (callee.type === 'MemberExpression' && keyOf(callee) !== 'require') return false;
    if (callee.type !== 'MemberExpression' && callee.type !== 'Identifier') return false;
    const path = this.pathOf(callee);
    if (path === null) return false;
    return (path.root === 'require' && path.keys.length === 0)
      || (path.root === 'module' && path.keys.length === 1 && path.keys[0].name === 'require');
  }

  /** A text that is put together from constants; null if it is not known. */
  textOf(node) {
    if (node === undefined) return null;
    if (!this.#texts.has(node)) {
      this.#texts.set(node, null);
      const text = this.#text(node);
      this.#texts.set(node, text === null || text.length > MAX_TEXT ? null : text);
    }
    return this.#texts.get(node);
  }

  #text(node) {
    switch (node.type) {
      case 'Literal': return typeof node.value === 'string' ? node.value : null;
      case 'TemplateLiteral': {
        let text = node.quasis[0].value.cooked;
        for (const [i, expression] of node.expressions.entries()) {
          const part = this.textOf(expression);
          if (part === null) return null;
          text += part + node.quasis[i + 1].value.cooked;
          if (text.length > MAX_TEXT) return null;
        }
        return text;
      }
      case 'BinaryExpression': {
        const parts = [];
        let left = node;
        for (; left.type === 'BinaryExpression' && left.operator === '+'; left = left.left) parts.push(left.right);
        if (left === node) return null;
        let text = '';
        for (const part of [left, ...parts.reverse()]) {
          const more = this.textOf(part);
          if (more === null || text.length > MAX_TEXT) return null;
          text += more;
        }
        return text;
      }
      case 'Identifier': {
        const binding = this.#names.binding(node);
        const only = binding && this.only(binding);
        return only !== undefined && only.path.length === 0 ? this.textOf(only.value) : null;
      }
      default: return null;
    }
  }

  /**
   * What kind of value an expression is, as far as it can be seen.
   *
   * @returns {'array' | 'string' | 'set' | 'map' | 'module' | 'object' | null}
   */
  kindOf(node) {
    let current = node;
    for (let step = 0; step < MAX_STEPS; step++) {
      switch (current.type) {
        case 'ChainExpression': current = current.expression; continue;
        case 'ArrayExpression': return 'array';
        case 'TemplateLiteral': return 'string';
        case 'Literal': return typeof current.value === 'string' ? 'string' : 'object';
        case 'ObjectExpression': return 'object';
        case 'NewExpression': {
          const path = this.pathOf(current.callee);
          if (path === null || path.keys.length > 0) return null;
          return { 'global:Set': 'set', 'global:Map': 'map', 'global:Array': 'array' }[path.root] ?? null;
        }
        case 'CallExpression': {
          const path = this.pathOf(current.callee);
          return path !== null && MAKES_ARRAY.has(path.root + '.' + path.keys.map(({ name }) => name).join('.'))
            ? 'array'
            : null;
        }
        case 'Identifier':
        case 'MemberExpression': {
          const path = this.pathOf(current);
          if (path !== null) return kindOfPath(path);
          const binding = current.type === 'Identifier' ? this.#names.binding(current) : undefined;
          const only = binding && this.only(binding);
          if (only === undefined || only.path.length > 0 || isFunction(only.value)) return null;
          current = only.value;
          continue;
        }
        default: return null;
      }
    }
    return null;
  }
}

const MAKES_ARRAY = new Set([
  'global:Object.keys', 'global:Object.values', 'global:Object.entries', 'global:Array.from', 'global:Array.of',
]);

/** What a worker hands over is known to be of a kind. */
function kindOfPath({ root, keys }) {
  const path = [root, ...keys.map(({ name }) => name)].join('.');
  if (path === 'scope' || path === 'event.accessToken.scope' || path === 'event.transaction.requested_scopes') {
    return 'array';
  }
  if (['audience', 'context.ip', 'context.userAgent', 'client.id'].includes(path)) return 'string';
  return root.startsWith('module:') || root.startsWith('global:') ? 'module' : null;
}

/** A path whose modules that are part of others are written as part of them: `fs/promises` is `promises` of `fs`. */
function finished(root, keys) {
  if (root === 'module:fs/promises') {
    return { root: 'module:fs', keys: [{ name: 'promises', optional: false }, ...keys] };
  }
  if (root === 'module:process') return { root: 'global:process', keys };
  if (root === 'module:buffer' && keys[0]?.name === 'Buffer') return { root: 'global:Buffer', keys: keys.slice(1) };
  if (root.startsWith('module:') && keys[0]?.name === 'default') return finished(root, keys.slice(1));
  return { root, keys };
}

/** A module's name without `node:`. */
function bare(name) {
  return name?.startsWith('node:') ? name.slice('node:'.length) : name;
}

/** A path as it is written. */
export function written({ root, keys }) {
  return [root.replace(/^(module|global):/, ''), ...keys.map(({ name }) => name)].join('.');
}
