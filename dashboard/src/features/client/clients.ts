import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, data, ifMatch, type Schemas, type Tagged, tagged } from '../../api/client';
import type { paths } from '../../api/schema';

export type Client = Schemas['Client'];
export type ClientChange = paths['/clients/{id}']['patch']['requestBody']['content']['application/json'];

/** How many rows a page of a list has. */
export const ROWS = 50;

/** The secret is asked for by itself, as that is recorded. */
const WITHOUT_SECRET = { fields: 'client_secret', include_fields: false };

/** One page of the applications, by key; "All Applications", which tools look for, is in no list. */
export const clientsQuery = (search: string, from: string | undefined) =>
  queryOptions({
    queryKey: ['clients', 'list', search, from],
    queryFn: async ({ signal }) => {
      const query = {
        ...WITHOUT_SECRET,
        search,
        take: ROWS,
        is_global: false,
        ...(from === undefined ? {} : { from }),
      };
      return (await data(api.GET('/clients', { params: { query }, signal }))) as {
        clients: Client[];
        next?: string;
      };
    },
    placeholderData: keepPreviousData,
  });

/** How many applications there are in all that fit the search. */
export const clientCountQuery = (search: string) =>
  queryOptions({
    queryKey: ['clients', 'count', search],
    queryFn: async ({ signal }) => {
      const query = { search, per_page: 1, include_totals: true, is_global: false, fields: 'client_id' };
      return ((await data(api.GET('/clients', { params: { query }, signal }))) as { total: number }).total;
    },
  });

export async function loadClient(id: string): Promise<Tagged<Client>> {
  return tagged<Client>(api.GET('/clients/{id}', { params: { path: { id }, query: WITHOUT_SECRET } }));
}

export const clientQuery = (id: string) =>
  queryOptions({ queryKey: ['clients', 'one', id], queryFn: () => loadClient(id) });

/**
 * Sends a change made from the state with that tag, and gives the state that it made: that is in the answer, since
 * asking for it once more could fail, which would look as though nothing had been saved.
 */
export async function changeClient(id: string, change: ClientChange, etag: string): Promise<Tagged<Client>> {
  const now = await tagged<Client>(
    api.PATCH('/clients/{id}', { params: { path: { id } }, body: change, headers: ifMatch(etag) }),
  );
  const { client_secret, ...value } = now.value;
  return { value, etag: now.etag };
}

/** Makes a new secret; gives it and the state that the client has with it, whose tag is another. */
export async function rotateSecret(id: string): Promise<{ secret: string; now: Tagged<Client> }> {
  const answer = api.POST('/clients/{id}/rotate-secret', { params: { path: { id } } });
  const { value, etag } = await tagged<Client>(answer);
  const { client_secret: secret = '', ...client } = value;
  return { secret, now: { value: client, etag } };
}

/** The secret; that it was shown is in the log. */
export async function revealSecret(id: string): Promise<string> {
  const client = await data(
    api.GET('/clients/{id}', { params: { path: { id }, query: { fields: 'client_secret' } } }),
  );
  if (client?.client_secret === undefined) {
    throw new Error(
      'The server does not show this secret: it holds more than you may, or secrets.reveal is off',
    );
  }
  return client.client_secret;
}

export function nameOf(client: Pick<Client, 'name'>): string {
  return client.name ?? '(no name)';
}

/** Whether a client may ask for tokens by its secret. */
export function isMachine(client: Client): boolean {
  return client.grant_types?.includes('client_credentials') ?? false;
}
