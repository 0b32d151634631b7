import { queryOptions } from '@tanstack/react-query';
import { linkOptions } from '@tanstack/react-router';
import { api, data, request, type Schemas } from '../../api/client';

export type SigningKey = Schemas['SigningKey'];
export type Algorithm = SigningKey['alg'];

/** A key as the server publishes it, RFC 7517 §4; what else it has is not looked at. */
export interface PublicKey {
  kid?: string;
  kty?: string;
  use?: string;
  crv?: string;
  n?: string;
  e?: string;
  x?: string;
  y?: string;
}

/** The parts of Keys, each a page. */
export const KEY_TABS = [
  { label: 'Signing keys', link: linkOptions({ to: '/keys' }) },
  { label: 'Token debugger', link: linkOptions({ to: '/keys/debugger' }) },
];

export const signingKeysQuery = queryOptions({
  queryKey: ['keys', 'signing'],
  queryFn: async ({ signal }) => (await data(api.GET('/keys/signing', { signal }))) as SigningKey[],
});

/** What every API sees; asked for past the browser's cache. */
export const jwksQuery = queryOptions({
  queryKey: ['keys', 'jwks'],
  queryFn: async ({ signal }): Promise<PublicKey[]> => {
    const answer = await request('/.well-known/jwks.json', { cache: 'reload', signal });
    return ((await answer.json()) as { keys: PublicKey[] }).keys;
  },
});

/** Has the next key sign from now on. */
export async function rotate(alg: Algorithm, force: boolean): Promise<void> {
  await api.POST('/keys/signing/rotate', { params: { query: force ? { alg, force } : { alg } } });
}

export async function revoke(kid: string): Promise<void> {
  await api.PUT('/keys/signing/{kid}/revoke', { params: { path: { kid } } });
}
