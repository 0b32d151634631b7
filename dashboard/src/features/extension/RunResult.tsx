import type { ReactNode } from 'react';
import { Code } from '../../ui/Code';
import { count } from '../../ui/figures';
import { Status } from '../../ui/Status';
import { Claims } from '../token/Claims';
import { ConsoleLines } from './ConsoleLines';
import classes from './RunTab.module.css';
import { customClaims, lineOf, type RunAnswer, type ScopeChange, scopeChanges } from './run';

interface Props {
  answer: RunAnswer;
  /** The scopes that the sample had. */
  before: string[];
  lineLink: (line: number) => ReactNode;
}

const CHANGES: Record<ScopeChange['change'], { means: 'granted' | 'refused' | 'neutral'; word: string }> = {
  kept: { means: 'neutral', word: 'Kept' },
  added: { means: 'granted', word: 'Added' },
  removed: { means: 'refused', word: 'Removed' },
};

/** What a run gave: a token's claims or a refusal, what became of the scopes, and what the code wrote. */
export function RunResult({ answer, before, lineLink }: Props) {
  const { result, token, error, console: lines } = answer.payload;
  const { total_runtime_execution_duration_ms: inside, total_request_duration_ms: whole } = answer.stats;
  return (
    <>
      <div className={classes.head}>
        {error === undefined ? (
          <Status means="granted">Gives a token</Status>
        ) : (
          <Status means="refused">
            Gives no token: {error.status} {error.code}
          </Status>
        )}
        <span className="quiet">
          {count(inside)} ms in the code; {count(whole)} ms with the start of its process
        </span>
      </div>
      {error !== undefined && <RunError error={error} lineLink={lineLink} />}
      {result !== undefined && (
        <>
          <Scopes changes={scopeChanges(before, result.scope)} />
          <div>
            <h3 className={classes.title}>Claims that it gives</h3>
            {Object.keys(customClaims(answer)).length === 0 ? (
              <p className="quiet">None.</p>
            ) : (
              <Code text={JSON.stringify(customClaims(answer), null, 2)} what="claims" />
            )}
          </div>
        </>
      )}
      <div>
        <h3 className={classes.title}>Console</h3>
        {lines.length === 0 ? (
          <p className="quiet">It wrote nothing.</p>
        ) : (
          <ConsoleLines lines={lines.map((line, index) => ({ ...line, id: String(index) }))} />
        )}
      </div>
      {token !== undefined && (
        <div>
          <h3 className={classes.title}>The token as it would be</h3>
          <Claims label="Claim" members={token.claims} />
        </div>
      )}
    </>
  );
}

function RunError({
  error,
  lineLink,
}: {
  error: NonNullable<RunAnswer['payload']['error']>;
  lineLink: Props['lineLink'];
}) {
  const line = lineOf(error.reason);
  return (
    <div role="alert">
      <p className={classes.reason}>
        The caller is told: <bdi>{error.message}</bdi>
      </p>
      {error.reason !== error.message && (
        <>
          <p className={classes.reason}>
            The reason, which stands in the log only:{' '}
            <bdi className="mono">{error.reason.replace(/\s+/g, ' ')}</bdi>
          </p>
          {line !== undefined && lineLink(line)}
        </>
      )}
    </div>
  );
}

function Scopes({ changes }: { changes: ScopeChange[] }) {
  return (
    <div>
      <h3 className={classes.title}>Scopes</h3>
      {changes.length === 0 ? (
        <p className="quiet">None before, none after.</p>
      ) : (
        <ul className={classes.scopes}>
          {changes.map(({ value, change }) => (
            <li key={value}>
              <Status means={CHANGES[change].means}>{CHANGES[change].word}</Status>
              <bdi className="mono">{value}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
