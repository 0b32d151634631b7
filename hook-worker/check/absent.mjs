/** Members that are there where the file comes from, and not here. */
import { isCaught } from './uses.mjs';

/**
 * Whether the file sets a member itself, and whether it asks anywhere if it is there.
 *
 * @param {object} file
 * @param {string} root
 * @param {string[]} names
 * @returns {{isSet: boolean, isAsked: boolean}}
 */
export function presence(file, root, names) {
  const key = [root, ...names].join('\n');
  file.presences ??= new Map();
  if (!file.presences.has(key)) {
    const alike = file.uses.filter(({ path }) =>
      path.root === root && names.every((name, i) => path.keys[i]?.name === name));
    file.presences.set(key, {
      isSet: alike.some(({ written, path }) => written && path.keys.length === names.length),
      isAsked: alike.some(({ tested, defaulted, path: { keys } }) =>
        defaulted || (tested && keys.length === names.length) || keys[names.length]?.optional === true),
    });
  }
  return file.presences.get(key);
}

/**
 * Says that a member is not there: refused where reading on from it throws.
 *
 * @param {object} file
 * @param {import('./uses.mjs').Use} use
 * @param {number} index of the key that is not there
 * @param {{code: string, what: string, why?: string, mend?: string}} finding
 */
export function absent(file, use, index, { code, what, why = '', mend = '' }) {
  const { root, keys } = use.path;
  const { isSet, isAsked } = presence(file, root, keys.slice(0, index + 1).map(({ name }) => name));
  if (isSet) return;
  const readsOn = keys.length > index + 1 || use.further || use.call !== null;
  const throws = readsOn && !isAsked;
  const isRefused = throws && !isCaught(use.node);
  const outcome = throws
    ? `Reading from what is undefined, or calling it, throws${isRefused ? '' : ', which the file catches'}.`
    : 'It is undefined here.';
  file.findings.add(isRefused ? 'refused' : 'differs', code, use.node, what, `${outcome} ${why}`.trim(), mend);
}
