import { expect, test } from 'vitest';
import { customClaims, lineOf, parseBody, type RunAnswer, sampleBody, scopeChanges, scopesOf } from './run';

const CALLER = {
  client_id: 'abc',
  name: '<script>',
  metadata: { plan: 'full' },
  audience: 'https://orders.example.com',
  scope: ['read:orders'],
  tenant: 'jeton.example.com',
};

test('a sample for a Hook has its four arguments', () => {
  expect(sampleBody('hook', CALLER)).toMatchObject({
    client: { id: 'abc', name: '<script>', tenant: 'jeton.example.com', metadata: { plan: 'full' } },
    scope: ['read:orders'],
    audience: 'https://orders.example.com',
    context: { body: { grant_type: 'client_credentials', audience: 'https://orders.example.com' } },
  });
});

test('a sample for an Action is an event', () => {
  expect(sampleBody('action', CALLER)).toMatchObject({
    client: { client_id: 'abc', metadata: { plan: 'full' } },
    resource_server: { identifier: 'https://orders.example.com' },
    accessToken: { scope: ['read:orders'] },
    tenant: { id: 'jeton.example.com' },
  });
});

test('the scopes of a body are found where its kind has them, and are none where they are something else', () => {
  expect(scopesOf('hook', sampleBody('hook', CALLER))).toEqual(['read:orders']);
  expect(scopesOf('action', sampleBody('action', CALLER))).toEqual(['read:orders']);
  expect(scopesOf('hook', { scope: 'read:orders' })).toEqual([]);
  expect(scopesOf('action', { accessToken: null })).toEqual([]);
});

test('a body that is no JSON object is not sent', () => {
  expect(parseBody('{"scope":[]}')).toEqual({ body: { scope: [] } });
  expect(parseBody('{')).toHaveProperty('problem');
  expect(parseBody('[]')).toEqual({ problem: 'The body is a JSON object' });
  expect(parseBody('null')).toEqual({ problem: 'The body is a JSON object' });
});

test('says of each scope whether it was kept, taken away or added, each once', () => {
  expect(scopeChanges(['a', 'b', 'a'], ['b', 'c', 'c'])).toEqual([
    { value: 'a', change: 'removed' },
    { value: 'b', change: 'kept' },
    { value: 'c', change: 'added' },
  ]);
  expect(scopeChanges([], [])).toEqual([]);
});

test('the claims that code gives are the result without the scopes', () => {
  const stats = { total_request_duration_ms: 1, total_runtime_execution_duration_ms: 1 };
  const given: RunAnswer = {
    payload: { result: { scope: ['a'], 'https://shop.example/plan': 'full' }, console: [] },
    stats,
  };
  expect(customClaims(given)).toEqual({ 'https://shop.example/plan': 'full' });
  expect(customClaims({ payload: { console: [] }, stats })).toEqual({});
});

test('finds the line of an error in what the server says of it', () => {
  expect(lineOf('ReferenceError: nope is not defined     at module.exports (hook.js:3:3)')).toBe(3);
  expect(
    lineOf("Region cannot be loaded: action.js:2  a b    ^ SyntaxError: Unexpected identifier 'b'"),
  ).toBe(2);
  expect(lineOf('The worker ended before it answered')).toBeUndefined();
});
