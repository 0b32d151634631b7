import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, type LinkProps, linkOptions, useNavigate } from '@tanstack/react-router';
import { lazy, useId } from 'react';
import { useMay, useSession } from '../../session/session';
import { Failure } from '../../ui/Failure';
import { count, UNKNOWN } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { PageHead } from '../../ui/PageHead';
import { Table } from '../../ui/Table';
import { ChartCard } from './ChartCard';
import { clock } from './clock';
import { JourneyList } from './JourneyList';
import { journeyQuery } from './journey';
import classes from './Overview.module.css';
import {
  eventsLink,
  knownFrom,
  type Overview,
  overviewQuery,
  type Point,
  reasonWords,
  stepWords,
} from './overview';
import { DEFAULT_HOURS, type Hours, PERIODS } from './overviewSearch';
import { Unused } from './Unused';

const CountChart = lazy(async () => ({ default: (await import('./Charts')).CountChart }));
const LatencyChart = lazy(async () => ({ default: (await import('./Charts')).LatencyChart }));
const route = getRouteApi('/signed-in/overview');

export function OverviewPage() {
  const { hours = DEFAULT_HOURS } = route.useSearch();
  const navigate = useNavigate({ from: '/overview' });
  const { issuer } = useSession();
  const mayCount = useMay('read:stats');
  const overview = useQuery({ ...overviewQuery(hours), enabled: mayCount });
  const journey = useQuery({ ...journeyQuery(issuer), enabled: mayCount });
  const fresh = journey.data?.hasToken === false ? journey.data : undefined;
  const isPending = overview.isPending || journey.isPending;

  return (
    <>
      <PageHead
        title="Overview"
        action={
          mayCount && fresh === undefined && !isPending ? (
            <SegmentedControl
              aria-label="Period"
              size="xs"
              value={hours}
              data={PERIODS}
              onChange={(value) =>
                void navigate({
                  search: value === DEFAULT_HOURS ? {} : { hours: value as Hours },
                  replace: true,
                })
              }
            />
          ) : undefined
        }
      />
      {!mayCount && <p className="quiet">Your role may not see statistics.</p>}
      {mayCount && isPending && <Loading rows={4} height={120} />}
      {fresh !== undefined && <JourneyList journey={fresh} />}
      {fresh === undefined && !isPending && overview.isLoadingError && (
        <Failure
          what="The overview cannot be shown"
          problem={overview.error}
          retry={() => void overview.refetch()}
        />
      )}
      {fresh === undefined && !isPending && overview.data !== undefined && (
        <Figures overview={overview.data} />
      )}
    </>
  );
}

