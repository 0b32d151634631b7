import { Button, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMay, useSession } from '../../session/session';
import { Failure, outcomeOf } from '../../ui/Failure';
import type { Draft } from './draft';
import { RunResult } from './RunResult';
import classes from './RunTab.module.css';
import { parseBody, type RunAnswer, SAMPLE_CALLER, sampleBody, scopesOf } from './run';
import { SampleCaller } from './SampleCaller';
import { type Script, WORDS } from './scripts';

/** What was typed and what came of it: kept by the page, so that both outlive a look at another tab. */
export interface RunState {
  text?: string;
  isRunning?: boolean;
  answer?: RunAnswer;
  /** The scopes that the answer began with. */
  before?: string[];
  problem?: unknown;
}

interface Props {
  script: Script;
  draft: Draft;
  state: RunState;
  run: (body: Record<string, unknown>, before: string[]) => void;
  type: (text: string) => void;
  /** Leads to a line of the code. */
  lineLink: (line: number) => ReactNode;
}

/** One run of the saved code for a sample, in a process of its own; no token is issued. */
export function RunTab({ script, draft, state, run, type, lineLink }: Props) {
  const { kind } = script;
  const { issuer } = useSession();
  const mayRun = useMay(kind === 'hook' ? 'update:hooks' : 'create:actions');
  const sample = { ...SAMPLE_CALLER, tenant: new URL(issuer).host };
  const text = state.text ?? pretty(sampleBody(kind, sample));
  const parsed = parseBody(text);
  const problem = 'problem' in parsed ? parsed.problem : undefined;

  async function go(): Promise<void> {
    if ('body' in parsed && (await draft.save())) {
      run(parsed.body, scopesOf(kind, parsed.body));
    }
  }

  return (
    <div className={classes.sides}>
      <div>
        <SampleCaller fill={(caller) => type(pretty(sampleBody(kind, caller)))} />
        <Textarea
          className={classes.body}
          label="Sample"
          description={
            kind === 'hook'
              ? 'What the Hook is called with: client, scope, audience, context.'
              : 'The event that the Action is called with.'
          }
          value={text}
          onChange={(event) => type(event.currentTarget.value)}
          error={problem}
          autosize
          minRows={16}
          maxRows={32}
          spellCheck={false}
        />
        <div className={classes.run}>
          {mayRun && (
            <Button
              onClick={() => void go()}
              loading={state.isRunning === true || draft.isSaving}
              disabled={problem !== undefined}
            >
              {draft.isDirty ? 'Save and run' : 'Run'}
            </Button>
          )}
          <span className="quiet">
            {!mayRun
              ? 'Your role may not run code.'
              : draft.isDirty
                ? `The server runs what is saved, so your code is saved first${kind === 'hook' && script.hook.enabled ? ': this Hook is enabled, and what is saved is at work' : ''}.`
                : `Runs this ${WORDS[kind].one} alone, in a process of its own. No token is issued.`}
          </span>
        </div>
        {draft.problem !== undefined && (
          <Failure what={outcomeOf(draft.problem, 'The code was not saved')} problem={draft.problem} />
        )}
        {draft.conflict !== undefined && (
          <Failure
            what="The code was not saved"
            problem={new Error('Somebody else saved it meanwhile: both versions are in the Code tab')}
          />
        )}
      </div>
      <section className={classes.answer} aria-label="Result" aria-live="polite">
        {state.problem !== undefined && <Failure what="It was not run" problem={state.problem} />}
        {state.answer !== undefined && (
          <RunResult answer={state.answer} before={state.before ?? []} lineLink={lineLink} />
        )}
        {state.answer === undefined && state.problem === undefined && (
          <p className="quiet">The result, the token’s claims and what the code writes appear here.</p>
        )}
      </section>
    </div>
  );
}

function pretty(body: Record<string, unknown>): string {
  return JSON.stringify(body, null, 2);
}
