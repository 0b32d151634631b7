import { Checkbox, NativeSelect, NumberInput, Radio, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, type Tagged } from '../../api/client';
import { useMay } from '../../session/session';
import { Danger, DangerZone } from '../../ui/Danger';
import { useEntityForm } from '../../ui/entityForm';
import { wordsOf } from '../../ui/Failure';
import { counted } from '../../ui/figures';
import { Identity } from '../../ui/Identity';
import { Secret } from '../../ui/Secret';
import { Section } from '../../ui/Section';
import { grantCountOfApiQuery } from '../clientgrant/grants';
import { Impact } from '../usage/Impact';
import { ALGORITHMS, algorithmHelp } from './algorithms';
import { isProofDemanded } from './demands';
import { lifetimeProblem, lifetimeWords } from './lifetime';
import {
  changeResourceServer,
  loadResourceServer,
  nameOf,
  type ResourceServer,
  type ResourceServerChange,
  revealSigningSecret,
} from './resourceServers';

const LABELS = {
  name: 'Name',
  token_lifetime: 'Lifetime of its tokens, in seconds',
  token_dialect: 'JWT profile',
  signing_alg: 'Signing algorithm',
  subject_type_authorization: 'Access policy',
  token_encryption: 'Demand encrypted access tokens',
  proof_of_possession: 'Demand proof of possession',
};

const DIALECTS = [
  ['access_token', 'Auth0', 'Claims as Auth0 has them, with azp and gty.'],
  [
    'access_token_authz',
    'Auth0, with permissions',
    'Also a list of the scopes as permissions. Auth0 calls it RBAC with permissions in the access token.',
  ],
  [
    'rfc9068_profile',
    'RFC 9068',
    'The standard for access tokens: typ at+jwt, and client_id in place of azp.',
  ],
  ['rfc9068_profile_authz', 'RFC 9068, with permissions', 'Also a list of the scopes as permissions.'],
] as const;

const POLICIES = [
  ['require_client_grant', 'Authorized applications', 'Those that are granted this API.'],
  ['deny_all', 'No application', 'No token is issued for this API, whatever was granted.'],
] as const;

interface Fields extends Record<string, unknown> {
  name: string;
  /** Text while it is no number. */
  token_lifetime: number | string;
  token_dialect: NonNullable<ResourceServer['token_dialect']>;
  signing_alg: ResourceServer['signing_alg'];
  subject_type_authorization: 'require_client_grant' | 'deny_all';
  token_encryption: boolean;
  proof_of_possession: boolean;
}

function fieldsOf(server: ResourceServer): Fields {
  return {
    name: server.name ?? '',
    token_lifetime: server.token_lifetime,
    token_dialect: server.token_dialect ?? 'access_token',
    signing_alg: server.signing_alg,
    subject_type_authorization: server.subject_type_authorization.client.policy ?? 'require_client_grant',
    token_encryption: server.token_encryption !== undefined,
    proof_of_possession: isProofDemanded(server),
  };
}

/** A demand can only be dropped here; a policy that is not named stays as it is. */
function changeOf(changes: Partial<Fields>): ResourceServerChange {
  const { token_lifetime, subject_type_authorization, token_encryption, proof_of_possession, ...others } =
    changes;
  return {
    ...others,
    ...(token_lifetime === undefined ? {} : { token_lifetime: Number(token_lifetime) }),
    ...(subject_type_authorization === undefined
      ? {}
      : { subject_type_authorization: { client: { policy: subject_type_authorization } } }),
    ...(token_encryption === false ? { token_encryption: null } : {}),
    ...(proof_of_possession === false ? { proof_of_possession: null } : {}),
  };
}

