import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, data, type Schemas, type Tagged, tagged } from '../../api/client';
import { ROWS } from '../client/clients';

export type ResourceServer = Schemas['ResourceServer'];

/** One page of the APIs, by key. */
export const resourceServersQuery = (search: string, from: string | undefined) =>
  queryOptions({
    queryKey: ['apis', 'list', search, from],
    queryFn: async ({ signal }) => {
      const query = { search, take: ROWS, ...(from === undefined ? {} : { from }) };
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
      const query = { search, per_page: 1, include_totals: true };
      return ((await data(api.GET('/resource-servers', { params: { query }, signal }))) as { total: number })
        .total;
    },
  });

/** An API by its id or its identifier. */
export async function loadResourceServer(id: string): Promise<Tagged<ResourceServer>> {
  return tagged<ResourceServer>(api.GET('/resource-servers/{id}', { params: { path: { id } } }));
}

export const resourceServerQuery = (id: string) =>
  queryOptions({ queryKey: ['apis', 'one', id], queryFn: () => loadResourceServer(id) });
