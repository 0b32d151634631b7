import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiProblem } from '../../api/client';
import { changePassword, useSession } from '../../session/session';
import { outcomeOf, wordsOf } from '../../ui/Failure';
import { counted, Time } from '../../ui/figures';
import { Section } from '../../ui/Section';
import classes from './MyAccount.module.css';
import { ROLES } from './RoleChoice';

const MIN_PASSWORD = 12;
const MAX_PASSWORD = 1024;

export function MyAccount() {
  const { administrator, scopes, expires_at } = useSession();
  const { label, words } = ROLES[administrator.role];
  return (
    <>
      <Section title="Who you are" help="Only owners change roles; a name cannot be changed.">
        <dl className={classes.facts}>
          <dt>Name</dt>
          <dd>
            <bdi>{administrator.name}</bdi>
          </dd>
          <dt>Role</dt>
          <dd>
            {label}. {words}
          </dd>
          <dt>This session</dt>
          <dd>
            Ends <Time at={expires_at} />, or sooner if you do nothing for a while.
          </dd>
        </dl>
        <details className={classes.scopes}>
          <summary>{counted(scopes.length, 'scope')} of the management API</summary>
          <ul className="mono">
            {[...scopes].sort().map((scope) => (
              <li key={scope}>{scope}</li>
            ))}
          </ul>
        </details>
      </Section>
      <Section title="Change password" help="Your sessions in other browsers end; this one goes on.">
        <ChangePassword name={administrator.name} />
      </Section>
    </>
  );
}

function ChangePassword({ name }: { name: string }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState(false);
  const field = fieldOf(problem);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setSaving(true);
    setSaved(false);
    setProblem(undefined);
    try {
      await changePassword(current, next);
      setCurrent('');
      setNext('');
      setSaved(true);
    } catch (failure) {
      setProblem(failure);
    } finally {
      setSaving(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap={16} align="stretch" maw={360}>
        {/* Password stores look for the name that a password belongs to. */}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <PasswordInput
          label="Current password"
          name="current"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          error={field === 'current' ? 'The current password is wrong' : undefined}
          maxLength={MAX_PASSWORD}
          required
          withAsterisk={false}
        />
        <PasswordInput
          label="New password"
          name="new"
          autoComplete="new-password"
          description={`At least ${MIN_PASSWORD} characters; a sentence is best.`}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
          error={field === 'new' ? wordsOf(problem) : undefined}
          minLength={MIN_PASSWORD}
          maxLength={MAX_PASSWORD}
          required
          withAsterisk={false}
        />
        {problem !== undefined && field === undefined && (
          <Alert
            color="red"
            variant="outline"
            role="alert"
            title={outcomeOf(problem, 'The password is as it was')}
          >
            {wordsOf(problem)}
          </Alert>
        )}
        <div className={classes.save}>
          <Button type="submit" loading={saving}>
            Change password
          </Button>
          <span role="status">{saved ? 'Changed; your other sessions have ended.' : ''}</span>
        </div>
      </Stack>
    </form>
  );
}

function fieldOf(problem: unknown): 'current' | 'new' | undefined {
  if (!(problem instanceof ApiProblem)) {
    return undefined;
  }
  if (problem.code === 'invalid_credentials') {
    return 'current';
  }
  return problem.field === 'new' ? 'new' : undefined;
}
