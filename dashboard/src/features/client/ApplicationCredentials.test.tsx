import { act, cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { kept, openApplication } from './testClient';

const user = userEvent.setup({ delay: null });

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const basic = () => screen.findByLabelText<HTMLInputElement>('Client Secret (Basic)');

test('the authentication method is saved when one says so, and only if nobody else was first', async () => {
  const server = kept();
  const { sent, tags } = openApplication('credentials', server);
  await user.click(await basic());
  expect(screen.getByText('1 unsaved change')).toBeTruthy();
  expect(screen.getByText(/the running program gets 401/)).toBeTruthy();
  expect(sent()).toEqual([]);
  server.tag = '"2"';
  await user.click(screen.getByText('Save'));
  await screen.findByText(/Somebody else saved this meanwhile/);
  expect((await basic()).checked).toBe(true);
  await user.click(screen.getByText('Save'));
  await vi.waitFor(() => expect(screen.queryByText('Save')).toBeNull());
  expect(tags).toEqual(['"1"', '"2"']);
  expect(sent().at(-1)).toEqual({ token_endpoint_auth_method: 'client_secret_basic' });
});

test('a rotated secret is shown for 30 seconds, and the method is saved with the new tag', async () => {
  const server = kept();
  const { tags } = openApplication('credentials', server, {
    'POST /api/v2/clients/c1/rotate-secret': () => {
      server.tag = '"rotated"';
      return Response.json({ ...server.client, client_secret: 'fresh' }, { headers: { etag: server.tag } });
    },
  });
  await user.click(await screen.findByText('Rotate secret', { selector: 'button *' }));
  await user.click(await screen.findByLabelText(/^Type/));
  await user.paste('Nightly upload');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  await user.keyboard('{Enter}');
  await screen.findByText('fresh');
  await user.click(await basic());
  await user.click(screen.getByText('Save'));
  await vi.waitFor(() => expect(tags).toEqual(['"rotated"']));
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(screen.queryByText('fresh')).toBeNull();
});

test('an application that asks for tokens cannot be told to prove nothing', async () => {
  openApplication('credentials', kept());
  await basic();
  expect(screen.queryByLabelText('None')).toBeNull();
  expect(screen.getByText(/None is not offered while client_credentials/)).toBeTruthy();
});
