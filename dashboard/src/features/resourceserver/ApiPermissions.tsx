import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { memo, useCallback, useState } from 'react';
import type { Tagged } from '../../api/client';
import { useMay } from '../../session/session';
import { Empty } from '../../ui/Empty';
import { useEntityForm } from '../../ui/entityForm';
import { count, counted } from '../../ui/figures';
import { Toolbar } from '../../ui/ListPage';
import { Status } from '../../ui/Status';
import { Table } from '../../ui/Table';
import classes from './ApiPermissions.module.css';
import { RemoveScope } from './RemoveScope';
import { changeResourceServer, loadResourceServer, type ResourceServer } from './resourceServers';
import {
  LONGEST_DESCRIPTION,
  LONGEST_VALUE,
  mergeScopes,
  type Scope,
  scopeProblem,
  scopesOf,
  toSend,
} from './scopes';

const route = getRouteApi('/signed-in/apis/$apiId/{-$tab}');

/** How many rows are shown at once, and how many more at a time. */
const SHOWN = 100;

type Fields = { scopes: Scope[] };

interface Row extends Scope {
  state: 'as before' | 'new' | 'changed' | 'removed';
}

/** What the table shows: what is new first, then all others, those that Save removes among them. */
function rowsOf(before: Scope[], now: Scope[]): Row[] {
  const was = new Map(before.map((scope) => [scope.value, scope]));
  const is = new Map(now.map((scope) => [scope.value, scope]));
  return [
    ...now.filter(({ value }) => !was.has(value)).map((scope): Row => ({ ...scope, state: 'new' })),
    ...before.map((scope): Row => {
      const held = is.get(scope.value);
      if (held === undefined) {
        return { ...scope, state: 'removed' };
      }
      return { ...held, state: held.description === scope.description ? 'as before' : 'changed' };
    }),
  ];
}

/** The scopes of an API; a change replaces all of them, so that of another person is merged and not lost. */
export function ApiPermissions({ loaded }: { loaded: Tagged<ResourceServer> }) {
  const server = loaded.value;
  const { search = '' } = route.useSearch();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const mayUpdate = useMay('update:resource_servers');
  const isReadOnly = server.is_system === true || !mayUpdate;
  const [most, setMost] = useState(SHOWN);
  const [removing, setRemoving] = useState<string>();
  const { form, bar } = useEntityForm<ResourceServer, Fields>({
    loaded,
    values: (entity) => ({ scopes: scopesOf(entity) }),
    labels: { scopes: 'Scopes' },
    merge: { scopes: mergeScopes },
    reload: () => loadResourceServer(server.id),
    save: async ({ scopes = [] }, etag) => {
      const now = await changeResourceServer(server.id, { scopes: toSend(scopes) }, etag);
      void queries.invalidateQueries({ queryKey: ['apis'] });
      return now;
    },
  });
  const { scopes } = form.values;
  const before = form.getInitialValues().scopes;
  const change = useCallback(
    (to: (scopes: Scope[]) => Scope[]) => form.setValues((held) => ({ scopes: to(held.scopes ?? []) })),
    [form.setValues],
  );
  const describe = useCallback(
    (value: string, description: string) =>
      change((held) => held.map((scope) => (scope.value === value ? { value, description } : scope))),
    [change],
  );

  const needle = search.toLowerCase();
  const fitting = rowsOf(before, scopes).filter(
    ({ value, description }) =>
      value.toLowerCase().includes(needle) || description.toLowerCase().includes(needle),
  );
  const shown = fitting.slice(0, most);
  const restore = (value: string): void =>
    change((held) => {
      const kept = new Map(held.map((scope) => [scope.value, scope]));
      const isOld = new Set(before.map((scope) => scope.value));
      return [
        ...before.flatMap((scope) => kept.get(scope.value) ?? (scope.value === value ? scope : [])),
        ...held.filter((scope) => !isOld.has(scope.value)),
      ];
    });

  return (
    <>
      {server.is_system === true && (
        <p className="quiet">The scopes of the management API are those of its operations, and are fixed.</p>
      )}
      {server.is_system !== true && !mayUpdate && <p className="quiet">Your role may not change APIs.</p>}
      {!isReadOnly && <AddScope scopes={scopes} add={(scope) => change((held) => [...held, scope])} />}
      {form.errors.scopes !== undefined && (
        <p role="alert" className={classes.problem}>
          Nothing was saved: {form.errors.scopes}
        </p>
      )}
      <Toolbar
        placeholder="Part of a scope or of its description"
        search={search}
        onSearch={(text) => {
          setMost(SHOWN);
          void navigate({ to: '.', search: text === '' ? {} : { search: text }, replace: true } as never);
        }}
        count={
          search === ''
            ? counted(scopes.length, 'scope')
            : `${count(fitting.length)} of ${counted(scopes.length, 'scope')}`
        }
      />
      {shown.length > 0 && (
        <Table
          label="Scopes"
          rows={shown}
          id={(row) => row.value}
          columns={[
            {
              head: 'Scope',
              cell: (row) => (
                <bdi
                  className={row.state === 'removed' ? `mono ${classes.removed}` : 'mono'}
                  title={row.value}
                >
                  {row.value}
                </bdi>
              ),
            },
            {
              head: 'Description',
              cell: ({ value, description, state }) =>
                isReadOnly || state === 'removed' ? (
                  <bdi className={state === 'removed' ? classes.removed : undefined} title={description}>
                    {description}
                  </bdi>
                ) : (
                  <Description value={value} description={description} describe={describe} />
                ),
            },
            ...(isReadOnly
              ? []
              : [
                  {
                    head: 'Change',
                    width: 180,
                    numeric: true,
                    cell: (row: Row) => (
                      <Change
                        value={row.value}
                        state={row.state}
                        remove={
                          row.state === 'new'
                            ? () => change((held) => held.filter((scope) => scope.value !== row.value))
                            : () => setRemoving(row.value)
                        }
                        restore={() => restore(row.value)}
                      />
                    ),
                  },
                ]),
          ]}
        />
      )}
      {fitting.length > shown.length && (
        <div className={classes.more}>
          <span className="quiet">
            {count(shown.length)} of {count(fitting.length)} are shown
          </span>
          <Button variant="default" size="xs" onClick={() => setMost(most + SHOWN)}>
            Show {count(Math.min(SHOWN, fitting.length - shown.length))} more
          </Button>
        </div>
      )}
      {fitting.length === 0 && search !== '' && <Empty>No scope has “{search}” in it.</Empty>}
      {fitting.length === 0 && search === '' && (
        <Empty docs="apis#scopes">
          A scope is a name for one thing that an application may do at this API, such as read:orders. It is
          granted to applications one by one, and stands in their tokens.
        </Empty>
      )}
      {bar}
      {removing !== undefined && (
        <RemoveScope
          server={server}
          value={removing}
          close={() => setRemoving(undefined)}
          remove={() => change((held) => held.filter((scope) => scope.value !== removing))}
        />
      )}
    </>
  );
}

