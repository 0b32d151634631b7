/** What can be told of anything that is thrown, also of what itself throws when it is looked at. */
import { Error_, indexOf, isNativeError, isObject, replaceAll, slice, String_ } from './captured.mjs';
import { MAX_TEXT_CHARS } from './log.mjs';

const UNKNOWN = 'Unknown error';
/** How a stack names the folder of the worker. */
const WORKER = new URL('.', import.meta.url).href;

/** Where the parts lie, each with a slash at its end. */
const directories = [];

/** @param {string} directory whose place no reason shall tell from now on */
export function hideDirectory(directory) {
  directories.push(directory + '/');
}

/** The text of anything that can be thrown or called back with. */
export function messageOf(error) {
  return guarded(readMessage, error, UNKNOWN);
}

/** The same for the operator: the stack, if there is one, and what Node adds when it denies an access. */
export function reasonOf(error, otherwise = UNKNOWN) {
  return guarded(readReason, error, otherwise);
}

/** What `read` says of a value, or `otherwise` if the value throws when it is looked at. */
export function guarded(read, value, otherwise) {
  try {
    return read(value);
  } catch {
    return otherwise;
  }
}

function readMessage(error) {
  const message = isObject(error) ? error.message : undefined;
  if (typeof message === 'string' && message !== '') return message;
  const isError = isNativeError(error) || error instanceof Error_;
  return (isError ? '' : String_(error)) || UNKNOWN;
}

function readReason(error) {
  const stack = isObject(error) ? error.stack : undefined;
  let text = typeof stack === 'string' && stack !== '' ? stack : readMessage(error);
  if (isObject(error) && error.code === 'ERR_ACCESS_DENIED') {
    text = `no permission: ${String_(error.permission)} ${String_(error.resource)}: ${text}`;
  }
  text = withoutOwnFrames(text);
  for (let i = 0; i < directories.length; i++) text = replaceAll(text, directories[i], '');
  return slice(text, 0, MAX_TEXT_CHARS);
}

/** A stack without the lines that tell of the worker and of Node.js: whoever reads it looks for their own. */
function withoutOwnFrames(stack) {
  let kept = '';
  for (let start = 0, end; start < stack.length; start = end + 1) {
    end = indexOf(stack, '\n', start);
    if (end < 0) end = stack.length;
    const line = slice(stack, start, end);
    const isFrame = slice(line, 0, 7) === '    at ';
    const isOwn = isFrame && (indexOf(line, WORKER) >= 0 || indexOf(line, '(node:') >= 0 || indexOf(line, 'at node:') >= 0);
    if (!isOwn) kept += kept === '' ? line : `\n${line}`;
  }
  return kept;
}
