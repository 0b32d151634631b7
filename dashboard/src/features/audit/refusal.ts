import type { LinkProps } from '@tanstack/react-router';
import type { EventDetails, LogEvent } from './events';

/** What is checked of a token request, in this order. */
export const CHECKS = {
  request: 'The request can be read',
  client: 'The application is known and proved to be itself',
  grant_type: 'The grant type is allowed to it',
  audience: 'The API is named and known',
  grant: 'The application holds a grant for the API',
  api_settings: 'The API asks for nothing that this server cannot do',
  scope: 'The scopes asked for are granted',
  extension: 'The Hook and the Actions agree',
  key: 'There is a key to sign with',
} as const;

export type Check = keyof typeof CHECKS;

/** The stable reasons of refusals, and at which check each ends. */
const REASONS = {
  method_not_allowed: 'request',
  body_too_long: 'request',
  malformed_request: 'request',
  malformed_scope: 'request',
  client_not_authenticated: 'client',
  too_many_failures: 'client',
  grant_type_missing: 'grant_type',
  grant_type_not_supported: 'grant_type',
  grant_type_not_allowed: 'grant_type',
  audience_missing: 'audience',
  audience_unknown: 'audience',
  audience_not_granted: 'grant',
  audience_demands_more: 'api_settings',
  scope_not_granted: 'scope',
  refused_by_extension: 'extension',
} as const satisfies Record<string, Check>;

export type Reason = keyof typeof REASONS;

/** Where one can mend it: a link and what it is called. */
export interface Mend {
  label: string;
  link: LinkProps;
}

export interface Refusal {
  reason: Reason | undefined;
  /** Undefined if it cannot be told: then the description is all there is. */
  failed: Check | undefined;
  asked: string;
  there: string;
  mends: Mend[];
}

/** What each dialect says, where events have no reason code: `error`, then how the description begins. */
const SAID: [error: string, begin: string, reason: Reason][] = [
  ['access_denied', 'Unauthorized', 'client_not_authenticated'],
  ['access_denied', 'Non-global clients', 'audience_missing'],
  ['access_denied', 'Service not enabled within domain', 'audience_unknown'],
  ['access_denied', 'Client has not been granted scopes', 'scope_not_granted'],
  ['access_denied', 'Client "', 'audience_not_granted'],
  ['access_denied', 'Resource server "', 'audience_demands_more'],
  ['invalid_client', '', 'client_not_authenticated'],
  ['too_many_requests', '', 'too_many_failures'],
  ['unauthorized_client', '', 'grant_type_not_allowed'],
  ['unsupported_grant_type', '', 'grant_type_not_supported'],
  ['invalid_target', 'There is no API', 'audience_unknown'],
  ['invalid_target', 'The client holds no grant', 'audience_not_granted'],
  ['invalid_target', 'The API', 'audience_demands_more'],
  ['invalid_scope', 'Scope must be', 'malformed_scope'],
  ['invalid_scope', 'Not granted:', 'scope_not_granted'],
  ['method_not_allowed', '', 'method_not_allowed'],
  ['invalid_request', 'Missing required parameter: grant_type', 'grant_type_missing'],
  ['invalid_request', 'Missing required parameter: audience', 'audience_missing'],
  ['invalid_request', 'The body is longer', 'body_too_long'],
  ['invalid_request', '', 'malformed_request'],
  ['server_error', '', 'refused_by_extension'],
];

function reasonOf(event: LogEvent): Reason | undefined {
  const { reason_code: code, error, actions } = event.details ?? {};
  if (code !== undefined) {
    return Object.hasOwn(REASONS, code) ? (code as Reason) : undefined;
  }
  // Users' code chooses its own words, so it is asked first.
  if (actions?.results?.some((run) => run.error !== undefined)) {
    return 'refused_by_extension';
  }
  return SAID.find(([of, begin]) => of === error && event.description.startsWith(begin))?.[2];
}

/** The scopes that were asked for and not granted. */
export function missingScopes(event: LogEvent): string[] {
  const named = /^(?:Client has not been granted scopes|Not granted): (.*)$/s.exec(event.description)?.[1];
  return named?.split(', ') ?? [];
}

/** Why a token was refused: at which check, what was asked, what was there, and where that is mended. */
export function explain(event: LogEvent): Refusal {
  const reason = reasonOf(event);
  if (reason === undefined) {
    return { reason, failed: undefined, asked: '', there: event.description, mends: [] };
  }
  return { reason, failed: REASONS[reason], ...words(reason, event, event.details ?? {}) };
}

const PRODUCTS = {
  application: (clientId: string, tab: string | undefined, search?: string): LinkProps => ({
    to: '/applications/$clientId/{-$tab}',
    params: { clientId, tab },
    ...(search === undefined ? {} : { search: { search } }),
  }),
  api: (apiId: string, tab: string): LinkProps => ({ to: '/apis/$apiId/{-$tab}', params: { apiId, tab } }),
};

type Words = Pick<Refusal, 'asked' | 'there' | 'mends'>;

