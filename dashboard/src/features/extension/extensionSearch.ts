import type { Kind } from './scripts';

/** What the URL of the list holds: which form to create something is open. */
export interface ExtensionsSearch {
  create?: Kind;
}

/** What the URL of one Hook or Action holds: a line of its code, and which versions are compared. */
export interface ScriptSearch {
  line?: number;
  before?: number;
  after?: number;
}

export function extensionsSearch(raw: Record<string, unknown>): ExtensionsSearch {
  return raw.create === 'hook' || raw.create === 'action' ? { create: raw.create } : {};
}

/** Reads them from a URL, whatever stands in it. */
export function scriptSearch(raw: Record<string, unknown>): ScriptSearch {
  const whole = (name: keyof ScriptSearch): ScriptSearch => {
    const value = Number(raw[name]);
    return Number.isInteger(value) && value > 0 ? { [name]: value } : {};
  };
  return { ...whole('line'), ...whole('before'), ...whole('after') };
}
