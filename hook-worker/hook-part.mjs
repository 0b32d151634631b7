/** A Hook: how it is called, and what becomes of what it calls back with, throws and leaves behind. */
import {
  awaitable, Error_, isArray, isNativeError, isPlainObject, isThenable, onNextTick, own, parse, stringifyUnpolluted,
} from './captured.mjs';
import { answerError, end, goOn, hasNext, isScope, stateOf } from './calls.mjs';
import { guarded, messageOf, reasonOf } from './errors.mjs';
import { remark, remarkOnce } from './log.mjs';

/** @typedef {import('./log.mjs').Run} Run */

const NO_SCOPE = "The Hook's scope is not an array of scope names";

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

/** Makes the classes known to the scripts. */
export function defineErrorClasses() {
  for (const errorClass of [ExtensibilityUserError, InvalidScopeError, InvalidRequestError, ServerError]) {
    Object.defineProperty(globalThis, errorClass.name, { value: errorClass, writable: true, configurable: true });
  }
}

/**
 * The code that one of the three classes stands for; undefined for all else. A Hook that bundles its own copy of the
 * classes is understood by their names.
 *
 * @returns {import('./calls.mjs').ErrorCode | undefined}
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

// ---- A run ----------------------------------------------------------------------------------------------------------

/**
 * What runs a Hook; undefined if its script exports none.
 *
 * @param {unknown} hook the `module.exports` of the script
 * @param {Record<string, string>} secrets
 * @returns {((run: Run, input: import('./calls.mjs').CallInput) => void) | undefined}
 */
export function hookRunner(hook, secrets) {
  if (typeof hook !== 'function') return undefined;
  return (run, input) => {
    let result;
    try {
      const scope = own(input, 'scope');
      const context = contextOf(input, secrets);
      result = hook(input.client, isArray(scope) ? scope : [], input.audience, context, (error, claims) => {
        onCallback(run, error, claims);
      });
      if (!isThenable(result)) return;
    } catch (error) {
      onThrown(run, error, 'Script generated an unhandled synchronous exception.');
      return;
    }
    watch(run, result);
  };
}

/**
 * The Hook's fourth argument; `body` has the parameters of the token request, without credentials. Of the keys that `webtask` had where Hooks come from, `secrets` is meant to be used and
 * `data` had the secrets too; the others told of an HTTP request that does not exist here, and are empty so that
 * reading into them does not throw. The user agent is the empty string if there is none.
 */
function contextOf(input, secrets) {
  return {
    body: input.request?.body ?? {},
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

/** Follows the promise of an async Hook. */
async function watch(run, promise) {
  try {
    await awaitable(promise);
  } catch (error) {
    onThrown(run, error, 'Script generated an unhandled rejection.');
    return;
  }
  // No answer from here: work that the Hook left behind may still call back, and the server's deadline decides.
  if (!run.ended) remark(run, 'The promise of the Hook was resolved before the callback was called.');
}

/** The callback that the Hook is given. */
function onCallback(run, error, claims) {
  if (run.ended) {
    remarkOnce(run, 'The callback was called after the answer was given; that is ignored.');
    return;
  }
  end(run); // first: looking at an error or at claims runs their getters, which could call back again
  if (error) answerError(run, guarded(codeOf, error) ?? 'server_error', messageOf(error), error);
  else takeClaims(run, claims);
}

/** What the Hook threw, or its promise was rejected with: `message` is all the caller learns of an unexpected one. */
function onThrown(run, error, message) {
  if (run.ended) {
    remark(run, `Thrown after the answer was given, ignored: ${reasonOf(error)}`);
    return;
  }
  const code = guarded(codeOf, error);
  if (code === undefined) answerError(run, 'server_error', message, error);
  else answerError(run, code, messageOf(error), error);
}

function takeClaims(run, claims) {
  let result = '{}';
  try {
    if (isPlainObject(claims)) {
      const json = stringifyUnpolluted(claims);
      if (json !== undefined && json[0] === '{') result = json;
    } else if (claims !== undefined && claims !== null) {
      remark(run, 'The second argument of the callback is not a plain object; nothing is taken from it.');
    }
    if (hasNext(run)) run.call.state = stateAfter(result);
  } catch (error) {
    answerError(run, 'server_error', 'Error when JSON serializing the result of the extension point', error);
    return;
  }
  if (hasNext(run) && run.call.state === undefined) answerError(run, 'server_error', NO_SCOPE, NO_SCOPE);
  else goOn(run, result);
}

/** What Actions begin with: a scope that the Hook left out is none. Undefined if the scope is not one. */
function stateAfter(result) {
  const claims = parse(result);
  const scope = own(claims, 'scope') ?? [];
  return isScope(scope) ? stateOf(scope, claims) : undefined;
}
