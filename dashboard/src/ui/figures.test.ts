import { expect, test } from 'vitest';
import { count, counted, duration, relative } from './figures';

const NOW = new Date('2026-11-26T12:00:00Z');
const ago = (seconds: number): string => relative(new Date(NOW.getTime() - seconds * 1000), NOW);

test('a moment is told by how far it is from now', () => {
  expect([ago(9), ago(59), ago(60), ago(3_599), ago(7_200), ago(86_400), ago(40 * 86_400)]).toEqual([
    'just now',
    '59 seconds ago',
    '1 minute ago',
    '59 minutes ago',
    '2 hours ago',
    'yesterday',
    'last month',
  ]);
  expect([ago(-61), ago(-3 * 86_400)]).toEqual(['in 1 minute', 'in 3 days']);
});

test('a duration is told in the largest unit that fits it whole', () => {
  expect([1, 90, 120, 7_200, 86_400, 90_000].map(duration)).toEqual([
    '1 second',
    '90 seconds',
    '2 minutes',
    '2 hours',
    '1 day',
    '25 hours',
  ]);
});

test('counts have separators, and what is not known is a dash and never 0', () => {
  expect([count(1_234_567), count(0), count(null), count(undefined)]).toEqual(['1,234,567', '0', '–', '–']);
});

test('a counted word is in the singular for one only', () => {
  expect([counted(0, 'scope'), counted(1, 'scope'), counted(1_204, 'address', 'addresses')]).toEqual([
    '0 scopes',
    '1 scope',
    '1,204 addresses',
  ]);
});
