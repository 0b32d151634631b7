import { MultiSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, type Tagged } from '../../api/client';
import { useMay, useSession } from '../../session/session';
import { Danger, DangerZone } from '../../ui/Danger';
import { useEntityForm } from '../../ui/entityForm';
import { Identity } from '../../ui/Identity';
import { Secret } from '../../ui/Secret';
import { Section } from '../../ui/Section';
import { Impact } from '../usage/Impact';
import { TYPES } from './ApplicationsPage';
import { type Client, type ClientChange, changeClient, clientQuery, nameOf, revealSecret } from './clients';
import { Metadata, NO_PAIR, type Pair, pairProblem, withPair } from './Metadata';

const GRANT_TYPES = ['client_credentials', 'authorization_code', 'implicit', 'refresh_token', 'password'];
const LABELS = {
  name: 'Name',
  description: 'Description',
  grant_types: 'Grant types',
  client_metadata: 'Metadata',
  new_pair: 'New pair of metadata',
};

interface Fields extends Record<string, unknown> {
  name: string;
  description: string;
  grant_types: string[];
  client_metadata: Record<string, string>;
  /** What is typed and not added yet; it is saved with the others. */
  new_pair: Pair;
}

function fieldsOf(client: Client): Fields {
  return {
    name: client.name ?? '',
    description: client.description ?? '',
    grant_types: client.grant_types ?? [],
    client_metadata: (client.client_metadata ?? {}) as Record<string, string>,
    new_pair: NO_PAIR,
  };
}

/** Metadata is merged key by key: what is gone from the form is sent as null. */
function metadataOf({ client_metadata, new_pair = NO_PAIR }: Partial<Fields>, before: object) {
  const pairs = withPair(client_metadata ?? {}, new_pair);
  const gone =
    client_metadata === undefined ? [] : Object.keys(before).filter((key) => !Object.hasOwn(pairs, key));
  return { ...pairs, ...Object.fromEntries(gone.map((key) => [key, null])) };
}

export function ApplicationSettings({ loaded }: { loaded: Tagged<Client> }) {
  const client = loaded.value;
  const id = client.client_id ?? '';
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { issuer } = useSession();
  const mayUpdate = useMay('update:clients');
  const mayDelete = useMay('delete:clients');
  const { form, field, bar } = useEntityForm<Client, Fields>({
    loaded,
    values: fieldsOf,
    labels: LABELS,
    validate: ({ client_metadata, new_pair }) => {
      const problem = pairProblem(client_metadata, new_pair);
      return problem === undefined ? {} : { new_pair: problem };
    },
    unsaved: (mine, { client_metadata }) =>
      Object.hasOwn(client_metadata, mine.new_pair.key) &&
      client_metadata[mine.new_pair.key] === mine.new_pair.text
        ? { ...mine, client_metadata: withPair(mine.client_metadata, mine.new_pair), new_pair: NO_PAIR }
        : mine,
    // It becomes what `client` is: what Save removes is told from it.
    reload: () => queries.fetchQuery({ ...clientQuery(id), staleTime: 0 }),
    save: async (changes, etag) => {
      const { client_metadata, new_pair, ...others } = changes;
      const metadata = metadataOf(changes, client.client_metadata ?? {});
      const body = Object.keys(metadata).length === 0 ? others : { ...others, client_metadata: metadata };
      const now = await changeClient(id, body as ClientChange, etag);
      queries.setQueryData(clientQuery(id).queryKey, now);
      void queries.invalidateQueries({ queryKey: ['clients', 'list'] });
      return now;
    },
  });

  return (
    <>
      <Section title="Basic information">
        <Stack gap={16}>
          <TextInput {...field('name')} maxLength={255} readOnly={!mayUpdate} />
          <Textarea
            {...field('description')}
            description="At most 140 characters."
            maxLength={140}
            autosize
            minRows={2}
            readOnly={!mayUpdate}
          />
          <Identity label="Domain" value={new URL(issuer).host} />
          <Identity label="Client ID" value={id} />
          <ClientSecret client={client} />
          <div>
            <strong>Application type</strong>
            <div className="quiet">{TYPES[client.app_type ?? ''] ?? client.app_type ?? 'Not set'}</div>
          </div>
        </Stack>
      </Section>
      <Section
        title="Grant types"
        help="Jeton serves client_credentials; the others are kept for tools that expect them."
      >
        <MultiSelect
          {...field('grant_types')}
          data={[...new Set([...GRANT_TYPES, ...form.values.grant_types])]}
          readOnly={!mayUpdate}
        />
      </Section>
      <Section
        title="Metadata"
        help="Up to ten pairs that Hooks and Actions can read; at most 255 characters each."
      >
        <Metadata
          value={form.values.client_metadata}
          change={(value) => form.setFieldValue('client_metadata', value)}
          pair={form.values.new_pair}
          changePair={(pair) => form.setFieldValue('new_pair', pair)}
          error={form.errors.client_metadata}
          pairError={form.errors.new_pair}
          isReadOnly={!mayUpdate}
        />
      </Section>
      {bar}
      <DangerZone>
        <Danger
          title="Delete this application"
          words="Its secret, its grants and its credentials go with it. It cannot be brought back."
          button="Delete application"
          why={mayDelete ? undefined : 'Your role may not delete applications'}
          name={nameOf(client)}
          impact={
            <Impact
              of="clients"
              id={id}
              consequence="It gets no more tokens at once; those it has work until they expire."
            />
          }
          run={async () => {
            await api.DELETE('/clients/{id}', { params: { path: { id } } });
            await navigate({ to: '/applications' });
            await queries.invalidateQueries({ queryKey: ['clients'] });
          }}
        />
      </DangerZone>
    </>
  );
}

/** The secret as the Settings and the Credentials tab show it. */
export function ClientSecret({ client, fresh }: { client: Client; fresh?: string | undefined }) {
  const { secrets_reveal } = useSession();
  const may = useMay('read:client_keys', 'read:client_credentials');
  const why = !secrets_reveal
    ? 'This server keeps no readable secrets (secrets.reveal is off); it was shown when it was made. Rotate it to get a new one.'
    : may
      ? undefined
      : 'Your role may not read secrets.';
  const reveal = (): Promise<string> => revealSecret(client.client_id ?? '');
  return <Secret label="Client secret" reveal={reveal} why={why} fresh={fresh} />;
}
