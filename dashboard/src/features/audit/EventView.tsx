import { ActionIcon, Tooltip } from '@mantine/core';
import IconX from '@tabler/icons-react/icons/IconX';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { Code } from '../../ui/Code';
import { Failure } from '../../ui/Failure';
import { counted, Time } from '../../ui/figures';
import { Identity } from '../../ui/Identity';
import { Loading } from '../../ui/Loading';
import { Status } from '../../ui/Status';
import { Changes } from './Changes';
import classes from './EventView.module.css';
import { eventQuery, kindOf, type LogEvent, type RunResult, whoOf } from './events';
import { RefusalChecks } from './RefusalChecks';

interface Props {
  id: string;
  /** The event, if the list has it. */
  loaded: LogEvent | undefined;
  close: () => void;
}

/** One event, beside the list or below it. */
export function EventView({ id, loaded, close }: Props) {
  const found = useQuery({ ...eventQuery(id), enabled: loaded === undefined });
  const event = loaded ?? found.data;
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    pane.current?.focus({ preventScroll: true });
  }, []);
  return (
    <aside
      ref={pane}
      className={classes.pane}
      aria-label="Event"
      tabIndex={-1}
      onKeyDown={(key) => key.key === 'Escape' && close()}
    >
      <div className={classes.head}>
        {event !== undefined && <Heading event={event} />}
        <Tooltip label="Close">
          <ActionIcon variant="subtle" color="gray" aria-label="Close event" onClick={close}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      {event !== undefined ? (
        <EventBody event={event} />
      ) : found.isError ? (
        <Failure
          what="This event cannot be shown; it may be older than what is kept"
          problem={found.error}
          retry={() => void found.refetch()}
        />
      ) : (
        <Loading rows={6} />
      )}
    </aside>
  );
}

function Heading({ event }: { event: LogEvent }) {
  const kind = kindOf(event.type);
  return (
    <h2 className={classes.title}>
      <Status means={kind.means}>{kind.label}</Status> <Time at={event.date} />
    </h2>
  );
}

function EventBody({ event }: { event: LogEvent }) {
  const details = event.details ?? {};
  const { actions, request, accessedSecrets } = details;
  return (
    <>
      <dl className={classes.facts}>
        <Fact name="What">
          <bdi>{event.description}</bdi>
        </Fact>
        <Fact name="Who">
          <Actor event={event} />
        </Fact>
        {details.count !== undefined && (
          <Fact name="How often">
            {counted(details.count, 'refusal')}, counted together: they came from strangers, within a minute
          </Fact>
        )}
        {event.audience && (
          <Fact name="API">
            <Link to="/apis/$apiId/{-$tab}" params={{ apiId: details.resource_server_id ?? event.audience }}>
              <bdi className="mono">{event.audience}</bdi>
            </Link>
          </Fact>
        )}
        {event.scope && (
          <Fact name={event.type === 'feccft' ? 'Scopes asked for' : 'Scopes'}>
            <Scopes scope={event.scope} />
          </Fact>
        )}
        {accessedSecrets !== undefined && <Fact name="Secrets shown">{accessedSecrets.join(', ')}</Fact>}
        {request?.path !== undefined && (
          <Fact name="Request">
            <bdi className="mono">
              {request.method?.toUpperCase()} {request.path}
            </bdi>
            {details.response?.statusCode !== undefined && `, answered ${details.response.statusCode}`}
          </Fact>
        )}
        <Fact name="From">
          <bdi className="mono">{event.ip}</bdi>
          {event.user_agent && (
            <div className="quiet">
              <bdi>{event.user_agent}</bdi>
            </div>
          )}
        </Fact>
        <Fact name="When">
          <span className="mono">{event.date.replace('T', ' ').replace('Z', ' UTC')}</span>
        </Fact>
        {details.request_id !== undefined && (
          <Fact name="Request ID">
            <Identity label="Request ID" value={details.request_id} hideLabel />
          </Fact>
        )}
        {details.access_token_jti !== undefined && (
          <Fact name="Token ID (jti)">
            <Identity label="Token ID" value={details.access_token_jti} hideLabel />
          </Fact>
        )}
      </dl>
      {event.type === 'feccft' && <RefusalChecks event={event} />}
      <Changes details={details} />
      {actions?.results !== undefined && <Runs results={actions.results} total={actions.duration_ms} />}
      <details className={classes.whole}>
        <summary>The event as JSON</summary>
        <Code text={JSON.stringify(event, null, 2)} what="the event" />
      </details>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** An application, an administrator, or whom a stranger claimed to be. */
function Actor({ event }: { event: LogEvent }) {
  const name = whoOf(event);
  if (event.user_id || event.user_name) {
    return (
      <>
        <bdi>{name === '' ? event.user_id : name}</bdi> <span className="quiet">(administrator)</span>
      </>
    );
  }
  if (!event.client_id) {
    return <span className="quiet">Nobody that is known</span>;
  }
  return (
    <>
      <Link to="/applications/$clientId/{-$tab}" params={{ clientId: event.client_id }}>
        <bdi>{name === '' ? event.client_id : name}</bdi>
      </Link>
      {name === '' ? (
        <span className="quiet"> was claimed, not proven</span>
      ) : (
        <div>
          <Identity label="Client ID" value={event.client_id} hideLabel />
        </div>
      )}
    </>
  );
}

const FEW = 12;

/** The first dozen, the rest when asked for. */
function Scopes({ scope }: { scope: string }) {
  const scopes = scope.split(' ');
  const list = (some: string[]) => (
    <bdi className="mono">
      {some.map((one) => (
        <span key={one} className={classes.scope}>
          {one}{' '}
        </span>
      ))}
    </bdi>
  );
  return scopes.length <= FEW ? (
    list(scopes)
  ) : (
    <details>
      <summary>{counted(scopes.length, 'scope')}</summary>
      {list(scopes)}
    </details>
  );
}

function Runs({ results, total }: { results: RunResult[]; total: number | undefined }) {
  return (
    <section>
      <h3 className={classes.part}>What ran{total === undefined ? '' : `, ${total.toFixed(1)} ms in all`}</h3>
      <table className={classes.rows}>
        <thead>
          <tr>
            <th>Code</th>
            <th>Outcome</th>
            <th>Time</th>
          </tr>
        </thead>
        <tbody>
          {results.map((run) => (
            <tr key={`${run.kind} ${run.id}`}>
              <td>
                {run.kind === 'hook' ? 'Hook ' : 'Action '}
                {run.kind === 'hook' ? (
                  <Link to="/extensions/hooks/$hookId/{-$tab}" params={{ hookId: run.id }}>
                    <bdi>{run.name}</bdi>
                  </Link>
                ) : (
                  <Link to="/extensions/actions/$actionId/{-$tab}" params={{ actionId: run.id }}>
                    <bdi>{run.name}</bdi>
                  </Link>
                )}
              </td>
              <td>
                {run.error === undefined ? (
                  <Status means="granted">Passed</Status>
                ) : (
                  <>
                    <Status means="refused">Ended it</Status> <bdi>{run.error}</bdi>
                  </>
                )}
              </td>
              <td className="mono">{run.duration_ms.toFixed(1)} ms</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
