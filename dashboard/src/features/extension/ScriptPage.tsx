import { Button, Group, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, type LinkProps, linkOptions, useBlocker, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Tagged } from '../../api/client';
import { useMay } from '../../session/session';
import { Failure, outcomeOf, wordsOf } from '../../ui/Failure';
import { Identity } from '../../ui/Identity';
import { PageHead } from '../../ui/PageHead';
import { CodeTab } from './CodeTab';
import type { Mark } from './codeMirror';
import { DependenciesTab } from './DependenciesTab';
import { type Draft, useDraft } from './draft';
import type { ScriptSearch } from './extensionSearch';
import { LogTab } from './LogTab';
import { type RunState, RunTab } from './RunTab';
import { lineOf, type RunAnswer, runScript } from './run';
import classes from './ScriptPage.module.css';
import { SecretsTab } from './SecretsTab';
import { SettingsTab } from './SettingsTab';
import { type ActionScript, type Script, scriptQuery, WORDS } from './scripts';
import { VersionsTab } from './VersionsTab';
import { deploy } from './versions';

const TABS: [label: string, tab: string | undefined][] = [
  ['Code', undefined],
  ['Secrets', 'secrets'],
  ['Dependencies', 'dependencies'],
  ['Run', 'run'],
  ['Log', 'log'],
  ['Versions', 'versions'],
  ['Settings', 'settings'],
];

interface Props {
  loaded: Tagged<Script>;
  /** Whether it runs for real requests. */
  runs: boolean;
  /** How it stands: enabled, bound, deployed. */
  state: ReactNode;
  tab: string | undefined;
  search: ScriptSearch;
  linkTo: (tab: string | undefined, search?: ScriptSearch) => LinkProps;
}

/** What the server found wrong with lines of one text of the code. */
interface Tried {
  code: string;
  marks: Mark[];
}

/** One Hook or Action with its tabs. What is typed and not saved belongs to the page, not to a tab. */
export function ScriptPage({ loaded, runs, state, tab, search, linkTo }: Props) {
  const { kind, id, name } = loaded.value;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const draft = useDraft(loaded);
  const [run, setRun] = useState<RunState>({});
  const [tried, setTried] = useState<Tried>();
  const [deployProblem, setDeployProblem] = useState<unknown>();
  const marks = tried?.code === draft.text ? tried.marks : NO_MARKS;
  const tabs = TABS.filter(([, of]) => kind === 'action' || of !== 'versions');

  function markLine(reason: string): void {
    const line = lineOf(reason);
    setTried(
      line === undefined
        ? undefined
        : { code: draft.text, marks: [{ line, words: reason.replace(/\s+/g, ' ') }] },
    );
  }

  async function runNow(body: Record<string, unknown>, before: string[]): Promise<void> {
    setRun((last) => ({ ...last, isRunning: true }));
    try {
      const answer: RunAnswer = await runScript(kind, id, body);
      markLine(answer.payload.error?.reason ?? '');
      setRun(({ text }) => ({ ...(text === undefined ? {} : { text }), answer, before }));
    } catch (problem) {
      setRun(({ text }) => ({ ...(text === undefined ? {} : { text }), problem }));
    }
  }

  /** That it cannot be loaded anew is no failure of what was done to it. */
  const reload = (): Promise<void> => queries.invalidateQueries({ queryKey: ['extensions'] });

  const lineLink = (line: number): ReactNode => (
    <Link {...linkTo(undefined, { line })}>
      Show line {line} of {WORDS[kind].file}
    </Link>
  );

  return (
    <>
      <PageHead
        title={name}
        crumbs={[{ label: 'Hooks and Actions', link: linkOptions({ to: '/extensions' }) }]}
        identity={
          <span className={classes.identity}>
            <Identity label={`${WORDS[kind].one} ID`} value={id} />
            {state}
          </span>
        }
        action={
          loaded.value.kind === 'action' ? (
            <Deploy
              loaded={loaded as Tagged<ActionScript>}
              draft={draft}
              failed={(problem) => {
                setDeployProblem(problem);
                markLine(problem === undefined ? '' : wordsOf(problem));
              }}
              reload={reload}
            />
          ) : undefined
        }
        tabs={tabs.map(([label, of]) => ({
          label: of === undefined && draft.isDirty ? `${label} (not saved)` : label,
          link: linkTo(of),
        }))}
      />
      {deployProblem !== undefined && (
        <div className={classes.problem}>
          <Failure
            what={outcomeOf(deployProblem, 'It was not deployed; what runs stays as it was')}
            problem={deployProblem}
          />
          {lineOf(wordsOf(deployProblem)) !== undefined && lineLink(lineOf(wordsOf(deployProblem)) ?? 1)}
        </div>
      )}
      {tab === undefined && <CodeTab script={loaded.value} draft={draft} marks={marks} line={search.line} />}
      {tab === 'secrets' && <SecretsTab script={loaded.value} runs={runs} />}
      {tab === 'dependencies' && <DependenciesTab loaded={loaded} />}
      {tab === 'run' && (
        <RunTab
          script={loaded.value}
          draft={draft}
          state={run}
          type={(text) => setRun((last) => ({ ...last, text }))}
          run={(body, before) => void runNow(body, before)}
          lineLink={lineLink}
        />
      )}
      {tab === 'log' && <LogTab script={loaded.value} />}
      {tab === 'versions' && loaded.value.kind === 'action' && (
        <VersionsTab
          loaded={loaded as Tagged<ActionScript>}
          runs={runs}
          search={search}
          compare={(next) => void navigate({ ...linkTo('versions', next), replace: true } as never)}
          reload={reload}
        />
      )}
      {tab === 'settings' && <SettingsTab loaded={loaded} runs={runs} />}
      <LeaveQuestion draft={draft} pathname={`/${kind}s/${encodeURIComponent(id)}`} />
    </>
  );
}

