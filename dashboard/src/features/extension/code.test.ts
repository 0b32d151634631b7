import { CompletionContext } from '@codemirror/autocomplete';
import { javascript } from '@codemirror/lang-javascript';
import { EditorState } from '@codemirror/state';
import { describe, expect, test } from 'vitest';
import { markedLines, syntaxErrors } from './codeMirror';
import { completeParameters, completionsFor } from './completions';
import { nameProblem, TEMPLATES } from './templates';

function stateOf(code: string): EditorState {
  return EditorState.create({ doc: code, extensions: [javascript()] });
}

function lines(code: string): number[] {
  const state = stateOf(code);
  return syntaxErrors(state).map((error) => state.doc.lineAt(error.from).number);
}

describe('syntax errors', () => {
  test('stand at their line', () => {
    expect(lines('const a = 1;\nconst x = ;\nconst b = 2;')).toEqual([2]);
    expect(lines('exports.a =\n a b')).toEqual([2]);
  });

  test('are found at the end, where something is missing', () => {
    expect(lines('module.exports = function (client, {')).toEqual([1]);
    expect(lines('')).toEqual([]);
  });

  test('are not said of what Node.js takes', () => {
    expect(
      lines('const a = b?.c ?? await d;\nfor await (const x of y) {}\nclass Z { #p = 1n; static {} }'),
    ).toEqual([]);
  });

  test('are not said of the place up to which a long script was parsed so far', () => {
    const long = 'function f(a) {\n  return a + 1;\n}\n'.repeat(2_700);
    expect(long.length).toBeGreaterThan(90_000);
    expect(lines(long)).toEqual([]);
  });

  test('that the server found stand at the line it named, if there is one', () => {
    const state = stateOf('one();\ntwo();');
    expect(markedLines(state, [{ line: 2, words: 'two is not defined' }])).toMatchObject([
      { from: 7, to: 13, message: 'two is not defined' },
    ]);
    expect(markedLines(state, [{ line: 9, words: 'elsewhere' }])).toEqual([]);
  });
});

describe('templates', () => {
  test.each([
    ['hook', 'module.exports = '],
    ['action', 'exports.onExecuteCredentialsExchange = '],
  ] as const)('of a %s export what is called, and have no syntax error', (kind, what) => {
    for (const { code } of TEMPLATES[kind]) {
      expect(code).toContain(what);
      expect(lines(code)).toEqual([]);
    }
  });

  test('a name is refused before the server is asked', () => {
    expect(nameProblem('hook', 'Plan claim-2')).toBeUndefined();
    expect(nameProblem('hook', ' Plan')).toBeDefined();
    expect(nameProblem('hook', 'Plan_claim')).toBeDefined();
    expect(nameProblem('action', 'Région 🌍')).toBeUndefined();
    expect(nameProblem('action', '<b>')).toBeDefined();
  });
});

describe('completion', () => {
  const labels = (path: string, kind: 'hook' | 'action' = 'hook'): string[] =>
    completionsFor(kind, ['API_KEY', 'not-a-name'], path).map((each) => each.label);

  test('knows the parameters and what is in them', () => {
    expect(labels('cl')).toEqual(expect.arrayContaining(['client', 'scope', 'audience', 'context', 'cb']));
    expect(labels('client.')).toEqual(['name', 'id', 'tenant', 'metadata']);
    expect(labels('event.request.', 'action')).toContain('user_agent');
    expect(labels('api.access.', 'action')).toEqual(['deny']);
  });

  test('knows the names of the secrets that can be written behind a dot', () => {
    expect(labels('context.webtask.secrets.')).toEqual(['API_KEY']);
    expect(labels('event?.secrets.A', 'action')).toEqual(['API_KEY']);
  });

  test('says nothing of what it does not know', () => {
    expect(labels('client.metadata.')).toEqual([]);
    expect(labels('constructor.')).toEqual([]);
  });

  test('replaces the last name only', () => {
    const state = stateOf('cb(null, client.metadata');
    const result = completeParameters('hook', () => [])(
      new CompletionContext(state, state.doc.length, false),
    );
    expect(result?.from).toBe('cb(null, client.'.length);
  });
});
