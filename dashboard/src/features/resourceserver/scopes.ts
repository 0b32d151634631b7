import type { Merged } from '../../ui/entityForm';
import type { ResourceServer } from './resourceServers';

/** A scope of an API as the form has it: the description may be empty. */
export interface Scope {
  value: string;
  description: string;
}

export const MOST_SCOPES = 1_000;
export const LONGEST_VALUE = 280;
export const LONGEST_DESCRIPTION = 500;
const NAMED = 5;

export function scopesOf(server: ResourceServer): Scope[] {
  return (server.scopes ?? []).map(({ value, description = '' }) => ({ value, description }));
}

/** As the server takes them: no description rather than an empty one. */
export function toSend(scopes: Scope[]): { value: string; description?: string }[] {
  return scopes.map(({ value, description }) => (description === '' ? { value } : { value, description }));
}

/** Why this cannot be added; the server checks the same. */
export function scopeProblem(value: string, scopes: Scope[]): string | undefined {
  if (/[\s"\\\p{Cc}]/u.test(value)) {
    return 'A scope has no spaces, quotes or backslashes';
  }
  if (scopes.some((scope) => scope.value === value)) {
    return 'There is this scope already';
  }
  return scopes.length >= MOST_SCOPES ? 'An API has at most 1,000 scopes' : undefined;
}

type Descriptions = Map<string, string>;

const byValue = (scopes: Scope[]): Descriptions =>
  new Map(scopes.map(({ value, description }) => [value, description]));

/** A change replaces all scopes of an API: two people's changes since `before` are put together, scope by scope. */
export function mergeScopes(before: Scope[], mine: Scope[], theirs: Scope[]): Merged<Scope[]> {
  const [was, here, there] = [byValue(before), byValue(mine), byValue(theirs)];
  const isMine = (value: string): boolean => here.get(value) !== was.get(value);
  const kept = theirs
    .filter(({ value }) => here.has(value) || !was.has(value))
    .map(({ value, description }) => ({
      value,
      description: isMine(value) ? (here.get(value) ?? description) : description,
    }));
  const added = mine.filter(({ value }) => !there.has(value) && isMine(value));
  return { value: [...kept, ...added], theirs: inWords(was, here, there) };
}

function inWords(was: Descriptions, here: Descriptions, there: Descriptions): string {
  const changed = [...new Set([...was.keys(), ...there.keys()])].filter(
    (value) => was.get(value) !== there.get(value),
  );
  const both = changed.filter(
    (value) => was.get(value) !== here.get(value) && here.get(value) !== there.get(value),
  );
  return [
    named(
      'added',
      changed.filter((value) => !was.has(value)),
    ),
    named(
      'removed',
      changed.filter((value) => !there.has(value)),
    ),
    named(
      'described anew',
      changed.filter((value) => was.has(value) && there.has(value)),
    ),
    named('changed by you too, and shown here as you have it', both),
  ]
    .filter((words) => words !== '')
    .join('; ');
}

function named(what: string, values: string[]): string {
  const more = values.length - NAMED;
  return values.length === 0
    ? ''
    : `${what}: ${values.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
