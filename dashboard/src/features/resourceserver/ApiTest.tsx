import { Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../../session/session';
import { Snippets } from '../../ui/Code';
import { Empty } from '../../ui/Empty';
import { Failure } from '../../ui/Failure';
import { count } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { Section } from '../../ui/Section';
import { clientQuery, clientsQuery, nameOf } from '../client/clients';
import { allGrantsOfApiQuery } from '../clientgrant/grants';
import { snippetsFor } from '../snippet/snippets';
import { Exchange } from '../token/Exchange';
import type { ResourceServer } from './resourceServers';

const route = getRouteApi('/signed-in/apis/$apiId/{-$tab}');

/** How many authorized applications are offered before one searches. */
const OFFERED = 20;

/** A real token for this API as one of its applications, and a call with it. */
export function ApiTest({ server }: { server: ResourceServer }) {
  const { application } = route.useSearch();
  const navigate = useNavigate();
  const grants = useQuery(allGrantsOfApiQuery(server.identifier));
  if (grants.isPending) {
    return <Loading />;
  }
  if (grants.isError) {
    return (
      <Failure
        what="The grants for this API cannot be listed"
        problem={grants.error}
        retry={() => void grants.refetch()}
      />
    );
  }
  const authorized = grants.data.grants.flatMap((grant) => grant.client_id ?? []);
  const chosen = application ?? authorized[0];
  if (chosen === undefined) {
    return (
      <Empty
        action={
          <Link to="/apis/$apiId/{-$tab}" params={{ apiId: server.id, tab: 'applications' }}>
            Authorize one
          </Link>
        }
        docs="authorize"
      >
        No application is authorized for this API yet, so nobody gets a token for it.
      </Empty>
    );
  }
  return (
    <>
      <Section
        title="1. Choose an application"
        help={`One that is authorized for this API. ${grants.data.isWhole ? count(authorized.length) : `More than ${count(authorized.length)}`} are.`}
      >
        <ApplicationSelect
          authorized={authorized}
          isWhole={grants.data.isWhole}
          chosen={chosen}
          choose={(id) => void navigate({ to: '.', search: { application: id }, replace: true } as never)}
        />
      </Section>
      <Trial key={chosen} server={server} clientId={chosen} />
    </>
  );
}

interface SelectProps {
  authorized: string[];
  /** Whether these are all that are. */
  isWhole: boolean;
  chosen: string;
  choose: (id: string) => void;
}

function ApplicationSelect({ authorized, isWhole, chosen, choose }: SelectProps) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const offered = useQueries({
    queries: [...new Set([chosen, ...authorized.slice(0, OFFERED)])].map((id) => clientQuery(id)),
    combine: (all) => all.flatMap(({ data }) => data?.value ?? []),
  });
  const names = new Map(offered.map((client) => [client.client_id ?? '', nameOf(client)]));
  const isSearched = search !== '' && ![...names.values()].includes(search);
  const found = useQuery({ ...clientsQuery(search, undefined), enabled: isSearched });
  const held = new Set(authorized);
  const options = isSearched
    ? (found.data?.clients ?? []).filter((client) => !isWhole || held.has(client.client_id ?? ''))
    : offered;
  const isShown = options.some((client) => client.client_id === chosen);
  return (
    <Select
      aria-label="Application"
      data={[
        ...(isShown ? [] : [{ value: chosen, label: names.get(chosen) ?? chosen }]),
        ...options.map((client) => ({ value: client.client_id ?? '', label: nameOf(client) })),
      ]}
      filter={({ options: all }) => all}
      value={chosen}
      onChange={(id) => id !== null && choose(id)}
      onSearchChange={setTyped}
      nothingFoundMessage="No authorized application has this in its name"
      allowDeselect={false}
      searchable
    />
  );
}

function Trial({ server, clientId }: { server: ResourceServer; clientId: string }) {
  const { issuer } = useSession();
  const [token, setToken] = useState<string>();
  const [address, setAddress] = useState(() =>
    /^https?:\/\//.test(server.identifier) ? server.identifier : 'https://api.example.com/',
  );
  return (
    <>
      <Section
        title="2. Ask for a token"
        help={
          <>
            What the application sends. Its secret is on its{' '}
            <Link to="/applications/$clientId/{-$tab}" params={{ clientId, tab: 'credentials' }}>
              Credentials tab
            </Link>
            .
          </>
        }
      >
        <Snippets
          snippets={snippetsFor('token', {
            token_url: `${issuer}oauth/token`,
            client_id: clientId,
            client_secret: 'YOUR_CLIENT_SECRET',
            audience: server.identifier,
          })}
          what="token request"
        />
      </Section>
      <Section title="3. Try it" help="The same request, made now by this page.">
        <Exchange clientId={clientId} audience={server.identifier} onToken={setToken} />
      </Section>
      <Section
        title="4. Call your API"
        help={
          token === undefined
            ? 'Once there is a token above, it stands in the text here.'
            : 'With the token from above. Your API answers, not this server.'
        }
      >
        <TextInput
          label="Address"
          description="Where your API listens; its identifier need not be an address."
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          spellCheck={false}
          mb={16}
        />
        <Snippets
          snippets={snippetsFor('call', { access_token: token ?? 'ACCESS_TOKEN', api_url: address })}
          what="API call"
        />
      </Section>
    </>
  );
}
