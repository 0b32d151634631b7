import { Radio, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, type Tagged } from '../../api/client';
import { useMay } from '../../session/session';
import { Danger } from '../../ui/Danger';
import { useEntityForm } from '../../ui/entityForm';
import { Failure } from '../../ui/Failure';
import { Time } from '../../ui/figures';
import { Section } from '../../ui/Section';
import { Table } from '../../ui/Table';
import { Impact } from '../usage/Impact';
import { ClientSecret } from './ApplicationSettings';
import {
  type Client,
  changeClient,
  clientQuery,
  isMachine,
  loadClient,
  nameOf,
  rotateSecret,
} from './clients';

const METHODS = {
  client_secret_post: {
    label: 'Client Secret (Post)',
    help: 'The secret is in the body of the token request.',
  },
  client_secret_basic: { label: 'Client Secret (Basic)', help: 'The secret is in the Authorization header.' },
  none: { label: 'None', help: 'It proves nothing, and so gets no token.' },
} as const;

type Method = keyof typeof METHODS;

interface Fields extends Record<string, unknown> {
  /** Empty for who registered keys in place of a secret. */
  token_endpoint_auth_method: Method | '';
}

export function ApplicationCredentials({ loaded }: { loaded: Tagged<Client> }) {
  const client = loaded.value;
  const id = client.client_id ?? '';
  const [fresh, setFresh] = useState<string>();
  return (
    <>
      <Section
        title="Authentication method"
        help="How the application proves at the token endpoint that it is itself."
      >
        <AuthenticationMethod loaded={loaded} />
      </Section>
      <Section
        title="Client secret"
        help="Only the application should have it. Rotate it when somebody saw it, or leaves."
      >
        <ClientSecret client={client} fresh={fresh} />
        <Rotate client={client} rotated={setFresh} />
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

function AuthenticationMethod({ loaded }: { loaded: Tagged<Client> }) {
  const queries = useQueryClient();
  const mayUpdate = useMay('update:clients');
  const id = loaded.value.client_id ?? '';
  const { queryKey } = clientQuery(id);
  const { form, field, bar } = useEntityForm<Client, Fields>({
    loaded,
    values: (client) => ({ token_endpoint_auth_method: client.token_endpoint_auth_method ?? '' }),
    labels: { token_endpoint_auth_method: 'Authentication method' },
    reload: () => loadClient(id),
    save: async ({ token_endpoint_auth_method }, etag) => {
      const now = await changeClient(
        id,
        { token_endpoint_auth_method: token_endpoint_auth_method as Method },
        etag,
      );
      queries.setQueryData(queryKey, now);
      return now;
    },
  });
  const { token_endpoint_auth_method: before } = form.getInitialValues();
  const asksForTokens = isMachine(loaded.value);
  return (
    <>
      <Radio.Group
        {...field('token_endpoint_auth_method')}
        description="After a change the running program gets 401 until it sends its secret the new way."
        disabled={!mayUpdate}
      >
        <Stack gap={12} mt={12}>
          {Object.entries(METHODS)
            .filter(([method]) => method !== 'none' || method === before || !asksForTokens)
            .map(([method, { label, help }]) => (
              <Radio key={method} value={method} label={label} description={help} />
            ))}
        </Stack>
      </Radio.Group>
      {asksForTokens && (
        <p className="quiet">
          None is not offered while client_credentials is among its grant types: who proves nothing gets no
          token.
        </p>
      )}
      {!mayUpdate && <p className="quiet">Your role may not change applications.</p>}
      {bar}
    </>
  );
}

function Rotate({ client, rotated }: { client: Client; rotated: (secret: string) => void }) {
  const queries = useQueryClient();
  const mayRotate = useMay('update:client_keys');
  const id = client.client_id ?? '';
  return (
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
        const { secret, now } = await rotateSecret(id);
        queries.setQueryData(clientQuery(id).queryKey, now);
        rotated(secret);
      }}
    />
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
