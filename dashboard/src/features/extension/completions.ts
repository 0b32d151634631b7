import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { Kind } from './scripts';

/** A name that code may write, what it is, and what is inside it. */
interface Member {
  info: string;
  type?: Completion['type'];
  members?: Record<string, Member>;
}

const call = (info: string): Member => ({ info, type: 'method' });
const value = (info: string, members?: Record<string, Member>): Member =>
  members === undefined ? { info } : { info, members };

function ofHook(secrets: Record<string, Member>): Record<string, Member> {
  return {
    client: value('The application', {
      name: value('Its name'),
      id: value('Its client ID'),
      tenant: value('The issuer’s host'),
      metadata: value('Its metadata: texts by their keys'),
    }),
    scope: value('The scopes about to be granted, an array'),
    audience: value('The identifier of the API the token is for'),
    context: value('The request', {
      ip: value('The caller’s address'),
      userAgent: value('The caller’s User-Agent'),
      body: value('The request’s parameters, without the credentials'),
      webtask: value('Holds the secrets', { secrets: value('This Hook’s secrets by their names', secrets) }),
    }),
    cb: { info: 'cb(error, token): call it once', type: 'function' },
    InvalidScopeError: { info: '400 invalid_scope, with your message', type: 'class' },
    InvalidRequestError: { info: '400 invalid_request, with your message', type: 'class' },
    ServerError: { info: '500 server_error, with your message', type: 'class' },
  };
}

function ofAction(secrets: Record<string, Member>): Record<string, Member> {
  return {
    event: value('The request', {
      accessToken: value('What the token has so far', {
        scope: value('The scopes about to be granted, an array'),
        customClaims: value('The claims set so far'),
      }),
      client: value('The application', {
        client_id: value('Its client ID'),
        name: value('Its name'),
        metadata: value('Its metadata: texts by their keys'),
      }),
      request: value('The token request', {
        body: value('Its parameters, without the credentials'),
        method: value('POST'),
        ip: value('The caller’s address'),
        hostname: value('The host that was asked'),
        user_agent: value('The caller’s User-Agent'),
        language: value('The caller’s language'),
      }),
      resource_server: value('The API', { identifier: value('Its identifier, the audience') }),
      transaction: value('What was asked', {
        requested_scopes: value('As the request named them; empty if it named none'),
      }),
      tenant: value('The issuer', { id: value('The issuer’s host') }),
      secrets: value('This Action’s secrets by their names', secrets),
    }),
    api: value('What can be done about it', {
      access: value('Whether there is a token', {
        deny: call("deny(code, reason): no token; 'invalid_scope', 'invalid_request' or 'server_error'"),
      }),
      accessToken: value('The token', {
        setCustomClaim: call('setCustomClaim(name, value); the name is a URL in a domain you own'),
      }),
      cache: value('Texts kept for a while, for all Actions together', {
        get: call('get(key): { value, expires_at }, or undefined'),
        set: call('set(key, text, { ttl }): milliseconds, 15 minutes unless told'),
        delete: call('delete(key)'),
      }),
    }),
  };
}

/** What stands in front of the cursor when it is at the end of a name, or behind a dot: `context.webtask.se`. */
const PATH = /[\w$]+(?:\??\.[\w$]*)*$/;

/** The names that fit behind a path such as `event.client.`, with what they are. */
export function completionsFor(kind: Kind, secretNames: string[], path: string): Completion[] {
  const secrets = Object.fromEntries(
    secretNames.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name)).map((name) => [name, value('A secret')]),
  );
  const steps = path.split(/\??\./).slice(0, -1);
  let members: Record<string, Member> | undefined = kind === 'hook' ? ofHook(secrets) : ofAction(secrets);
  for (const step of steps) {
    members = Object.hasOwn(members, step) ? members[step]?.members : undefined;
    if (members === undefined) {
      return [];
    }
  }
  return Object.entries(members).map(([label, { info, type }]) => ({
    label,
    detail: info,
    type: type ?? (steps.length === 0 ? 'variable' : 'property'),
  }));
}

/** Completes the parameters that a script is called with, and what is in them. */
export function completeParameters(kind: Kind, secretNames: () => string[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const before = context.matchBefore(PATH);
    if (before === null) {
      return null;
    }
    const options = completionsFor(kind, secretNames(), before.text);
    const from = before.from + before.text.search(/[\w$]*$/);
    return options.length === 0 ? null : { from, options, validFor: /^[\w$]*$/ };
  };
}