function words(reason: Reason, event: LogEvent, details: EventDetails): Words {
  const client = event.client_id ?? '';
  const audience = event.audience ?? '';
  const api = details.resource_server_id ?? audience;
  switch (reason) {
    case 'method_not_allowed':
    case 'body_too_long':
    case 'malformed_request':
    case 'malformed_scope':
      return {
        asked: 'A token, in a request that does not have the shape of one.',
        there: `${event.description}.`,
        mends: client === '' ? [] : [mend('See the request as it should be', client, undefined)],
      };
    case 'client_not_authenticated':
    case 'too_many_failures':
      return unproven(reason, client, details.reason ?? event.description);
    case 'grant_type_missing':
      return {
        asked: 'A token, without a grant_type.',
        there: 'The request has to say grant_type=client_credentials.',
        mends: [mend('See the request as it should be', client, undefined)],
      };
    case 'grant_type_not_supported':
      return {
        asked: 'A token by a grant type that is not client_credentials.',
        there: 'This server knows client_credentials only: the request has to say so.',
        mends: [mend('See the request as it should be', client, undefined)],
      };
    case 'grant_type_not_allowed':
      return {
        asked: 'A token by the grant type client_credentials.',
        there: 'The application’s grant types do not have client_credentials.',
        mends: [mend('Add it in the application’s settings', client, 'settings')],
      };
    case 'audience_missing':
      return {
        asked: 'A token, without an audience.',
        there: 'There is no default audience either.',
        mends: [
          mend('See the request with its audience', client, undefined),
          { label: 'Set a default audience', link: { to: '/settings/{-$tab}', params: { tab: undefined } } },
        ],
      };
    case 'audience_unknown':
      return {
        asked: `A token for ${audience === '' ? 'an API' : audience}.`,
        there: 'No API has this identifier. It is compared letter by letter, a slash at the end included.',
        mends: [
          { label: 'Look for it among the APIs', link: { to: '/apis', search: { search: stem(audience) } } },
        ],
      };
    case 'audience_not_granted':
      return {
        asked: `A token for ${audience === '' ? 'an API' : audience}.`,
        there: 'The API is there; the application held no grant for it.',
        mends: [
          {
            label: 'Authorize it under the application’s APIs',
            link: PRODUCTS.application(client, 'apis', audience),
          },
        ],
      };
    case 'audience_demands_more':
      return {
        asked: `A token for ${audience}.`,
        there: `The API’s settings ask for what no token of this server has: ${details.reason ?? event.description}.`,
        mends: [{ label: 'Change the API’s settings', link: PRODUCTS.api(api, 'settings') }],
      };
    case 'scope_not_granted':
      return {
        asked: `The scopes ${event.scope ?? missingScopes(event).join(' ')}.`,
        there: `Not granted: ${missingScopes(event).join(', ')}.`,
        mends: [
          {
            label: 'Grant it under the application’s APIs',
            link: PRODUCTS.application(client, 'apis', audience),
          },
          { label: 'See which permissions the API has', link: PRODUCTS.api(api, 'permissions') },
        ],
      };
    case 'refused_by_extension':
      return byExtension(event, details);
  }
}

function mend(label: string, client: string, tab: string | undefined, search?: string): Mend {
  return { label, link: PRODUCTS.application(client, tab, search) };
}

/** The host of an identifier, or its beginning: enough to find one that was nearly typed right. */
function stem(audience: string): string {
  return /^[a-z]+:\/\/[^/:]+/.exec(audience)?.[0] ?? audience.slice(0, 8);
}

function unproven(reason: Reason, client: string, why: string): Words {
  const throttled =
    reason === 'too_many_failures' ? ' It had failed too often, so it was answered 429 for a while.' : '';
  if (client === '') {
    return { asked: 'A token, without a client ID.', there: `${sentence(why)}${throttled}`, mends: [] };
  }
  const asked = `A token as ${client}.`;
  if (why === 'unknown client') {
    return {
      asked,
      there: `No application has this client ID.${throttled}`,
      mends: [
        {
          label: 'Look for it among the applications',
          link: { to: '/applications', search: { search: client.slice(0, 6) } },
        },
      ],
    };
  }
  const there =
    why === 'wrong client_secret' ? 'The secret that was sent is not the application’s.' : sentence(why);
  return {
    asked,
    there: `${there}${throttled}`,
    mends: [mend('See the application’s credentials', client, 'credentials')],
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function byExtension(event: LogEvent, details: EventDetails): Words {
  const ended = details.actions?.results?.filter((run) => run.error !== undefined) ?? [];
  const mends = ended.map(
    (run): Mend =>
      run.kind === 'hook'
        ? {
            label: `Open the Hook ${run.name}`,
            link: { to: '/extensions/hooks/$hookId/{-$tab}', params: { hookId: run.id, tab: undefined } },
          }
        : {
            label: `Open the Action ${run.name}`,
            link: {
              to: '/extensions/actions/$actionId/{-$tab}',
              params: { actionId: run.id, tab: undefined },
            },
          },
  );
  return {
    asked: `A token for ${event.audience ?? 'an API'}, all of which was granted.`,
    there: `${ended.map((run) => run.name).join(', ') || 'The Hook or an Action'} ended it: ${details.reason ?? event.description}`,
    mends: mends.length > 0 ? mends : [{ label: 'See Hooks and Actions', link: { to: '/extensions' } }],
  };
}
