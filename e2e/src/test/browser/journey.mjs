// What the reader of the quick start does: from the first link to a token that is read.
import assert from 'node:assert/strict';
import { at, launch, manage, open, PASSWORD, redeem, settings, settled, signIn, step } from './browser.mjs';

const API = 'https://timesheets.example.com';
const browser = await launch();
const { context, page, trouble } = await open(browser);

await step('the first link makes the first owner', async () => {
  await redeem(page, settings.link, 'ada');
  await page.getByText('ada · owner').waitFor();
  assert.equal(new URL(page.url()).pathname, '/dashboard/overview');
});

await step('the link works once', async () => {
  const other = await open(browser);
  await other.page.goto(settings.link);
  await other.page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  await other.context.close();
});

await step('an API is registered with a permission', async () => {
  await page.getByRole('link', { name: 'APIs', exact: true }).click();
  await page.getByRole('button', { name: 'Create API' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Timesheets API');
  await dialog.getByLabel('Identifier').fill(API);
  await dialog.getByRole('button', { name: 'Create API' }).click();
  await page.getByRole('heading', { level: 1, name: 'Timesheets API' }).waitFor();
  await page.getByRole('link', { name: 'Permissions' }).click();
  await page.getByLabel('Scope', { exact: true }).fill('read:timesheets');
  await page.getByLabel('Description', { exact: true }).fill('Read timesheets');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'detached' });
  assert.deepEqual((await manage('GET', `resource-servers/${encodeURIComponent(API)}`)).scopes, [
    { value: 'read:timesheets', description: 'Read timesheets' },
  ]);
});

await step('an application is registered and authorized for it', async () => {
  await page.getByRole('link', { name: 'Applications', exact: true }).click();
  await page.getByRole('button', { name: 'Create application' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Upload job');
  await dialog.getByRole('button', { name: 'Create application' }).click();
  await page.getByRole('heading', { level: 1, name: 'Upload job' }).waitFor();
  await page.getByLabel('Authorize Timesheets API').click({ force: true });
  await page.getByLabel('read:timesheets').check();
  await page.getByRole('button', { name: 'Update' }).click();
  await page.getByText('1 of 1 scope').waitFor();
});

await step('the quick start shows the request with real values and makes a real one', async () => {
  await page.getByRole('link', { name: 'Quick Start' }).click();
  await page.getByLabel('Language').first().selectOption('cURL');
  const code = await page.locator('pre').first().textContent();
  assert.ok(code.includes(API) && code.includes(`${settings.url}oauth/token`), code);
  await page.getByRole('button', { name: 'Run it' }).click();
  await page.getByText('Issued', { exact: true }).waitFor();
  await page.getByRole('row', { name: /^aud / }).getByText(API).waitFor();
  await page.getByRole('row', { name: /^scope read:timesheets/ }).waitFor();
});

await step('the language is remembered', async () => {
  await page.getByLabel('Language').first().selectOption('Python');
  await page.reload();
  assert.equal(await page.getByLabel('Language').first().inputValue(), 'Python');
});

await step('the secret is shown when asked for, hidden again, and the log says so', async () => {
  await page.getByRole('link', { name: 'Settings' }).last().click();
  const secret = page.locator('code').filter({ hasText: '••••' });
  await secret.waitFor();
  await page.getByRole('button', { name: 'Reveal' }).click();
  await page.getByRole('button', { name: 'Hide' }).waitFor();
  const shown = await page.locator('code').first().textContent();
  assert.match(shown, /^[A-Za-z0-9_-]{64}$/);
  await page.getByRole('button', { name: 'Hide' }).click();
  await secret.waitFor();
  const read = await manage('GET', 'logs?q=type:mgmt_api_read&per_page=1');
  assert.equal(read[0].user_name, 'ada');
});

await step('signing out ends the session, and signing in leads to the page that was asked for', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Jeton' }).waitFor();
  await page.goto(at('applications'));
  await signIn(page, 'ada', 'not the password at all');
  await page.getByText(/wrong|not right|invalid/i).first().waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), 'ada');
  await signIn(page, 'ada', PASSWORD);
  await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
});

await step('the first page is at most 300 KB', async () => {
  const fresh = await open(browser);
  await fresh.page.goto(at('overview'));
  await signIn(fresh.page, 'ada');
  await settled(fresh.page);
  const bytes = await fresh.page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter((entry) => new URL(entry.name).pathname.startsWith('/dashboard'))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
  );
  assert.ok(bytes > 50_000 && bytes <= 300 * 1024, `${bytes} bytes`);
  await fresh.context.close();
});

await step('nobody else was asked for anything, and the policy of the page held', async () => {
  assert.deepEqual(trouble, []);
});

await context.close();
await browser.close();
