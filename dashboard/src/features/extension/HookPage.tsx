import { useQuery } from '@tanstack/react-query';
import { getRouteApi, linkOptions } from '@tanstack/react-router';
import { Failure } from '../../ui/Failure';
import { Loading } from '../../ui/Loading';
import { PageHead } from '../../ui/PageHead';
import { Status } from '../../ui/Status';
import { ScriptPage } from './ScriptPage';
import { scriptQuery } from './scripts';

const route = getRouteApi('/signed-in/extensions/hooks/$hookId/{-$tab}');

export function HookPage() {
  const { hookId, tab } = route.useParams();
  const search = route.useSearch();
  const hook = useQuery(scriptQuery('hook', hookId));
  if (hook.isPending) {
    return <Loading rows={8} />;
  }
  // What was shown stays when it cannot be read again: code may be typed in it.
  if (hook.data?.value.kind !== 'hook') {
    return (
      <>
        <PageHead
          title="Hook"
          crumbs={[{ label: 'Hooks and Actions', link: linkOptions({ to: '/extensions' }) }]}
        />
        <Failure what="This Hook cannot be shown" problem={hook.error} retry={() => void hook.refetch()} />
      </>
    );
  }
  const { enabled } = hook.data.value.hook;
  return (
    <ScriptPage
      key={hookId}
      loaded={hook.data}
      runs={enabled}
      state={enabled ? <Status means="granted">Enabled</Status> : <Status means="neutral">Disabled</Status>}
      tab={tab}
      search={search}
      linkTo={(of, next = {}) =>
        linkOptions({ to: '/extensions/hooks/$hookId/{-$tab}', params: { hookId, tab: of }, search: next })
      }
    />
  );
}
