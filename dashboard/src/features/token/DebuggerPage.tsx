import { Autocomplete, PasswordInput, Stack, Textarea } from '@mantine/core';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconMinus from '@tabler/icons-react/icons/IconMinus';
import IconQuestionMark from '@tabler/icons-react/icons/IconQuestionMark';
import IconX from '@tabler/icons-react/icons/IconX';
import { useQuery } from '@tanstack/react-query';
import { linkOptions } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMay, useSession } from '../../session/session';
import { Failure } from '../../ui/Failure';
import { useNow } from '../../ui/now';
import { PageHead } from '../../ui/PageHead';
import { Section } from '../../ui/Section';
import { Status } from '../../ui/Status';
import { resourceServersQuery } from '../resourceserver/resourceServers';
import { jwksQuery, KEY_TABS } from '../signingkey/signingKeys';
import { Claims } from './Claims';
import classes from './DebuggerPage.module.css';
import { type DecodedToken, decode } from './jwt';
import { tokenIn, type Verdict, verify } from './verify';

const CRUMBS = [{ label: 'Keys', link: linkOptions({ to: '/keys' }) }];

/** Takes a token apart and checks it, all in the browser: a token is as good as a secret while it lasts. */
export function DebuggerPage() {
  const [pasted, setPasted] = useState('');
  const [audience, setAudience] = useState('');
  const [secret, setSecret] = useState('');
  const mayReadApis = useMay('read:resource_servers');
  const apis = useQuery({ ...resourceServersQuery(audience, undefined), enabled: mayReadApis });
  const jwks = useQuery(jwksQuery);
  const token = tokenIn(pasted);
  const decoded = decodedOrNot(token);
  const verdicts = useVerdicts(token, audience.trim(), secret);

  return (
    <>
      <PageHead title="Token debugger" crumbs={CRUMBS} tabs={KEY_TABS} />
      <Section
        title="Token"
        help="It is taken apart and checked by your browser, with the keys in this server’s JWKS. It is sent nowhere and stored nowhere, and gone when you leave this page."
      >
        <Stack gap={16}>
          <Textarea
            label="Access token"
            description="With or without “Bearer” before it."
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
            rows={8}
            resize="vertical"
            spellCheck={false}
            autoComplete="off"
            classNames={{ input: classes.token }}
          />
          <Autocomplete
            label="API that it should be for"
            description="Its identifier; empty for any."
            value={audience}
            onChange={setAudience}
            data={[...new Set((apis.data?.resource_servers ?? []).flatMap((api) => api.identifier ?? []))]}
            // The server has searched already, in names too.
            filter={({ options }) => options}
          />
          {decoded?.header.alg === 'HS256' && (
            <PasswordInput
              label="Signing secret of the API"
              description="HS256 is checked with the secret that signed it. It stays on this page too."
              value={secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
              autoComplete="off"
            />
          )}
        </Stack>
      </Section>
      {token !== '' && (
        <Section title="Checks" help="In the order in which an API should make them.">
          {jwks.isError && (
            <Failure
              what="The JWKS of this server cannot be had"
              problem={jwks.error}
              retry={() => void jwks.refetch()}
            />
          )}
          <Checks verdicts={verdicts} />
        </Section>
      )}
      {decoded !== undefined && (
        <div className={classes.parts}>
          <Claims label="Header" members={decoded.header} />
          <Claims label="Claim" members={decoded.claims} />
        </div>
      )}
    </>
  );
}

function decodedOrNot(token: string): DecodedToken | undefined {
  try {
    return decode(token);
  } catch {
    return undefined;
  }
}

/** The checks of what is typed now; empty until the browser has made them. */
function useVerdicts(token: string, audience: string, secret: string): Verdict[] {
  const { issuer } = useSession();
  const keys = useQuery(jwksQuery).data;
  const now = useNow();
  const [made, setMade] = useState<{ token: string; verdicts: Verdict[] }>();
  useEffect(() => {
    let isCurrent = true;
    void verify(token, { keys, issuer, audience, secret, now }).then((verdicts) => {
      if (isCurrent) {
        setMade({ token, verdicts });
      }
    });
    return () => {
      isCurrent = false;
    };
  }, [token, keys, issuer, audience, secret, now]);
  return made?.token === token ? made.verdicts : [];
}

const ICONS = { passed: IconCheck, failed: IconX, unknown: IconQuestionMark, not_reached: IconMinus };
const LABELS = { passed: 'Passed', failed: 'Failed', unknown: 'Not known', not_reached: 'Not come to' };

function Checks({ verdicts }: { verdicts: Verdict[] }) {
  if (verdicts.length === 0) {
    return null;
  }
  return (
    <>
      <p className={classes.verdict} role="status">
        {verdicts.some((verdict) => verdict.outcome === 'failed') ? (
          <Status means="refused">An API should refuse it</Status>
        ) : verdicts.every((verdict) => verdict.outcome === 'passed') ? (
          <Status means="granted">It is good</Status>
        ) : (
          <Status means="expiring">It cannot be told yet</Status>
        )}
      </p>
      <ol className={classes.checks} aria-label="Checks">
        {verdicts.map(({ check, outcome, words }) => {
          const Icon = ICONS[outcome];
          return (
            <li key={check} data-outcome={outcome}>
              <Icon size={16} stroke={2.2} aria-label={LABELS[outcome]} />
              <span className={classes.check}>{check}</span>
              <bdi className={classes.words}>{words}</bdi>
            </li>
          );
        })}
      </ol>
    </>
  );
}
