import { queryOptions } from '@tanstack/react-query';
import { api, data, ifMatch, type Schemas } from '../../api/client';

export type Version = Schemas['ActionVersion'];

/** All of an Action, the newest first: the server keeps fifty. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['extensions', 'action', id, 'versions'],
    queryFn: async ({ signal }) =>
      (
        await data(
          api.GET('/actions/actions/{id}/versions', {
            params: { path: { id }, query: { per_page: 100 } },
            signal,
          }),
        )
      ).versions,
  });

/** Makes the saved draft the version that runs. */
export async function deploy(id: string, etag: string): Promise<void> {
  await api.POST('/actions/actions/{id}/deploy', { params: { path: { id } }, headers: ifMatch(etag) });
}

/** Makes a new version of an older one. */
export async function deployAgain(
  id: string,
  versionId: string,
  etag: string,
  updateDraft: boolean,
): Promise<void> {
  await api.POST('/actions/actions/{id}/versions/{versionId}/deploy', {
    params: { path: { id, versionId } },
    headers: ifMatch(etag),
    body: { update_draft: updateDraft },
  });
}
