/** What Actions keep between calls: a few short texts, for a while, in this process, for all Actions of the bundle. */
import { byteLength, isFinite, isObject, min, now, own } from './captured.mjs';
import { guarded } from './errors.mjs';

const MAX_ENTRIES = 20;
const MAX_KEY_BYTES = 64;
const MAX_VALUE_BYTES = 4_096;
const MAX_BYTES = 8_192;
const DEFAULT_LIFE_MS = 15 * 60_000;
const MAX_LIFE_MS = 24 * 3_600_000;

/**
 * @typedef {object} Entry
 * @property {string} value
 * @property {number} expiresAt in milliseconds since 1970
 * @property {number} bytes of key and value
 */

/** @type {Record<string, Entry>} by key; without prototype, so that every key is like any other */
const entries = { __proto__: null };

/** What is stored under that key, or undefined. */
export function getCached(key) {
  const entry = typeof key === 'string' ? entries[key] : undefined;
  return entry === undefined || entry.expiresAt <= now() ? undefined : recordOf(entry);
}

/**
 * Stores a text until `ttl` milliseconds have passed or `expires_at` is reached, whichever is first.
 *
 * @param {{ttl?: number, expires_at?: number}} [options]
 */
export function setCached(key, value, options) {
  if (typeof key !== 'string' || key === '') return cacheError('InvalidArgument', 'The key is no text');
  if (typeof value !== 'string') return cacheError('InvalidArgument', 'The value is not a string');
  const keyBytes = byteLength(key);
  if (keyBytes > MAX_KEY_BYTES) {
    return cacheError('CacheKeySizeExceeded', `The key is larger than ${MAX_KEY_BYTES} bytes`);
  }
  const valueBytes = byteLength(value);
  if (valueBytes > MAX_VALUE_BYTES) {
    return cacheError('CacheValueSizeExceeded', `The value is larger than ${MAX_VALUE_BYTES} bytes`);
  }
  const expiresAt = guarded(expiryOf, options, NaN);
  if (!isFinite(expiresAt)) return cacheError('InvalidExpiry', 'ttl and expires_at are numbers of milliseconds');
  if (expiresAt <= now()) return cacheError('ItemAlreadyExpired', 'The end of that time has passed');

  const bytes = keyBytes + valueBytes;
  let otherEntries = 0;
  let otherBytes = 0;
  for (const other in entries) {
    if (entries[other].expiresAt <= now()) {
      delete entries[other];
    } else if (other !== key) {
      otherEntries++;
      otherBytes += entries[other].bytes;
    }
  }
  if (otherEntries >= MAX_ENTRIES) return cacheError('ItemCountExceeded', `The cache has ${MAX_ENTRIES} entries`);
  if (otherBytes + bytes > MAX_BYTES) {
    return cacheError('CacheSizeExceeded', `The cache would be larger than ${MAX_BYTES} bytes`);
  }
  const entry = { value, expiresAt, bytes };
  entries[key] = entry;
  return { type: 'success', record: recordOf(entry) };
}

export function deleteCached(key) {
  const record = getCached(key);
  if (record === undefined) return cacheError('CacheKeyDoesNotExist', 'There is nothing under that key');
  delete entries[key];
  return { type: 'success', record };
}

/** What a method of the cache gives instead of throwing. */
export function cacheError(code, message) {
  return { type: 'error', code, message };
}

/** When what is set now expires, at most a day from now; no number if the options are not understood. */
function expiryOf(options) {
  const ttl = optionOf(options, 'ttl');
  const end = optionOf(options, 'expires_at');
  const life = ttl ?? (end === undefined ? DEFAULT_LIFE_MS : MAX_LIFE_MS);
  if (typeof life !== 'number' || (end !== undefined && typeof end !== 'number')) return NaN;
  return min(now() + min(life, MAX_LIFE_MS), end ?? Infinity);
}

function optionOf(options, name) {
  return isObject(options) ? (own(options, name) ?? undefined) : undefined;
}

function recordOf({ value, expiresAt }) {
  return { value, expires_at: expiresAt };
}
