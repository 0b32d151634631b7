import { Button, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useSession } from '../../session/session';
import { wordsOf } from '../../ui/Failure';
import { count } from '../../ui/figures';
import { clientsQuery, isMachine, loadClient, nameOf } from '../client/clients';
import { allGrantsOfClientQuery } from '../clientgrant/grants';
import { loadResourceServer } from '../resourceserver/resourceServers';
import classes from './RunTab.module.css';
import type { Caller } from './run';

/** Chooses an application and an API of this server to fill a sample in from. */
export function SampleCaller({ fill }: { fill: (caller: Caller) => void }) {
  const { issuer } = useSession();
  const mayRead = useMay('read:clients');
  const mayReadGrants = useMay('read:client_grants');
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const [clientId, setClientId] = useState<string | null>(null);
  const [audience, setAudience] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>();
  const [filling, setFilling] = useState(false);
  const clients = useQuery({ ...clientsQuery(search, undefined), enabled: mayRead });
  const grants = useQuery({
    ...allGrantsOfClientQuery(clientId ?? ''),
    enabled: mayReadGrants && clientId !== null,
  });
  // Code runs before no token for the Management API.
  const usable = (grants.data?.grants ?? []).filter((grant) => grant.audience !== `${issuer}api/v2/`);
  const chosen = usable.find((grant) => grant.audience === audience) ?? usable[0];

  async function go(): Promise<void> {
    if (clientId === null || chosen?.audience === undefined) {
      return;
    }
    setFilling(true);
    setProblem(undefined);
    try {
      const { value: client } = await loadClient(clientId);
      const scope =
        chosen.allow_all_scopes === true
          ? ((await loadResourceServer(chosen.audience)).value.scopes ?? []).map((each) => each.value)
          : (chosen.scope ?? []);
      fill({
        client_id: clientId,
        name: nameOf(client),
        metadata: (client.client_metadata ?? {}) as Record<string, string>,
        audience: chosen.audience,
        scope,
        tenant: new URL(issuer).host,
      });
    } catch (failure) {
      setProblem(failure);
    } finally {
      setFilling(false);
    }
  }

  if (!mayRead || !mayReadGrants) {
    return null;
  }
  const machines = (clients.data?.clients ?? []).filter(isMachine);
  return (
    <div className={classes.fill}>
      <Select
        label="Application"
        placeholder="Part of its name"
        searchable
        searchValue={typed}
        onSearchChange={setTyped}
        // The server has searched already; what is chosen stays among them.
        filter={({ options }) => options}
        nothingFoundMessage="No such application"
        data={machines.map((client) => ({ value: client.client_id ?? '', label: nameOf(client) }))}
        value={clientId}
        onChange={setClientId}
        error={problem === undefined ? undefined : wordsOf(problem)}
      />
      <Select
        label="API"
        placeholder={clientId === null ? 'After the application' : 'Authorized for none'}
        data={[...new Set(usable.flatMap((grant) => grant.audience ?? []))]}
        value={chosen?.audience ?? null}
        onChange={setAudience}
        allowDeselect={false}
        disabled={usable.length === 0}
        searchable
        limit={100}
        description={
          grants.data?.isWhole === false
            ? `Of the first ${count(grants.data.grants.length)} that it is authorized for`
            : undefined
        }
      />
      <Button
        variant="default"
        onClick={() => void go()}
        loading={filling}
        disabled={chosen === undefined}
        title={chosen === undefined ? 'Choose an application that is authorized for an API' : undefined}
      >
        Fill in
      </Button>
    </div>
  );
}
