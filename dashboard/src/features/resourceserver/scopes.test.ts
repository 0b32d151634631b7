import { expect, test } from 'vitest';
import { mergeScopes } from './scopes';

const scope = (value: string, description = '') => ({ value, description });

test('both people’s additions and removals stand', () => {
  const merged = mergeScopes(
    [scope('a'), scope('b'), scope('c')],
    [scope('b'), scope('c'), scope('mine')],
    [scope('a'), scope('c'), scope('theirs')],
  );
  expect(merged.value).toEqual([scope('c'), scope('theirs'), scope('mine')]);
  expect(merged.theirs).toBe('added: theirs; removed: b');
});

test('of two descriptions of one scope mine stands, and it is said', () => {
  const merged = mergeScopes([scope('a', 'was')], [scope('a', 'mine')], [scope('a', 'theirs')]);
  expect(merged.value).toEqual([scope('a', 'mine')]);
  expect(merged.theirs).toBe('described anew: a; changed by you too, and shown here as you have it: a');
});

test('a scope that I described and they removed stays, and it is said', () => {
  const merged = mergeScopes([scope('a')], [scope('a', 'mine')], []);
  expect(merged.value).toEqual([scope('a', 'mine')]);
  expect(merged.theirs).toBe('removed: a; changed by you too, and shown here as you have it: a');
});

test('a scope that I removed and they described stays removed', () => {
  expect(mergeScopes([scope('a')], [], [scope('a', 'theirs')]).value).toEqual([]);
});

test('a scope that both added stands once', () => {
  expect(mergeScopes([], [scope('a', 'mine')], [scope('a', 'theirs')]).value).toEqual([scope('a', 'mine')]);
});

test('the words for many scopes are bounded', () => {
  const theirs = Array.from({ length: 7 }, (_, index) => scope(`s${index}`));
  expect(mergeScopes([], [], theirs).theirs).toBe('added: s0, s1, s2, s3, s4 and 2 more');
});
