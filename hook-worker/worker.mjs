/**
 * The process in which a Hook runs. The server starts `node <permission flags> worker.mjs <socket path>`, listens on
 * that Unix domain socket, sends one Hook and then calls it, any number of calls at once. Both sides speak
 * newline-delimited JSON in UTF-8:
 *
 *   server  {"start": {"directory", "name", "script", "secrets"}}       once, first; `directory` has the node_modules
 *   worker  {"ready": true}                                             once, or
 *           {"failed": {"kind": "compile" | "load" | "export", "message"}}   and exits with 1
 *   server  {"id", "call": {"client", "scope", "audience", "ip", "userAgent"}}
 *   worker  {"id", "claims": {...}}                                     exactly one answer to each call, or
 *           {"id", "error": {"code", "message", "reason"}}              `message` for the caller, `reason` for the log
 *   worker  {"log": {"id" | null, "level", "text"}}                     at any time: console.* and the worker's remarks
 *
 * The file reads from the wire inwards: what is captured, the socket, the log, a call and its answer, the end of the
 * process, and the loading of the Hook.
 *
 * The Hook shares this process, so whatever it changes in the language's objects it changes here too. All that the
 * protocol uses is therefore captured before the Hook is loaded, and functions that run afterwards use only that and
 * plain syntax: no for-of, no spread of arrays and no destructuring of them (all three call a method that can be
 * replaced), no method of a value that is not captured. That keeps a careless Hook, or a package that extends
 * built-ins, from spoiling answers. It does not stop a malicious one: that can find the socket
 * (`process._getActiveHandles()`), write any line to it, or never return; and where Node's own code calls what can be
 * replaced (`Function.prototype.apply`, in Node 20), a replacement that does not work ends the process. The boundary is
 * the process: what one Hook may see and do is what the sandbox lets this process see and do, and the server trusts no
 * reply.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Console } from 'node:console';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { types } from 'node:util';
import vm from 'node:vm';

/**
 * @typedef {object} Call a call of the Hook, from its line until nothing refers to it
 * @property {string} id
 * @property {boolean} answered
 * @property {boolean} calledTwice whether a second callback has been remarked on
 * @property {number} lines how many lines it has logged
 * @property {number} remarks how many remarks the worker made on it
 *
 * @typedef {object} CallInput
 * @property {{name: string, id: string, tenant: string, metadata: object}} client
 * @property {string[]} scope
 * @property {string} audience
 * @property {string} ip
 * @property {string | null} userAgent
 *
 * @typedef {'invalid_scope' | 'invalid_request' | 'server_error'} ErrorCode
 */

const MAX_REPLY_BYTES = 262_144;
const MAX_TEXT_CHARS = 2_000;
const MAX_LINES = 50;
const MAX_REMARKS = 10;
const LAST_WORDS_MS = 250;

// ---- Captured before the Hook can replace it ------------------------------------------------------------------------

/** Turns a method into a function that takes its `this` first. */
const uncurryThis = Function.prototype.bind.bind(Function.prototype.call);

const { parse, stringify } = JSON;
const { getPrototypeOf, hasOwn, getOwnPropertyDescriptor, defineProperty } = Object;
const { apply, deleteProperty, ownKeys } = Reflect;
const { isArray } = Array;
const { isNativeError } = types;
const { compileFunction } = vm;
const { byteLength } = Buffer;
const now = Date.now;
const ObjectPrototype = Object.prototype;
const ArrayPrototype = Array.prototype;
const String_ = String;
const Error_ = Error;
const Uint8Array_ = Uint8Array;
const setTimer = setTimeout;
const onNextTick = process.nextTick.bind(process);
const indexOf = uncurryThis(String.prototype.indexOf);
const slice = uncurryThis(String.prototype.slice);
const replaceAll = uncurryThis(String.prototype.replaceAll);
const decode = uncurryThis(TextDecoder.prototype.decode);
const mapSet = uncurryThis(Map.prototype.set);
const mapDelete = uncurryThis(Map.prototype.delete);
const mapForEach = uncurryThis(Map.prototype.forEach);
/** Ends the process without the Hook's `exit` listeners, which could keep it. */
const exit = typeof process.reallyExit === 'function' ? process.reallyExit.bind(process) : process.exit.bind(process);

