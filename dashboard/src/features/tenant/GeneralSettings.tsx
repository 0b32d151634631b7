import { Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Tagged } from '../../api/client';
import { useMay, useSession } from '../../session/session';
import { useEntityForm } from '../../ui/entityForm';
import { Failure } from '../../ui/Failure';
import { Identity } from '../../ui/Identity';
import { Loading } from '../../ui/Loading';
import { Section } from '../../ui/Section';
import {
  changeTenantSettings,
  loadTenantSettings,
  type TenantSettings,
  tenantSettingsQuery,
} from './tenantSettings';

const LABELS = {
  friendly_name: 'Friendly name',
  support_email: 'Support email',
  support_url: 'Support URL',
  default_audience: 'Default audience',
};

type Fields = Record<keyof typeof LABELS, string>;

const HELP: Partial<Fields> = {
  default_audience:
    'This server does not act on it: the setting oauth.default_audience of its configuration says for which API a token is that names none.',
};

function fieldsOf(settings: TenantSettings): Fields {
  const text = (name: string): string => {
    const value = settings[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    friendly_name: text('friendly_name'),
    support_email: text('support_email'),
    support_url: text('support_url'),
    default_audience: text('default_audience'),
  };
}

export function GeneralSettings() {
  const may = useMay('read:tenant_settings');
  const settings = useQuery({ ...tenantSettingsQuery, enabled: may });
  return (
    <>
      <Server />
      {!may && <p className="quiet">Your role may not see the tenant settings.</p>}
      {may && settings.isPending && <Loading rows={4} />}
      {settings.isLoadingError && (
        <Failure
          what="The tenant settings cannot be shown"
          problem={settings.error}
          retry={() => void settings.refetch()}
        />
      )}
      {settings.data !== undefined && <Tenant loaded={settings.data} />}
    </>
  );
}

function Server() {
  const { issuer, version, secrets_reveal } = useSession();
  return (
    <Section
      title="Server"
      help={
        <>
          Set in its configuration; <code>jeton config show</code> prints all of it.{' '}
          <a href="/docs/configuration">Read about it</a>
        </>
      }
    >
      <Stack gap={8}>
        <Identity label="Issuer" value={issuer} />
        <div>
          <span className="quiet">Version</span> {version}
        </div>
        <div>
          <span className="quiet">Secrets</span>{' '}
          {secrets_reveal
            ? 'can be revealed by whoever may read them'
            : 'are shown once, when they are made (secrets.reveal is off)'}
        </div>
      </Stack>
    </Section>
  );
}

function Tenant({ loaded }: { loaded: Tagged<TenantSettings> }) {
  const queries = useQueryClient();
  const mayUpdate = useMay('update:tenant_settings');
  const { field, bar } = useEntityForm<TenantSettings, Fields>({
    loaded,
    values: fieldsOf,
    labels: LABELS,
    reload: loadTenantSettings,
    save: async (changes, etag) => {
      const now = await changeTenantSettings(changes, etag);
      queries.setQueryData(tenantSettingsQuery.queryKey, now);
      return now;
    },
  });
  return (
    <>
      <Section
        title="Tenant"
        help={
          <>
            Kept for tools that write them and read them back: nothing in this server acts on them.
            {!mayUpdate && ' Your role may not change them.'}
          </>
        }
      >
        <Stack gap={16}>
          {(Object.keys(LABELS) as (keyof Fields)[]).map((name) => (
            <TextInput
              key={name}
              {...field(name)}
              description={HELP[name]}
              maxLength={600}
              readOnly={!mayUpdate}
            />
          ))}
        </Stack>
      </Section>
      {bar}
    </>
  );
}
