import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { configure, render } from '@testing-library/react';
import { vi } from 'vitest';
import { createAppRouter } from './router';
import { theme } from './theme';

// Whether each element can be seen is asked of all its styles, which takes most of a test's time.
configure({ defaultHidden: true, asyncUtilTimeout: 15_000 });
vi.setConfig({ testTimeout: 30_000 });
// happy-dom has none; a text area measures itself anew when fonts are there.
Object.defineProperty(document, 'fonts', { value: new EventTarget(), configurable: true });

/** What the server answers to one request: JSON, or a whole answer. */
type Answer = (url: URL, request: Request) => unknown;

export const SESSION = {
  administrator: { id: 'adm_1', name: 'ada', role: 'owner' },
  csrf_token: 'csrf',
  expires_at: '2030-01-01T00:00:00Z',
  issuer: 'https://auth.example.com/',
  version: '0.1.0',
  secrets_reveal: true,
};

export const refusal = (statusCode: number, message: string, errorCode: string): Response =>
  Response.json({ statusCode, error: 'Refused', message, errorCode }, { status: statusCode });

/**
 * For tests: the whole app at an address, against a server that answers as told.
 *
 * @param path below the dashboard's own
 * @param answers by method and path, such as `GET /api/v2/logs`; all else is 404
 */
export function appAt(path: string, scopes: string[], answers: Record<string, Answer>) {
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
  const entry = `${import.meta.env.BASE_URL}${path.slice(1)}`;
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [entry] }) });
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { asked, client, search: () => router.state.location.search as Record<string, unknown>, router };
}
