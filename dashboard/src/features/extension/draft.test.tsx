import { useQuery } from '@tanstack/react-query';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Tagged } from '../../api/client';
import { appAt, keeping } from '../../app/appAt';
import { useDraft } from './draft';
import { type Hook, type Script, scriptQuery } from './scripts';

const PATH = '/api/v2/hooks/h1';
const user = userEvent.setup({ delay: null });

function hook(script: string, name = 'Plan claim'): Hook {
  return { id: 'h1', name, script, dependencies: {}, triggerId: 'credentials-exchange', enabled: true };
}

/** Stands for the editor, which a test without a browser cannot show. */
function Editor({ loaded }: { loaded: Tagged<Script> }) {
  const draft = useDraft(loaded);
  return (
    <>
      <textarea aria-label="Code" value={draft.text} onChange={(event) => draft.type(event.target.value)} />
      <p>{draft.isDirty ? 'Not saved' : 'Saved'}</p>
      {draft.conflict !== undefined && <p>Theirs: {draft.conflict.value.code}</p>}
      {draft.problem !== undefined && <p>Problem: {String(draft.problem)}</p>}
      <button type="button" onClick={() => void draft.save()}>
        Save
      </button>
      <button type="button" onClick={draft.keepMine}>
        Keep mine
      </button>
      <button type="button" onClick={draft.discard}>
        Discard
      </button>
    </>
  );
}

function Page() {
  const loaded = useQuery(scriptQuery('hook', 'h1'));
  return loaded.data === undefined ? null : <Editor loaded={loaded.data} />;
}

function open() {
  const kept = keeping(PATH, hook('before'));
  return { ...appAt(<Page />, ['read:hooks', 'update:hooks'], kept.answers), kept };
}

async function type(text: string): Promise<void> {
  const code = await screen.findByLabelText('Code');
  await user.clear(code);
  await user.click(code);
  await user.paste(text);
}

const code = (): string => screen.getByLabelText<HTMLTextAreaElement>('Code').value;

test('saves the code alone, with the tag of what it was made from', async () => {
  const { kept, sent } = open();
  await type('after');
  await user.click(screen.getByText('Save'));
  await screen.findByText('Saved');
  expect(kept.tags).toEqual(['"1"']);
  expect(sent()).toEqual([{ script: 'after' }]);
  expect(code()).toBe('after');
});

test('saves over a change of something else than the code', async () => {
  const { kept } = open();
  await type('after');
  kept.value = hook('before', 'Another name');
  kept.tag = '"2"';
  await user.click(screen.getByText('Save'));
  await screen.findByText('Saved');
  expect(kept.tags).toEqual(['"1"', '"2"']);
  expect(kept.value).toMatchObject({ name: 'Another name', script: 'after' });
});

test('never overwrites code that another person saved, and shows both', async () => {
  const { kept } = open();
  await type('mine');
  kept.value = hook('theirs');
  kept.tag = '"2"';
  await user.click(screen.getByText('Save'));
  await screen.findByText('Theirs: theirs');
  expect(code()).toBe('mine');
  await user.click(screen.getByText('Save'));
  expect(kept.value.script).toBe('theirs');

  await user.click(screen.getByText('Keep mine'));
  await user.click(screen.getByText('Save'));
  await screen.findByText('Saved');
  expect(kept.value.script).toBe('mine');
});

test('shows the other person’s code where one’s own is discarded', async () => {
  const { kept } = open();
  await type('mine');
  kept.value = hook('theirs');
  kept.tag = '"2"';
  await user.click(screen.getByText('Save'));
  await screen.findByText('Theirs: theirs');
  await user.click(screen.getByText('Discard'));
  await screen.findByText('Saved');
  expect(code()).toBe('theirs');
});

test('keeps what was typed when it cannot be saved', async () => {
  const { sent } = open();
  await type('é'.repeat(60_000));
  await user.click(screen.getByText('Save'));
  await screen.findByText(/120000 bytes; at most 100000/);
  expect(sent()).toEqual([]);
  expect(code()).toHaveLength(60_000);
});
