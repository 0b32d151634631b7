// A real Chromium at the dashboard of the server in JETON_URL, with JETON_TOKEN for what is prepared by the management API.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const settings = {
  url: process.env.JETON_URL, // ends with a slash
  token: process.env.JETON_TOKEN,
  link: process.env.JETON_LINK,
  pictures: process.env.JETON_PICTURES,
};
export const PASSWORD = 'a long sentence for tests';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Runs a step and prints how it went: one line of JSON. Later steps run all the same. */
export async function step(name, work) {
  try {
    await work();
    console.log(JSON.stringify({ step: name }));
  } catch (failure) {
    console.log(JSON.stringify({ step: name, failed: String(failure?.stack ?? failure).slice(0, 4000) }));
  }
}

export async function launch() {
  return chromium.launch({
    executablePath: PLACES.find((place) => existsSync(place)),
    // As root there is no sandbox; nothing is looked for outside.
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/** What each window waits for. */
const pending = new WeakMap();

/** Waits until a page has asked for all that it shows, and shows it. */
export async function settled(page) {
  const isShown = () =>
    document.querySelector('h1') !== null && document.querySelector('[aria-busy="true"]') === null;
  for (let quiet = 0; quiet < 2; ) {
    await page.waitForFunction(isShown);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    quiet = pending.get(page).size === 0 ? quiet + 1 : 0;
  }
}

/** A window of its own, with its own cookies; it notes each request to another host, each refused style or script, each error. */
export async function open(browser, { scheme = 'light', width = 1280 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const trouble = [];
  pending.set(page, new Set());
  page.on('request', (request) => pending.get(page).add(request));
  page.on('requestfinished', (request) => pending.get(page).delete(request));
  page.on('requestfailed', (request) => pending.get(page).delete(request));
  page.on('request', (request) => {
    if (!request.url().startsWith(settings.url) && !request.url().startsWith('data:')) {
      trouble.push(`asked ${request.url()}`);
    }
  });
  page.on('pageerror', (error) => trouble.push(`error ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) {
      trouble.push(message.text());
    }
  });
  return { context, page, trouble };
}

/** The address of a page of the dashboard. */
export function at(path) {
  return new URL(`dashboard/${path}`, settings.url).href;
}

/** Calls the management API as somebody with every scope, beside the browser. */
export async function manage(method, path, body) {
  const response = await fetch(new URL(`api/v2/${path}`, settings.url), {
    method,
    headers: { authorization: `Bearer ${settings.token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  }
  return text === '' ? undefined : JSON.parse(text);
}

/** Uses a one-time link, so that somebody is signed in. */
export async function redeem(page, link, name, password = PASSWORD) {
  await page.goto(link);
  if (name !== undefined) {
    await page.getByLabel('Name').fill(name);
  }
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: /Create administrator|Save password/ }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

export async function signIn(page, name, password = PASSWORD) {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
