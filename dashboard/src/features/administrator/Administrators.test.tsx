import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { appAt, refusal } from '../../app/appAt';
import '../tenant/SettingsPage';

const user = userEvent.setup({ delay: null });
const ALL = ['read', 'create', 'update', 'delete'].map((verb) => `${verb}:administrators`);

const person = (id: string, name: string, role: string) => ({
  id,
  name,
  role,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  last_sign_in_at: null,
});
const PEOPLE = [person('adm_1', 'ada', 'owner'), person('adm_2', 'grace', 'editor')];

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const administrators = (scopes: string[], answers: Parameters<typeof appAt>[2] = {}, people = PEOPLE) =>
  appAt('/settings/administrators', scopes, {
    'GET /api/v2/administrators': () => people,
    'GET /api/v2/administrators/links': () => [],
    ...answers,
  });

async function act(on: string, what: string): Promise<void> {
  const row = (await screen.findByText(on)).closest('tr') as HTMLElement;
  await user.click(within(row).getByLabelText('Actions of this row'));
  await user.click(await screen.findByText(what));
}

test('who may not change administrators sees them, and why there is nothing to do', async () => {
  administrators(['read:administrators']);
  await screen.findByText('grace');
  expect(screen.getByText('Only owners invite, change and remove administrators.')).toBeTruthy();
  expect(screen.queryByText('Invite administrator')).toBeNull();
  expect(screen.queryByLabelText('Actions of this row')).toBeNull();
});

