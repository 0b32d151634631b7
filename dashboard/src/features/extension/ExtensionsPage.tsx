import { Button, Group } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, linkOptions, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../session/session';
import { Empty } from '../../ui/Empty';
import { Failure } from '../../ui/Failure';
import { Time, UNKNOWN } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { PageHead } from '../../ui/PageHead';
import { Status } from '../../ui/Status';
import { type Column, Table } from '../../ui/Table';
import { VersionState } from './ActionPage';
import { bindingsQuery } from './bindings';
import { CreateScript } from './CreateScript';
import classes from './ExtensionsPage.module.css';
import { RunningOrder } from './RunningOrder';
import { type Action, actionsQuery, type HookRow, hooksQuery, type Kind } from './scripts';

const route = getRouteApi('/signed-in/extensions');

type Row = { kind: 'hook'; hook: HookRow } | { kind: 'action'; action: Action };

/** All code that may run before a token, and at the top what does run, in its order. */
export function ExtensionsPage() {
  const { create } = route.useSearch();
  const navigate = useNavigate({ from: '/extensions' });
  const mayReadHooks = useMay('read:hooks');
  const mayReadActions = useMay('read:actions');
  const mayCreateHook = useMay('create:hooks');
  const mayCreateAction = useMay('create:actions');
  const hooks = useQuery({ ...hooksQuery, enabled: mayReadHooks });
  const actions = useQuery({ ...actionsQuery, enabled: mayReadActions });
  const bindings = useQuery({ ...bindingsQuery, enabled: mayReadActions });
  const open = (kind: Kind | undefined) =>
    void navigate({ search: kind === undefined ? {} : { create: kind }, replace: true });

  const buttons: ReactNode = (
    <Group gap={8} wrap="nowrap">
      {mayCreateHook && (
        <Button variant="default" onClick={() => open('hook')}>
          Create Hook
        </Button>
      )}
      {mayCreateAction && (
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open('action')}>
          Create Action
        </Button>
      )}
    </Group>
  );
  const problem = hooks.error ?? actions.error ?? bindings.error;
  const isLoading = hooks.isLoading || actions.isLoading || bindings.isLoading;
  const rows: Row[] = [
    ...(hooks.data ?? []).map((hook): Row => ({ kind: 'hook', hook })),
    ...(actions.data ?? []).map((action): Row => ({ kind: 'action', action })),
  ];
  const order = (bindings.data?.value ?? []).map((binding) => binding.action.id);

  const columns: Column<Row>[] = [
    { head: 'Name', cell: (row) => <bdi>{row.kind === 'hook' ? row.hook.name : row.action.name}</bdi> },
    { head: 'Kind', width: 100, cell: (row) => (row.kind === 'hook' ? 'Hook' : 'Action') },
    { head: 'Runs', width: 160, cell: (row) => <Runs row={row} order={order} /> },
    {
      head: 'Version',
      width: 220,
      cell: (row) =>
        row.kind === 'hook' ? <span className="quiet">As saved</span> : <VersionState action={row.action} />,
    },
    {
      head: 'Last change',
      width: 140,
      minor: true,
      cell: (row) => (row.kind === 'hook' ? UNKNOWN : <Time at={row.action.updated_at} />),
    },
  ];

  return (
    <>
      <PageHead title="Hooks and Actions" action={buttons} />
      {!mayReadHooks && !mayReadActions && (
        <p className="quiet">Your role may read neither Hooks nor Actions.</p>
      )}
      {isLoading && <Loading rows={6} />}
      {problem !== null && (
        <Failure
          what="The Hooks and Actions cannot be listed"
          problem={problem}
          retry={() => void Promise.all([hooks.refetch(), actions.refetch(), bindings.refetch()])}
        />
      )}
      {!isLoading && problem === null && rows.length === 0 && (mayReadHooks || mayReadActions) && (
        <Empty action={buttons} docs="hooks">
          Code of yours that runs before a token is signed: it adds claims, changes scopes or refuses. One
          Hook at most, then all bound Actions.
        </Empty>
      )}
      {!isLoading && problem === null && rows.length > 0 && (
        <>
          <RunningOrder
            hook={(hooks.data ?? []).find((hook) => hook.enabled)}
            bindings={bindings.data ?? { value: [], etag: '' }}
          />
          <h2 className={classes.title}>All</h2>
          <Table
            label="Hooks and Actions"
            columns={columns}
            rows={rows}
            id={(row) => (row.kind === 'hook' ? row.hook.id : row.action.id)}
            link={(row) =>
              row.kind === 'hook'
                ? linkOptions({ to: '/extensions/hooks/$hookId/{-$tab}', params: { hookId: row.hook.id } })
                : linkOptions({
                    to: '/extensions/actions/$actionId/{-$tab}',
                    params: { actionId: row.action.id },
                  })
            }
          />
        </>
      )}
      <CreateScript kind={create} close={() => open(undefined)} />
    </>
  );
}

function Runs({ row, order }: { row: Row; order: string[] }) {
  if (row.kind === 'hook') {
    return row.hook.enabled ? (
      <Status means="granted">Enabled</Status>
    ) : (
      <Status means="neutral">Disabled</Status>
    );
  }
  return order.includes(row.action.id) ? (
    <Status means="granted">Bound</Status>
  ) : (
    <Status means="neutral">Not bound</Status>
  );
}
