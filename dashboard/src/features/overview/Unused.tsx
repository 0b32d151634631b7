import { linkOptions } from '@tanstack/react-router';
import { useId } from 'react';
import { Time } from '../../ui/figures';
import { Table } from '../../ui/Table';
import classes from './Overview.module.css';
import type { Overview } from './overview';

/** Applications and grants without a token for 90 days: what one might take away. */
export function Unused({ overview }: { overview: Overview }) {
  const id = useId();
  const { unused_clients, unused_grants, more_unused_clients, more_unused_grants } = overview;
  return (
    <>
      <section className={classes.card} aria-labelledby={`${id}a`}>
        <h2 id={`${id}a`} className={classes.title}>
          Applications unused for 90 days
        </h2>
        {unused_clients.length === 0 ? (
          <p className={classes.nothing}>None{more_unused_clients ? ' among the first 1,000' : ''}.</p>
        ) : (
          <Table
            label="Applications unused for 90 days"
            rows={unused_clients}
            id={(client) => client.client_id}
            link={({ client_id }) =>
              linkOptions({
                to: '/applications/$clientId/{-$tab}',
                params: { clientId: client_id, tab: 'settings' },
              })
            }
            columns={[
              { head: 'Name', cell: (client) => <bdi>{client.name}</bdi> },
              { head: 'Last token', width: 130, cell: (client) => <LastToken at={client.last_token_at} /> },
            ]}
          />
        )}
        {unused_clients.length > 0 && more_unused_clients && (
          <p className={classes.note}>There may be more.</p>
        )}
      </section>
      <section className={classes.card} aria-labelledby={`${id}g`}>
        <h2 id={`${id}g`} className={classes.title}>
          Grants unused for 90 days
        </h2>
        {unused_grants.length === 0 ? (
          <p className={classes.nothing}>None{more_unused_grants ? ' among the first 1,000' : ''}.</p>
        ) : (
          <Table
            label="Grants unused for 90 days"
            rows={unused_grants}
            id={(grant) => grant.id}
            link={({ client_id, audience }) =>
              linkOptions({
                to: '/applications/$clientId/{-$tab}',
                params: { clientId: client_id, tab: 'apis' },
                search: audience === null ? {} : { search: audience },
              })
            }
            columns={[
              { head: 'Application', cell: (grant) => <bdi>{grant.client_name ?? grant.client_id}</bdi> },
              {
                head: 'API',
                cell: (grant) => <bdi className="mono">{grant.audience ?? grant.resource_server_id}</bdi>,
              },
              { head: 'Last token', width: 130, cell: (grant) => <LastToken at={grant.last_token_at} /> },
            ]}
          />
        )}
        {unused_grants.length > 0 && more_unused_grants && <p className={classes.note}>There may be more.</p>}
      </section>
    </>
  );
}

function LastToken({ at }: { at: string | null }) {
  return <Time at={at} never="Never" />;
}
