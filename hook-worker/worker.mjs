/**
 * The process in which a Hook and Actions run. The server starts `node <permission flags> worker.mjs <socket path>`,
 * listens on that Unix domain socket, sends one bundle (a Hook, or Actions, or a Hook and then Actions: its parts) and
 * then calls it, any number of calls at once. Both sides speak newline-delimited JSON in UTF-8:
 *
 *   server  {"start": {"parts": [{"kind": "hook" | "action", "name", "script", "secrets", "directory"}]}}
 *                                                                once, first; `directory` has the part's node_modules
 *   worker  {"ready": true}                                      once, or
 *           {"failed": {"part", "kind": "compile" | "load" | "export", "message"}}   and exits with 1
 *   server  {"id", "call": {"client", "scope", "audience", "ip", "userAgent",
 *                           "requestedScope", "request"}}        or instead of all
 *                          {"event"}                             what the Action of a rehearsal is told
 *   worker  {"id", "claims": {...}, "ms": [...]}                 exactly one answer to each call, or
 *           {"id", "error": {"code", "message", "reason", "part"}, "ms": [...]}
 *                                                                `message` for the caller, `reason` for the log; `ms`
 *                                                                how long each part took that ran
 *   worker  {"log": {"id" | null, "part" | null, "level", "text"}}   at any time: console.* and the worker's remarks
 *
 * `part` is an index of `parts`. After a Hook alone the claims are what it called back with; after an Action they are
 * the claims and the scope that all parts together have led to.
 *
 * This file loads the parts and ends the process. `calls.mjs` takes a call from part to part to its answer,
 * `hook-part.mjs` and `action-part.mjs` run them, `cache.mjs` is the cache of Actions; below these are `errors.mjs`,
 * `log.mjs`, `wire.mjs` (the socket) and `captured.mjs`.
 *
 * The parts share this process, so whatever one changes in the language's objects it changes here too. All that the
 * protocol uses is therefore captured before a part is loaded, and functions that run afterwards use only that and
 * plain syntax: no for-of, no spread of arrays and no destructuring of them (all three call a method that can be
 * replaced), no method of a value that is not captured, no assignment to a property that an object may not have yet
 * (it calls a setter, if objects inherit one), unless the object has no prototype. That keeps a careless part, or a
 * package that extends built-ins, from spoiling answers. It does not stop a malicious one: that can find the socket
 * (`process._getActiveHandles()`), import these files, write any line, read what another part is given, or never
 * return; and where Node's own code calls what can be replaced (`Function.prototype.apply`, in Node 20), a replacement
 * that does not work ends the process. The boundary is the process: what a bundle may see and do is what the sandbox
 * lets this process see and do, and the server trusts no reply.
 */
import { ACTION_FAILED, actionRunner } from './action-part.mjs';
import { answerError, forUnanswered, onCall, serve } from './calls.mjs';
import { apply, compileFunction, createRequire, parse, stringify } from './captured.mjs';
import { guarded, hideDirectory, reasonOf } from './errors.mjs';
import { defineErrorClasses, hookRunner } from './hook-part.mjs';
import { currentRun, redirectConsole, remark } from './log.mjs';
import { converse, leave, leaving, send } from './wire.mjs';
import vm from 'node:vm';

/**
 * @typedef {object} PartInput
 * @property {'hook' | 'action'} kind
 * @property {string} name
 * @property {string} script
 * @property {Record<string, string>} secrets
 * @property {string} directory
 */

/** @type {Record<string, import('./log.mjs').Kind & {runnerOf: Function, wanted: string}>} */
const kinds = {
  hook: {
    title: 'Hook',
    end: 'the answer was given',
    uncaught: 'Script generated an unhandled exception.',
    runnerOf: hookRunner,
    wanted: 'module.exports is not a function; a Hook is function (client, scope, audience, context, cb)',
  },
  action: {
    title: 'Action',
    end: 'the Action had ended',
    uncaught: ACTION_FAILED,
    runnerOf: actionRunner,
    wanted: 'exports.onExecuteCredentialsExchange is not a function; an Action is async (event, api) => {}',
  },
};

