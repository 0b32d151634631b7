/** Who runs now, and the log that what they write goes to. */
import { apply, now, pinned, slice, stringify } from './captured.mjs';
import { send } from './wire.mjs';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Console } from 'node:console';

/**
 * @typedef {object} Part what the worker knows of a Hook or an Action; its secrets only its own functions know
 * @property {number} index its place in the bundle
 * @property {Kind} kind
 * @property {(run: Run, input: object) => void} run runs it for a call
 *
 * @typedef {object} Kind
 * @property {string} title
 * @property {string} end what a part of that kind is done with
 * @property {string} uncaught what the caller is told when nobody catches what it throws
 *
 * @typedef {object} Run a part at work for a call, from its beginning until nothing refers to it
 * @property {Part} part
 * @property {import('./calls.mjs').Call} call
 * @property {number} started
 * @property {boolean} ended whether it has said what it had to say: the Hook by its callback, an Action by its promise
 * @property {boolean} remarked whether something that it did after its end has been remarked on
 * @property {{code: import('./calls.mjs').ErrorCode, message: string} | undefined} denial of an Action, from `deny` on
 *
 * @typedef {object} Loading a part at work outside of calls: its loading, and what that began
 * @property {Part} part
 * @property {undefined} call
 * @property {number} lines how many lines it has logged in the second that began at `since`
 * @property {number} since
 */

export const MAX_TEXT_CHARS = 2_000;
const MAX_LINES = 50;
const MAX_REMARKS = 10;

/**
 * On whose behalf code runs now; undefined where that is not known.
 *
 * @type {AsyncLocalStorage<Run | Loading>}
 */
export const currentRun = pinned(new AsyncLocalStorage());
currentRun.run({}, () => {}); // the first run switches it on, with methods that are still Node's own

/** @type {Loading} of nobody known */
const stray = { part: { index: null, kind: { title: 'worker' } }, call: undefined, lines: 0, since: 0 };

/**
 * Logs what a part wrote, as long as its call, or outside of calls the part in this second, has lines left.
 *
 * @param {string} level
 * @param {string} text
 */
function log(level, text) {
  const run = currentRun.getStore() ?? stray;
  const outside = run.call === undefined;
  if (outside && now() - run.since >= 1_000) {
    run.since = now();
    run.lines = 0;
  }
  const budget = outside ? run : run.call;
  budget.lines++;
  if (budget.lines <= MAX_LINES) {
    sendLog(run, level, text);
  } else if (budget.lines === MAX_LINES + 1) {
    const what = outside ? `the ${run.part.kind.title} logs outside of calls in this second` : 'this call logs';
    sendLog(run, 'warn', `${MAX_LINES} lines logged: the rest of what ${what} is dropped`);
  }
}

/**
 * The worker's own word on a run, or undefined: on none. Not counted as a line of the call, but bounded like it.
 *
 * @param {Run | Loading | undefined} run
 * @param {string} text
 */
export function remark(run, text) {
  if (run?.call === undefined || ++run.call.remarks <= MAX_REMARKS) sendLog(run ?? stray, 'warn', text);
}

/**
 * A remark on what a run did after its end: one for each run.
 *
 * @param {Run} run
 * @param {string} text
 */
export function remarkOnce(run, text) {
  if (!run.remarked) remark(run, text);
  run.remarked = true;
}

function sendLog({ part, call }, level, text) {
  const id = call === undefined ? 'null' : stringify(call.id);
  const line = stringify(slice(text, 0, MAX_TEXT_CHARS));
  send(`{"log":{"id":${id},"part":${part.index},"level":"${level}","text":${line}}}`);
}

/** Makes the global console write to the log. What goes to stdout and stderr by other ways is the server's to drop. */
export function redirectConsole() {
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
