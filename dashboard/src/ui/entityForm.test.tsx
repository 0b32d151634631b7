import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { appAt, refusal } from '../app/appAt';
import '../features/tenant/SettingsPage';

// The tenant settings are the plainest of all forms of an entity.
const user = userEvent.setup({ delay: null });
const PATH = '/api/v2/tenants/settings';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

interface Kept {
  settings: Record<string, string>;
  tag: string;
}

type Save = () => Promise<Response>;

function open(kept: Kept, answered: (save: Save) => Promise<Response> = (save) => save()) {
  const tags: (string | null)[] = [];
  const answer = () => Response.json(kept.settings, { headers: { etag: kept.tag } });
  const app = appAt('/settings', ['read:tenant_settings', 'update:tenant_settings'], {
    [`GET ${PATH}`]: answer,
    [`PATCH ${PATH}`]: async (_, request) => {
      tags.push(request.headers.get('if-match'));
      if (request.headers.get('if-match') !== kept.tag) {
        return refusal(412, 'Somebody was first', 'precondition_failed');
      }
      return answered(async () => {
        kept.settings = { ...kept.settings, ...((await request.json()) as Record<string, string>) };
        kept.tag = `${kept.tag}+`;
        return answer();
      });
    },
  });
  const sent = () => app.asked.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body));
  return { ...app, sent, tags };
}

const input = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

async function type(label: string, text: string): Promise<void> {
  await user.clear(await screen.findByLabelText(label));
  await user.click(input(label));
  await user.paste(text);
}

const saved = () => vi.waitFor(() => expect(screen.queryByText('Save')).toBeNull());

test('what changed is counted, alone sent, and can be discarded', async () => {
  const { sent } = open({ settings: { friendly_name: 'Prod', support_email: 'a@b.c' }, tag: '"1"' });
  await type('Friendly name', 'Production');
  expect(screen.getByText('1 unsaved change')).toBeTruthy();
  await type('Support URL', 'https://help.example.com');
  expect(screen.getByText('2 unsaved changes')).toBeTruthy();
  await user.click(screen.getByText('Discard'));
  expect(input('Friendly name').value).toBe('Prod');
  expect(screen.queryByText('Save')).toBeNull();
  await type('Friendly name', 'Production');
  await user.click(screen.getByText('Save'));
  await saved();
  expect(sent()).toEqual([{ friendly_name: 'Production' }]);
});

test('a refused field has the focus and the reason; what was typed stays', async () => {
  open({ settings: {}, tag: '"1"' }, async () =>
    refusal(400, "Payload validation error: 'That is no address' on property support_email.", 'invalid_body'),
  );
  await type('Support email', 'nobody');
  await user.click(screen.getByText('Save'));
  await screen.findByText('That is no address');
  await vi.waitFor(() => expect(document.activeElement).toBe(input('Support email')));
  expect(input('Support email').value).toBe('nobody');
  expect(input('Support email').getAttribute('aria-invalid')).toBe('true');
});

test('where somebody else was first, what was typed stays, theirs is shown, and saving once more does it', async () => {
  const kept: Kept = { settings: { friendly_name: 'Prod', support_email: 'a@b.c' }, tag: '"1"' };
  const { sent, tags } = open(kept);
  await type('Friendly name', 'Mine');
  kept.settings = { friendly_name: 'Theirs', support_email: 'theirs@b.c' };
  kept.tag = '"2"';
  await user.click(screen.getByText('Save'));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain(
    'Friendly name is now Theirs; you typed something else, which Save puts in its place',
  );
  expect(alert.textContent).toContain('Support email is now theirs@b.c');
  expect(input('Friendly name').value).toBe('Mine');
  expect(input('Support email').value).toBe('theirs@b.c');
  expect(screen.getByText('1 unsaved change')).toBeTruthy();
  await user.click(screen.getByText('Save'));
  await saved();
  expect(tags).toEqual(['"1"', '"2"']);
  expect(sent().at(-1)).toEqual({ friendly_name: 'Mine' });
  expect(kept.settings.support_email).toBe('theirs@b.c');
});

test('a save whose answer was lost is not called a failure, and what is there shows that it was saved', async () => {
  open({ settings: {}, tag: '"1"' }, async (save) => {
    await save();
    throw new TypeError('the connection ended');
  });
  await type('Friendly name', 'Prod');
  await user.click(screen.getByText('Save'));
  await screen.findByText('It is not known whether this was saved');
  expect(screen.queryByText('Nothing was saved')).toBeNull();
  expect(input('Friendly name').value).toBe('Prod');
  await user.click(screen.getByText('Load what is there'));
  await saved();
  expect(screen.queryByRole('alert')).toBeNull();
  expect(input('Friendly name').value).toBe('Prod');
});

test('a save that was lost on its way is still there to be sent again', async () => {
  open({ settings: {}, tag: '"1"' }, async () => refusal(502, 'Bad gateway', ''));
  await type('Friendly name', 'Prod');
  await user.click(screen.getByText('Save'));
  await user.click(await screen.findByText('Load what is there'));
  await screen.findByText('Nothing was saved');
  expect(screen.getByText('1 unsaved change')).toBeTruthy();
  expect(input('Friendly name').value).toBe('Prod');
});

test('leaving with changes asks, and staying keeps them', async () => {
  const { router } = open({ settings: {}, tag: '"1"' });
  await type('Support URL', 'https://help.example.com');
  await user.click(screen.getByText('My account'));
  await screen.findByText('Leave without saving 1 change?');
  expect(screen.getByText('Changed: Support URL.')).toBeTruthy();
  await user.click(screen.getByText('Stay'));
  expect(input('Support URL').value).toBe('https://help.example.com');
  await user.click(screen.getByText('My account'));
  await user.click(await screen.findByText('Leave and discard'));
  await vi.waitFor(() => expect(router.state.location.pathname).toContain('/settings/account'));
});

test('who may not change the settings reads them, and why', async () => {
  appAt('/settings', ['read:tenant_settings'], { [`GET ${PATH}`]: () => ({ friendly_name: 'Prod' }) });
  await screen.findByText(/Your role may not change them/);
  expect(input('Friendly name').readOnly).toBe(true);
});
