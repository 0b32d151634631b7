/**
 * Versions of Node.js. Something that came to two release lines has one entry for each: `['20.16', '22.3']` is in 20
 * from 20.16 on, not in 21, and in all from 22.3 on.
 */

/** The oldest that Jeton runs Hooks and Actions on. */
export const OLDEST = '20.9';

/** @param {string} version of which the part after the second number says nothing here */
const numbers = (version) => version.split('.').slice(0, 2).map(Number);

/** @returns {number} below, at or above 0 as the first is older than, the same as or newer than the second */
export function compare(one, other) {
  const [major, minor = 0] = numbers(one);
  const [otherMajor, otherMinor = 0] = numbers(other);
  return major - otherMajor || minor - otherMinor;
}

/**
 * Whether that version of Node.js has what came with those.
 *
 * @param {string} version
 * @param {string[]} since ascending
 */
export function has(version, since) {
  if (compare(version, since.at(-1)) >= 0) return true;
  return since.some((entry) => numbers(entry)[0] === numbers(version)[0] && compare(version, entry) >= 0);
}

/**
 * The lowest version that has all of it.
 *
 * @param {string[][]} all
 * @returns {string | null} null if nothing is asked for
 */
export function lowest(all) {
  const candidates = all.flat().sort(compare);
  return candidates.find((candidate) => all.every((since) => has(candidate, since))) ?? null;
}

/** As people write it: `18`, `22.13`, `20.16 (or 22.3)`. */
export function inWords(since) {
  const [first, ...others] = since.map((version) => version.replace(/\.0$/, ''));
  return others.length === 0 ? first : `${first} (or ${others.join(', ')})`;
}
