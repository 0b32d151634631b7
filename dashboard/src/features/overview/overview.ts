import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { linkOptions } from '@tanstack/react-router';
import { api, data } from '../../api/client';
import type { paths } from '../../api/schema';
import { duration } from '../../ui/figures';
import type { Hours } from './overviewSearch';

export type Overview = paths['/usage/overview']['get']['responses'][200]['content']['application/json'];
export type Point = Overview['series'][number];

export const overviewQuery = (hours: Hours) =>
  queryOptions({
    queryKey: ['usage', 'overview', hours],
    queryFn: async ({ signal }) =>
      (await data(api.GET('/usage/overview', { params: { query: { hours } }, signal }))) as Overview,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

/** "minute", "hour", "10 minutes": what one step of a series is. */
export function stepWords(seconds: number): string {
  return duration(seconds).replace(/^1 /, '');
}

/** From when on there are figures; undefined if for all of the period or for none of it. */
export function knownFrom(series: Point[]): string | undefined {
  const first = series.findIndex((point) => point.tokens !== null);
  return first > 0 ? series[first]?.at : undefined;
}

interface Counted {
  type: 'seccft' | 'feccft';
  from: string;
  /** The instant behind the last, if not now. */
  to?: string;
  client?: string;
  reason?: string;
}

/** The events of the log that a figure counts. */
export function eventsLink({ type, from, to, client, reason }: Counted) {
  const date = `date:["${from}" TO ${to === undefined ? '*]' : `"${to}"}`}`;
  return linkOptions({
    to: '/logs',
    search: {
      type,
      q: reason === undefined ? date : `${date} AND reason_code:"${reason}"`,
      ...(client === undefined ? {} : { client }),
    },
  });
}

/** Why tokens are refused, by the stable name of the reason. */
const REASONS: Record<string, string> = {
  method_not_allowed: 'Not a POST',
  body_too_long: 'Request too long',
  malformed_request: 'Request cannot be read',
  malformed_scope: 'Scope cannot be read',
  client_not_authenticated: 'Unknown application or wrong secret',
  too_many_failures: 'Too many failures before',
  grant_type_missing: 'No grant type',
  grant_type_not_supported: 'Grant type not supported',
  grant_type_not_allowed: 'Grant type not allowed to the application',
  audience_missing: 'No API named',
  audience_unknown: 'Unknown API',
  audience_not_granted: 'No grant for the API',
  audience_demands_more: 'API demands what the server cannot do',
  scope_not_granted: 'Scope not granted',
  refused_by_extension: 'Refused by a Hook or an Action',
  temporarily_unavailable: 'Server busy',
  server_fault: 'Fault of the server',
};

/** In words; of a reason that is not known here, its name. */
export function reasonWords(reason: string): string {
  return Object.hasOwn(REASONS, reason) ? (REASONS[reason] as string) : reason;
}
