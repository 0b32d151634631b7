import { queryOptions } from '@tanstack/react-query';
import { api, data, type Schemas } from '../../api/client';
import type { Status } from '../../ui/Status';

type Shown = Required<Pick<Schemas['LogEvent'], 'log_id' | 'date' | 'type' | 'description' | 'ip'>>;

/** A record of the log; what its type does not have is null or left out. */
export type LogEvent = Shown &
  Omit<Schemas['LogEvent'], keyof Shown | 'details'> & { details?: EventDetails };

/** What an event tells beyond who, what and when. */
export interface EventDetails {
  request_id?: string;
  access_token_jti?: string;
  /** How many refusals of strangers it stands for. */
  count?: number;
  error?: string;
  /** The private reason of a refusal. */
  reason?: string;
  reason_code?: string;
  resource_server_id?: string;
  granted_scope?: string;
  /** The run of users' code. */
  actions?: { executions?: string[]; results?: RunResult[]; duration_ms?: number };
  request?: { method?: string; path?: string; channel?: string; body?: unknown };
  response?: { statusCode?: number };
  /** The members that a change changed. */
  changes?: Record<string, { before?: unknown; after?: unknown }>;
  accessedSecrets?: string[];
}

export interface RunResult {
  kind: string;
  id: string;
  name: string;
  duration_ms: number;
  error?: string;
}

export interface LogFilter {
  q?: string | undefined;
  type?: string | undefined;
  client?: string | undefined;
}

/** How many events a page shows. */
export const PAGE = 50;

interface Kind {
  label: string;
  means: Parameters<typeof Status>[0]['means'];
}

/** The types in words, in the order in which one chooses among them. */
export const KINDS: Record<string, Kind> = {
  seccft: { label: 'Token issued', means: 'granted' },
  feccft: { label: 'Token refused', means: 'refused' },
  sapi: { label: 'Change', means: 'neutral' },
  fapi: { label: 'Change failed', means: 'refused' },
  mgmt_api_read: { label: 'Secret read', means: 'neutral' },
  s: { label: 'Signed in', means: 'granted' },
  fp: { label: 'Wrong password', means: 'refused' },
  fu: { label: 'Unknown name', means: 'refused' },
  slo: { label: 'Signed out', means: 'neutral' },
  ss: { label: 'Administrator joined', means: 'neutral' },
  scp: { label: 'Password changed', means: 'neutral' },
  fcp: { label: 'Password change failed', means: 'refused' },
};

/** The type in words; of one that is not known here, itself. */
export function kindOf(type: string): Kind {
  return Object.hasOwn(KINDS, type) ? (KINDS[type] as Kind) : { label: type, means: 'neutral' };
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The conditions as one query; what was typed stands in parentheses, so it must be a query by itself. */
function queryOf(filter: LogFilter, more: string[] = []): string {
  const types = (filter.type ?? '').split(',').filter((type) => type !== '');
  return [
    ...(types.length === 0 ? [] : [`type:(${types.map(quoted).join(' OR ')})`]),
    ...(filter.client === undefined ? [] : [`client_id:${quoted(filter.client)}`]),
    ...(filter.q === undefined ? [] : [`(${filter.q})`]),
    ...more,
  ].join(' AND ');
}

async function newest(q: string, perPage: number, signal: AbortSignal): Promise<LogEvent[]> {
  const answer = await data(
    api.GET('/logs', { params: { query: { q, per_page: perPage, page: 0 } }, signal }),
  );
  return answer as LogEvent[];
}

/** A page of events, and where to go on from to hear of newer ones; that is absent on a page of older events. */
export interface EventPage {
  events: LogEvent[];
  cursor?: string | undefined;
}

/** The newest events that fit, or the newest of those before `from`. */
export const eventsQuery = (filter: LogFilter, from: string | undefined) =>
  queryOptions({
    queryKey: ['logs', 'page', filter, from],
    queryFn: async ({ signal }): Promise<EventPage> => {
      if (filter.q !== undefined) {
        // By itself, so that it cannot reach out of its parentheses, and an error counts its own characters.
        await newest(filter.q, 0, signal);
      }
      if (from !== undefined) {
        return { events: await newest(queryOf(filter, [`log_id:{* TO ${quoted(from)}}`]), PAGE, signal) };
      }
      // First where the log ends, then the page: nothing can fall between.
      const [last] = await newest('', 1, signal);
      return { events: await newest(queryOf(filter), PAGE, signal), cursor: last?.log_id };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['logs', 'one', id],
    queryFn: async ({ signal }) =>
      (await data(api.GET('/logs/{id}', { params: { path: { id } }, signal }))) as LogEvent,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** How many events one answer from a checkpoint has at most. */
const TAKE = 100;
/** How many answers are asked for at once before it is said that there are too many. */
const MOST_ANSWERS = 5;

export interface News {
  /** Those that fit, the newest first. */
  events: LogEvent[];
  cursor: string;
  /** There are more than one can follow. */
  isTooMany: boolean;
}

/** What was recorded after that event; the checkpoint skips none, and knows no query. */
export async function eventsAfter(cursor: string, filter: LogFilter, signal: AbortSignal): Promise<News> {
  const isFiltered = queryOf(filter) !== '';
  const found: LogEvent[] = [];
  let at = cursor;
  for (let answers = 0; answers < MOST_ANSWERS; answers++) {
    const after = (await data(
      api.GET('/logs', { params: { query: { from: at, take: TAKE } }, signal }),
    )) as LogEvent[];
    const [first, last] = [after[0], after.at(-1)];
    if (first === undefined || last === undefined) {
      return { events: found, cursor: at, isTooMany: false };
    }
    const among = `log_id:[${quoted(first.log_id)} TO ${quoted(last.log_id)}]`;
    found.unshift(
      ...(isFiltered ? await newest(queryOf(filter, [among]), TAKE, signal) : after.toReversed()),
    );
    at = last.log_id;
    if (after.length < TAKE) {
      return { events: found, cursor: at, isTooMany: false };
    }
  }
  return { events: found, cursor: at, isTooMany: true };
}

/** The application or the administrator; empty if neither proved to be it. */
export function whoOf(event: LogEvent): string {
  return event.user_name || event.client_name || '';
}
