import { Alert, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSession } from '../../session/session';
import { Snippets } from '../../ui/Code';
import { Identity } from '../../ui/Identity';
import { Section } from '../../ui/Section';
import { snippetsFor } from '../snippet/snippets';
import { lifetimeWords } from './lifetime';
import type { ResourceServer } from './resourceServers';

/** How a program checks the tokens of this API, in each language with the API's own values. */
export function ApiQuickStart({ server }: { server: ResourceServer }) {
  const { issuer } = useSession();
  const isShared = server.signing_alg === 'HS256';
  const tab = (of: string) =>
    ({ to: '/apis/$apiId/{-$tab}', params: { apiId: server.id, tab: of } }) as const;
  return (
    <>
      <Section
        title="1. What to check"
        help="A token without these values is not for this API, whoever signed it."
      >
        <Stack gap={8} align="flex-start">
          <Identity label="Issuer" value={issuer} />
          <Identity label="Audience" value={server.identifier} />
          <Identity label="Algorithm" value={server.signing_alg} />
          {!isShared && <Identity label="Public keys" value={`${issuer}.well-known/jwks.json`} />}
          <span className="quiet">
            Its tokens live for {lifetimeWords(server.token_lifetime)}, as its{' '}
            <Link {...tab('settings')}>Settings</Link> say.
          </span>
        </Stack>
      </Section>
      <Section
        title="2. Check each token"
        help={
          isShared
            ? 'With a library that knows HS256.'
            : 'With a library that fetches the public keys once, keeps them, and fetches them again when a new one is used.'
        }
      >
        {isShared ? (
          <SharedSecret settings={<Link {...tab('settings')}>Settings</Link>} />
        ) : (
          <Snippets snippets={snippetsFor('verify', { issuer, audience: server.identifier })} what="check" />
        )}
      </Section>
      <Section
        title="3. Say what a token allows"
        help="The API asks for a scope at each of its operations, and refuses with 403 where the token lacks it."
      >
        {server.scopes === undefined || server.scopes.length === 0 ? (
          <span className="quiet">
            This API has no scopes yet, so each valid token may do everything.{' '}
            <Link {...tab('permissions')}>Add some</Link>.
          </span>
        ) : (
          <span>
            Its scopes are under <Link {...tab('permissions')}>Permissions</Link>. Which application may have
            which of them is said under <Link {...tab('applications')}>Machine to Machine Applications</Link>.
          </span>
        )}
      </Section>
      <Section title="4. Try it" help="A real token for this API, and a call with it.">
        <Link {...tab('test')}>Ask for a token under Test</Link>
      </Section>
    </>
  );
}

function SharedSecret({ settings }: { settings: React.ReactNode }) {
  return (
    <Alert color="yellow" variant="outline" title="Tokens of this API are signed with a shared secret">
      No public key checks an HS256 token: give your library the signing secret, which is under {settings},
      and let it take HS256 only. Whoever has the secret can also make tokens. If your API can fetch public
      keys, choose another algorithm there.
    </Alert>
  );
}
