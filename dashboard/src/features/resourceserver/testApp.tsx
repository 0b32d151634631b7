import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { configure, render } from '@testing-library/react';
import { vi } from 'vitest';
import { createAppRouter } from '../../app/router';

// A busy machine takes longer than the one second that is usual.
configure({ asyncUtilTimeout: 4_000 });

/** What the server answers to one request: the body, or a whole response. */
export type Answer = (request: Request) => unknown;

export interface Asked {
  method: string;
  path: string;
  body: unknown;
  ifMatch: string | null;
}

const SESSION = {
  administrator: { id: 'adm_1', name: 'ada', role: 'owner' },
  scopes: [
    'read:resource_servers',
    'create:resource_servers',
    'update:resource_servers',
    'delete:resource_servers',
    'read:client_grants',
  ],
  csrf_token: 'csrf',
  expires_at: '2099-01-01T00:00:00Z',
  issuer: 'https://jeton.example.com/',
  version: '0.1.0',
  secrets_reveal: true,
};

export function refusal(status: number, message: string): Response {
  return Response.json({ statusCode: status, message }, { status });
}

/** Shows the dashboard at that address, with a server that answers `GET /api/v2/clients` and so on; tells what was asked. */
export function show(path: string, answers: Record<string, Answer>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname } = new URL(request.url);
    const call = `${request.method} ${pathname}`;
    const text = await request.clone().text();
    asked.push({
      method: request.method,
      path: pathname,
      body: text === '' ? undefined : JSON.parse(text),
      ifMatch: request.headers.get('if-match'),
    });
    const answer = call === 'GET /dashboard/session' ? () => SESSION : answers[call];
    if (answer === undefined) {
      return refusal(404, `nothing answers ${call}`);
    }
    const given = await answer(request);
    return given instanceof Response ? given : Response.json(given);
  });
  window.history.replaceState({}, '', `${import.meta.env.BASE_URL}${path.slice(1)}`);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <RouterProvider router={createAppRouter(client)} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return asked;
}
