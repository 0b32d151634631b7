import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, data, ifMatch, type Schemas, type Tagged, tagged } from '../../api/client';
import type { paths } from '../../api/schema';
import { ROWS } from '../client/clients';

export type ResourceServer = Schemas['ResourceServer'];
export type ResourceServerChange =
  paths['/resource-servers/{id}']['patch']['requestBody']['content']['application/json'];

/** The signing secret of HS256 is asked for by itself, as that is recorded. */
const WITHOUT_SECRET = { fields: 'signing_secret', include_fields: false };

/** One page of the APIs, by key. */
export const resourceServersQuery = (search: string, from: string | undefined) =>
  queryOptions({
    queryKey: ['apis', 'list', search, from],
    queryFn: async ({ signal }) => {
      const query = { ...WITHOUT_SECRET, search, take: ROWS, ...(from === undefined ? {} : { from }) };
      return (await data(api.GET('/resource-servers', { params: { query }, signal }))) as {
        resource_servers: ResourceServer[];
        next?: string;
      };
    },
    placeholderData: keepPreviousData,
  });

/** How many APIs there are in all that fit the search. */
export const resourceServerCountQuery = (search: string) =>
  queryOptions({
    queryKey: ['apis', 'count', search],
    queryFn: async ({ signal }) => {
      const query = { search, per_page: 1, include_totals: true, fields: 'id' };
      return ((await data(api.GET('/resource-servers', { params: { query }, signal }))) as { total: number })
        .total;
    },
  });

/** An API by its id or its identifier. */
export async function loadResourceServer(id: string): Promise<Tagged<ResourceServer>> {
  return tagged<ResourceServer>(
    api.GET('/resource-servers/{id}', { params: { path: { id }, query: WITHOUT_SECRET } }),
  );
}

export const resourceServerQuery = (id: string) =>
  queryOptions({ queryKey: ['apis', 'one', id], queryFn: () => loadResourceServer(id) });

/** Sends a change made from the state with that tag, and gives the state that it made, which is in the answer. */
export async function changeResourceServer(
  id: string,
  change: ResourceServerChange,
  etag: string,
): Promise<Tagged<ResourceServer>> {
  const now = await tagged<ResourceServer>(
    api.PATCH('/resource-servers/{id}', {
      params: { path: { id } },
      body: change,
      headers: ifMatch(etag),
    }),
  );
  const { signing_secret, ...value } = now.value;
  return { value, etag: now.etag };
}

/** The secret with which tokens of this API are signed; that it was shown is in the log. */
export async function revealSigningSecret(id: string): Promise<string> {
  const server = await data(
    api.GET('/resource-servers/{id}', { params: { path: { id }, query: { fields: 'signing_secret' } } }),
  );
  if (server?.signing_secret === undefined) {
    throw new Error('The server shows no signing secret of this API');
  }
  return server.signing_secret;
}

export function nameOf(server: Pick<ResourceServer, 'name' | 'identifier'>): string {
  return server.name ?? server.identifier;
}
