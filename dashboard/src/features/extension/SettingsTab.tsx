import { Button, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api, ifMatch, type Tagged } from '../../api/client';
import { useMay } from '../../session/session';
import { Confirm, Danger, DangerZone } from '../../ui/Danger';
import { useEntityForm } from '../../ui/entityForm';
import { Failure } from '../../ui/Failure';
import { Loading } from '../../ui/Loading';
import { Section } from '../../ui/Section';
import { Status } from '../../ui/Status';
import { type Binding, bind, bindingsQuery } from './bindings';
import { ExtensionImpact } from './ExtensionImpact';
import classes from './SettingsTab.module.css';
import {
  type ActionScript,
  type HookScript,
  hooksQuery,
  loadScript,
  remember,
  type Script,
  saveScript,
  setEnabled,
  WORDS,
} from './scripts';
import { nameProblem } from './templates';

interface Fields extends Record<string, unknown> {
  name: string;
}

const MOST_BOUND = 20;

export function SettingsTab({ loaded, runs }: { loaded: Tagged<Script>; runs: boolean }) {
  const { kind, id, name } = loaded.value;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayUpdate = useMay(`update:${kind}s`);
  const mayDelete = useMay(`delete:${kind}s`);
  const word = WORDS[kind].one;
  const known = useRef(name);
  const { field, bar } = useEntityForm<Script, Fields>({
    loaded,
    values: (script) => ({ name: script.name }),
    labels: { name: 'Name' },
    validate: (fields) => {
      const wrong = nameProblem(kind, fields.name);
      return wrong === undefined ? {} : { name: wrong };
    },
    reload: () => loadScript(kind, id),
    save: async (changes, etag) => {
      // Enabling it on this page changed the tag too; that is no other person.
      const isStillNamedSo = loaded.value.name === known.current;
      const now = await saveScript(kind, id, changes, isStillNamedSo ? loaded.etag : etag);
      known.current = now.value.name;
      remember(queries, now);
      return now;
    },
  });

  return (
    <>
      <Section title="Basic information">
        <TextInput {...field('name')} maxLength={255} readOnly={!mayUpdate} />
      </Section>
      {loaded.value.kind === 'hook' ? (
        <HookRuns loaded={loaded as Tagged<HookScript>} mayUpdate={mayUpdate} />
      ) : (
        <ActionRuns script={loaded.value} mayUpdate={mayUpdate} />
      )}
      {bar}
      <DangerZone>
        <Danger
          title={`Delete this ${word}`}
          words={`Its code${kind === 'action' ? ', its versions' : ''} and its secrets go with it. It cannot be brought back.`}
          button={`Delete ${word}`}
          why={mayDelete ? undefined : `Your role may not delete ${word}s`}
          name={name}
          impact={
            <ExtensionImpact
              runs={runs}
              consequence={
                runs ? 'From the next token on, they are issued without it.' : 'No token changes by this.'
              }
            />
          }
          run={async () => {
            const params = { path: { id } };
            const headers = ifMatch(loaded.etag);
            await (kind === 'hook'
              ? api.DELETE('/hooks/{id}', { params, headers })
              : api.DELETE('/actions/actions/{id}', {
                  params: { ...params, query: { force: runs } },
                  headers,
                }));
            await navigate({ to: '/extensions', ignoreBlocker: true });
            queries.removeQueries({ queryKey: ['extensions', kind, id] });
            await queries.invalidateQueries({ queryKey: ['extensions', 'lists'] });
          }}
        />
      </DangerZone>
    </>
  );
}

