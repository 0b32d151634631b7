import { expect, test } from 'vitest';
import { lifetimeProblem, lifetimeWords } from './lifetime';

test.each([
  [1, '1 second'],
  [60, '1 minute'],
  [5_400, '1 hour 30 minutes'],
  [86_400, '1 day'],
  [90_061, '1 day 1 hour 1 minute 1 second'],
  [2_592_000, '30 days'],
])('%d seconds are %s', (seconds, words) => {
  expect(lifetimeWords(seconds)).toBe(words);
  expect(lifetimeProblem(seconds)).toBeUndefined();
});

test.each([
  ['', 'A whole'],
  ['1.5', 'A whole'],
  ['abc', 'A whole'],
  [0, 'At least'],
  [-5, 'At least'],
  [2_592_001, 'At most 30 days'],
])('%s is no lifetime', (seconds, problem) => {
  expect(lifetimeProblem(seconds)).toContain(problem);
  expect(lifetimeWords(seconds)).toContain(problem);
});
