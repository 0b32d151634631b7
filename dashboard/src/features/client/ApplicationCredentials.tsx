import { Radio, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '../../api/client';
import { useMay } from '../../session/session';
import { CopyButton } from '../../ui/CopyButton';
import { Danger } from '../../ui/Danger';
import { Failure, wordsOf } from '../../ui/Failure';
import { Time } from '../../ui/figures';
import { Section } from '../../ui/Section';
import { Table } from '../../ui/Table';
import { Impact } from '../usage/Impact';
import { ClientSecret } from './ApplicationSettings';
import { type Client, clientQuery, nameOf } from './clients';

const METHODS = {
  client_secret_post: {
    label: 'Client Secret (Post)',
    help: 'The secret is in the body of the token request.',
  },
  client_secret_basic: { label: 'Client Secret (Basic)', help: 'The secret is in the Authorization header.' },
  none: { label: 'None', help: 'It proves nothing, and so gets no token.' },
} as const;

type Method = keyof typeof METHODS;

export function ApplicationCredentials({ client }: { client: Client }) {
  const id = client.client_id ?? '';
  return (
    <>
      <Section
        title="Authentication method"
        help="How the application proves at the token endpoint that it is itself."
      >
        <AuthenticationMethod client={client} />
      </Section>
      <Section
        title="Client secret"
        help="Only the application should have it. Rotate it when somebody saw it, or leaves."
      >
        <ClientSecret client={client} />
        <Rotate client={client} />
      </Section>
      <Section
        title="Public keys"
        help="Kept for tools that manage them; Jeton does not check private key JWTs yet."
      >
        <PublicKeys id={id} />
      </Section>
    </>
  );
}

function AuthenticationMethod({ client }: { client: Client }) {
  const queries = useQueryClient();
  const mayUpdate = useMay('update:clients');
  const [problem, setProblem] = useState<unknown>();
  const id = client.client_id ?? '';

  async function choose(method: Method): Promise<void> {
    setProblem(undefined);
    try {
      await api.PATCH('/clients/{id}', {
        params: { path: { id } },
        body: { token_endpoint_auth_method: method },
      });
      await queries.invalidateQueries({ queryKey: clientQuery(id).queryKey });
    } catch (failure) {
      setProblem(failure);
    }
  }

  return (
    <Radio.Group
      aria-label="Authentication method"
      value={client.token_endpoint_auth_method ?? ''}
      onChange={(method) => void choose(method as Method)}
      error={problem === undefined ? undefined : wordsOf(problem)}
    >
      <Stack gap={12}>
        {Object.entries(METHODS).map(([method, { label, help }]) => (
          <Radio key={method} value={method} label={label} description={help} disabled={!mayUpdate} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function Rotate({ client }: { client: Client }) {
  const mayRotate = useMay('update:client_keys');
  const [fresh, setFresh] = useState<string>();
  const id = client.client_id ?? '';
  return (
    <>
      {fresh !== undefined && (
        <p role="status">
          New secret: <code className="mono">{fresh}</code> <CopyButton value={fresh} what="new secret" />
        </p>
      )}
      <Danger
        title="Rotate secret"
        words="Makes a new one; the one of today is refused from that moment on."
        button="Rotate secret"
        why={mayRotate ? undefined : 'Your role may not rotate secrets'}
        name={nameOf(client)}
        impact={
          <Impact
            of="clients"
            id={id}
            consequence="Whatever still uses the old secret gets no token until it has the new one."
          />
        }
        run={async () => {
          const rotated = await data(api.POST('/clients/{id}/rotate-secret', { params: { path: { id } } }));
          setFresh(rotated?.client_secret);
        }}
      />
    </>
  );
}

function PublicKeys({ id }: { id: string }) {
  const may = useMay('read:client_credentials');
  const keys = useQuery({
    queryKey: ['clients', 'credentials', id],
    queryFn: async ({ signal }) =>
      (await data(
        api.GET('/clients/{client_id}/credentials', { params: { path: { client_id: id } }, signal }),
      )) ?? [],
    enabled: may,
  });
  if (!may) {
    return <p className="quiet">Your role may not read them.</p>;
  }
  if (keys.isError) {
    return (
      <Failure
        what="The public keys cannot be listed"
        problem={keys.error}
        retry={() => void keys.refetch()}
      />
    );
  }
  if ((keys.data ?? []).length === 0) {
    return <p className="quiet">None.</p>;
  }
  return (
    <Table
      label="Public keys"
      rows={keys.data ?? []}
      id={(key) => key.id ?? ''}
      columns={[
        { head: 'Name', cell: (key) => key.name ?? '' },
        { head: 'Key ID', cell: (key) => <span className="mono">{key.kid}</span> },
        { head: 'Algorithm', cell: (key) => key.alg },
        { head: 'Expires', cell: (key) => <Time at={key.expires_at ?? null} never="Never" /> },
      ]}
    />
  );
}