function AddScope({ scopes, add }: { scopes: Scope[]; add: (scope: Scope) => void }) {
  const [value, setValue] = useState('');
  const [description, setDescription] = useState('');
  const problem = value === '' ? undefined : scopeProblem(value, scopes);
  return (
    <form
      className={classes.add}
      aria-label="Add a scope"
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== '' && problem === undefined) {
          add({ value, description });
          setValue('');
          setDescription('');
        }
      }}
    >
      <TextInput
        name="scopes"
        label="Scope"
        placeholder="read:orders"
        classNames={{ input: 'mono' }}
        value={value}
        maxLength={LONGEST_VALUE}
        error={problem}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <TextInput
        label="Description"
        placeholder="Read orders"
        value={description}
        maxLength={LONGEST_DESCRIPTION}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        Add
      </Button>
    </form>
  );
}

/** Drawn anew only when its own text changes: there may be hundreds. */
const Description = memo(function Description({
  value,
  description,
  describe,
}: Scope & { describe: (value: string, description: string) => void }) {
  return (
    <TextInput
      size="xs"
      miw={200}
      aria-label={`Description of ${value}`}
      value={description}
      maxLength={LONGEST_DESCRIPTION}
      onChange={(event) => describe(value, event.currentTarget.value)}
    />
  );
});

const STATES = {
  'as before': null,
  new: <Status means="granted">New</Status>,
  changed: <Status means="neutral">Changed</Status>,
  removed: <Status means="refused">Removed</Status>,
};

interface ChangeProps {
  value: string;
  state: Row['state'];
  remove: () => void;
  restore: () => void;
}

/** What Save does with the scope, and the way to remove it or to keep it after all. */
function Change({ value, state, remove, restore }: ChangeProps) {
  const isRemoved = state === 'removed';
  return (
    <div className={classes.change}>
      {STATES[state]}
      <Button
        variant="subtle"
        size="compact-xs"
        aria-label={`${isRemoved ? 'Keep' : 'Remove'} ${value}`}
        onClick={isRemoved ? restore : remove}
      >
        {isRemoved ? 'Keep' : 'Remove'}
      </Button>
    </div>
  );
}
