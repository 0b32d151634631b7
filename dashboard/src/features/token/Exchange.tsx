import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { ApiProblem } from '../../api/client';
import { useMay, useSession } from '../../session/session';
import { Code } from '../../ui/Code';
import { Failure } from '../../ui/Failure';
import { Status } from '../../ui/Status';
import { revealSecret } from '../client/clients';
import { Claims } from './Claims';
import classes from './Exchange.module.css';
import { decode } from './jwt';

interface TokenAnswer {
  access_token: string;
  token_type: string;
  expires_in: number;
  scope?: string;
}

/** Asks the token endpoint as the application would. */
async function exchange(clientId: string, secret: string, audience: string): Promise<TokenAnswer> {
  const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret, audience };
  const response = await fetch('/oauth/token', {
    method: 'POST',
    credentials: 'omit',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw ApiProblem.unreachable();
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const { error = '', error_description = '' } = (answer ?? {}) as {
      error?: string;
      error_description?: string;
    };
    throw new ApiProblem(
      response.status,
      `${response.status} ${error}: ${error_description}`,
      error,
      response.headers.get('x-auth0-requestid') ?? undefined,
    );
  }
  return answer as TokenAnswer;
}

/** A real token request from this page with an application's own credentials, and its answer taken apart. */
export function Exchange({
  clientId,
  audience,
  onToken,
}: {
  clientId: string;
  audience: string;
  onToken?: (token: string) => void;
}) {
  const { secrets_reveal } = useSession();
  const mayReveal = useMay('read:client_keys', 'read:client_credentials') && secrets_reveal;
  const [secret, setSecret] = useState('');
  const [answer, setAnswer] = useState<TokenAnswer>();
  const [problem, setProblem] = useState<unknown>();
  const [running, setRunning] = useState(false);

  async function run(): Promise<void> {
    setRunning(true);
    setProblem(undefined);
    setAnswer(undefined);
    try {
      const given = await exchange(clientId, mayReveal ? await revealSecret(clientId) : secret, audience);
      setAnswer(given);
      onToken?.(given.access_token);
    } catch (failure) {
      setProblem(failure);
    } finally {
      setRunning(false);
    }
  }

  return (
    <div className={classes.exchange}>
      {!mayReveal && (
        <PasswordInput
          label="Client secret"
          description="The server does not show it to you; it stays on this page and is sent to the token endpoint only."
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          autoComplete="off"
        />
      )}
      <div className={classes.run}>
        <Button onClick={() => void run()} loading={running} disabled={!mayReveal && secret === ''}>
          Run it
        </Button>
        <span className="quiet">
          {mayReveal
            ? 'Asks for a real token with this application’s secret. That the secret was read, and the token, are recorded in the log.'
            : secret === ''
              ? 'Type the secret to ask for a real token.'
              : 'Asks for a real token, which is recorded in the log.'}
        </span>
      </div>
      {problem !== undefined && (
        <Failure what="No token was issued" problem={problem} retry={() => void run()} />
      )}
      {answer !== undefined && <TokenView answer={answer} />}
    </div>
  );
}

function TokenView({ answer }: { answer: TokenAnswer }) {
  const { header, claims } = decode(answer.access_token);
  return (
    <>
      <Status means="granted">Issued</Status>
      <Code
        text={JSON.stringify(answer, null, 2)}
        what="the answer"
        head={<span className="quiet">Answer, 200</span>}
      />
      <Claims label="Header" members={header} />
      <Claims label="Claim" members={claims} />
    </>
  );
}
