import { javascript } from '@codemirror/lang-javascript';
import { MergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import classes from './CodeEditor.module.css';
import { appearance } from './codeMirror';

interface Props {
  before: { label: string; code: string };
  after: { label: string; code: string };
  /** Makes the right side editable, with a button at each difference that takes the left side's. */
  change?: (code: string) => void;
}

/** Two versions of a script side by side; what is alike is folded. */
export function CodeDiff({ before, after, change }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const changed = useRef(change);
  changed.current = change;
  const isEditable = change !== undefined;
  // While one edits, the right side is what one typed, and is not made anew by each letter.
  const right = isEditable ? undefined : after.code;

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for other versions only
  useEffect(() => {
    if (place.current === null) {
      return;
    }
    const common: Extension[] = [lineNumbers(), javascript(), appearance(), EditorView.lineWrapping];
    const fixed = EditorState.readOnly.of(true);
    const made = new MergeView({
      parent: place.current,
      a: {
        doc: before.code,
        extensions: [...common, fixed, EditorView.contentAttributes.of({ 'aria-label': before.label })],
      },
      b: {
        doc: after.code,
        extensions: [
          ...common,
          ...(isEditable ? [] : [fixed]),
          EditorView.contentAttributes.of({ 'aria-label': after.label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              changed.current?.(update.state.doc.toString());
            }
          }),
        ],
      },
      collapseUnchanged: { margin: 3, minSize: 6 },
      diffConfig: { scanLimit: 1000, timeout: 500 },
      ...(isEditable ? { revertControls: 'a-to-b' as const } : {}),
    });
    return () => made.destroy();
  }, [before.code, right, isEditable]);

  return (
    <div className={classes.editor}>
      <div className={classes.sides}>
        <span>{before.label}</span>
        <span>{after.label}</span>
      </div>
      <div ref={place} />
    </div>
  );
}
