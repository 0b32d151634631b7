import { Button } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, linkOptions, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../session/session';
import { Empty } from '../../ui/Empty';
import { Failure } from '../../ui/Failure';
import { count, counted, Time } from '../../ui/figures';
import { Pages, Toolbar } from '../../ui/ListPage';
import { Loading } from '../../ui/Loading';
import { PageHead } from '../../ui/PageHead';
import { type Column, Table } from '../../ui/Table';
import { useClientUsage } from '../usage/usage';
import { CreateApplication } from './CreateApplication';
import { type Client, clientCountQuery, clientsQuery, isMachine, nameOf } from './clients';

const route = getRouteApi('/signed-in/applications');

export function ApplicationsPage() {
  const { search = '', from } = route.useSearch();
  const navigate = useNavigate({ from: '/applications' });
  const [creating, setCreating] = useState(false);
  const mayCreate = useMay('create:clients');
  const clients = useQuery(clientsQuery(search, from));
  const total = useQuery(clientCountQuery(search));
  const rows = clients.data?.clients ?? [];
  const usage = useClientUsage(rows.flatMap((client) => client.client_id ?? []));
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      Create application
    </Button>
  );

  const columns: Column<Client>[] = [
    { head: 'Name', cell: (client) => <bdi>{nameOf(client)}</bdi> },
    { head: 'Client ID', cell: (client) => <span className="mono">{client.client_id}</span>, minor: true },
    { head: 'Type', cell: (client) => TYPES[client.app_type ?? ''] ?? client.app_type ?? 'Not set' },
    {
      head: 'Last token',
      width: 140,
      cell: (client) =>
        isMachine(client) ? (
          <Time at={usage.get(client.client_id ?? '')?.last_token_at} never="No token yet" />
        ) : (
          <span className="quiet">Asks for none</span>
        ),
    },
    {
      head: 'Tokens, 7 days',
      width: 130,
      numeric: true,
      cell: (client) => count(usage.get(client.client_id ?? '')?.tokens_week),
    },
  ];

  return (
    <>
      <PageHead title="Applications" action={mayCreate ? create : undefined} />
      <Toolbar
        placeholder="Name, or the beginning of a client ID"
        search={search}
        onSearch={(text) => void navigate({ search: text === '' ? {} : { search: text }, replace: true })}
        count={total.data === undefined ? '' : counted(total.data, 'application')}
      />
      {clients.isPending && <Loading rows={8} />}
      {clients.isError && (
        <Failure
          what="The applications cannot be listed"
          problem={clients.error}
          retry={() => void clients.refetch()}
        />
      )}
      {clients.isSuccess && rows.length === 0 && search === '' && from === undefined && (
        <Empty action={mayCreate ? create : undefined} docs="applications">
          An application is a program that asks for tokens: a job, a daemon, a back end. It has an ID and a
          secret of its own.
        </Empty>
      )}
      {clients.isSuccess && rows.length === 0 && (search !== '' || from !== undefined) && (
        <Empty>No application has “{search}” in its name, or a client ID that begins so.</Empty>
      )}
      {rows.length > 0 && (
        <Table
          label="Applications"
          columns={columns}
          rows={rows}
          id={(client) => client.client_id ?? ''}
          link={(client) =>
            linkOptions({
              to: '/applications/$clientId/{-$tab}',
              params: { clientId: client.client_id ?? '' },
            })
          }
        />
      )}
      <Pages from={from} next={clients.data?.next} />
      <CreateApplication opened={creating} close={() => setCreating(false)} />
    </>
  );
}

export const TYPES: Record<string, string> = {
  non_interactive: 'Machine to machine',
  regular_web: 'Regular web application',
  spa: 'Single page application',
  native: 'Native',
  resource_server: 'API',
};
