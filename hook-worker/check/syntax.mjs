/** From bytes to a syntax tree, without running anything. */
import vm from 'node:vm';
import { parse, tokenizer, tokTypes } from './acorn.mjs';
import { EDITIONS, SYNTAX } from './features.mjs';

export const MAX_BYTES = 100_000;
const NEWEST = EDITIONS.at(-1).acorn;
const MAX_DEPTH = 500;
const TOO_DEEP = 'it is nested too deeply to be read';

/** The file cannot be read as JavaScript; the message says why and, where that is known, `line` where. */
export class Unreadable extends Error {
  constructor(message, { line, mend } = {}) {
    super(message);
    this.line = line;
    this.mend = mend;
  }
}

/**
 * The text of a file: UTF-8, less the mark of its order of bytes and the line that names an interpreter.
 *
 * @param {Uint8Array} bytes
 */
export function textOf(bytes) {
  if (bytes.length > MAX_BYTES) {
    throw new Unreadable(`the file is larger than ${MAX_BYTES} bytes, which is the most that a script may have`,
      { mend: 'Leave out what it does not use; a bundler that minifies helps.' });
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new Unreadable('the file is UTF-16', { mend: 'Save it as UTF-8.' });
  }
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unreadable('the file is not UTF-8', { line: lineThatIsNotUtf8(bytes), mend: 'Save it as UTF-8.' });
  }
  return text.replace(/^\uFEFF?(#!.*)?/, ''); // as the worker does
}

function lineThatIsNotUtf8(bytes) {
  const strict = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    try {
      strict.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return undefined;
}

function tree(text, acorn, sourceType) {
  return parse(text, { ecmaVersion: acorn, sourceType, locations: true, allowHashBang: false });
}

/**
 * Parses a script as a worker would read it, or else as the ES module that it is.
 *
 * @param {string} text
 * @returns {{program: object, module: boolean, edition: object}} the edition is the lowest that has all its syntax
 */
export function parseScript(text) {
  if (isNestedTooDeeply(text)) throw new Unreadable(TOO_DEEP);
  let first;
  for (const sourceType of ['commonjs', 'module']) {
    try {
      const program = tree(text, NEWEST, sourceType);
      return { program, module: sourceType === 'module', edition: lowestEdition(text, sourceType) };
    } catch (error) {
      first ??= error;
    }
  }
  throw unparsed(text, first);
}

/**
 * Asked before the parser, which calls itself once for each bracket that is open: Node.js ends, instead of throwing, if
 * a regular expression of the parser's is compiled just where the stack runs out.
 */
function isNestedTooDeeply(text) {
  const { braceL, braceR, bracketL, bracketR, dollarBraceL, parenL, parenR } = tokTypes;
  let depth = 0;
  try {
    for (const { type } of tokenizer(text, { ecmaVersion: NEWEST })) {
      if (type === braceL || type === bracketL || type === dollarBraceL || type === parenL) depth++;
      else if (type === braceR || type === bracketR || type === parenR) depth--;
      if (depth > MAX_DEPTH) return true;
    }
  } catch {
    // what is wrong with it the parser says better
  }
  return false;
}

function lowestEdition(text, sourceType) {
  for (const edition of EDITIONS) {
    try {
      tree(text, edition.acorn, sourceType);
      return edition;
    } catch {
      // a later edition then
    }
  }
  return EDITIONS.at(-1);
}

function unparsed(text, error) {
  if (error instanceof RangeError || /^Not enough stack space/.test(error.message)) return new Unreadable(TOO_DEEP);
  if (!(error instanceof SyntaxError)) throw error;
  const message = error.message.replace(/ \(\d+:\d+\)$/, '');
  const line = error.loc?.line;
  if (isRule(text)) {
    return new Unreadable('it is one function without a name, as Rules and database scripts are', {
      line,
      mend: 'A Hook is module.exports = function (client, scope, audience, context, cb) { … }',
    });
  }
  return new Unreadable(`it is not JavaScript: ${message}`, { line });
}

function isRule(text) {
  try {
    const { body } = tree(`(${text}\n)`, NEWEST, 'script');
    return body.length === 1 && body[0].expression?.type === 'FunctionExpression';
  } catch {
    return false;
  }
}

/**
 * What this Node.js says to the script: undefined if it compiles. It is compiled as the worker does it, and not run.
 *
 * @returns {{message: string, line: number | undefined} | undefined}
 */
export function compileError(text) {
  try {
    vm.compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname'], { filename: 'script.js' });
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return { message: 'it is nested too deeply to be compiled', line: undefined };
    const line = /^script\.js:(\d+)/.exec(String(error?.stack))?.[1];
    return { message: String(error?.message), line: line === undefined ? undefined : Number(line) };
  }
}

/**
 * The features of the language that a newer Node.js is needed for, each with the line where it is first used.
 *
 * @param {object[]} nodes of the tree, all of them
 * @param {object} edition as {@link parseScript} gave it
 * @returns {import('./needs.mjs').Need[]}
 */
export function syntaxFeatures(nodes, edition) {
  const found = new Map();
  for (const node of nodes) {
    for (const feature of featuresOf(node)) {
      if (!found.has(feature)) {
        found.set(feature, { what: feature.name, since: feature.since, node });
      }
    }
  }
  const explained = Math.max(6, ...[...found.keys()].map((feature) => feature.acorn));
  const features = [...found.values()];
  if (edition.acorn > explained || (edition.acorn === 6 && features.length === 0)) {
    features.push({ what: edition.edition, since: edition.since, node: null });
  }
  return features;
}

function featuresOf(node) {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      if (node.async) return [node.generator ? SYNTAX.asyncIteration : SYNTAX.async];
      return [];
    case 'ForOfStatement': return node.await ? [SYNTAX.asyncIteration] : [];
    case 'SpreadElement': return node.parent.type === 'ObjectExpression' ? [SYNTAX.restProperties] : [];
    case 'RestElement': return node.parent.type === 'ObjectPattern' ? [SYNTAX.restProperties] : [];
    case 'CatchClause': return node.param === null ? [SYNTAX.optionalCatch] : [];
    case 'ImportDeclaration': return node.attributes?.length > 0 ? [SYNTAX.importAttributes] : [];
    case 'ImportExpression': return [node.options ? SYNTAX.importAttributes : SYNTAX.dynamicImport];
    case 'ChainExpression': return [SYNTAX.optionalChaining];
    case 'LogicalExpression': return node.operator === '??' ? [SYNTAX.nullish] : [];
    case 'AssignmentExpression': return /^(\|\||&&|\?\?)=$/.test(node.operator) ? [SYNTAX.logicalAssignment] : [];
    case 'PropertyDefinition': return [SYNTAX.classFields];
    case 'MethodDefinition': return node.key.type === 'PrivateIdentifier' ? [SYNTAX.privateMethods] : [];
    case 'BinaryExpression': return node.left.type === 'PrivateIdentifier' ? [SYNTAX.privateIn] : [];
    case 'StaticBlock': return [SYNTAX.staticBlocks];
    case 'VariableDeclaration': return /using$/.test(node.kind) ? [SYNTAX.using] : [];
    case 'Literal':
      if (node.regex) return regexpFeatures(node);
      if (node.bigint) return [SYNTAX.bigint];
      return typeof node.value === 'number' && node.raw.includes('_') ? [SYNTAX.separators] : [];
    default: return [];
  }
}

/** Features of a regular expression: the edition that it needs, and within it what needs less than the whole. */
function regexpFeatures({ raw, regex: { pattern, flags } }) {
  const needed = EDITIONS.find(({ acorn }) => {
    try {
      tree(raw, acorn, 'script');
      return true;
    } catch {
      return false;
    }
  });
  switch (needed?.acorn) {
    case 9:
      if (/\(\?<[^=!]|\\[pP]\{/.test(pattern)) return [SYNTAX.regexp2018];
      return [flags.includes('s') ? SYNTAX.dotAll : SYNTAX.lookbehind];
    case 13: return [SYNTAX.regexpIndices];
    case 15: return [SYNTAX.regexpSets];
    case 16: return [SYNTAX.regexp2025];
    default: return [];
  }
}
