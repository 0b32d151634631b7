import { getRouteApi, linkOptions } from '@tanstack/react-router';
import { NotFound } from '../../app/NotFound';
import { PageHead } from '../../ui/PageHead';
import { Administrators } from '../administrator/Administrators';
import { MyAccount } from '../administrator/MyAccount';
import { GeneralSettings } from './GeneralSettings';

const route = getRouteApi('/signed-in/settings/{-$tab}');
const TABS = [
  ['General', undefined],
  ['Administrators', 'administrators'],
  ['My account', 'account'],
] as const;

export function SettingsPage() {
  const { tab } = route.useParams();
  if (!TABS.some(([, of]) => of === tab)) {
    return <NotFound />;
  }
  return (
    <>
      <PageHead
        title="Settings"
        tabs={TABS.map(([label, of]) => ({
          label,
          link: linkOptions({ to: '/settings/{-$tab}', params: { tab: of } }),
        }))}
      />
      {tab === undefined && <GeneralSettings />}
      {tab === 'administrators' && <Administrators />}
      {tab === 'account' && <MyAccount />}
    </>
  );
}
