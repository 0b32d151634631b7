import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { type Answers, appAt, keeping, refusal } from '../../app/appAt';
import { SecretsTab } from './SecretsTab';
import { type Action, ofAction, ofHook, type Script } from './scripts';

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

function open(script: Script, answers: Answers) {
  const scopes = [`read:${script.kind}s`, `update:${script.kind}s`];
  return appAt(<SecretsTab script={script} runs />, scopes, answers);
}

/** The tab of an Action with those secrets. */
function openAction(names: string[]) {
  const kept = keeping(ACTION, action(names));
  return { ...open(ofAction({ value: kept.value, etag: '' }).value, kept.answers), kept };
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

test('adds a secret of a Hook, and forgets its value', async () => {
  let names = {};
  const tags: (string | null)[] = [];
  const { sent } = open(hook, {
    [`GET ${HOOK}`]: () => Response.json(names, { headers: { etag: '"1"' } }),
    [`POST ${HOOK}`]: (_url, request) => {
      tags.push(request.headers.get('if-match'));
      names = { API_KEY: '_VALUE_NOT_SHOWN_' };
      return Response.json({}, { status: 201 });
    },
  });
  await add('API_KEY', 's3cret');
  await screen.findByText('API_KEY');
  expect(tags).toEqual(['"1"']);
  expect(sent()).toEqual([{ API_KEY: 's3cret' }]);
  expect(screen.getByLabelText<HTMLInputElement>('Value').value).toBe('');
  expect(document.body.textContent).not.toContain('_VALUE_NOT_SHOWN_');
});

test('refuses a name that is there, without asking the server', async () => {
  const { sent } = open(hook, { [`GET ${HOOK}`]: () => ({ API_KEY: '_VALUE_NOT_SHOWN_' }) });
  await add('API_KEY', 'other');
  expect(screen.getByText(/There is a secret of this name/)).toBeTruthy();
  expect(sent()).toEqual([]);
});

test('keeps what was typed when another person changed the secrets first', async () => {
  open(hook, {
    [`GET ${HOOK}`]: () => ({}),
    [`POST ${HOOK}`]: () => refusal(412, 'It has been changed since it was read'),
  });
  await add('API_KEY', 's3cret');
  await screen.findByText(/Somebody else changed the secrets meanwhile/);
  expect(screen.getByLabelText<HTMLInputElement>('Value').value).toBe('s3cret');
});

test('sends the other secrets of an Action without a value, so that they keep theirs', async () => {
  const { kept, sent } = openAction(['OLD']);
  await add('NEW', 'value');
  await vi.waitFor(() => expect(kept.tags).toEqual(['"1"']));
  expect(sent()).toEqual([{ secrets: [{ name: 'OLD' }, { name: 'NEW', value: 'value' }] }]);
});

test('removes a secret of an Action once its name is typed', async () => {
  const { kept, sent } = openAction(['OLD', 'KEPT']);
  await user.click((await screen.findAllByLabelText('Actions of this row'))[0] as HTMLElement);
  await user.click(await screen.findByText('Remove'));
  await user.click(await screen.findByLabelText(/Type/));
  await user.paste('OLD');
  await press('Remove secret');
  await vi.waitFor(() => expect(kept.tags).toEqual(['"1"']));
  expect(sent()).toEqual([{ secrets: [{ name: 'KEPT' }] }]);
});
