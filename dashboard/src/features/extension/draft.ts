import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, type Tagged } from '../../api/client';
import { loadScript, MOST, remember, type Script, saveScript } from './scripts';

/** Code as one types it: kept by the page, so that it outlives a look at another tab. */
export interface Draft {
  text: string;
  isDirty: boolean;
  isSaving: boolean;
  type: (text: string) => void;
  discard: () => void;
  /** Whether it was saved; what kept it from that is in `problem` or `conflict`. */
  save: () => Promise<boolean>;
  problem: unknown;
  /** What another person saved meanwhile. */
  conflict: Tagged<Script> | undefined;
  /** Has the next save put this one's text in place of the other person's. */
  keepMine: () => void;
}

interface Edited {
  text: string;
  /** What it was made from. */
  from: Tagged<Script>;
}

/** What of a script is typed and not saved. A save never overwrites code that one has not seen. */
export function useDraft(loaded: Tagged<Script>): Draft {
  const queries = useQueryClient();
  const { kind, id } = loaded.value;
  const [edited, setEdited] = useState<Edited>();
  const [conflict, setConflict] = useState<Tagged<Script>>();
  const [problem, setProblem] = useState<unknown>();
  const [isSaving, setSaving] = useState(false);
  const text = edited?.text ?? loaded.value.code;

  function type(next: string): void {
    const from = edited?.from ?? loaded;
    setEdited(next === from.value.code && conflict === undefined ? undefined : { text: next, from });
  }

  function discard(): void {
    if (conflict !== undefined) {
      remember(queries, conflict);
    }
    setEdited(undefined);
    setConflict(undefined);
    setProblem(undefined);
  }

  async function send({ text: code, from }: Edited, tries = 3): Promise<boolean> {
    try {
      const now = await saveScript(kind, id, { code }, from.etag);
      remember(queries, now);
      // What was typed while it was being saved stays.
      setEdited((last) =>
        last === undefined || last.text === code ? undefined : { text: last.text, from: now },
      );
      return true;
    } catch (failure) {
      if (!(failure instanceof ApiProblem && failure.status === 412)) {
        throw failure;
      }
    }
    const theirs = await loadScript(kind, id);
    if (theirs.value.code === code) {
      remember(queries, theirs);
      setEdited(undefined);
      return true;
    }
    if (theirs.value.code === from.value.code && tries > 1) {
      // They changed something else: a name, a package, a secret.
      return send({ text: code, from: theirs }, tries - 1);
    }
    setConflict(theirs);
    return false;
  }

  async function save(): Promise<boolean> {
    if (edited === undefined || isSaving || conflict !== undefined) {
      return edited === undefined;
    }
    setProblem(undefined);
    const bytes = new TextEncoder().encode(edited.text).length;
    if (bytes > MOST.codeBytes) {
      setProblem(new Error(`The code has ${bytes} bytes; at most ${MOST.codeBytes} are taken`));
      return false;
    }
    setSaving(true);
    try {
      return await send(edited);
    } catch (failure) {
      setProblem(failure);
      return false;
    } finally {
      setSaving(false);
    }
  }

  function keepMine(): void {
    if (conflict !== undefined) {
      setEdited({ text, from: conflict });
      setConflict(undefined);
    }
  }

  return {
    text,
    isDirty: edited !== undefined,
    isSaving,
    type,
    discard,
    save,
    problem,
    conflict,
    keepMine,
  };
}
