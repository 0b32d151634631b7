/** A call of the bundle: its parts one after the other, and its one answer. */
import {
  byteLength, elapsed, isArray, mapDelete, mapForEach, mapSet, ownKeys, round, slice, stringify, stringifyUnpolluted,
} from './captured.mjs';
import { reasonOf } from './errors.mjs';
import { currentRun, MAX_TEXT_CHARS } from './log.mjs';
import { send } from './wire.mjs';

/**
 * @typedef {import('./log.mjs').Part} Part
 * @typedef {import('./log.mjs').Run} Run
 *
 * @typedef {object} Call from its line until nothing refers to it
 * @property {string} id
 * @property {string} line what the server sent, to be parsed again for each Action
 * @property {Run} run of the part that is at work, or was the last to be
 * @property {State | undefined} state undefined until an Action needs it
 * @property {string} ms the durations of the parts that ended, as elements of a JSON array
 * @property {boolean} answered
 * @property {number} lines how many lines it has logged
 * @property {number} remarks how many remarks the worker made on it
 *
 * @typedef {object} State what the token would have, as the parts that ended left it
 * @property {string} scope JSON of an array
 * @property {Record<string, string>} claims JSON by name; without prototype, so that every name is like any other
 *
 * @typedef {object} CallInput
 * @property {{name: string, id: string, tenant: string, metadata: object}} client
 * @property {string[]} scope
 * @property {string} audience
 * @property {string} ip
 * @property {string | null} userAgent
 * @property {string[]} [requestedScope] this and `request` may be missing in a rehearsal
 * @property {{method: string, hostname: string, language: string | null, body: object}} [request]
 * @property {object} [event] of a rehearsal
 *
 * @typedef {'invalid_scope' | 'invalid_request' | 'server_error'} ErrorCode
 */

const MAX_REPLY_BYTES = 262_144;

/** @type {Part[]} */
let parts;
/** @type {Map<string, Call>} */
const unanswered = new Map();

/** @param {Part[]} bundle what every call runs from now on */
export function serve(bundle) {
  parts = bundle;
}

/**
 * @param {string} id
 * @param {CallInput} input parsed for the first part only, which may change it
 * @param {string} line
 */
export function onCall(id, input, line) {
  const call = { id, line, run: undefined, state: undefined, ms: '', answered: false, lines: 0, remarks: 0 };
  mapSet(unanswered, id, call);
  begin(call, parts[0], input);
}

function begin(call, part, input) {
  const run = { part, call, started: elapsed(), ended: false, remarked: false, denial: undefined };
  call.run = run;
  currentRun.run(run, part.run, run, input);
}

/** @param {Run} run that has said what it had to say */
export function end(run) {
  run.ended = true;
  const ms = round((elapsed() - run.started) * 1_000) / 1_000;
  run.call.ms += run.call.ms === '' ? ms : `,${ms}`;
}

/** Whether the bundle has parts after that of the run. */
export function hasNext(run) {
  return run.part.index + 1 < parts.length;
}

/**
 * Goes on to the next part, or answers if there is none.
 *
 * @param {Run} run that ended well
 * @param {string} result JSON of the claims, with the scope among them
 */
export function goOn(run, result) {
  const { call } = run;
  if (call.answered) return;
  const line = `{"id":${stringify(call.id)},"claims":${result}`;
  if (line.length >= MAX_REPLY_BYTES || (line.length >= MAX_REPLY_BYTES / 3 && byteLength(line) >= MAX_REPLY_BYTES)) {
    const message = `The result of the ${run.part.kind.title} is larger than ${MAX_REPLY_BYTES} bytes`;
    answerError(run, 'server_error', message, message);
  } else if (hasNext(run)) {
    begin(call, parts[run.part.index + 1], undefined);
  } else {
    settle(call);
    send(`${line},"ms":[${call.ms}]}`);
  }
}

/**
 * @param {Run} run whose fault it is
 * @param {ErrorCode} code
 * @param {string} message for the caller
 * @param {unknown} cause whose stack is the reason
 */
export function answerError(run, code, message, cause) {
  const { call } = run;
  if (call.answered) return;
  if (!call.run.ended) end(call.run);
  settle(call);
  const text = stringify(slice(message, 0, MAX_TEXT_CHARS));
  const error = `"code":"${code}","message":${text},"reason":${stringify(reasonOf(cause, message))}`;
  send(`{"id":${stringify(call.id)},"error":{${error},"part":${run.part.index}},"ms":[${call.ms}]}`);
}

/** @param {(call: Call) => void} answer is given every call that has none */
export function forUnanswered(answer) {
  mapForEach(unanswered, answer);
}

function settle(call) {
  call.answered = true;
  call.line = ''; // the call may be kept by what it left behind, and the line with all that arrived with it
  mapDelete(unanswered, call.id);
}

// ---- The state of a call --------------------------------------------------------------------------------------------

/**
 * @param {string[]} scope
 * @param {object} claims parsed from JSON; a member `scope` is none of them
 * @returns {State}
 */
export function stateOf(scope, claims) {
  const texts = { __proto__: null };
  const names = ownKeys(claims);
  for (let i = 0; i < names.length; i++) {
    if (names[i] !== 'scope') texts[names[i]] = stringifyUnpolluted(claims[names[i]]);
  }
  return { scope: stringifyUnpolluted(scope), claims: texts };
}

/** Whether a value parsed from JSON is an array of strings. */
export function isScope(value) {
  if (!isArray(value)) return false;
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== 'string') return false;
  }
  return true;
}

/**
 * The members of a JSON object with these claims, each with a comma after it.
 *
 * @param {Record<string, string>} claims
 */
export function membersOf(claims) {
  let members = '';
  for (const name in claims) members += `${stringify(name)}:${claims[name]},`;
  return members;
}
