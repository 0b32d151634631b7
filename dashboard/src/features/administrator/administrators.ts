import { queryOptions } from '@tanstack/react-query';
import { api, data, type Schemas } from '../../api/client';
import type { Role } from '../../session/session';

export type Administrator = Schemas['Administrator'];

/** A link that somebody made and nobody has used, without what makes it one. */
export type UnusedLink = Schemas['AdministratorLink'];

/** A link that makes an administrator, or a new password; the server shows it once. */
export interface OneTimeLink {
  url: string;
  expires_at: string;
}

/** There are 1,000 at most, so the list has no pages. */
export const administratorsQuery = queryOptions({
  queryKey: ['administrators'],
  queryFn: async ({ signal }) => (await data(api.GET('/administrators', { signal }))) as Administrator[],
});

/** There are 100 at most. */
export const linksQuery = queryOptions({
  queryKey: [...administratorsQuery.queryKey, 'links'],
  queryFn: async ({ signal }) => (await data(api.GET('/administrators/links', { signal }))) as UnusedLink[],
});

export async function withdraw(id: string): Promise<void> {
  await api.DELETE('/administrators/links/{id}', { params: { path: { id } } });
}

export async function invite(role: Role): Promise<OneTimeLink> {
  return (await data(api.POST('/administrators/invitations', { body: { role } }))) as OneTimeLink;
}

export async function resetPassword(id: string): Promise<OneTimeLink> {
  return (await data(api.POST('/administrators/{id}/reset', { params: { path: { id } } }))) as OneTimeLink;
}

export async function changeRole(id: string, role: Role): Promise<void> {
  await api.PATCH('/administrators/{id}', { params: { path: { id } }, body: { role } });
}

export async function remove(id: string): Promise<void> {
  await api.DELETE('/administrators/{id}', { params: { path: { id } } });
}

/** Why this one can be neither removed nor made less, if so. */
export function whyKept(administrator: Administrator, all: Administrator[]): string | undefined {
  const owners = all.filter(({ role }) => role === 'owner').length;
  return administrator.role === 'owner' && owners === 1
    ? 'The last owner: make somebody else owner first'
    : undefined;
}
