// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { EventDetails, LogEvent } from './events';
import { explain, missingScopes } from './refusal';

const CLIENT = 'ncIT6fwBODb3CFsGqnSbXwlcezlfKVH5';
const API = 'https://api.example.com/orders';

function refused(error: string, description: string, details: EventDetails = {}): LogEvent {
  return {
    log_id: '1',
    date: '2026-11-26T12:00:00.000Z',
    type: 'feccft',
    description,
    ip: '203.0.113.9',
    client_id: CLIENT,
    client_name: 'Nightly job',
    audience: API,
    scope: 'read:orders write:orders',
    details: { error, ...details },
  };
}

describe('a refusal', () => {
  it.each([
    ['invalid_request', 'The body is not well-formed JSON', 'malformed_request', 'request'],
    ['invalid_request', 'Parameter scope is repeated', 'malformed_request', 'request'],
    ['invalid_request', 'The body is longer than 65536 bytes', 'body_too_long', 'request'],
    ['invalid_scope', 'Scope must be an array or a string', 'malformed_scope', 'request'],
    ['method_not_allowed', 'The token endpoint answers POST', 'method_not_allowed', 'request'],
    ['access_denied', 'Unauthorized', 'client_not_authenticated', 'client'],
    ['invalid_client', 'Client authentication failed', 'client_not_authenticated', 'client'],
    ['too_many_requests', 'Global limit has been reached', 'too_many_failures', 'client'],
    ['invalid_request', 'Missing required parameter: grant_type', 'grant_type_missing', 'grant_type'],
    ['unsupported_grant_type', 'Grant type not supported', 'grant_type_not_supported', 'grant_type'],
    [
      'unauthorized_client',
      "Grant type 'client_credentials' not allowed for the client.",
      'grant_type_not_allowed',
      'grant_type',
    ],
    ['access_denied', 'Non-global clients are not allowed access to APIv1', 'audience_missing', 'audience'],
    ['invalid_request', 'Missing required parameter: audience', 'audience_missing', 'audience'],
    ['access_denied', `Service not enabled within domain: ${API}`, 'audience_unknown', 'audience'],
    ['invalid_target', 'There is no API with this audience', 'audience_unknown', 'audience'],
    [
      'access_denied',
      `Client "${CLIENT}" is not authorized to access resource server "${API}".`,
      'audience_not_granted',
      'grant',
    ],
    ['invalid_target', 'The client holds no grant for this audience', 'audience_not_granted', 'grant'],
    [
      'access_denied',
      `Resource server "${API}" denies access to all clients.`,
      'audience_demands_more',
      'api_settings',
    ],
    ['invalid_target', 'The API denies access to all clients', 'audience_demands_more', 'api_settings'],
    ['access_denied', 'Client has not been granted scopes: write:orders', 'scope_not_granted', 'scope'],
    ['invalid_scope', 'Not granted: write:orders', 'scope_not_granted', 'scope'],
    ['server_error', 'The Hook or Action cannot be run', 'refused_by_extension', 'extension'],
  ])('%s, "%s" is known by its words', (error, description, reason, failed) => {
    expect(explain(refused(error, description))).toMatchObject({ reason, failed });
  });

  it('is known by its code first, whatever its words are', () => {
    const event = refused('access_denied', 'Unauthorized', { reason_code: 'audience_not_granted' });

    expect(explain(event)).toMatchObject({ reason: 'audience_not_granted', failed: 'grant' });
  });

  it.each(['audience_of_tomorrow', 'toString'])(
    'of the unknown code %s is told by its description',
    (code) => {
      const event = refused('access_denied', 'Something new', { reason_code: code });

      expect(explain(event)).toMatchObject({ failed: undefined, there: 'Something new', mends: [] });
    },
  );

  it('by a Hook is told as such, even if it speaks as the server does', () => {
    const run = { kind: 'hook', id: 'h1', name: 'Quota', duration_ms: 2, error: 'over quota' };
    const event = refused('invalid_scope', 'Not granted: write:orders', {
      reason: 'over quota',
      actions: { results: [run] },
    });

    expect(explain(event)).toMatchObject({
      failed: 'extension',
      there: 'Quota ended it: over quota',
      mends: [{ link: { to: '/extensions/hooks/$hookId/{-$tab}', params: { hookId: 'h1' } } }],
    });
  });

  it('for a missing grant leads to the APIs of the application, with the API searched', () => {
    const { mends } = explain(refused('invalid_target', 'The client holds no grant for this audience'));

    expect(mends[0]?.link).toEqual({
      to: '/applications/$clientId/{-$tab}',
      params: { clientId: CLIENT, tab: 'apis' },
      search: { search: API },
    });
  });

  it('for missing scopes leads to the grant and to the permissions of the API', () => {
    const event = refused('access_denied', 'Client has not been granted scopes: write:orders, x:y');

    expect(missingScopes(event)).toEqual(['write:orders', 'x:y']);
    expect(explain(event).mends.map((mend) => mend.link.params)).toEqual([
      { clientId: CLIENT, tab: 'apis' },
      { apiId: API, tab: 'permissions' },
    ]);
  });

  it.each([
    ['wrong client_secret', 'The secret that was sent is not the application’s.', 'credentials'],
    ['no client_secret was sent', 'No client_secret was sent.', 'credentials'],
  ])('for credentials says %s and leads to them', (reason, there, tab) => {
    const told = explain(refused('access_denied', 'Unauthorized', { reason }));

    expect(told.there).toBe(there);
    expect(told.mends[0]?.link.params).toEqual({ clientId: CLIENT, tab });
  });

  it('of an unknown client leads to no page of it', () => {
    const told = explain(refused('access_denied', 'Unauthorized', { reason: 'unknown client' }));

    expect(told.mends[0]?.link.to).toBe('/applications');
  });

  it('of strangers counted together names no client and leads nowhere', () => {
    const event = { ...refused('access_denied', 'Unauthorized', { count: 80 }), client_id: null };

    expect(explain(event).mends).toEqual([]);
  });
});
