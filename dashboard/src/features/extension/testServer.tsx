import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import { type Session, sessionQuery } from '../../session/session';

export interface Asked {
  call: string;
  ifMatch: string | null;
  body: unknown;
}

/** What the server answers to each `GET /api/v2/hooks/h1` and so on. */
export type Answers = Record<string, (body: unknown, ifMatch: string | null) => Response>;

export function answer(body: unknown, etag: string, status = 200): Response {
  return Response.json(body, { status, headers: { etag } });
}

export function refusal(status: number, message: string): Response {
  return Response.json({ statusCode: status, message }, { status });
}

/** Shows a part of a page to an owner, with a server that answers so; tells what was asked. */
export function show(part: ReactNode, answers: Answers): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const call = `${request.method} ${new URL(request.url).pathname}`;
    const text = await request.text();
    const each = {
      call,
      ifMatch: request.headers.get('if-match'),
      body: text === '' ? undefined : JSON.parse(text),
    };
    asked.push(each);
    return answers[call]?.(each.body, each.ifMatch) ?? refusal(404, `nothing answers ${call}`);
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const session: Session = {
    administrator: { id: 'adm_1', name: 'ada', role: 'owner' },
    scopes: ['hooks', 'actions'].flatMap((what) =>
      ['read', 'create', 'update', 'delete'].map((verb) => `${verb}:${what}`),
    ),
    csrf_token: 'csrf',
    expires_at: '2099-01-01T00:00:00Z',
    issuer: 'https://jeton.example.com/',
    version: '0.1.0',
    secrets_reveal: true,
  };
  queries.setQueryData(sessionQuery.queryKey, session);
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>{part}</QueryClientProvider>
    </MantineProvider>,
  );
  return asked;
}
