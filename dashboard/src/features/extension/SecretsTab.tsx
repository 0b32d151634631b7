import { Button, Group, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiProblem } from '../../api/client';
import { useMay } from '../../session/session';
import { Confirm } from '../../ui/Danger';
import { Failure, wordsOf } from '../../ui/Failure';
import { Time } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { Section } from '../../ui/Section';
import { type Column, Table } from '../../ui/Table';
import { ExtensionImpact } from './ExtensionImpact';
import { remember, type Script } from './scripts';
import {
  LONGEST_VALUE,
  removeSecret,
  type SecretName,
  secretProblem,
  secretsQuery,
  setSecret,
} from './secrets';

/** The names of a script's secrets. A value is set or replaced, and never shown again. */
export function SecretsTab({ script, runs }: { script: Script; runs: boolean }) {
  const { kind, id } = script;
  const queries = useQueryClient();
  const query = secretsQuery(kind, id);
  const secrets = useQuery(query);
  const mayUpdate = useMay(`update:${kind}s`);
  const mayDelete = useMay(kind === 'hook' ? 'delete:hooks' : 'update:actions');
  const [replaced, setReplaced] = useState<string>();
  const [removed, setRemoved] = useState<string>();

  if (secrets.isPending) {
    return <Loading rows={3} />;
  }
  if (secrets.data === undefined) {
    return (
      <Failure
        what="The secrets cannot be listed"
        problem={secrets.error}
        retry={() => void secrets.refetch()}
      />
    );
  }
  const present = secrets.data;

  /** Does one thing to the list that is shown; if another person changed it meanwhile, theirs is shown and nothing done. */
  async function act(work: () => Promise<Awaited<ReturnType<typeof setSecret>>>): Promise<void> {
    try {
      const now = await work();
      if (now !== undefined) {
        remember(queries, now);
      }
    } catch (failure) {
      throw failure instanceof ApiProblem && failure.status === 412
        ? new Error('Somebody else changed the secrets meanwhile. Look at the list, and try again.')
        : failure;
    } finally {
      await queries.invalidateQueries({ queryKey: query.queryKey });
    }
  }

  const columns: Column<SecretName>[] = [
    { head: 'Name', cell: ({ name }) => <bdi className="mono">{name}</bdi> },
    { head: 'Value', cell: () => <span className="mono quiet">{'•'.repeat(12)}</span> },
    ...(kind === 'action'
      ? [{ head: 'Changed', cell: ({ updated_at }: SecretName) => <Time at={updated_at} /> }]
      : []),
  ];

  return (
    <>
      <Section
        title="Secrets"
        help={
          kind === 'hook' ? (
            <>
              The code reads them in <code className="mono">context.webtask.secrets</code>. A change is at
              work from the next token on.
            </>
          ) : (
            <>
              The code reads them in <code className="mono">event.secrets</code>. They belong to the draft: a
              change is at work once it is deployed.
            </>
          )
        }
      >
        {present.value.length === 0 ? (
          <p className="quiet">None yet. Keys and passwords belong here, not in the code.</p>
        ) : (
          <Table
            label="Secrets"
            columns={columns}
            rows={present.value}
            id={({ name }) => name}
            actions={({ name }) => [
              ...(mayUpdate ? [{ label: 'Replace value', run: () => setReplaced(name) }] : []),
              ...(mayDelete ? [{ label: 'Remove', run: () => setRemoved(name), dangerous: true }] : []),
            ]}
          />
        )}
      </Section>
      <Section title="Add a secret" help="Its value is stored encrypted, and no page and no answer shows it.">
        {mayUpdate ? (
          <AddSecret
            problemOf={(name) => secretProblem(kind, present.value, name)}
            add={(name, value) => act(() => setSecret(kind, id, present, name, value))}
          />
        ) : (
          <p className="quiet">Your role may not change secrets.</p>
        )}
      </Section>
      <ReplaceSecret
        key={replaced}
        name={replaced}
        close={() => setReplaced(undefined)}
        replace={(name, value) => act(() => setSecret(kind, id, present, name, value))}
      />
      <Confirm
        opened={removed !== undefined}
        close={() => setRemoved(undefined)}
        button="Remove secret"
        name={removed ?? ''}
        impact={
          <ExtensionImpact
            runs={runs}
            consequence={
              kind === 'hook'
                ? 'From the next token on, the code finds nothing under this name.'
                : 'Once the draft is deployed, the code finds nothing under this name.'
            }
          />
        }
        run={() => act(() => removeSecret(kind, id, present, removed ?? ''))}
      />
    </>
  );
}

interface AddProps {
  problemOf: (name: string) => string | undefined;
  add: (name: string, value: string) => Promise<void>;
}

/** Name and value of a new secret; what was typed stays if it is refused. */
export function AddSecret({ problemOf, add }: AddProps) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [adding, setAdding] = useState(false);
  const wrong = problemOf(name);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setTried(true);
    setProblem(undefined);
    if (wrong !== undefined) {
      return;
    }
    setAdding(true);
    try {
      await add(name, value);
      setName('');
      setValue('');
      setTried(false);
    } catch (failure) {
      setProblem(failure);
    } finally {
      setAdding(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Name"
        placeholder="API_KEY"
        value={name}
        maxLength={128}
        autoComplete="off"
        error={tried || name !== '' ? wrong : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label="Value"
        value={value}
        maxLength={LONGEST_VALUE}
        autoComplete="new-password"
        mt={12}
        error={problem === undefined ? undefined : wordsOf(problem)}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Group mt={12}>
        <Button type="submit" loading={adding}>
          Add secret
        </Button>
      </Group>
    </form>
  );
}

interface ReplaceProps {
  name: string | undefined;
  close: () => void;
  replace: (name: string, value: string) => Promise<void>;
}

function ReplaceSecret({ name, close, replace }: ReplaceProps) {
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const [sending, setSending] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setSending(true);
    setProblem(undefined);
    try {
      await replace(name ?? '', value);
      close();
    } catch (failure) {
      setProblem(failure);
    } finally {
      setSending(false);
    }
  }

  return (
    <Modal opened={name !== undefined} onClose={close} title="Replace value">
      <form onSubmit={(event) => void submit(event)}>
        <PasswordInput
          label={
            <>
              New value of <bdi className="mono">{name}</bdi>
            </>
          }
          description="The one there is now is overwritten; it cannot be had back."
          value={value}
          maxLength={LONGEST_VALUE}
          autoComplete="new-password"
          error={problem === undefined ? undefined : wordsOf(problem)}
          onChange={(event) => setValue(event.currentTarget.value)}
          data-autofocus
        />
        <Group justify="flex-end" gap={8} mt={16}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={sending}>
            Replace value
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
