/**
 * What the check has to say about a file, each thing once with all its lines.
 *
 * @typedef {object} Finding
 * @property {'refused' | 'differs' | 'note'} level whether it fails here, differs from where the file comes from, or is
 *     only worth knowing
 * @property {string} code a name for programs
 * @property {number[]} lines ascending; empty if it has no place
 * @property {string} what
 * @property {string} why
 * @property {string} mend empty if there is nothing to do
 */

const MAX_FINDINGS = 100;
const MAX_LINES = 20;
const MAX_NAME = 80;

const LEVELS = ['refused', 'differs', 'note'];

export class Findings {
  #found = new Map();

  /**
   * @param {Finding['level']} level
   * @param {string} code
   * @param {object | number | null | undefined} place a node, or a line
   * @param {string} what
   * @param {string} why
   * @param {string} [mend]
   */
  add(level, code, place, what, why, mend = '') {
    const line = typeof place === 'number' ? place : place?.loc.start.line;
    const key = `${code} ${what}`;
    const same = this.#found.get(key);
    if (same === undefined) {
      this.#found.set(key, { level, code, lines: line === undefined ? [] : [line], what, why, mend });
      return;
    }
    if (LEVELS.indexOf(level) < LEVELS.indexOf(same.level)) Object.assign(same, { level, why, mend });
    if (line !== undefined && !same.lines.includes(line)) same.lines.push(line);
  }

  /** The gravest first, then in the order of the file. */
  list() {
    const all = [...this.#found.values()];
    for (const finding of all) finding.lines = finding.lines.sort((a, b) => a - b).slice(0, MAX_LINES);
    all.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
    return all.slice(0, MAX_FINDINGS);
  }

  count(level) {
    return [...this.#found.values()].filter((finding) => finding.level === level).length;
  }
}

/** A name from the file, short enough for a line. */
export function quoted(name) {
  return name.length <= MAX_NAME ? name : name.slice(0, MAX_NAME) + '…';
}
