import { queryOptions } from '@tanstack/react-query';
import { api, ifMatch, type Schemas, type Tagged, tagged } from '../../api/client';

export type TenantSettings = Schemas['TenantSettings'];
export type TenantSettingsChange = Schemas['UpdateTenantSettingsRequest'];

export async function loadTenantSettings(): Promise<Tagged<TenantSettings>> {
  return tagged<TenantSettings>(api.GET('/tenants/settings'));
}

export const tenantSettingsQuery = queryOptions({
  queryKey: ['tenant-settings'],
  queryFn: loadTenantSettings,
});

export async function changeTenantSettings(
  change: TenantSettingsChange,
  etag: string,
): Promise<Tagged<TenantSettings>> {
  return tagged<TenantSettings>(api.PATCH('/tenants/settings', { body: change, headers: ifMatch(etag) }));
}
