import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { refusal } from '../../app/appAt';
import { kept, openApplication } from './testClient';

const user = userEvent.setup({ delay: null });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
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
  const server = kept();
  let isDown = false;
  const { tags } = openApplication('settings', server, {
    'GET /api/v2/clients/c1': () =>
      isDown
        ? refusal(503, 'Not now', 'temporarily_unavailable')
        : Response.json(server.client, { headers: { etag: server.tag } }),
  });
  await type('Name', ', daily');
  isDown = true;
  await save();
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Nightly upload, daily');
  await type('Description', 'Copies files');
  await save();
  expect(tags).toEqual(['"1"', '"1"+']);
});

const newKey = () => screen.getByLabelText<HTMLInputElement>('New key');

test('a pair of metadata that is typed and not added is saved with the others, whatever its key', async () => {
  const { sent } = openApplication('settings', kept({ client_metadata: { team: 'a', region: 'eu' } }));
  await user.click(await screen.findByLabelText('Remove region'));
  await type('New key', 'constructor');
  expect(screen.queryByText('There is this key already')).toBeNull();
  await type('New value', 'x');
  expect(screen.getByText('2 unsaved changes')).toBeTruthy();
  await save();
  expect(sent()).toEqual([{ client_metadata: { team: 'a', constructor: 'x', region: null } }]);
  expect(newKey().value).toBe('');
});

test('a key that is called as what every object has is removed as any other', async () => {
  const { sent } = openApplication('settings', kept({ client_metadata: { constructor: 'x' } }));
  await user.click(await screen.findByLabelText('Remove constructor'));
  await save();
  expect(sent()).toEqual([{ client_metadata: { constructor: null } }]);
});

test('a pair that cannot be added keeps all from being saved, and says why at its key', async () => {
  const { sent } = openApplication('settings', kept({ client_metadata: { team: 'a' } }));
  await type('New value', 'x');
  await user.click(screen.getByText('Save'));
  await screen.findByText('Give it a key');
  await vi.waitFor(() => expect(document.activeElement).toBe(newKey()));
  await type('New key', 'team');
  await screen.findByText('There is this key already');
  await user.click(screen.getByText('Save'));
  expect(sent()).toEqual([]);
});
