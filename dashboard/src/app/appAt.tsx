import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { type ReactElement, Suspense } from 'react';
import { vi } from 'vitest';
import { createAppRouter } from './router';
import { theme } from './theme';

/** What the server answers to one request: JSON, or a whole answer. */
type Answer = (url: URL, request: Request) => unknown;
export type Answers = Record<string, Answer>;

export const SESSION = {
  administrator: { id: 'adm_1', name: 'ada', role: 'owner' },
  csrf_token: 'csrf',
  expires_at: '2030-01-01T00:00:00Z',
  issuer: 'https://auth.example.com/',
  version: '0.1.0',
  secrets_reveal: true,
};

export const refusal = (statusCode: number, message: string, errorCode = ''): Response =>
  Response.json({ statusCode, error: 'Refused', message, errorCode }, { status: statusCode });

/** One entity as the server keeps it; whatever changes it beside a PATCH must change its tag. */
export function keeping<T extends object>(path: string, value: T) {
  const answer = (): Response => Response.json(kept.value, { headers: { etag: kept.tag } });
  const kept = {
    value,
    tag: '"1"',
    /** Of which states changes were asked for. */
    tags: [] as (string | null)[],
    answers: {
      [`GET ${path}`]: answer,
      [`PATCH ${path}`]: async (_url: URL, request: Request) => {
        kept.tags.push(request.headers.get('if-match'));
        if (kept.tags.at(-1) !== kept.tag) {
          return refusal(412, 'Somebody was first', 'precondition_failed');
        }
        // What is sent as null is removed.
        kept.value = {
          ...kept.value,
          ...JSON.parse(await request.text(), (_key, sent) => sent ?? undefined),
        };
        kept.tag = `${kept.tag}+`;
        return answer();
      },
    } as Answers,
  };
  return kept;
}

/**
 * For tests: the app against a server that answers as told.
 *
 * @param shown an address below the dashboard's own, or a part of a page
 * @param answers by method and path, such as `GET /api/v2/logs`; all else is 404
 */
export function appAt(shown: string | ReactElement, scopes: string[], answers: Answers) {
  const asked: { method: string; url: URL; body: string }[] = [];
  vi.stubGlobal('fetch', async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    asked.push({ method: request.method, url, body: await request.clone().text() });
    const call = `${request.method} ${url.pathname}`;
    if (call === 'GET /dashboard/session' && answers[call] === undefined) {
      return Response.json({ ...SESSION, scopes });
    }
    const answer = await answers[call]?.(url, request);
    return answer instanceof Response
      ? answer
      : answer === undefined
        ? refusal(404, 'There is no such thing', 'not_found')
        : Response.json(answer);
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createAppRouter(client);
  if (typeof shown === 'string') {
    const entry = `${import.meta.env.BASE_URL}${shown.slice(1)}`;
    router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [entry] }) });
  }
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={client}>
        {typeof shown === 'string' ? <RouterProvider router={router} /> : <Suspense>{shown}</Suspense>}
      </QueryClientProvider>
    </MantineProvider>,
  );
  return {
    asked,
    /** What the changes that were asked for said. */
    sent: () =>
      asked.filter(({ method, body }) => method !== 'GET' && body !== '').map(({ body }) => JSON.parse(body)),
    client,
    search: () => router.state.location.search as Record<string, unknown>,
    router,
  };
}
