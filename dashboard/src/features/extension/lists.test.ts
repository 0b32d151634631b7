import { expect, test } from 'vitest';
import { moved } from './bindings';
import { withPackage } from './DependenciesTab';
import { extensionsSearch, scriptSearch } from './extensionSearch';
import { withMore } from './LogTab';

test('moves one Action a place, and none beyond the ends', () => {
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
});

test('a package of the same name is replaced where it stands', () => {
  const list = [
    { name: 'ms', version: '2.1.2' },
    { name: 'lodash', version: '4.17.21' },
  ];
  expect(withPackage(list, { name: 'ms', version: '2.1.3' })[0]).toEqual({ name: 'ms', version: '2.1.3' });
  expect(withPackage(list, { name: 'jose', version: '6.0.0' })).toHaveLength(3);
});

test('lines are appended, and the oldest go where there are more than a thousand', () => {
  const page = (from: number, many: number) => ({
    logs: Array.from({ length: many }, (_, index) => ({
      id: String(from + index),
      date: '2026-01-01T00:00:00Z',
      level: 'log',
      text: 'x',
      request_id: null,
    })),
    next: String(from + many - 1),
  });
  const all = withMore(withMore(undefined, page(1, 990)), page(991, 20));
  expect(all.logs).toHaveLength(1000);
  expect(all.logs[0]?.id).toBe('11');
  expect(all.next).toBe('1010');
  expect(withMore(all, { logs: [], next: '1010' }).logs).toHaveLength(1000);
});

test('an address may hold anything', () => {
  expect(extensionsSearch({ create: 'hook' })).toEqual({ create: 'hook' });
  expect(extensionsSearch({ create: 'rule' })).toEqual({});
  expect(scriptSearch({ line: 3, before: 1, after: 2 })).toEqual({ line: 3, before: 1, after: 2 });
  expect(scriptSearch({ line: -1, before: '1; drop', after: 1.5 })).toEqual({});
});
