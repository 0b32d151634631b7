import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { appAt, refusal } from '../../app/appAt';
import './ApisPage';

const user = userEvent.setup({ delay: null });

async function fill(identifier: string, create: () => Response) {
  const { sent } = appAt('/apis', ['read:resource_servers', 'create:resource_servers'], {
    'GET /api/v2/resource-servers': () => ({ resource_servers: [], total: 0 }),
    'POST /api/v2/resource-servers': create,
  });
  await user.click((await screen.findAllByText('Create API'))[0] as HTMLElement);
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByLabelText('Name'));
  await user.paste('Orders');
  await user.click(within(dialog).getByLabelText('Identifier'));
  await user.paste(identifier);
  await user.keyboard('{Enter}');
  return { sent, dialog };
}

test('says at the identifier that it is taken, and keeps what was typed', async () => {
  const { dialog } = await fill('https://orders.example.com', () =>
    refusal(409, 'A resource server with the same identifier already exists'),
  );
  await within(dialog).findByText('There is an API with this identifier already');
  const identifier = within(dialog).getByLabelText<HTMLInputElement>('Identifier');
  expect(identifier.getAttribute('aria-invalid')).toBe('true');
  expect(identifier.value).toBe('https://orders.example.com');
  expect(document.activeElement).toBe(identifier);
});

test('puts a refused identifier at its field in the server’s words', async () => {
  const { dialog } = await fill('https://jeton.example.com/api/v2/', () =>
    refusal(
      400,
      "Payload validation error: 'This identifier is reserved for the Management API' on property identifier.",
    ),
  );
  await within(dialog).findByText('This identifier is reserved for the Management API');
  expect(within(dialog).getByLabelText('Identifier').getAttribute('aria-invalid')).toBe('true');
  expect(within(dialog).getByLabelText('Name').getAttribute('aria-invalid')).not.toBe('true');
});

test('does not send an identifier with a space pasted at its end', async () => {
  const { sent, dialog } = await fill('https://orders.example.com ', () => refusal(500, 'not asked for'));
  expect(within(dialog).getByText(/begins or ends with a space/)).toBeTruthy();
  expect(sent()).toEqual([]);
});
