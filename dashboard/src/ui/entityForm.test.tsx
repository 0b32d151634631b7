import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { appAt, keeping, refusal } from '../app/appAt';
import '../features/tenant/SettingsPage';

// The tenant settings are the plainest of all forms of an entity.
const user = userEvent.setup({ delay: null });
const PATH = '/api/v2/tenants/settings';

type Patch = (url: URL, request: Request) => Promise<Response>;

function open(settings: Record<string, string>, answered: (patch: Patch) => Patch = (patch) => patch) {
  const kept = keeping(PATH, settings);
  const patch = answered(kept.answers[`PATCH ${PATH}`] as Patch);
  const app = appAt('/settings', ['read:tenant_settings', 'update:tenant_settings'], {
    ...kept.answers,
    [`PATCH ${PATH}`]: patch,
  });
  return { ...app, kept };
}

const input = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

async function type(label: string, text: string): Promise<void> {
  await user.clear(await screen.findByLabelText(label));
  await user.click(input(label));
  await user.paste(text);
}

const saved = () => vi.waitFor(() => expect(screen.queryByText('Save')).toBeNull());

test('what changed is counted, alone sent, and can be discarded', async () => {
  const { sent } = open({ friendly_name: 'Prod', support_email: 'a@b.c' });
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
  open(
    {},
    () => async () =>
      refusal(
        400,
        "Payload validation error: 'That is no address' on property support_email.",
        'invalid_body',
      ),
  );
  await type('Support email', 'nobody');
  await user.click(screen.getByText('Save'));
  await screen.findByText('That is no address');
  await vi.waitFor(() => expect(document.activeElement).toBe(input('Support email')));
  expect(input('Support email').value).toBe('nobody');
  expect(input('Support email').getAttribute('aria-invalid')).toBe('true');
});

test('where somebody else was first, what was typed stays, theirs is shown, and saving once more does it', async () => {
  const { kept, sent } = open({ friendly_name: 'Prod', support_email: 'a@b.c' });
  await type('Friendly name', 'Mine');
  kept.value = { friendly_name: 'Theirs', support_email: 'theirs@b.c' };
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
  expect(kept.tags).toEqual(['"1"', '"2"']);
  expect(sent().at(-1)).toEqual({ friendly_name: 'Mine' });
  expect(kept.value.support_email).toBe('theirs@b.c');
});

test('a save whose answer was lost is not called a failure, and what is there shows that it was saved', async () => {
  open({}, (patch) => async (url, request) => {
    await patch(url, request);
    throw new TypeError('the connection ended');
  });
  const shown = vi.spyOn(Element.prototype, 'scrollIntoView');
  await type('Friendly name', 'Prod');
  await user.click(screen.getByText('Save'));
  const words = await screen.findByText('It is not known whether this was saved');
  expect(shown.mock.contexts.some((part) => (part as Element).contains(words))).toBe(true);
  expect(screen.queryByText('Nothing was saved')).toBeNull();
  expect(input('Friendly name').value).toBe('Prod');
  await user.click(screen.getByText('Load what is there'));
  await saved();
  expect(screen.queryByRole('alert')).toBeNull();
  expect(input('Friendly name').value).toBe('Prod');
});

test('a save that was lost on its way is still there to be sent again', async () => {
  open({}, () => async () => refusal(502, 'Bad gateway'));
  await type('Friendly name', 'Prod');
  await user.click(screen.getByText('Save'));
  await user.click(await screen.findByText('Load what is there'));
  await screen.findByText('Nothing was saved');
  expect(screen.getByText('1 unsaved change')).toBeTruthy();
  expect(input('Friendly name').value).toBe('Prod');
});

test('leaving with changes asks, and staying keeps them', async () => {
  const { router } = open({});
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