/** Gives an object its inherited members as its own, so that a change of its prototypes no longer reaches it. */
function pinned(object) {
  for (let prototype = getPrototypeOf(object); prototype !== ObjectPrototype; prototype = getPrototypeOf(prototype)) {
    for (const key of ownKeys(prototype)) {
      if (!hasOwn(object, key)) defineProperty(object, key, getOwnPropertyDescriptor(prototype, key));
    }
  }
  return object;
}

/** The call on whose behalf code runs now; undefined outside of calls. */
const currentCall = pinned(new AsyncLocalStorage());
currentCall.run({}, () => {}); // the first run switches it on, with methods that are still Node's own

// ---- The socket -----------------------------------------------------------------------------------------------------

const socketPath = process.argv[2];
if (socketPath === undefined) {
  process.stderr.write('usage: node worker.mjs <socket path>\n');
  process.exit(2);
}
process.argv.length = 2;

const inbox = new ArrayBuffer(65_536);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const moreFollows = { __proto__: null, stream: true };
let unread = '';

// `onread` hands over the bytes without the stream machinery between, which is both faster and out of a Hook's reach.
const socket = connect({ path: socketPath, onread: { buffer: new Uint8Array(inbox), callback: onBytes } });
socket.on('error', () => exit(1));
socket.on('end', () => exit(stopping ? 1 : 0));
socket.on('close', () => exit(stopping ? 1 : 0));
pinned(socket);

/** @param {number} length how much of the inbox is filled */
function onBytes(length) {
  unread += decode(decoder, new Uint8Array_(inbox, 0, length), moreFollows);
  let start = 0;
  for (let end; (end = indexOf(unread, '\n', start)) >= 0; start = end + 1) onLine(slice(unread, start, end));
  unread = slice(unread, start);
  return true;
}

/** @param {string} line */
function onLine(line) {
  if (stopping) return;
  const message = parse(line);
  if (hook === undefined) load(message.start);
  else onCall(message.id, message.call);
}

/** @param {string} line JSON put together from strings, so that no `toJSON` that a Hook may have planted sees it */
function send(line) {
  socket.write(line + '\n');
}

// ---- The log --------------------------------------------------------------------------------------------------------

/** The lines logged outside of calls in the second that began at `since`. */
const outside = { since: 0, lines: 0 };

/**
 * Logs what the Hook wrote, as long as its call, or outside of calls this second, has lines left.
 *
 * @param {string} level
 * @param {string} text
 */
function log(level, text) {
  const call = currentCall.getStore();
  if (call === undefined && now() - outside.since >= 1_000) {
    outside.since = now();
    outside.lines = 0;
  }
  const budget = call ?? outside;
  budget.lines++;
  if (budget.lines <= MAX_LINES) {
    sendLog(call, level, text);
  } else if (budget.lines === MAX_LINES + 1) {
    const rest = call === undefined ? 'what the Hook logs outside of calls in this second' : 'what this call logs';
    sendLog(call, 'warn', `${MAX_LINES} lines logged: the rest of ${rest} is dropped`);
  }
}

/**
 * The worker's own word on a call, or undefined: on none. Not counted as a line of the Hook, but bounded like it.
 *
 * @param {Call | undefined} call
 * @param {string} text
 */
function remark(call, text) {
  if (call === undefined || ++call.remarks <= MAX_REMARKS) sendLog(call, 'warn', text);
}

function sendLog(call, level, text) {
  const id = call === undefined ? 'null' : stringify(call.id);
  send(`{"log":{"id":${id},"level":"${level}","text":${stringify(slice(text, 0, MAX_TEXT_CHARS))}}}`);
}

