import { useQuery } from '@tanstack/react-query';
import { getRouteApi, linkOptions } from '@tanstack/react-router';
import { Failure } from '../../ui/Failure';
import { Loading } from '../../ui/Loading';
import { PageHead } from '../../ui/PageHead';
import { Status } from '../../ui/Status';
import { bindingsQuery } from './bindings';
import { ScriptPage } from './ScriptPage';
import { type Action, scriptQuery } from './scripts';

const route = getRouteApi('/signed-in/extensions/actions/$actionId/{-$tab}');

export function ActionPage() {
  const { actionId, tab } = route.useParams();
  const search = route.useSearch();
  const action = useQuery(scriptQuery('action', actionId));
  const bindings = useQuery(bindingsQuery);
  if (action.isPending || bindings.isPending) {
    return <Loading rows={8} />;
  }
  // What was shown stays when it cannot be read again: code may be typed in it.
  if (action.data?.value.kind !== 'action' || bindings.data === undefined) {
    return (
      <>
        <PageHead
          title="Action"
          crumbs={[{ label: 'Hooks and Actions', link: linkOptions({ to: '/extensions' }) }]}
        />
        <Failure
          what="This Action cannot be shown"
          problem={action.error ?? bindings.error}
          retry={() => void Promise.all([action.refetch(), bindings.refetch()])}
        />
      </>
    );
  }
  const isBound = bindings.data.value.some((binding) => binding.action.id === actionId);
  return (
    <ScriptPage
      key={actionId}
      loaded={action.data}
      runs={isBound}
      state={
        <>
          {isBound ? <Status means="granted">Bound</Status> : <Status means="neutral">Not bound</Status>}
          <VersionState action={action.data.value.action} />
        </>
      }
      tab={tab}
      search={search}
      linkTo={(of, next = {}) =>
        linkOptions({
          to: '/extensions/actions/$actionId/{-$tab}',
          params: { actionId, tab: of },
          search: next,
        })
      }
    />
  );
}

/** Which version is deployed, and whether the draft is another. */
export function VersionState({
  action,
}: {
  action: Pick<Action, 'deployed_version' | 'all_changes_deployed'>;
}) {
  if (action.deployed_version === undefined) {
    return <span className="quiet">Never deployed</span>;
  }
  return (
    <span>
      Version {action.deployed_version.number}
      {!action.all_changes_deployed && <span className="quiet">, draft differs</span>}
    </span>
  );
}
