import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiProblem } from '../api/client';
import { Failure, wordsOf } from '../ui/Failure';
import { Time } from '../ui/figures';
import { Loading } from '../ui/Loading';
import classes from './Gate.module.css';
import { type Link, lookAtLink, redeemLink } from './session';

const MIN_PASSWORD = 12;

const TITLES: Record<Link['purpose'], string> = {
  first: 'Welcome to Jeton',
  invitation: 'You are invited to Jeton',
  reset: 'Choose a new password',
};

/** Where a one-time link leads; its token is in the fragment, which no server sees until it is used. */
export function WelcomePage() {
  const token = useLocation({ select: (location) => location.hash });
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: () => lookAtLink(token),
    retry: false,
    gcTime: 0,
  });
  useEffect(() => {
    document.title = 'Welcome · Jeton';
  }, []);
  return (
    <main className={classes.gate}>
      <div className={classes.card}>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={40} height={40} />
        {link.isPending && <Loading rows={3} />}
        {link.isError && <NoLink problem={link.error} retry={() => void link.refetch()} />}
        {link.isSuccess && <RedeemForm key={token} link={link.data} token={token} />}
      </div>
    </main>
  );
}

function isGone(problem: unknown): boolean {
  return problem instanceof ApiProblem && problem.status === 404;
}

function NoLink({ problem, retry }: { problem: unknown; retry: () => void }) {
  if (!isGone(problem)) {
    return <Failure what="The link cannot be looked at" problem={problem} retry={retry} />;
  }
  return (
    <>
      <h1 className={classes.title}>This link does not work any more</h1>
      <p>
        A link can be used once, and not for ever. An owner makes a new one under Settings, Administrators; on
        the server <code>jeton admin invite</code> or <code>jeton admin reset NAME</code> prints one.
      </p>
      <a href={import.meta.env.BASE_URL}>Sign in</a>
    </>
  );
}

function RedeemForm({ link, token }: { link: Link; token: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(link.name ?? '');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const [asking, setAsking] = useState(false);
  const field = problem instanceof ApiProblem ? problem.field : undefined;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setAsking(true);
    setProblem(undefined);
    try {
      await redeemLink(client, token, link.name === null ? name : null, password);
      await navigate({ to: '/overview', replace: true });
    } catch (failure) {
      setProblem(failure);
    } finally {
      setAsking(false);
    }
  }

  if (isGone(problem)) {
    // It was used, or ended, while this page was open.
    return <NoLink problem={problem} retry={() => setProblem(undefined)} />;
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h1 className={classes.title}>{TITLES[link.purpose]}</h1>
      <p>
        {link.purpose === 'reset'
          ? 'All your sessions end when you save it.'
          : `You will be its ${link.role}.`}{' '}
        The link works once
        {link.expires_at !== null && (
          <>
            , until <Time at={link.expires_at} />
          </>
        )}
        .
      </p>
      <Stack gap={16}>
        <TextInput
          label="Name"
          name="username"
          autoComplete="username"
          description={
            link.name === null
              ? 'Letters, digits and . _ - @; you sign in with it and the log names you by it.'
              : undefined
          }
          value={name}
          readOnly={link.name !== null}
          onChange={(event) => setName(event.currentTarget.value)}
          error={field === 'name' ? wordsOf(problem) : undefined}
          maxLength={64}
          required
          withAsterisk={false}
          autoFocus={link.name === null}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="new-password"
          description={`At least ${MIN_PASSWORD} characters; a sentence is best.`}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={problem !== undefined && field !== 'name' ? wordsOf(problem) : undefined}
          minLength={MIN_PASSWORD}
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={asking} fullWidth>
          {link.purpose === 'reset' ? 'Save password' : 'Create administrator'}
        </Button>
      </Stack>
    </form>
  );
}
