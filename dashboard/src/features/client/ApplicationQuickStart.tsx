import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../../session/session';
import { Snippets } from '../../ui/Code';
import { Empty } from '../../ui/Empty';
import { Failure } from '../../ui/Failure';
import { count } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { Section } from '../../ui/Section';
import { allGrantsOfClientQuery } from '../clientgrant/grants';
import { snippetsFor } from '../snippet/snippets';
import { Exchange } from '../token/Exchange';
import type { Client } from './clients';

/** The token request in each language with this application's values, and a real one. */
export function ApplicationQuickStart({ client }: { client: Client }) {
  const id = client.client_id ?? '';
  const { issuer } = useSession();
  const grants = useQuery(allGrantsOfClientQuery(id));
  const [chosen, setChosen] = useState<string>();
  if (grants.isPending) {
    return <Loading />;
  }
  if (grants.isError) {
    return (
      <Failure
        what="The APIs of this application cannot be listed"
        problem={grants.error}
        retry={() => void grants.refetch()}
      />
    );
  }
  const audience = chosen ?? grants.data.grants[0]?.audience;
  if (audience === undefined) {
    return (
      <Empty
        action={
          <Link to="/applications/$clientId/{-$tab}" params={{ clientId: id, tab: 'apis' }}>
            Authorize it for an API
          </Link>
        }
        docs="authorize"
      >
        This application is not authorized for any API yet, so no token would be issued to it.
      </Empty>
    );
  }
  const values = {
    token_url: `${issuer}oauth/token`,
    client_id: id,
    audience,
    client_secret: 'YOUR_CLIENT_SECRET',
  };
  return (
    <>
      <Section
        title="1. Choose an API"
        help={`A token is for one API: its identifier is the audience.${grants.data.isWhole ? '' : ` Only the first ${count(grants.data.grants.length)} of its APIs are offered.`}`}
      >
        <Select
          aria-label="API"
          data={grants.data.grants.flatMap((grant) => grant.audience ?? [])}
          limit={100}
          value={audience}
          onChange={(value) => setChosen(value ?? undefined)}
          allowDeselect={false}
          searchable
        />
      </Section>
      <Section
        title="2. Ask for a token"
        help={
          <>
            Put the secret of the{' '}
            <Link to="/applications/$clientId/{-$tab}" params={{ clientId: id, tab: 'credentials' }}>
              Credentials tab
            </Link>{' '}
            where the text says YOUR_CLIENT_SECRET, from a place that is not in your repository.
          </>
        }
      >
        <Snippets snippets={snippetsFor('token', values)} what="token request" />
      </Section>
      <Section title="3. Try it" help="The same request, made now by this page.">
        <Exchange clientId={id} audience={audience} key={audience} />
      </Section>
      <Section title="4. Call the API" help="Send the token with each request, until it is about to expire.">
        <Snippets
          snippets={snippetsFor('call', {
            access_token: 'ACCESS_TOKEN',
            api_url: 'https://api.example.com/',
          })}
          what="API call"
        />
      </Section>
    </>
  );
}
