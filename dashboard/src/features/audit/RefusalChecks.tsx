import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconMinus from '@tabler/icons-react/icons/IconMinus';
import IconX from '@tabler/icons-react/icons/IconX';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../session/session';
import { grantQuery } from '../clientgrant/grants';
import { resourceServerQuery } from '../resourceserver/resourceServers';
import view from './EventView.module.css';
import type { LogEvent } from './events';
import classes from './RefusalChecks.module.css';
import { CHECKS, type Check, explain, missingScopes, type Refusal } from './refusal';

const ORDER = Object.keys(CHECKS) as Check[];

/** The checks of a token request in their order: those that passed, the one that failed, those not come to. */
export function RefusalChecks({ event }: { event: LogEvent }) {
  const refusal = explain(event);
  if (refusal.failed === undefined) {
    return (
      <section>
        <h3 className={view.part}>Why</h3>
        <p>
          <bdi>{refusal.there}</bdi>
        </p>
      </section>
    );
  }
  const failedAt = ORDER.indexOf(refusal.failed);
  return (
    <section>
      <h3 className={view.part}>Why it was refused</h3>
      <ol className={classes.checks}>
        {ORDER.map((check, at) =>
          at === failedAt ? (
            <li key={check} className={classes.failed}>
              <IconX size={16} stroke={2.2} aria-label="Failed" />
              <div>
                <strong>{CHECKS[check]}</strong>
                <Failed refusal={refusal} event={event} />
              </div>
            </li>
          ) : (
            <li key={check} className="quiet">
              {at < failedAt ? (
                <IconCheck size={16} aria-label="Passed" />
              ) : (
                <IconMinus size={16} aria-label="Not come to" />
              )}
              {CHECKS[check]}
            </li>
          ),
        )}
      </ol>
    </section>
  );
}

function Failed({ refusal, event }: { refusal: Refusal; event: LogEvent }) {
  return (
    <>
      <dl className={classes.sides}>
        <dt>Asked for</dt>
        <dd>
          <bdi>{refusal.asked}</bdi>
        </dd>
        <dt>There was</dt>
        <dd>
          <bdi>{refusal.there}</bdi>
          {refusal.reason === 'scope_not_granted' && <Granted event={event} />}
        </dd>
      </dl>
      {refusal.mends.length > 0 && (
        <ul className={classes.mends}>
          {refusal.mends.map((mend) => (
            <li key={mend.label}>
              <Link {...mend.link}>
                <bdi>{mend.label}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What the grant has, then or now, and which of the missing scopes the API does not even know. */
function Granted({ event }: { event: LogEvent }) {
  const client = event.client_id ?? '';
  const audience = event.audience ?? '';
  const then = event.details?.granted_scope;
  const mayReadGrants =
    useMay('read:client_grants') && then === undefined && client !== '' && audience !== '';
  const mayReadApis = useMay('read:resource_servers') && audience !== '';
  const grant = useQuery({ ...grantQuery(client, audience), enabled: mayReadGrants });
  const api = useQuery({ ...resourceServerQuery(audience), enabled: mayReadApis });
  const now = grant.data?.scope;
  const known = api.data?.value.scopes?.map((scope) => scope.value);
  const unknown = known === undefined ? [] : missingScopes(event).filter((scope) => !known.includes(scope));
  return (
    <>
      {then !== undefined && <p>Granted then: {then === '' ? 'nothing' : then}.</p>}
      {then === undefined && now !== undefined && now !== null && (
        <p>Granted now: {now.length === 0 ? 'nothing' : now.join(' ')}.</p>
      )}
      {unknown.length > 0 && (
        <p>
          The API has no permission {unknown.join(', ')}: it must be added there before it can be granted.
        </p>
      )}
    </>
  );
}
