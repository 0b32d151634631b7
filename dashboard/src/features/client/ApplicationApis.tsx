import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Empty } from '../../ui/Empty';
import { Failure } from '../../ui/Failure';
import { counted } from '../../ui/figures';
import { Pages, Toolbar } from '../../ui/ListPage';
import { Loading } from '../../ui/Loading';
import { GrantRow } from '../clientgrant/GrantRow';
import rows from '../clientgrant/GrantRow.module.css';
import { grantsOfClientQuery } from '../clientgrant/grants';
import { resourceServerCountQuery, resourceServersQuery } from '../resourceserver/resourceServers';
import { type Client, isMachine } from './clients';

const route = getRouteApi('/signed-in/applications/$clientId/{-$tab}');

/** Which APIs the application may ask tokens for, one row per API. */
export function ApplicationApis({ client }: { client: Client }) {
  const { search = '', from } = route.useSearch();
  const navigate = useNavigate();
  const id = client.client_id ?? '';
  const grants = useQuery(grantsOfClientQuery(id));
  const apis = useQuery(resourceServersQuery(search, from));
  const total = useQuery(resourceServerCountQuery(search));
  if (!isMachine(client)) {
    return (
      <Empty>
        It lacks the grant type client_credentials, so it gets no tokens here. Add it under Settings.
      </Empty>
    );
  }
  if (grants.isError || apis.isError) {
    return (
      <Failure
        what="The APIs of this application cannot be listed"
        problem={grants.error ?? apis.error}
        retry={() => void Promise.all([grants.refetch(), apis.refetch()])}
      />
    );
  }
  if (grants.isPending || apis.isPending) {
    return <Loading />;
  }
  const byAudience = new Map(grants.data.map((grant) => [grant.audience, grant]));
  return (
    <>
      <Toolbar
        placeholder="Name, or the beginning of an identifier"
        search={search}
        onSearch={(text) =>
          void navigate({ to: '.', search: text === '' ? {} : { search: text }, replace: true } as never)
        }
        count={`Authorized for ${counted(grants.data.length, 'API')}${total.data === undefined ? '' : ` of ${total.data}`}`}
      />
      <ul className={rows.list}>
        {apis.data.resource_servers.map((server) => (
          <GrantRow
            key={server.id}
            name={server.name ?? server.identifier ?? ''}
            detail={<bdi className="mono">{server.identifier}</bdi>}
            clientId={id}
            audience={server.identifier ?? ''}
            scopes={server.scopes ?? []}
            grant={byAudience.get(server.identifier ?? '')}
          >
            <Link to="/apis/$apiId/{-$tab}" params={{ apiId: server.id ?? '' }}>
              <bdi>{server.name ?? server.identifier}</bdi>
            </Link>
          </GrantRow>
        ))}
      </ul>
      {apis.data.resource_servers.length === 0 && (
        <Empty>No API has “{search}” in its name or begins so.</Empty>
      )}
      <Pages from={from} next={apis.data.next} />
    </>
  );
}
