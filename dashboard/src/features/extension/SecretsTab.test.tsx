import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { SecretsTab } from './SecretsTab';
import { type Action, ofAction, ofHook, type Script } from './scripts';
import { answer, refusal, show } from './testServer';

const HOOK = '/api/v2/hooks/h1/secrets';
const ACTION = '/api/v2/actions/actions/a1';
const user = userEvent.setup({ delay: null });

const hook: Script = ofHook({
  value: {
    id: 'h1',
    name: 'Plan claim',
    script: '',
    dependencies: {},
    triggerId: 'credentials-exchange',
    enabled: true,
  },
  etag: '',
}).value;

function action(names: string[]): Action {
  const at = '2026-01-01T00:00:00Z';
  return {
    id: 'a1',
    name: 'Region',
    created_at: at,
    updated_at: at,
    supported_triggers: [],
    all_changes_deployed: false,
    code: '',
    runtime: 'node22',
    status: 'built',
    dependencies: [],
    secrets: names.map((name) => ({ name, updated_at: at })),
  };
}

async function add(name: string, value: string): Promise<void> {
  await user.click(await screen.findByLabelText('Name'));
  await user.paste(name);
  await user.click(screen.getByLabelText('Value'));
  await user.paste(value);
  await press('Add secret');
}

/** By its words: looking for roles in all of a page is slow. */
async function press(button: string): Promise<void> {
  await user.click(screen.getByText(button, { selector: 'button *' }).closest('button') as HTMLElement);
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('adds a secret of a Hook, and forgets its value', async () => {
  let names = {};
  const asked = show(<SecretsTab script={hook} runs />, {
    [`GET ${HOOK}`]: () => answer(names, '"1"'),
    [`POST ${HOOK}`]: () => {
      names = { API_KEY: '_VALUE_NOT_SHOWN_' };
      return answer({}, '"2"', 201);
    },
  });
  await add('API_KEY', 's3cret');
  await screen.findByText('API_KEY');
  expect(asked[1]).toEqual({ call: `POST ${HOOK}`, ifMatch: '"1"', body: { API_KEY: 's3cret' } });
  expect(screen.getByLabelText<HTMLInputElement>('Value').value).toBe('');
  expect(document.body.textContent).not.toContain('_VALUE_NOT_SHOWN_');
});

test('refuses a name that is there, without asking the server', async () => {
  const asked = show(<SecretsTab script={hook} runs />, {
    [`GET ${HOOK}`]: () => answer({ API_KEY: '_VALUE_NOT_SHOWN_' }, '"1"'),
  });
  await add('API_KEY', 'other');
  expect(screen.getByText(/There is a secret of this name/)).toBeTruthy();
  expect(asked).toHaveLength(1);
});

test('keeps what was typed when another person changed the secrets first', async () => {
  show(<SecretsTab script={hook} runs />, {
    [`GET ${HOOK}`]: () => answer({}, '"1"'),
    [`POST ${HOOK}`]: () => refusal(412, 'It has been changed since it was read'),
  });
  await add('API_KEY', 's3cret');
  await screen.findByText(/Somebody else changed the secrets meanwhile/);
  expect(screen.getByLabelText<HTMLInputElement>('Value').value).toBe('s3cret');
});

test('sends the other secrets of an Action without a value, so that they keep theirs', async () => {
  const asked = show(
    <SecretsTab script={ofAction({ value: action(['OLD']), etag: '' }).value} runs={false} />,
    {
      [`GET ${ACTION}`]: () => answer(action(['OLD']), '"1"'),
      [`PATCH ${ACTION}`]: () => answer(action(['OLD', 'NEW']), '"2"'),
    },
  );
  await add('NEW', 'value');
  await vi.waitFor(() => expect(asked.some(({ call }) => call.startsWith('PATCH'))).toBe(true));
  expect(asked[1]).toEqual({
    call: `PATCH ${ACTION}`,
    ifMatch: '"1"',
    body: { secrets: [{ name: 'OLD' }, { name: 'NEW', value: 'value' }] },
  });
});

test('removes a secret of an Action once its name is typed', async () => {
  const asked = show(
    <SecretsTab script={ofAction({ value: action(['OLD', 'KEPT']), etag: '' }).value} runs={false} />,
    {
      [`GET ${ACTION}`]: () => answer(action(['OLD', 'KEPT']), '"1"'),
      [`PATCH ${ACTION}`]: () => answer(action(['KEPT']), '"2"'),
    },
  );
  await user.click((await screen.findAllByLabelText('Actions of this row'))[0] as HTMLElement);
  await user.click(await screen.findByText('Remove'));
  await user.click(await screen.findByLabelText(/Type/));
  await user.paste('OLD');
  await press('Remove secret');
  await vi.waitFor(() => expect(asked.some(({ call }) => call.startsWith('PATCH'))).toBe(true));
  expect(asked.find(({ call }) => call.startsWith('PATCH'))?.body).toEqual({ secrets: [{ name: 'KEPT' }] });
});
