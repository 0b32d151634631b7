import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { forceLinting, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useId, useRef } from 'react';
import classes from './CodeEditor.module.css';
import { appearance, type Mark, markedLines, syntaxErrors } from './codeMirror';
import { completeParameters } from './completions';
import type { Kind } from './scripts';

interface Props {
  kind: Kind;
  label: string;
  value: string;
  change: (value: string) => void;
  /** Ctrl-S, or Cmd-S. */
  save: () => void;
  isReadOnly: boolean;
  secretNames: string[];
  marks: Mark[];
  /** Where to put the cursor at first. */
  line?: number | undefined;
}

/** The code of a script. */
export function CodeEditor(props: Props) {
  const { kind, label, value, isReadOnly, marks, line } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const now = useRef(props);
  now.current = props;
  const readOnly = useRef(new Compartment());
  const keys = useId();

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes is told to it below
  useEffect(() => {
    if (place.current === null) {
      return;
    }
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          highlightActiveLine(),
          highlightSelectionMatches(),
          EditorState.tabSize.of(2),
          javascript(),
          javascriptLanguage.data.of({
            autocomplete: completeParameters(kind, () => now.current.secretNames),
          }),
          lintGutter(),
          linter(({ state }) => [...syntaxErrors(state), ...markedLines(state, now.current.marks)], {
            delay: 400,
          }),
          keymap.of([
            {
              key: 'Mod-s',
              run: () => {
                now.current.save();
                return true;
              },
            },
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...completionKeymap,
            ...lintKeymap,
            indentWithTab,
          ]),
          readOnly.current.of(EditorState.readOnly.of(isReadOnly)),
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': keys }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              now.current.change(update.state.doc.toString());
            }
          }),
          EditorView.theme({ '.cm-content': { minHeight: '320px' } }),
          appearance(),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const shown = view.current;
    if (shown !== null && shown.state.doc.toString() !== value) {
      // It came from elsewhere: discarded, or another version.
      shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: readOnly.current.reconfigure(EditorState.readOnly.of(isReadOnly)) });
  }, [isReadOnly]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the linter reads them
  useEffect(() => {
    if (view.current !== null) {
      forceLinting(view.current);
    }
  }, [marks]);

  useEffect(() => {
    const shown = view.current;
    if (shown !== null && line !== undefined && line >= 1 && line <= shown.state.doc.lines) {
      const { from } = shown.state.doc.line(line);
      shown.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      shown.focus();
    }
  }, [line]);

  return (
    <>
      <div className={classes.editor} ref={place} />
      <p className={classes.keys} id={keys}>
        Tab indents; press Escape, then Tab, to leave the editor. Ctrl-Space completes, Ctrl-S saves (Cmd-S on
        a Mac).
      </p>
    </>
  );
}
