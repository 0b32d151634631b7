import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { request } from '../api/client';
import { appAt, refusal, SESSION } from '../app/appAt';
import '../features/resourceserver/ApiPage';
import '../features/overview/OverviewPage';

const user = userEvent.setup({ delay: null });
const NOT_SIGNED_IN = () =>
  refusal(401, 'You are not signed in, or the session has ended: sign in', 'not_signed_in');

afterEach(() => void vi.useRealTimers());

const SCOPES_OF_ACCOUNT = ['read:clients'];

const input = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

async function type(label: string, text: string): Promise<void> {
  await user.click(await screen.findByLabelText(label));
  await user.paste(text);
}

test('a refused password keeps the name and says why', async () => {
  appAt('/applications', [], {
    'GET /dashboard/session': NOT_SIGNED_IN,
    'POST /dashboard/session': () => refusal(401, 'The name or the password is wrong', 'invalid_credentials'),
  });
  await type('Name', 'ada');
  await type('Password', 'wrong');
  await user.keyboard('{Enter}');
  await screen.findByText('The name or the password is wrong');
  expect(input('Name').value).toBe('ada');
});

test('too many attempts say when to try again', async () => {
  vi.setSystemTime(new Date(2026, 10, 26, 14, 0, 0));
  appAt('/applications', [], {
    'GET /dashboard/session': NOT_SIGNED_IN,
    'POST /dashboard/session': () =>
      Response.json(
        { statusCode: 429, message: 'Too many attempts have failed', errorCode: 'too_many_attempts' },
        { status: 429, headers: { 'retry-after': '287' } },
      ),
  });
  await type('Name', 'ada');
  await type('Password', 'wrong');
  await user.keyboard('{Enter}');
  await screen.findByText(/^Too many attempts have failed; try again at 14:04:4\d$/);
});

test('after signing in the page is there that was asked for', async () => {
  appAt('/overview', [], {
    'GET /dashboard/session': NOT_SIGNED_IN,
    'POST /dashboard/session': () => ({ ...SESSION, scopes: [] }),
  });
  await type('Name', 'ada');
  await type('Password', 'correct horse battery');
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { name: 'Overview' });
});

test('a link that was used says so, and how to get another', async () => {
  const { asked } = appAt('/welcome#used', [], {
    'POST /dashboard/links/look': () => refusal(404, 'There is no such link', 'no_such_link'),
  });
  await screen.findByRole('heading', { name: 'This link does not work any more' });
  expect(screen.getByText('jeton admin reset NAME')).toBeTruthy();
  expect(asked.find(({ method }) => method === 'POST')?.body).toBe('{"token":"used"}');
});

const RESET = { purpose: 'reset', role: 'editor', name: 'grace', expires_at: '2099-01-01T00:00:00Z' };

test('a reset keeps the name and sends the password only', async () => {
  const { asked } = appAt('/welcome#t1', [], {
    'POST /dashboard/links/look': () => RESET,
    'POST /dashboard/links/redeem': () => ({ ...SESSION, scopes: [] }),
  });
  await type('Password', 'a sentence of mine');
  expect(input('Name').value).toBe('grace');
  expect(input('Name').readOnly).toBe(true);
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { name: 'Overview' });
  expect(asked.find(({ url }) => url.pathname.endsWith('redeem'))?.body).toBe(
    '{"token":"t1","password":"a sentence of mine"}',
  );
});

test('a link that was used by somebody else meanwhile says so', async () => {
  appAt('/welcome#t1', [], {
    'POST /dashboard/links/look': () => RESET,
    'POST /dashboard/links/redeem': () => refusal(404, 'There is no such link', 'no_such_link'),
  });
  await type('Password', 'a sentence of mine');
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { name: 'This link does not work any more' });
});

