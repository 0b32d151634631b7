// @vitest-environment happy-dom
// Requests are addressed relative to the page.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type EventPage, eventsAfter, eventsQuery, type LogEvent } from './events';

const SIGNAL = new AbortController().signal;

function id(number: number): string {
  return String(number).padStart(56, '0');
}

/** A log of so many events; what a query asks of it is kept, and only its range of ids is heeded. */
function logOf(count: number): URLSearchParams[] {
  const all = Array.from(
    { length: count },
    (_, index) => ({ log_id: id(index + 1), type: 'seccft' }) as LogEvent,
  );
  const asked: URLSearchParams[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const query = new URL(request.url).searchParams;
    asked.push(query);
    const from = query.get('from');
    if (from !== null) {
      return Response.json(all.filter((event) => event.log_id > from).slice(0, Number(query.get('take'))));
    }
    const [, low = '', high = '9'] = /log_id:\["(\d+)" TO "(\d+)"\]/.exec(query.get('q') ?? '') ?? [];
    return Response.json(
      all
        .filter((event) => event.log_id >= low && event.log_id <= high)
        .toReversed()
        .slice(0, Number(query.get('per_page') ?? 50)),
    );
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

describe('what came after an event', () => {
  it('is all of it, the newest first, with where to go on', async () => {
    logOf(250);
    const news = await eventsAfter(id(20), {}, SIGNAL);

    expect(news.events.map((event) => event.log_id)).toEqual(
      Array.from({ length: 230 }, (_, index) => id(250 - index)),
    );
    expect(news).toMatchObject({ cursor: id(250), isTooMany: false });
  });

  it('is nothing if nothing came', async () => {
    logOf(20);
    expect(await eventsAfter(id(20), {}, SIGNAL)).toEqual({ events: [], cursor: id(20), isTooMany: false });
  });

  it('ends after a few answers, and says that there is more', async () => {
    const asked = logOf(2_000);

    expect(await eventsAfter(id(1), {}, SIGNAL)).toMatchObject({ cursor: id(501), isTooMany: true });
    expect(asked).toHaveLength(5);
  });

  it('is held against the filter by a query of the same range', async () => {
    const asked = logOf(30);
    const news = await eventsAfter(id(20), { q: 'ip:10.*', type: 'feccft' }, SIGNAL);

    expect(asked.at(-1)?.get('q')).toBe(
      `type:("feccft") AND (ip:10.*) AND log_id:["${id(21)}" TO "${id(30)}"]`,
    );
    expect(news.events).toHaveLength(10);
    expect(news.cursor).toBe(id(30));
  });
});

describe('the newest page', () => {
  it('goes on from the end of the whole log, however old the events that fit', async () => {
    const asked = logOf(30);
    const query = eventsQuery({ client: 'c1' }, undefined);
    const page = await (query.queryFn as (context: object) => Promise<EventPage>)({ signal: SIGNAL });

    expect(page.cursor).toBe(id(30));
    expect(asked.map((one) => one.get('q'))).toEqual([null, 'client_id:"c1"']);
  });
});