test('an invitation names the role and shows its link once', async () => {
  const { asked } = administrators(ALL, {
    'POST /api/v2/administrators/invitations': () => ({
      url: 'https://auth.example.com/dashboard/welcome#t1',
      role: 'editor',
      expires_at: '2099-01-02T03:04:05Z',
    }),
  });
  await user.click(await screen.findByText('Invite administrator'));
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByLabelText('Editor'));
  await user.click(within(dialog).getByRole('button', { name: 'Make link' }));
  await screen.findByText('https://auth.example.com/dashboard/welcome#t1');
  expect(screen.getByText(/It works once, until 2099-01-02 03:04 UTC/)).toBeTruthy();
  expect(asked.find(({ method }) => method === 'POST')?.body).toBe('{"role":"editor"}');
  await user.click(screen.getByText('Done'));
  await vi.waitFor(() => expect(screen.queryByText(/welcome#t1/)).toBeNull());
});

const LINKS = [
  {
    id: 'lnk_1',
    purpose: 'invitation',
    role: 'editor',
    name: null,
    made_by: { user_id: 'adm_1', user_name: 'ada' },
    made_at: '2026-01-01T00:00:00Z',
    expires_at: '2099-01-02T00:00:00Z',
    usable: true,
  },
  {
    id: 'lnk_2',
    purpose: 'reset',
    role: 'editor',
    name: 'grace',
    made_by: { client_id: 'q7Zr' },
    made_at: '2026-01-01T00:00:00Z',
    expires_at: '2099-01-02T00:00:00Z',
    usable: false,
  },
];

test('links that nobody has used are listed, and withdrawn with a click', async () => {
  let left = LINKS;
  const { asked } = administrators(ALL, {
    'GET /api/v2/administrators/links': () => left,
    'DELETE /api/v2/administrators/links/lnk_1': () => {
      left = LINKS.slice(1);
      return new Response(null, { status: 204 });
    },
  });
  const row = (await screen.findByText('Invitation, Editor')).closest('tr') as HTMLElement;
  expect(within(row).getByText('ada')).toBeTruthy();
  const reset = screen.getByText(/New password for/).closest('tr') as HTMLElement;
  expect(within(reset).getByText('q7Zr').getAttribute('href')).toContain('/applications/q7Zr');
  expect(within(reset).getByText('Void: its maker may not make it now')).toBeTruthy();
  await user.click(within(row).getByText('Withdraw'));
  await vi.waitFor(() => expect(screen.queryByText('Invitation, Editor')).toBeNull());
  expect(asked.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
});

test('a link that cannot be withdrawn stays, and it says why', async () => {
  administrators(ALL, {
    'GET /api/v2/administrators/links': () => LINKS,
    'DELETE /api/v2/administrators/links/lnk_1': () =>
      refusal(404, 'There is no such link any more', 'inexistent_link'),
  });
  const row = (await screen.findByText('Invitation, Editor')).closest('tr') as HTMLElement;
  await user.click(within(row).getByText('Withdraw'));
  await screen.findByText('There is no such link any more');
});

test('who may remove nobody sees the links and no button', async () => {
  administrators(['read:administrators'], { 'GET /api/v2/administrators/links': () => LINKS });
  await screen.findByText('Invitation, Editor');
  expect(screen.queryByText('Withdraw')).toBeNull();
});

test('the last owner is neither removed nor made less, and it says why', async () => {
  const { asked } = administrators(ALL);
  await act('ada', 'Remove');
  expect(screen.getAllByText('The last owner: make somebody else owner first')).toHaveLength(2);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(asked.every(({ method }) => method === 'GET')).toBe(true);
});

test('with two owners each can be removed', async () => {
  const { asked } = administrators(
    ALL,
    { 'DELETE /api/v2/administrators/adm_2': () => new Response(null, { status: 204 }) },
    [PEOPLE[0] as (typeof PEOPLE)[0], person('adm_2', 'grace', 'owner')],
  );
  await act('grace', 'Remove');
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByText(/All sessions of/).textContent).toContain('end at once');
  await user.click(within(dialog).getByRole('textbox'));
  await user.paste('grace');
  await user.keyboard('{Enter}');
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(asked.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
});

test('a role that the server refuses to change is as it was, and it says why', async () => {
  administrators(ALL, {
    'PATCH /api/v2/administrators/adm_2': () =>
      refusal(403, 'You may change only those below you', 'insufficient_scope'),
  });
  await act('grace', 'Change role');
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByLabelText('Viewer'));
  await user.click(within(dialog).getByRole('button', { name: 'Change role' }));
  await within(dialog).findByText('You may change only those below you');
});

test('removing oneself ends at the sign-in', async () => {
  administrators(ALL, { 'DELETE /api/v2/administrators/adm_1': () => new Response(null, { status: 204 }) }, [
    PEOPLE[0] as (typeof PEOPLE)[0],
    person('adm_2', 'grace', 'owner'),
  ]);
  await act('ada', 'Remove');
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('This is you: you are signed out.');
  await user.click(within(dialog).getByRole('textbox'));
  await user.paste('ada');
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { name: 'Sign in to Jeton' });
});

async function changePassword(current: string): Promise<void> {
  await user.click(await screen.findByLabelText('Current password'));
  await user.paste(current);
  await user.click(screen.getByLabelText('New password'));
  await user.paste('a sentence of mine');
  await user.keyboard('{Enter}');
}

test('one’s own password is changed with the one of today', async () => {
  const { asked } = appAt('/settings/account', [], {
    'POST /dashboard/session/password': () => new Response(null, { status: 204 }),
  });
  await changePassword('correct horse battery');
  await screen.findByText('Changed; your other sessions have ended.');
  expect(asked.at(-1)?.body).toBe('{"current":"correct horse battery","new":"a sentence of mine"}');
  expect(screen.getByLabelText<HTMLInputElement>('Current password').value).toBe('');
});

test('a wrong password of today is said at its field, and what was typed stays', async () => {
  appAt('/settings/account', [], {
    'POST /dashboard/session/password': () =>
      refusal(400, "The password in 'current' is wrong", 'invalid_credentials'),
  });
  await changePassword('wrong');
  await screen.findByText('The current password is wrong');
  expect(screen.getByLabelText<HTMLInputElement>('New password').value).toBe('a sentence of mine');
});
