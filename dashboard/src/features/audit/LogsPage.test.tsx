import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appAt, refusal } from '../../app/appAt';
import type { LogEvent } from './events';

const EVERY_MS = 3_000;
const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });

function id(second: number): string {
  return `90020261126120000${String(second).padStart(3, '0')}${'0'.repeat(36)}`;
}

function event(second: number, more: Partial<LogEvent> = {}): LogEvent {
  return {
    log_id: id(second),
    date: '2026-11-26T12:00:00.000Z',
    type: 'seccft',
    description: 'Client Credentials for Access Token',
    client_id: 'c1',
    client_name: `Job ${second}`,
    audience: 'https://api.example.com',
    ip: '203.0.113.9',
    details: { request_id: `request-${second}` },
    ...more,
  };
}

/** A log to which events can be added; it answers as the server does, but for the conditions of a query. */
function logWith(...events: LogEvent[]) {
  const log = [...events];
  const answer = (url: URL): unknown => {
    const from = url.searchParams.get('from');
    if (from !== null) {
      return log.filter((one) => one.log_id > from);
    }
    const newest = log.toReversed();
    return newest.slice(0, Number(url.searchParams.get('per_page')));
  };
  return { log, answer };
}

const SCOPES = ['read:logs', 'read:clients', 'read:client_grants', 'read:resource_servers'];

function names(): string[] {
  return screen.getAllByText(/^Job \d+$/).map((element) => element.textContent ?? '');
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
});

afterEach(() => void vi.useRealTimers());