const socketPath = process.argv[2];
if (socketPath === undefined) {
  process.stderr.write('usage: node worker.mjs <socket path>\n');
  process.exit(2);
}
process.argv.length = 2;
let started = false;
converse(socketPath, onLine);

/** @param {string} line */
function onLine(line) {
  const message = parse(line);
  if (started) onCall(message.id, message.call, line);
  else start(message.start.parts);
}

// ---- The loading of the parts ---------------------------------------------------------------------------------------

/** @param {PartInput[]} inputs */
function start(inputs) {
  started = true;
  process.title = `jeton ${inputs.map(({ kind, name }) => `${kind}: ${name}`).join(', ')}`;
  inputs.forEach(({ directory }) => hideDirectory(directory));
  defineErrorClasses();
  redirectConsole();
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUnhandledRejection);

  const parts = inputs.map(({ kind }, index) => ({ index, kind: kinds[kind], run: undefined }));
  const compiled = inputs.map(() => undefined);
  for (let i = 0; i < parts.length; i++) {
    try {
      compiled[i] = compile(inputs[i]);
    } catch (error) {
      refuse(i, 'compile', error);
      return;
    }
  }
  // From here on, code of parts has run.
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const loading = { part, call: undefined, lines: 0, since: 0 };
    let exported;
    try {
      exported = currentRun.run(loading, evaluate, compiled[i], inputs[i]);
    } catch (error) {
      refuse(i, 'load', error);
      return;
    }
    part.run = guarded((given) => part.kind.runnerOf(given, inputs[i].secrets ?? {}), exported);
    if (part.run === undefined) {
      refuse(i, 'export', part.kind.wanted);
      return;
    }
  }
  serve(parts);
  send('{"ready":true}');
}

/** @param {PartInput} input */
function compile({ kind, script, directory }) {
  return compileFunction(
    script.replace(/^\uFEFF?(#!.*)?/, ''), // as Node does with a file
    ['exports', 'require', 'module', '__filename', '__dirname'],
    {
      filename: `${directory}/${kind}.js`,
      importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER, // import() of packages; Node >= 20.10
    },
  );
}

/**
 * Runs a script as CommonJS.
 *
 * @returns {unknown} its `module.exports`
 */
function evaluate(compiled, { kind, directory }) {
  const filename = `${directory}/${kind}.js`;
  const require = createRequire(filename);
  const module = {
    exports: {},
    id: '.',
    filename,
    path: directory,
    loaded: false,
    parent: null,
    children: [],
    require,
  };
  apply(compiled, module.exports, [module.exports, require, module, filename, directory]);
  module.loaded = true;
  return module.exports;
}

/** @param {'compile' | 'load' | 'export'} kind */
function refuse(part, kind, error) {
  send(`{"failed":{"part":${part},"kind":"${kind}","message":${stringify(reasonOf(error))}}}`);
  leave();
}

// ---- The end of the process -----------------------------------------------------------------------------------------

/** Something was thrown where nobody could catch it: what the part left behind is unknown, so the process ends. */
function onUncaught(error) {
  if (leaving) return;
  const run = currentRun.getStore();
  remark(run, `Nobody caught this, the worker stops: ${reasonOf(error)}`);
  if (run?.call !== undefined) answerError(run, 'server_error', run.part.kind.uncaught, error);
  forUnanswered(({ run: other }) => {
    answerError(other, 'server_error', `The worker ended before the ${other.part.kind.title} answered.`, error);
  });
  leave();
}

function onUnhandledRejection(error) {
  const run = currentRun.getStore();
  if (run?.call === undefined || !run.ended) {
    onUncaught(error);
  } else {
    remark(run, `Rejected after ${run.part.kind.end}, ignored: ${reasonOf(error)}`);
  }
}
