import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, data, type Schemas } from '../../api/client';
import { useMay } from '../../session/session';

/** What one application or API did of late; null where nothing has that id. */
export type Usage = Schemas['Usage'];

function byId(list: Usage[]): Map<string, Usage> {
  return new Map(list.map((usage) => [usage.id, usage]));
}

const clientUsageQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ['usage', 'clients', ids],
    queryFn: async ({ signal }) =>
      byId(
        (await data(api.GET('/usage/clients', { params: { query: { ids: ids.join(',') } }, signal }))) ?? [],
      ),
  });

const resourceServerUsageQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ['usage', 'resource-servers', ids],
    queryFn: async ({ signal }) =>
      byId(
        (await data(
          api.GET('/usage/resource-servers', { params: { query: { ids: ids.join(',') } }, signal }),
        )) ?? [],
      ),
  });

const NOTHING = new Map<string, Usage>();

/** Usage of these applications by client id; empty until it is known, and for whoever may not know. */
export function useClientUsage(ids: string[]): Map<string, Usage> {
  const may = useMay('read:stats');
  return useQuery({ ...clientUsageQuery(ids), enabled: may && ids.length > 0 }).data ?? NOTHING;
}

/** The same of APIs by their ids. */
export function useResourceServerUsage(ids: string[]): Map<string, Usage> {
  const may = useMay('read:stats');
  return useQuery({ ...resourceServerUsageQuery(ids), enabled: may && ids.length > 0 }).data ?? NOTHING;
}