const NO_MARKS: Mark[] = [];

interface DeployProps {
  loaded: Tagged<ActionScript>;
  draft: Draft;
  failed: (problem: unknown) => void;
  reload: () => Promise<void>;
}

/** Makes the draft what runs; nothing stands there while it is that already. */
function Deploy({ loaded, draft, failed, reload }: DeployProps) {
  const queries = useQueryClient();
  const mayDeploy = useMay('create:actions');
  const [deploying, setDeploying] = useState(false);
  const { id, action } = loaded.value;
  if (!mayDeploy || (action.all_changes_deployed && !draft.isDirty)) {
    return undefined;
  }

  async function go(): Promise<void> {
    setDeploying(true);
    failed(undefined);
    try {
      if (await draft.save()) {
        // The tag of what was saved just now, by whichever way.
        const saved = queries.getQueryData<Tagged<Script>>(scriptQuery('action', id).queryKey);
        await deploy(id, saved?.etag ?? loaded.etag);
        await reload();
      }
    } catch (problem) {
      failed(problem);
    } finally {
      setDeploying(false);
    }
  }

  return (
    <Button onClick={() => void go()} loading={deploying}>
      {draft.isDirty ? 'Save and deploy' : 'Deploy'}
    </Button>
  );
}

/** Asks before the page is left with code that is not saved; its own tabs keep it. */
function LeaveQuestion({ draft, pathname }: { draft: Draft; pathname: string }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ next }) => draft.isDirty && !next.pathname.includes(pathname),
    enableBeforeUnload: () => draft.isDirty,
    withResolver: true,
  });
  async function saveAndLeave(): Promise<void> {
    if (await draft.save()) {
      blocker.proceed?.();
    } else {
      blocker.reset?.();
    }
  }
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Leave without saving the code?"
    >
      <p>What you typed is on this page only.</p>
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={() => blocker.reset?.()}>
          Stay
        </Button>
        <Button color="red" variant="outline" onClick={() => blocker.proceed?.()}>
          Leave and discard
        </Button>
        <Button onClick={() => void saveAndLeave()} loading={draft.isSaving}>
          Save and leave
        </Button>
      </Group>
    </Modal>
  );
}
