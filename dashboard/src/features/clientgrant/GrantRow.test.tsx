import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { appAt, keeping, refusal } from '../../app/appAt';

const user = userEvent.setup({ delay: null });
const API = { id: 'a1', name: 'Orders', identifier: 'https://orders.example.com/' };
const CLIENT = { client_id: 'c1', name: 'Up', grant_types: ['client_credentials'] };
const READ = ['read:clients', 'read:resource_servers', 'read:client_grants'];
const SCOPES = ['read:orders', 'write:orders', 'delete:orders'];

function open() {
  const kept = keeping('/api/v2/client-grants/g1', {
    id: 'g1',
    client_id: 'c1',
    audience: API.identifier,
    scope: ['read:orders'],
  });
  const list = { isDown: false };
  const app = appAt('/applications/c1/apis', [...READ, 'update:client_grants'], {
    'GET /api/v2/clients/c1': () => CLIENT,
    'GET /api/v2/resource-servers': () => ({
      resource_servers: [{ ...API, scopes: SCOPES.map((value) => ({ value })) }],
      total: 1,
    }),
    'GET /api/v2/client-grants': () =>
      list.isDown ? refusal(503, 'Not now') : { client_grants: [kept.value] },
    ...kept.answers,
  });
  return { ...app, kept, list };
}

const box = (scope: string) => screen.getByLabelText<HTMLInputElement>(scope);

async function choose(scope: string): Promise<void> {
  await user.click(await screen.findByLabelText('Scopes of Orders'));
  await vi.waitFor(() => expect(box(scope).disabled).toBe(false));
  await user.click(box(scope));
}

test('scopes that two people choose at once are both granted', async () => {
  const { kept } = open();
  await choose('write:orders');
  kept.value.scope = ['read:orders', 'delete:orders'];
  kept.tag = '"2"';
  await user.click(screen.getByText('Update'));
  await screen.findByText(/Somebody else changed this grant meanwhile/);
  expect(screen.getByText('added: delete:orders')).toBeTruthy();
  expect(SCOPES.map((scope) => box(scope).checked)).toEqual([true, true, true]);
  await user.click(screen.getByText('Update'));
  await vi.waitFor(() => expect(screen.queryByText('Update')).toBeNull());
  expect(kept.tags).toEqual(['"1"', '"2"']);
  expect([...kept.value.scope].sort()).toEqual([...SCOPES].sort());
});

/** An application with that many grants, the last of which is for the API that is shown. */
function openMany(many: number, tab = 'apis') {
  const all = Array.from({ length: many }, (_, index) => ({
    id: `g${index}`,
    client_id: 'c1',
    audience: index === many - 1 ? API.identifier : `https://${index}.example.com/`,
    scope: [],
  }));
  return appAt(`/applications/c1/${tab}`, READ, {
    'GET /api/v2/clients/c1': () => CLIENT,
    'GET /api/v2/resource-servers': () => ({ resource_servers: [{ ...API, scopes: [] }], total: 1 }),
    'GET /api/v2/client-grants': ({ searchParams }) => {
      const audience = searchParams.get('audience');
      const fitting = audience === null ? all : all.filter((grant) => grant.audience === audience);
      const [first, take] = [Number(searchParams.get('from') ?? 0), Number(searchParams.get('take'))];
      const next = first + take < fitting.length ? { next: String(first + take) } : {};
      return { client_grants: fitting.slice(first, first + take), ...next };
    },
  });
}

test('a grant beyond the first hundred is shown as one, and offered to be tried', async () => {
  openMany(150);
  expect((await screen.findByLabelText<HTMLInputElement>('Authorize Orders')).checked).toBe(true);
  expect(screen.getByText('Authorized for 150 APIs of 1')).toBeTruthy();
  cleanup();
  openMany(150, '');
  await user.click(await screen.findByLabelText('API', { selector: 'input' }));
  await user.clear(screen.getByLabelText('API', { selector: 'input' }));
  await user.paste('orders');
  expect(await screen.findByRole('option', { name: API.identifier })).toBeTruthy();
});

test('a grant beyond the first thousand is asked for by itself', async () => {
  const { asked } = openMany(1_500);
  expect((await screen.findByLabelText<HTMLInputElement>('Authorize Orders')).checked).toBe(true);
  expect(screen.getByText('Authorized for more than 1,000 APIs of 1')).toBeTruthy();
  expect(asked.filter(({ url }) => url.pathname.endsWith('client-grants'))).toHaveLength(11);
});

test('a choice outlives that the grants are loaded anew, and leaving asks', async () => {
  const { client, kept, list } = open();
  await choose('write:orders');
  kept.value.scope = [];
  kept.tag = '"2"';
  await client.refetchQueries({ queryKey: ['grants'] });
  expect(box('read:orders').checked).toBe(true);
  expect(box('write:orders').checked).toBe(true);
  list.isDown = true;
  await client.refetchQueries({ queryKey: ['grants'] });
  expect(box('write:orders').checked).toBe(true);
  await user.click(screen.getByText('Settings', { selector: '[href*="/c1/"]' }));
  await screen.findByText('Changed: Scopes of Orders.');
  await user.click(screen.getByText('Stay'));
  expect(screen.getByText('Not saved')).toBeTruthy();
});
