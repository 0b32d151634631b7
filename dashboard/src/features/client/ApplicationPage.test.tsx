import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { type Answers, appAt, keeping, refusal } from '../../app/appAt';
import './ApplicationPage';

const user = userEvent.setup({ delay: null });
const PATH = '/api/v2/clients/c1';
const SCOPES = ['read:clients', 'update:clients', 'update:client_keys', 'read:client_keys'];

afterEach(() => void vi.useRealTimers());

/** The page of one application at one of its tabs. */
function open(tab: string, client: object = {}, answers: (kept: Kept) => Answers = () => ({})) {
  const kept = keep(client);
  const app = appAt(`/applications/c1/${tab}`, SCOPES, { ...kept.answers, ...answers(kept) });
  return { ...app, kept };
}

type Kept = ReturnType<typeof keep>;

const keep = (client: object) =>
  keeping(PATH, {
    client_id: 'c1',
    name: 'Nightly upload',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
    ...client,
  });

const basic = () => screen.findByLabelText<HTMLInputElement>('Client Secret (Basic)');

test('the authentication method is saved when one says so, and only if nobody else was first', async () => {
  const { kept, sent } = open('credentials');
  await user.click(await basic());
  expect(screen.getByText('1 unsaved change')).toBeTruthy();
  expect(screen.getByText(/the running program gets 401/)).toBeTruthy();
  expect(sent()).toEqual([]);
  kept.tag = '"2"';
  await user.click(screen.getByText('Save'));
  await screen.findByText(/Somebody else saved this meanwhile/);
  expect((await basic()).checked).toBe(true);
  await user.click(screen.getByText('Save'));
  await vi.waitFor(() => expect(screen.queryByText('Save')).toBeNull());
  expect(kept.tags).toEqual(['"1"', '"2"']);
  expect(sent().at(-1)).toEqual({ token_endpoint_auth_method: 'client_secret_basic' });
});

test('a rotated secret is shown for 30 seconds, and the method is saved with the new tag', async () => {
  const { kept } = open('credentials', {}, (kept) => ({
    [`POST ${PATH}/rotate-secret`]: () => {
      kept.tag = '"rotated"';
      return Response.json({ ...kept.value, client_secret: 'fresh' }, { headers: { etag: kept.tag } });
    },
  }));
  await user.click(await screen.findByText('Rotate secret', { selector: 'button *' }));
  await user.click(await screen.findByLabelText(/^Type/));
  await user.paste('Nightly upload');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  await user.keyboard('{Enter}');
  await screen.findByText('fresh');
  await user.click(await basic());
  await user.click(screen.getByText('Save'));
  await vi.waitFor(() => expect(kept.tags).toEqual(['"rotated"']));
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(screen.queryByText('fresh')).toBeNull();
});

test('an application that asks for tokens cannot be told to prove nothing', async () => {
  open('credentials');
  await basic();
  expect(screen.queryByLabelText('None')).toBeNull();
  expect(screen.getByText(/None is not offered while client_credentials/)).toBeTruthy();
});

async function type(label: string, text: string): Promise<void> {
  await user.click(await screen.findByLabelText(label));
  await user.paste(text);
}

async function save(): Promise<void> {
  await user.click(screen.getByText('Save'));
  await vi.waitFor(() => expect(screen.queryByText('Save')).toBeNull());
}

test('what was saved is in the answer: that it cannot be loaded anew is no failure of the save', async () => {
  let isDown = false;
  const { kept } = open('settings', {}, ({ answers }) => ({
    [`GET ${PATH}`]: (url, request) =>
      isDown ? refusal(503, 'Not now') : answers[`GET ${PATH}`]?.(url, request),
  }));
  await type('Name', ', daily');
  isDown = true;
  await save();
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Nightly upload, daily');
  await type('Description', 'Copies files');
  await save();
  expect(kept.tags).toEqual(['"1"', '"1"+']);
});

const newKey = () => screen.getByLabelText<HTMLInputElement>('New key');

test('a pair of metadata that is typed and not added is saved with the others, whatever its key', async () => {
  const { sent } = open('settings', { client_metadata: { team: 'a', region: 'eu' } });
  await user.click(await screen.findByLabelText('Remove region'));
  await type('New key', 'constructor');
  expect(screen.queryByText('There is this key already')).toBeNull();
  await type('New value', 'x');
  expect(screen.getByText('2 unsaved changes')).toBeTruthy();
  await save();
  expect(sent()).toEqual([{ client_metadata: { team: 'a', constructor: 'x', region: null } }]);
  expect(newKey().value).toBe('');
});

test('a pair that was saved though the answer was lost is nobody else’s, and need not be saved again', async () => {
  open('settings', {}, ({ answers }) => ({
    [`PATCH ${PATH}`]: async (url, request) => {
      await answers[`PATCH ${PATH}`]?.(url, request);
      throw new TypeError('the connection ended');
    },
  }));
  await type('New key', 'region');
  await type('New value', 'eu');
  await user.click(screen.getByText('Save'));
  await user.click(await screen.findByText('Load what is there'));
  await vi.waitFor(() => expect(screen.queryByText('Save')).toBeNull());
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByLabelText<HTMLInputElement>('Value of region').value).toBe('eu');
  expect(newKey().value).toBe('');
});

test('a key that is called as what every object has is removed as any other', async () => {
  const { sent } = open('settings', { client_metadata: { constructor: 'x' } });
  await user.click(await screen.findByLabelText('Remove constructor'));
  await save();
  expect(sent()).toEqual([{ client_metadata: { constructor: null } }]);
});

test('a pair that cannot be added keeps all from being saved, and says why at its key', async () => {
  const { sent } = open('settings', { client_metadata: { team: 'a' } });
  await type('New value', 'x');
  await user.click(screen.getByText('Save'));
  await screen.findByText('Give it a key');
  await vi.waitFor(() => expect(document.activeElement).toBe(newKey()));
  await type('New key', 'team');
  await screen.findByText('There is this key already');
  await user.click(screen.getByText('Save'));
  expect(sent()).toEqual([]);
});

test('metadata that somebody else added meanwhile goes where one’s own is put in its place', async () => {
  const { kept, sent } = open('settings', { client_metadata: { team: 'a' } });
  await user.click(await screen.findByLabelText('Remove team'));
  kept.value = { ...kept.value, client_metadata: { team: 'a', region: 'eu' } } as typeof kept.value;
  kept.tag = '"2"';
  await user.click(screen.getByText('Save'));
  await screen.findByText(/you typed something else, which Save puts in its place/);
  await save();
  expect(sent().at(-1)).toEqual({ client_metadata: { team: null, region: null } });
});