describe('the log', () => {
  it('lists events in words, and takes in those that come while one looks on', async () => {
    const { log, answer } = logWith(event(1), event(2, { type: 'feccft', description: 'Unauthorized' }));
    appAt('/logs', SCOPES, { 'GET /api/v2/logs': answer });

    await screen.findByText('Token refused');
    expect(names()).toEqual(['Job 2', 'Job 1']);
    log.push(event(3));
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    await waitFor(() => expect(names()).toEqual(['Job 3', 'Job 2', 'Job 1']));
  });

  it('lets new events wait while one is open, and says how many', async () => {
    const { log, answer } = logWith(event(1), event(2));
    const { search } = appAt('/logs', SCOPES, { 'GET /api/v2/logs': answer });

    await user.click((await screen.findAllByRole('link', { name: 'Token issued' }))[0] as HTMLElement);
    const pane = await screen.findByRole('complementary', { name: 'Event' });
    expect(within(pane).getByText('request-2')).toBeTruthy();
    expect(search().event).toBe(id(2));

    log.push(event(3), event(4));
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    await screen.findByRole('button', { name: '2 new events' });
    expect(within(screen.getByRole('table', { name: 'Events' })).queryByText('Job 4')).toBeNull();
    await user.click(screen.getByRole('button', { name: '2 new events' }));
    expect(within(screen.getByRole('table', { name: 'Events' })).getByText('Job 4')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /new event/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Close event' }));
    await waitFor(() => expect(search().event).toBeUndefined());
  });

  it('stays as it is when it is not live', async () => {
    const { answer } = logWith(event(1));
    const { asked } = appAt('/logs', SCOPES, { 'GET /api/v2/logs': answer });

    await user.click(await screen.findByRole('switch', { name: 'Live' }));
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(3 * EVERY_MS);
    expect(asked.length).toBe(before);
  });

  it('says that it is not live while the server cannot be reached, and goes on', async () => {
    const { log, answer } = logWith(event(1));
    let isDown = false;
    appAt('/logs', SCOPES, {
      'GET /api/v2/logs': (url) => (isDown ? refusal(503, 'Not now', 'unavailable') : answer(url)),
    });

    await screen.findByText('Job 1');
    isDown = true;
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    await screen.findByText(/Not live: Not now/);
    isDown = false;
    log.push(event(2));
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    await waitFor(() => expect(names()).toEqual(['Job 2', 'Job 1']));
  });

  it('asks for what the chips say, and for less when one is removed', async () => {
    const { answer } = logWith(event(1));
    const { asked, search } = appAt('/logs?type=feccft,sapi&client=a"b', SCOPES, {
      'GET /api/v2/logs': answer,
    });

    await screen.findByText('Job 1');
    const last = () => asked.findLast(({ url }) => url.searchParams.get('per_page') === '50')?.url;
    expect(last()?.searchParams.get('q')).toBe('type:("feccft" OR "sapi") AND client_id:"a\\"b"');
    await user.click(screen.getByRole('button', { name: 'Remove Change', hidden: false }));
    await waitFor(() => expect(search()).toEqual({ type: 'feccft', client: 'a"b' }));
    await waitFor(() => expect(last()?.searchParams.get('q')).toBe('type:("feccft") AND client_id:"a\\"b"'));
  });

  it('shows at the field what is wrong with a query, which is first asked by itself', async () => {
    const { asked, search } = appAt('/logs?type=feccft', SCOPES, {
      'GET /api/v2/logs': (url) =>
        url.searchParams.get('q') === 'a) OR (b'
          ? refusal(
              400,
              "Query validation error: '')' without '(' at character 2' on property q.",
              'invalid_query_string',
            )
          : [],
    });

    await user.type(await screen.findByRole('textbox', { name: 'Query' }), 'a) OR (b{Enter}');
    await screen.findByText("')' without '(' at character 2");
    expect(search().q).toBe('a) OR (b');
    expect(asked.map(({ url }) => url.searchParams.get('q'))).not.toContain('type:("feccft") AND (a) OR (b)');
  });

  it('shows older events without looking for new ones', async () => {
    const { answer } = logWith(event(1));
    const { asked } = appAt(`/logs?from=${id(9)}`, SCOPES, {
      'GET /api/v2/logs': answer,
    });

    await screen.findByText(/Older events/);
    expect(asked.at(-1)?.url.searchParams.get('q')).toBe(`log_id:{* TO "${id(9)}"}`);
    expect(screen.queryByLabelText('Live')).toBeNull();
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(3 * EVERY_MS);
    expect(asked.length).toBe(before);
  });

  it('shows why a token was refused, and where that is mended', async () => {
    const refused = event(1, {
      type: 'feccft',
      description: 'Client has not been granted scopes: write:orders',
      scope: 'read:orders write:orders',
      details: { error: 'access_denied' },
    });
    const { answer } = logWith(refused);
    appAt(`/logs?event=${id(1)}`, SCOPES, {
      'GET /api/v2/logs': answer,
      'GET /api/v2/client-grants': () => ({ client_grants: [{ id: 'g', scope: ['read:orders'] }] }),
      'GET /api/v2/resource-servers/https%3A%2F%2Fapi.example.com': () => ({
        scopes: [{ value: 'read:orders' }],
      }),
    });

    const pane = await screen.findByRole('complementary', { name: 'Event' });
    expect(within(pane).getAllByLabelText('Passed')).toHaveLength(6);
    expect(within(pane).getAllByLabelText('Not come to')).toHaveLength(2);
    expect(within(pane).getByText('The scopes asked for are granted')).toBeTruthy();
    await within(pane).findByText('Granted now: read:orders.');
    await within(pane).findByText(/The API has no permission write:orders/);
    const mend = within(pane).getByRole('link', { name: 'Grant it under the application’s APIs' });
    expect(mend.getAttribute('href')).toContain('/applications/c1/apis?search=https%3A%2F%2Fapi.example.com');
  });

  it('shows what a change changed, and an event that the list does not have', async () => {
    const change = event(7, {
      type: 'sapi',
      description: 'Update a client',
      details: { changes: { name: { before: '<b>Old</b>', after: 'New' }, logo_uri: { after: 'x' } } },
    });
    appAt(`/logs?event=${id(7)}`, SCOPES, {
      'GET /api/v2/logs': () => [],
      [`GET /api/v2/logs/${id(7)}`]: () => change,
    });

    const table = await screen.findByRole('table', { name: 'What changed' });
    expect(
      within(table)
        .getAllByRole('row')
        .map((row) => row.textContent),
    ).toEqual(['FieldBeforeAfter', 'name<b>Old</b>New', 'logo_urinot setx']);
  });

  it('is not asked for by whoever may not read it', async () => {
    const { asked } = appAt('/logs', ['read:clients'], {});

    await screen.findByText('Your role may not read the log.');
    expect(asked.filter(({ url }) => url.pathname === '/api/v2/logs')).toEqual([]);
  });
});
