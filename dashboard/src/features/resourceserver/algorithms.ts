/** How the tokens of an API are signed, for a list to choose from. */
export const ALGORITHMS = [
  { value: 'RS256', label: 'RS256 (every library knows it)' },
  { value: 'RS512', label: 'RS512' },
  { value: 'PS256', label: 'PS256' },
  { value: 'ES256', label: 'ES256 (short signatures, made quickly)' },
  { value: 'EdDSA', label: 'EdDSA (short signatures, made quickly; newer libraries)' },
  { value: 'HS256', label: 'HS256 (one secret shared with the API)' },
] as const;

export type Algorithm = (typeof ALGORITHMS)[number]['value'];

/** What to know of the one chosen. */
export function algorithmHelp(algorithm: Algorithm): string {
  return algorithm === 'HS256'
    ? 'Whoever checks such a token can also make one. Only for APIs that cannot fetch public keys.'
    : 'The API checks tokens by the public keys of this server.';
}
