import { queryOptions } from '@tanstack/react-query';
import { api, data, ifMatch, type Schemas, type Tagged, tagged } from '../../api/client';

export type ClientGrant = Schemas['ClientGrant'];

/** How many grants are fetched at a time, and how often, for what is said of all: a thousand. */
const TAKEN = 100;
const MOST_PAGES = 10;

interface GrantPage {
  client_grants: ClientGrant[];
  next?: string;
}

/** The grants of an application or for an API, as many as are looked through. */
export interface Grants {
  grants: ClientGrant[];
  /** Whether these are all. */
  isWhole: boolean;
}

async function allGrants(
  of: { client_id: string } | { audience: string },
  signal: AbortSignal,
): Promise<Grants> {
  const grants: ClientGrant[] = [];
  let from: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const query = {
      ...of,
      subject_type: 'client' as const,
      take: TAKEN,
      ...(from === undefined ? {} : { from }),
    };
    const page = (await data(api.GET('/client-grants', { params: { query }, signal }))) as GrantPage;
    grants.push(...page.client_grants);
    from = page.next;
    if (from === undefined) {
      return { grants, isWhole: true };
    }
  }
  return { grants, isWhole: false };
}

export const allGrantsOfClientQuery = (clientId: string) =>
  queryOptions({
    queryKey: ['grants', 'client', clientId],
    queryFn: ({ signal }) => allGrants({ client_id: clientId }, signal),
  });

export const allGrantsOfApiQuery = (audience: string) =>
  queryOptions({
    queryKey: ['grants', 'api', audience, 'all'],
    queryFn: ({ signal }) => allGrants({ audience }, signal),
  });

/** The grant of that application for that API, or null. */
export const grantQuery = (clientId: string, audience: string) =>
  queryOptions({
    queryKey: ['grants', 'one', clientId, audience],
    queryFn: async ({ signal }) => {
      const query = { client_id: clientId, audience, subject_type: 'client' as const, take: 1 };
      const page = (await data(api.GET('/client-grants', { params: { query }, signal }))) as GrantPage;
      return page.client_grants[0] ?? null;
    },
  });

/** A page of the grants for an API, by key. */
export const grantsOfApiQuery = (audience: string, from: string | undefined) =>
  queryOptions({
    queryKey: ['grants', 'api', audience, from],
    queryFn: async ({ signal }) => {
      const query = {
        audience,
        subject_type: 'client' as const,
        take: 50,
        ...(from === undefined ? {} : { from }),
      };
      return (await data(api.GET('/client-grants', { params: { query }, signal }))) as GrantPage;
    },
  });

/** How many grants there are for an API. */
export const grantCountOfApiQuery = (audience: string) =>
  queryOptions({
    queryKey: ['grants', 'api', audience, 'count'],
    queryFn: async ({ signal }) => {
      const query = { audience, subject_type: 'client' as const, per_page: 1, include_totals: true };
      const page = await data(api.GET('/client-grants', { params: { query }, signal }));
      return (page as unknown as { total: number }).total;
    },
  });

export async function authorize(clientId: string, audience: string, scope: string[]): Promise<void> {
  await api.POST('/client-grants', { body: { client_id: clientId, audience, scope } });
}

export async function loadGrant(id: string): Promise<Tagged<ClientGrant>> {
  return tagged<ClientGrant>(api.GET('/client-grants/{id}', { params: { path: { id } } }));
}

/** A grant with the tag that a change of it is made from. */
export const taggedGrantQuery = (id: string) =>
  queryOptions({ queryKey: ['grants', 'tagged', id], queryFn: () => loadGrant(id) });

/** Puts these scopes in place of all it has, unless somebody changed the grant since it had that tag. */
export async function setScopes(id: string, scope: string[], etag: string): Promise<Tagged<ClientGrant>> {
  return tagged<ClientGrant>(
    api.PATCH('/client-grants/{id}', { params: { path: { id } }, body: { scope }, headers: ifMatch(etag) }),
  );
}

export async function withdraw(id: string): Promise<void> {
  await api.DELETE('/client-grants/{id}', { params: { path: { id } } });
}
