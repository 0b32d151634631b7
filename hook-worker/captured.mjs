/** What the worker uses of the language and of Node after a part is loaded, captured before the part can replace it. */
import { createRequire as createRequire_ } from 'node:module';
import { types } from 'node:util';
import vm from 'node:vm';

/** Turns a method into a function that takes its `this` first. */
const uncurryThis = Function.prototype.bind.bind(Function.prototype.call);

const { getPrototypeOf, hasOwn, getOwnPropertyDescriptor, defineProperty, isExtensible } = Object;
const { deleteProperty } = Reflect;
const { isPromise } = types;
const Promise_ = Promise;
const ObjectPrototype = Object.prototype;
const ArrayPrototype = Array.prototype;
const PromisePrototype = Promise.prototype;

export const createRequire = createRequire_;
export const { parse, stringify } = JSON;
export const { apply, ownKeys } = Reflect;
export const { isArray } = Array;
export const { min, round } = Math;
export const { isFinite } = Number;
export const { isNativeError } = types;
export const { compileFunction } = vm;
export const { byteLength } = Buffer;
/** The time of day in milliseconds. */
export const now = Date.now;
/** Milliseconds since some moment, never set back. */
export const elapsed = performance.now.bind(performance);
export const String_ = String;
export const Error_ = Error;
export const TypeError_ = TypeError;
export const Uint8Array_ = Uint8Array;
export const setTimer = setTimeout;
export const onNextTick = process.nextTick.bind(process);
export const indexOf = uncurryThis(String.prototype.indexOf);
export const slice = uncurryThis(String.prototype.slice);
export const replaceAll = uncurryThis(String.prototype.replaceAll);
export const decode = uncurryThis(TextDecoder.prototype.decode);
export const mapSet = uncurryThis(Map.prototype.set);
export const mapDelete = uncurryThis(Map.prototype.delete);
export const mapForEach = uncurryThis(Map.prototype.forEach);
/** Ends the process without the `exit` listeners of a part, which could keep it. */
export const exit =
  typeof process.reallyExit === 'function' ? process.reallyExit.bind(process) : process.exit.bind(process);

/** Gives an object its inherited members as its own, so that a change of its prototypes no longer reaches it. */
export function pinned(object) {
  for (let prototype = getPrototypeOf(object); prototype !== ObjectPrototype; prototype = getPrototypeOf(prototype)) {
    for (const key of ownKeys(prototype)) {
      if (!hasOwn(object, key)) defineProperty(object, key, getOwnPropertyDescriptor(prototype, key));
    }
  }
  return object;
}

/** An object's own property, or undefined: never what objects inherit. */
export function own(object, key) {
  return hasOwn(object, key) ? object[key] : undefined;
}

export function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** An object literal, an object without prototype, or either from another realm; no array, no instance of a class. */
export function isPlainObject(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = getPrototypeOf(value);
  return prototype === null || getPrototypeOf(prototype) === null;
}

export function isThenable(value) {
  return isObject(value) && typeof value.then === 'function';
}

/**
 * The same promise, or thenable, so that `await` follows it without a look at what a part may have replaced: it asks a
 * promise for its constructor, and one that says it is not of `Promise` for its `then`.
 */
export function awaitable(promise) {
  if (!isPromise(promise) || constructorOf(promise) === Promise_) return promise;
  const isPlain = getPrototypeOf(promise) === PromisePrototype && !hasOwn(promise, 'then');
  if (isPlain && isExtensible(promise)) defineProperty(promise, 'constructor', { __proto__: null, value: Promise_ });
  return promise;
}

function constructorOf(promise) {
  try {
    return promise.constructor;
  } catch {
    return undefined;
  }
}

/** JSON of a value, without a `toJSON` that was given to every object or array there is. */
export function stringifyUnpolluted(value) {
  const ofObjects = getOwnPropertyDescriptor(ObjectPrototype, 'toJSON');
  const ofArrays = getOwnPropertyDescriptor(ArrayPrototype, 'toJSON');
  if (ofObjects === undefined && ofArrays === undefined) return stringify(value);
  try {
    deleteProperty(ObjectPrototype, 'toJSON');
    deleteProperty(ArrayPrototype, 'toJSON');
    return stringify(value);
  } finally {
    if (ofObjects) defineProperty(ObjectPrototype, 'toJSON', { __proto__: null, ...ofObjects });
    if (ofArrays) defineProperty(ArrayPrototype, 'toJSON', { __proto__: null, ...ofArrays });
  }
}