function HookRuns({ loaded, mayUpdate }: { loaded: Tagged<HookScript>; mayUpdate: boolean }) {
  const { hook } = loaded.value;
  const queries = useQueryClient();
  const hooks = useQuery(hooksQuery);
  const [asking, setAsking] = useState(false);
  const other = hooks.data?.find((each) => each.enabled && each.id !== hook.id);

  async function set(enabled: boolean): Promise<void> {
    remember(queries, await setEnabled(hook, enabled, loaded.etag));
    // What it switched off has changed as well.
    await queries.invalidateQueries({ queryKey: ['extensions', 'hook'] });
  }

  return (
    <Section title="Enabled" help="One Hook runs at most: before each token, ahead of all Actions.">
      <div className={classes.runs}>
        {hook.enabled ? <Status means="granted">Enabled</Status> : <Status means="neutral">Disabled</Status>}
        {mayUpdate ? (
          <Button
            variant={hook.enabled ? 'outline' : 'default'}
            color={hook.enabled ? 'red' : undefined}
            onClick={() => setAsking(true)}
          >
            {hook.enabled ? 'Disable Hook' : 'Enable Hook'}
          </Button>
        ) : (
          <span className="quiet">Your role may not change Hooks</span>
        )}
      </div>
      {!hook.enabled && other !== undefined && (
        <p className="quiet">
          Enabling it switches off <bdi>{other.name}</bdi>, which runs now.
        </p>
      )}
      <Confirm
        opened={asking && !hook.enabled}
        close={() => setAsking(false)}
        button="Enable Hook"
        impact={
          other === undefined ? (
            <p>No Hook is enabled now. This one runs before each token, from the next one on.</p>
          ) : (
            <p>
              <bdi>{other.name}</bdi> runs now. It is switched off, and this one runs in its place, from the
              next token on.
            </p>
          )
        }
        run={() => set(true)}
      />
      <Confirm
        opened={asking && hook.enabled}
        close={() => setAsking(false)}
        button="Disable Hook"
        name={hook.name}
        impact={
          <ExtensionImpact
            runs
            consequence="From the next token on, they are issued without it; no other Hook takes its place."
          />
        }
        run={() => set(false)}
      />
    </Section>
  );
}

function ActionRuns({ script, mayUpdate }: { script: ActionScript; mayUpdate: boolean }) {
  const { action } = script;
  const queries = useQueryClient();
  const bindings = useQuery(bindingsQuery);
  const [asking, setAsking] = useState(false);
  if (bindings.isPending) {
    return <Loading rows={1} />;
  }
  if (bindings.data === undefined) {
    return (
      <Failure
        what="Whether it is bound is not known"
        problem={bindings.error}
        retry={() => void bindings.refetch()}
      />
    );
  }
  const present = bindings.data;
  const ids = present.value.map((binding) => binding.action.id);
  const place = ids.indexOf(action.id);
  const isBound = place >= 0;
  const why = !mayUpdate
    ? 'Your role may not change which Actions run'
    : action.deployed_version === undefined
      ? 'Deploy it first: what runs is a deployed version'
      : !isBound && ids.length >= MOST_BOUND
        ? `There are ${MOST_BOUND} bound Actions, as many as there can be`
        : undefined;

  async function set(wanted: string[]): Promise<void> {
    try {
      await bind(present, wanted);
    } finally {
      await queries.invalidateQueries({ queryKey: bindingsQuery.queryKey });
    }
  }

  return (
    <Section title="Bound" help="All bound Actions run before each token, in their order, after the Hook.">
      <div className={classes.runs}>
        {isBound ? (
          <Status means="granted">
            Bound, {place + 1} of {ids.length}
          </Status>
        ) : (
          <Status means="neutral">Not bound</Status>
        )}
        {why !== undefined && !(isBound && mayUpdate) ? (
          <span className="quiet">{why}</span>
        ) : (
          <Button
            variant={isBound ? 'outline' : 'default'}
            color={isBound ? 'red' : undefined}
            onClick={() => setAsking(true)}
          >
            {isBound ? 'Unbind Action' : 'Bind Action'}
          </Button>
        )}
      </div>
      <Confirm
        opened={asking && !isBound}
        close={() => setAsking(false)}
        button="Bind Action"
        impact={
          <p>
            Version {action.deployed_version?.number} runs before each token from the next one on,{' '}
            {ids.length === 0 ? 'as the only Action.' : `after ${namesOf(present.value)}.`} The order can be
            changed on the page of all Hooks and Actions.
          </p>
        }
        run={() => set([...ids, action.id])}
      />
      <Confirm
        opened={asking && isBound}
        close={() => setAsking(false)}
        button="Unbind Action"
        name={action.name}
        impact={
          <ExtensionImpact
            runs
            consequence={
              ids.length === 1
                ? 'From the next token on, no Action runs.'
                : `From the next token on, they are issued without it. These still run: ${namesOf(present.value.filter((binding) => binding.action.id !== action.id))}.`
            }
          />
        }
        run={() => set(ids.filter((id) => id !== action.id))}
      />
    </Section>
  );
}

function namesOf(bindings: Binding[]): string {
  return bindings.map((binding) => binding.action.name).join(', ');
}
