import { api, data } from '../../api/client';
import type { Kind } from './scripts';

/** What a sample is filled in from. */
export interface Caller {
  client_id: string;
  name: string;
  metadata: Record<string, string>;
  audience: string;
  scope: string[];
  /** The issuer's host. */
  tenant: string;
}

/** What the test of a script answers. */
export interface RunAnswer {
  payload: {
    result?: { scope: string[] } & Record<string, unknown>;
    token?: { header: Record<string, unknown>; claims: Record<string, unknown> };
    error?: { code: string; message: string; reason: string; status: number };
    console: { level: string; text: string }[];
  };
  stats: { total_request_duration_ms: number; total_runtime_execution_duration_ms: number };
}

export const SAMPLE_CALLER: Omit<Caller, 'tenant'> = {
  client_id: 'SampleClientSampleClientSample00',
  name: 'Sample application',
  metadata: { plan: 'full' },
  audience: 'https://api.example.com',
  scope: ['read:reports'],
};

const REQUEST = { ip: '203.0.113.7', userAgent: 'curl/8.14.1' };

/** The body that a test sends: for a Hook its arguments, for an Action its event. */
export function sampleBody(kind: Kind, caller: Caller): Record<string, unknown> {
  const { client_id, name, metadata, audience, scope, tenant } = caller;
  const parameters = { grant_type: 'client_credentials', client_id, audience };
  return kind === 'hook'
    ? {
        client: { id: client_id, name, tenant, metadata },
        scope,
        audience,
        context: { ...REQUEST, body: parameters },
      }
    : {
        client: { client_id, name, metadata },
        resource_server: { identifier: audience },
        accessToken: { scope, customClaims: {} },
        request: {
          method: 'POST',
          ip: REQUEST.ip,
          hostname: tenant,
          user_agent: REQUEST.userAgent,
          body: parameters,
        },
        transaction: { requested_scopes: [] },
        tenant: { id: tenant },
      };
}

/** The body as typed, or what is wrong with it. */
export function parseBody(text: string): { body: Record<string, unknown> } | { problem: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (problem) {
    return { problem: `Not JSON: ${problem instanceof Error ? problem.message : String(problem)}` };
  }
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? { body: body as Record<string, unknown> }
    : { problem: 'The body is a JSON object' };
}

/** The scopes that a body asks with. */
export function scopesOf(kind: Kind, body: Record<string, unknown>): string[] {
  const scope = kind === 'hook' ? body.scope : (body.accessToken as { scope?: unknown } | undefined)?.scope;
  return Array.isArray(scope) ? scope.filter((value) => typeof value === 'string') : [];
}

export interface ScopeChange {
  value: string;
  change: 'kept' | 'added' | 'removed';
}

/** What became of the scopes: first those that were sent, in their order, then those that the script added. */
export function scopeChanges(before: string[], after: string[]): ScopeChange[] {
  const [sent, left] = [new Set(before), new Set(after)];
  return [
    ...[...sent].map((value): ScopeChange => ({ value, change: left.has(value) ? 'kept' : 'removed' })),
    ...[...left]
      .filter((value) => !sent.has(value))
      .map((value): ScopeChange => ({ value, change: 'added' })),
  ];
}

/** The claims that the script gave. */
export function customClaims(answer: RunAnswer): Record<string, unknown> {
  const { scope: _, ...claims } = answer.payload.result ?? { scope: [] };
  return claims;
}

/** Where in the script an error happened, if its text says so: `hook.js:3:5`, or `action.js:2` without a column. */
export function lineOf(reason: string): number | undefined {
  const line = /\b(?:hook|action)\.js:(\d{1,7})\b/.exec(reason)?.[1];
  return line === undefined ? undefined : Number(line);
}

export async function runScript(
  kind: Kind,
  id: string,
  payload: Record<string, unknown>,
): Promise<RunAnswer> {
  const params = { path: { id } };
  // What was typed: the server says what does not fit.
  const body = { payload } as object;
  return (await data<unknown>(
    kind === 'hook'
      ? api.POST('/hooks/{id}/test', { params, body })
      : api.POST('/actions/actions/{id}/test', { params, body: { payload } }),
  )) as RunAnswer;
}