/** Makes the global console write to the log. What goes to stdout and stderr by other ways is the server's to drop. */
function redirectConsole() {
  let level;
  const sink = (defaultLevel) => ({
    write(text) {
      log(level ?? defaultLevel, slice(text, 0, -1)); // without the newline that a console ends its text with
    },
  });
  const redirected = new Console({
    stdout: sink('log'),
    stderr: sink('error'),
    ignoreErrors: false,
    colorMode: false,
  });
  for (const name of Object.keys(redirected)) {
    if (typeof redirected[name] === 'function') console[name] = redirected[name];
  }
  for (const name of ['log', 'info', 'warn', 'error', 'debug']) {
    const method = redirected[name];
    console[name] = (...values) => {
      const outer = level; // a value's own inspect function may log too
      level = name;
      try {
        apply(method, undefined, values);
      } finally {
        level = outer;
      }
    };
  }
}

// ---- The errors a Hook may give -------------------------------------------------------------------------------------

class ExtensibilityUserError extends Error {
  /** @param {string} message what the caller of the token endpoint is told */
  constructor(message) {
    super(message);
    this.name = new.target.name;
  }
}
// Constructors are written out because the implied one takes its arguments through the iterator of arrays.
class InvalidScopeError extends ExtensibilityUserError {
  constructor(message) { super(message); }
}
class InvalidRequestError extends ExtensibilityUserError {
  constructor(message) { super(message); }
}
class ServerError extends ExtensibilityUserError {
  constructor(message) { super(message); }
}

/**
 * The code that one of the three classes stands for; undefined for all else. A Hook that bundles its own copy of the
 * classes is understood by their names.
 *
 * @returns {ErrorCode | undefined}
 */
function codeOf(error) {
  if (error instanceof InvalidScopeError) return 'invalid_scope';
  if (error instanceof InvalidRequestError) return 'invalid_request';
  if (error instanceof ServerError) return 'server_error';
  if (!isNativeError(error) && !(error instanceof Error_)) return undefined;
  switch (error.name) {
    case 'InvalidScopeError': return 'invalid_scope';
    case 'InvalidRequestError': return 'invalid_request';
    case 'ServerError': return 'server_error';
    default: return undefined;
  }
}

/** The text of anything that can be thrown or called back with. */
function messageOf(error) {
  const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function';
  const message = isObject ? error.message : undefined;
  if (typeof message === 'string' && message !== '') return message;
  const isError = isNativeError(error) || error instanceof Error_;
  return (isError ? '' : String_(error)) || 'Unknown error';
}

/** The same for the operator: the stack, if there is one, and what Node adds when it denies an access. */
function reasonOf(error) {
  const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function';
  const stack = isObject ? error.stack : undefined;
  let text = typeof stack === 'string' && stack !== '' ? stack : messageOf(error);
  if (isObject && error.code === 'ERR_ACCESS_DENIED') {
    text = `no permission: ${String_(error.permission)} ${String_(error.resource)}: ${text}`;
  }
  return slice(replaceAll(text, directory + '/', ''), 0, MAX_TEXT_CHARS);
}

/** What `read` says of an error, or `otherwise` if the error itself throws when it is looked at. */
function guarded(read, error, otherwise) {
  try {
    return read(error);
  } catch {
    return otherwise;
  }
}

// ---- A call and its answer ------------------------------------------------------------------------------------------

/** @type {((client: object, scope: string[], audience: string, context: object, cb: Function) => unknown)=} */
let hook;
/** @type {Record<string, string>} */
let secrets;
let directory = '';
/** @type {Map<string, Call>} */
const unanswered = new Map();

/**
 * @param {string} id
 * @param {CallInput} input parsed for this call only, so the Hook may change it
 */
function onCall(id, input) {
  const call = { id, answered: false, calledTwice: false, lines: 0, remarks: 0 };
  mapSet(unanswered, id, call);
  currentCall.run(call, runHook, call, input);
}

/**
 * @param {Call} call
 * @param {CallInput} input
 */
function runHook(call, input) {
  let result;
  try {
    const scope = hasOwn(input, 'scope') && isArray(input.scope) ? input.scope : [];
    result = hook(input.client, scope, input.audience, contextOf(input), (error, claims) => {
      onCallback(call, error, claims);
    });
    if (!isThenable(result)) return;
  } catch (error) {
    onThrown(call, error, 'Script generated an unhandled synchronous exception.');
    return;
  }
  watch(call, result);
}

