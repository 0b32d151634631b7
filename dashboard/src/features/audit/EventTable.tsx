import { Button, Switch } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { linkOptions, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../../api/client';
import { useMay } from '../../session/session';
import { Empty } from '../../ui/Empty';
import { Failure, wordsOf } from '../../ui/Failure';
import { counted, Time, UNKNOWN } from '../../ui/figures';
import { Pages } from '../../ui/ListPage';
import { Loading } from '../../ui/Loading';
import { Status } from '../../ui/Status';
import { type Column, Table } from '../../ui/Table';
import classes from './EventTable.module.css';
import { EventView } from './EventView';
import { type EventPage, eventsQuery, kindOf, type LogEvent, type LogFilter, PAGE, whoOf } from './events';
import type { LogSearch } from './logSearch';
import { useTail } from './tail';

/** So far down that new rows would move what one reads. */
const SCROLLED_PX = 80;

const COLUMNS: Column<LogEvent>[] = [
  {
    head: 'Event',
    width: 160,
    cell: (event) => {
      const kind = kindOf(event.type);
      return <Status means={kind.means}>{kind.label}</Status>;
    },
  },
  { head: 'Who', cell: (event) => <Who event={event} /> },
  { head: 'What', cell: (event) => <bdi title={what(event)}>{what(event)}</bdi> },
  { head: 'From', minor: true, width: 130, cell: (event) => <bdi className="mono">{event.ip}</bdi> },
  { head: 'When', width: 152, cell: (event) => <Time at={event.date} /> },
];

function Who({ event }: { event: LogEvent }) {
  const name = whoOf(event);
  return name !== '' ? (
    <bdi>{name}</bdi>
  ) : (
    <bdi className="mono quiet">{event.client_id ?? (event.user_id || UNKNOWN)}</bdi>
  );
}

function what(event: LogEvent): string {
  const times = event.details?.count === undefined ? '' : `${counted(event.details.count, 'time')}: `;
  return event.type === 'seccft' ? (event.audience ?? UNKNOWN) : `${times}${event.description}`;
}

/** Whether the query that was typed is at fault; its field says so. */
export function isMalformedQuery(problem: unknown): problem is ApiProblem {
  return problem instanceof ApiProblem && problem.status === 400 && problem.field === 'q';
}

/**
 * The events that fit, the newest first, with those that come while one looks, and one open beside. Which page and
 * which event is in the URL, as `from` and `event`.
 */
export function EventTable({ filter }: { filter: LogFilter }) {
  const may = useMay('read:logs', 'read:logs_users');
  const { from, event: open } = useSearch({ strict: false }) as LogSearch;
  const page = useQuery({ ...eventsQuery(filter, from), enabled: may });
  if (!may) {
    return <Empty>Your role may not read the log.</Empty>;
  }
  if (page.isPending) {
    return <Loading rows={8} />;
  }
  if (page.isError && isMalformedQuery(page.error)) {
    return null;
  }
  if (page.isError) {
    return <Failure what="The log cannot be read" problem={page.error} retry={() => void page.refetch()} />;
  }
  return <LoadedEvents filter={filter} from={from} open={open} page={page.data} reload={page.refetch} />;
}

interface Loaded {
  filter: LogFilter;
  from: string | undefined;
  open: string | undefined;
  page: EventPage;
  reload: () => unknown;
}

function LoadedEvents({ filter, from, open, page, reload }: Loaded) {
  const navigate = useNavigate();
  const [isLive, setLive] = useState(true);
  const tail = useTail(page, filter, isLive);
  const { isReading, why, listeners } = useReading(open !== undefined);
  const [readFrom, setReadFrom] = useState<string>();
  const newest = tail.news[0]?.log_id ?? '';
  if (isReading && readFrom === undefined) {
    setReadFrom(newest);
  } else if (!isReading && readFrom !== undefined) {
    setReadFrom(undefined);
  }
  const isNewWhileReading = (event: LogEvent): boolean => isReading && event.log_id > (readFrom ?? newest);

  const held = tail.news.filter(isNewWhileReading).length;
  const mustReload = tail.isTooMany && !isReading;
  const known = new Set(page.events.map((event) => event.log_id));
  const fresh = tail.news.filter((event) => !known.has(event.log_id) && !isNewWhileReading(event));
  const rows = mustReload ? page.events : [...fresh, ...page.events];
  useEffect(() => {
    if (mustReload) {
      reload();
    }
  }, [mustReload, reload]);

  function show(): void {
    if (tail.isTooMany) {
      reload();
    } else {
      setReadFrom(newest);
    }
    window.scrollTo({ top: 0 });
  }

  function close(): void {
    const row = document.querySelector<HTMLElement>(`[data-open] a`);
    void navigate({
      to: '.',
      search: (before: LogSearch) => ({ ...before, event: undefined }),
      resetScroll: false,
    } as never);
    row?.focus({ preventScroll: true });
  }

  return (
    <>
      {from === undefined ? (
        <div className={classes.live}>
          <Switch label="Live" checked={isLive} onChange={(event) => setLive(event.currentTarget.checked)} />
          <span className="quiet">
            {!isLive
              ? 'Off: the list stays as it is.'
              : tail.problem !== undefined
                ? `Not live: ${wordsOf(tail.problem)}. Trying again.`
                : isReading
                  ? `New events wait ${why}.`
                  : 'New events appear here by themselves.'}
          </span>
          <span className={classes.news} role="status">
            {held > 0 && (
              <Button variant="light" size="xs" onClick={show}>
                {tail.isTooMany ? `More than ${counted(held, 'new event')}` : counted(held, 'new event')}
              </Button>
            )}
          </span>
        </div>
      ) : (
        <p className="quiet">Older events. New ones are on the first page.</p>
      )}
      <div className={classes.split} data-open={open !== undefined || undefined}>
        <div {...listeners} className={classes.list}>
          {rows.length === 0 ? (
            <NoEvents filter={filter} isOlder={from !== undefined} />
          ) : (
            <Table
              label="Events"
              columns={COLUMNS}
              rows={rows}
              id={(event) => event.log_id}
              isOpen={(event) => event.log_id === open}
              link={(event) => ({
                ...linkOptions({ to: '.' }),
                search: ((before: LogSearch) => ({ ...before, event: event.log_id })) as never,
                resetScroll: false,
              })}
            />
          )}
          <Pages from={from} next={page.events.length < PAGE ? undefined : page.events.at(-1)?.log_id} />
        </div>
        {open !== undefined && (
          <EventView
            key={open}
            id={open}
            loaded={rows.find((event) => event.log_id === open)}
            close={close}
          />
        )}
      </div>
    </>
  );
}

function NoEvents({ filter, isOlder }: { filter: LogFilter; isOlder: boolean }) {
  const isNarrowed = filter.q !== undefined || filter.type !== undefined;
  return (
    <Empty docs="logs">
      {isOlder
        ? 'There is nothing older that fits.'
        : isNarrowed
          ? 'No event fits. One look goes through the newest 100,000 events: a date in the query, such as date:[2026-01-01 TO 2026-01-31], looks further back.'
          : filter.client !== undefined
            ? 'This application did nothing yet. Its tokens, its refusals and its changes will be here.'
            : 'Every token, every refusal and every change will be here.'}
    </Empty>
  );
}

/** Whether one reads, so that rows must stay where they are, and by what one can tell. */
function useReading(isOpen: boolean) {
  const [isScrolled, setScrolled] = useState(() => window.scrollY > SCROLLED_PX);
  const [isInside, setInside] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  useWindowEvent('scroll', () => setScrolled(window.scrollY > SCROLLED_PX));
  const why = isOpen
    ? 'while an event is open'
    : isScrolled
      ? 'while you are further down'
      : 'while you are in the list';
  const listeners = {
    ref: list,
    onPointerEnter: () => setInside(true),
    onPointerLeave: () => setInside(list.current?.contains(document.activeElement) ?? false),
    onFocus: () => setInside(true),
    onBlur: (event: { relatedTarget: EventTarget | null }) =>
      setInside(list.current?.contains(event.relatedTarget as Node | null) ?? false),
  };
  return { isReading: isOpen || isScrolled || isInside, why, listeners };
}
