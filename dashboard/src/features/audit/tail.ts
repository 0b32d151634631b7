import { useEffect, useRef, useState } from 'react';
import { type EventPage, eventsAfter, type LogEvent, type LogFilter } from './events';

const EVERY_MS = 3_000;
/** After that many a reader begins anew, with the newest page. */
const MOST = 500;

export interface Tail {
  /** What came since the page was loaded, the newest first. */
  news: LogEvent[];
  /** More came than is kept here. */
  isTooMany: boolean;
  /** The last look failed so. */
  problem: unknown;
}

const NOTHING: Tail = { news: [], isTooMany: false, problem: undefined };

/**
 * Follows the log from a checkpoint, one look after the other, none while the page is hidden.
 *
 * @param page where to begin; without a cursor nothing is asked
 * @param isOn whether to look; what was heard of stays
 */
export function useTail(page: EventPage | undefined, filter: LogFilter, isOn: boolean): Tail {
  const [tail, setTail] = useState({ page, ...NOTHING });
  const cursor = page?.cursor;
  const at = useRef(cursor);
  const { q, type, client } = filter;

  useEffect(() => {
    at.current = page?.cursor;
  }, [page]);

  useEffect(() => {
    if (cursor === undefined || !isOn) {
      return;
    }
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout>;

    const look = async (): Promise<void> => {
      if (document.visibilityState !== 'hidden') {
        try {
          const found = await eventsAfter(at.current ?? cursor, { q, type, client }, controller.signal);
          at.current = found.cursor;
          setTail((before) => {
            const heard = before.page === page ? before : NOTHING;
            const news = [...found.events, ...heard.news];
            return {
              page,
              news: news.slice(0, MOST),
              isTooMany: heard.isTooMany || found.isTooMany || news.length > MOST,
              problem: undefined,
            };
          });
        } catch (problem) {
          if (controller.signal.aborted) {
            return;
          }
          setTail((before) => ({ ...(before.page === page ? before : NOTHING), page, problem }));
        }
      }
      if (!controller.signal.aborted) {
        timer = setTimeout(() => void look(), EVERY_MS);
      }
    };
    timer = setTimeout(() => void look(), EVERY_MS);
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [page, cursor, q, type, client, isOn]);

  // What was heard of belongs to the page that it came after.
  return tail.page === page ? tail : NOTHING;
}
