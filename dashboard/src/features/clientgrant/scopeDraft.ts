import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, type Tagged } from '../../api/client';
import { mergeScopes } from '../resourceserver/scopes';
import { type ClientGrant, loadGrant, setScopes, taggedGrantQuery } from './grants';

/** The scopes of a grant as one chooses them. */
export interface ScopeDraft {
  chosen: string[];
  isChanged: boolean;
  isSaving: boolean;
  /** Whether they can be chosen yet: what the choice starts from is loaded. */
  isReady: boolean;
  choose: (chosen: string[]) => void;
  discard: () => void;
  save: () => Promise<void>;
  problem: unknown;
  /** What another person changed meanwhile. */
  theirs: string | undefined;
}

interface Edited {
  chosen: string[];
  /** What it was made from. */
  from: Tagged<ClientGrant>;
}

const plain = (scopes: string[]) => scopes.map((value) => ({ value, description: '' }));
const same = (a: string[], b: string[]): boolean =>
  JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());

/** What is chosen of a grant and not saved. It outlives that the grant is loaded anew, and never undoes another's change. */
export function useScopeDraft(grant: ClientGrant | undefined, isWanted: boolean): ScopeDraft {
  const queries = useQueryClient();
  const id = grant?.id ?? '';
  const loaded = useQuery({ ...taggedGrantQuery(id), enabled: isWanted && id !== '' });
  const [edited, setEdited] = useState<Edited>();
  const [problem, setProblem] = useState<unknown>();
  const [theirs, setTheirs] = useState<string>();
  const [isSaving, setSaving] = useState(false);
  // A grant that was withdrawn and made anew is another one.
  const mine = edited?.from.value.id === id && grant?.allow_all_scopes !== true ? edited : undefined;
  const from = mine?.from ?? loaded.data;

  function choose(chosen: string[]): void {
    if (from !== undefined) {
      setEdited(same(chosen, from.value.scope ?? []) ? undefined : { chosen, from });
    }
  }

  function discard(): void {
    setEdited(undefined);
    setProblem(undefined);
    setTheirs(undefined);
  }

  async function rebase({ chosen, from: before }: Edited): Promise<void> {
    const now = await loadGrant(id);
    queries.setQueryData(taggedGrantQuery(id).queryKey, now);
    const scope = now.value.scope ?? [];
    const merged = mergeScopes(plain(before.value.scope ?? []), plain(chosen), plain(scope));
    const both = merged.value.map(({ value }) => value);
    setEdited(same(both, scope) ? undefined : { chosen: both, from: now });
    setTheirs(
      now.value.allow_all_scopes === true
        ? 'it holds all scopes of the API now'
        : merged.theirs || 'not its scopes',
    );
  }

  async function save(): Promise<void> {
    if (mine === undefined) {
      return;
    }
    setSaving(true);
    setProblem(undefined);
    setTheirs(undefined);
    try {
      const now = await setScopes(id, mine.chosen, mine.from.etag);
      queries.setQueryData(taggedGrantQuery(id).queryKey, now);
      setEdited(undefined);
    } catch (failure) {
      if (failure instanceof ApiProblem && failure.status === 412) {
        await rebase(mine).catch(setProblem);
      } else {
        setProblem(failure);
      }
    } finally {
      setSaving(false);
      void queries.invalidateQueries({ queryKey: ['grants'] });
    }
  }

  return {
    chosen: mine?.chosen ?? (from?.value ?? grant)?.scope ?? [],
    isChanged: mine !== undefined,
    isSaving,
    isReady: from !== undefined,
    choose,
    discard,
    save,
    problem: problem ?? (isWanted && loaded.isLoadingError ? loaded.error : undefined),
    theirs,
  };
}
