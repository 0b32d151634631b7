import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, linkOptions } from '@tanstack/react-router';
import { Failure } from '../../ui/Failure';
import { Identity } from '../../ui/Identity';
import { Loading } from '../../ui/Loading';
import { PageHead } from '../../ui/PageHead';
import { ApiApplications } from './ApiApplications';
import { ApiPermissions } from './ApiPermissions';
import { ApiQuickStart } from './ApiQuickStart';
import { ApiSettings } from './ApiSettings';
import { ApiTest } from './ApiTest';
import { demandOf } from './demands';
import { nameOf, type ResourceServer, resourceServerQuery } from './resourceServers';

const route = getRouteApi('/signed-in/apis/$apiId/{-$tab}');
const TABS = [
  ['Quick Start', undefined],
  ['Settings', 'settings'],
  ['Permissions', 'permissions'],
  ['Machine to Machine Applications', 'applications'],
  ['Test', 'test'],
] as const;

export function ApiPage() {
  const { apiId, tab } = route.useParams();
  const api = useQuery(resourceServerQuery(apiId));
  const crumbs = [{ label: 'APIs', link: linkOptions({ to: '/apis' }) }];
  if (api.isPending) {
    return <Loading rows={8} />;
  }
  if (api.isLoadingError) {
    return (
      <>
        <PageHead title="API" crumbs={crumbs} />
        <Failure what="This API cannot be shown" problem={api.error} retry={() => void api.refetch()} />
      </>
    );
  }
  const server = api.data.value;
  return (
    <>
      <PageHead
        title={nameOf(server)}
        crumbs={crumbs}
        identity={<Identity label="Identifier" value={server.identifier} />}
        tabs={TABS.map(([label, of]) => ({
          label,
          link: linkOptions({ to: '/apis/$apiId/{-$tab}', params: { apiId, tab: of } }),
        }))}
      />
      <NoTokens server={server} />
      {tab === undefined && <ApiQuickStart server={server} />}
      {tab === 'settings' && <ApiSettings key={apiId} loaded={api.data} />}
      {tab === 'permissions' && <ApiPermissions key={apiId} loaded={api.data} />}
      {tab === 'applications' && <ApiApplications server={server} />}
      {tab === 'test' && <ApiTest server={server} />}
    </>
  );
}

/** Says on every tab that no token is issued for the API, and where that is mended. */
function NoTokens({ server }: { server: ResourceServer }) {
  const demand = demandOf(server);
  if (demand === undefined) {
    return null;
  }
  return (
    <Alert color="yellow" variant="outline" title="No token is issued for this API" mb={24} maw={1120}>
      {demand}{' '}
      <Link to="/apis/$apiId/{-$tab}" params={{ apiId: server.id, tab: 'settings' }}>
        See Settings
      </Link>
    </Alert>
  );
}
