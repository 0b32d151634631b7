import { ensureSyntaxTree, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Diagnostic } from '@codemirror/lint';
import type { EditorState, Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Something said of a line by who tried the code: the server. */
export interface Mark {
  line: number;
  words: string;
}

const MOST_DIAGNOSTICS = 20;
/** 100 kB, the longest script, took 0.3 s; where it takes longer, nothing is said until the server tries the code. */
const PARSE_AT_MOST_MS = 1_000;

/** Where the parser lost its way, one for each line; nothing is run to find out. */
export function syntaxErrors(state: EditorState): Diagnostic[] {
  const found = new Map<number, Diagnostic>();
  // A tree of a part ends in an error where the part does.
  ensureSyntaxTree(state, state.doc.length, PARSE_AT_MOST_MS)?.iterate({
    enter: (node) => {
      if (!node.type.isError || found.size === MOST_DIAGNOSTICS) {
        return;
      }
      // What is missing has no length; it is shown at what stands before it.
      const from = node.from === node.to ? Math.max(0, node.from - 1) : node.from;
      const { number } = state.doc.lineAt(from);
      if (!found.has(number)) {
        const what = state.sliceDoc(node.from, Math.min(node.to, node.from + 20)).trim();
        const message = what === '' ? 'Syntax error: something is missing here' : `Syntax error at “${what}”`;
        found.set(number, { from, to: Math.max(node.to, from + 1), severity: 'error', message });
      }
    },
  });
  return [...found.values()].map((each) => ({ ...each, to: Math.min(each.to, state.doc.length) }));
}

/** What the server said, at the lines that it named. */
export function markedLines(state: EditorState, marks: Mark[]): Diagnostic[] {
  return marks
    .filter(({ line }) => line >= 1 && line <= state.doc.lines)
    .map(({ line, words }) => {
      const { from, to } = state.doc.line(line);
      return { from, to, severity: 'error', source: 'server', message: words };
    });
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--code-text)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--code-name)' },
]);

const surfaces = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', fontSize: '13px', maxHeight: '68vh' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    lineHeight: '20px',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--panel)',
    color: 'var(--quiet)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--accent-soft)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 7%, transparent)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--accent-soft)',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--text)',
  },
  '.cm-completionDetail': { color: 'var(--quiet)', fontStyle: 'normal', marginLeft: '12px' },
  '.cm-panels': {
    backgroundColor: 'var(--panel)',
    color: 'var(--text)',
    borderTop: '1px solid var(--line)',
  },
  '.cm-panel button, .cm-panel input': {
    backgroundImage: 'none',
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line-strong)',
    borderRadius: '4px',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--expiring-soft)' },
  '.cm-searchMatch-selected': { outline: '1px solid var(--expiring)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--refused)' },
  // In place of images inside the style sheet, which the page's policy refuses.
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--refused)' },
  '.cm-lint-marker-error': { content: 'normal' },
  '.cm-lint-marker-error::before': { content: '"✕"', color: 'var(--refused)', fontWeight: '700' },
  '.cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--expiring) 10%, transparent) !important' },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--expiring) 22%, transparent) !important' },
  '.cm-collapsedLines': {
    background: 'var(--panel)',
    color: 'var(--quiet)',
    fontFamily: 'var(--mantine-font-family)',
  },
});

/** Both themes at once: the colours are variables, and styles carry the nonce that the page was served with. */
export function appearance(): Extension {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  return [surfaces, syntaxHighlighting(colours), EditorView.cspNonce.of(nonce)];
}