function Figures({ overview }: { overview: Overview }) {
  const navigate = useNavigate();
  const { series, step_s: stepSeconds, totals, from } = overview;
  const step = stepWords(stepSeconds);
  const since = knownFrom(series);
  const note = since === undefined ? undefined : `Counted since ${clock(since, stepSeconds)} UTC.`;
  const open = (type: 'seccft' | 'feccft') => (point: Point) =>
    void navigate(
      eventsLink({
        type,
        from: point.at,
        to: new Date(new Date(point.at).getTime() + stepSeconds * 1000).toISOString(),
      }),
    );
  return (
    <>
      <dl className={classes.totals}>
        <Total label="Tokens" link={eventsLink({ type: 'seccft', from })}>
          {count(totals.tokens)}
        </Total>
        <Total label="Refusals" link={eventsLink({ type: 'feccft', from })}>
          {count(totals.refusals)}
        </Total>
        <Total label="p50, this node">{milliseconds(totals.p50_ms)}</Total>
        <Total label="p99, this node">{milliseconds(totals.p99_ms)}</Total>
        <Total label="Applications" link={linkOptions({ to: '/applications' })}>
          {count(totals.clients)}
        </Total>
        <Total label="APIs" link={linkOptions({ to: '/apis' })}>
          {count(totals.resource_servers)}
        </Total>
      </dl>
      <div className={classes.cards}>
        <ChartCard
          title={`Tokens per ${step}`}
          note={note}
          series={series}
          stepSeconds={stepSeconds}
          columns={[{ head: 'Tokens', of: (point) => point.tokens }]}
          empty="Nothing is counted of this period."
        >
          <CountChart
            series={series}
            stepSeconds={stepSeconds}
            of="tokens"
            label="Tokens"
            colour="var(--accent)"
            open={open('seccft')}
          />
        </ChartCard>
        <ChartCard
          title={`Refusals per ${step}`}
          note={note}
          series={series}
          stepSeconds={stepSeconds}
          columns={[{ head: 'Refusals', of: (point) => point.refusals }]}
          empty="Nothing is counted of this period."
        >
          <CountChart
            series={series}
            stepSeconds={stepSeconds}
            of="refusals"
            label="Refusals"
            colour="var(--refused)"
            open={open('feccft')}
          />
        </ChartCard>
        <ChartCard
          title="From request to answer"
          note="Of this node alone, since it started: half of the answers took p50 at most, 99 of 100 p99."
          series={series}
          stepSeconds={stepSeconds}
          columns={[
            { head: 'p50, ms', of: (point) => point.p50_ms },
            { head: 'p99, ms', of: (point) => point.p99_ms },
          ]}
          empty="This node has answered no token request in this period."
        >
          <LatencyChart series={series} stepSeconds={stepSeconds} />
        </ChartCard>
        <Refusals overview={overview} />
        <Busiest overview={overview} />
        <Unused overview={overview} />
      </div>
    </>
  );
}

function Total({ label, link, children }: { label: string; link?: LinkProps; children: string }) {
  return (
    <div className={classes.total}>
      <dt>{label}</dt>
      <dd>{link === undefined || children === UNKNOWN ? children : <Link {...link}>{children}</Link>}</dd>
    </div>
  );
}

function milliseconds(value: number | null): string {
  return value === null ? UNKNOWN : `${value < 10 ? value.toFixed(1) : count(Math.round(value))} ms`;
}

function Refusals({ overview }: { overview: Overview }) {
  const id = useId();
  const { refusals_by_reason: reasons, from } = overview;
  return (
    <section className={classes.card} aria-labelledby={id}>
      <h2 id={id} className={classes.title}>
        Refusals by reason
      </h2>
      {reasons.length === 0 ? (
        <p className={classes.nothing}>
          {overview.totals.refusals === null
            ? 'Nothing is counted of this period.'
            : 'No token was refused in this period.'}
        </p>
      ) : (
        <Table
          label="Refusals by reason"
          rows={[...reasons].sort((a, b) => b.count - a.count)}
          id={({ reason }) => reason}
          link={({ reason }) => eventsLink({ type: 'feccft', from, reason })}
          columns={[
            { head: 'Reason', cell: ({ reason }) => reasonWords(reason) },
            { head: 'Refusals', numeric: true, width: 100, cell: (row) => count(row.count) },
          ]}
        />
      )}
    </section>
  );
}

function Busiest({ overview }: { overview: Overview }) {
  const id = useId();
  const { busiest, from } = overview;
  return (
    <section className={classes.card} aria-labelledby={id}>
      <h2 id={id} className={classes.title}>
        Busiest applications
      </h2>
      {busiest.length === 0 ? (
        <p className={classes.nothing}>No application got a token in this period.</p>
      ) : (
        <Table
          label="Busiest applications"
          rows={busiest}
          id={({ client_id }) => client_id}
          link={({ client_id }) =>
            linkOptions({ to: '/applications/$clientId/{-$tab}', params: { clientId: client_id } })
          }
          columns={[
            { head: 'Name', cell: ({ name, client_id }) => <bdi>{name ?? `${client_id} (deleted)`}</bdi> },
            {
              head: 'Tokens',
              numeric: true,
              width: 100,
              cell: (row) => (
                <Link
                  {...eventsLink({ type: 'seccft', from, client: row.client_id })}
                  className={classes.above}
                >
                  {count(row.tokens)}
                </Link>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}
