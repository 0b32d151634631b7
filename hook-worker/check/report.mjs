/** Puts together all that is known of one file. */
import { ACTION_PARAMETERS, checkAction } from './action.mjs';
import { ACTION_HANDLER, exportedBy, kindOf } from './exported.mjs';
import { EDITIONS } from './features.mjs';
import { Findings, quoted } from './findings.mjs';
import { checkGenerally } from './general.mjs';
import { checkHook, isForThisTrigger, PARAMETERS } from './hook.mjs';
import { packagesInstalled } from './installed.mjs';
import { modulesOf, networkUses } from './modules.mjs';
import { goneUses, missing, needsOf, undeclaredNames } from './needs.mjs';
import { Values } from './paths.mjs';
import { Names, namesIn, nodesOf } from './scope.mjs';
import { compileError, parseScript, syntaxFeatures, textOf, Unreadable } from './syntax.mjs';
import { isCaught, takenApart, usesIn } from './uses.mjs';
import { compare, lowest, OLDEST } from './versions.mjs';

const MAX_LISTED = 100;

/**
 * @typedef {object} Options
 * @property {'hook' | 'action'} [kind] what the file is, whatever it exports
 * @property {'hook' | 'action'} [otherwise] what it is taken for if its exports do not tell
 * @property {Record<string, string>} [dependencies] packages that it has, and their versions
 * @property {import('./installed.mjs').Installed} [installed] what came of an attempt to install them
 * @property {string} [here] the Node.js that it would run in
 */

/**
 * Checks a file without running it.
 *
 * @param {Uint8Array} bytes
 * @param {Options} [options]
 */
export function reportOn(bytes, options = {}) {
  const here = options.here ?? process.versions.node;
  const findings = new Findings();
  const report = {
    verdict: 'unknown',
    kind: options.kind ?? null,
    node: { here, oldest: OLDEST, needed: null, because: [], probable: null, probably: [] },
    syntax: null,
    modules: [],
    network: [],
    secrets: [],
    findings: [],
  };
  try {
    examine(bytes, options, here, findings, report);
  } catch (error) {
    if (error instanceof RangeError) { // out of stack: what is nested that deeply was written to be
      findings.add('refused', 'unreadable', null, 'it is nested too deeply to be looked at', 'No more is known of it.');
      report.verdict = 'unknown';
    } else if (error instanceof Unreadable) {
      findings.add('refused', 'unreadable', error.line, error.message, '', error.mend);
    } else {
      throw error;
    }
  }
  report.findings = findings.list();
  return report;
}

function examine(bytes, { kind, otherwise = 'hook', dependencies = {}, installed }, here, findings, report) {
  let text;
  let parsed;
  try {
    text = textOf(bytes);
    parsed = parseScript(text);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    report.verdict = text !== undefined && compileError(text) === undefined ? 'unknown' : 'refused';
    if (report.verdict === 'refused') throw error;
    const message = `the check cannot read it, though Node.js ${here} can: ${error.message}`;
    throw new Unreadable(message, { line: error.line });
  }
  const { program, module, edition } = parsed;
  const nodes = nodesOf(program);
  const names = new Names(nodes);
  const values = new Values(names);
  const file = {
    program, module, nodes, names, values, findings, secrets: new Set(), uses: usesIn(nodes, names, values),
  };
  file.exported = exportedBy(file);
  file.kind = kind ?? kindOf(file.exported) ?? otherwise;
  enter(file);

  const { modules, needs } = modulesOf(file, dependencies, installed);
  if (installed !== undefined) packagesInstalled(file, modules, installed, here);
  if (module) esModule(file);
  else compiles(file, text, here);
  if (file.kind === 'hook') checkHook(file);
  else checkAction(file);
  checkGenerally(file);
  const { certain, probable } = needsOf(file);
  const syntax = syntaxFeatures(nodes, edition);
  missing(file, [...needs, ...certain], here);
  goneUses(file, here);
  undeclaredNames(file);

  const needed = [...syntax, ...needs, ...certain].filter(({ node }) => node === null || !isCaught(node));
  Object.assign(report, {
    verdict: findings.count('refused') > 0 ? 'refused' : findings.count('differs') > 0 ? 'differs' : 'runs',
    kind: file.kind,
    syntax: EDITIONS.find(({ acorn }) => acorn === edition.acorn).edition,
    modules: modules.slice(0, MAX_LISTED),
    network: networkUses(file, modules).slice(0, MAX_LISTED),
    secrets: [...file.secrets].slice(0, MAX_LISTED).map(quoted),
  });
  Object.assign(report.node, {
    needed: lowest(needed.map(({ since }) => since)),
    because: newest(needed),
    probable: lowest([...needed, ...probable].map(({ since }) => since)),
    probably: newest(probable),
  });
}

/** The newest of what is needed, each once. */
function newest(needs) {
  const each = [...new Map(needs.map((need) => [need.what, need]).reverse()).values()];
  return each.sort((a, b) => compare(b.since[0], a.since[0])).slice(0, 20)
    .map(({ what, since, node }) => ({ what, since, line: node?.loc.start.line ?? null }));
}

/** Finds the function that is called, and says what its parameters are. */
function enter(file) {
  const { exported, findings, kind, names, values } = file;
  const found = kind === 'action' ? exported.members.get(ACTION_HANDLER)?.function : exported.function;
  file.entry = found ?? null;
  if (file.entry === null || (kind === 'hook' && !isForThisTrigger(file.entry, findings))) {
    file.entry = null;
    return;
  }
  const roots = kind === 'action' ? ACTION_PARAMETERS : PARAMETERS;
  for (const [i, root] of roots.entries()) {
    const param = file.entry.params[i];
    if (param === undefined || param.type === 'RestElement') break;
    for (const { id, path } of namesIn(param)) {
      const binding = names.binding(id);
      const isKnown = binding.definitions.length === 1 && !path.includes(null);
      if (isKnown) values.setRoot(binding, { root, keys: path.map((name) => ({ name, optional: false })) });
    }
  }
  file.uses = usesIn(file.nodes, names, values);
  for (const [i, root] of roots.entries()) {
    const param = file.entry.params[i];
    const pattern = param?.type === 'AssignmentPattern' ? param.left : param;
    if (pattern?.type === 'ObjectPattern') file.uses.push(...takenApart(pattern, { root, keys: [] }));
  }
  file.uses.sort((one, other) => one.node.start - other.node.start);
}

function esModule(file) {
  const node = file.nodes.find(({ type }) => /^(Import|Export)(All|Default|Named)?Declaration$/.test(type))
    ?? file.nodes.find(({ type }) => type === 'MetaProperty' || type === 'AwaitExpression');
  const isSyntax = node !== undefined && node.type.endsWith('Declaration');
  file.findings.add('refused', 'es-module', node, 'it is an ES module',
    `${isSyntax ? 'import and export' : 'await outside of functions, and import.meta,'} are not read in a script.`,
    file.kind === 'action'
      ? `Write const x = require('x') and exports.${ACTION_HANDLER} = …`
      : 'Write const x = require(\'x\') and module.exports = …');
}

function compiles(file, text, here) {
  const error = compileError(text);
  if (error === undefined) return;
  file.findings.add('refused', 'compile', error.line, `Node.js ${here} does not compile it: ${error.message}`,
    'Node.js says that itself.', '');
}
