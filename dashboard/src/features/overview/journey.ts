import { queryOptions } from '@tanstack/react-query';
import { api, data, type Schemas } from '../../api/client';

/** How much is looked at; a server that has more is not fresh. */
const LOOKED_AT = 100;

/** How far one has come on the way to the first token: what there is of each, besides what the server came with. */
export interface Journey {
  api: { id: string; name: string } | undefined;
  client: { id: string; name: string } | undefined;
  /** Of which application and API. */
  isAuthorized: boolean;
  hasToken: boolean;
}

/**
 * What there is on the way to the first token. Applications that are granted the management API are tools such as the
 * command line: their tokens do not count.
 */
export async function loadJourney(systemAudience: string, signal: AbortSignal): Promise<Journey> {
  const [servers, clients, grants] = await Promise.all([
    data(
      api.GET('/resource-servers', {
        params: { query: { take: 2, fields: 'id,name,identifier,is_system' } },
        signal,
      }),
    ),
    data(
      api.GET('/clients', {
        params: { query: { take: LOOKED_AT, is_global: false, fields: 'client_id,name' } },
        signal,
      }),
    ),
    data(api.GET('/client-grants', { params: { query: { take: LOOKED_AT } }, signal })),
  ]);
  const { resource_servers } = servers as { resource_servers: Schemas['ResourceServer'][] };
  const { clients: all, next: moreClients } = clients as { clients: Schemas['Client'][]; next?: string };
  const { client_grants, next: moreGrants } = grants as {
    client_grants: Schemas['ClientGrant'][];
    next?: string;
  };
  const tools = new Set(
    client_grants.filter(({ audience }) => audience === systemAudience).map(({ client_id }) => client_id),
  );
  const programs = all.flatMap(({ client_id: id = '', name = '' }) => (tools.has(id) ? [] : [{ id, name }]));
  const isGrown = moreClients !== undefined || moreGrants !== undefined;
  const server = resource_servers.find(({ is_system }) => is_system !== true);
  return {
    api: server && { id: server.id, name: server.name ?? server.identifier },
    client: programs[0],
    isAuthorized: isGrown || client_grants.some(({ audience }) => audience !== systemAudience),
    hasToken:
      isGrown ||
      (await hasToken(
        programs.map(({ id }) => id),
        signal,
      )),
  };
}

async function hasToken(ids: string[], signal: AbortSignal): Promise<boolean> {
  if (ids.length === 0) {
    return false;
  }
  const usage = await data(api.GET('/usage/clients', { params: { query: { ids: ids.join(',') } }, signal }));
  return (usage ?? []).some(({ last_token_at }) => last_token_at !== null);
}

export const journeyQuery = (issuer: string) =>
  queryOptions({
    queryKey: ['usage', 'journey'],
    queryFn: ({ signal }) => loadJourney(`${issuer}api/v2/`, signal),
    // Until it is done; then the overview stands in its place.
    refetchInterval: ({ state }) => (state.data?.hasToken === true ? false : 10_000),
    staleTime: ({ state }) => (state.data?.hasToken === true ? Number.POSITIVE_INFINITY : 0),
  });
