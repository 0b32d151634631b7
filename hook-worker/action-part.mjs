/** An Action: the event and the `api` it is given, and what becomes of its promise. */
import {
  awaitable, isObject, isPlainObject, isThenable, own, parse, slice, stringifyUnpolluted, TypeError_,
} from './captured.mjs';
import { cacheError, deleteCached, getCached, setCached } from './cache.mjs';
import { answerError, end, goOn, isScope, membersOf, stateOf } from './calls.mjs';
import { messageOf, reasonOf } from './errors.mjs';
import { remark, remarkOnce } from './log.mjs';

/**
 * @typedef {import('./calls.mjs').Call} Call
 * @typedef {import('./calls.mjs').CallInput} CallInput
 * @typedef {import('./log.mjs').Run} Run
 */

export const ACTION_FAILED = 'An Action failed';

/**
 * What runs an Action; undefined if its script exports none.
 *
 * @param {unknown} exported the `module.exports` of the script
 * @param {Record<string, string>} secrets
 * @returns {((run: Run, input: CallInput | undefined) => void) | undefined}
 */
export function actionRunner(exported, secrets) {
  const action = isObject(exported) ? exported.onExecuteCredentialsExchange : undefined;
  if (typeof action !== 'function') return undefined;
  return (run, input) => {
    let result;
    try {
      result = action(eventOf(run.call, input ?? parse(run.call.line).call, secrets), apiOf(run));
      if (!isThenable(result)) result = undefined;
    } catch (error) {
      onThrown(run, error);
      return;
    }
    if (result === undefined) onEnd(run);
    else watch(run, result);
  };
}

/** Follows the promise of an Action. */
async function watch(run, promise) {
  try {
    await awaitable(promise);
  } catch (error) {
    onThrown(run, error);
    return;
  }
  onEnd(run);
}

function onThrown(run, error) {
  if (run.ended) {
    remark(run, `Thrown after the Action had ended, ignored: ${reasonOf(error)}`);
    return;
  }
  if (run.denial !== undefined) remark(run, `The Action denied with ${run.denial.code}, and failed after that.`);
  answerError(run, 'server_error', ACTION_FAILED, error);
}

function onEnd(run) {
  end(run);
  const { denial } = run;
  if (denial !== undefined) {
    answerError(run, denial.code, denial.message, denial.message);
  } else {
    const { claims, scope } = run.call.state;
    goOn(run, `{${membersOf(claims)}"scope":${scope}}`);
  }
}

// ---- The event ------------------------------------------------------------------------------------------------------

/**
 * What an Action is told: all of it made for this one, so that nothing it changes is seen by another.
 *
 * @param {Call} call
 * @param {CallInput} input parsed for this Action
 * @param {Record<string, string>} secrets
 */
function eventOf(call, input, secrets) {
  const given = own(input, 'event');
  const event = given === undefined ? eventFrom(input) : plain(given);
  const token = plain(own(event, 'accessToken'));
  if (call.state === undefined) {
    const scope = own(token, 'scope');
    call.state = stateOf(isScope(scope) ? scope : [], plain(own(token, 'customClaims')));
  }
  const customClaims = parse(`{${slice(membersOf(call.state.claims), 0, -1)}}`);
  // Spread, not assigned: a setter that a part gave to all objects would be handed the secrets.
  return {
    ...event,
    accessToken: { ...token, customClaims, scope: parse(call.state.scope) },
    secrets: { ...secrets },
  };
}

/**
 * The event of a token request. What the request did not say is undefined; `geoip` is always empty, so that reading
 * into it does not throw.
 *
 * @param {CallInput} input
 */
function eventFrom({ client, scope, audience, ip, userAgent, requestedScope, request }) {
  return {
    accessToken: { customClaims: {}, scope },
    client: { client_id: client.id, name: client.name, metadata: client.metadata },
    request: {
      body: request.body,
      geoip: {},
      hostname: request.hostname,
      ip,
      language: request.language ?? undefined,
      method: request.method,
      user_agent: userAgent ?? undefined,
    },
    resource_server: { identifier: audience },
    tenant: { id: client.tenant },
    transaction: { requested_scopes: requestedScope },
  };
}

function plain(value) {
  return isPlainObject(value) ? value : {};
}

// ---- What an Action may do ------------------------------------------------------------------------------------------

/** @param {Run} run */
function apiOf(run) {
  const api = {
    access: {
      deny(code, reason) {
        if (mayAct(run)) deny(run, code, reason);
        return api;
      },
    },
    accessToken: {
      setCustomClaim(name, value) {
        if (mayAct(run)) setCustomClaim(run, name, value);
        return api;
      },
    },
    cache: {
      get: (key) => (mayAct(run) ? getCached(key) : undefined),
      set: (key, value, options) => (mayAct(run) ? setCached(key, value, options) : ended()),
      delete: (key) => (mayAct(run) ? deleteCached(key) : ended()),
    },
  };
  return api;
}

/** Whether the Action is still at work; what it left behind may do nothing. */
function mayAct(run) {
  if (run.ended) remarkOnce(run, 'The api was used after the Action had ended; that is ignored.');
  return !run.ended;
}

function ended() {
  return cacheError('ActionEnded', 'The Action has ended');
}

function deny(run, code, reason) {
  if (code !== 'invalid_scope' && code !== 'invalid_request' && code !== 'server_error') {
    throw new TypeError_('api.access.deny: the code is one of invalid_scope, invalid_request, server_error');
  }
  if (run.denial !== undefined) {
    remark(run, 'The Action denied more than once; the first counts.');
    return;
  }
  const isSaid = reason !== undefined && reason !== null && reason !== '';
  run.denial = { code, message: isSaid ? messageOf(reason) : 'Access denied' };
}

function setCustomClaim(run, name, value) {
  if (typeof name !== 'string') throw new TypeError_('api.accessToken.setCustomClaim: the name is not a string');
  if (name === 'scope') {
    remark(run, 'An Action cannot set the scope; the claim "scope" is ignored.');
    return;
  }
  const { claims } = run.call.state;
  if (value === undefined) {
    delete claims[name];
    return;
  }
  let json;
  try {
    json = stringifyUnpolluted(value);
  } catch (error) {
    throw new TypeError_(`The claim "${name}" cannot be JSON: ${messageOf(error)}`, { __proto__: null, cause: error });
  }
  if (json === undefined) throw new TypeError_(`The claim "${name}" cannot be JSON: it is of type ${typeof value}`);
  claims[name] = json;
}
