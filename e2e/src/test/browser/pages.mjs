// Every page, in both themes: nothing that axe objects to, nothing wider than the window, no hostile name that acts; and what
// pages do when the server is slow, refuses, or somebody else was quicker.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { at, launch, manage, open, redeem, settings, settled, signIn, step } from './browser.mjs';

// Put in by the browser's debugger: the page's own policy allows no code but the server's.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HOSTILE = [
  '<script>window.hit = 1</script><img src=x onerror="window.hit = 1">',
  'w'.repeat(255),
  'مهمة ليلية \u202Eevil\u202C עברית',
  '🙂👩‍👩‍👧‍👦 job 𝕁',
];

const browser = await launch();
const { context, page, trouble } = await open(browser);

/** What there is to look at: one thing of each kind, made by the management API. */
async function fill() {
  const api = await manage('POST', 'resource-servers', {
    name: 'Orders API',
    identifier: 'https://orders.example.com',
    scopes: [
      { value: 'read:orders', description: 'Read orders' },
      { value: 'write:orders', description: 'Write orders' },
    ],
  });
  const client = await manage('POST', 'clients', {
    name: 'Order sync',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
  });
  await manage('POST', 'client-grants', { client_id: client.client_id, audience: api.identifier, scope: ['read:orders'] });
  const hook = await manage('POST', 'hooks', {
    name: 'Add region',
    triggerId: 'credentials-exchange',
    script: 'module.exports = function (client, scope, audience, context, cb) {\n  cb(null, { scope });\n};\n',
  });
  const action = await manage('POST', 'actions/actions', {
    name: 'Check network',
    supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }],
    code: 'exports.onExecuteCredentialsExchange = async (event, api) => {};\n',
  });
  for (const audience of [api.identifier, 'https://nobody.example.com']) {
    await fetch(new URL('oauth/token', settings.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: client.client_id,
        client_secret: client.client_secret,
        audience,
      }),
    });
  }
  return { api, client, hook, action };
}

const { api, client, hook, action } = await fill();
const application = `applications/${client.client_id}`;
const PAGES = [
  'overview',
  'applications',
  application,
  `${application}/settings`,
  `${application}/credentials`,
  `${application}/apis`,
  `${application}/logs`,
  'apis',
  `apis/${api.id}`,
  `apis/${api.id}/settings`,
  `apis/${api.id}/permissions`,
  `apis/${api.id}/applications`,
  `apis/${api.id}/test`,
  'extensions',
  `extensions/hooks/${hook.id}`,
  `extensions/hooks/${hook.id}/secrets`,
  `extensions/hooks/${hook.id}/dependencies`,
  `extensions/hooks/${hook.id}/run`,
  `extensions/hooks/${hook.id}/log`,
  `extensions/hooks/${hook.id}/settings`,
  `extensions/actions/${action.id}`,
  `extensions/actions/${action.id}/versions`,
  `extensions/actions/${action.id}/settings`,
  'keys',
  'keys/debugger',
  'logs',
  'settings',
  'settings/administrators',
  'settings/account',
  'nothing/here',
  '../docs/',
  '../docs/management',
  '../docs/nothing',
];