/**
 * The Hook's fourth argument. Of the keys that `webtask` had where Hooks come from, `secrets` is meant to be used and
 * `data` had the secrets too; the others told of an HTTP request that does not exist here, and are empty so that
 * reading into them does not throw. The user agent is the empty string if there is none.
 */
function contextOf(input) {
  return {
    ip: input.ip,
    userAgent: input.userAgent ?? '',
    webtask: {
      secrets: { ...secrets },
      data: { ...secrets },
      headers: {},
      params: {},
      query: {},
      body: {},
      meta: {},
      id: '',
      token: '',
      storage,
    },
  };
}

/** The webtask storage: always empty, and a write to it fails instead of being lost unsaid. */
const storage = Object.freeze({
  get(done) {
    onNextTick(done, null, undefined);
  },
  set(value, options, done = options) {
    onNextTick(done, new Error_('context.webtask.storage cannot store anything here'));
  },
});

function isThenable(value) {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function')
    && typeof value.then === 'function';
}

/** Follows the promise of an async Hook. `await` needs no `Promise.prototype.then`, which a Hook may have replaced. */
async function watch(call, promise) {
  try {
    await promise;
  } catch (error) {
    onThrown(call, error, 'Script generated an unhandled rejection.');
    return;
  }
  // No answer from here: work that the Hook left behind may still call back, and the server's deadline decides.
  if (!call.answered) remark(call, 'The promise of the Hook was resolved before the callback was called.');
}

/** The callback that the Hook is given. */
function onCallback(call, error, claims) {
  if (call.answered) {
    if (!call.calledTwice) remark(call, 'The callback was called after the answer was given; that is ignored.');
    call.calledTwice = true;
  } else if (error) {
    answerError(call, guarded(codeOf, error) ?? 'server_error', guarded(messageOf, error, 'Unknown error'), error);
  } else {
    answerClaims(call, claims);
  }
}

/** What the Hook threw, or its promise was rejected with: `message` is all the caller learns of an unexpected one. */
function onThrown(call, error, message) {
  if (call.answered) {
    remark(call, `Thrown after the answer was given, ignored: ${guarded(reasonOf, error, 'Unknown error')}`);
    return;
  }
  const code = guarded(codeOf, error);
  if (code === undefined) answerError(call, 'server_error', message, error);
  else answerError(call, code, guarded(messageOf, error, 'Unknown error'), error);
}

function answerClaims(call, claims) {
  settle(call); // first: serialising runs the Hook's getters, which could call back again
  let json;
  try {
    if (isPlainObject(claims)) {
      json = stringifyUnpolluted(claims);
    } else if (claims !== undefined && claims !== null) {
      remark(call, 'The second argument of the callback is not a plain object; nothing is taken from it.');
    }
  } catch (error) {
    answerError(call, 'server_error', 'Error when JSON serializing the result of the extension point', error);
    return;
  }
  const line = `{"id":${stringify(call.id)},"claims":${json !== undefined && json[0] === '{' ? json : '{}'}}`;
  if (line.length > MAX_REPLY_BYTES || (line.length > MAX_REPLY_BYTES / 3 && byteLength(line) > MAX_REPLY_BYTES)) {
    const message = `The result of the Hook is larger than ${MAX_REPLY_BYTES} bytes`;
    answerError(call, 'server_error', message, message);
    return;
  }
  send(line);
}

/**
 * @param {Call} call
 * @param {ErrorCode} code
 * @param {string} message
 * @param {unknown} cause whose stack is the reason
 */
function answerError(call, code, message, cause) {
  settle(call);
  const text = stringify(slice(message, 0, MAX_TEXT_CHARS));
  const reason = stringify(guarded(reasonOf, cause, message));
  send(`{"id":${stringify(call.id)},"error":{"code":"${code}","message":${text},"reason":${reason}}}`);
}

function settle(call) {
  call.answered = true;
  mapDelete(unanswered, call.id);
}