test('a name that is taken is said at the name', async () => {
  appAt('/welcome#t1', [], {
    'POST /dashboard/links/look': () => ({ ...RESET, purpose: 'invitation', name: null }),
    'POST /dashboard/links/redeem': () =>
      refusal(
        400,
        "Payload validation error: 'An administrator has this name already; choose another' on property name.",
        'invalid_body',
      ),
  });
  await type('Name', 'ada');
  await type('Password', 'a sentence of mine');
  await user.keyboard('{Enter}');
  await screen.findByText('An administrator has this name already; choose another');
  expect(input('Name').getAttribute('aria-invalid')).toBe('true');
  expect(input('Password').value).toBe('a sentence of mine');
});

const API = {
  id: 'a1',
  name: 'Orders',
  identifier: 'https://orders.example.com',
  scopes: [],
  token_lifetime: 86400,
  signing_alg: 'RS256',
  token_dialect: 'access_token',
  subject_type_authorization: { client: { policy: 'require_client_grant' } },
};
const MAY = ['read:resource_servers', 'update:resource_servers'];

test('a session that ends while a form is filled in loses nothing, and what was sent is saved after signing in', async () => {
  let isOver = false;
  let name = 'Orders';
  const sent: [body: string, csrf: string | null][] = [];
  appAt('/apis/a1/settings', MAY, {
    'GET /api/v2/resource-servers/a1': () => (isOver ? NOT_SIGNED_IN() : { ...API, name }),
    'PATCH /api/v2/resource-servers/a1': async (_, request) => {
      sent.push([await request.text(), request.headers.get('x-csrf-token')]);
      if (isOver) {
        return NOT_SIGNED_IN();
      }
      name = 'Orders, new';
      return { ...API, name };
    },
    'POST /dashboard/session': () => {
      isOver = false;
      return { ...SESSION, csrf_token: 'of the second session', scopes: MAY };
    },
  });
  await type('Name', ', new');
  isOver = true;
  await user.click(screen.getByText('Save'));
  const dialog = await screen.findByRole('dialog', { name: 'Your session is over' });
  expect(within(dialog).getByLabelText<HTMLInputElement>('Name').value).toBe('ada');
  await user.click(within(dialog).getByLabelText('Password'));
  await user.paste('correct horse battery');
  await user.keyboard('{Enter}');
  await vi.waitFor(() => expect(screen.queryByText('Save')).toBeNull());
  expect(sent).toEqual([
    ['{"name":"Orders, new"}', 'csrf'],
    ['{"name":"Orders, new"}', 'of the second session'],
  ]);
  expect(input('Name').value).toBe('Orders, new');
});

test('a form stays when what it shows cannot be fetched anew', async () => {
  let isDown = false;
  const { client } = appAt('/apis/a1/settings', MAY, {
    'GET /api/v2/resource-servers/a1': () => (isDown ? refusal(503, 'Busy', 'busy') : API),
  });
  await type('Name', ', new');
  isDown = true;
  await act(() => client.invalidateQueries());
  expect(input('Name').value).toBe('Orders, new');
});

test('a session that another window has begun is taken over, and what was sent is sent again', async () => {
  let token = 'csrf';
  const { asked } = appAt('/settings/account', SCOPES_OF_ACCOUNT, {
    'GET /dashboard/session': () => ({ ...SESSION, scopes: SCOPES_OF_ACCOUNT, csrf_token: token }),
    'POST /dashboard/session/password': (_url, request) =>
      request.headers.get('X-CSRF-Token') === token
        ? new Response(null, { status: 204 })
        : refusal(403, 'The request lacks the token of this session', 'csrf'),
  });
  await type('Current password', 'a sentence of mine');
  await type('New password', 'another sentence of mine');
  token = 'that of the other window';
  await user.click(screen.getByRole('button', { name: 'Change password' }));
  await waitFor(() => expect(asked.filter(({ url }) => url.pathname.endsWith('password'))).toHaveLength(2));
});

test('what is refused when no page is there that asks to sign in again fails, and waits for nobody', async () => {
  appAt('/overview', [], { 'GET /api/v2/clients': NOT_SIGNED_IN });
  await screen.findByRole('heading', { name: 'Overview' });
  cleanup();
  await expect(request('/api/v2/clients')).rejects.toMatchObject({ status: 401 });
});
