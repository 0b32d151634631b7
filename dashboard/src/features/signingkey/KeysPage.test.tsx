import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { appAt, refusal } from '../../app/appAt';
import type { SigningKey } from './signingKeys';

const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });

function key(kid: string, state: 'current' | 'next' | 'previous' | 'revoked'): SigningKey {
  return {
    kid,
    alg: 'RS256',
    cert: '',
    pkcs7: '',
    fingerprint: '',
    thumbprint: '',
    current: false,
    next: false,
    previous: false,
    revoked: false,
    [state]: true,
  };
}

const KEYS = [key('old', 'previous'), key('gone', 'revoked'), key('soon', 'next'), key('now', 'current')];
const OWNER = ['read:signing_keys', 'update:signing_keys', 'create:signing_keys', 'read:stats'];
const ANSWERS = {
  'GET /api/v2/keys/signing': () => KEYS,
  'GET /.well-known/jwks.json': () => ({ keys: [{ kid: 'now' }, { kid: 'soon' }, { kid: 'old' }] }),
};

describe('the signing keys', () => {
  it('stand in the order in which they sign, with whether APIs see them', async () => {
    appAt('/keys', OWNER, ANSWERS);

    const table = await screen.findByRole('table', { name: 'Keys for RS256' });
    await waitFor(() => expect(within(table).getAllByText('Yes')).toHaveLength(3));
    const rows = within(table).getAllByRole('row').slice(1);
    expect(
      rows.map((row) =>
        /^(Current|Next|Previous|Revoked).*(now|soon|old|gone).*(Yes|No)/
          .exec(row.textContent ?? '')
          ?.slice(1),
      ),
    ).toEqual([
      ['Current', 'now', 'Yes'],
      ['Next', 'soon', 'Yes'],
      ['Previous', 'old', 'Yes'],
      ['Revoked', 'gone', 'No'],
    ]);
  });

  it('are rotated early only if one says so, and it is said from when on they may be', async () => {
    const { asked } = appAt('/keys', OWNER, {
      ...ANSWERS,
      'POST /api/v2/keys/signing/rotate': (url) =>
        url.searchParams.get('force') === 'true'
          ? Response.json(key('soon', 'current'), { status: 201 })
          : refusal(
              409,
              'the next key is published for too short a time: … rotate after 2030-01-02T03:04:05.678Z, or force it with force=true',
              'signing_key_rotation_too_early',
            ),
    });

    await user.click(await screen.findByRole('button', { name: 'Rotate key' }));
    const dialog = await screen.findByRole('dialog');
    const rotate = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Rotate key' });
    await user.click(rotate);
    expect((await within(dialog).findByRole('alert')).textContent).toContain('2030-01-02 03:04:05 UTC');
    expect(rotate.disabled).toBe(true);
    await user.click(within(dialog).getByRole('checkbox'));
    await user.click(rotate);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked.filter(({ method }) => method === 'POST').map(({ url }) => url.search)).toEqual([
      '?alg=RS256',
      '?alg=RS256&force=true',
    ]);
  });

  it('are revoked when they sign no more, by their name', async () => {
    const { asked } = appAt('/keys', OWNER, {
      ...ANSWERS,
      'GET /api/v2/usage/signing-keys/old/impact': () => ({
        tokens_day: 1204,
        newest_at: '2026-11-26T12:00:00Z',
        addresses_day: 3,
      }),
      'PUT /api/v2/keys/signing/old/revoke': () => key('old', 'revoked'),
    });

    await user.click(await screen.findByRole('button', { name: 'Revoke key' }));
    const dialog = await screen.findByRole('dialog');
    await within(dialog).findByText('1,204 tokens');
    await user.type(within(dialog).getByRole('textbox'), 'old{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked.filter(({ method }) => method === 'PUT').map(({ url }) => url.pathname)).toEqual([
      '/api/v2/keys/signing/old/revoke',
    ]);
  });

  it('are changed by nobody who may only see them, and it is said why', async () => {
    appAt('/keys', ['read:signing_keys'], ANSWERS);

    await screen.findByText('Your role may not revoke keys');
    expect(screen.getByText(/Your role may not rotate keys/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Rotate key' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Revoke key' })).toBeNull();
  });
});
