import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { type Answers, appAt, refusal } from '../../app/appAt';
import './ApiPage';

const PATH = '/api/v2/resource-servers/rs1';
const SCOPES = ['read:resource_servers', 'update:resource_servers', 'read:client_grants'];
const user = userEvent.setup({ delay: null });

interface Scope {
  value: string;
  description?: string;
}

function orders(scopes: Scope[]): object {
  return {
    id: 'rs1',
    name: 'Orders',
    identifier: 'https://orders.example.com',
    signing_alg: 'RS256',
    token_lifetime: 86400,
    subject_type_authorization: { client: { policy: 'require_client_grant' }, user: { policy: 'allow_all' } },
    scopes,
  };
}

const tagged = (scopes: Scope[], etag: string): Response =>
  Response.json(orders(scopes), { headers: { etag } });

function open(answers: Answers, search = '') {
  const tags: (string | null)[] = [];
  const app = appAt(`/apis/rs1/permissions${search}`, SCOPES, {
    ...answers,
    [`PATCH ${PATH}`]: (url, request) => {
      tags.push(request.headers.get('if-match'));
      return answers[`PATCH ${PATH}`]?.(url, request);
    },
  });
  return { ...app, tags };
}

async function add(value: string, description: string): Promise<void> {
  await user.click(await screen.findByLabelText('Scope'));
  await user.paste(value);
  await user.click(screen.getByLabelText('Description'));
  await user.paste(description);
  await user.keyboard('{Enter}');
}

test('saves all scopes with the tag of those it was made from', async () => {
  let isDown = false;
  const { sent, tags } = open({
    [`GET ${PATH}`]: () =>
      isDown
        ? refusal(503, 'Not now')
        : tagged([{ value: 'read:orders', description: 'Read orders' }], '"1"'),
    [`PATCH ${PATH}`]: () => {
      isDown = true;
      return tagged([{ value: 'read:orders' }, { value: 'create:orders' }], '"2"');
    },
  });
  await add('create:orders', '');
  await user.click(screen.getByText('Save'));
  await waitFor(() => expect(screen.queryByText('Save')).toBeNull());
  expect(tags).toEqual(['"1"']);
  expect(sent()).toEqual([
    { scopes: [{ value: 'read:orders', description: 'Read orders' }, { value: 'create:orders' }] },
  ]);
});

test('keeps what another person saved meanwhile and says what it was', async () => {
  let now = tagged([{ value: 'read:orders' }, { value: 'update:orders' }], '"1"');
  const { sent, tags } = open({
    [`GET ${PATH}`]: () => now.clone(),
    [`PATCH ${PATH}`]: (_url, request) =>
      request.headers.get('if-match') === '"1"' ? refusal(412, 'It was changed meanwhile') : orders([]),
  });
  await add('create:orders', 'Mine');
  now = tagged([{ value: 'read:orders' }, { value: 'delete:orders', description: 'Theirs' }], '"2"');
  await user.click(screen.getByText('Save'));

  const notice = await screen.findByText(/added: delete:orders; removed: update:orders/);
  expect(notice).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Description of create:orders').value).toBe('Mine');
  expect(screen.queryByLabelText('Description of update:orders')).toBeNull();

  await user.click(screen.getByText('Save'));
  await waitFor(() => expect(tags).toEqual(['"1"', '"2"']));
  expect(sent()[1]).toEqual({
    scopes: [
      { value: 'read:orders' },
      { value: 'delete:orders', description: 'Theirs' },
      { value: 'create:orders', description: 'Mine' },
    ],
  });
});

test('says what the server refused and loses nothing of it', async () => {
  open({
    [`GET ${PATH}`]: () => tagged([], '"1"'),
    [`PATCH ${PATH}`]: () =>
      refusal(
        400,
        "Payload validation error: 'A scope has no halves of letters: x' on property scopes[0].value.",
      ),
  });
  await add('x', 'Kept');
  await user.click(screen.getByText('Save'));
  expect((await screen.findByText(/Nothing was saved: A scope has no halves/)).getAttribute('role')).toBe(
    'alert',
  );
  expect(screen.getByLabelText<HTMLInputElement>('Description of x').value).toBe('Kept');
});

test('does not add a scope that the server would refuse', async () => {
  const { sent } = open({ [`GET ${PATH}`]: () => tagged([{ value: 'read:orders' }], '"1"') });
  await add('read:a write:a', '');
  expect(screen.getByText('A scope has no spaces, quotes or backslashes')).toBeTruthy();
  await user.clear(screen.getByLabelText('Scope'));
  await user.paste('read:orders');
  expect(screen.getByText('There is this scope already')).toBeTruthy();
  expect(screen.queryByText('Save')).toBeNull();
  expect(sent()).toEqual([]);
});

test('says how many grants hold a scope before it is removed, and takes the removal back', async () => {
  open({
    [`GET ${PATH}`]: () => tagged([{ value: 'read:orders' }, { value: 'other' }], '"1"'),
    'GET /api/v2/client-grants': () => ({
      client_grants: [
        { id: 'a', scope: ['read:orders'] },
        { id: 'b', scope: ['read:orders', 'other'] },
        { id: 'c', allow_all_scopes: true },
        { id: 'd', scope: ['other'] },
      ],
    }),
  });
  await user.click(await screen.findByLabelText('Remove read:orders'));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('2 grants list');
  expect(within(dialog).getByText('1 grant holds')).toBeTruthy();
  await user.click(within(dialog).getByText('Remove scope', { selector: 'button *' }));
  expect(await screen.findByText('Removed')).toBeTruthy();
  await user.click(screen.getByLabelText('Keep read:orders'));
  expect(screen.queryByText('Removed')).toBeNull();
  expect(screen.queryByText('Save')).toBeNull();
});

test('shows a hundred of a thousand scopes and finds the others', async () => {
  const scopes = Array.from({ length: 1000 }, (_, index) => ({ value: `read:sensor_${index}` }));
  open({ [`GET ${PATH}`]: () => tagged(scopes, '"1"') }, '?search=sensor_99');
  expect(await screen.findByText('read:sensor_999')).toBeTruthy();
  expect(screen.getByText('11 of 1,000 scopes')).toBeTruthy();
});
