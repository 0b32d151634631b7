import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useMemo } from 'react';
import { useMay } from '../../session/session';
import { Failure, outcomeOf } from '../../ui/Failure';
import { Loading } from '../../ui/Loading';
import { Status } from '../../ui/Status';
import classes from './CodeTab.module.css';
import type { Mark } from './codeMirror';
import type { Draft } from './draft';
import { CodeDiff, CodeEditor } from './lazyEditor';
import { type Script, WORDS } from './scripts';
import { secretsQuery } from './secrets';

interface Props {
  script: Script;
  draft: Draft;
  /** What the server said of lines of the code as it was last tried. */
  marks: Mark[];
  line: number | undefined;
}

/** The code, what is unsaved of it, and both versions if another person saved theirs meanwhile. */
export function CodeTab({ script, draft, marks, line }: Props) {
  const { kind, id, name } = script;
  const mayUpdate = useMay(`update:${kind}s`);
  const secrets = useQuery(secretsQuery(kind, id));
  const secretNames = useMemo(() => (secrets.data?.value ?? []).map((secret) => secret.name), [secrets.data]);
  if (draft.conflict !== undefined) {
    return (
      <div className={classes.code}>
        <Alert
          color="yellow"
          variant="outline"
          title="Somebody else saved this code meanwhile; nothing of yours is lost"
          role="alert"
          mb={16}
        >
          Theirs is at the left, yours at the right. Take over what you want of theirs by the arrows between
          them, or edit yours; it is saved when you say so.
        </Alert>
        <Suspense fallback={<Loading height={320} rows={1} />}>
          <CodeDiff
            before={{ label: 'Theirs, saved', code: draft.conflict.value.code }}
            after={{ label: 'Yours, unsaved', code: draft.text }}
            change={draft.type}
          />
        </Suspense>
        <div className={classes.choice}>
          <Button variant="default" onClick={draft.discard}>
            Discard mine
          </Button>
          <Button onClick={draft.keepMine}>Go on with mine</Button>
        </div>
      </div>
    );
  }
  return (
    <div className={classes.code}>
      <div className={classes.bar}>
        <span>
          {!mayUpdate ? (
            <span className="quiet">Your role may read this code, not change it</span>
          ) : draft.isDirty ? (
            <Status means="expiring">Not saved</Status>
          ) : (
            <span className="quiet">{savedWords(script)}</span>
          )}
        </span>
        {draft.isDirty && (
          <>
            <Button variant="default" onClick={draft.discard} disabled={draft.isSaving}>
              Discard
            </Button>
            <Button onClick={() => void draft.save()} loading={draft.isSaving}>
              Save
            </Button>
          </>
        )}
      </div>
      {draft.problem !== undefined && (
        <Failure
          what={outcomeOf(draft.problem, 'The code was not saved')}
          problem={draft.problem}
          retry={() => void draft.save()}
        />
      )}
      <Suspense fallback={<Loading height={320} rows={1} />}>
        <CodeEditor
          kind={kind}
          label={`Code of the ${WORDS[kind].one} ${name}`}
          value={draft.text}
          change={draft.type}
          save={() => void draft.save()}
          isReadOnly={!mayUpdate}
          secretNames={secretNames}
          marks={marks}
          line={line}
        />
      </Suspense>
    </div>
  );
}

function savedWords(script: Script): string {
  switch (script.kind) {
    case 'hook':
      return script.hook.enabled ? 'Saved; it runs as it stands here' : 'Saved; it runs once it is enabled';
    case 'action': {
      const version = script.action.deployed_version?.number;
      return version === undefined
        ? 'Saved as a draft, which runs nowhere until it is deployed'
        : script.action.all_changes_deployed
          ? `Saved; deployed as version ${version}`
          : `Saved as a draft; version ${version} is deployed`;
    }
  }
}
