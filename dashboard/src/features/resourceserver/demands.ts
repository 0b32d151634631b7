import type { ResourceServer } from './resourceServers';

/** What the settings of an API demand that no token of this server fulfils; the server refuses in this order. */
export function demandOf(server: ResourceServer): string | undefined {
  if (server.is_system === true) {
    return undefined;
  }
  if (server.subject_type_authorization.client?.policy === 'deny_all') {
    return 'Its access policy denies all applications.';
  }
  if (server.token_encryption !== undefined) {
    return 'It demands encrypted access tokens, which this server does not issue.';
  }
  return isProofDemanded(server)
    ? 'It demands proof of possession, which this server does not offer.'
    : undefined;
}

export function isProofDemanded({ proof_of_possession: proof }: ResourceServer): boolean {
  // Applications that ask for tokens here keep a secret: they are not public ones.
  return proof?.required === true && proof.required_for !== 'public_clients';
}