/** An object literal, an object without prototype, or either from another realm; no array, no instance of a class. */
function isPlainObject(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = getPrototypeOf(value);
  return prototype === null || getPrototypeOf(prototype) === null;
}

/** JSON of the claims' own properties, without a `toJSON` that was given to every object or array there is. */
function stringifyUnpolluted(claims) {
  const ofObjects = getOwnPropertyDescriptor(ObjectPrototype, 'toJSON');
  const ofArrays = getOwnPropertyDescriptor(ArrayPrototype, 'toJSON');
  if (ofObjects === undefined && ofArrays === undefined) return stringify(claims);
  try {
    deleteProperty(ObjectPrototype, 'toJSON');
    deleteProperty(ArrayPrototype, 'toJSON');
    return stringify(claims);
  } finally {
    if (ofObjects) defineProperty(ObjectPrototype, 'toJSON', { __proto__: null, ...ofObjects });
    if (ofArrays) defineProperty(ArrayPrototype, 'toJSON', { __proto__: null, ...ofArrays });
  }
}

// ---- The end of the process -----------------------------------------------------------------------------------------

let stopping = false;

/** Something was thrown where nobody could catch it: what the Hook left behind is unknown, so the process ends. */
function onUncaught(error) {
  if (stopping) return;
  const call = currentCall.getStore();
  const reason = guarded(reasonOf, error, 'Unknown error');
  remark(call, `Nobody caught this, the worker stops: ${reason}`);
  if (call !== undefined && !call.answered) {
    answerError(call, 'server_error', 'Script generated an unhandled exception.', error);
  }
  mapForEach(unanswered, (other) => {
    answerError(other, 'server_error', 'The worker ended before the Hook answered.', error);
  });
  leave();
}

function onUnhandledRejection(error) {
  const call = currentCall.getStore();
  if (call !== undefined && call.answered) {
    remark(call, `Rejected after the answer was given, ignored: ${guarded(reasonOf, error, 'Unknown error')}`);
  } else {
    onUncaught(error);
  }
}

/** Exits with 1 as soon as what was sent has left, or soon. */
function leave() {
  stopping = true;
  if (socket.writableLength === 0) exit(1);
  socket.end(() => exit(1));
  setTimer(() => exit(1), LAST_WORDS_MS);
}

// ---- The loading of the Hook ----------------------------------------------------------------------------------------

/** @param {{directory: string, name: string, script: string, secrets: Record<string, string>}} start */
function load(start) {
  directory = start.directory;
  secrets = start.secrets ?? {};
  process.title = `jeton hook: ${start.name}`;
  const filename = directory + '/hook.js';

  for (const errorClass of [ExtensibilityUserError, InvalidScopeError, InvalidRequestError, ServerError]) {
    defineProperty(globalThis, errorClass.name, { value: errorClass, writable: true, configurable: true });
  }
  redirectConsole();
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUnhandledRejection);

  let wrapped;
  try {
    const script = start.script.replace(/^\uFEFF?(#!.*)?/, ''); // as Node does with a file
    wrapped = compileFunction(script, ['exports', 'require', 'module', '__filename', '__dirname'], {
      filename,
      importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER, // import() of packages; Node >= 20.10
    });
  } catch (error) {
    refuse('compile', error);
    return;
  }
  const module = { exports: {}, id: '.', filename, path: directory, loaded: false, parent: null, children: [] };
  try {
    module.require = createRequire(filename);
    apply(wrapped, module.exports, [module.exports, module.require, module, filename, directory]);
    module.loaded = true;
  } catch (error) {
    refuse('load', error);
    return;
  }
  if (typeof module.exports !== 'function') {
    refuse('export', 'module.exports is not a function; a Hook is function (client, scope, audience, context, cb)');
    return;
  }
  hook = module.exports;
  send('{"ready":true}');
}

/** @param {'compile' | 'load' | 'export'} kind */
function refuse(kind, error) {
  send(`{"failed":{"kind":"${kind}","message":${stringify(guarded(reasonOf, error, 'Unknown error'))}}}`);
  leave();
}
