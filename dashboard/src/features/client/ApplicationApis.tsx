import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Empty } from '../../ui/Empty';
import { Failure } from '../../ui/Failure';
import { count, counted } from '../../ui/figures';
import { Pages, Toolbar } from '../../ui/ListPage';
import { Loading } from '../../ui/Loading';
import { FoundGrantRow } from '../clientgrant/GrantRow';
import rows from '../clientgrant/GrantRow.module.css';
import { allGrantsOfClientQuery } from '../clientgrant/grants';
import { resourceServerCountQuery, resourceServersQuery } from '../resourceserver/resourceServers';
import { type Client, isMachine } from './clients';

const route = getRouteApi('/signed-in/applications/$clientId/{-$tab}');

/** Which APIs the application may ask tokens for, one row per API. */
export function ApplicationApis({ client }: { client: Client }) {
  const { search = '', from } = route.useSearch();
  const navigate = useNavigate();
  const id = client.client_id ?? '';
  const grants = useQuery(allGrantsOfClientQuery(id));
  const apis = useQuery(resourceServersQuery(search, from));
  const total = useQuery(resourceServerCountQuery(search));
  if (!isMachine(client)) {
    return (
      <Empty>
        It lacks the grant type client_credentials, so it gets no tokens here. Add it under Settings.
      </Empty>
    );
  }
  if (grants.isLoadingError || apis.isLoadingError) {
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
  const { isWhole, grants: held } = grants.data;
  return (
    <>
      <Toolbar
        placeholder="Name, or the beginning of an identifier"
        search={search}
        onSearch={(text) =>
          void navigate({ to: '.', search: text === '' ? {} : { search: text }, replace: true } as never)
        }
        count={`Authorized for ${isWhole ? '' : 'more than '}${counted(held.length, 'API')}${total.data === undefined ? '' : ` of ${count(total.data)}`}`}
      />
      <ul className={rows.list}>
        {apis.data.resource_servers.map((server) => (
          <FoundGrantRow
            key={server.id}
            name={server.name ?? server.identifier ?? ''}
            detail={<bdi className="mono">{server.identifier}</bdi>}
            clientId={id}
            audience={server.identifier ?? ''}
            scopes={server.scopes ?? []}
            known={grants.data}
          >
            <Link to="/apis/$apiId/{-$tab}" params={{ apiId: server.id ?? '' }}>
              <bdi>{server.name ?? server.identifier}</bdi>
            </Link>
          </FoundGrantRow>
        ))}
      </ul>
      {apis.data.resource_servers.length === 0 && (
        <Empty>No API has “{search}” in its name or begins so.</Empty>
      )}
      <Pages from={from} next={apis.data.next} />
    </>
  );
}
