import { useQuery } from '@tanstack/react-query';
import { getRouteApi, linkOptions } from '@tanstack/react-router';
import { Failure } from '../../ui/Failure';
import { Identity } from '../../ui/Identity';
import { Loading } from '../../ui/Loading';
import { PageHead } from '../../ui/PageHead';
import { ApplicationApis } from './ApplicationApis';
import { ApplicationCredentials } from './ApplicationCredentials';
import { ApplicationLogs } from './ApplicationLogs';
import { ApplicationQuickStart } from './ApplicationQuickStart';
import { ApplicationSettings } from './ApplicationSettings';
import { clientQuery, nameOf } from './clients';

const route = getRouteApi('/signed-in/applications/$clientId/{-$tab}');
const TABS = [
  ['Quick Start', undefined],
  ['Settings', 'settings'],
  ['Credentials', 'credentials'],
  ['APIs', 'apis'],
  ['Logs', 'logs'],
] as const;

export function ApplicationPage() {
  const { clientId, tab } = route.useParams();
  const client = useQuery(clientQuery(clientId));
  const crumbs = [{ label: 'Applications', link: linkOptions({ to: '/applications' }) }];
  if (client.isPending) {
    return <Loading rows={8} />;
  }
  if (client.isLoadingError) {
    return (
      <>
        <PageHead title="Application" crumbs={crumbs} />
        <Failure
          what="This application cannot be shown"
          problem={client.error}
          retry={() => void client.refetch()}
        />
      </>
    );
  }
  const name = nameOf(client.data.value);
  return (
    <>
      <PageHead
        title={name}
        crumbs={crumbs}
        identity={<Identity label="Client ID" value={clientId} />}
        tabs={TABS.map(([label, of]) => ({
          label,
          link: linkOptions({ to: '/applications/$clientId/{-$tab}', params: { clientId, tab: of } }),
        }))}
      />
      {tab === undefined && <ApplicationQuickStart client={client.data.value} />}
      {tab === 'settings' && <ApplicationSettings key={clientId} loaded={client.data} />}
      {tab === 'credentials' && <ApplicationCredentials key={clientId} loaded={client.data} />}
      {tab === 'apis' && <ApplicationApis client={client.data.value} />}
      {tab === 'logs' && <ApplicationLogs client={client.data.value} />}
    </>
  );
}
