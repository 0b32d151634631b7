import { Button } from '@mantine/core';
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, type Schemas } from '../../api/client';
import { Empty } from '../../ui/Empty';
import { Failure } from '../../ui/Failure';
import { counted } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { ConsoleLines } from './ConsoleLines';
import classes from './ConsoleLines.module.css';
import { type Kind, type Script, WORDS } from './scripts';

type Page = Schemas['Console'];

const EVERY_MS = 2_000;
const MOST_LINES = 1_000;

/** The lines so far and those after them; the oldest go when there are too many to look at. */
export function withMore(before: Page | undefined, more: Page): Page {
  return { logs: [...(before?.logs ?? []), ...more.logs].slice(-MOST_LINES), next: more.next };
}

const linesQuery = (queries: QueryClient, kind: Kind, id: string) => {
  const queryKey = ['extensions', kind, id, 'lines'];
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }): Promise<Page> => {
      const before = queries.getQueryData<Page>(queryKey);
      const params = {
        path: { id },
        query: { take: 100, ...(before === undefined ? {} : { from: before.next }) },
      };
      const more = await data<Page>(
        kind === 'hook'
          ? api.GET('/hooks/{id}/logs', { params, signal })
          : api.GET('/actions/actions/{id}/logs', { params, signal }),
      );
      return withMore(before, more);
    },
  });
};

/** What the code writes as it runs for real requests; asked for every two seconds until it is paused. */
export function LogTab({ script }: { script: Script }) {
  const { kind, id } = script;
  const queries = useQueryClient();
  const [isPaused, setPaused] = useState(false);
  const lines = useQuery({
    ...linesQuery(queries, kind, id),
    staleTime: 0,
    refetchInterval: isPaused ? false : EVERY_MS,
    refetchOnWindowFocus: !isPaused,
  });
  const shown = lines.data?.logs ?? [];
  return (
    <>
      <div className={classes.bar}>
        <Button variant="default" onClick={() => setPaused(!isPaused)}>
          {isPaused ? 'Go on' : 'Pause'}
        </Button>
        <span className="quiet" role="status">
          {isPaused ? 'Paused: what is written meanwhile comes when you go on.' : 'Live'}
        </span>
        <span className="quiet">{counted(shown.length, 'line')}</span>
      </div>
      {lines.isError && (
        <Failure what="The lines cannot be read" problem={lines.error} retry={() => void lines.refetch()} />
      )}
      {lines.isPending && <Loading rows={6} height={18} />}
      {lines.data !== undefined &&
        (shown.length === 0 ? (
          <Empty docs="hooks">
            Nothing yet. What this {WORDS[kind].one} writes with <code className="mono">console.log</code>{' '}
            while it runs for a token request appears here; test runs show theirs in the Run tab.
          </Empty>
        ) : (
          <ConsoleLines lines={shown} />
        ))}
    </>
  );
}