async function axe(shown, options = {}) {
  const { violations } = await shown.evaluate(
    (given) => globalThis.axe.run(document, { resultTypes: ['violations'], ...given }),
    options,
  );
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`.slice(0, 400)),
  );
}

await step('somebody is signed in', () => redeem(page, settings.link, 'ada'));

const COLOURS = { runOnly: ['color-contrast'] };

await step('every page passes axe, has contrast in the dark too, and fits the window', async () => {
  const found = [];
  for (const path of PAGES) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(at(path));
    await settled(page);
    await page.evaluate(AXE);
    found.push(...(await axe(page)).map((violation) => `${path}: ${violation}`));
    await photograph(path, 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await settled(page);
    await page.evaluate(() => Promise.allSettled(
      document.getAnimations().filter((it) => it instanceof CSSTransition).map(({ finished }) => finished),
    ));
    found.push(...(await axe(page, COLOURS)).map((violation) => `${path}, dark: ${violation}`));
    await photograph(path, 'dark');
    await page.setViewportSize({ width: 768, height: 1024 });
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (tooWide > 0) {
      found.push(`${path}: ${tooWide} pixels wider than a window of 768`);
    }
  }
  assert.deepEqual(found, []);
  await page.setViewportSize({ width: 1280, height: 900 });
});

async function photograph(path, scheme) {
  if (settings.pictures !== undefined) {
    await page.screenshot({ path: `${settings.pictures}/${path.replaceAll(/[^a-z]+/gi, '-')}-${scheme}.png`, fullPage: true });
  }
}

await step('looking at pages reads no secret', async () => {
  assert.deepEqual(await manage('GET', 'logs?q=type:mgmt_api_read'), []);
});

await step('a page that loads shows its shape after a moment, and one that fails says so and can be tried again', async () => {
  for (const [path, of] of [
    ['applications', '**/api/v2/clients?**'],
    ['apis', '**/api/v2/resource-servers?**'],
    ['keys', '**/api/v2/keys/signing'],
    ['extensions', '**/api/v2/hooks?**'],
    ['logs', '**/api/v2/logs?**'],
  ]) {
    let release = () => {};
    const held = new Promise((resolve) => {
      release = resolve;
    });
    await page.route(of, async (route) => {
      await held;
      await route.fulfill({ status: 500, headers: { 'x-auth0-requestid': 'abcdef' }, body: '{"message":"Internal Server Error"}' });
    });
    await page.goto(at(path));
    await page.locator('[aria-busy="true"]').first().waitFor();
    release();
    const failure = page.getByRole('alert').filter({ hasText: 'abcdef' }).first();
    await failure.waitFor({ timeout: 20_000 });
    await page.unroute(of);
    await failure.getByRole('button', { name: 'Retry' }).click();
    await failure.waitFor({ state: 'detached' });
  }
});

await step('a session that ends while a form is filled in takes nothing with it', async () => {
  await page.goto(at(`${application}/settings`));
  await page.getByLabel('Description').fill('Typed before the session ended');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session is over' });
  await dialog.getByLabel('Password', { exact: true }).fill('a long sentence for tests');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
  // What was sent goes on by itself.
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Description').inputValue(), 'Typed before the session ended');
  assert.equal((await manage('GET', `clients/${client.client_id}`)).description, 'Typed before the session ended');
});

await step('a sign-in in another window is taken over, and what was typed in this one is saved', async () => {
  await page.goto(at(`${application}/settings`));
  await page.getByLabel('Description').fill('Typed before the other sign-in');
  const other = await context.newPage();
  await other.goto(at('keys'));
  await other.getByRole('button', { name: 'Sign out' }).click();
  await signIn(other, 'ada');
  await other.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
  await other.close();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'detached' });
  assert.equal((await manage('GET', `clients/${client.client_id}`)).description, 'Typed before the other sign-in');
});

await step('two people who edit one thing lose nothing of each other', async () => {
  await page.goto(at(`${application}/settings`));
  await page.getByLabel('Name').fill('Order sync, mine');
  await manage('PATCH', `clients/${client.client_id}`, { name: 'Order sync, theirs', description: 'Theirs' });
  await page.getByRole('button', { name: 'Save' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'Somebody else saved this meanwhile' });
  await alert.getByText('Order sync, theirs').waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), 'Order sync, mine');
  assert.equal(await page.getByLabel('Description').inputValue(), 'Theirs');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'detached' });
  const now = await manage('GET', `clients/${client.client_id}`);
  assert.deepEqual([now.name, now.description], ['Order sync, mine', 'Theirs']);
});

await step('a field that the server refuses has the focus and the reason', async () => {
  await page.goto(at(`${application}/settings`));
  await page.getByLabel('Name').fill('<b>');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('[aria-invalid="true"]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('name')), 'name');
  assert.equal(await page.getByLabel('Name').inputValue(), '<b>');
});

await step('leaving with unsaved changes asks', async () => {
  await page.getByRole('link', { name: 'Keys' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Leave without saving').waitFor();
  await dialog.getByRole('button', { name: 'Stay' }).click();
  assert.equal(await page.getByLabel('Name').inputValue(), '<b>');
  await page.getByRole('link', { name: 'Keys' }).click();
  await dialog.getByRole('button', { name: 'Leave and discard' }).click();
  await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
});

await step('a viewer sees and changes nothing', async () => {
  const { url } = await manage('POST', 'administrators/invitations', { role: 'viewer' });
  const other = await open(browser);
  await redeem(other.page, url, 'vic');
  await other.page.goto(at('applications'));
  await settled(other.page);
  assert.equal(await other.page.getByRole('button', { name: 'Create application' }).count(), 0);
  await other.page.goto(at(`${application}/settings`));
  await other.page.getByText('Your role may not read secrets').waitFor();
  await other.page.getByText('Your role may not delete applications').waitFor();
  const status = await other.page.evaluate(async (id) => {
    const session = await (await fetch('/dashboard/session')).json();
    const asked = { method: 'DELETE', headers: { 'X-CSRF-Token': session.csrf_token } };
    return (await fetch(`/api/v2/clients/${id}`, asked)).status;
  }, client.client_id);
  assert.equal(status, 403);
  assert.deepEqual(other.trouble, []);
  await other.context.close();
});

await step('hostile names are shown as they are, and do nothing', async () => {
  const made = [];
  for (const [number, name] of HOSTILE.entries()) {
    const safe = name.replaceAll(/[<>]/g, ''); // which the server refuses in names
    const description = name.slice(0, 140);
    made.push(
      await manage('POST', 'resource-servers', {
        name: safe.slice(0, 200),
        identifier: `https://hostile.example.com/${number}/${encodeURIComponent(name)}`,
        scopes: [{ value: `read:${number}${'x'.repeat(200)}`, description: name }],
      }),
    );
    const stranger = await manage('POST', 'clients', {
      name: safe,
      description,
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_post',
      client_metadata: { [name]: name },
    });
    await manage('POST', 'client-grants', {
      client_id: stranger.client_id,
      audience: made.at(-1).identifier,
      scope: [made.at(-1).scopes[0].value],
    });
    await page.setViewportSize({ width: 768, height: 1024 });
    for (const path of [
      'applications',
      `applications/${stranger.client_id}`,
      `applications/${stranger.client_id}/settings`,
      `applications/${stranger.client_id}/apis`,
      'apis',
      `apis/${made.at(-1).id}`,
      `apis/${made.at(-1).id}/permissions`,
      `apis/${made.at(-1).id}/applications`,
      'logs',
    ]) {
      await page.goto(at(path));
      await settled(page);
      assert.equal(await page.evaluate(() => window.hit), undefined, path);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(tooWide <= 0, `${path} is ${tooWide} pixels too wide with ${name}`);
    }
    await manage('PATCH', 'tenants/settings', { friendly_name: name });
    await page.goto(at('settings'));
    await settled(page);
    assert.equal(await page.getByLabel('Friendly name').inputValue(), name);
    await page.goto(at(`applications/${stranger.client_id}/settings`));
    assert.equal(await page.getByLabel('Name').inputValue(), safe);
    assert.equal(await page.getByLabel('Description').inputValue(), description);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
});

await step('a search with no match says so', async () => {
  await page.goto(at('applications?search=%3Cb%3Enobody'));
  await page.getByText('“<b>nobody”').waitFor();
});

await step('the keyboard alone reaches the content and opens a row', async () => {
  await page.goto(at('applications'));
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Order sync, mine' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Order sync, mine' }).waitFor();
});

await step('a destructive act says what breaks and asks for the name', async () => {
  await page.goto(at(`${application}/settings`));
  await page.getByRole('button', { name: 'Delete application' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/Issued|No token was issued/).waitFor();
  assert.ok(await dialog.getByRole('button', { name: 'Delete application' }).isDisabled());
  await dialog.getByRole('textbox').fill('Order sync, mine');
  await dialog.getByRole('button', { name: 'Delete application' }).click();
  await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
  assert.equal((await manage('GET', 'clients?per_page=100')).filter((left) => left.client_id === client.client_id).length, 0);
});

await step('nobody else was asked for anything, and the policy of the pages held', async () => {
  assert.deepEqual(trouble, []);
});

await context.close();
await browser.close();
