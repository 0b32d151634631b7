import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { appAt } from '../../app/appAt';
import type { Overview } from './overview';
import './OverviewPage';

const user = userEvent.setup({ delay: null });
const SYSTEM = 'https://auth.example.com/api/v2/';

const EMPTY: Overview = {
  from: '2026-11-26T10:00:00Z',
  to: '2026-11-26T11:30:00Z',
  counted_to: null,
  step_s: 3_600,
  series: ['10', '11'].map((hour) => ({
    at: `2026-11-26T${hour}:00:00Z`,
    tokens: null,
    refusals: null,
    p50_ms: null,
    p99_ms: null,
  })),
  refusals_by_reason: [],
  busiest: [],
  unused_clients: [],
  unused_grants: [],
  more_unused_clients: false,
  more_unused_grants: false,
  totals: { tokens: null, refusals: null, p50_ms: null, p99_ms: null, clients: 2, resource_servers: 2 },
};

interface There {
  apis?: object[];
  clients?: object[];
  grants?: object[];
  lastToken?: string | null;
  overview?: Partial<Overview>;
}

function open(
  path: string,
  { apis = [], clients = [], grants = [], lastToken = null, overview = {} }: There,
) {
  return appAt(path, ['read:stats'], {
    'GET /api/v2/usage/overview': () => ({ ...EMPTY, ...overview }),
    'GET /api/v2/resource-servers': () => ({
      resource_servers: [{ id: 's', identifier: SYSTEM, name: 'Management API', is_system: true }, ...apis],
    }),
    'GET /api/v2/clients': () => ({
      clients: [{ client_id: 'cli', name: 'Jeton command line' }, ...clients],
    }),
    'GET /api/v2/client-grants': () => ({
      client_grants: [{ client_id: 'cli', audience: SYSTEM }, ...grants],
    }),
    'GET /api/v2/usage/clients': (url) =>
      (url.searchParams.get('ids') ?? '').split(',').map((id) => ({ id, last_token_at: lastToken })),
  });
}

const API = { id: 'a1', identifier: 'https://orders.example.com', name: 'Orders' };
const JOB = { client_id: 'c1', name: 'Night job' };
const GRANT = { client_id: 'c1', audience: API.identifier };
const states = () => screen.getAllByRole('listitem').map((step) => step.lastElementChild?.textContent);
const linkTo = (name: string) => screen.getByRole('link', { name }).getAttribute('href') ?? '';

test('a fresh server shows the way to the first token, whatever the command line was issued', async () => {
  const { asked } = open('/overview', { lastToken: '2026-11-26T11:00:00Z' });
  await screen.findByText('To the first token');
  expect(states()).toEqual(['Next', 'To do', 'To do', 'To do']);
  expect(asked.some(({ url }) => url.pathname === '/api/v2/usage/clients')).toBe(false);
});

test('what is done of it is done, and leads to what was made', async () => {
  open('/overview', { apis: [API], clients: [JOB] });
  await screen.findByText('To the first token');
  expect(states()).toEqual(['Done', 'Done', 'Next', 'To do']);
  expect(linkTo('Open Orders')).toContain('/apis/a1');
  expect(linkTo('Open the APIs of Night job')).toContain('/applications/c1/apis');
});

test('after the first token the overview is there, and what is not known is no 0', async () => {
  open('/overview', { apis: [API], clients: [JOB], grants: [GRANT], lastToken: '2026-11-26T11:00:00Z' });
  await screen.findByText('Tokens per hour');
  const [totals] = screen.getAllByText('Tokens');
  expect(totals?.nextElementSibling?.textContent).toBe('–');
  expect(screen.getAllByText('Nothing is counted of this period.')).toHaveLength(3);
  expect(screen.getByText('This node has answered no token request in this period.')).toBeTruthy();
});

const BUSY: Partial<Overview> = {
  step_s: 60,
  series: [
    { at: '2026-11-26T11:00:00Z', tokens: null, refusals: null, p50_ms: null, p99_ms: null },
    { at: '2026-11-26T11:01:00Z', tokens: 1_204, refusals: 0, p50_ms: 1.5, p99_ms: 9 },
  ],
  refusals_by_reason: [
    { reason: 'newer_than_this', count: 1 },
    { reason: 'scope_not_granted', count: 3 },
  ],
  busiest: [{ client_id: 'c1', name: '<script>alert(1)</script>', tokens: 1_204 }],
  totals: { tokens: 1_204, refusals: 4, p50_ms: 1.5, p99_ms: 9, clients: 2, resource_servers: 2 },
};

test('every count leads to the events that it counts', async () => {
  open('/overview?hours=1', { clients: [JOB], lastToken: '2026-11-26T11:01:00Z', overview: BUSY });
  await screen.findByRole('heading', { name: 'Tokens per minute' });
  const searchOf = (href: string) =>
    Object.fromEntries(new URL(href, 'http://localhost').searchParams.entries());
  const date = 'date:["2026-11-26T10:00:00Z" TO *]';
  expect(
    screen.getAllByRole('link', { name: '1,204' }).map((link) => searchOf(link.getAttribute('href') ?? '')),
  ).toEqual([
    { type: 'seccft', q: date },
    { type: 'seccft', q: date, client: 'c1' },
  ]);
  expect(searchOf(linkTo('Scope not granted'))).toEqual({
    type: 'feccft',
    q: `${date} AND reason_code:"scope_not_granted"`,
  });
  expect(linkTo('newer_than_this')).toContain('newer_than_this');
  expect(linkTo('<script>alert(1)</script>')).toContain('/applications/c1');
});

test('a chart has a table behind it, with a dash for what is not known', async () => {
  open('/overview?hours=1', { clients: [JOB], lastToken: '2026-11-26T11:01:00Z', overview: BUSY });
  const table = await screen.findByRole('table', { name: 'Tokens per minute' });
  expect(
    within(table)
      .getAllByRole('row')
      .map((row) => row.textContent),
  ).toEqual(['Time (UTC)Tokens', '11:00–', '11:011,204']);
  expect(screen.getAllByText('Counted since 11:01 UTC.')).toHaveLength(2);
});

test('the period is in the URL, and one that is not known is the usual one', async () => {
  const { asked, search } = open('/overview?hours=9', { clients: [JOB], lastToken: '2026-11-26T11:01:00Z' });
  await user.click(await screen.findByLabelText('7 days'));
  await vi.waitFor(() => expect(search()).toEqual({ hours: '168' }));
  await vi.waitFor(() =>
    expect(
      asked
        .filter(({ url }) => url.pathname.endsWith('overview'))
        .map(({ url }) => url.searchParams.get('hours')),
    ).toEqual(['24', '168']),
  );
});

test('figures that cannot be had say so; the way to the first token needs none', async () => {
  appAt('/overview', ['read:stats'], {});
  await screen.findByText('The overview cannot be shown');
});
