import { type QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, rememberCsrfToken, request } from '../api/client';

export type Role = 'viewer' | 'editor' | 'owner';

/** Who is signed in, as `GET /dashboard/session` says. */
export interface Session {
  administrator: { id: string; name: string; role: Role };
  scopes: string[];
  csrf_token: string;
  expires_at: string;
  /** Ends with a slash. */
  issuer: string;
  version: string;
  secrets_reveal: boolean;
}

/** What a one-time link is for. */
export interface Link {
  purpose: 'first' | 'invitation' | 'reset';
  role: Role;
  name: string | null;
  /** Null if it is good until there is an administrator. */
  expires_at: string | null;
}

function taken(session: Session | null): Session | null {
  rememberCsrfToken(session?.csrf_token ?? '');
  return session;
}

/** The session, or null if nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return taken((await (await request('/dashboard/session')).json()) as Session);
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 401) {
        return taken(null);
      }
      throw problem;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await request(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export async function signIn(client: QueryClient, name: string, password: string): Promise<void> {
  client.setQueryData(
    sessionQuery.queryKey,
    taken(await post<Session>('/dashboard/session', { name, password })),
  );
}

export async function signOut(client: QueryClient): Promise<void> {
  await request('/dashboard/session', { method: 'DELETE' });
  forget(client);
}

/**
 * Looks at the session once more, as another window may have begun another: a new role and a new token are taken over. If
 * somebody else is signed in, the page begins anew as theirs.
 */
export async function renewSession(client: QueryClient): Promise<void> {
  const now = (await (await request('/dashboard/session')).json()) as Session;
  const known = client.getQueryData<Session | null>(sessionQuery.queryKey);
  if (known?.administrator.id === now.administrator.id) {
    client.setQueryData(sessionQuery.queryKey, taken(now));
  } else {
    window.location.reload();
    // Nothing of what was asked as the other person goes on.
    await new Promise(() => {});
  }
}

/** Shows the sign-in, and nothing of what was seen before, once this session is over for good. */
export function forget(client: QueryClient): void {
  // First, so that the pages are gone before what they show is.
  client.setQueryData(sessionQuery.queryKey, taken(null));
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionQuery.queryKey[0] });
}

export function lookAtLink(token: string): Promise<Link> {
  return post<Link>('/dashboard/links/look', { token });
}

export async function redeemLink(
  client: QueryClient,
  token: string,
  name: string | null,
  password: string,
): Promise<void> {
  const body = name === null ? { token, password } : { token, name, password };
  client.setQueryData(sessionQuery.queryKey, taken(await post<Session>('/dashboard/links/redeem', body)));
}

export function changePassword(current: string, next: string): Promise<void> {
  return post('/dashboard/session/password', { current, new: next });
}

/** The session of whoever looks at a page; pages are shown to nobody else. It may be over: the next request tells. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  // A page may be drawn once more between the end of its session and the sign-in that takes its place.
  const [before] = useState(data);
  const session = data ?? before;
  if (session === null) {
    throw new Error('a page is shown though nobody is signed in');
  }
  return session;
}

/** Whether whoever is signed in may do what needs one of these scopes. */
export function useMay(...anyOf: string[]): boolean {
  const { scopes } = useSession();
  return anyOf.some((scope) => scopes.includes(scope));
}
