import { useQuery } from '@tanstack/react-query';
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { Tagged } from '../../api/client';
import { useDraft } from './draft';
import { type Hook, type Script, scriptQuery } from './scripts';
import { type Asked, answer, refusal, show } from './testServer';

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

/** A server with one Hook, which another person may change, and what it was asked to save. */
function serve(): { now: { hook: Hook; etag: string }; asked: Asked[]; saved: () => Asked[] } {
  const now = { hook: hook('before'), etag: '"1"' };
  const asked = show(<Page />, {
    [`GET ${PATH}`]: () => answer(now.hook, now.etag),
    [`PATCH ${PATH}`]: (body, ifMatch) => {
      if (ifMatch !== now.etag) {
        return refusal(412, 'It has been changed since it was read');
      }
      now.hook = { ...now.hook, ...(body as object) };
      now.etag = '"mine"';
      return answer(now.hook, now.etag);
    },
  });
  return { now, asked, saved: () => asked.filter(({ call }) => call.startsWith('PATCH')) };
}

async function type(text: string): Promise<void> {
  const code = await screen.findByLabelText('Code');
  await user.clear(code);
  await user.click(code);
  await user.paste(text);
}

const code = (): string => screen.getByLabelText<HTMLTextAreaElement>('Code').value;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('saves the code alone, with the tag of what it was made from', async () => {
  const { saved } = serve();
  await type('after');
  await user.click(screen.getByText('Save'));
  await screen.findByText('Saved');
  expect(saved()).toEqual([{ call: `PATCH ${PATH}`, ifMatch: '"1"', body: { script: 'after' } }]);
  expect(code()).toBe('after');
});

test('saves over a change of something else than the code', async () => {
  const { now, saved } = serve();
  await type('after');
  now.hook = hook('before', 'Another name');
  now.etag = '"2"';
  await user.click(screen.getByText('Save'));
  await screen.findByText('Saved');
  expect(saved().map(({ ifMatch }) => ifMatch)).toEqual(['"1"', '"2"']);
  expect(now.hook).toMatchObject({ name: 'Another name', script: 'after' });
});

test('never overwrites code that another person saved, and shows both', async () => {
  const { now } = serve();
  await type('mine');
  now.hook = hook('theirs');
  now.etag = '"2"';
  await user.click(screen.getByText('Save'));
  await screen.findByText('Theirs: theirs');
  expect(code()).toBe('mine');
  await user.click(screen.getByText('Save'));
  expect(now.hook.script).toBe('theirs');

  await user.click(screen.getByText('Keep mine'));
  await user.click(screen.getByText('Save'));
  await screen.findByText('Saved');
  expect(now.hook.script).toBe('mine');
});

test('shows the other person’s code where one’s own is discarded', async () => {
  const { now } = serve();
  await type('mine');
  now.hook = hook('theirs');
  now.etag = '"2"';
  await user.click(screen.getByText('Save'));
  await screen.findByText('Theirs: theirs');
  await user.click(screen.getByText('Discard'));
  await screen.findByText('Saved');
  expect(code()).toBe('theirs');
});

test('keeps what was typed when it cannot be saved', async () => {
  const { saved } = serve();
  await type('é'.repeat(60_000));
  await user.click(screen.getByText('Save'));
  await screen.findByText(/120000 bytes; at most 100000/);
  expect(saved()).toEqual([]);
  expect(code()).toHaveLength(60_000);
});
