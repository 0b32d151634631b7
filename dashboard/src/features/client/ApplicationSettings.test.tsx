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
