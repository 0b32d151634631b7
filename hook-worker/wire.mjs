/** The socket to the server, as lines. */
import { decode, exit, indexOf, pinned, setTimer, slice, Uint8Array_ } from './captured.mjs';
import { connect } from 'node:net';

const LAST_WORDS_MS = 250;

const inbox = new ArrayBuffer(65_536);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const moreFollows = { __proto__: null, stream: true };
let unread = '';
let socket;
/** @type {(line: string) => void} */
let onLine;
export let leaving = false;

/**
 * @param {string} path the server's Unix domain socket
 * @param {(line: string) => void} listener
 */
export function converse(path, listener) {
  onLine = listener;
  // `onread` hands over the bytes without the stream machinery between, which is faster and out of a part's reach.
  socket = connect({ path, onread: { buffer: new Uint8Array(inbox), callback: onBytes } });
  socket.on('error', () => exit(1));
  socket.on('end', () => exit(leaving ? 1 : 0));
  socket.on('close', () => exit(leaving ? 1 : 0));
  pinned(socket);
}

/** @param {number} length how much of the inbox is filled */
function onBytes(length) {
  unread += decode(decoder, new Uint8Array_(inbox, 0, length), moreFollows);
  let start = 0;
  for (let end; (end = indexOf(unread, '\n', start)) >= 0; start = end + 1) {
    if (!leaving) onLine(slice(unread, start, end));
  }
  unread = slice(unread, start);
  return true;
}

/** @param {string} line JSON put together from strings, so that no `toJSON` that a part may have planted sees it */
export function send(line) {
  socket.write(line + '\n');
}

/** Reads no more, and exits with 1 as soon as what was sent has left, or soon. */
export function leave() {
  leaving = true;
  if (socket.writableLength === 0) exit(1);
  socket.end(() => exit(1));
  setTimer(() => exit(1), LAST_WORDS_MS);
}