export function ApiSettings({ loaded }: { loaded: Tagged<ResourceServer> }) {
  const server = loaded.value;
  const { id } = server;
  const isSystem = server.is_system === true;
  const queries = useQueryClient();
  const mayUpdate = useMay('update:resource_servers');
  const isFixed = isSystem || !mayUpdate;
  const { form, field, bar } = useEntityForm<ResourceServer, Fields>({
    loaded,
    values: fieldsOf,
    labels: LABELS,
    validate: ({ token_lifetime }) => {
      const problem = lifetimeProblem(token_lifetime);
      return problem === undefined ? {} : { token_lifetime: problem };
    },
    reload: () => loadResourceServer(id),
    save: async (changes, etag) => {
      const now = await changeResourceServer(id, changeOf(changes), etag);
      void queries.invalidateQueries({ queryKey: ['apis'] });
      return now;
    },
  });
  const before = form.getInitialValues();

  return (
    <>
      {isSystem && (
        <p className="quiet">
          This is the management API of this server. Only the lifetime of its tokens can be changed.
        </p>
      )}
      {!mayUpdate && <p className="quiet">Your role may not change APIs.</p>}
      <Section title="General">
        <Stack gap={16} align="stretch">
          <TextInput {...field('name')} maxLength={200} readOnly={isFixed} />
          <Identity label="Id" value={id} />
          <div>
            <Identity label="Identifier" value={server.identifier} />
            <div className="quiet">The audience of its tokens. It cannot be changed.</div>
          </div>
        </Stack>
      </Section>
      <Section
        title="Tokens"
        help="What holds for tokens from now on; those already issued stay as they are."
      >
        <Stack gap={16}>
          <NumberInput
            {...field('token_lifetime')}
            description={lifetimeWords(form.values.token_lifetime)}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            hideControls
            readOnly={!mayUpdate}
          />
          <Radio.Group {...field('token_dialect')} disabled={isFixed}>
            <Choices of={DIALECTS} />
          </Radio.Group>
          <NativeSelect
            {...field('signing_alg')}
            description={algorithmHelp(form.values.signing_alg)}
            data={ALGORITHMS.map(({ value, label }) => ({ value, label }))}
            disabled={isFixed}
          />
          {form.values.signing_alg !== before.signing_alg && (
            <p role="status">
              An API that takes {before.signing_alg} only refuses the new tokens until it takes{' '}
              {form.values.signing_alg}.
            </p>
          )}
          {server.signing_alg === 'HS256' && <SigningSecret id={id} />}
        </Stack>
      </Section>
      <Section title="Access" help="Who may get tokens for this API at all.">
        <Stack gap={16}>
          <Radio.Group {...field('subject_type_authorization')} disabled={isFixed}>
            <Choices of={POLICIES} />
          </Radio.Group>
          {before.token_encryption && (
            <Checkbox
              {...field('token_encryption', { type: 'checkbox' })}
              description="This server does not encrypt tokens, so it issues none while this is on. Switched off, its key is forgotten."
              disabled={isFixed}
            />
          )}
          {before.proof_of_possession && (
            <Checkbox
              {...field('proof_of_possession', { type: 'checkbox' })}
              description="This server does not offer it, so it issues no token while this is on."
              disabled={isFixed}
            />
          )}
        </Stack>
      </Section>
      {bar}
      <DeleteApi server={server} />
    </>
  );
}

function Choices({ of }: { of: readonly (readonly [string, string, string])[] }) {
  return (
    <Stack gap={8} mt={8}>
      {of.map(([value, label, help]) => (
        <Radio key={value} value={value} label={label} description={help} />
      ))}
    </Stack>
  );
}

function SigningSecret({ id }: { id: string }) {
  const may = useMay('update:resource_servers');
  return (
    <Secret
      label="Signing secret"
      reveal={() => revealSigningSecret(id)}
      why={may ? undefined : 'Your role may not read secrets.'}
    />
  );
}

function DeleteApi({ server }: { server: ResourceServer }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayDelete = useMay('delete:resource_servers');
  const why =
    server.is_system === true
      ? 'The server’s own API cannot be deleted'
      : mayDelete
        ? undefined
        : 'Your role may not delete APIs';
  return (
    <DangerZone>
      <Danger
        title="Delete this API"
        words="Its scopes and all grants for it go with it. It cannot be brought back."
        button="Delete API"
        why={why}
        name={nameOf(server)}
        impact={
          <>
            <Impact
              of="resource-servers"
              id={server.id}
              consequence="Nobody gets a token for it any more at once; those already issued work until they expire."
            />
            <GrantsLost audience={server.identifier} />
          </>
        }
        run={async () => {
          await api.DELETE('/resource-servers/{id}', { params: { path: { id: server.id } } });
          await navigate({ to: '/apis' });
          queries.removeQueries({ queryKey: ['apis', 'one'] });
          await queries.invalidateQueries({ queryKey: ['apis'] });
          await queries.invalidateQueries({ queryKey: ['grants'] });
        }}
      />
    </DangerZone>
  );
}

function GrantsLost({ audience }: { audience: string }) {
  const grants = useQuery(grantCountOfApiQuery(audience));
  if (grants.isError) {
    return <p role="alert">How many grants go with it is not known: {wordsOf(grants.error)}</p>;
  }
  return grants.data === undefined ? null : (
    <p>
      {grants.data === 0 ? (
        'No application is'
      ) : (
        <strong>{counted(grants.data, 'application is', 'applications are')}</strong>
      )}{' '}
      authorized for it.
    </p>
  );
}
