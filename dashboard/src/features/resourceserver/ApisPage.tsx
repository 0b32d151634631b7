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
import { Status } from '../../ui/Status';
import { type Column, Table } from '../../ui/Table';
import { useResourceServerUsage } from '../usage/usage';
import { CreateApi } from './CreateApi';
import {
  nameOf,
  type ResourceServer,
  resourceServerCountQuery,
  resourceServersQuery,
} from './resourceServers';

const route = getRouteApi('/signed-in/apis');

export function ApisPage() {
  const { search = '', from } = route.useSearch();
  const navigate = useNavigate({ from: '/apis' });
  const [creating, setCreating] = useState(false);
  const mayCreate = useMay('create:resource_servers');
  const apis = useQuery(resourceServersQuery(search, from));
  const total = useQuery(resourceServerCountQuery(search));
  const rows = apis.data?.resource_servers ?? [];
  const usage = useResourceServerUsage(rows.map((server) => server.id));
  const hasOwn = rows.some((server) => server.is_system !== true);
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      Create API
    </Button>
  );

  const columns: Column<ResourceServer>[] = [
    {
      head: 'Name',
      cell: (server) => (
        <>
          <bdi>{nameOf(server)}</bdi>
          {server.is_system === true && (
            <>
              {' '}
              <Status means="neutral">System</Status>
            </>
          )}
        </>
      ),
    },
    {
      head: 'Identifier',
      cell: (server) => (
        <bdi className="mono" title={server.identifier}>
          {server.identifier}
        </bdi>
      ),
    },
    {
      head: 'Scopes',
      width: 80,
      numeric: true,
      minor: true,
      cell: (server) => count(server.scopes?.length ?? 0),
    },
    {
      head: 'Tokens, 7 days',
      width: 130,
      numeric: true,
      cell: (server) => count(usage.get(server.id)?.tokens_week),
    },
    {
      head: 'Last token',
      width: 140,
      cell: (server) => <Time at={usage.get(server.id)?.last_token_at} never="No token yet" />,
    },
  ];

  return (
    <>
      <PageHead
        title="APIs"
        action={
          mayCreate ? create : <span className="quiet">Creating one needs the role editor or owner</span>
        }
      />
      <Toolbar
        placeholder="Name, or the beginning of an identifier"
        search={search}
        onSearch={(text) => void navigate({ search: text === '' ? {} : { search: text }, replace: true })}
        count={total.data === undefined ? '' : counted(total.data, 'API')}
      />
      {apis.isPending && <Loading rows={8} />}
      {apis.isError && (
        <Failure what="The APIs cannot be listed" problem={apis.error} retry={() => void apis.refetch()} />
      )}
      {apis.isSuccess && rows.length === 0 && (
        <Empty>No API has “{search}” in its name, or an identifier that begins so.</Empty>
      )}
      {rows.length > 0 && (
        <Table
          label="APIs"
          columns={columns}
          rows={rows}
          id={(server) => server.id}
          link={(server) => linkOptions({ to: '/apis/$apiId/{-$tab}', params: { apiId: server.id } })}
        />
      )}
      {apis.isSuccess && !hasOwn && search === '' && from === undefined && (
        <Empty action={mayCreate ? create : undefined} docs="apis">
          Here is this server’s own API only. Create one for each program that checks tokens: its identifier
          is the audience of its tokens, its scopes are what applications may do there.
        </Empty>
      )}
      <Pages from={from} next={apis.data?.next} />
      <CreateApi opened={creating} close={() => setCreating(false)} />
    </>
  );
}
